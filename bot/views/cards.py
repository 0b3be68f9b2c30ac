"""The messages about a request: its card, what its thread says, what people are told directly."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from slack_sdk.models.blocks import Block, ButtonElement

from bot import ids
from bot.blockkit import actions, button, clip, context, escape, inline, section
from bot.texts import ENGLISH, Texts
from bot.usecases.courses import Picture
from bot.usecases.following import WORKFLOW
from bot.usecases.intake import labels, questions
from bot.views import threads
from bot.views.message import Message, course_of, message, moment, person, since, standing_of
from storage import Decision, Event, Request, Task

MAX_NAMED = 10
BRIEF = ("amount", "needed_by", "category", "department", "start", "end", "term_months", "owner")
RULES = {"any": "one of", "all": "all of", "quorum": "some of"}


# Pieces that several screens share ------------------------------------------------------------------


def headline(picture: Picture) -> str:
    """What a request is called, as one escaped line: ``REQ-12 · Fifty laptops · Lanternfish``."""
    request = picture.request
    parts = [request.label, inline(request.title, 120)]
    counterparty = request.values.get("counterparty")
    if isinstance(counterparty, str) and "counterparty" not in picture.intake.private:
        parts.append(inline(counterparty, 80))
    return " · ".join(parts)


def standing(picture: Picture, texts: Texts = ENGLISH) -> str:
    """How a request stands, in a few words."""
    request, launch = picture.request, picture.launch
    if request.state in ("contract", "launched") and launch is not None:
        return standing_of(launch, texts, step=False)
    task = picture.course.current
    if request.state == "approving" and task is not None:
        return texts.say("Waiting for approval: {stage}", stage=inline(task.name, 60))
    ready = texts.say("Approved, ready to launch") if _approvals(picture) else texts.say("Ready to launch")
    return {
        "routing": texts.say("Finding out who approves…"),
        "approving": texts.say("Waiting for approval"),
        "changes": texts.say("Changes asked for"),
        "contract": ready,
        "launched": texts.say("Launched"),
        "rejected": texts.say("Rejected"),
        "cancelled": texts.say("Cancelled"),
    }[request.state]


def value_text(kind: str, value: Any, currency: str = "", texts: Texts = ENGLISH) -> str:
    """One answer as people read it, escaped."""
    if kind == "money":
        return f"{_grouped(value)} {inline(currency, 10)}".strip()
    if kind == "date":
        return _day(value, texts)
    if kind == "person":
        return person(str(value))
    return inline(str(value), 500 if kind == "long" else 200)


def facts(picture: Picture, keys: Sequence[str] = (), *, hidden: bool, texts: Texts = ENGLISH) -> list[str]:
    """Lines of ``*Label* value``; with `hidden`, of a private field only that it is there."""
    values, lines = picture.request.values, []
    for question in questions(picture.intake):
        value = values.get(question.key)
        if value in (None, "") or question.key in ("what", "currency") or (keys and question.key not in keys):
            continue
        label = f"*{inline(texts.of(question.label), 60)}*"
        if hidden and question.key in picture.intake.private:
            lines.append(texts.say("{field} not shown here", field=label))
            continue
        text = value_text(question.kind, value, str(values.get("currency") or ""), texts)
        lines.append(f"{label} {text}")
    return lines


def named(users: Sequence[str], texts: Texts = ENGLISH) -> str:
    """Some people, the rest counted."""
    shown = ", ".join(person(user) for user in users[:MAX_NAMED])
    more = len(users) - MAX_NAMED
    return shown if more <= 0 else f"{shown} {texts.count('and {n} more', 'and {n} more', more)}"


def decided_by(decision: Decision, texts: Texts = ENGLISH) -> str:
    """Who decided, and for whom."""
    if not decision.for_user:
        return person(decision.user)
    return texts.say("{person} for {other}", person=person(decision.user), other=person(decision.for_user))


def _grouped(value: Any) -> str:
    try:
        return f"{Decimal(str(value)):,f}"
    except (InvalidOperation, ValueError):
        return inline(str(value), 40)


def _day(value: Any, texts: Texts) -> str:
    try:
        day = date.fromisoformat(str(value)[:10])
    except ValueError:
        return inline(str(value), 40)
    return texts.date(day)


def _approvals(picture: Picture) -> list[Task]:
    return [task for task in picture.course.live if task.kind == "approval"]


# The card -------------------------------------------------------------------------------------------


def card(picture: Picture, texts: Texts = ENGLISH) -> Message:
    """The request's card in the procurement channel."""
    if picture.request.source == "launch" and picture.launch is not None:
        return threads.card(picture.launch, texts)
    request = picture.request
    blocks: list[Block] = [section(f"*{headline(picture)}*\n{standing(picture, texts)}")]
    brief = facts(picture, BRIEF, hidden=True, texts=texts)
    if brief:
        blocks.append(section(" · ".join(brief)))
    steps = [step(picture, task, texts) for task in picture.course.live]
    if picture.launch is not None and (line := course_of(picture.launch, texts)):
        steps.append(line)
    if steps:
        blocks.append(section(clip("\n".join(steps), 2900)))
    blocks.append(
        context(
            f"{texts.say('Requested by {person}', person=person(request.requester))} · "
            f"{moment(request.created_at, texts)}{_from(request, texts)}"
        )
    )
    blocks.append(actions(*_next(picture, texts), block_id="next"))
    return message(f"{headline(picture)}: {standing(picture, texts)}", blocks)


