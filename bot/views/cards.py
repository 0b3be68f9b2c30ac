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


def standing(picture: Picture) -> str:
    """How a request stands, in a few words."""
    request, launch = picture.request, picture.launch
    if request.state in ("contract", "launched") and launch is not None:
        return standing_of(launch, step=False)
    task = picture.course.current
    if request.state == "approving" and task is not None:
        return f"Waiting for approval: {inline(task.name, 60)}"
    return {
        "routing": "Finding out who approves…",
        "approving": "Waiting for approval",
        "changes": "Changes asked for",
        "contract": "Ready to launch" if not _approvals(picture) else "Approved, ready to launch",
        "launched": "Launched",
        "rejected": "Rejected",
        "cancelled": "Cancelled",
    }[request.state]


def value_text(key: str, kind: str, value: Any, currency: str = "") -> str:
    """One answer as people read it, escaped."""
    if kind == "money":
        return f"{_grouped(value)} {inline(currency, 10)}".strip()
    if kind == "date":
        return _day(value)
    if kind == "person":
        return person(str(value))
    return inline(str(value), 500 if kind == "long" else 200)


def facts(picture: Picture, keys: Sequence[str] = (), *, hidden: bool) -> list[str]:
    """Lines of ``*Label* value``; with `hidden`, of a private field only that it is there."""
    values, lines = picture.request.values, []
    for question in questions(picture.intake):
        value = values.get(question.key)
        if value in (None, "") or question.key in ("what", "currency") or (keys and question.key not in keys):
            continue
        if hidden and question.key in picture.intake.private:
            lines.append(f"*{inline(question.label, 60)}* not shown here")
            continue
        text = value_text(question.key, question.kind, value, str(values.get("currency") or ""))
        lines.append(f"*{inline(question.label, 60)}* {text}")
    return lines


def named(users: Sequence[str]) -> str:
    """Some people, the rest counted."""
    shown = ", ".join(person(user) for user in users[:MAX_NAMED])
    return shown + (f" and {len(users) - MAX_NAMED} more" if len(users) > MAX_NAMED else "")


def decided_by(decision: Decision) -> str:
    """Who decided, and for whom."""
    for_whom = f" for {person(decision.for_user)}" if decision.for_user else ""
    return f"{person(decision.user)}{for_whom}"


def _grouped(value: Any) -> str:
    try:
        return f"{Decimal(str(value)):,f}"
    except (InvalidOperation, ValueError):
        return inline(str(value), 40)


def _day(value: Any) -> str:
    try:
        day = date.fromisoformat(str(value)[:10])
    except ValueError:
        return inline(str(value), 40)
    return f"{day.day} {day:%b %Y}"


def _approvals(picture: Picture) -> list[Task]:
    return [task for task in picture.course.live if task.kind == "approval"]


# The card -------------------------------------------------------------------------------------------


def card(picture: Picture, texts: Texts = ENGLISH) -> Message:
    """The request's card in the procurement channel."""
    if picture.request.source == "launch" and picture.launch is not None:
        return threads.card(picture.launch, texts)
    request = picture.request
    blocks: list[Block] = [section(f"*{headline(picture)}*\n{standing(picture)}")]
    brief = facts(picture, BRIEF, hidden=True)
    if brief:
        blocks.append(section(" · ".join(brief)))
    steps = [step(picture, task) for task in picture.course.live]
    if picture.launch is not None and (line := course_of(picture.launch, texts)):
        steps.append(line)
    if steps:
        blocks.append(section(clip("\n".join(steps), 2900)))
    blocks.append(
        context(f"Requested by {person(request.requester)} · {moment(request.created_at)}{_from(request)}")
    )
    blocks.append(actions(*_next(picture), block_id="next"))
    return message(f"{headline(picture)}: {standing(picture)}", blocks)


def _from(request: Request) -> str:
    link = request.details.get("link")
    if not isinstance(link, str) or not link.startswith("https://"):
        return ""
    return f" · <{link.replace('|', '%7C').replace('>', '%3E')}|where it came from>"


