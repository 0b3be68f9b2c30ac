"""Changing the shape of the database, with Alembic: apart, since whoever only serves has no need of it."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

from storage.errors import StorageError
from storage.schema import MIGRATIONS

_LOCK = 7_311_501_884_206_550_133  # any number: two replicas that migrate at once agree on it


def alembic_config(connection: Connection | None = None) -> Config:
    """Alembic's settings, without a file; `connection` is what the migrations will use."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


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
