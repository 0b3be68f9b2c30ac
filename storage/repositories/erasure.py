"""Deleting everything that is kept of a workspace."""

from __future__ import annotations

from sqlalchemy import Table, delete, func, select, update

from storage.models import LaunchRow, Row, WorkspaceRow
from storage.repositories.base import Repository, table_of

#: What stays: who did what; that the app is installed; which numbers requests have had.
KEPT = frozenset(
    {"audit_entries", "audit_heads", "installs", "org_workspaces", "install_states", "workspaces"}
)
_LAUNCHES = table_of(LaunchRow)
_WORKSPACES = table_of(WorkspaceRow)


def erased_tables() -> list[Table]:
    """Every table with what belongs to a workspace, those that refer to others before them."""
    tables = reversed(Row.metadata.sorted_tables)
    return [table for table in tables if "team" in table.c and table.name not in KEPT]


class Erasure(Repository):
    """Goes by the tables there are, so that nobody has to remember it when one is added."""

    async def count(self, team: str) -> dict[str, int]:
        """How many rows there are of the workspace, by table; only of tables with any."""
        found = {}
        for table in erased_tables():
            counted = select(func.count()).select_from(table).where(table.c.team == team)
            found[table.name] = int((await self._execution.execute(counted)).scalar_one())
        return {name: count for name, count in found.items() if count}

    async def under_way(self, team: str) -> int:
        """How many launches have not come to an end."""
        counted = select(func.count()).where(_LAUNCHES.c.team == team, _LAUNCHES.c.state == "launching")
        return int((await self._execution.execute(counted)).scalar_one())

    async def erase(self, team: str) -> dict[str, int]:
        """Delete them all. Says how many there were, by table."""
        gone = {}
        for table in erased_tables():
            gone[table.name] = await self._execution.execute_long(delete(table).where(table.c.team == team))
        nothing = {"channel": None, "channel_set_by": None, "channel_problem": None}
        await self._execution.execute(update(_WORKSPACES).where(_WORKSPACES.c.team == team).values(nothing))
        return {name: count for name, count in gone.items() if count}
