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


async def piece(precedence: Precedence, begun: list[str], name: str, end: asyncio.Event) -> None:
    async with precedence.one_by_one():
        begun.append(name)
        await end.wait()


async def pieces_begun(precedence: Precedence) -> list[str]:
    """Which of two pieces of work have begun before either is done."""
    begun, end = list[str](), asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(piece(precedence, begun, "first", end))
        tasks.create_task(piece(precedence, begun, "second", end))
        for _ in range(10):
            await asyncio.sleep(0)
        before = list(begun)
        end.set()
    assert begun == ["first", "second"]
    return before


async def test_while_people_come_and_go_work_is_done_one_by_one() -> None:
    precedence = Precedence(place_seconds=FOR_EVER, lull_seconds=FOR_EVER)
    with precedence.somebody_waits():
        assert await pieces_begun(precedence) == ["first"]
    assert await pieces_begun(precedence) == ["first"]


async def test_without_people_work_is_done_side_by_side() -> None:
    precedence = Precedence(place_seconds=FOR_EVER, lull_seconds=0)
    assert await pieces_begun(precedence) == ["first", "second"]
    with precedence.somebody_waits():
        pass
    assert await pieces_begun(precedence) == ["first", "second"]


async def test_a_piece_that_hangs_does_not_hold_the_others_for_ever() -> None:
    precedence = Precedence(place_seconds=0, lull_seconds=FOR_EVER)
    begun, end = list[str](), asyncio.Event()
    with precedence.somebody_waits():
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(piece(precedence, begun, "hangs", end))
            await asyncio.sleep(0)
            async with asyncio.timeout(10), precedence.one_by_one():
                begun.append("goes on")
            end.set()
    assert "goes on" in begun