def step(picture: Picture, task: Task) -> str:
    """One task of the card: what it is, how it stands, whose turn it is and for how long."""
    name = f"*{inline(task.name, 60)}*"
    if task.state == "approved":
        by = ", ".join(decided_by(one) for one in task.decisions[:MAX_NAMED])
        return f"✓ {name}: approved by {by}" + (f" · {moment(task.closed_at)}" if task.closed_at else "")
    if task.state == "rejected":
        return f"✗ {name}: rejected by {decided_by(task.decisions[-1])}"
    if task.state == "done":
        return f"✓ {name}: launched"
    if task.state == "waiting":
        return f"○ {name}: later"
    if picture.request.state == "changes":
        return (
            f"→ {name}: waits for {person(picture.request.requester)} to answer {since(_asked_at(picture))}"
        )
    return f"→ {name}: {waiting_for(task)} · {since(task.opened_at)}"


def waiting_for(task: Task) -> str:
    """Whose turn it is."""
    if not task.asked:
        return "nobody can be asked; an admin has to choose somebody"
    if task.kind == "contract":
        return f"{named(task.asked)} launches it"
    have = f" ({len(task.decisions)} of {task.needed} approved)" if task.decisions else ""
    how = f"{RULES[task.rule]} " if len(task.asked) > 1 or task.decisions else ""
    if task.rule == "quorum":
        how = f"{task.needed} of "
    return f"waiting for {how}{named(task.asked)}{have}"


def _asked_at(picture: Picture) -> datetime | None:
    return next((event.at for event in reversed(picture.events) if event.kind == "changes"), None)


def _next(picture: Picture) -> list[ButtonElement]:
    """The next action, and the details."""
    request, launch = picture.request, picture.launch
    value = ids.RequestButton(request=request.id).pack()
    review = button("Details", ids.REVIEW, value)
    if launch is not None and launch.state == "launched" and launch.url:
        return [button("Open in Ironclad", ids.OPEN_LINK, url=clip(launch.url, 3000)), review]
    if request.state == "approving":
        return [button("Review and decide", ids.REVIEW, value, style="primary")]
    if request.state == "changes":
        return [button("Edit and answer", ids.EDIT_REQUEST, value, style="primary"), review]
    if request.state == "contract" and launch is None:
        return [button("Launch contract", ids.LAUNCH_REQUEST, value, style="primary"), review]
    return [review]


# The thread -----------------------------------------------------------------------------------------


def task_note(picture: Picture, task: Task) -> Message:
    """The message of one task in the thread, edited until it is decided."""
    if task.kind == "contract":
        return _contract_note(picture, task)
    name = inline(task.name, 60)
    if task.state == "open":
        return _open_approval(picture, task)
    if task.state in ("approved", "rejected"):
        lines = [f"*{name}*: {task.state}"]
        lines += [_decision_line(one) for one in task.decisions]
        return message(f"{name}: {task.state}", [section("\n".join(lines)), *_noted(task)])
    why = {
        "superseded": "the request was changed, so this is asked again or no longer needed",
        "cancelled": f"the request was {picture.request.state}",
    }.get(task.state, task.state)
    return message(f"{name}: {why}", [section(f"*{name}*: no longer asked; {why}.")])


def _decision_line(decision: Decision) -> str:
    said = f": “{inline(decision.reason, 500)}”" if decision.reason else ""
    return f"{decision.verdict.capitalize()} by {decided_by(decision)} · {moment(decision.at)}{said}"


def _open_approval(picture: Picture, task: Task) -> Message:
    label = picture.request.label
    text = f"*{inline(task.name, 60)}*: {label} is {waiting_for(task)}."
    if picture.request.state == "changes":
        text = f"*{inline(task.name, 60)}*: {label} waits for its requester to answer first."
    blocks: list[Block] = [section(text)]
    blocks += [context(_decision_line(one)) for one in task.decisions[:MAX_NAMED]]
    blocks += _noted(task)
    stand_ins = [ask for ask in task.asks if ask.state == "open" and ask.for_user]
    if stand_ins:
        lines = [f"{person(ask.user)} decides for {person(ask.for_user or '')}" for ask in stand_ins]
        blocks.append(context(" · ".join(lines[:MAX_NAMED])))
    if picture.request.state == "approving":
        blocks.append(decision_buttons(picture.request, task))
    return message(f"{headline(picture)}: {waiting_for(task)}", blocks)


