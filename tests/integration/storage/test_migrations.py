"""The schema: up from nothing, equal to the models, down again, never touching other people's tables."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import IntegrityError

from storage.database import Database, SchemaState
from storage.engines import migrating_engine, parse_url
from storage.errors import StorageError
from storage.migrating import alembic_config, downgrade, upgrade
from storage.models import Row
from storage.schema import revisions

T = TypeVar("T")


async def on(database: Database, act: Callable[[Connection], T]) -> T:
    return await asyncio.to_thread(_on, database.url, act)


def _on(url: str, act: Callable[[Connection], T]) -> T:
    engine = migrating_engine(parse_url(url))
    try:
        with engine.begin() as connection:
            return act(connection)
    finally:
        engine.dispose()


def differences(connection: Connection) -> list[Any]:
    context = MigrationContext.configure(
        connection, opts={"compare_type": True, "compare_server_default": True}
    )
    return list(compare_metadata(context, Row.metadata))


def conditions(connection: Connection) -> dict[str, set[str]]:
    """Every check and every condition of an index, by table."""
    looked_at = inspect(connection)
    return {
        table: {
            *(f"{check['name']}: {check['sqltext']}" for check in looked_at.get_check_constraints(table)),
            *(
                f"{index['name']}: {option}"
                for index in looked_at.get_indexes(table)
                for name, option in index.get("dialect_options", {}).items()
                if name.endswith("_where")
            ),
        }
        for table in Row.metadata.tables
    }


def tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names())


async def test_up_from_nothing_gives_what_the_models_say(empty: Database) -> None:
    assert await empty.schema_state() is SchemaState.EMPTY
    await empty.migrate()
    assert await empty.schema_state() is SchemaState.CURRENT
    assert await on(empty, differences) == []
    assert await on(empty, tables) == {*Row.metadata.tables, "alembic_version"}


async def test_the_comparison_notices_a_difference(database: Database) -> None:
    await on(database, lambda connection: connection.execute(text("DROP INDEX uq_attempts_open")))
    assert len(await on(database, differences)) == 1


async def test_alembic_sees_nothing_to_do_and_leaves_other_tables_alone(database: Database) -> None:
    await on(database, lambda connection: connection.execute(text("CREATE TABLE engines_own (id INTEGER)")))
    await on(database, lambda connection: command.check(alembic_config(connection)))


async def test_conditions_are_those_of_the_models(database: Database) -> None:
    """Alembic compares neither checks nor the conditions of indexes."""
    migrated = await on(database, conditions)
    await on(database, lambda connection: downgrade(connection, "base"))
    await on(database, Row.metadata.create_all)
    assert await on(database, conditions) == migrated
    assert sum(len(found) for found in migrated.values()) >= 16


def test_the_files_are_named_by_their_revisions() -> None:
    """What is compared with the database's revision without Alembic is what Alembic would say."""
    chain = ScriptDirectory.from_config(alembic_config()).walk_revisions()
    assert revisions() == tuple(one.revision for one in chain)[::-1]


async def test_migrating_twice_changes_nothing(database: Database) -> None:
    async with database.transaction() as store:
        await store.requests.add("T1", "U1", "kept")
    await database.migrate()
    async with database.reading() as store:
        assert await store.requests.by_number("T1", 1) is not None


async def test_replicas_may_migrate_at_once(empty: Database) -> None:
    await asyncio.gather(*(empty.migrate() for _ in range(4)))
    assert await empty.schema_state() is SchemaState.CURRENT


async def test_down_and_up_again(database: Database) -> None:
    await on(database, lambda connection: connection.execute(text("CREATE TABLE engines_own (id INTEGER)")))
    await on(database, lambda connection: downgrade(connection, "base"))
    assert await on(database, tables) == {"engines_own", "alembic_version"}
    assert await database.schema_state() is SchemaState.EMPTY
    await database.migrate()
    assert "engines_own" in await on(database, tables)
    assert await database.schema_state() is SchemaState.CURRENT


async def test_a_newer_database_is_recognised(database: Database) -> None:
    await on(
        database, lambda connection: connection.execute(text("UPDATE alembic_version SET version_num='9999'"))
    )
    assert await database.schema_state() is SchemaState.NEWER


async def test_the_checks_are_there(database: Database) -> None:
    wrong = [
        "INSERT INTO attempts VALUES ('T1', 'l1', 1, '2026-01-01', '2026-01-01', 'lost', '')",
        "INSERT INTO attempts VALUES ('T1', 'no such launch', 1, '2026-01-01', '2026-01-01', NULL, '')",
        "INSERT INTO submitted_drafts VALUES ('T1', 'd1', 'no such launch')",
    ]
    for statement in wrong:
        with pytest.raises(IntegrityError):
            async with database.transaction() as store:
                await store.connection.execute(text(statement))


async def test_a_migration_that_breaks_references_is_undone(database: Database) -> None:
    if not database.is_sqlite:
        pytest.skip("PostgreSQL checks references during migrations, too")

    def breaking(connection: Connection) -> None:
        connection.execute(text("INSERT INTO submitted_drafts VALUES ('T1', 'd1', 'no such launch')"))
        upgrade(connection)

    with pytest.raises(StorageError, match="nothing was changed"):
        await on(database, breaking)
    assert (
        await on(
            database,
            lambda connection: connection.execute(text("SELECT count(*) FROM submitted_drafts")).scalar(),
        )
        == 0
    )
