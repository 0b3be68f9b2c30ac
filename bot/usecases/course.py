"""The course of a request: its tasks, one after the other, and every way they may move. No I/O.

Each function takes a course and gives the one that follows, or raises `Refusal`. Whoever calls holds the
request locked (`Requests.lock`), so that two who press at once come here one after the other.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.texts import phrase
from bot.usecases.errors import Refusal, mention
from bot.usecases.policy import Plan, Planned
from bot.usecases.turned_away import STANDING, not_asked, over, why_closed
from storage import Ask, Decision, Request, Task, Verdict
from storage.records.requests import AskState, RequestState, TaskState

ENDED: Collection[RequestState] = ("launched", "rejected", "cancelled")
UNDECIDED: Collection[RequestState] = ("routing", "approving", "changes")
CONTRACT = "contract"


@dataclass(frozen=True)
class Course:
    """A request with its tasks in order, replaced ones included."""

    request: Request
    tasks: tuple[Task, ...] = ()

    @property
    def current(self) -> Task | None:
        """The task that is open."""
        return next((task for task in self.tasks if task.state == "open"), None)

    @property
    def live(self) -> tuple[Task, ...]:
        """The tasks that count, in order."""
        return tuple(task for task in self.tasks if task.live)

    def task(self, task_id: str) -> Task:
        """One of its tasks. Raises `Refusal` for another."""
        for task in self.tasks:
            if task.id == task_id:
                return task
        raise Refusal(
            phrase("This is not known here."), phrase("Type /contract status to see how things stand.")
        )

    def replaced(self, task: Task) -> Course:
        """The course with `task` in place of the one of the same id."""
        return replace(self, tasks=tuple(task if one.id == task.id else one for one in self.tasks))

    def moved(self, state: RequestState, *, closed_at: datetime | None = None) -> Course:
        """The course with its request in another state."""
        return replace(self, request=replace(self.request, state=state, closed_at=closed_at))


@dataclass(frozen=True)
class Setting:
    """What a move must know besides: the time, and who decides for whom at present."""

    now: datetime
    away: Mapping[str, str]


# Beginning and going on -----------------------------------------------------------------------------


def begin(request: Request, plan: Plan, at: Setting) -> Course:
    """A request that was just accepted, at its first task."""
    return _follow(Course(request), plan, frozenset(), at)


def revise(course: Course, request: Request, changed: Collection[str], plan: Plan, at: Setting) -> Course:
    """The requester changed what they ask for: `request` as it is now, planned anew.

    Approvals that the change touches are asked again; the others stand.
    """
    editable(course)
    revised = replace(request, revision=course.request.revision + 1)
    return _follow(replace(course, request=revised), plan, frozenset(changed), at)


def planned(course: Course, changed: Collection[str], plan: Plan, at: Setting) -> Course:
    """A request whose approvers had to be looked up, at its first task, or at the next after a change."""
    return _follow(course, plan, changed, at)


def _follow(course: Course, plan: Plan, changed: Collection[str], at: Setting) -> Course:
    """Bring the tasks in line with a plan, keeping what still holds, and go on to the next."""
    old = {task.stage: task for task in course.live if task.kind == "approval"}
    contract = next((task for task in course.live if task.kind == CONTRACT), None)
    kept: list[Task] = []
    gone = [task for stage, task in old.items() if stage not in {one.stage for one in plan.stages}]
    fresh: list[Task] = []
    pending = False  # whether an earlier stage is undecided, so that later ones have to wait
    for position, stage in enumerate(plan.stages):
        task = old.get(stage.stage)
        if task and _stands(task, changed, pending):
            kept.append(replace(task, position=position))
        else:
            if task:
                gone.append(task)
            fresh.append(_task(course.request, len(course.tasks) + len(fresh), position, stage, plan.self_ok))
        pending = pending or not (kept and kept[-1].position == position and kept[-1].state == "approved")
    launcher = contract.asked[0] if contract and contract.asked else plan.launcher
    end = len(plan.stages)
    if contract and contract.state == "open" and not pending:
        kept.append(replace(contract, position=end))
    else:
        if contract:
            gone.append(contract)
        fresh.append(_contract(course.request, len(course.tasks) + len(fresh), end, launcher))
    out = [_closed(task, "superseded", at.now) for task in gone]
    known = {task.id: task for task in [*kept, *out]}
    tasks = [known.get(task.id, task) for task in course.tasks] + fresh
    ordered = sorted(tasks, key=lambda task: (task.position, _nth(task)))
    return _advance(replace(course, tasks=tuple(ordered)), at)


def _stands(task: Task, changed: Collection[str], pending: bool) -> bool:
    """Whether a task may stay as it is after a change."""
    touched = bool(task.decisions) and bool(set(changed) & set(task.again_on))
    if task.state == "approved":
        return not touched
    return task.state == "open" and not touched and not pending


def _advance(course: Course, at: Setting) -> Course:
    """Open the next task; one whose people have all approved already passes by itself."""
    for task in course.live:
        if task.state in ("approved", "done"):
            continue
        if task.state == "open":
            return course.moved("contract" if task.kind == CONTRACT else "approving")
        opened = _opened(course, task, at)
        course = course.replaced(opened)
        if opened.state == "open":
            return course.moved("contract" if task.kind == CONTRACT else "approving")
    return course


def _opened(course: Course, task: Task, at: Setting) -> Task:
    if task.kind == CONTRACT:
        return _asking(replace(task, state="open", opened_at=at.now), task.people, course.request, at)
    # What somebody approved before a change is not taken for their approval of it.
    carried = tuple(
        replace(decision, at=at.now)
        for decision in _approvals(course)
        if (decision.for_user or decision.user) in task.people
        and decision.revision == course.request.revision
    )
    opened = replace(task, state="open", opened_at=at.now, decisions=carried)
    if len(carried) >= task.needed:
        already = phrase("Approved in an earlier stage by the same people.")
        note = " ".join(filter(None, [task.note, already]))
        return replace(opened, state="approved", closed_at=at.now, note=note)
    decided = {decision.for_user or decision.user for decision in carried}
    return _asking(opened, [one for one in task.people if one not in decided], course.request, at)


def _approvals(course: Course) -> list[Decision]:
    """Who has approved this request so far, each person once, in tasks that still count."""
    found: dict[str, Decision] = {}
    for task in course.live:
        for decision in task.decisions if task.kind != CONTRACT else ():
            if decision.verdict == "approved":
                found.setdefault(decision.for_user or decision.user, decision)
    return list(found.values())


def _asking(task: Task, people: Collection[str], request: Request, at: Setting) -> Task:
    """Ask these people, or whoever decides for those who are away."""
    taken = {decision.user for decision in task.decisions}
    asks: dict[str, Ask] = {}
    for person in people:
        who = _present(person, at.away)
        forbidden = task.kind != CONTRACT and who == request.requester and not task.self_ok
        if who in taken or who in asks or who in people or forbidden:
            who = person  # the stand-in has a place of their own, or may not take this one
        asks[who] = Ask(who, person if who != person else None, "open", at.now, remind_at=at.now)
    return replace(task, asks=tuple(asks.values()))


def _present(person: str, away: Mapping[str, str]) -> str:
    """Who decides for somebody: follows from one absent person to the next, and gives up on a circle."""
    seen = [person]
    while (following := away.get(seen[-1])) and following not in seen:
        seen.append(following)
    return person if away.get(seen[-1]) else seen[-1]


# Deciding -------------------------------------------------------------------------------------------


def decide(
    course: Course, user: str, task_id: str, verdict: Verdict, reason: str, revision: int, at: Setting
) -> Course:
    """Somebody approves or rejects, having seen `revision` of the request."""
    task = asked_of(course, user, task_id)
    if revision != course.request.revision:
        raise Refusal(
            phrase("{request} was changed while you were looking.", request=course.request.label),
            phrase("Nothing was recorded. Look at what it says now, then decide."),
        )
    ask = next(one for one in task.asks if one.user == user)
    decision = Decision(user, ask.for_user, verdict, reason, revision, at.now)
    decided = replace(
        task, decisions=(*task.decisions, decision), asks=_with(task.asks, replace(ask, state="decided"))
    )
    if verdict == "rejected":
        ended = course.replaced(_closed(decided, "rejected", at.now))
        return _called_off(ended, at.now).moved("rejected", closed_at=at.now)
    if len(decided.decisions) < decided.needed:
        return course.replaced(decided)
    return _advance(course.replaced(_closed(decided, "approved", at.now)), at)


def asked_of(course: Course, user: str, task_id: str) -> Task:
    """The open task in which it is `user`'s turn to decide. Raises `Refusal` saying why it is not."""
    task = course.task(task_id)
    if course.request.state == "routing":
        raise Refusal(
            phrase("{request} was just changed.", request=course.request.label),
            phrase("Look at what it says now, then decide."),
        )
    if course.request.state == "changes" and task.state == "open":
        raise Refusal(
            phrase(
                "{request} waits for its requester, who was asked to change something.",
                request=course.request.label,
            ),
            phrase("You can decide once they have answered."),
        )
    if task.state != "open" or task.kind == CONTRACT:
        raise Refusal(why_closed(course.request, task), phrase("Nothing more was recorded."))
    earlier = next((one for one in task.decisions if one.user == user), None)
    if earlier:
        told = (
            phrase("You have approved {request} already.", request=course.request.label)
            if earlier.verdict == "approved"
            else phrase("You have rejected {request} already.", request=course.request.label)
        )
        raise Refusal(told, phrase("Nothing more was recorded."))
    if user not in task.asked:
        raise Refusal(not_asked(task), phrase("Only they can decide it."))
    return task


