"""Tries at sending: one open at a time."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import get_args

import pytest

from storage.database import Database
from storage.errors import AttemptOpen, NotFoundError
from storage.records import AttemptOutcome
from tests.integration.storage.seeding import launch


async def test_an_attempt_is_written_down_with_its_lease(database: Database) -> None:
    async with database.transaction() as store:
        made = await launch(store)
        attempt = await store.launches.begin_attempt("T1", made.id, 45)
        assert (attempt.launch_id, attempt.n, attempt.outcome, attempt.detail) == (made.id, 1, None, "")
        assert attempt.not_after - attempt.started_at == timedelta(seconds=45)
        assert abs(attempt.started_at - await store.now()) < timedelta(seconds=5)
        assert attempt.open
        assert await store.launches.attempts("T1", made.id) == [attempt]


@pytest.mark.parametrize("outcome", [one for one in get_args(AttemptOutcome) if one != "unknown"])
async def test_a_settled_attempt_makes_room_for_the_next(database: Database, outcome: AttemptOutcome) -> None:
    async with database.transaction() as store:
        made = await launch(store)
        await store.launches.begin_attempt("T1", made.id, 45)
        assert await store.launches.settle_attempt("T1", made.id, 1, outcome, "why")
        assert not await store.launches.settle_attempt("T1", made.id, 1, "created")
        second = await store.launches.begin_attempt("T1", made.id, 45)
        first = (await store.launches.attempts("T1", made.id))[0]
    assert (first.outcome, first.detail, first.open) == (outcome, "why", False)
    assert second.n == 2


@pytest.mark.parametrize("unknown", [False, True])
async def test_no_attempt_while_an_earlier_one_is_open(database: Database, unknown: bool) -> None:
    async with database.transaction() as store:
        made = await launch(store)
        await store.launches.begin_attempt("T1", made.id, 45)
        if unknown:
            assert await store.launches.settle_attempt("T1", made.id, 1, "unknown", "timed out")
        with pytest.raises(AttemptOpen) as refused:
            await store.launches.begin_attempt("T1", made.id, 45)
        assert refused.value.attempt.n == 1
        # The transaction goes on, and a look-up settles it:
        assert await store.launches.settle_attempt("T1", made.id, 1, "absent")
        assert (await store.launches.begin_attempt("T1", made.id, 45)).n == 2


async def test_of_twenty_attempts_at_once_one_begins(database: Database) -> None:
    async with database.transaction() as store:
        made = await launch(store)

    async def begin() -> int:
        async with database.transaction() as store:
            return (await store.launches.begin_attempt("T1", made.id, 45)).n

    outcomes = await asyncio.gather(*(begin() for _ in range(20)), return_exceptions=True)
    assert outcomes.count(1) == 1
    assert sum(isinstance(outcome, AttemptOpen) for outcome in outcomes) == 19


async def test_attempts_need_a_launch(database: Database) -> None:
    async with database.transaction() as store:
        with pytest.raises(NotFoundError):
            await store.launches.begin_attempt("T1", "gone", 45)
        assert not await store.launches.settle_attempt("T1", "gone", 1, "created")
        assert await store.launches.attempts("T1", "gone") == []
