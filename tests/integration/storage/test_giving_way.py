"""Work that nobody waits for takes one place in the queue of SQLite's writers."""

from __future__ import annotations

import asyncio

import pytest

from storage import Database


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
async def test_a_person_waits_for_one_background_writer_and_not_for_all(database: Database) -> None:
    behind, order = database.giving_way(), list[str]()

    async def write(through: Database, name: str) -> None:
        async with through.transaction():
            order.append(name)
            await asyncio.sleep(0.01)

    async with asyncio.TaskGroup() as writing:
        for number in range(5):
            writing.create_task(write(behind, f"background {number}"))
        await asyncio.sleep(0)
        writing.create_task(write(database, "person"))

    assert order.index("person") <= 1
    assert len(order) == 6


async def test_it_is_the_same_database(database: Database) -> None:
    async with database.giving_way().transaction() as store:
        await store.workspaces.ensure("T1")
    async with database.reading() as store:
        assert await store.workspaces.get("T1") is not None
