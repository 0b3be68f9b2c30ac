"""Ways into Ironclad: tried, promoted, disconnected."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Update, and_, bindparam, delete, insert, literal_column, select, update

from storage.errors import NotFoundError
from storage.models import ConnectionRow
from storage.records import Connection
from storage.repositories.base import columns_of, new_id, table_of
from storage.repositories.tokens import Tokens
from storage.sealing import Owner

_CONNECTIONS = table_of(ConnectionRow)

CONNECTION_COLUMNS = tuple(columns_of(_CONNECTIONS, Connection))
_SCOPES = [column.name for column in CONNECTION_COLUMNS].index("scopes")
_OF_TEAM = _CONNECTIONS.c.team == bindparam("team")
_ONE = select(*CONNECTION_COLUMNS).where(_OF_TEAM, _CONNECTIONS.c.id == bindparam("id"))
#: Spelled out, not bound: SQLite plans a query anew for each value that decides about a partial index
#: (https://sqlite.org/partialindex.html), which took four times as long as the query itself.
READY = _CONNECTIONS.c.state == literal_column("'ready'")
_CURRENT = select(*CONNECTION_COLUMNS).where(_OF_TEAM, READY)
_SECRET = select(_CONNECTIONS.c.client_secret).where(_OF_TEAM, _CONNECTIONS.c.id == bindparam("id"))
# Locked in one order, so that two promotions at once wait for each other instead of dead-locking.
_LOCKED = select(_CONNECTIONS.c.id).where(_OF_TEAM).order_by(_CONNECTIONS.c.id).with_for_update()


def connection_of(row: Sequence[Any]) -> Connection:
    """The record of a row of `CONNECTION_COLUMNS`."""
    before, scopes, after = row[:_SCOPES], row[_SCOPES], row[_SCOPES + 1 :]
    return Connection(*(*before, tuple(scopes), *after))


class Connections(Tokens):
    """A workspace has any number of connections being checked, and at most one ready one."""

    async def add(
        self,
        team: str,
        *,
        region: str,
        grant: str,
        client_id: str,
        client_secret: str,
        acting_user: str | None,
        by: str,
    ) -> Connection:
        """Write down credentials to be tried; the secret is sealed."""
        connection_id = new_id()
        statement = insert(_CONNECTIONS).values(
            team=team,
            id=connection_id,
            region=region,
            grant=grant,
            client_id=client_id,
            client_secret=self._sealing.seal(_secret_owner(team, connection_id), client_secret),
            acting_user=acting_user,
            state="checking",
            scopes=[],
            created_by=by,
            created_at=(now := self._now()),
            updated_at=now,
        )
        row = (await self._execution.execute(statement.returning(*CONNECTION_COLUMNS))).one()
        await self._start_tokens(team, connection_id)
        return connection_of(row)

    async def get(self, team: str, connection_id: str) -> Connection | None:
        """A connection of this workspace, whatever its state."""
        row = await self._first(_ONE, team=team, id=connection_id)
        return None if row is None else connection_of(row)

    async def current(self, team: str) -> Connection | None:
        """The ready connection, if there is one."""
        row = await self._first(_CURRENT, team=team)
        return None if row is None else connection_of(row)

    async def client_secret(self, team: str, connection_id: str) -> str:
        """The secret in clear. Raises `NotFoundError`, or `SealedValueError` if it does not open."""
        row = await self._first(_SECRET, team=team, id=connection_id)
        if row is None:
            raise NotFoundError("no such connection")
        return self._sealing.open(_secret_owner(team, connection_id), row[0])

    async def promote(
        self,
        team: str,
        connection_id: str,
        *,
        company_id: str | None,
        company_name: str | None,
        scopes: Sequence[str],
    ) -> bool:
        """Make it the workspace's ready one; the others go, with their tokens. False if it is gone."""
        if (connection_id,) not in await self._rows(_LOCKED, team=team):
            return False
        others = and_(_CONNECTIONS.c.team == team, _CONNECTIONS.c.id != connection_id)
        await self._execution.execute(delete(_CONNECTIONS).where(others))
        return await self._changed(
            self._update(team, connection_id).values(
                state="ready",
                problem=None,
                company_id=company_id,
                company_name=company_name,
                scopes=list(scopes),
            )
        )

    async def fail(self, team: str, connection_id: str, problem: str) -> bool:
        """A connection that was being checked does not work; a ready one is left alone (False)."""
        untried = self._update(team, connection_id).where(_CONNECTIONS.c.state != "ready")
        return await self._changed(untried.values(state="failed", problem=problem))

    async def discard(self, team: str, connection_id: str) -> bool:
        """Delete a connection that is not the ready one."""
        return await self._changed(
            delete(_CONNECTIONS).where(
                _CONNECTIONS.c.team == team,
                _CONNECTIONS.c.id == connection_id,
                _CONNECTIONS.c.state != "ready",
            )
        )

    async def disconnect(self, team: str) -> bool:
        """Delete the ready connection with its secret and tokens. False if there is none."""
        return await self._changed(
            delete(_CONNECTIONS).where(_CONNECTIONS.c.team == team, _CONNECTIONS.c.state == "ready")
        )

    async def note_problem(self, team: str, connection_id: str, problem: str | None) -> bool:
        """Remember what is wrong at present, or with None that nothing is; the state stays."""
        return await self._changed(self._update(team, connection_id).values(problem=problem))

    def _update(self, team: str, connection_id: str) -> Update:
        mine = and_(_CONNECTIONS.c.team == team, _CONNECTIONS.c.id == connection_id)
        return update(_CONNECTIONS).where(mine).values(updated_at=self._now())


def _secret_owner(team: str, connection_id: str) -> Owner:
    return Owner(team, "connections", "client_secret", connection_id)
