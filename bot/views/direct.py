"""What people are told of a request directly: its requester, and whoever's turn it is."""

from __future__ import annotations

from slack_sdk.models.blocks import Block

from bot import ids
from bot.blockkit import actions, bare, button, clip, context, escape, inline, section
from bot.texts import ENGLISH, Texts
from bot.usecases.courses import Picture
from bot.views.in_brief import (
    facts,
    headline,
    standing,
    thread_link,
)
from bot.views.message import Message, message, moment, person
from bot.views.notes import contract_note, decision_buttons, decision_line, question_note
from bot.wire import wire
from storage import Event, Task


def received(picture: Picture, link: str | None, why: str | None, texts: Texts = ENGLISH) -> Message:
    """What the requester is told first, kept true afterwards."""
    stands = standing(picture, texts)
    text = f"*{headline(picture)}*\n{stands}" + thread_link(link, texts)
    value = ids.RequestButton(request=picture.request.id).pack()
    row = [button(texts.say("Details"), ids.REVIEW, value)]
    if picture.request.state in ("routing", "approving", "changes") or (
        picture.request.state == "contract" and picture.launch is None
    ):
        row.append(button(texts.say("Edit"), ids.EDIT_REQUEST, value))
        row.append(button(texts.say("Cancel request"), ids.CANCEL_REQUEST, value))
    blocks: list[Block] = [section(text), actions(*row, block_id="mine")]
    if why:
        blocks.append(context(escape(texts.of(why))))
    return message(f"{headline(picture)}: {stands}", blocks)


def turn(picture: Picture, task: Task, user: str, link: str | None, texts: Texts = ENGLISH) -> Message:
    """What somebody whose turn it is gets directly; says how it ended once it did."""
    head, thread = headline(picture), thread_link(link, texts)
    if user not in task.asked or picture.request.state in ("rejected", "cancelled"):
        text = f"*{head}*\n{_no_longer(picture, task, user, texts)}{thread}"
        return message(f"{head}: {texts.say('nothing is left for you to do')}", [section(text)])
    if task.kind == "contract":
        note = contract_note(picture, task, texts)
        lead = wire(section(f"*{head}*{thread}"))
        return Message(bare(f"{head}: {texts.say('launch the contract')}"), [lead, *note.blocks])
    if picture.request.state == "changes":
        waits = texts.say("Waits for its requester to answer first.")
        return message(f"{head}: {waits}", [section(f"*{head}*\n{waits}{thread}")])
    return _asked(picture, task, user, thread, texts)


def _asked(picture: Picture, task: Task, user: str, thread: str, texts: Texts) -> Message:
    head, name = headline(picture), inline(task.name, 60)
    ask = next(one for one in task.asks if one.user == user)
    text = texts.say("Your decision is asked: {stage}.", stage=name)
    if ask.for_user:
        text = texts.say(
            "Your decision is asked instead of {person}: {stage}.", person=person(ask.for_user), stage=name
        )
    blocks: list[Block] = [section(f"*{head}*\n{text}{thread}")]
    brief = facts(picture, hidden=False, texts=texts)
    if brief:
        blocks.append(section(clip(" · ".join(brief), 2900)))
    blocks.append(decision_buttons(picture.request, task, texts))
    return message(f"{head}: {text}", blocks)


def _no_longer(picture: Picture, task: Task, user: str, texts: Texts) -> str:
    nothing = texts.say("Nothing is left for you to do.")
    own = next((one for one in task.decisions if one.user == user), None)
    if own:
        told = texts.say("You approved it") if own.verdict == "approved" else texts.say("You rejected it")
        return f"{told} · {moment(own.at, texts)}"
    if any(ask.user == user and ask.state == "delegated" for ask in task.asks):
        return f"{texts.say('It was handed on.')} {nothing}"
    if task.state in ("approved", "rejected") and task.decisions:
        return f"{decision_line(task.decisions[-1], texts)}. {nothing}"
    if task.state == "superseded":
        return f"{texts.say('The request was changed since.')} {nothing}"
    return f"{standing(picture, texts)}. {nothing}"


def asked_for_changes(picture: Picture, event: Event, link: str | None, texts: Texts = ENGLISH) -> Message:
    """What the requester gets when somebody wants something changed."""
    told = question_note(picture, event, texts)
    lead = wire(section(f"*{headline(picture)}*{thread_link(link, texts)}"))
    asked = texts.say("Changes asked for")
    return Message(bare(f"{headline(picture)}: {asked}"), [lead, *told.blocks])


def outcome(picture: Picture, link: str | None, texts: Texts = ENGLISH) -> Message:
    """What the requester gets when a request is approved for somebody else to launch, or has ended."""
    stands = standing(picture, texts)
    lines = [f"*{headline(picture)}*", stands]
    rejected = next((task for task in picture.tasks if task.state == "rejected"), None)
    if picture.request.state == "rejected" and rejected:
        lines.append(decision_line(rejected.decisions[-1], texts))
    return message(f"{headline(picture)}: {stands}", [section("\n".join(lines) + thread_link(link, texts))])