def _from(request: Request, texts: Texts) -> str:
    link = request.details.get("link")
    if not isinstance(link, str) or not link.startswith("https://"):
        return ""
    return f" · <{link.replace('|', '%7C').replace('>', '%3E')}|{texts.say('where it came from')}>"


def step(picture: Picture, task: Task, texts: Texts = ENGLISH) -> str:
    """One task of the card: what it is, how it stands, whose turn it is and for how long."""
    name = f"*{task_name(task, texts)}*"
    if task.state == "approved":
        by = ", ".join(decided_by(one, texts) for one in task.decisions[:MAX_NAMED])
        when = f" · {moment(task.closed_at, texts)}" if task.closed_at else ""
        return f"✓ {name}: {texts.say('approved by {people}', people=by)}{when}"
    if task.state == "rejected":
        by = decided_by(task.decisions[-1], texts)
        return f"✗ {name}: {texts.say('rejected by {people}', people=by)}"
    if task.state == "done":
        return f"✓ {name}: {texts.say('launched')}"
    if task.state == "waiting":
        return f"○ {name}: {texts.say('later')}"
    if picture.request.state == "changes":
        whom = person(picture.request.requester)
        asked = since(_asked_at(picture), texts)
        return f"→ {name}: {texts.say('waits for an answer of {person}', person=whom)} · {asked}"
    return f"→ {name}: {waiting_for(task, texts)} · {since(task.opened_at, texts)}"


def task_name(task: Task, texts: Texts = ENGLISH) -> str:
    """What a task is called: its stage's own name, or that it is the contract."""
    return texts.say("Contract") if task.kind == "contract" else inline(task.name, 60)


def waiting_for(task: Task, texts: Texts = ENGLISH) -> str:
    """Whose turn it is."""
    people = named(task.asked, texts)
    if not task.asked:
        return texts.say("nobody can be asked; an admin has to choose somebody")
    if task.kind == "contract":
        return texts.say("{people} launches it", people=people)
    have = ""
    if task.decisions:
        given = texts.say("{n} of {needed} approved", n=len(task.decisions), needed=task.needed)
        have = f" ({given})"
    if task.rule == "quorum":
        told = texts.say("waiting for {n} of {people}", n=task.needed, people=people)
    elif len(task.asked) < 2 and not task.decisions:
        told = texts.say("waiting for {people}", people=people)
    elif task.rule == "all":
        told = texts.say("waiting for all of {people}", people=people)
    else:
        told = texts.say("waiting for one of {people}", people=people)
    return told + have


