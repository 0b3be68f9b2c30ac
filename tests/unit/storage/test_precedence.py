"""Work that nobody waits for stands back while somebody is answered, and never for ever."""

from __future__ import annotations

import asyncio
from contextlib import nullcontext

from storage import Precedence

FOR_EVER = 3600.0


async def work(precedence: Precedence, begun: asyncio.Event) -> None:
    async with precedence.after_people(nullcontext()):
        begun.set()


async def test_work_begins_when_the_last_person_has_an_answer() -> None:
    precedence, begun = Precedence(FOR_EVER), asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        with precedence.somebody_waits():
            with precedence.somebody_waits():
                tasks.create_task(work(precedence, begun))
            for _ in range(10):
                await asyncio.sleep(0)
            assert not begun.is_set()
    assert begun.is_set()


async def test_work_goes_on_however_many_click() -> None:
    precedence, begun = Precedence(0), asyncio.Event()
    with precedence.somebody_waits():
        await work(precedence, begun)
    assert begun.is_set()
