"""PostgreSQL: everything by way of the async driver."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import URL
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.engines import reading_engine, writing_engine
from storage.execution import Execution, Through


class DriverReading:
    """Connections for reading."""

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


class DriverWriting:
    """Connections for transactions."""

    def __init__(self, url: URL) -> None:
        self._engine: AsyncEngine = writing_engine(url)

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Execution]:
        """A transaction: committed when the block ends, rolled back when it raises."""
        async with self._engine.begin() as connection:
            yield Through(connection)

    async def close(self) -> None:
        """Close the idle connections."""
        await self._engine.dispose()
