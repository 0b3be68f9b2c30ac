"""Who does the work: one process per SQLite file, any number on PostgreSQL that notice each other's death."""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from pathlib import Path
from typing import Protocol

from sqlalchemy import NullPool, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from storage.database import Database
from storage.work.items import AlreadyRunning

# A host that vanishes without closing its connection counts as dead after 5 + 3 × 2 seconds.
_KEEPALIVE = {"keepalives": 1, "keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3}


class Presence(Protocol):
    """The sign that a process is there. It vanishes with the process, without any clock."""

    async def take(self) -> None:
        """Be there. Raises `AlreadyRunning` when another process holds the place."""
        ...

    async def keep(self) -> None:
        """Be there still: take the place again if the connection to the database was lost."""
        ...

    def claim(self, executor: str) -> AbstractAsyncContextManager[bool]:
        """True when `executor` is dead; it cannot come back before the block ends."""
        ...

    async def release(self) -> None:
        """Be there no more."""
        ...


class FilePresence:
    """On SQLite: a lock on a file beside the database. Two processes on one file would do work twice."""

    def __init__(self, database_file: Path) -> None:
        self._database_file = database_file
        self._lock_file = database_file.with_name(database_file.name + ".lock")
        self._descriptor: int | None = None

    async def take(self) -> None:
        descriptor = os.open(self._lock_file, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(descriptor, 20).decode("ascii", "replace").strip() or "unknown"
            os.close(descriptor)
            raise AlreadyRunning(
                f"Process {holder} is already running on {self._database_file}. "
                "Stop it first: a SQLite file serves one process (PostgreSQL serves several)."
            ) from None
        # The file stays when we go: removing it would let two processes lock two files of one name.
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode("ascii"))
        self._descriptor = descriptor

    async def keep(self) -> None:
        """Nothing can take a file lock away."""

    @asynccontextmanager
    async def claim(self, executor: str) -> AsyncIterator[bool]:
        yield True  # the file is ours, so whoever left work behind is gone

    async def release(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


class SessionPresence:
    """On PostgreSQL: an advisory lock per executor, held by a session that ends with the process.

    Needs a connection of its own for as long as the process lives (no transaction-pooling proxy).
    """

    def __init__(self, database: Database, executor: str) -> None:
        self._executor = executor
        self._engine = create_async_engine(
            database.url, poolclass=NullPool, isolation_level="AUTOCOMMIT", connect_args=_KEEPALIVE
        )
        self._connection: AsyncConnection | None = None

    async def take(self) -> None:
        connection = await self._engine.connect()
        if not await _lock(connection, self._executor):
            await connection.close()
            raise AlreadyRunning(f"Another process is already running as executor {self._executor}.")
        self._connection = connection

    async def keep(self) -> None:
        if not await self._is_held():
            await self.release()
            await self.take()

    @asynccontextmanager
    async def claim(self, executor: str) -> AsyncIterator[bool]:
        connection = self._connection
        dead = connection is not None and await _lock(connection, executor)
        try:
            yield dead
        finally:
            if connection is not None and dead:
                await connection.execute(
                    text("SELECT pg_advisory_unlock(:lock)"), {"lock": _number(executor)}
                )

    async def release(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            if not connection.invalidated:
                with suppress(SQLAlchemyError):  # closing frees the lock too, a little later
                    await _unlock(connection, self._executor)
            with suppress(SQLAlchemyError):  # a dead connection has nothing left to give back
                await connection.close()

    async def _is_held(self) -> bool:
        if self._connection is None:
            return False
        try:
            await self._connection.execute(text("SELECT 1"))
        except SQLAlchemyError:
            return False
        return True


async def _lock(connection: AsyncConnection, executor: str) -> bool:
    result = await connection.execute(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": _number(executor)})
    return bool(result.scalar_one())


async def _unlock(connection: AsyncConnection, executor: str) -> None:
    await connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": _number(executor)})


def _number(executor: str) -> int:
    digest = hashlib.sha256(b"slipway work executor\0" + executor.encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


def presence_for(database: Database, executor: str) -> Presence:
    """The kind of presence that fits the database."""
    if database.sqlite_path is not None:
        return FilePresence(database.sqlite_path)
    return SessionPresence(database, executor)
