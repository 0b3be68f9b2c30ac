"""A request in few words, wherever it is shown: its headline, its facts, its steps, whose turn it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from bot.blockkit import exactly, inline
from bot.texts import ENGLISH, Texts
from bot.usecases.courses import Picture
from bot.usecases.intake import questions
from bot.views.message import moment, person, since, standing_of
from storage import Decision, Task

MAX_NAMED = 10


def headline(picture: Picture) -> str:
    """What a request is called, as one escaped line: ``REQ-12 · Fifty laptops · Lanternfish``."""
    request = picture.request
    parts = [request.label, exactly(request.title, 120)]
    counterparty = request.values.get("counterparty")
    if isinstance(counterparty, str) and "counterparty" not in picture.intake.private:
        parts.append(exactly(counterparty, 80))
    return " · ".join(parts)


def standing(picture: Picture, texts: Texts = ENGLISH) -> str:
    """How a request stands, in a few words."""
    request, launch = picture.request, picture.launch
    if request.state in ("contract", "launched") and launch is not None:
        return standing_of(launch, texts, step=False)
    task = picture.course.current
    if request.state == "approving" and task is not None:
        return texts.say("Waiting for approval: {stage}", stage=inline(task.name, 60))
    ready = texts.say("Approved, ready to launch") if approvals(picture) else texts.say("Ready to launch")
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
        return f"{_amount(value, currency, texts)} {inline(currency, 10)}".strip()
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


def thread_link(link: str | None, texts: Texts) -> str:
    return f" · <{link}|{texts.say('open the thread')}>" if link else ""


def approvals(picture: Picture) -> list[Task]:
    return [task for task in picture.course.live if task.kind == "approval"]


def _asked_at(picture: Picture) -> datetime | None:
    return next((event.at for event in reversed(picture.events) if event.kind == "changes"), None)


def _amount(value: Any, currency: str, texts: Texts) -> str:
    try:
        return texts.amount(Decimal(str(value)), currency)
    except (InvalidOperation, ValueError):
        return inline(str(value), 40)


def _day(value: Any, texts: Texts) -> str:
    try:
        day = date.fromisoformat(str(value)[:10])
    except ValueError:
        return inline(str(value), 40)
    return texts.date(day)
