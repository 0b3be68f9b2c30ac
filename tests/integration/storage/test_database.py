"""Transactions, readings, and what they promise."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, text
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError

from storage.database import Database
from storage.sealing import Sealing
from tests.integration.storage.seeding import person


async def titles(database: Database) -> list[str]:
    async with database.reading() as store:
        found = [await store.requests.by_number("T1", number) for number in range(1, 200)]
    return [request.title for request in found if request is not None]


async def failing(database: Database) -> None:
    async with database.transaction() as store:
        await store.requests.add("T1", "U1", "lost")
        raise ZeroDivisionError


async def test_a_transaction_is_kept(database: Database) -> None:
    async with database.transaction() as store:
        await store.requests.add("T1", "U1", "kept")
    assert await titles(database) == ["kept"]


async def test_a_transaction_that_raises_leaves_nothing(database: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        await failing(database)
    assert await titles(database) == []


async def test_a_cancelled_transaction_leaves_nothing_and_blocks_nobody(database: Database) -> None:
    begun = asyncio.Event()

    async def endless() -> None:
        async with database.transaction() as store:
            await store.requests.add("T1", "U1", "lost")
            begun.set()
            await asyncio.sleep(60)

    task = asyncio.create_task(endless())
    await begun.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    async with asyncio.timeout(5), database.transaction() as store:
        await store.requests.add("T1", "U1", "kept")
    assert await titles(database) == ["kept"]


async def test_a_reading_does_not_see_what_is_not_committed(database: Database) -> None:
    async with database.transaction() as store:
        await store.requests.add("T1", "U1", "not yet")
        assert await titles(database) == []
    assert await titles(database) == ["not yet"]


async def test_one_reading_sees_what_was_committed_meanwhile(database: Database) -> None:
    async with database.reading() as reading:
        assert await reading.requests.by_number("T1", 1) is None
        async with database.transaction() as store:
            await store.requests.add("T1", "U1", "new")
        assert await reading.requests.by_number("T1", 1) is not None


async def test_a_reading_cannot_write(database: Database) -> None:
    async with database.reading() as store:
        with pytest.raises(DBAPIError):
            await store.people.put(person())
    async with database.reading() as store:
        assert await store.people.get("T1", "U1") is None


async def test_many_readings_at_once(database: Database) -> None:
    async def read() -> None:
        async with database.reading() as store:
            assert await store.people.get("T1", "U1") is None
            await asyncio.sleep(0.05)

    async with asyncio.timeout(10):
        await asyncio.gather(*(read() for _ in range(60)))


async def test_twenty_writers_that_read_first_all_succeed(database: Database) -> None:
    async with database.transaction() as store:
        await store.people.put(person(name="0"))

    async def add_one() -> None:
        async with database.transaction() as store:
            await store.requests.add("T1", "U1", "one")  # locks the counter, so the count below is ours
            known = await store.people.get("T1", "U1")
            assert known is not None
            await asyncio.sleep(0)
            await store.people.put(person(name=str(int(known.name) + 1)))

    await asyncio.gather(*(add_one() for _ in range(20) for _ in range(3)))
    async with database.reading() as store:
        counted = await store.people.get("T1", "U1")
    assert counted is not None
    assert counted.name == "60"


async def test_two_databases_on_the_same_place_write_in_turn(database: Database, sealing: Sealing) -> None:
    other = Database(database.url, sealing)

    async def add(where: Database) -> None:
        async with where.transaction() as store:
            await store.requests.add("T1", "U1", "one")

    try:
        await asyncio.gather(*(add(where) for where in (database, other) for _ in range(20)))
    finally:
        await other.close()
    assert len(await titles(database)) == 40


async def test_the_session_shares_the_transaction(database: Database) -> None:
    async def fail() -> None:
        async with database.transaction() as store:
            await store.requests.add("T1", "U1", "lost")
            seen = await store.connection.run_sync(
                lambda session: session.execute(text("SELECT title FROM requests")).scalars().all()
            )
            assert seen == ["lost"]
            await store.connection.execute(text("UPDATE requests SET title = 'also lost'"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert await titles(database) == []


async def test_a_reading_has_no_session(database: Database) -> None:
    async with database.reading() as store:
        with pytest.raises(RuntimeError, match="transaction"):
            _ = store.connection


async def test_now_is_the_present_in_utc(database: Database) -> None:
    async with database.transaction() as store:
        first = await store.now()
        second = await store.now()
    async with database.reading() as store:
        third = await store.now()
    assert first.tzinfo is UTC
    assert first < second < third  # it moves within a transaction
    assert abs(datetime.now(UTC) - first) < timedelta(seconds=5)


async def test_sqlite_is_set_up_to_last(database: Database) -> None:
    if not database.is_sqlite:
        pytest.skip("PostgreSQL lasts by itself")
    async with database.transaction() as store:
        found = {
            pragma: (await store.connection.execute(text(f"PRAGMA {pragma}"))).scalar_one()
            for pragma in ("journal_mode", "synchronous", "busy_timeout", "foreign_keys")
        }
    assert found == {"journal_mode": "wal", "synchronous": 2, "busy_timeout": 30_000, "foreign_keys": 1}


async def test_a_forged_id_finds_nothing_and_breaks_nothing(database: Database) -> None:
    async with database.reading() as store:
        for forged in ("\0", "a\0b", "\ud800", "é" * 5_000, "'; DROP TABLE drafts; --"):
            assert await store.drafts.get("T1", forged) is None
            assert await store.drafts.get(forged, "d1") is None


async def test_it_can_be_used_again_after_closing(database: Database) -> None:
    await database.close()
    async with database.transaction() as store:
        await store.requests.add("T1", "U1", "again")
    assert await titles(database) == ["again"]


async def test_a_reading_that_failed_does_not_hold_the_next_ones_in_its_past(database: Database) -> None:
    """On SQLite all readings of a thread share a connection."""
    for known, broken in enumerate(("SELECT * FROM nowhere", "INSERT INTO workspaces (team) VALUES ('T9')")):
        with pytest.raises(DBAPIError):
            async with database.reading() as store:
                await store._execution.execute(text(broken))
        async with database.transaction() as store:
            await store.workspaces.ensure(f"T{known}")
        async with database.reading() as store:
            assert await store.workspaces.get(f"T{known}") is not None
            assert await store.workspaces.get("T9") is None


@asynccontextmanager
async def another_writer(path: Path) -> AsyncIterator[None]:
    """Somebody else, such as the engine of durable work, writes to the file meanwhile."""
    other = sqlite3.connect(path, isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        yield
    finally:
        other.close()


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
async def test_who_waits_for_another_writer_of_the_file_does_not_stop_the_others(database: Database) -> None:
    assert database.sqlite_path is not None

    async def write() -> None:
        async with database.transaction() as store:
            await store.requests.add("T1", "U1", "after all")

    async with another_writer(database.sqlite_path):
        waiting = asyncio.create_task(write())
        for _ in range(20):
            assert await titles(database) == []
            await asyncio.sleep(0)
        assert not waiting.done()
    async with asyncio.timeout(10):
        await waiting
    assert await titles(database) == ["after all"]


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
async def test_who_is_cancelled_while_waiting_for_another_writer_leaves_nothing_begun(
    database: Database,
) -> None:
    assert database.sqlite_path is not None

    async def write() -> None:
        async with database.transaction() as store:
            await store.requests.add("T1", "U1", "lost")

    async with another_writer(database.sqlite_path):
        waiting = asyncio.create_task(write())
        await asyncio.sleep(0.05)
        waiting.cancel()
        await asyncio.sleep(0.05)
    async with asyncio.timeout(10):
        await asyncio.gather(waiting, return_exceptions=True)
    assert waiting.cancelled()
    async with asyncio.timeout(5), another_writer(database.sqlite_path):
        assert await titles(database) == []
    async with database.transaction() as store:
        await store.requests.add("T1", "U1", "kept")
    assert await titles(database) == ["kept"]


async def test_deleting_a_workspace_stops_nobody_else(database: Database) -> None:
    """However many rows there are, others are answered meanwhile."""
    async with database.transaction() as store:
        await store.requests.add("T1", "U1", "gone")
    threads = set[int]()

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if statement.startswith("DELETE"):
            threads.add(threading.get_ident())

    event.listen(Engine, "before_cursor_execute", note)
    try:
        async with database.transaction() as store:
            assert await store.erasure.erase("T1") == {"requests": 1}
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert await titles(database) == []
    if database.is_sqlite:
        assert threads
        assert threading.get_ident() not in threads