def decision_buttons(request: Request, task: Task) -> Block:
    """What somebody who is asked may press."""
    value = ids.TaskButton(task=task.id, revision=request.revision).pack()
    return actions(
        button("Approve", ids.APPROVE, value, style="primary"),
        button("Reject", ids.REJECT, value, style="danger"),
        button("Ask for changes", ids.ASK_CHANGES, value),
        button("Delegate", ids.HAND_ON, value),
        block_id="decide",
    )


def _noted(task: Task) -> list[Block]:
    own = [one for one in task.asks if task.self_ok and one.state == "open"]
    notes = [escape(task.note)] if task.note else []
    if task.self_ok and own and task.kind == "approval":
        notes.append("Requesters may approve their own requests here.")
    return [context(note) for note in notes]


def _contract_note(picture: Picture, task: Task) -> Message:
    request, value = picture.request, ids.RequestButton(request=picture.request.id).pack()
    if task.state == "open" and picture.launch is None:
        done = "Approved. " if _approvals(picture) else ""
        text = f"{done}{named(task.asked)}: {request.label} can be launched."
        reassign = ids.TaskButton(task=task.id, revision=request.revision).pack()
        row = actions(
            button("Launch contract", ids.LAUNCH_REQUEST, value, style="primary"),
            button("Reassign", ids.HAND_ON, reassign),
            block_id="contract",
        )
        return message(text, [section(text), row])
    if task.state in ("superseded", "cancelled"):
        text = (
            "The contract waits: the request was changed."
            if task.state == "superseded"
            else (f"No contract: the request was {request.state}.")
        )
        return message(text, [section(text)])
    who = named([ask.user for ask in task.asks if ask.state != "delegated"])
    text = f"Contract of {request.label}: {who}"
    return message(text, [section(text)])


def event_note(picture: Picture, event: Event, texts: Texts = ENGLISH) -> Message | None:
    """What the thread says about something that happened; None for what is told elsewhere."""
    if event.kind == WORKFLOW:
        return milestone(picture, event, texts)
    told = {"changes": _question, "changed": _change, "again": _again, "cancelled": _cancellation}.get(
        event.kind
    )
    return told(picture, event) if told else None


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
    return message(f"{name}: {said}", [section(f"*{name}*: {said}" + _thread(link))])


def _question(picture: Picture, event: Event) -> Message:
    request = picture.request
    text = (
        f"{person(event.by)} asks {person(request.requester)} for changes: "
        f"“{inline(str(event.detail.get('question') or ''), 1500)}”"
    )
    blocks: list[Block] = [section(text)]
    if request.state == "changes" and event.n == _last(picture, "changes"):
        value = ids.RequestButton(request=request.id).pack()
        blocks.append(
            actions(button("Edit and answer", ids.EDIT_REQUEST, value, style="primary"), block_id="answer")
        )
    return message(text, blocks)


def _last(picture: Picture, kind: str) -> int:
    return next((event.n for event in reversed(picture.events) if event.kind == kind), 0)


def _change(picture: Picture, event: Event) -> Message:
    called = labels(picture.intake)
    changed = [str(key) for key in event.detail.get("changed") or []]
    names = ", ".join(f"*{inline(called.get(key, key), 60)}*" for key in changed)
    what = f"changed {names}" if changed else "answered without changing anything"
    lines = [f"{person(event.by)} {what} in {picture.request.label}."]
    if event.detail.get("answer"):
        lines.append(f"“{inline(str(event.detail['answer']), 1500)}”")
    return message(lines[0], [section("\n".join(lines))])


def _again(picture: Picture, event: Event) -> Message:
    stages = ", ".join(f"*{inline(str(name), 60)}*" for name in event.detail.get("void") or [])
    text = f"Asked again, because the change touches what was approved: {stages}."
    return message(text, [section(text)])


