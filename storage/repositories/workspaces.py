"""Workspaces and their settings."""

from __future__ import annotations

from sqlalchemy import and_, bindparam, select, update

from storage.models import ConnectionRow, WorkspaceRow
from storage.records import Workspace
from storage.repositories.base import Repository, table_of

_WORKSPACES = table_of(WorkspaceRow)
_CONNECTIONS = table_of(ConnectionRow)
_READY = and_(_CONNECTIONS.c.team == _WORKSPACES.c.team, _CONNECTIONS.c.state == "ready")

WORKSPACE_COLUMNS = (
    _WORKSPACES.c.team,
    _WORKSPACES.c.name,
    _WORKSPACES.c.channel,
    _WORKSPACES.c.channel_problem,
    _CONNECTIONS.c.id.label("connection_id"),
    _WORKSPACES.c.created_at,
)
_ALL = select(*WORKSPACE_COLUMNS).select_from(_WORKSPACES.outerjoin(_CONNECTIONS, _READY))
_ONE = _ALL.where(_WORKSPACES.c.team == bindparam("team"))
_IN_ORDER = _ALL.order_by(_WORKSPACES.c.team)


class Workspaces(Repository):
    """One row per Slack workspace that Slipway has met."""

    async def ensure(self, team: str, name: str = "") -> Workspace:
        """The workspace, made if it is new and renamed if `name` is given and differs."""
        known = await self.get(team)
        if known is not None and name in ("", known.name):
            return known
        fresh = self._insert(_WORKSPACES).values(team=team, name=name, created_at=self._now())
        await self._execution.execute(
            fresh.on_conflict_do_update(index_elements=["team"], set_={"name": fresh.excluded.name})
            if name
            else fresh.on_conflict_do_nothing()
        )
        return Workspace(*(await self._execution.execute(_ONE, {"team": team})).one())

    async def get(self, team: str) -> Workspace | None:
        """The workspace, or None if Slipway has not met it."""
        row = await self._first(_ONE, team=team)
        return None if row is None else Workspace(*row)

    async def all(self) -> list[Workspace]:
        """Every workspace: for schedules and the doctor, never for something a person asked."""
        return [Workspace(*row) for row in await self._rows(_IN_ORDER)]

    async def set_channel(self, team: str, channel_id: str, by: str) -> None:
        """Post requests to this channel from now on; what was wrong with the former one is forgotten."""
        chosen = {"channel": channel_id, "channel_set_by": by, "channel_problem": None}
        fresh = self._insert(_WORKSPACES).values(team=team, name="", created_at=self._now(), **chosen)
        await self._execution.execute(fresh.on_conflict_do_update(index_elements=["team"], set_=chosen))

    async def note_channel_problem(self, team: str, problem: str | None) -> bool:
        """Remember why the channel cannot be posted to, or with None that it can again."""
        return await self._changed(
            update(_WORKSPACES).where(_WORKSPACES.c.team == team).values(channel_problem=problem)
        )
