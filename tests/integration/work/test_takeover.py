"""Looking for work left behind, whatever happens."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from storage.work.engine import Engine
from storage.work.takeover import Takeover
from tests.integration.work.desk import Desk, until


class FlakyPresence:
    """A presence that fails the first time it is looked after."""

    def __init__(self) -> None:
        self.looks = 0

    async def take(self) -> None:
        """It is there from the beginning."""

    async def keep(self) -> None:
        self.looks += 1
        if self.looks == 1:
            raise LookupError("text that must not be logged")

    @asynccontextmanager
    async def claim(self, executor: str) -> AsyncIterator[bool]:
        yield False

    async def release(self) -> None:
        """It has nothing to give back."""


async def test_a_look_that_fails_is_not_the_last(sqlite_desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    engine = Engine(sqlite_desk.database.url, executor="one", poll_seconds=1, concurrency=1)
    presence = FlakyPresence()
    watching = asyncio.create_task(Takeover(presence, engine, "one").watch())
    await until(lambda: presence.looks == 2)
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)
    await engine.land(0)
    assert [record.getMessage() for record in caplog.records] == [
        "could not look for work left behind: LookupError"
    ]
