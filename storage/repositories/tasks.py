"""The tasks of requests: who is asked, and what they decided."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from storage.errors import NotFoundError
from storage.models import RequestRow
from storage.models.requests import AskRow, DecisionRow, TaskRow
from storage.records.requests import Ask, Decision, Due, Task
from storage.repositories.base import Repository, columns_of, table_of
from storage.sealing import Owner

_TASKS = table_of(TaskRow)
_ASKS = table_of(AskRow)
_DECISIONS = table_of(DecisionRow)
_REQUESTS = table_of(RequestRow)

_OF_REQUEST = (
    select(*columns_of(_TASKS, Task, but=["asks", "decisions"]))
    .where(_TASKS.c.team == bindparam("team"), _TASKS.c.request_id.in_(bindparam("of", expanding=True)))
    .order_by(_TASKS.c.position, _TASKS.c.id)
    .add_columns(_TASKS.c.request_id)
)
_ASKED = (
    select(_ASKS.c.task_id, *columns_of(_ASKS, Ask))
    .where(_ASKS.c.team == bindparam("team"), _ASKS.c.task_id.in_(bindparam("of", expanding=True)))
    .order_by(_ASKS.c.opened_at, _ASKS.c.user)
)
_DECIDED = (
    select(_DECISIONS.c.task_id, *columns_of(_DECISIONS, Decision))
    .where(_DECISIONS.c.team == bindparam("team"), _DECISIONS.c.task_id.in_(bindparam("of", expanding=True)))
    .order_by(_DECISIONS.c.at, _DECISIONS.c.user)
)
_REQUEST_EXISTS = select(_REQUESTS.c.id).where(
    _REQUESTS.c.team == bindparam("team"), _REQUESTS.c.id == bindparam("id")
)
_REQUEST_OF = select(_TASKS.c.request_id).where(
    _TASKS.c.team == bindparam("team"), _TASKS.c.id == bindparam("id")
)
_WAITING_FOR = (
    select(_TASKS.c.request_id, _ASKS.c.task_id)
    .select_from(_ASKS.join(_TASKS, (_TASKS.c.team == _ASKS.c.team) & (_TASKS.c.id == _ASKS.c.task_id)))
    .where(_ASKS.c.team == bindparam("team"), _ASKS.c.user == bindparam("user"), _ASKS.c.state == "open")
    .order_by(_ASKS.c.opened_at)
)
_DUE = (
    select(
        _ASKS.c.team,
        _ASKS.c.task_id,
        _TASKS.c.request_id,
        *(_ASKS.c[name] for name in ("user", "opened_at", "remind_at", "reminders", "escalated_at")),
    )
    .select_from(_ASKS.join(_TASKS, (_TASKS.c.team == _ASKS.c.team) & (_TASKS.c.id == _ASKS.c.task_id)))
    .where(_ASKS.c.state == "open", _ASKS.c.remind_at <= bindparam("now"))
    .order_by(_ASKS.c.remind_at)
    .limit(bindparam("limit"))
)


class Tasks(Repository):
    """Written only while their request is locked: see `Requests.lock`."""

    async def of(self, team: str, request_id: str) -> tuple[Task, ...]:
        """The tasks of a request in order, replaced ones included."""
        return (await self.of_many(team, [request_id])).get(request_id, ())

    async def of_many(self, team: str, request_ids: Collection[str]) -> dict[str, tuple[Task, ...]]:
        """The tasks of several requests."""
        rows = await self._rows(_OF_REQUEST, team=team, of=list(request_ids))
        if not rows:
            return {}
        ids = [row.id for row in rows]
        asks: dict[str, list[Ask]] = {}
        for row in await self._rows(_ASKED, team=team, of=ids):
            asks.setdefault(row.task_id, []).append(Ask(*row[1:]))
        decisions: dict[str, list[Decision]] = {}
        for row in await self._rows(_DECIDED, team=team, of=ids):
            reason = self._open(_owner(team, row.task_id, row.user), row.reason)
            values = {**row._mapping, "reason": reason or ""}
            del values["task_id"]
            decisions.setdefault(row.task_id, []).append(Decision(**values))
        found: dict[str, list[Task]] = {}
        for row in rows:
            values = {**row._mapping, "people": tuple(row.people), "again_on": tuple(row.again_on)}
            request_id = values.pop("request_id")
            task = Task(
                **values, asks=tuple(asks.get(row.id, ())), decisions=tuple(decisions.get(row.id, ()))
            )
            found.setdefault(request_id, []).append(task)
        return {request_id: tuple(tasks) for request_id, tasks in found.items()}

    async def request_of(self, team: str, task_id: str) -> str | None:
        """The request that a task belongs to."""
        row = await self._first(_REQUEST_OF, team=team, id=task_id)
        return None if row is None else str(row.request_id)

    async def waiting_for(self, team: str, user: str, limit: int, offset: int = 0) -> list[tuple[str, str]]:
        """The requests (and their tasks) in which it is this person's turn, the longest waiting first."""
        rows = await self._rows(_WAITING_FOR.limit(limit).offset(offset), team=team, user=user)
        return [(row.request_id, row.task_id) for row in rows]

    async def save(self, team: str, request_id: str, before: Sequence[Task], after: Sequence[Task]) -> None:
        """Write what is different in `after`. Raises `NotFoundError` if there is no such request.

        A decision that exists already makes it fail as a whole (the database's IntegrityError).
        """
        if await self._first(_REQUEST_EXISTS, team=team, id=request_id) is None:
            raise NotFoundError("no such request")
        known = {task.id: task for task in before}
        # One task is open at a time, which the database checks at each statement: close first, then open.
        for task in sorted(after, key=lambda task: task.state == "open"):
            await self._save(team, request_id, known.get(task.id), task)

    async def remind_again(
        self, team: str, task_id: str, user: str, *, due: datetime, next_at: datetime | None
    ) -> bool:
        """Count the reminder that was due at `due` and set the next. False if somebody else has."""
        counted = (
            update(_ASKS)
            .where(_ASKS.c.team == team, _ASKS.c.task_id == task_id, _ASKS.c.user == user)
            .where(_ASKS.c.state == "open", _ASKS.c.remind_at == due)
        )
        return await self._changed(counted.values(remind_at=next_at, reminders=_ASKS.c.reminders + 1))

    async def put_off(self, team: str, task_id: str, user: str, until: datetime) -> bool:
        """Do not remind before `until`. False when it is not this person's turn (any more)."""
        return await self._changed(
            update(_ASKS)
            .where(_ASKS.c.team == team, _ASKS.c.task_id == task_id, _ASKS.c.user == user)
            .where(_ASKS.c.state == "open")
            .values(remind_at=until)
        )

    async def escalated(self, team: str, task_id: str, user: str) -> bool:
        """Note that somebody else was told how long this waits. False if that was noted before."""
        return await self._changed(
            update(_ASKS)
            .where(_ASKS.c.team == team, _ASKS.c.task_id == task_id, _ASKS.c.user == user)
            .where(_ASKS.c.state == "open", _ASKS.c.escalated_at.is_(None))
            .values(escalated_at=self._now())
        )

    async def due(self, now: datetime, limit: int) -> list[Due]:
        """Who is to be reminded by now, in every workspace: for the schedule."""
        return [Due(*row) for row in await self._rows(_DUE, now=now, limit=limit)]

    # Writing what is different ----------------------------------------------------------------------

    async def _save(self, team: str, request_id: str, before: Task | None, after: Task) -> None:
        if before == after:
            return
        values = _values(after)
        if before is None:
            added = insert(_TASKS).values(team=team, request_id=request_id, **values)
            await self._execution.execute(added)
        elif _values(before) != values:
            of = update(_TASKS).where(_TASKS.c.team == team, _TASKS.c.id == after.id)
            await self._execution.execute(of.values(**values))
        await self._save_asks(team, after.id, before.asks if before else (), after.asks)
        known = {one.user for one in before.decisions} if before else set()
        await self._decide(team, after.id, (one for one in after.decisions if one.user not in known))

    async def _save_asks(self, team: str, task_id: str, before: Iterable[Ask], after: Iterable[Ask]) -> None:
        known = {ask.user: ask for ask in before}
        for ask in after:
            values = asdict(ask)
            if ask.user not in known:
                await self._execution.execute(insert(_ASKS).values(team=team, task_id=task_id, **values))
            elif known[ask.user] != ask:
                of = update(_ASKS).where(_ASKS.c.team == team, _ASKS.c.task_id == task_id)
                await self._execution.execute(of.where(_ASKS.c.user == ask.user).values(**values))

    async def _decide(self, team: str, task_id: str, decisions: Iterable[Decision]) -> None:
        for one in decisions:
            sealed = self._sealing.seal(_owner(team, task_id, one.user), one.reason)
            values = {**asdict(one), "reason": sealed}
            await self._execution.execute(insert(_DECISIONS).values(team=team, task_id=task_id, **values))


def _values(task: Task) -> dict[str, Any]:
    names = ("id", "position", "kind", "stage", "name", "rule", "needed", "self_ok", "note", "state")
    values = {name: getattr(task, name) for name in (*names, "opened_at", "closed_at")}
    return {**values, "people": list(task.people), "again_on": list(task.again_on)}


def _owner(team: str, task_id: str, user: str) -> Owner:
    return Owner(team, "decisions", "reason", f"{task_id}:{user}")
