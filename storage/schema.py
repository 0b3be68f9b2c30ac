"""The shape of the database: which one it has, and bringing it up to date."""

from __future__ import annotations

from enum import Enum
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from storage.errors import StorageError

_MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = 7_311_501_884_206_550_133  # any number: two replicas that migrate at once agree on it


class SchemaState(Enum):
    """How the database relates to this version of the code."""

    EMPTY = "empty"
    OLD = "old"
    CURRENT = "current"
    NEWER = "newer"


def alembic_config(connection: Connection | None = None) -> Config:
    """Alembic's settings, without a file; `connection` is what the migrations will use."""
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def state_of(connection: Connection) -> SchemaState:
    """Compare the database's revision with the newest migration here."""
    script = ScriptDirectory.from_config(alembic_config())
    present = MigrationContext.configure(connection).get_current_revision()
    if present is None:
        return SchemaState.EMPTY
    if present == script.get_current_head():
        return SchemaState.CURRENT
    known = {revision.revision for revision in script.walk_revisions()}
    return SchemaState.OLD if present in known else SchemaState.NEWER


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Migrate up to `revision` within the connection's transaction; the caller commits.

    Raises `StorageError` when a migration left rows that refer to nothing.
    """
    _wait_for_other_migrations(connection)
    command.upgrade(alembic_config(connection), revision)
    _check_references(connection)


def downgrade(connection: Connection, revision: str) -> None:
    """Migrate down to `revision` within the connection's transaction; the caller commits."""
    _wait_for_other_migrations(connection)
    command.downgrade(alembic_config(connection), revision)
    _check_references(connection)


def _wait_for_other_migrations(connection: Connection) -> None:
    # SQLite needs nothing: the transaction already holds the only write lock.
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})


def _check_references(connection: Connection) -> None:
    # Foreign keys are off while SQLite tables are rebuilt: https://sqlite.org/lang_altertable.html §7
    if connection.dialect.name == "sqlite" and connection.exec_driver_sql("PRAGMA foreign_key_check").all():
        raise StorageError("The migration would leave rows that refer to nothing; nothing was changed.")
