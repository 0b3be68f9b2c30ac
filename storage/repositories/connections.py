"""Ways into Ironclad: reviewed, verified, put in use, disconnected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Update, and_, bindparam, delete, insert, literal_column, select, update

from storage.errors import NotFoundError
from storage.models import ConnectionRow
from storage.records import Connection
from storage.repositories.base import columns_of, new_id, table_of
from storage.repositories.tokens import Tokens
from storage.sealing import Owner

_CONNECTIONS = table_of(ConnectionRow)
DEMO = "demo"  #: the region whose contracts are not meant

CONNECTION_COLUMNS = tuple(columns_of(_CONNECTIONS, Connection))
_LISTS = [n for n, column in enumerate(CONNECTION_COLUMNS) if column.name in ("scopes", "wanted", "findings")]
_OF_TEAM = _CONNECTIONS.c.team == bindparam("team")
_ONE = select(*CONNECTION_COLUMNS).where(_OF_TEAM, _CONNECTIONS.c.id == bindparam("id"))
#: Spelled out, not bound: SQLite plans a query anew for each value that decides about a partial index
#: (https://sqlite.org/partialindex.html), which took four times as long as the query itself.
READY = _CONNECTIONS.c.state == literal_column("'ready'")
_CURRENT = select(*CONNECTION_COLUMNS).where(_OF_TEAM, READY)
_EVERY = select(*CONNECTION_COLUMNS).where(_OF_TEAM).order_by(_CONNECTIONS.c.created_at, _CONNECTIONS.c.id)
_IN_REVIEW = _CONNECTIONS.c.state == "review"
_VERIFIED = _CONNECTIONS.c.state.in_(["ready", "standby"])
_SECRET = select(_CONNECTIONS.c.client_secret).where(_OF_TEAM, _CONNECTIONS.c.id == bindparam("id"))
# Locked in one order, so that two promotions at once wait for each other instead of dead-locking.
_LOCKED = (
    select(_CONNECTIONS.c.id, _CONNECTIONS.c.demo, _CONNECTIONS.c.state)
    .where(_OF_TEAM)
    .order_by(_CONNECTIONS.c.id)
    .with_for_update()
)


def connection_of(row: Sequence[Any]) -> Connection:
    """The record of a row of `CONNECTION_COLUMNS`."""
    values = list(row)
    for place in _LISTS:
        values[place] = tuple(values[place] or ())
    return Connection(*values)


class Connections(Tokens):
    """A workspace has any number of connections on their way, and two verified ones at most.

    One leads to production, one to Ironclad's demo. The one new launches use is ``ready``, the other on
    ``standby``: launches begun over it go on.
    """

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
        wanted: Sequence[str] = (),
        review: bool = False,
    ) -> Connection:
        """Write down credentials to be verified, or reviewed first; the secret is sealed."""
        connection_id = new_id()
        statement = insert(_CONNECTIONS).values(
            team=team,
            id=connection_id,
            region=region,
            grant=grant,
            client_id=client_id,
            client_secret=self._sealing.seal(_secret_owner(team, connection_id), client_secret),
            acting_user=acting_user,
            state="review" if review else "checking",
            scopes=[],
            wanted=list(wanted),
            demo=region == DEMO,
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

    async def all(self, team: str) -> list[Connection]:
        """Every connection of a workspace, the oldest first."""
        return [connection_of(row) for row in await self._rows(_EVERY, team=team)]

    async def of_environment(self, team: str, demo: bool) -> Connection | None:
        """The verified connection to production, or to the demo."""
        return next((one for one in await self.all(team) if one.verified and one.demo == demo), None)

    async def promote(
        self,
        team: str,
        connection_id: str,
        *,
        company_id: str | None,
        company_name: str | None,
        scopes: Sequence[str],
        acting_user: str | None = None,
    ) -> bool:
        """It works: it takes the place of what led to the same environment before. False if it is gone.

        New launches use it, unless it leads to the demo and they use production.
        """
        known = {row.id: row for row in await self._rows(_LOCKED, team=team)}
        if connection_id not in known:
            return False
        demo = known[connection_id].demo
        others = and_(_CONNECTIONS.c.team == team, _CONNECTIONS.c.id != connection_id)
        replaced = and_(others, _CONNECTIONS.c.demo == demo, ~_IN_REVIEW)
        await self._execution.execute(delete(_CONNECTIONS).where(replaced))
        in_use = any(row.state == "ready" and row.demo != demo for row in known.values())
        if not (demo and in_use):
            await self._execution.execute(update(_CONNECTIONS).where(others, READY).values(state="standby"))
        named = {} if acting_user is None else {"acting_user": acting_user}
        return await self._changed(
            self._update(team, connection_id).values(
                state="standby" if demo and in_use else "ready",
                problem=None,
                broken_at=None,
                company_id=company_id,
                company_name=company_name,
                scopes=list(scopes),
                revision=_CONNECTIONS.c.revision + 1,
                **named,
            )
        )

    async def put_in_use(self, team: str, connection_id: str) -> bool:
        """Let new launches use a connection on standby, in place of the one they use now."""
        known = {row.id: row for row in await self._rows(_LOCKED, team=team)}
        if connection_id not in known or known[connection_id].state != "standby":
            return False
        await self._execution.execute(
            update(_CONNECTIONS).where(_CONNECTIONS.c.team == team, READY).values(state="standby")
        )
        return await self._changed(self._update(team, connection_id).values(state="ready"))

    async def fail(self, team: str, connection_id: str, problem: str) -> bool:
        """A connection that was being verified does not work; a verified one is left alone (False)."""
        untried = self._update(team, connection_id).where(~_VERIFIED)
        return await self._changed(untried.values(state="failed", problem=problem))

    async def verify_again(self, team: str, connection_id: str) -> bool:
        """One that failed to work may be tried once more, as it is."""
        failed = self._update(team, connection_id).where(_CONNECTIONS.c.state.in_(["failed", "checking"]))
        return await self._changed(failed.values(state="checking", problem=None))

    async def review(self, team: str, connection_id: str, *, by: str, returned: str | None) -> bool:
        """A second admin approves a published connection or, with a reason, returns it. True once."""
        published = self._update(team, connection_id).where(_IN_REVIEW, _CONNECTIONS.c.created_by != by)
        state = "checking" if returned is None else "returned"
        return await self._changed(published.values(state=state, reviewed_by=by, problem=returned))

    async def discard(self, team: str, connection_id: str) -> bool:
        """Delete a connection that is not a verified one."""
        return await self._changed(
            delete(_CONNECTIONS).where(
                _CONNECTIONS.c.team == team, _CONNECTIONS.c.id == connection_id, ~_VERIFIED
            )
        )

    async def disconnect(self, team: str, connection_id: str) -> bool:
        """Delete a verified connection with its secret and tokens. False if there is none."""
        return await self._changed(
            delete(_CONNECTIONS).where(
                _CONNECTIONS.c.team == team, _CONNECTIONS.c.id == connection_id, _VERIFIED
            )
        )

    async def note_problem(self, team: str, connection_id: str, problem: str | None) -> bool:
        """Remember what is wrong at present, or with None that nothing is; the state stays."""
        return await self._changed(self._update(team, connection_id).values(problem=problem))

    async def note_broken(self, team: str, connection_id: str, problem: str) -> bool:
        """Ironclad takes neither credentials nor tokens any more. True for the one who notices first."""
        whole = self._update(team, connection_id).where(_VERIFIED, _CONNECTIONS.c.broken_at.is_(None))
        return await self._changed(whole.values(broken_at=self._now(), problem=problem))

    async def note_mended(self, team: str, connection_id: str) -> bool:
        """It works again. True if it did not before."""
        broken = self._update(team, connection_id).where(_CONNECTIONS.c.broken_at.is_not(None))
        return await self._changed(
            broken.values(broken_at=None, problem=None, revision=_CONNECTIONS.c.revision + 1)
        )

    async def note_findings(
        self, team: str, connection_id: str, findings: Sequence[Mapping[str, Any]], problem: str | None
    ) -> bool:
        """Remember what a check found, and the worst of it as the problem."""
        checked = self._update(team, connection_id).where(_VERIFIED)
        facts = {"findings": [dict(one) for one in findings], "checked_at": self._now(), "problem": problem}
        return await self._changed(checked.values(**facts))

    async def replace_secret(self, team: str, connection_id: str, client_secret: str) -> bool:
        """Keep another secret in place of the one before; tokens stay, so nothing stops."""
        sealed = self._sealing.seal(_secret_owner(team, connection_id), client_secret)
        return await self._changed(
            self._update(team, connection_id).values(
                client_secret=sealed, revision=_CONNECTIONS.c.revision + 1
            )
        )

    def _update(self, team: str, connection_id: str) -> Update:
        mine = and_(_CONNECTIONS.c.team == team, _CONNECTIONS.c.id == connection_id)
        return update(_CONNECTIONS).where(mine).values(updated_at=self._now())


def _secret_owner(team: str, connection_id: str) -> Owner:
    return Owner(team, "connections", "client_secret", connection_id)
