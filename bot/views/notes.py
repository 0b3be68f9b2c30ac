"""What a request's thread says: one message for each task, edited until it ends, and what happened."""

from __future__ import annotations

from slack_sdk.models.blocks import Block

from bot import ids
from bot.blockkit import actions, button, context, escape, inline, section
from bot.texts import ENGLISH, Texts
from bot.usecases.courses import Picture
from bot.usecases.following import WORKFLOW
from bot.usecases.intake import labels
from bot.views.in_brief import (
    MAX_NAMED,
    approvals,
    decided_by,
    headline,
    named,
    standing,
    thread_link,
    waiting_for,
)
from bot.views.message import Message, message, moment, person
from storage import Decision, Event, Request, Task

# Tasks ----------------------------------------------------------------------------------------------


def task_note(picture: Picture, task: Task, texts: Texts = ENGLISH) -> Message:
    """The message of one task in the thread, edited until it is decided."""
    if task.kind == "contract":
        return contract_note(picture, task, texts)
    name = inline(task.name, 60)
    if task.state == "open":
        return _open_approval(picture, task, texts)
    if task.state in ("approved", "rejected"):
        ended = texts.say("approved") if task.state == "approved" else texts.say("rejected")
        lines = [f"*{name}*: {ended}", *(decision_line(one, texts) for one in task.decisions)]
        return message(f"{name}: {ended}", [section("\n".join(lines)), *_noted(task, texts)])
    if task.state == "superseded":
        why = texts.say("put aside, because the request was changed. What is still needed is asked anew.")
    else:
        why = texts.say("no longer asked: {standing}.", standing=standing(picture, texts))
    return message(f"{name}: {why}", [section(f"*{name}*: {why}")])


def decision_line(decision: Decision, texts: Texts) -> str:
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
    blocks += [context(decision_line(one, texts)) for one in task.decisions[:MAX_NAMED]]
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


def contract_note(picture: Picture, task: Task, texts: Texts) -> Message:
    request, value = picture.request, ids.RequestButton(request=picture.request.id).pack()
    if task.state == "open" and picture.launch is None:
        done = f"{texts.say('Approved.')} " if approvals(picture) else ""
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


# What happened --------------------------------------------------------------------------------------


def event_note(picture: Picture, event: Event, texts: Texts = ENGLISH) -> Message | None:
    """What the thread says about something that happened; None for what is told elsewhere."""
    if event.kind == WORKFLOW:
        return milestone(picture, event, texts)
    told = {"changes": question_note, "changed": _change, "again": _again, "cancelled": _cancellation}.get(
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
    return message(f"{name}: {said}", [section(f"*{name}*: {said}" + thread_link(link, texts))])


def question_note(picture: Picture, event: Event, texts: Texts) -> Message:
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
