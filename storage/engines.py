"""SQLAlchemy engines, set up so that a commit lasts and a writer waits its turn."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from storage.errors import BadDatabaseUrlError

_DRIVERS = {
    "sqlite": "sqlite",
    "sqlite+aiosqlite": "sqlite",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}
WRITE_WAIT_MS = 30_000
#: Execution option of a SQLite connection: for how long it waits for another writer when it begins.
PATIENCE_MS = "slipway_patience_ms"
_READ_WAIT_MS = 2_000  # readers of a WAL file wait only while it is recovered after a crash
# PostgreSQL refuses NaN in JSON: better refused here, where the value still has a name.
_to_json = partial(json.dumps, allow_nan=False, separators=(",", ":"))


def parse_url(url: str) -> URL:
    """The address with the driver named. Raises `BadDatabaseUrlError` if it is not one of ours."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        parsed = None
    if parsed is None or parsed.drivername not in _DRIVERS:
        raise BadDatabaseUrlError(
            "The database address must look like sqlite:///slipway.sqlite "
            "or postgresql://user:password@host/database."
        )
    if parsed.get_backend_name() == "sqlite":
        parsed = _absolute(parsed)
    return parsed.set(drivername=_DRIVERS[parsed.drivername])


def _absolute(url: URL) -> URL:
    if url.database in (None, "", ":memory:") or str(url.database).startswith("file:"):
        raise BadDatabaseUrlError("SQLite needs a file, for example sqlite:///slipway.sqlite.")
    return url.set(database=str(Path(str(url.database)).absolute()))


def writing_engine(url: URL) -> AsyncEngine:
    """For PostgreSQL: the engine of transactions."""
    return create_async_engine(
        url, pool_size=5, max_overflow=5, pool_pre_ping=True, json_serializer=_to_json, hide_parameters=True
    )


def writing_engine_in_place(url: URL) -> Engine:
    """For SQLite: the engine of transactions. Its user keeps one connection, so it needs no pool."""
    return _on_sqlite(url)


def migrating_engine(url: URL) -> Engine:
    """The engine of schema changes: no pool, and no cascades while SQLite tables are rebuilt."""
    if url.get_backend_name() == "sqlite":
        return _on_sqlite(url, foreign_keys=False)
    return create_engine(url, poolclass=NullPool, hide_parameters=True)


def reading_engine_in_place(url: URL) -> Engine:
    """For SQLite: reads in the calling thread, each seeing what was committed last; writes are refused."""
    engine = create_engine(
        url,
        isolation_level="AUTOCOMMIT",
        pool_reset_on_return=None,  # nothing to reset: every statement is its own transaction
        pool_size=4,
        max_overflow=-1,  # waiting for a connection here would stop the event loop
        json_serializer=_to_json,
        hide_parameters=True,
    )
    pragmas = (f"busy_timeout={_READ_WAIT_MS}", "query_only=ON")
    event.listen(engine, "connect", partial(_set_pragmas, pragmas=pragmas))
    return engine


def reading_engine(url: URL) -> AsyncEngine:
    """For PostgreSQL: reads, each seeing what was committed last; writes are refused."""
    return create_async_engine(
        url,
        isolation_level="AUTOCOMMIT",
        pool_size=5,
        max_overflow=5,
        pool_pre_ping=True,
        connect_args={"options": "-c default_transaction_read_only=on"},
        json_serializer=_to_json,
        hide_parameters=True,
    )


def _on_sqlite(url: URL, *, foreign_keys: bool = True) -> Engine:
    # One thread after the other uses a connection, never two at once.
    engine = create_engine(
        url,
        poolclass=NullPool,
        connect_args={"check_same_thread": False},
        json_serializer=_to_json,
        hide_parameters=True,
    )
    pragmas = (
        f"busy_timeout={WRITE_WAIT_MS}",  # first: the next one may have to wait
        "journal_mode=WAL",
        "synchronous=FULL",  # NORMAL may lose the last commits when the power fails
        f"foreign_keys={'ON' if foreign_keys else 'OFF'}",
    )
    event.listen(engine, "connect", partial(_set_pragmas, pragmas=pragmas, own_begin=True))
    event.listen(engine, "begin", _begin_immediate)
    return engine


def _set_pragmas(
    connection: Any, _record: object, *, pragmas: tuple[str, ...], own_begin: bool = False
) -> None:
    if own_begin:
        # The driver would begin only at the first write, and late: a reader that turns writer while
        # another writes fails at once, whatever the timeout (https://sqlite.org/isolation.html).
        connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in pragmas:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_immediate(connection: Connection) -> None:
    patience = connection.get_execution_options().get(PATIENCE_MS, WRITE_WAIT_MS)
    driver: Any = connection.connection.dbapi_connection
    driver.execute(f"PRAGMA busy_timeout={patience}")
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        driver.execute(f"PRAGMA busy_timeout={WRITE_WAIT_MS}")
