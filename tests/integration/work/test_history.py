"""What stays of work that is done, and for how long."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from sqlalchemy import text

from storage.work import Later, Work
from storage.work.durable import HISTORY
from tests.integration.work.desk import Desk, opened, until


async def _age(desk: Desk, by: timedelta) -> None:
    """Let everything that ended have ended that much earlier."""
    query = f"UPDATE {desk.engine_table()} SET completed_at = completed_at - :ms"  # noqa: S608 - our own name
    async with desk.database.transaction() as store:
        await store.connection.execute(text(query), {"ms": int(by.total_seconds() * 1000)})


async def _done(work: Work, turns: int) -> bool:
    return (await work.counts())["done"] == turns


async def test_a_long_chain_leaves_its_first_turn_and_its_last(desk: Desk) -> None:
    desk.script("a", [Later(0)] * 8)
    async with opened(desk.work()) as work:
        await desk.start(work, "a")
        await until(lambda: len(desk.calls) == 9)
        await until(lambda: _done(work, 2))


async def test_history_is_forgotten_after_a_week_and_the_key_is_free_again(desk: Desk) -> None:
    desk.script("a", [Later(0), Later(0)])
    async with opened(desk.work()) as work:
        await desk.start(work, "a")
        await desk.start(work, "b", after=60)
        await work.cancel("b")
        await until(lambda: len(desk.calls) == 3)
        await until(lambda: _done(work, 2))
        await _age(desk, HISTORY - timedelta(minutes=1))
        await work.keep_up()
        assert await _done(work, 2)
        await desk.start(work, "a")
        await _age(desk, timedelta(minutes=2))
        await work.keep_up()
        counts = await work.counts()
        assert (counts["done"], counts["cancelled"]) == (0, 0)
        await desk.start(work, "a")
        await until(lambda: len(desk.calls) == 4)


async def test_living_work_keeps_its_key_however_old_it_is(desk: Desk) -> None:
    desk.script("a", [Later(0), Later(0), Later(3600)])
    async with opened(desk.work()) as work:
        await desk.start(work, "a")
        await until(lambda: len(desk.calls) == 3)
        await until(lambda: _waits(work))
        await _age(desk, 5 * HISTORY)
        await work.keep_up()
        await desk.start(work, "a")
        assert [item.key for item in await work.waiting() if item.kind == "note"] == ["a"]


async def _waits(work: Work) -> bool:
    return (await work.counts())["later"] == 2  # the upkeep is the other one


async def test_a_finished_chain_keeps_its_key_until_its_last_turn_is_old(desk: Desk) -> None:
    desk.script("a", [Later(0)])
    async with opened(desk.work()) as work:
        await desk.start(work, "a")
        await until(lambda: _done(work, 2))
        query = f"UPDATE {desk.engine_table()} SET completed_at = 1 WHERE workflow_uuid = 'a#0'"  # noqa: S608
        async with desk.database.transaction() as store:
            await store.connection.execute(text(query))
        await work.keep_up()
        await desk.start(work, "a")
        assert await _done(work, 2)


async def test_upkeep_comes_by_itself(desk: Desk) -> None:
    async with opened(desk.work()) as work:
        assert [(item.kind, item.state) for item in await work.waiting()] == [("every:upkeep", "later")]


async def test_what_the_engine_gave_up_is_taken_up_again(desk: Desk) -> None:
    async with opened(desk.work(), run=False) as work:
        await desk.start(work, "a")
        await desk.start(work, "b")
    query = f"UPDATE {desk.engine_table()} SET status = :status WHERE workflow_uuid = :id"  # noqa: S608
    async with desk.database.transaction() as store:
        await store.connection.execute(text(query), {"status": "ERROR", "id": "a#0"})
        await store.connection.execute(text(query), {"status": "MAX_RECOVERY_ATTEMPTS_EXCEEDED", "id": "b#0"})
    async with opened(desk.work(), run=False) as work:
        assert [item.state for item in await work.waiting()] == ["stuck", "stuck"]
    async with opened(desk.work()):
        await until(lambda: sorted(desk.calls) == ["a", "b"])


async def test_no_payload_and_no_error_text_is_readable_in_the_file(
    sqlite_desk: Desk, tmp_path: Path
) -> None:
    desk = sqlite_desk
    desk.script("a", [RuntimeError("secret-of-the-error"), Later(0)])
    async with opened(desk.work()) as work:
        async with desk.database.transaction() as store:
            await work.start(store, "note", "a", {"name": "a", "vendor": "secret-of-the-payload"})
        await until(lambda: len(desk.calls) == 3)
        written = _bytes_in(tmp_path)
        assert b"a#0" in written
        assert b"secret-of" not in written


def _bytes_in(folder: Path) -> bytes:
    """Everything in the database, its log and whatever else lies there."""
    return b"".join(file.read_bytes() for file in folder.iterdir())
