"""What becomes of work when processes are killed."""

from __future__ import annotations

import asyncio
import random
import sys
from asyncio.subprocess import PIPE, Process
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest

from storage.work import Work
from tests.integration.work.child import CALLS
from tests.integration.work.desk import Desk, opened, ready, until

pytestmark = pytest.mark.chaos

_KILLS = 10
_ITEMS = 150
_ROOT = Path(__file__).parents[3]


@asynccontextmanager
async def child(desk: Desk, journal: Path, seconds: float) -> AsyncIterator[Process]:
    """A process that does work, killed at the latest when the block ends."""
    arguments = ("-m", "tests.integration.work.child", desk.url, desk.key, str(journal), str(seconds))
    process = await asyncio.create_subprocess_exec(
        sys.executable, *arguments, stdout=PIPE, stderr=PIPE, cwd=_ROOT
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def begin(process: Process) -> None:
    """Wait until the process works; AssertionError, with what it said, if it does not."""
    assert process.stdout is not None
    assert process.stderr is not None
    async with asyncio.timeout(30):
        line = await process.stdout.readline()
    assert line == b"ready\n", (await process.stderr.read()).decode()


async def promise(desk: Desk, work: Work, count: int) -> None:
    """Start so many items of three steps."""
    async with desk.database.transaction() as store:
        for n in range(count):
            await work.start(store, "step", f"item {n}", {"name": f"item {n}"})


async def all_done(work: Work) -> bool:
    """Whether nothing is left but the upkeep, which waits for its hour."""
    counts = await work.counts()
    return counts["queued"] + counts["running"] + counts["stuck"] == 0 and counts["later"] == 1


def read(journal: Path) -> list[str]:
    """The lines of the journal, none before the first step."""
    return journal.read_text().splitlines() if journal.exists() else []


def steps(journal: Path, word: str) -> Counter[tuple[str, int]]:
    """How often each step of each item was begun, or done."""
    lines = [line.split() for line in read(journal)]
    return Counter((f"{first} {second}", int(step)) for said, first, second, step, _ in lines if said == word)


def pids(journal: Path, word: str) -> set[int]:
    """The processes that began, or did, a step."""
    return {int(line.split()[-1]) for line in read(journal) if line.startswith(word)}


async def test_ten_deaths_lose_nothing_and_double_nothing(sqlite_desk: Desk, tmp_path: Path) -> None:
    desk, journal = sqlite_desk, tmp_path / "journal"
    async with opened(Work(desk.database, desk.sealing), run=False) as work:
        await promise(desk, work, _ITEMS)
        for _ in range(_KILLS):
            async with child(desk, journal, 0.05) as process:
                await begin(process)
                await asyncio.sleep(random.uniform(0.05, 0.35))
        assert not await all_done(work), "everything was done before the last death"
        async with child(desk, journal, 0.05) as process:
            await begin(process)
            await until(lambda: all_done(work), seconds=60)
            before = read(journal)
            await asyncio.sleep(2)
            assert read(journal) == before
    wanted = {(f"item {n}", step) for n in range(_ITEMS) for step in range(1, CALLS + 1)}
    done = steps(journal, "done")
    assert wanted <= set(done)
    # A turn may run again after a death, at most as many as ran at that moment. A doubled chain of
    # calls would make each of its steps too many.
    assert sum(done.values()) - len(wanted) <= _KILLS * 4
    assert max(steps(journal, "begun").values()) <= 1 + _KILLS


async def test_a_second_process_on_the_file_is_refused(sqlite_desk: Desk, tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        first = await stack.enter_async_context(child(sqlite_desk, tmp_path / "journal", 0))
        await begin(first)
        second = await stack.enter_async_context(child(sqlite_desk, tmp_path / "journal", 0))
        async with asyncio.timeout(30):
            out, error = await second.communicate()
        assert (second.returncode, out) == (1, b"")
        assert f"Process {first.pid} is already running on " in error.decode()
        assert "Stop it first" in error.decode()
        assert b"Traceback" not in error


@pytest.mark.postgres
async def test_another_replica_takes_over_from_a_dead_one(
    postgres_url: str, key: str, tmp_path: Path
) -> None:
    journal = tmp_path / "journal"
    async with AsyncExitStack() as stack:
        desk = await stack.enter_async_context(ready(postgres_url, key))
        work = await stack.enter_async_context(opened(Work(desk.database, desk.sealing), run=False))
        first = await stack.enter_async_context(child(desk, journal, 1.0))
        second = await stack.enter_async_context(child(desk, journal, 1.0))
        await begin(first)
        await begin(second)
        await promise(desk, work, 24)
        await until(lambda: pids(journal, "begun") == {first.pid, second.pid})
        first.kill()
        await first.wait()
        await until(lambda: all_done(work), seconds=60)
    done = steps(journal, "done")
    assert set(done) == {(f"item {n}", step) for n in range(24) for step in range(1, CALLS + 1)}
    assert sum(done.values()) - len(done) <= 4


@pytest.mark.postgres
async def test_replicas_share_the_work_and_do_each_thing_once(
    postgres_url: str, key: str, tmp_path: Path
) -> None:
    journal = tmp_path / "journal"
    async with AsyncExitStack() as stack:
        desk = await stack.enter_async_context(ready(postgres_url, key))
        work = await stack.enter_async_context(opened(Work(desk.database, desk.sealing), run=False))
        for _ in range(2):
            await begin(await stack.enter_async_context(child(desk, journal, 0.1)))
        await promise(desk, work, 60)
        await until(lambda: all_done(work), seconds=60)
    done = steps(journal, "done")
    assert len(done) == 60 * CALLS
    assert set(done.values()) == {1}
    assert len(pids(journal, "done")) == 2
