"""The tokens of a connection: one holder refreshes at a time, and nobody overwrites newer ones.

Ironclad revokes a refresh token at its first use, so two refreshes at once would lose the connection.
Whoever refreshes takes a lease on the version it read; saving names that version.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Update, bindparam, insert, or_, select, update

from storage.errors import NotFoundError
from storage.models import TokensRow
from storage.records import StoredTokens
from storage.repositories.base import Repository, columns_of, table_of
from storage.sealing import Owner

_TOKENS = table_of(TokensRow)

_ONE = select(*columns_of(_TOKENS, StoredTokens)).where(
    _TOKENS.c.team == bindparam("team"), _TOKENS.c.connection_id == bindparam("id")
)


class Tokens(Repository):
    """The part of `Connections` that deals with tokens."""

    async def tokens(self, team: str, connection_id: str) -> StoredTokens:
        """The tokens as they are now. Raises `NotFoundError`, or `SealedValueError` if one does not open."""
        row = await self._first(_ONE, team=team, id=connection_id)
        if row is None:
            raise NotFoundError("no such connection")
        return StoredTokens(
            version=row.version,
            access_token=self._open(_owner(team, "access_token", connection_id), row.access_token),
            refresh_token=self._open(_owner(team, "refresh_token", connection_id), row.refresh_token),
            expires_at=row.expires_at,
            scope=row.scope,
        )

    async def claim_refresh(self, team: str, connection_id: str, version: int, seconds: float) -> bool:
        """Take the right to replace `version` for some seconds. One caller gets True until then."""
        free = or_(_TOKENS.c.lease_until.is_(None), _TOKENS.c.lease_until < self._now())
        claim = self._of_version(team, connection_id, version).where(free)
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
    ) -> bool:
        """Replace the tokens of `version` and end its lease. False if they were replaced meanwhile."""
        return await self._changed(
            self._of_version(team, connection_id, version).values(
                version=version + 1,
                access_token=self._seal(_owner(team, "access_token", connection_id), access_token),
                refresh_token=self._seal(_owner(team, "refresh_token", connection_id), refresh_token),
                expires_at=expires_at,
                scope=scope,
                lease_until=None,
            )
        )

    async def release_refresh(self, team: str, connection_id: str, version: int) -> bool:
        """Give the right back without new tokens."""
        return await self._changed(self._of_version(team, connection_id, version).values(lease_until=None))

    async def _start_tokens(self, team: str, connection_id: str) -> None:
        await self._execution.execute(
            insert(_TOKENS).values(team=team, connection_id=connection_id, version=0)
        )

    def _of_version(self, team: str, connection_id: str, version: int) -> Update:
        return update(_TOKENS).where(
            _TOKENS.c.team == team, _TOKENS.c.connection_id == connection_id, _TOKENS.c.version == version
        )


def _owner(team: str, column: str, connection_id: str) -> Owner:
    return Owner(team, "connection_tokens", column, connection_id)
