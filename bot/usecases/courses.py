"""Reading and writing the course of a request, and the work that tells people about it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.texts import phrase
from bot.usecases.course import ENDED, Course, Setting, launched
from bot.usecases.errors import Refusal
from bot.usecases.intake import KIND as INTAKE
from bot.usecases.intake import Intake, read_intake
from bot.usecases.outside import promise_to_relay
from bot.usecases.policy import KIND as APPROVALS
from bot.usecases.policy import Policy, read_policy
from storage import Database, Event, Launch, Request, Rulebook, Store, Task
from storage.work import Work

ANNOUNCE = "request"  #: the kind of durable work that draws a request's card, thread and messages


@dataclass(frozen=True)
class Picture:
    """Everything that is shown of a request."""

    request: Request
    tasks: tuple[Task, ...]
    events: tuple[Event, ...]
    launch: Launch | None
    intake: Intake

    @property
    def course(self) -> Course:
        """Its course."""
        return Course(self.request, self.tasks)

    def involved(self, user: str) -> bool:
        """Whether somebody may see what the channel does not show."""
        asked = {ask.user for task in self.tasks for ask in task.asks}
        decided = {one.user for task in self.tasks for one in task.decisions}
        owner = self.request.values.get("owner")
        return user in {self.request.requester, owner, *asked, *decided}


async def picture(store: Store, team: str, request_id: str) -> Picture | None:
    """What there is to show of a request of this workspace."""
    request = await store.requests.get(team, request_id)
    if request is None:
        return None
    return Picture(
        request=request,
        tasks=await store.tasks.of(team, request_id),
        events=tuple(await store.events.of(team, request_id)),
        launch=await store.launches.of_request(team, request_id),
        intake=await intake_of(store, team),
    )


async def intake_of(store: Store, team: str) -> Intake:
    """The intake form of a workspace."""
    book = await store.rulebooks.current(team, INTAKE)
    usual = await store.settings.get(team)
    return read_intake(book.body if book else None).model_copy(update={"currency": usual.currency})


async def policy_of(store: Store, team: str) -> Policy:
    """The approval policy of a workspace."""
    return policy_in(await store.rulebooks.current(team, APPROVALS))


def policy_in(book: Rulebook | None) -> Policy:
    """The approval policy that rules say; one that asks nobody without any."""
    return read_policy(book.body if book else None)


def asked_first(*, kept: bool = False) -> Refusal:
    """Contracts are requested here before they are launched, also what was begun before that was decided."""
    here = phrase("Contracts are now requested and approved here before they are launched.")
    if kept:
        return Refusal(
            here,
            phrase(
                "Nothing was sent. Type /contract to make the request. What you have filled in is kept: "
                "/contract resume shows it."
            ),
        )
    return Refusal(here, phrase("Type /contract to make the request; you launch it once it is approved."))


async def locked(store: Store, team: str, request_id: str) -> Course:
    """A request, for this transaction alone. Raises `Refusal` without one."""
    request = await store.requests.lock(team, request_id)
    if request is None:
        raise unknown()
    return Course(request, await store.tasks.of(team, request_id))


async def setting(store: Store, team: str) -> Setting:
    """The time, and who is away."""
    now = await store.now()
    return Setting(now, await store.absences.now(team, now))


async def saved(store: Store, work: Work, before: Course, after: Course) -> None:
    """Write down where a course went, with the work that tells people."""
    team, request = after.request.team, after.request
    await store.tasks.save(team, request.id, before.tasks, after.tasks)
    if before.request != request:
        await store.requests.save(team, request)
    await promise(store, work, request)


async def promise(store: Store, work: Work, request: Request, *, told: str = "") -> None:
    """Promise to draw a request as it is in this version; `told` is how the webhook calls what happened."""
    key = f"request:{request.team}:{request.id}:{request.version}"
    await work.start(store, ANNOUNCE, key, {"team": request.team, "request": request.id})
    await promise_to_relay(store, work, request, told=told)


async def close_request(store: Store, work: Work, launch: Launch) -> None:
    """The workflow of a launch exists: nothing about its request is open any more."""
    before = await locked(store, launch.team, launch.request_id)
    await store.feeds.wake(launch.team, demo=launch.demo)
    if before.request.source == "launch":
        await store.requests.launched(launch.team, launch.request_id)  # the launch itself tells its people
    elif before.request.state not in ENDED:
        await saved(store, work, before, launched(before, await store.now()))


Move = Callable[[Store, Course, Setting], Awaitable[Course]]


class Courses:
    """Moves requests: each move in one transaction with what it promises."""

    def __init__(self, database: Database, work: Work) -> None:
        self.database = database
        self.work = work

    async def move(
        self,
        team: str,
        request_id: str,
        move: Move,
        *,
        event: str = "",
        by: str = "",
        task_id: str | None = None,
        detail: Mapping[str, Any] | None = None,
    ) -> Course:
        """Move a request on and write down what happened. Raises `Refusal`, having changed nothing."""
        async with self.database.transaction() as store:
            before = await locked(store, team, request_id)
            at = await setting(store, team)
            after = await move(store, before, at)
            if event:
                more = dict(detail or {})
                await store.events.add(team, request_id, event, by, at=at.now, task_id=task_id, detail=more)
            if void := _void(before, after):
                await store.events.add(team, request_id, "again", by, at=at.now, detail={"void": void})
            await saved(store, self.work, before, after)
        return after

    async def move_task(self, team: str, task_id: str, move: Move, **told: Any) -> Course:
        """The same for the request that a task belongs to."""
        async with self.database.reading() as store:
            request_id = await store.tasks.request_of(team, task_id)
        if request_id is None:
            raise unknown()
        return await self.move(team, request_id, move, task_id=task_id, **told)


def _void(before: Course, after: Course) -> list[str]:
    """The tasks whose approvals a move made void."""
    lived = {task.id for task in before.live}
    return [
        task.name
        for task in after.tasks
        if task.decisions and not task.live and task.id in lived and task.state == "superseded"
    ]


def unknown() -> Refusal:
    """A request that this workspace does not have."""
    return Refusal(phrase("This request is not known here."), phrase("Type /contract status to see yours."))
