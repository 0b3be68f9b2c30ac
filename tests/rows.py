"""Everything a workspace has in the database, to see whether somebody touched it."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import text

from storage.models import Row
from storage.store import Store


def _every_row(dialect: str, teams: Collection[str]) -> str:
    """A statement for all rows of these workspaces: table, workspace, and the row as a text."""
    wanted = ", ".join(f"'{team}'" for team in teams)
    parts = []
    for table in Row.metadata.sorted_tables:
        columns = ", ".join(f'"{column.name}"' for column in table.c)
        row = f"json_array({columns})" if dialect == "sqlite" else f"to_jsonb({table.name})::text"
        of_them = f"FROM {table.name} WHERE team IN ({wanted})"
        parts.append(f"SELECT '{table.name}', team, {row} {of_them}")
    return " UNION ALL ".join(parts)


async def rows_of(store: Store, *teams: str) -> dict[str, list[tuple[str, str]]]:
    """Every row of these workspaces, by workspace."""
    dialect = store.connection.dialect
    found: dict[str, list[tuple[str, str]]] = {team: [] for team in teams}
    for table, team, row in await store.connection.execute(text(_every_row(dialect, teams))):
        found[team].append((table, row))
    return {team: sorted(rows) for team, rows in found.items()}
