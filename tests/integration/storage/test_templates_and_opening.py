"""Cached templates, and the first screen's one query."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from storage.database import Database
from tests.integration.storage.seeding import connection, person, ready_connection, template


async def test_only_launchable_templates_are_offered_by_name(database: Database) -> None:
    async with database.transaction() as store:
        assert await store.templates.offered("T1", "dana@example.com") is None
        await store.templates.remember(
            "T1",
            "dana@example.com",
            [
                template("t3", "zebra lease"),
                template("t1", "NDA"),
                template("t4", "nda"),
                template("t2", "Board", may_launch=False),
                template("t5", "Apple resale"),
            ],
        )
        offer = await store.templates.offered("T1", "dana@example.com")
        assert offer is not None
        assert offer.items == (("t5", "Apple resale"), ("t1", "NDA"), ("t4", "nda"), ("t3", "zebra lease"))
        assert abs((offer.fetched_at - await store.now()).total_seconds()) < 5
        hidden = await store.templates.get("T1", "t2")
        assert hidden is not None
        assert hidden.name == "Board"
        assert await store.templates.offered("T1", "lee@example.com") is None


async def test_remembering_replaces_the_list_and_renews_the_schemas(database: Database) -> None:
    async with database.transaction() as store:
        await store.templates.remember("T1", "-", [template("t1", "NDA"), template("t2", "MSA")])
        await store.templates.remember("T1", "lee@example.com", [template("t2", "MSA")])
        before = await store.templates.get("T1", "t1")
        same = await store.templates.get("T1", "t2")
        await store.templates.remember("T1", "-", [template("t1", "NDA 2", schema={"schema": {}})])
        after = await store.templates.get("T1", "t1")
        offer = await store.templates.offered("T1", "-")
        other = await store.templates.offered("T1", "lee@example.com")
    assert before is not None
    assert after is not None
    assert same is not None
    assert offer is not None
    assert other is not None
    assert offer.items == (("t1", "NDA 2"),)
    assert other.items == (("t2", "MSA"),)
    assert (after.name, after.schema) == ("NDA 2", {"schema": {}})
    assert before.fingerprint == same.fingerprint != after.fingerprint
    assert after.fetched_at > before.fetched_at


async def test_the_fingerprint_ignores_the_order_of_keys(database: Database) -> None:
    async with database.transaction() as store:
        await store.templates.remember("T1", "-", [template("t1", "A", schema={"a": 1, "b": 2})])
        first = await store.templates.get("T1", "t1")
        await store.templates.remember("T1", "-", [template("t1", "A", schema={"b": 2, "a": 1})])
        second = await store.templates.get("T1", "t1")
    assert first is not None
    assert second is not None
    assert first.fingerprint == second.fingerprint


async def test_an_empty_list_is_an_offer_of_nothing(database: Database) -> None:
    async with database.transaction() as store:
        await store.templates.remember("T1", "-", [])
        offer = await store.templates.offered("T1", "-")
    assert offer is not None
    assert offer.items == ()


async def test_forgetting_is_for_one_workspace(database: Database) -> None:
    async with database.transaction() as store:
        for team in ("T1", "T2"):
            await store.templates.remember(team, "-", [template("t1", "NDA")])
        await store.templates.forget("T1")
        assert await store.templates.offered("T1", "-") is None
        assert await store.templates.get("T1", "t1") is None
        assert await store.templates.offered("T2", "-") is not None
        assert await store.templates.get("T2", "t1") is not None


async def test_hostile_schemas_are_kept_as_they_are(database: Database) -> None:
    schema = {"\0": "\ud800", "deep": [[{"x": None}]], "é😀": "'; DROP TABLE templates; --", "n": 1e300}
    async with database.transaction() as store:
        await store.templates.remember("T1", "-", [template("t1", "A", schema=schema)])
        kept = await store.templates.get("T1", "t1")
    assert kept is not None
    assert kept.schema == schema


async def test_many_refresh_the_same_templates_at_once(database: Database) -> None:
    offered = [template(f"t{number}", f"Template {number}") for number in range(5)]

    async def remember(turn: int) -> None:
        mixed = offered[turn % 5 :] + offered[: turn % 5]
        async with database.transaction() as store:
            await store.templates.remember("T1", f"user{turn % 3}", mixed)

    await asyncio.gather(*(remember(turn) for turn in range(20)))


async def test_an_opening_in_an_unknown_workspace_is_empty(database: Database) -> None:
    async with database.reading() as store:
        opening = await store.opening("T1", "U1", "approvals")
    assert (opening.workspace, opening.connection, opening.person, opening.offer) == (None, None, None, None)


@pytest.mark.parametrize(
    ("grant", "acting_user", "email", "offer_of"),
    [
        ("client_credentials", "admin@example.com", "dana@example.com", "dana@example.com"),
        ("client_credentials", "admin@example.com", None, None),
        ("authorization_code", "admin@example.com", "dana@example.com", "admin@example.com"),
        ("authorization_code", None, "dana@example.com", "-"),
        ("authorization_code", "", None, "-"),
    ],
)
async def test_an_opening_shows_the_offer_of_whoever_acts(
    database: Database, grant: str, acting_user: str | None, email: str | None, offer_of: str | None
) -> None:
    dana = person(email=email)
    async with database.transaction() as store:
        await store.workspaces.ensure("T1", "Acme")
        await store.people.put(dana)
        ready = await ready_connection(store, grant=grant, acting_user=acting_user)
        await connection(store)  # another, being checked: not shown
        for whose in ("dana@example.com", "admin@example.com", "-"):
            await store.templates.remember("T1", whose, [template("nda", f"NDA of {whose}")])
    async with database.reading() as store:
        opening = await store.opening("T1", "U1", "approvals")
        assert opening.workspace == await store.workspaces.get("T1")
    assert opening.connection == ready
    assert opening.person == dana
    assert (opening.offer.items if opening.offer else None) == (
        (("nda", f"NDA of {offer_of}"),) if offer_of else None
    )


async def test_an_opening_without_a_connection_offers_nothing(database: Database) -> None:
    async with database.transaction() as store:
        await store.workspaces.ensure("T1", "Acme")
        await store.people.put(person())
        await store.templates.remember("T1", "-", [template("nda", "NDA")])
        opening = await store.opening("T1", "U1", "approvals")
    assert (opening.connection, opening.offer) == (None, None)
    assert opening.workspace is not None
    assert opening.person is not None


async def test_an_opening_is_one_query(database: Database) -> None:
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        asked.append(statement)

    async with database.reading() as store:
        await store.opening("T1", "U1", "approvals")  # the dialect's own questions on connecting
        event.listen(Engine, "before_cursor_execute", note)
        try:
            await store.opening("T1", "U1", "approvals")
        finally:
            event.remove(Engine, "before_cursor_execute", note)
    assert len(asked) == 1