def _asked_at(picture: Picture) -> datetime | None:
    return next((event.at for event in reversed(picture.events) if event.kind == "changes"), None)


def _next(picture: Picture, texts: Texts) -> list[ButtonElement]:
    """The next action, and the details."""
    request, launch = picture.request, picture.launch
    value = ids.RequestButton(request=request.id).pack()
    review = button(texts.say("Details"), ids.REVIEW, value)
    if launch is not None and launch.state == "launched" and launch.url:
        return [button(texts.say("Open in Ironclad"), ids.OPEN_LINK, url=clip(launch.url, 3000)), review]
    if request.state == "approving":
        return [button(texts.say("Review and decide"), ids.REVIEW, value, style="primary")]
    if request.state == "changes":
        return [button(texts.say("Edit and answer"), ids.EDIT_REQUEST, value, style="primary"), review]
    if request.state == "contract" and launch is None:
        return [button(texts.say("Launch contract"), ids.LAUNCH_REQUEST, value, style="primary"), review]
    return [review]


# The thread -----------------------------------------------------------------------------------------


def task_note(picture: Picture, task: Task, texts: Texts = ENGLISH) -> Message:
    """The message of one task in the thread, edited until it is decided."""
    if task.kind == "contract":
        return _contract_note(picture, task, texts)
    name = inline(task.name, 60)
    if task.state == "open":
        return _open_approval(picture, task, texts)
    if task.state in ("approved", "rejected"):
        ended = texts.say("approved") if task.state == "approved" else texts.say("rejected")
        lines = [f"*{name}*: {ended}", *(_decision_line(one, texts) for one in task.decisions)]
        return message(f"{name}: {ended}", [section("\n".join(lines)), *_noted(task, texts)])
    if task.state == "superseded":
        why = texts.say("put aside, because the request was changed. What is still needed is asked anew.")
    else:
        why = texts.say("no longer asked: {standing}.", standing=standing(picture, texts))
    return message(f"{name}: {why}", [section(f"*{name}*: {why}")])


def _decision_line(decision: Decision, texts: Texts) -> str:
    by = decided_by(decision, texts)
    approved = decision.verdict == "approved"
    told = (
        texts.say("Approved by {people}", people=by)
        if approved
        else texts.say("Rejected by {people}", people=by)
    )
    said = f": “{inline(decision.reason, 500)}”" if decision.reason else ""
    return f"{told} · {moment(decision.at, texts)}{said}"


def _open_approval(picture: Picture, task: Task, texts: Texts) -> Message:
    label, name = picture.request.label, inline(task.name, 60)
    waits = waiting_for(task, texts)
    text = texts.say("*{stage}*: {request} is {waiting}.", stage=name, request=label, waiting=waits)
    if not task.asked:
        text = f"*{name}*: {waits}."
    elif picture.request.state == "changes":
        text = texts.say(
            "*{stage}*: {request} waits for its requester to answer first.", stage=name, request=label
        )
    blocks: list[Block] = [section(text)]
    blocks += [context(_decision_line(one, texts)) for one in task.decisions[:MAX_NAMED]]
    blocks += _noted(task, texts)
    stand_ins = [ask for ask in task.asks if ask.state == "open" and ask.for_user]
    if stand_ins:
        lines = [
            texts.say(
                "{person} decides for {other}", person=person(ask.user), other=person(ask.for_user or "")
            )
            for ask in stand_ins
        ]
        blocks.append(context(" · ".join(lines[:MAX_NAMED])))
    if picture.request.state == "approving":
        blocks.append(decision_buttons(picture.request, task, texts))
    return message(f"{headline(picture)}: {waits}", blocks)