def ask_for_changes(course: Course, user: str, task_id: str) -> Course:
    """Somebody who is asked wants something changed first."""
    asked_of(course, user, task_id)
    return course.moved("changes")


# Handing on -----------------------------------------------------------------------------------------


def hand_on(
    course: Course, task_id: str, who: str, to: str, at: Setting, *, by_admin: bool = False
) -> Course:
    """Let `to` take the place of `who` in an open task: an approval or the contract."""
    task = course.task(task_id)
    if task.state != "open":
        raise Refusal(why_closed(course.request, task), phrase("There is nothing to hand on."))
    if who not in task.asked and not (by_admin and not task.asked):
        raise Refusal(not_asked(task), phrase("Only they can hand it on."))
    if to == who:
        raise Refusal(phrase("That is the same person."), phrase("Choose somebody else."))
    if to in task.asked or to in {decision.user for decision in task.decisions}:
        raise Refusal(phrase("That person is asked about this already."), phrase("Choose somebody else."))
    if task.kind != CONTRACT and to == course.request.requester and not task.self_ok:
        raise Refusal(phrase("Requesters do not approve what they ask for."), phrase("Choose somebody else."))
    asks = task.asks
    place = next((ask for ask in asks if ask.user == who), None)
    if place:
        asks = _with(asks, replace(place, state="delegated"))
    for_user = None if task.kind == CONTRACT else (place.for_user or who) if place else None
    asks = _with(asks, Ask(to, for_user if for_user != to else None, "open", at.now, remind_at=at.now))
    people = (to,) if task.kind == CONTRACT else task.people
    return course.replaced(replace(task, asks=asks, people=people))