def _cancellation(picture: Picture, event: Event) -> Message:
    reason = inline(str(event.detail.get("reason") or ""), 1000)
    text = f"{picture.request.label} was cancelled by {person(event.by)}" + (
        f": “{reason}”" if reason else "."
    )
    return message(text, [section(text)])


# Direct messages ------------------------------------------------------------------------------------


def received(picture: Picture, link: str | None, why: str | None) -> Message:
    """What the requester is told first, kept true afterwards."""
    text = f"*{headline(picture)}*\n{standing(picture)}" + _thread(link)
    value = ids.RequestButton(request=picture.request.id).pack()
    row = [button("Details", ids.REVIEW, value)]
    if picture.request.state in ("routing", "approving", "changes") or (
        picture.request.state == "contract" and picture.launch is None
    ):
        row += [button("Edit", ids.EDIT_REQUEST, value), button("Cancel request", ids.CANCEL_REQUEST, value)]
    blocks: list[Block] = [section(text), actions(*row, block_id="mine")]
    if why:
        blocks.append(context(escape(why)))
    return message(f"{headline(picture)}: {standing(picture)}", blocks)


def turn(picture: Picture, task: Task, user: str, link: str | None) -> Message:
    """What somebody whose turn it is gets directly; says how it ended once it did."""
    if user not in task.asked or picture.request.state in ("rejected", "cancelled"):
        text = f"*{headline(picture)}*\n{_no_longer(picture, task, user)}" + _thread(link)
        return message(f"{headline(picture)}: nothing left for you", [section(text)])
    if task.kind == "contract":
        note = _contract_note(picture, task)
        lead = section(f"*{headline(picture)}*{_thread(link)}").to_dict()
        return Message(f"{headline(picture)}: launch the contract", [lead, *note.blocks])
    if picture.request.state == "changes":
        text = f"*{headline(picture)}*\nWaits for its requester to answer first." + _thread(link)
        return message(f"{headline(picture)}: waits for an answer", [section(text)])
    ask = next(one for one in task.asks if one.user == user)
    instead = f" instead of {person(ask.for_user)}" if ask.for_user else ""
    lead_text = f"*{headline(picture)}*\nYour decision is asked{instead}: {inline(task.name, 60)}." + _thread(
        link
    )
    blocks: list[Block] = [section(lead_text)]
    brief = facts(picture, hidden=False)
    if brief:
        blocks.append(section(clip(" · ".join(brief), 2900)))
    blocks.append(decision_buttons(picture.request, task))
    return message(f"{headline(picture)}: your decision is asked", blocks)


def _no_longer(picture: Picture, task: Task, user: str) -> str:
    own = next((one for one in task.decisions if one.user == user), None)
    if own:
        return f"You {own.verdict} it · {moment(own.at)}"
    if any(ask.user == user and ask.state == "delegated" for ask in task.asks):
        return "It was handed on; nothing is left for you to do."
    if task.state in ("approved", "rejected") and task.decisions:
        return (
            f"{task.state.capitalize()} by {decided_by(task.decisions[-1])}; nothing is left for you to do."
        )
    if task.state == "superseded":
        return "The request was changed since; nothing is left for you to do here."
    return f"{standing(picture)}; nothing is left for you to do."


def asked_for_changes(picture: Picture, event: Event, link: str | None) -> Message:
    """What the requester gets when somebody wants something changed."""
    told = _question(picture, event)
    lead = section(f"*{headline(picture)}*{_thread(link)}").to_dict()
    return Message(f"{headline(picture)}: changes are asked for", [lead, *told.blocks])


def outcome(picture: Picture, link: str | None) -> Message:
    """What the requester gets when a request is approved for somebody else to launch, or has ended."""
    lines = [f"*{headline(picture)}*", standing(picture)]
    rejected = next((task for task in picture.tasks if task.state == "rejected"), None)
    if picture.request.state == "rejected" and rejected:
        lines.append(_decision_line(rejected.decisions[-1]))
    return message(f"{headline(picture)}: {standing(picture)}", [section("\n".join(lines) + _thread(link))])


def _thread(link: str | None) -> str:
    return f" · <{link}|open the thread>" if link else ""