def decision_buttons(request: Request, task: Task, texts: Texts = ENGLISH) -> Block:
    """What somebody who is asked may press."""
    value = ids.TaskButton(task=task.id, revision=request.revision).pack()
    return actions(
        button(texts.say("Approve"), ids.APPROVE, value, style="primary"),
        button(texts.say("Reject"), ids.REJECT, value, style="danger"),
        button(texts.say("Ask for changes"), ids.ASK_CHANGES, value),
        button(texts.say("Delegate"), ids.HAND_ON, value),
        block_id="decide",
    )


def _noted(task: Task, texts: Texts) -> list[Block]:
    own = [one for one in task.asks if task.self_ok and one.state == "open"]
    notes = [escape(texts.of(task.note))] if task.note else []
    if task.self_ok and own and task.kind == "approval":
        notes.append(texts.say("Requesters may approve their own requests here."))
    return [context(note) for note in notes]


def _contract_note(picture: Picture, task: Task, texts: Texts) -> Message:
    request, value = picture.request, ids.RequestButton(request=picture.request.id).pack()
    if task.state == "open" and picture.launch is None:
        done = f"{texts.say('Approved.')} " if _approvals(picture) else ""
        who, label = named(task.asked, texts), request.label
        text = done + texts.say("{people}: {request} can be launched.", people=who, request=label)
        reassign = ids.TaskButton(task=task.id, revision=request.revision).pack()
        row = actions(
            button(texts.say("Launch contract"), ids.LAUNCH_REQUEST, value, style="primary"),
            button(texts.say("Reassign"), ids.HAND_ON, reassign),
            block_id="contract",
        )
        return message(text, [section(text), row])
    if task.state in ("superseded", "cancelled"):
        text = texts.say("The contract waits: the request was changed.")
        if task.state == "cancelled":
            text = texts.say("No contract: {standing}.", standing=standing(picture, texts))
        return message(text, [section(text)])
    who = named([ask.user for ask in task.asks if ask.state != "delegated"], texts)
    text = texts.say("Contract of {request}: {people}", request=request.label, people=who)
    return message(text, [section(text)])


def event_note(picture: Picture, event: Event, texts: Texts = ENGLISH) -> Message | None:
    """What the thread says about something that happened; None for what is told elsewhere."""
    if event.kind == WORKFLOW:
        return milestone(picture, event, texts)
    told = {"changes": _question, "changed": _change, "again": _again, "cancelled": _cancellation}.get(
        event.kind
    )
    return told(picture, event, texts) if told else None


def milestone(picture: Picture, event: Event, texts: Texts = ENGLISH, link: str | None = None) -> Message:
    """What the thread and its requester are told when a workflow has come to something."""
    label, ironclad_id = picture.request.label, picture.launch.ironclad_id if picture.launch else ""
    to = str(event.detail.get("to") or "")
    said = {
        "completed": texts.say("The contract is complete: signed and filed in Ironclad."),
        "cancelled": texts.say("The contract was cancelled in Ironclad."),
        "Sign": texts.say("Everybody has approved in Ironclad; the contract is to be signed."),
        "Archive": texts.say("Everybody has signed."),
    }.get(to, texts.say("step {step}", step=inline(to, 40)))
    name = " · ".join(part for part in (label, inline(ironclad_id or "", 40)) if part)
    return message(f"{name}: {said}", [section(f"*{name}*: {said}" + _thread(link, texts))])


def _question(picture: Picture, event: Event, texts: Texts) -> Message:
    request = picture.request
    text = texts.say(
        "{person} asks {requester} for changes: “{question}”",
        person=person(event.by),
        requester=person(request.requester),
        question=inline(str(event.detail.get("question") or ""), 1500),
    )
    blocks: list[Block] = [section(text)]
    if request.state == "changes" and event.n == _last(picture, "changes"):
        value = ids.RequestButton(request=request.id).pack()
        answer = button(texts.say("Edit and answer"), ids.EDIT_REQUEST, value, style="primary")
        blocks.append(actions(answer, block_id="answer"))
    return message(text, blocks)


