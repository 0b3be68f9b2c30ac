"""Being there on PostgreSQL: a place that goes with the connection, and is taken again."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import text

from storage.work import AlreadyRunning
from storage.work.presence import SessionPresence
from tests.integration.work.desk import Desk, opened, ready, until

pytestmark = pytest.mark.postgres

_END_EVERYONE = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
_RUNNING_AT_A_DEATH = (
    "UPDATE dbos.workflow_status SET status = 'PENDING', executor_id = 'dead' WHERE workflow_uuid = 'a#0'"
)


async def _cut_all_connections(desk: Desk) -> None:
    async with desk.database.transaction() as store:
        await store.connection.execute(text(_END_EVERYONE))


async def test_a_place_is_for_one_and_free_when_its_holder_is_gone(postgres_url: str, key: str) -> None:
    async with ready(postgres_url, key) as desk:
        first = SessionPresence(desk.database, "one")
        second = SessionPresence(desk.database, "one")
        watcher = SessionPresence(desk.database, "two")
        await watcher.take()
        await first.take()
        with pytest.raises(AlreadyRunning, match="executor one"):
            await second.take()
        async with watcher.claim("one") as missing:
            assert not missing
        await first.release()
        async with watcher.claim("one") as missing:
            assert missing
            with pytest.raises(AlreadyRunning):
                await second.take()
        await second.take()
        await second.release()
        await watcher.release()


async def test_a_lost_place_is_taken_again(postgres_url: str, key: str) -> None:
    async with ready(postgres_url, key) as desk:
        first = SessionPresence(desk.database, "one")
        await first.take()
        await _cut_all_connections(desk)
        await first.keep()
        second = SessionPresence(desk.database, "one")
        with pytest.raises(AlreadyRunning):
            await second.take()
        await first.release()
        async with first.claim("one") as missing:
            assert not missing
        await first.keep()
        await first.release()


async def test_work_goes_on_after_every_connection_was_cut(
    postgres_url: str, key: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with ready(postgres_url, key) as desk, opened(desk.work()) as work:
        await desk.start(work, "before")
        await until(lambda: desk.calls == ["before"])
        await _cut_all_connections(desk)
        await asyncio.sleep(2)
        await desk.start(work, "after")
        await until(lambda: desk.calls == ["before", "after"])
    assert not [record for record in caplog.records if "could not look" in record.getMessage()]


async def test_a_process_that_was_cut_off_still_takes_over(postgres_url: str, key: str) -> None:
    async with ready(postgres_url, key) as desk, opened(desk.work()) as work:
        await _cut_all_connections(desk)
        await asyncio.sleep(2)
        await desk.start(work, "a", after=3600)
        async with desk.database.transaction() as store:
            await store.connection.execute(text(_RUNNING_AT_A_DEATH))
        await until(lambda: desk.calls == ["a"])
