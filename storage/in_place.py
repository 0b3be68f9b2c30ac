"""SQLite in our own process: statements run at once, and only what may wait is handed to a thread.

A statement on a local file takes some ten microseconds; handing it to a driver's thread and back costs ten
times that, and under load each hand-over waits for the interpreter besides. What does wait is waited for in a
thread: for another writer of the file when a transaction begins, and for the disk when it is committed.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext, suppress
from typing import TypeVar

from sqlalchemy import URL, Connection, Engine
from sqlalchemy.exc import OperationalError

from storage.engines import PATIENCE_MS, WRITE_WAIT_MS, reading_engine_in_place, writing_engine_in_place
from storage.execution import Execution, InPlace

T = TypeVar("T")


class InPlaceReading:
    """One connection a thread for reading.

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
        return nullcontext(InPlace(connection, _at_once))

    async def close(self) -> None:
        """Close this thread's connection; those of other threads go with their threads."""
        connection: Connection | None = getattr(self._of_thread, "connection", None)
        if connection is not None:
            connection.close()
        self._engine.dispose()


class InPlaceWriting:
    """One connection for the transactions of one event loop, which take turns in the order they came."""

    def __init__(self, url: URL) -> None:
        self._engine: Engine = writing_engine_in_place(url)
        self._turn = asyncio.Lock()
        self._connection: Connection | None = None
        self._waiter: ThreadPoolExecutor | None = None

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Execution]:
        """A transaction: committed when the block ends, rolled back when it raises."""
        async with self._turn:
            connection = await self._begun()
            try:
                yield InPlace(connection, self._apart)
                await self._apart(connection.commit)
            except BaseException:
                connection.rollback()  # at once: what was not committed is only forgotten
                raise

    async def close(self) -> None:
        """Close the connection; writing again opens another."""
        async with self._turn:
            connection, self._connection = self._connection, None
            waiter, self._waiter = self._waiter, None
            if connection is not None:
                connection.close()
            if waiter is not None:
                waiter.shutdown()
            self._engine.dispose()

    async def _begun(self) -> Connection:
        connection = self._connection
        if connection is None:
            connection = self._connection = await self._apart(self._engine.connect)
        try:
            with suppress(OperationalError):  # another writer has the file just now
                connection.execution_options(**{PATIENCE_MS: 0}).begin()
                return connection
            await self._apart(connection.execution_options(**{PATIENCE_MS: WRITE_WAIT_MS}).begin)
        except BaseException:
            connection.rollback()  # also of one that began after its task was cancelled
            raise
        return connection

    async def _apart(self, act: Callable[[], T]) -> T:
        """Do what may wait in the thread. Cancelled, it first sees the end of what the thread has begun."""
        self._waiter = self._waiter or ThreadPoolExecutor(1, thread_name_prefix="slipway-writes")
        doing = asyncio.get_running_loop().run_in_executor(self._waiter, act)
        try:
            return await asyncio.shield(doing)
        except asyncio.CancelledError:
            while not doing.done():
                with suppress(asyncio.CancelledError):
                    await asyncio.wait((doing,))
            raise


async def _at_once(act: Callable[[], T]) -> T:
    """A reading's connection belongs to its thread."""
    return act()
