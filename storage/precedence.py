"""Who goes first: people who wait for an answer, before work that nobody waits for."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager, suppress

_PATIENCE_SECONDS = 0.25
_PLACE_SECONDS = 2.0
_LULL_SECONDS = 0.1


class Precedence:
    """One event loop does both, and its time is what they compete for.

    A launch takes a dozen short steps; a click would wait behind those of all launches that are under way. So
    while people come and go (nobody for `lull_seconds` ends it), work is done one piece after the other, each
    waiting `place_seconds` for its place at most, and its transactions `patience_seconds` for a quiet moment.
    """

    def __init__(
        self,
        patience_seconds: float = _PATIENCE_SECONDS,
        place_seconds: float = _PLACE_SECONDS,
        lull_seconds: float = _LULL_SECONDS,
    ) -> None:
        self._patience_seconds = patience_seconds
        self._place_seconds = place_seconds
        self._lull_seconds = lull_seconds
        self._waiting = 0
        self._last_left = float("-inf")
        self._place = asyncio.Lock()
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
            self._last_left = time.monotonic()
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

    @asynccontextmanager
    async def one_by_one(self) -> AsyncIterator[None]:
        """A piece of work: while people come and go, one is done after the other."""
        placed = self._busy and await self._takes_place()
        try:
            yield
        finally:
            if placed:
                self._place.release()

    async def _takes_place(self) -> bool:
        """Whether the place became free in time; the work is done in any case."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self._place_seconds):
                return await self._place.acquire()
        return False

    @property
    def _busy(self) -> bool:
        return self._waiting > 0 or time.monotonic() - self._last_left < self._lull_seconds
