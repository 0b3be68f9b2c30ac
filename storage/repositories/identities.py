"""Who people are in Ironclad, and what they typed last."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, delete, func, select

from storage.models.intake import IdentityRow, MemoryRow
from storage.records.intake import Identity, IdentityState
from storage.repositories.base import Repository, columns_of, owner_of, table_of
from storage.sealing import Owner

_IDENTITIES = table_of(IdentityRow)
_MEMORIES = table_of(MemoryRow)
_COLUMNS = columns_of(_IDENTITIES, Identity)
_OF_TEAM = select(*_COLUMNS).where(_IDENTITIES.c.team == bindparam("team"))
_ONE = _OF_TEAM.where(_IDENTITIES.c.user == bindparam("user"))
_IN_STATE = _OF_TEAM.where(_IDENTITIES.c.state == bindparam("state")).order_by(_IDENTITIES.c.at.desc())
_REMEMBERED = select(_MEMORIES.c.answers).where(
    _MEMORIES.c.team == bindparam("team"),
    _MEMORIES.c.user == bindparam("user"),
    _MEMORIES.c.template_id == bindparam("template_id"),
)
_ANY = (
    select(_MEMORIES.c.template_id)
    .where(_MEMORIES.c.team == bindparam("team"), _MEMORIES.c.user == bindparam("user"))
    .limit(1)
)


class Identities(Repository):
    """Only exceptions are kept: most people are in Ironclad under their Slack e-mail."""

    async def put(self, team: str, user: str, email: str, state: IdentityState, by: str) -> Identity:
        """Somebody is this in Ironclad, or says so; replaces what was known."""
        facts: dict[str, Any] = {"email": email, "state": state, "by": by, "at": self._now()}
        fresh = self._insert(_IDENTITIES).values(team=team, user=user, **facts)
        written = fresh.on_conflict_do_update(index_elements=["team", "user"], set_=facts)
        return Identity(*(await self._execution.execute(written.returning(*_COLUMNS))).one())

    async def get(self, team: str, user: str) -> Identity | None:
        """What is known of somebody, or None."""
        row = await self._first(_ONE, team=team, user=user)
        return None if row is None else Identity(*row)

    async def of_state(self, team: str, state: IdentityState, limit: int) -> list[Identity]:
        """Those who are `claimed` or `linked`, the latest first."""
        return [Identity(*row) for row in await self._rows(_IN_STATE.limit(limit), team=team, state=state)]

    async def counts(self, team: str) -> dict[str, int]:
        """How many are in each state."""
        counted = (
            select(_IDENTITIES.c.state, func.count())
            .where(_IDENTITIES.c.team == team)
            .group_by(_IDENTITIES.c.state)
        )
        return {row[0]: row[1] for row in await self._rows(counted)}

    async def note_unmatched(self, team: str, user: str) -> None:
        """Ironclad has nobody of their e-mail; what is known of them otherwise stays."""
        facts = {"email": "", "state": "unmatched", "by": user, "at": self._now()}
        fresh = self._insert(_IDENTITIES).values(team=team, user=user, **facts)
        await self._execution.execute(fresh.on_conflict_do_nothing())

    async def matched(self, team: str, user: str) -> bool:
        """Ironclad has them after all. False if nobody thought otherwise."""
        gone = delete(_IDENTITIES).where(
            _IDENTITIES.c.team == team, _IDENTITIES.c.user == user, _IDENTITIES.c.state == "unmatched"
        )
        return await self._changed(gone)

    async def forget(self, team: str, user: str) -> bool:
        """Nothing particular is known of them any more. False if nothing was."""
        gone = delete(_IDENTITIES).where(_IDENTITIES.c.team == team, _IDENTITIES.c.user == user)
        return await self._changed(gone)


class Memories(Repository):
    """What people typed last, by template; sealed, theirs alone, and forgotten when they say so."""

    async def put(self, team: str, user: str, template_id: str, answers: dict[str, Any]) -> None:
        """Remember these answers in place of the former."""
        sealed = self._seal_json(_owner(team, user, template_id), answers)
        facts: dict[str, Any] = {"answers": sealed, "updated_at": self._now()}
        fresh = self._insert(_MEMORIES).values(team=team, user=user, template_id=template_id, **facts)
        await self._execution.execute(
            fresh.on_conflict_do_update(index_elements=["team", "user", "template_id"], set_=facts)
        )

    async def get(self, team: str, user: str, template_id: str) -> dict[str, Any]:
        """What somebody typed last; empty when nothing is remembered."""
        row = await self._first(_REMEMBERED, team=team, user=user, template_id=template_id)
        return {} if row is None else self._open_json(_owner(team, user, template_id), row[0])

    async def any(self, team: str, user: str) -> bool:
        """Whether anything of somebody is remembered."""
        return await self._first(_ANY, team=team, user=user) is not None

    async def forget(self, team: str, user: str) -> bool:
        """Forget everything of somebody. False if nothing was remembered."""
        return await self._changed(
            delete(_MEMORIES).where(_MEMORIES.c.team == team, _MEMORIES.c.user == user)
        )


def _owner(team: str, user: str, template_id: str) -> Owner:
    return owner_of(_MEMORIES.c.answers, team, user, template_id)
