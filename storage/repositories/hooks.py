"""Where each workspace wants to be told what happens."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Update, bindparam, delete, func, select, update

from storage.errors import NotFoundError
from storage.models.intake import HookRow
from storage.records.intake import Hook
from storage.repositories.base import Repository, columns_of, new_id, owner_of, table_of
from storage.sealing import Owner

_HOOKS = table_of(HookRow)
_COLUMNS = columns_of(_HOOKS, Hook)
_ONE = select(*_COLUMNS).where(_HOOKS.c.team == bindparam("team"))
_SECRET = select(_HOOKS.c.secret).where(_HOOKS.c.team == bindparam("team"), _HOOKS.c.id == bindparam("id"))


class Hooks(Repository):
    """At most one for each workspace; its secret is sealed."""

    async def put(self, team: str, url: str, secret: str, by: str) -> Hook:
        """Tell this address from now on, with a secret of its own; the former one is forgotten."""
        hook_id = new_id()
        facts: dict[str, Any] = {
            "id": hook_id,
            "url": url,
            "secret": self._sealing.seal(_owner(team), secret),
            "enabled": True,
            "set_by": by,
            "set_at": self._now(),
            "failures": 0,
            "failing_since": None,
            "problem": None,
            "delivered_at": None,
        }
        fresh = self._insert(_HOOKS).values(team=team, **facts)
        written = fresh.on_conflict_do_update(index_elements=["team"], set_=facts).returning(*_COLUMNS)
        return Hook(*(await self._execution.execute(written)).one())

    async def get(self, team: str) -> Hook | None:
        """The workspace's webhook, or None."""
        row = await self._first(_ONE, team=team)
        return None if row is None else Hook(*row)

    async def secret(self, team: str, hook_id: str) -> str:
        """What its messages are signed with. Raises `NotFoundError`."""
        row = await self._first(_SECRET, team=team, id=hook_id)
        if row is None:
            raise NotFoundError("no such webhook")
        return self._sealing.open(_owner(team), row[0])

    async def delivered(self, team: str, hook_id: str) -> bool:
        """A message arrived: whatever was wrong is over."""
        well = {"failures": 0, "failing_since": None, "problem": None, "delivered_at": self._now()}
        return await self._changed(_of(team, hook_id).values(**well))

    async def failed(self, team: str, hook_id: str, problem: str) -> Hook | None:
        """A message did not arrive. Gives how it stands now, None if it is gone."""
        worse = _of(team, hook_id).values(
            failures=_HOOKS.c.failures + 1,
            failing_since=func.coalesce(_HOOKS.c.failing_since, self._now()),
            problem=problem,
        )
        row = (await self._execution.execute(worse.returning(*_COLUMNS))).first()
        return None if row is None else Hook(*row)

    async def enable(self, team: str, hook_id: str, enabled: bool) -> bool:
        """Switch it off, or on again with a clean slate. False if it is so already."""
        other = _of(team, hook_id).where(_HOOKS.c.enabled.is_(not enabled))
        slate = {"failures": 0, "failing_since": None, "problem": None} if enabled else {}
        return await self._changed(other.values(enabled=enabled, **slate))

    async def remove(self, team: str) -> bool:
        """Tell nobody any more. False if nobody was told."""
        return await self._changed(delete(_HOOKS).where(_HOOKS.c.team == team))


def _of(team: str, hook_id: str) -> Update:
    return update(_HOOKS).where(_HOOKS.c.team == team, _HOOKS.c.id == hook_id)


def _owner(team: str) -> Owner:
    return owner_of(_HOOKS.c.secret, team)
