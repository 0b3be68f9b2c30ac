"""How a statement reaches the database: through the async driver, or at once."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, CursorResult, Executable
from sqlalchemy.ext.asyncio import AsyncConnection

T = TypeVar("T")
#: Rows of any width: which columns they have is the business of whoever wrote the statement.
Result = CursorResult[*tuple[Any, ...]]
Parameters = Mapping[str, Any] | Sequence[Mapping[str, Any]] | None


class Execution(Protocol):
    """One database connection, as repositories use it."""

    @property
    def dialect(self) -> str:
        """``sqlite`` or ``postgresql``."""
        ...

    async def execute(self, statement: Executable, parameters: Parameters = None) -> Result:
        """Execute, and give the buffered result."""
        ...

    async def execute_long(self, statement: Executable) -> int:
        """Execute what may take seconds without stopping anybody; gives the number of rows it was about."""
        ...

    def savepoint(self) -> AbstractAsyncContextManager[object]:
        """A part of the transaction that is undone by itself when the block raises."""
        ...

    async def run_sync(self, act: Callable[[Connection], T]) -> T:
        """Let synchronous SQLAlchemy code use the connection."""
        ...


class Through:
    """By way of the async driver."""

    def __init__(self, connection: AsyncConnection) -> None:
        self.connection = connection

    @property
    def dialect(self) -> str:
        """``sqlite`` or ``postgresql``."""
        return self.connection.dialect.name

    async def execute(self, statement: Executable, parameters: Parameters = None) -> Result:
        """Execute, and give the buffered result."""
        return await self.connection.execute(statement, parameters)

    async def execute_long(self, statement: Executable) -> int:
        """Execute; gives the number of rows it was about."""
        return (await self.connection.execute(statement)).rowcount

    def savepoint(self) -> AbstractAsyncContextManager[object]:
        """A part of the transaction that is undone by itself when the block raises."""
        return self.connection.begin_nested()

    async def run_sync(self, act: Callable[[Connection], T]) -> T:
        """Let synchronous SQLAlchemy code use the connection."""
        return await self.connection.run_sync(act)


class InPlace:
    """In the calling thread: see `storage.in_place`. `apart` is where that may take too long."""

    def __init__(self, connection: Connection, apart: Callable[[Callable[[], int]], Awaitable[int]]) -> None:
        self._connection = connection
        self._apart = apart

    @property
    def dialect(self) -> str:
        """``sqlite``."""
        return self._connection.dialect.name

    async def execute(self, statement: Executable, parameters: Parameters = None) -> Result:
        """Execute, and give the result. Read it to its end: an open one keeps later reads in its past."""
        return self._connection.execute(statement, parameters)

    async def execute_long(self, statement: Executable) -> int:
        """Execute in another thread; gives the number of rows it was about."""
        return await self._apart(lambda: self._connection.execute(statement).rowcount)

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[object]:
        """A part of the transaction that is undone by itself when the block raises."""
        with self._connection.begin_nested() as part:
            yield part

    async def run_sync(self, act: Callable[[Connection], T]) -> T:
        """Call `act` with the connection."""
        return act(self._connection)
