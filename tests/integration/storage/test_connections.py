"""Connections and their tokens."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from storage.database import Database
from storage.errors import NotFoundError
from storage.sealing import SealedValueError
from tests.integration.storage.seeding import NOON, connection, ready_connection


async def test_a_new_connection_is_being_checked(database: Database) -> None:
    async with database.transaction() as store:
        made = await connection(store)
        assert (made.state, made.problem, made.scopes, made.created_by) == ("checking", None, (), "U9")
        assert made.created_at == made.updated_at
        assert await store.connections.get("T1", made.id) == made
        assert await store.connections.current("T1") is None
        assert await store.connections.client_secret("T1", made.id) == "a-client-secret"
        tokens = await store.connections.tokens("T1", made.id)
        assert (tokens.version, tokens.access_token, tokens.refresh_token) == (0, None, None)


async def test_promotion_replaces_the_former_one(database: Database) -> None:
    async with database.transaction() as store:
        former = await ready_connection(store)
        abandoned = await connection(store)
        elsewhere = await ready_connection(store, "T2")
        made = await connection(store)
        assert await store.connections.promote(
            "T1", made.id, company_id="co2", company_name="Beta", scopes=["one", "two"]
        )
        current = await store.connections.current("T1")
        assert current is not None
        assert (current.id, current.state, current.company_name) == (made.id, "ready", "Beta")
        assert current.scopes == ("one", "two")
        for gone in (former, abandoned):
            assert await store.connections.get("T1", gone.id) is None
            with pytest.raises(NotFoundError):
                await store.connections.tokens("T1", gone.id)
            with pytest.raises(NotFoundError):
                await store.connections.client_secret("T1", gone.id)
        assert await store.connections.current("T2") == elsewhere
        assert not await store.connections.promote(
            "T1", former.id, company_id=None, company_name=None, scopes=[]
        )
        assert await store.connections.current("T1") == current


async def test_of_two_promotions_at_once_one_is_left(database: Database) -> None:
    async with database.transaction() as store:
        made = [await connection(store) for _ in range(6)]

    async def promote(connection_id: str) -> bool:
        async with database.transaction() as store:
            return await store.connections.promote(
                "T1", connection_id, company_id=None, company_name=None, scopes=[]
            )

    done = await asyncio.gather(*(promote(one.id) for one in made))
    assert done.count(True) == 1
    async with database.reading() as store:
        current = await store.connections.current("T1")
    assert current is not None
    assert current.id == made[done.index(True)].id


async def test_the_database_itself_allows_one_ready_connection(database: Database) -> None:
    async with database.transaction() as store:
        await ready_connection(store)
        await connection(store)
    with pytest.raises(IntegrityError):
        async with database.transaction() as store:
            await store.connection.execute(text("UPDATE connections SET state = 'ready'"))


async def test_a_failed_check_leaves_the_ready_one_alone(database: Database) -> None:
    async with database.transaction() as store:
        ready = await ready_connection(store)
        made = await connection(store)
        assert await store.connections.fail("T1", made.id, "wrong secret")
        failed = await store.connections.get("T1", made.id)
        assert failed is not None
        assert (failed.state, failed.problem) == ("failed", "wrong secret")
        assert not await store.connections.fail("T1", ready.id, "cannot be")
        assert await store.connections.current("T1") == ready


async def test_discarding_and_disconnecting(database: Database) -> None:
    async with database.transaction() as store:
        ready = await ready_connection(store)
        made = await connection(store)
        assert not await store.connections.discard("T1", ready.id)
        assert await store.connections.discard("T1", made.id)
        assert not await store.connections.discard("T1", made.id)
        assert await store.connections.disconnect("T1", ready.id)
        assert not await store.connections.disconnect("T1", ready.id)
        assert await store.connections.get("T1", ready.id) is None
        left = await store.connection.execute(text("SELECT count(*) FROM connection_tokens"))
        assert left.scalar_one() == 0


async def test_a_problem_is_noted_and_cleared(database: Database) -> None:
    async with database.transaction() as store:
        ready = await ready_connection(store)
        assert await store.connections.note_problem("T1", ready.id, "reconnect")
        noted = await store.connections.current("T1")
        assert noted is not None
        assert (noted.problem, noted.state) == ("reconnect", "ready")
        assert noted.updated_at > ready.updated_at
        assert await store.connections.note_problem("T1", ready.id, None)
        cleared = await store.connections.current("T1")
        assert cleared is not None
        assert cleared.problem is None
        assert not await store.connections.note_problem("T1", "gone", "reconnect")


async def test_tokens_are_replaced_by_whoever_knows_the_version(database: Database) -> None:
    async with database.transaction() as store:
        made = await connection(store)
        assert await store.connections.save_tokens(
            "T1", made.id, 0, access_token="a1", refresh_token="r1", expires_at=NOON, scope="one two"
        )
        tokens = await store.connections.tokens("T1", made.id)
        assert (tokens.version, tokens.access_token, tokens.refresh_token) == (1, "a1", "r1")
        assert (tokens.expires_at, tokens.scope) == (NOON, "one two")
        assert not await store.connections.save_tokens(
            "T1", made.id, 0, access_token="late", refresh_token="late", expires_at=None, scope=None
        )
        assert await store.connections.tokens("T1", made.id) == tokens
        assert await store.connections.save_tokens(
            "T1", made.id, 1, access_token="a2", refresh_token=None, expires_at=None, scope=None
        )
        assert (await store.connections.tokens("T1", made.id)).refresh_token is None


async def test_one_of_twenty_gets_the_lease(database: Database) -> None:
    async with database.transaction() as store:
        made = await connection(store)

    async def claim() -> bool:
        async with database.transaction() as store:
            return await store.connections.claim_refresh("T1", made.id, 0, 30)

    assert (await asyncio.gather(*(claim() for _ in range(20)))).count(True) == 1


async def test_a_lease_ends_by_time_release_or_saving(database: Database) -> None:
    async def claim(version: int, seconds: float = 30) -> bool:
        async with database.transaction() as store:
            return await store.connections.claim_refresh("T1", made.id, version, seconds)

    async with database.transaction() as store:
        made = await connection(store)
    assert await claim(0, seconds=0.05)
    assert not await claim(0)
    await asyncio.sleep(0.1)
    assert await claim(0)  # the time is up
    async with database.transaction() as store:
        assert await store.connections.release_refresh("T1", made.id, 0)
    assert await claim(0)  # given back
    async with database.transaction() as store:
        assert await store.connections.save_tokens(
            "T1", made.id, 0, access_token="a", refresh_token="r", expires_at=None, scope=None
        )
        assert not await store.connections.release_refresh("T1", made.id, 0)
    assert not await claim(0)  # that version is history
    assert await claim(1)


async def test_a_secret_copied_to_another_row_or_workspace_does_not_open(database: Database) -> None:
    async with database.transaction() as store:
        mine = await connection(store, client_secret="mine")
        second = await connection(store, client_secret="second")
        theirs = await connection(store, "T2", client_secret="theirs")
        await store.connection.execute(
            text(
                "UPDATE connections SET client_secret ="
                " (SELECT client_secret FROM connections WHERE team = 'T1' AND id = :id)"
            ),
            {"id": mine.id},
        )
    async with database.reading() as store:
        assert await store.connections.client_secret("T1", mine.id) == "mine"
        with pytest.raises(SealedValueError):
            await store.connections.client_secret("T1", second.id)
        with pytest.raises(SealedValueError):
            await store.connections.client_secret("T2", theirs.id)


async def test_a_refresh_token_put_in_the_place_of_the_access_token_does_not_open(database: Database) -> None:
    async with database.transaction() as store:
        made = await connection(store)
        await store.connections.save_tokens(
            "T1",
            made.id,
            0,
            access_token="a",
            refresh_token="r",
            expires_at=NOON + timedelta(1),
            scope=None,
        )
        await store.connection.execute(text("UPDATE connection_tokens SET access_token = refresh_token"))
    async with database.reading() as store:
        with pytest.raises(SealedValueError):
            await store.connections.tokens("T1", made.id)
