"""Who goes first: people who wait for an answer, before work that nobody waits for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager, suppress

_PATIENCE_SECONDS = 0.25


class Precedence:
    """One event loop does both, and its time is what they compete for.

    A launch takes a dozen short steps; a click would wait behind those of all launches that are under way.
    """

    def __init__(self, patience_seconds: float = _PATIENCE_SECONDS) -> None:
        self._patience_seconds = patience_seconds
        self._waiting = 0
        self._quiet = asyncio.Event()
        self._quiet.set()

    @contextmanager
    def somebody_waits(self) -> Iterator[None]:
        """Somebody waits for what is done in this block."""
        self._waiting += 1
        self._quiet.clear()
        try:
            yield
        finally:
            self._waiting -= 1
            if not self._waiting:
                self._quiet.set()

    @asynccontextmanager
    async def after_people(self, turn: AbstractAsyncContextManager[object]) -> AsyncIterator[None]:
        """Take `turn` once nobody waits, or after a moment: however many click, the work goes on."""
        if self._waiting:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._patience_seconds):
                    await self._quiet.wait()
        async with turn:
            yield
