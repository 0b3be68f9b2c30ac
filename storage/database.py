"""The database: transactions to write in, readings to look in, and its schema."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from copy import copy
from functools import partial
from pathlib import Path

from sqlalchemy import URL, Connection, Engine
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.engines import (
    migrating_engine,
    parse_url,
    reading_engine,
    reading_engine_in_place,
    writing_engine,
)
from storage.execution import Execution, InPlace, Through
from storage.precedence import Precedence
from storage.repositories.sealed import sealed_columns
from storage.schema import SchemaState, state_of, upgrade
from storage.sealing import Sealing
from storage.store import Store

__all__ = ["Database", "SchemaState"]


class Database:
    """One SQLite file or PostgreSQL database. Nothing is opened before it is used.

    `url` may read ``sqlite:///file``, ``sqlite+aiosqlite:///file``, ``postgresql://…`` or
    ``postgresql+psycopg://…``; anything else raises `BadDatabaseUrlError`.
    """

    def __init__(self, url: str, sealing: Sealing) -> None:
        self._url: URL = parse_url(url)
        self._sealing = sealing
        self.is_sqlite = self._url.get_backend_name() == "sqlite"
        #: Engine of the transactions; only `storage.work` may need it besides this class.
        self.engine: AsyncEngine = writing_engine(self._url)
        #: Lets whoever answers a person say so; see `giving_way`.
        self.precedence = Precedence()
        self._turn: Callable[[], AbstractAsyncContextManager[object]] = nullcontext
        self._reading: Reading = InPlaceReading(self._url) if self.is_sqlite else DriverReading(self._url)

    @property
    def url(self) -> str:
        """The address, with the async driver and the password: never log it."""
        return self._url.render_as_string(hide_password=False)

    @property
    def key_ids(self) -> tuple[str, ...]:
        """Short names of the encryption keys, the sealing one first."""
        return self._sealing.key_ids

    @property
    def sealed_tables(self) -> tuple[str, ...]:
        """The tables that hold sealed values."""
        return tuple(table.name for table in sealed_columns())

    @property
    def sync_url(self) -> str:
        """The same address for synchronous engines (with the password: never log it)."""
        sync = self._url.set(drivername="sqlite") if self.is_sqlite else self._url
        return sync.render_as_string(hide_password=False)

    @property
    def sqlite_path(self) -> Path | None:
        """The absolute path of the file, None on PostgreSQL."""
        return Path(str(self._url.database)) if self.is_sqlite else None

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Store]:
        """Write: committed when the block ends, rolled back when it raises.

        On SQLite the write lock is taken at once, so a transaction never fails half-way because of
        another. Never wait for the network inside, and never open one within another.
        """
        async with self._turn(), self.engine.begin() as connection:
            yield Store(Through(connection), self._sealing, connection)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Store]:
        """Look only: each query sees what was committed last; a write raises SQLAlchemy's DBAPIError."""
        async with self._reading.connect() as execution:
            yield Store(execution, self._sealing)

    def giving_way(self) -> Database:
        """The same database for work that nobody waits for. Close the original only.

        Its transactions begin when no person is waited on (`precedence`), or a moment later. On SQLite
        everybody queues for one writer. Those who write through this object take one place in that queue
        between them, so that a person's submit waits for one of them and not for all.
        """
        polite = copy(self)
        behind = asyncio.Semaphore(1) if self.is_sqlite else nullcontext()
        polite._turn = partial(self.precedence.after_people, behind)
        return polite

    async def schema_state(self) -> SchemaState:
        """Whether the database fits this version of the code."""
        async with self._reading.connect() as execution:
            return await execution.run_sync(state_of)

    async def migrate(self) -> None:
        """Bring the schema up to date, all or nothing; does nothing if it is. Replicas may do so at once."""
        engine = migrating_engine(self._url)
        try:
            async with engine.begin() as connection:
                await connection.run_sync(upgrade)
        finally:
            await engine.dispose()

    async def close(self) -> None:
        """Close every connection; using the database again opens new ones."""
        await self._reading.close()
        await self.engine.dispose()


class InPlaceReading:
    """One connection a thread for reading a SQLite file in place.

    All readings of a thread share it, since no statement waits for anything and each is a transaction of its
    own; taking one from the pool each time would cost as much as the query that `/contract` needs.
    """

    def __init__(self, url: URL) -> None:
        self._engine: Engine = reading_engine_in_place(url)
        self._of_thread = threading.local()

    def connect(self) -> AbstractAsyncContextManager[Execution]:
        """The calling thread's connection."""
        connection: Connection | None = getattr(self._of_thread, "connection", None)
        if connection is None or connection.closed or connection.invalidated:
            connection = self._of_thread.connection = self._engine.connect()
        return nullcontext(InPlace(connection))

    async def close(self) -> None:
        """Close this thread's connection; those of other threads go with their threads."""
        connection: Connection | None = getattr(self._of_thread, "connection", None)
        if connection is not None:
            connection.close()
        self._engine.dispose()


class DriverReading:
    """Connections for reading through the async driver."""

    def __init__(self, url: URL) -> None:
        self._engine: AsyncEngine = reading_engine(url)

    @asynccontextmanager
    async def connect(self) -> AsyncIterator[Execution]:
        """A connection, given back at the end of the block."""
        async with self._engine.connect() as connection:
            yield Through(connection)

    async def close(self) -> None:
        """Close the idle connections."""
        await self._engine.dispose()


Reading = InPlaceReading | DriverReading
