"""What `Work` promises to those who start work, on both kinds of database."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress

import pytest
from sqlalchemy import text

from storage.sealing import Sealing, new_key
from storage.work import AlreadyRunning, Later, NotMigrated, Payload, Work
from tests.integration.work.desk import Desk, opened, until


async def _idle(desk: Desk, work: Work) -> bool:
    counts = await work.counts()
    return counts["queued"] + counts["running"] == 0


async def test_work_is_done_once_the_transaction_is_committed(desk: Desk) -> None:
    async with opened(desk.work()) as work:
        async with desk.database.transaction() as store:
            await work.start(store, "note", "a", {"name": "a"})
            await asyncio.sleep(0.2)
            assert desk.calls == []
        await until(lambda: desk.calls == ["a"])


async def test_a_rollback_takes_the_promise_back(desk: Desk) -> None:
    async with opened(desk.work()) as work:
        with suppress(ZeroDivisionError):
            async with desk.database.transaction() as store:
                await work.start(store, "note", "a", {"name": "a"})
                raise ZeroDivisionError
        await asyncio.sleep(0.3)
        assert desk.calls == []
        await desk.start(work, "a")  # the key is free
        await until(lambda: desk.calls == ["a"])


async def test_one_key_is_done_once_however_often_it_is_started(desk: Desk) -> None:
    async with opened(desk.work()) as work:
        await asyncio.gather(*(desk.start(work, "a") for _ in range(20)))
        await until(lambda: desk.calls == ["a"])
        await until(lambda: _idle(desk, work))
        await desk.start(work, "a")
        await asyncio.sleep(0.3)
    assert desk.calls == ["a"]


async def test_a_key_of_another_kind_is_refused(desk: Desk) -> None:
    work = desk.work()

    async def other(_payload: Payload) -> Later | None:
        return None

    work.handles("other", other)
    async with opened(work):
        await desk.start(work, "a")
        with pytest.raises(ValueError, match="another kind"):
            async with desk.database.transaction() as store:
                await work.start(store, "other", "a", {})


async def test_later_means_later(desk: Desk) -> None:
    desk.script("a", [Later(0), Later(1.5), Later(0)])
    async with opened(desk.work()) as work:
        await desk.start(work, "a")
        await until(lambda: len(desk.calls) == 2)
        await until(lambda: _stands(work, "a", "later"))
        await asyncio.sleep(1)
        assert len(desk.calls) == 2
        await until(lambda: len(desk.calls) == 4)
        await until(lambda: _idle(desk, work))
    assert desk.calls == ["a"] * 4


async def test_a_start_may_be_put_off(desk: Desk) -> None:
    async with opened(desk.work()) as work:
        await desk.start(work, "a", after=1.5)
        await asyncio.sleep(1)
        assert desk.calls == []
        await until(lambda: desk.calls == ["a"])


async def _stands(work: Work, key: str, state: str) -> bool:
    return [(item.kind, item.state) for item in await work.waiting() if item.key == key] == [("note", state)]


async def test_an_item_between_two_turns_is_one_item(desk: Desk) -> None:
    desk.script("a", [Later(3600)])
    async with opened(desk.work()) as work:
        await desk.start(work, "a")
        await until(lambda: _stands(work, "a", "later"))
    query = f"UPDATE {desk.engine_table()} SET status = 'PENDING' WHERE workflow_uuid = 'a#0'"  # noqa: S608
    async with desk.database.transaction() as store:
        await store.connection.execute(text(query))
    async with opened(desk.work(), run=False) as work:
        assert await _stands(work, "a", "later")


async def _start_many(desk: Desk, work: Work, names: list[str], *, after: float = 0) -> None:
    async with desk.database.transaction() as store:
        for name in names:
            await work.start(store, "note", name, {"name": name}, after=after)


async def test_five_hundred_sleepers_hold_no_place(desk: Desk) -> None:
    names = [f"sleeper {n}" for n in range(500)]
    for name in names:
        desk.script(name, [Later(3600)])
    async with opened(desk.work()) as work:
        await _start_many(desk, work, names)
        await until(lambda: _idle(desk, work), seconds=60)
        assert (await work.counts())["later"] == 501  # and the upkeep
        await desk.start(work, "awake")
        await until(lambda: desk.calls[-1] == "awake")
    assert sorted(desk.calls[:-1]) == sorted(names)


async def test_five_hundred_wake_up(desk: Desk) -> None:
    names = [f"sleeper {n}" for n in range(500)]
    async with opened(desk.work()) as work:
        await _start_many(desk, work, names, after=2)
        await until(lambda: len(desk.calls) == 500, seconds=60)
        await until(lambda: _idle(desk, work))
    assert sorted(desk.calls) == sorted(names)


async def test_a_failure_is_logged_without_payload_and_tried_again(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    desk.script("a", [RuntimeError("no"), RuntimeError("no")])
    async with opened(desk.work()) as work:
        await desk.start(work, "a")
        await until(lambda: len(desk.calls) == 1)
        await until(lambda: _attempts(work, "a", 1))
        await until(lambda: len(desk.calls) == 3)
        await until(lambda: _idle(desk, work))
    failures = [record for record in caplog.records if record.name == "slipway.work"]
    assert [record.levelno for record in failures] == [logging.ERROR] * 2
    assert all(record.getMessage().startswith("note a failed") for record in failures)
    assert not any("name" in record.getMessage() for record in failures)


async def _attempts(work: Work, key: str, attempts: int) -> bool:
    return attempts in [item.attempts for item in await work.waiting() if item.key == key]


async def test_an_answer_that_is_none_of_ours_counts_as_failure(desk: Desk) -> None:
    work = desk.work()

    async def wrong(_payload: Payload) -> Later | None:
        return 5  # type: ignore[return-value]

    work.handles("wrong", wrong)
    async with opened(work):
        async with desk.database.transaction() as store:
            await work.start(store, "wrong", "w", {})
        await until(lambda: _attempts(work, "w", 1))


async def test_cancelled_work_is_not_done(desk: Desk) -> None:
    async with opened(desk.work()) as work:
        await desk.start(work, "a", after=1)
        await work.cancel("a")
        await work.cancel("a")
        await work.cancel("never started")
        await asyncio.sleep(2.5)
        assert (await work.counts())["cancelled"] == 1
    assert desk.calls == []


async def test_cancelling_does_not_touch_a_longer_key(desk: Desk) -> None:
    async with opened(desk.work()) as work:
        await desk.start(work, "launch:1", after=1)
        await desk.start(work, "launch:12", after=1)
        await work.cancel("launch:1")
        await until(lambda: desk.calls == ["launch:12"])


async def test_work_cancelled_while_it_runs_has_no_successor(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    begun, go_on, ended = asyncio.Event(), asyncio.Event(), []

    async def slow(_payload: Payload) -> Later | None:
        begun.set()
        await go_on.wait()
        ended.append("slow")
        return Later(0)

    work = desk.work()
    work.handles("slow", slow)
    async with opened(work):
        async with desk.database.transaction() as store:
            await work.start(store, "slow", "s", {})
        await begun.wait()
        await work.cancel("s")
        go_on.set()
        await asyncio.sleep(1.5)
        assert (await work.counts())["cancelled"] == 1
    assert ended == ["slow"]
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


async def test_a_schedule_comes_again_and_again(desk: Desk) -> None:
    moments = []

    async def tick() -> None:
        moments.append(1)

    work = desk.work()
    work.every("tick", "* * * * * *", tick)
    async with opened(work):
        await until(lambda: len(moments) >= 3)


async def test_a_schedule_follows_its_expression(desk: Desk) -> None:
    async def tick() -> None:
        raise AssertionError("not due for months")

    async def keys(cron: str | None) -> list[str]:
        work = desk.work()
        if cron:
            work.every("tick", cron, tick)
        async with opened(work):
            return [item.key for item in await work.waiting() if item.kind == "every:tick"]

    assert await keys("0 0 1 1 *") == ["every:tick 0 0 1 1 *"]
    assert await keys("0 0 2 1 *") == ["every:tick 0 0 2 1 *"]
    assert await keys("0 0 1 1 *") == ["every:tick 0 0 1 1 *"]
    assert await keys(None) == []


async def test_what_was_waiting_is_done_after_the_next_start(desk: Desk) -> None:
    async with opened(desk.work()) as work:
        await desk.start(work, "a", after=1)
    await asyncio.sleep(1)
    assert desk.calls == []
    async with opened(desk.work()):
        await until(lambda: desk.calls == ["a"])


async def test_a_handler_that_is_cut_off_runs_again(desk: Desk) -> None:
    begun, patient = [], asyncio.Event()

    async def slow(_payload: Payload) -> Later | None:
        begun.append(1)
        await patient.wait()
        return None

    first, second = desk.work(executor="same"), desk.work(executor="same")
    for work in (first, second):
        work.handles("slow", slow)
    await first.open()
    async with desk.database.transaction() as store:
        await first.start(store, "slow", "s", {})
    await until(lambda: len(begun) == 1)
    await first.close(grace_seconds=0.1)
    patient.set()
    async with opened(second):
        await until(lambda: len(begun) == 2)
        await until(lambda: _idle(desk, second))


async def test_a_close_lets_handlers_end(desk: Desk) -> None:
    begun, ended = asyncio.Event(), []

    async def slow(_payload: Payload) -> Later | None:
        begun.set()
        await asyncio.sleep(0.4)
        ended.append("slow")
        return None

    work = desk.work()
    work.handles("slow", slow)
    await work.open()
    async with desk.database.transaction() as store:
        await work.start(store, "slow", "s", {})
    await begun.wait()
    await work.close()
    assert ended == ["slow"]
    async with opened(desk.work(), run=False) as looking:
        assert (await looking.counts())["done"] == 1


async def test_without_running_it_promises_and_performs_nothing(desk: Desk) -> None:
    async with opened(desk.work(), run=False) as work:
        await desk.start(work, "a")
        await asyncio.sleep(0.5)
        assert [item.key for item in await work.waiting()] == ["a"]
        assert desk.calls == []
        await work.cancel("a")
        assert await work.waiting() == []


async def test_a_promise_made_elsewhere_is_kept_here(desk: Desk) -> None:
    async with opened(desk.work()), opened(desk.work(), run=False) as promising:
        await desk.start(promising, "a")
        await until(lambda: desk.calls == ["a"])


async def test_a_database_without_the_tables_is_refused_and_left_alone(url: str, key: str) -> None:
    desk = Desk(url, key)
    for run in (True, False):
        with pytest.raises(NotMigrated, match="slipway migrate"):
            await desk.work().open(run=run)
    await Work.migrate(desk.database)
    await Work.migrate(desk.database)
    async with opened(desk.work()):
        pass
    await desk.database.close()


async def test_tables_of_an_older_engine_are_refused(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    table = desk.engine_table().replace("workflow_status", "dbos_migrations")
    async with desk.database.transaction() as store:
        await store.connection.execute(text(f"UPDATE {table} SET version = 1"))  # noqa: S608 - our own name
    with pytest.raises(NotMigrated, match="slipway migrate"):
        await desk.work().open()
    assert caplog.records == []


async def test_a_process_does_the_work_of_one_database_only(desk: Desk, key: str, sqlite_url: str) -> None:
    other = Desk(sqlite_url + "2", key)
    await Work.migrate(other.database)
    async with opened(desk.work(executor="one")) as work:
        with pytest.raises(AlreadyRunning, match="of one only"):
            await other.work().open()
        await desk.start(work, "a")
        await until(lambda: desk.calls == ["a"])
    await other.database.close()


async def test_it_opens_and_closes_again_and_again(desk: Desk) -> None:
    for n in range(12):
        async with opened(desk.work()) as work:
            await desk.start(work, f"a{n}")
            await until(lambda n=n: len(desk.calls) == n + 1)  # type: ignore[misc]
        assert await asyncio.to_thread(len, desk.calls) == n + 1  # the loop's own threads work on


async def test_what_cannot_be_unsealed_waits_for_the_right_key(desk: Desk) -> None:
    async with opened(desk.work(), run=False) as work:
        await desk.start(work, "a")
    async with opened(desk.work(sealing=Sealing([new_key()]))) as work:
        await until(lambda: _attempts(work, "a", 1))
        assert desk.calls == []
    async with opened(desk.work()):
        await until(lambda: desk.calls == ["a"])


async def test_waiting_work_moves_to_the_new_key(desk: Desk) -> None:
    new = new_key()
    desk.script("a", [Later(1)])
    async with opened(desk.work(), run=False) as work:
        await desk.start(work, "a")
    async with opened(desk.work(sealing=Sealing([new, desk.key]))):
        await until(lambda: len(desk.calls) == 1)
        await asyncio.sleep(0.2)
    async with opened(desk.work(sealing=Sealing([new]))):
        await until(lambda: len(desk.calls) == 2)


async def test_misuse_is_refused(desk: Desk) -> None:
    work = desk.work()
    with pytest.raises(RuntimeError, match="not open"):
        await work.cancel("a")
    for taken in ("note", "every:mine", ""):
        with pytest.raises(ValueError, match="is taken"):
            work.handles(taken, desk._note)
    with pytest.raises(ValueError, match="exists already"):
        work.every("upkeep", "* * * * *", work.keep_up)
    async with opened(work):
        with pytest.raises(RuntimeError, match="open already"):
            await work.open()
        with pytest.raises(RuntimeError, match="before the work is opened"):
            work.handles("late", desk._note)
        async with desk.database.transaction() as store:
            with pytest.raises(ValueError, match="nothing handles"):
                await work.start(store, "unknown", "a", {})
            with pytest.raises(ValueError, match="belong to schedules"):
                await work.start(store, "note", "every:a", {})
            with pytest.raises(ValueError, match="a key of work"):
                await work.start(store, "note", "a#1", {})
            with pytest.raises(ValueError, match="JSON"):
                await work.start(store, "note", "a", {"number": float("nan")})
    await work.close()