# Ending ---------------------------------------------------------------------------------------------


def editable(course: Course) -> None:
    """Raise `Refusal` unless what is asked for may still be changed."""
    if course.request.state in ENDED:
        raise Refusal(over(course.request), phrase("It cannot be changed any more."))


def cancel(course: Course, now: datetime) -> Course:
    """Nothing more is to happen with it."""
    if course.request.state in ENDED:
        raise Refusal(over(course.request), phrase("Nothing was changed."))
    return _called_off(course, now).moved("cancelled", closed_at=now)


def launchable(course: Course, user: str) -> None:
    """Raise `Refusal` unless it is this person's turn to launch the contract."""
    task = course.current
    if task is None or task.kind != CONTRACT:
        raise Refusal(
            phrase(
                "{request} cannot be launched: it is {state}.",
                request=course.request.label,
                state=STANDING[course.request.state],
            ),
            phrase("See its thread."),
        )
    if user not in task.asked:
        raise Refusal(
            phrase(
                "{request} is launched by {person}.",
                request=course.request.label,
                person=mention(task.asked[0]),
            ),
            phrase("Ask them to reassign it to you."),
        )


def launched(course: Course, now: datetime) -> Course:
    """Its workflow exists in Ironclad."""
    done = tuple(
        _closed(task, "done", now) if task.kind == CONTRACT and task.live else task for task in course.tasks
    )
    return replace(course, tasks=done).moved("launched", closed_at=now)


def _called_off(course: Course, now: datetime) -> Course:
    ended = ("approved", "rejected", "done")
    tasks = (
        task if task.state in ended or not task.live else _closed(task, "cancelled", now)
        for task in course.tasks
    )
    return replace(course, tasks=tuple(tasks))


def _closed(task: Task, state: TaskState, now: datetime) -> Task:
    moot: AskState = "moot"
    asks = tuple(replace(ask, state=moot) if ask.state == "open" else ask for ask in task.asks)
    return replace(task, state=state, closed_at=now, asks=asks)


# Pieces ---------------------------------------------------------------------------------------------


def _task(request: Request, n: int, position: int, stage: Planned, self_ok: bool) -> Task:
    return Task(
        id=f"{request.id}.{n + 1}",
        position=position,
        kind="approval",
        stage=stage.stage,
        name=stage.name,
        rule=stage.rule,
        needed=stage.needed,
        people=stage.people,
        again_on=stage.again_on,
        self_ok=self_ok,
        note=stage.note,
        state="waiting",
        opened_at=None,
        closed_at=None,
    )


def _contract(request: Request, n: int, position: int, launcher: str) -> Task:
    stage = Planned(stage="", name="Contract", rule="any", needed=1, people=(launcher,), again_on=(), note="")
    return replace(_task(request, n, position, stage, self_ok=True), kind="contract")


def _with(asks: tuple[Ask, ...], ask: Ask) -> tuple[Ask, ...]:
    """The asks with this one in place of an earlier one of the same person, or at the end."""
    if any(one.user == ask.user for one in asks):
        return tuple(ask if one.user == ask.user else one for one in asks)
    return (*asks, ask)


def _nth(task: Task) -> int:
    return int(task.id.rpartition(".")[2])


def values_changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    """The fields in which two versions of a request differ."""
    keys = dict.fromkeys([*before, *after])
    return tuple(key for key in keys if (before.get(key) or None) != (after.get(key) or None))
