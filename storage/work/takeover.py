"""Taking up the work of processes that died."""

from __future__ import annotations

import asyncio
import logging
from typing import NoReturn

from storage.work.engine import Engine
from storage.work.presence import Presence

_LOOK_SECONDS = 1.0

logger = logging.getLogger("slipway.work")


class Takeover:
    """Looks about for executors that left work behind."""

    def __init__(self, presence: Presence, engine: Engine, executor: str) -> None:
        self._presence = presence
        self._engine = engine
        self._executor = executor
        self._missing: set[str] = set()

    async def watch(self) -> NoReturn:
        """Look every second, for ever."""
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            try:
                await self.look()
            except Exception as error:  # whatever it is: who stops looking never takes over again
                logger.warning("could not look for work left behind: %s", type(error).__name__)

    async def look(self) -> None:
        """Queue again what executors were running that were missing this time and the last.

        Once is not enough: when the database restarts, everyone is missing until they are back.
        """
        await self._presence.keep()
        others = await asyncio.to_thread(self._engine.ledger.executors) - {self._executor}
        self._missing = {executor for executor in others if await self._is_missing(executor)}

    async def _is_missing(self, executor: str) -> bool:
        async with self._presence.claim(executor) as missing:
            if missing and executor in self._missing:
                logger.warning("taking over the work of executor %s, which is gone", executor)
                await self._engine.recover(executor)
        return missing