def _last(picture: Picture, kind: str) -> int:
    return next((event.n for event in reversed(picture.events) if event.kind == kind), 0)


def _change(picture: Picture, event: Event, texts: Texts) -> Message:
    called = labels(picture.intake)
    changed = [str(key) for key in event.detail.get("changed") or []]
    names = ", ".join(f"*{inline(texts.of(called.get(key, key)), 60)}*" for key in changed)
    who, request = person(event.by), picture.request.label
    if changed:
        text = texts.say("{person} changed {fields} in {request}.", person=who, fields=names, request=request)
    else:
        text = texts.say(
            "{person} answered without changing anything in {request}.", person=who, request=request
        )
    lines = [text]
    if event.detail.get("answer"):
        lines.append(f"“{inline(str(event.detail['answer']), 1500)}”")
    return message(text, [section("\n".join(lines))])


def _again(picture: Picture, event: Event, texts: Texts) -> Message:
    stages = ", ".join(f"*{inline(str(name), 60)}*" for name in event.detail.get("void") or [])
    text = texts.say("Asked again, because the change touches what was approved: {stages}.", stages=stages)
    return message(text, [section(text)])


def _cancellation(picture: Picture, event: Event, texts: Texts) -> Message:
    reason = inline(str(event.detail.get("reason") or ""), 1000)
    text = texts.say(
        "{request} was cancelled by {person}", request=picture.request.label, person=person(event.by)
    )
    text += f": “{reason}”" if reason else "."
    return message(text, [section(text)])


# Direct messages ------------------------------------------------------------------------------------


def received(picture: Picture, link: str | None, why: str | None, texts: Texts = ENGLISH) -> Message:
    """What the requester is told first, kept true afterwards."""
    stands = standing(picture, texts)
    text = f"*{headline(picture)}*\n{stands}" + _thread(link, texts)
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
    head, thread = headline(picture), _thread(link, texts)
    if user not in task.asked or picture.request.state in ("rejected", "cancelled"):
        text = f"*{head}*\n{_no_longer(picture, task, user, texts)}{thread}"
        return message(f"{head}: {texts.say('nothing is left for you to do')}", [section(text)])
    if task.kind == "contract":
        note = _contract_note(picture, task, texts)
        lead = section(f"*{head}*{thread}").to_dict()
        return Message(f"{head}: {texts.say('launch the contract')}", [lead, *note.blocks])
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
        return f"{_decision_line(task.decisions[-1], texts)}. {nothing}"
    if task.state == "superseded":
        return f"{texts.say('The request was changed since.')} {nothing}"
    return f"{standing(picture, texts)}. {nothing}"


def asked_for_changes(picture: Picture, event: Event, link: str | None, texts: Texts = ENGLISH) -> Message:
    """What the requester gets when somebody wants something changed."""
    told = _question(picture, event, texts)
    lead = section(f"*{headline(picture)}*{_thread(link, texts)}").to_dict()
    return Message(f"{headline(picture)}: {texts.say('Changes asked for')}", [lead, *told.blocks])


def outcome(picture: Picture, link: str | None, texts: Texts = ENGLISH) -> Message:
    """What the requester gets when a request is approved for somebody else to launch, or has ended."""
    stands = standing(picture, texts)
    lines = [f"*{headline(picture)}*", stands]
    rejected = next((task for task in picture.tasks if task.state == "rejected"), None)
    if picture.request.state == "rejected" and rejected:
        lines.append(_decision_line(rejected.decisions[-1], texts))
    return message(f"{headline(picture)}: {stands}", [section("\n".join(lines) + _thread(link, texts))])


def _thread(link: str | None, texts: Texts) -> str:
    return f" · <{link}|{texts.say('open the thread')}>" if link else ""
