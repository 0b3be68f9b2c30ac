"""The shape of the database: which one it has, and which one this version works with."""

from __future__ import annotations

from enum import Enum
from functools import cache
from pathlib import Path

from sqlalchemy import Connection, column, inspect, select, table

MIGRATIONS = Path(__file__).parent / "migrations"
_KEPT_IN = table("alembic_version", column("version_num"))  # Alembic's: one row, the database's revision


class SchemaState(Enum):
    """How the database relates to this version of the code."""

    EMPTY = "empty"
    OLD = "old"
    CURRENT = "current"
    NEWER = "newer"


def state_of(connection: Connection) -> SchemaState:
    """Compare the database's revision with the newest migration here."""
    if not inspect(connection).has_table(_KEPT_IN.name):
        return SchemaState.EMPTY
    present = connection.scalar(select(_KEPT_IN.c.version_num))
    if present is None:
        return SchemaState.EMPTY
    known = revisions()
    if present == known[-1]:
        return SchemaState.CURRENT
    return SchemaState.OLD if present in known else SchemaState.NEWER


@cache
def revisions() -> tuple[str, ...]:
    """The revisions of our migrations, the oldest first: the numbers that their files begin with."""
    files = (MIGRATIONS / "versions").glob("[0-9]*_*.py")
    return tuple(sorted(file.name.partition("_")[0] for file in files))
