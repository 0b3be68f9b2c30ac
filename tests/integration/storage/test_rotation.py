"""Rotating the keys reaches every sealed value, of every column there is, and nothing else changes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Column, select, update

from storage.database import Database
from storage.models import Row
from storage.records.requests import Decision
from storage.repositories.base import owner_of
from storage.repositories.sealed import sealed_columns
from storage.sealing import SealedValueError, Sealing, new_key
from tests.integration.storage.seeding import NOON, seed

OLD, NEW = new_key(), new_key()
OLD_ID, NEW_ID = Sealing([NEW, OLD]).key_ids[::-1]


@pytest.fixture
def sealing() -> Sealing:
    return Sealing([OLD])


@pytest.fixture
async def rotating(database: Database, url: str) -> AsyncIterator[Database]:
    """The same database under a new first key, with rows of every kind from before."""
    for team in ("T1", "T2"):
        seeded = await seed(database, team)
        decided = Decision(user="U1", for_user=None, verdict="approved", reason="cheap", revision=1, at=NOON)
        after = [replace(task, decisions=(decided,)) for task in seeded.tasks]
        async with database.transaction() as store:
            await store.tasks.save(team, seeded.request.id, seeded.tasks, after)
    async with database.transaction() as store:
        # Columns that the seeds leave empty.
        for table, columns in sealed_columns().items():
            for column in columns:
                await _fill(store, column, table)
    rotating = Database(url, Sealing([NEW, OLD]))
    yield rotating
    await rotating.close()


async def _fill(store: Any, column: Column[Any], table: Any) -> None:
    keys = list(table.primary_key.columns)
    for row in await store.connection.execute(select(*keys).where(column.is_(None))):
        team, *rest = row
        sealed = Sealing([OLD]).seal(owner_of(column, team, *map(str, rest)), "filled")
        same = [key == value for key, value in zip(keys, row, strict=True)]
        await store.connection.execute(update(table).where(*same).values({column.name: sealed}))


async def rotate(database: Database, limit: int = 3) -> tuple[int, int]:
    done = unreadable = 0
    for table in database.sealed_tables:
        last: tuple[Any, ...] | None = ()
        while last is not None:
            async with database.transaction() as store:
                step = await store.sealed.reseal(table, last, limit)
            done, unreadable, last = done + step.done, unreadable + step.unreadable, step.last
    return done, unreadable


async def values(database: Database) -> dict[tuple[str, ...], str]:
    """Every sealed value, by where it is."""
    found: dict[tuple[str, ...], str] = {}
    async with database.transaction() as store:
        for table, columns in sealed_columns().items():
            keys = list(table.primary_key.columns)
            for row in await store.connection.execute(select(*keys, *columns)):
                where = tuple(str(part) for part in row[: len(keys)])
                found |= {
                    (table.name, column.name, *where): value
                    for column, value in zip(columns, row[len(keys) :], strict=True)
                    if value is not None
                }
    return found


def opened(sealing: Sealing, sealed: dict[tuple[str, ...], str]) -> dict[tuple[str, ...], bytes]:
    return {
        where: sealing.open_bytes(
            owner_of(Row.metadata.tables[where[0]].columns[where[1]], where[2], *where[3:]), value
        )
        for where, value in sealed.items()
    }


async def test_every_column_is_reached_and_says_the_same(rotating: Database) -> None:
    before = await values(rotating)
    reached = {f"{table}.{column}" for table, column, *_ in before}
    assert len(reached) >= 13
    assert {Sealing([OLD]).key_id_of(value) for value in before.values()} == {OLD_ID}

    assert await rotate(rotating) == (len(before), 0)

    after = await values(rotating)
    assert opened(Sealing([NEW]), after) == opened(Sealing([OLD]), before)
    async with rotating.reading() as store:
        assert {use.key_id for use in await store.sealed.uses()} == {NEW_ID}
        assert sum(use.count for use in await store.sealed.uses()) == len(before)
    assert await rotate(rotating) == (0, 0)


async def test_no_column_holds_sealed_texts_without_being_marked(rotating: Database) -> None:
    async with rotating.transaction() as store:
        for table in Row.metadata.sorted_tables:
            marked = sealed_columns().get(table, [])
            for row in await store.connection.execute(select(table)):
                for column in table.columns:
                    value = row._mapping[column]
                    assert column in marked or not str(value).startswith(f"v1.{OLD_ID}."), (
                        f"{column} holds a sealed text: declare it Sealed"
                    )


async def test_the_old_key_can_go(rotating: Database, url: str) -> None:
    await rotate(rotating)
    alone = Database(url, Sealing([NEW]))
    try:
        async with alone.reading() as store:
            current = await store.connections.current("T1")
            assert current is not None
            assert await store.connections.client_secret("T1", current.id) == "a-client-secret"
            assert (await store.connections.tokens("T1", current.id)).access_token
            install = await store.installs.token("T1")
            assert install is not None
            assert install.text == "xoxb-1"
            assert await store.audit.verify("T1") == []
    finally:
        await alone.close()


async def test_a_value_pasted_elsewhere_does_not_open(rotating: Database) -> None:
    """Neither in another workspace nor in another row or column (must show 4)."""
    for (table, column, team, *rest), value in (await values(rotating)).items():
        here = Row.metadata.tables[table].columns[column]
        for owner in (
            owner_of(here, "T2" if team == "T1" else "T1", *rest),
            owner_of(here, team, *rest, "x"),
            owner_of(here, team, *rest)._replace(column="other"),
        ):
            with pytest.raises(SealedValueError):
                Sealing([NEW, OLD]).open_bytes(owner, value)


async def test_what_does_not_open_is_left_and_counted(rotating: Database) -> None:
    before = await values(rotating)
    stolen = next(value for (table, *_), value in before.items() if table == "drafts")
    async with rotating.transaction() as store:
        table = Row.metadata.tables["installs"]
        await store.connection.execute(update(table).values(bot_token=stolen))

    assert await rotate(rotating) == (len(before) - 2, 2)

    async with rotating.reading() as store:
        old = [use for use in await store.sealed.uses() if use.key_id == OLD_ID]
    assert [(use.place, use.count) for use in old] == [("installs.bot_token", 2)]
