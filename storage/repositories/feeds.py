"""How news of workflows come in: whose list is due to be read, and whose webhook calls."""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict

from sqlalchemy import and_, bindparam, exists, or_, select, update

from storage.models import ConnectionRow, LaunchRow
from storage.models.feeds import FeedRow
from storage.records.feeds import Feed
from storage.repositories.base import Repository, columns_of, new_id, table_of
from storage.repositories.launches import running

WAKE_SECONDS = 60.0  # from a launch until its workflow is looked at

_FEEDS = table_of(FeedRow)
_CONNECTIONS = table_of(ConnectionRow)
_LAUNCHES = table_of(LaunchRow)
_COLUMNS = columns_of(_FEEDS, Feed)
_ONE = select(*_COLUMNS).where(
    _FEEDS.c.team == bindparam("team"), _FEEDS.c.connection_id == bindparam("connection_id")
)
_BY_ADDRESS = select(*_COLUMNS).where(_FEEDS.c.address == bindparam("address"))
_FOLLOWED = exists().where(
    _LAUNCHES.c.team == _CONNECTIONS.c.team, _LAUNCHES.c.demo == _CONNECTIONS.c.demo, running()
)
_DUE = (
    select(_CONNECTIONS.c.team, _CONNECTIONS.c.id)
    .outerjoin(
        _FEEDS, and_(_FEEDS.c.team == _CONNECTIONS.c.team, _FEEDS.c.connection_id == _CONNECTIONS.c.id)
    )
    .where(
        _CONNECTIONS.c.state.in_(("ready", "standby")),
        _CONNECTIONS.c.broken_at.is_(None),
        or_(_FEEDS.c.next_at.is_(None), _FEEDS.c.next_at <= bindparam("now")),
        _FOLLOWED,
    )
    .order_by(_FEEDS.c.next_at, _CONNECTIONS.c.team, _CONNECTIONS.c.id)
)


class FeedFacts(TypedDict, total=False):
    """What is learnt of a feed."""

    read_until: datetime | None
    next_at: datetime
    quiet: int
    webhook: str | None
    key: str | None
    heard_at: datetime
    settled_at: datetime
    problem: str | None


class Feeds(Repository):
    """One for each connection that launched something."""

    async def due(self, now: datetime, limit: int) -> list[tuple[str, str]]:
        """Workspace and id of the connections, of all workspaces, whose workflows are to be looked at now."""
        return [(row[0], row[1]) for row in await self._rows(_DUE.limit(limit), now=now)]

    async def ensure(self, team: str, connection_id: str) -> Feed | None:
        """A connection's feed, begun if need be; None without such a connection."""
        known = select(_CONNECTIONS.c.id).where(
            _CONNECTIONS.c.team == team, _CONNECTIONS.c.id == connection_id
        )
        if await self._first(known) is None:
            return None
        fresh = self._insert(_FEEDS).values(
            team=team, connection_id=connection_id, next_at=self._now(), quiet=0, address=new_id()
        )
        await self._execution.execute(fresh.on_conflict_do_nothing(index_elements=["team", "connection_id"]))
        return await self.get(team, connection_id)

    async def get(self, team: str, connection_id: str) -> Feed | None:
        """A connection's feed."""
        row = await self._first(_ONE, team=team, connection_id=connection_id)
        return None if row is None else Feed(*row)

    async def by_address(self, address: str) -> Feed | None:
        """The feed whose webhook calls this address: a random one, that only Ironclad was told."""
        row = await self._first(_BY_ADDRESS, address=address)
        return None if row is None else Feed(*row)

    async def put_off(self, feed: Feed, until: datetime) -> bool:
        """Read it next at `until`; False when somebody else has taken that on meanwhile."""
        return await self._changed(
            update(_FEEDS)
            .where(
                _FEEDS.c.team == feed.team,
                _FEEDS.c.connection_id == feed.connection_id,
                _FEEDS.c.next_at == feed.next_at,
            )
            .values(next_at=until)
        )

    async def wake(self, team: str, *, demo: bool) -> bool:
        """Something was launched there: its list is read soon, however quiet it was."""
        environment = select(_CONNECTIONS.c.id).where(
            _CONNECTIONS.c.team == team, _CONNECTIONS.c.demo.is_(demo)
        )
        soon = self._now(WAKE_SECONDS)
        return await self._changed(
            update(_FEEDS)
            .where(_FEEDS.c.team == team, _FEEDS.c.connection_id.in_(environment), _FEEDS.c.next_at > soon)
            .values(next_at=soon, quiet=0)
        )

    async def note(self, team: str, connection_id: str, facts: FeedFacts) -> bool:
        """Write down what was learnt."""
        return await self._changed(
            update(_FEEDS)
            .where(_FEEDS.c.team == team, _FEEDS.c.connection_id == connection_id)
            .values(**facts)
        )
