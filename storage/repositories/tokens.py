"""The tokens of a connection: one holder refreshes at a time, and nobody overwrites newer ones.

Ironclad revokes a refresh token at its first use, so two refreshes at once would lose the connection.
Whoever refreshes takes a lease on the version it read; saving names that version. `holder` is empty for the
connection's own tokens, else the Slack id of somebody who signed in as themselves.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Update, and_, bindparam, delete, insert, or_, select, update

from storage.errors import NotFoundError
from storage.models import ConnectionRow, TokensRow
from storage.records import SignIn, StoredTokens
from storage.repositories.base import Repository, columns_of, owner_of, table_of
from storage.sealing import Owner

_TOKENS = table_of(TokensRow)
_CONNECTIONS = table_of(ConnectionRow)

_OF_CONNECTION = and_(_TOKENS.c.team == bindparam("team"), _TOKENS.c.connection_id == bindparam("id"))
_ONE = select(*columns_of(_TOKENS, StoredTokens)).where(
    _OF_CONNECTION, _TOKENS.c.holder == bindparam("holder")
)
_SIGN_INS = (
    select(_TOKENS.c.holder, _TOKENS.c.account, _TOKENS.c.problem)
    .where(_OF_CONNECTION, _TOKENS.c.holder != "")
    .order_by(_TOKENS.c.holder)
)
_PARENT = select(_CONNECTIONS.c.id).where(
    _CONNECTIONS.c.team == bindparam("team"), _CONNECTIONS.c.id == bindparam("id")
)


class Tokens(Repository):
    """The part of `Connections` that deals with tokens."""

    async def tokens(self, team: str, connection_id: str, holder: str = "") -> StoredTokens:
        """The tokens as they are now. Raises `NotFoundError`, or `SealedValueError` if one does not open."""
        row = await self._first(_ONE, team=team, id=connection_id, holder=holder)
        if row is None:
            raise NotFoundError("no such tokens")
        return StoredTokens(
            version=row.version,
            access_token=self._open(_owner(team, "access_token", connection_id, holder), row.access_token),
            refresh_token=self._open(_owner(team, "refresh_token", connection_id, holder), row.refresh_token),
            expires_at=row.expires_at,
            scope=row.scope,
        )

    async def claim_refresh(
        self, team: str, connection_id: str, version: int, seconds: float, holder: str = ""
    ) -> bool:
        """Take the right to replace `version` for some seconds. One caller gets True until then."""
        free = or_(_TOKENS.c.lease_until.is_(None), _TOKENS.c.lease_until < self._now())
        claim = self._of_version(team, connection_id, version, holder).where(free)
        return await self._changed(claim.values(lease_until=self._now(ahead=seconds)))

    async def save_tokens(
        self,
        team: str,
        connection_id: str,
        version: int,
        *,
        access_token: str | None,
        refresh_token: str | None,
        expires_at: datetime | None,
        scope: str | None,
        holder: str = "",
    ) -> bool:
        """Replace the tokens of `version` and end its lease. False if they were replaced meanwhile."""
        return await self._changed(
            self._of_version(team, connection_id, version, holder).values(
                version=version + 1,
                access_token=self._seal(_owner(team, "access_token", connection_id, holder), access_token),
                refresh_token=self._seal(_owner(team, "refresh_token", connection_id, holder), refresh_token),
                expires_at=expires_at,
                scope=scope,
                lease_until=None,
            )
        )

    async def release_refresh(self, team: str, connection_id: str, version: int, holder: str = "") -> bool:
        """Give the right back without new tokens."""
        held = self._of_version(team, connection_id, version, holder)
        return await self._changed(held.values(lease_until=None))

    async def put_tokens(
        self,
        team: str,
        connection_id: str,
        *,
        access_token: str,
        refresh_token: str | None,
        expires_at: datetime,
        scope: str,
        account: str | None,
        holder: str = "",
    ) -> bool:
        """Somebody has just consented: these tokens replace whatever there was. False without connection."""
        facts = {
            "access_token": self._seal(_owner(team, "access_token", connection_id, holder), access_token),
            "refresh_token": self._seal(_owner(team, "refresh_token", connection_id, holder), refresh_token),
            "expires_at": expires_at,
            "scope": scope,
            "account": account,
            "lease_until": None,
            "problem": None,
        }
        if await self._first(_PARENT, team=team, id=connection_id) is None:
            return False
        row = {"team": team, "connection_id": connection_id, "holder": holder, "version": 1}
        fresh = self._insert(_TOKENS).values(**row, **facts)
        await self._execution.execute(
            fresh.on_conflict_do_update(
                index_elements=["team", "connection_id", "holder"],
                set_={**facts, "version": _TOKENS.c.version + 1},
            )
        )
        return True

    async def sign_ins(self, team: str, connection_id: str) -> list[SignIn]:
        """Who has signed in as themselves."""
        rows = await self._rows(_SIGN_INS, team=team, id=connection_id)
        return [SignIn(row.holder, row.account or "", row.problem) for row in rows]

    async def sign_out(self, team: str, connection_id: str, holder: str) -> bool:
        """Forget somebody's own tokens; the connection's are not touched."""
        theirs = and_(_of(team, connection_id, holder), _TOKENS.c.holder != "")
        return await self._changed(delete(_TOKENS).where(theirs))

    async def note_sign_in_problem(
        self, team: str, connection_id: str, holder: str, problem: str | None
    ) -> bool:
        """Remember what is wrong with somebody's own tokens. True when that changes something."""
        other = _TOKENS.c.problem.is_distinct_from(problem)
        mine = and_(_of(team, connection_id, holder), _TOKENS.c.holder != "", other)
        return await self._changed(update(_TOKENS).where(mine).values(problem=problem))

    async def _start_tokens(self, team: str, connection_id: str) -> None:
        await self._execution.execute(
            insert(_TOKENS).values(team=team, connection_id=connection_id, holder="", version=0)
        )

    def _of_version(self, team: str, connection_id: str, version: int, holder: str) -> Update:
        return update(_TOKENS).where(_of(team, connection_id, holder), _TOKENS.c.version == version)


def _of(team: str, connection_id: str, holder: str) -> ColumnElement[bool]:
    return and_(_TOKENS.c.team == team, _TOKENS.c.connection_id == connection_id, _TOKENS.c.holder == holder)


def _owner(team: str, column: str, connection_id: str, holder: str) -> Owner:
    return owner_of(_TOKENS.c[column], team, connection_id, holder)
