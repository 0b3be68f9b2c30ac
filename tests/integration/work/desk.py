"""What the tests of durable work share: a database, a recording handler, and patience."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager

from storage.database import Database
from storage.sealing import Sealing
from storage.work import Later, Payload, Work

Script = Iterable["Later | Exception | None"]


class Desk:
    """One database, and a handler of the kind ``note`` that notes each call and answers by its script."""

    def __init__(self, url: str, key: str) -> None:
        self.url = url
        self.key = key
        self.sealing = Sealing([key])
        self.database = Database(url, self.sealing)
        self.calls: list[str] = []
        self._scripts: dict[str, list[Later | Exception | None]] = {}

    def work(self, *, sealing: Sealing | None = None, executor: str | None = None) -> Work:
        """Work that looks often, with the handler."""
        work = Work(self.database, sealing or self.sealing, executor=executor, poll_seconds=0.02)
        work.handles("note", self._note)
        return work

    def script(self, name: str, answers: Script) -> None:
        """Let the calls for `name` be answered so, in turn, and with None after that."""
        self._scripts[name] = list(answers)

    async def start(self, work: Work, name: str, *, after: float = 0) -> None:
        """Promise a note, in a transaction of its own."""
        async with self.database.transaction() as store:
            await work.start(store, "note", name, {"name": name}, after=after)

    async def _note(self, payload: Payload) -> Later | None:
        name = str(payload["name"])
        self.calls.append(name)
        script = self._scripts.get(name, [])
        answer = script.pop(0) if script else None
        if isinstance(answer, Exception):
            raise answer
        return answer

    def engine_table(self) -> str:
        """The name of the engine's table, for tests that turn back its clock."""
        return "workflow_status" if self.database.is_sqlite else "dbos.workflow_status"


@asynccontextmanager
async def ready(url: str, key: str) -> AsyncIterator[Desk]:
    """A desk whose database has its tables."""
    desk = Desk(url, key)
    await desk.database.migrate()
    await Work.migrate(desk.database)
    try:
        yield desk
    finally:
        await desk.database.close()


@asynccontextmanager
async def opened(work: Work, *, run: bool = True) -> AsyncIterator[Work]:
    """The work, open for the length of the block."""
    await work.open(run=run)
    try:
        yield work
    finally:
        await work.close(grace_seconds=5)


async def until(condition: Callable[[], bool | Awaitable[bool]], *, seconds: float = 15) -> None:
    """Wait for the condition; TimeoutError if it does not come in time."""
    end = time.monotonic() + seconds
    while True:
        answer = condition()
        if answer if isinstance(answer, bool) else await answer:
            return
        if time.monotonic() > end:
            raise TimeoutError
        await asyncio.sleep(0.01)
