"""What happened to requests, and the rules by which it happened."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, delete, func, insert, select

from storage.errors import NotFoundError
from storage.models import RequestRow
from storage.models.requests import AbsenceRow, EventRow, RulebookRow
from storage.records.requests import Absence, Event, Rulebook
from storage.repositories.base import Found, Repository, columns_of, table_of
from storage.sealing import Owner

_EVENTS = table_of(EventRow)
_RULEBOOKS = table_of(RulebookRow)
_ABSENCES = table_of(AbsenceRow)
_REQUESTS = table_of(RequestRow)

_OF_REQUEST = (
    select(*columns_of(_EVENTS, Event))
    .where(_EVENTS.c.team == bindparam("team"), _EVENTS.c.request_id == bindparam("id"))
    .order_by(_EVENTS.c.n)
)
_REQUEST_EXISTS = select(_REQUESTS.c.id).where(
    _REQUESTS.c.team == bindparam("team"), _REQUESTS.c.id == bindparam("id")
)
_LAST = select(func.max(_EVENTS.c.n)).where(
    _EVENTS.c.team == bindparam("team"), _EVENTS.c.request_id == bindparam("id")
)
_VERSIONS = (
    select(*columns_of(_RULEBOOKS, Rulebook))
    .where(_RULEBOOKS.c.team == bindparam("team"), _RULEBOOKS.c.kind == bindparam("kind"))
    .order_by(_RULEBOOKS.c.version.desc())
)
_NEWEST = _VERSIONS.limit(1)
_AWAY = select(*columns_of(_ABSENCES, Absence)).where(_ABSENCES.c.team == bindparam("team"))
_AWAY_NOW = _AWAY.where(_ABSENCES.c.since <= bindparam("now"), _ABSENCES.c.until > bindparam("now"))


class Events(Repository):
    """Numbered 1, 2, 3 … within the request, whose row is locked by whoever adds one."""

    async def add(
        self,
        team: str,
        request_id: str,
        kind: str,
        by: str,
        *,
        at: datetime,
        task_id: str | None = None,
        detail: dict[str, Any] | None = None,
    ) -> int:
        """Write down what happened and give its number. Raises `NotFoundError` without such a request."""
        if await self._first(_REQUEST_EXISTS, team=team, id=request_id) is None:
            raise NotFoundError("no such request")
        last = (await self._execution.execute(_LAST, {"team": team, "id": request_id})).scalar()
        n = (last or 0) + 1
        sealed = self._seal_json(_owner(team, request_id, n), detail or {})
        await self._execution.execute(
            insert(_EVENTS).values(
                team=team,
                request_id=request_id,
                n=n,
                kind=kind,
                by=by,
                task_id=task_id,
                detail=sealed,
                at=at,
            )
        )
        return n

    async def of(self, team: str, request_id: str) -> list[Event]:
        """What happened to a request, in order."""
        rows = await self._rows(_OF_REQUEST, team=team, id=request_id)
        return [self._event(team, request_id, row) for row in rows]

    def _event(self, team: str, request_id: str, row: Found) -> Event:
        detail = self._open_json(_owner(team, request_id, row.n), row.detail)
        return Event(**{**row._mapping, "detail": detail})


class Rulebooks(Repository):
    """Rules that admins edit as a whole: approvals, the intake form, reminders."""

    async def current(self, team: str, kind: str) -> Rulebook | None:
        """The rules in force; None while the workspace has none of this kind."""
        row = await self._first(_NEWEST, team=team, kind=kind)
        return None if row is None else Rulebook(*row)

    async def versions(self, team: str, kind: str, limit: int) -> list[Rulebook]:
        """The rules as they were, the newest first."""
        return [Rulebook(*row) for row in await self._rows(_VERSIONS.limit(limit), team=team, kind=kind)]

    async def at(self, team: str, kind: str, version: int) -> Rulebook | None:
        """The rules as of a version."""
        found = _VERSIONS.where(_RULEBOOKS.c.version == version)
        row = await self._first(found, team=team, kind=kind)
        return None if row is None else Rulebook(*row)

    async def latest(self, team: str, begin: str) -> list[Rulebook]:
        """The rules in force of every kind whose name begins so."""
        newest = (
            select(_RULEBOOKS.c.kind, func.max(_RULEBOOKS.c.version).label("version"))
            .where(
                _RULEBOOKS.c.team == team,
                _RULEBOOKS.c.kind >= begin,
                _RULEBOOKS.c.kind < begin + "\U0010ffff",
            )
            .group_by(_RULEBOOKS.c.kind)
            .subquery()
        )
        same = and_(_RULEBOOKS.c.kind == newest.c.kind, _RULEBOOKS.c.version == newest.c.version)
        found = select(*columns_of(_RULEBOOKS, Rulebook)).join(newest, same).where(_RULEBOOKS.c.team == team)
        return [Rulebook(*row) for row in await self._rows(found)]

    async def kinds(self, team: str, begin: str) -> int:
        """How many kinds there are whose names begin so."""
        like = and_(_RULEBOOKS.c.kind >= begin, _RULEBOOKS.c.kind < begin + "\U0010ffff")
        counted = select(func.count(func.distinct(_RULEBOOKS.c.kind))).where(_RULEBOOKS.c.team == team, like)
        return int((await self._execution.execute(counted)).scalar_one())

    async def save(
        self, team: str, kind: str, body: dict[str, Any], by: str, version: int
    ) -> Rulebook | None:
        """Put `body` in force as `version`, the one after what was edited. None if somebody was quicker."""
        fresh = self._insert(_RULEBOOKS).values(
            team=team, kind=kind, version=version, body=body, saved_by=by, saved_at=self._now()
        )
        written = fresh.on_conflict_do_nothing().returning(*columns_of(_RULEBOOKS, Rulebook))
        row = (await self._execution.execute(written)).first()
        return None if row is None else Rulebook(*row)


class Absences(Repository):
    """Who is away, and who decides for them."""

    async def put(self, team: str, user: str, since: datetime, until: datetime, delegate: str) -> None:
        """Somebody will be away; replaces what they said before."""
        values = {"since": since, "until": until, "delegate": delegate}
        fresh = self._insert(_ABSENCES).values(team=team, user=user, **values)
        await self._execution.execute(
            fresh.on_conflict_do_update(index_elements=["team", "user"], set_=values)
        )

    async def get(self, team: str, user: str) -> Absence | None:
        """When somebody is away, if they said so."""
        row = await self._first(_AWAY.where(_ABSENCES.c.user == user), team=team)
        return None if row is None else Absence(*row)

    async def now(self, team: str, now: datetime) -> dict[str, str]:
        """Everybody who is away, with who decides for them."""
        rows = await self._rows(_AWAY_NOW, team=team, now=now)
        return {row.user: row.delegate for row in rows}

    async def end(self, team: str, user: str) -> bool:
        """Somebody is back. False if they were not away."""
        gone = delete(_ABSENCES).where(_ABSENCES.c.team == team, _ABSENCES.c.user == user)
        return await self._changed(gone)


def _owner(team: str, request_id: str, n: int) -> Owner:
    return Owner(team, "events", "detail", f"{request_id}:{n}")
