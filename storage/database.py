"""The database: transactions to write in, readings to look in, and its schema."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from copy import copy
from functools import partial
from pathlib import Path

from sqlalchemy import URL

from storage.engines import migrating_engine, parse_url
from storage.in_place import InPlaceReading, InPlaceWriting
from storage.precedence import Precedence
from storage.repositories.sealed import sealed_columns
from storage.schema import SchemaState, state_of
from storage.sealing import Sealing
from storage.store import Store
from storage.through_driver import DriverReading, DriverWriting

__all__ = ["Database", "SchemaState"]


class Database:
    """One SQLite file or PostgreSQL database. Nothing is opened before it is used.

    `url` may read ``sqlite:///file``, ``postgresql://…`` or ``postgresql+psycopg://…``; anything else raises
    `BadDatabaseUrlError`.
    """

    def __init__(self, url: str, sealing: Sealing) -> None:
        self._url: URL = parse_url(url)
        self._sealing = sealing
        self.is_sqlite = self._url.get_backend_name() == "sqlite"
        #: Lets whoever answers a person say so; see `giving_way`.
        self.precedence = Precedence()
        self._turn: Callable[[], AbstractAsyncContextManager[object]] = nullcontext
        local = self.is_sqlite
        self._reading = InPlaceReading(self._url) if local else DriverReading(self._url)
        self._writing = InPlaceWriting(self._url) if local else DriverWriting(self._url)

    @property
    def url(self) -> str:
        """The address, with the driver and the password: never log it."""
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
    def sqlite_path(self) -> Path | None:
        """The absolute path of the file, None on PostgreSQL."""
        return Path(str(self._url.database)) if self.is_sqlite else None

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Store]:
        """Write: committed when the block ends, rolled back when it raises.

        On SQLite the write lock is taken at once, so a transaction never fails half-way because of
        another. Never wait for the network inside, and never open one within another.
        """
        async with self._turn(), self._writing.begin() as execution:
            yield Store(execution, self._sealing, writes=True)

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
        await asyncio.to_thread(self._migrate)

    def _migrate(self) -> None:
        from storage.migrating import upgrade  # heavy, and nobody who serves needs it

        engine = migrating_engine(self._url)
        try:
            with engine.begin() as connection:
                upgrade(connection)
        finally:
            engine.dispose()

    async def close(self) -> None:
        """Close every connection; using the database again opens new ones."""
        await self._reading.close()
        await self._writing.close()
