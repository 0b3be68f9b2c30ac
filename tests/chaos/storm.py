"""Many launches while processes die and Ironclad's answers get lost."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial

from storage import Database, Sealing
from storage.work import Work, WorkItem
from tests.chaos.requesters import PEOPLE, WITH_REFERENCE, WITHOUT_REFERENCE, Book, Requester
from tests.cli.terminal import Server, Terminal
from tests.cli.town import Town
from tests.integration.work.desk import until
from tests.place import KEY
from tests.sandbox.ironclad.world import IroncladWorld

LAUNCH = {"path_prefix": "/public/api/v1/workflows", "method": "POST"}
_CALM_SECONDS = 120.0

Death = Callable[[], Awaitable[None]]


class Mortal:
    """A server that dies at once when told, and is started again at once."""

    def __init__(self, terminal: Terminal, server: Server) -> None:
        self._terminal = terminal
        self._server = server

    async def die(self) -> None:
        """SIGKILL, then a new process; returns before that one answers."""
        await self._server.kill()
        self._server = await self._terminal.start()

    async def leave(self) -> None:
        """SIGKILL, and nothing more."""
        await self._server.kill()


@asynccontextmanager
async def mortal(terminal: Terminal, url: str) -> AsyncIterator[Mortal]:
    """A server that answers, and whose last process is killed at the end."""
    server = await terminal.start()
    made = Mortal(terminal, server)
    try:
        await server.ready(url)
        yield made
    finally:
        await made.leave()


def lost_answers(ironclad: IroncladWorld, *, times: int = -1) -> None:
    """A quarter of the launches are carried out and never answered, so many of them or (-1) always."""
    ironclad.limits.enabled = False
    ironclad.rules.index_lag = 0.3
    ironclad.fault(**LAUNCH, kind="act_then_drop", probability=0.25, times=times)


def slow_answers(ironclad: IroncladWorld) -> None:
    """Many launches take a while, so that deaths fall into them: some even begin after the asker died."""
    ironclad.fault(**LAUNCH, kind="slow", probability=0.4, times=-1, seconds=0.8)


def silences(ironclad: IroncladWorld) -> None:
    """Some launches are carried out and answered when it is too late; some never arrive."""
    ironclad.fault(**LAUNCH, kind="act_then_hang", probability=0.2, times=10)
    ironclad.fault(**LAUNCH, kind="drop_before", probability=0.1, times=4)


async def storm(town: Town, die: Death, *, launches: int, deaths: int, seed: int) -> Book:
    """So many launches are acknowledged and so many deaths died when this returns."""
    chance, book = random.Random(seed), Book()
    moments = sorted(chance.sample(range(launches // 20, launches - launches // 20), deaths))
    templates = iter(chance.choices((WITH_REFERENCE, WITHOUT_REFERENCE), k=launches))
    async with asyncio.TaskGroup() as group:
        group.create_task(_kill(town.ironclad, die, book, moments, chance))
        for name in PEOPLE:
            requester = Requester(town.person(name), book, random.Random(chance.random()))
            group.create_task(requester.launch_all(templates))
    return book


async def _kill(
    ironclad: IroncladWorld, die: Death, book: Book, moments: list[int], chance: random.Random
) -> None:
    """Die once so many launches were acknowledged, and a little later each time."""
    for moment in moments:
        await until(partial(book.has, moment), seconds=_CALM_SECONDS)
        await asyncio.sleep(chance.uniform(0, 0.7))
        book.cut_off += sum(
            one.seconds is None for one in ironclad.requests.of("POST", LAUNCH["path_prefix"])
        )
        await die()


async def calm(url: str) -> None:
    """Wait until no durable work is under way. Raises TimeoutError that names what is."""
    sealing = Sealing([KEY])
    database = Database(url, sealing)
    work = Work(database, sealing)
    await work.open(run=False)
    waiting: list[WorkItem] = []

    async def nothing_waits() -> bool:
        await asyncio.sleep(0.2)  # not to be in the way of what is awaited
        waiting[:] = [one for one in await work.waiting() if not one.kind.startswith("every:")]
        return not waiting

    try:
        await until(nothing_waits, seconds=_CALM_SECONDS)
    except TimeoutError:
        raise TimeoutError(f"still under way: {waiting}") from None
    finally:
        await work.close()
        await database.close()
