"""Rules of conditional questions: versions, and what survives when a template is published again."""

from __future__ import annotations

import asyncio

import pytest

from storage.database import Database
from storage.errors import RulesMoved
from tests.integration.storage.seeding import template

RULE = {"target": "purpose"}
OTHER = {"target": "draft"}


async def test_each_change_is_a_version_with_its_author(database: Database) -> None:
    async with database.transaction() as store:
        assert await store.conditions.of("T1", "nda", "NDA") is None
        await store.conditions.save("T1", "nda", "NDA", [RULE], by="U1", version=0)
        second = await store.conditions.save("T1", "nda", "NDA", [RULE, OTHER], by="U2", version=1)
        kept = await store.conditions.of("T1", "nda", "NDA")
        everything = await store.conditions.all("T1")

    assert kept == second
    assert (second.version, second.rules, second.changed_by) == (2, [RULE, OTHER], "U2")
    assert everything == [second]


async def test_rules_survive_a_new_id_and_a_new_name(database: Database) -> None:
    async with database.transaction() as store:
        first = await store.conditions.save("T1", "nda", "NDA", [RULE], by="U1", version=0)
        republished = await store.conditions.of("T1", "nda2", "NDA")
        renamed = await store.conditions.of("T1", "nda", "Mutual NDA")
        stranger = await store.conditions.of("T1", "msa", "MSA")
        again = await store.conditions.save("T1", "nda2", "NDA", [OTHER], by="U1", version=1)

    assert republished == renamed == first
    assert stranger is None
    assert (again.id, again.version) == (first.id, 2)


async def test_of_two_changes_to_one_version_the_second_is_told(database: Database) -> None:
    async with database.transaction() as store:
        await store.conditions.save("T1", "nda", "NDA", [RULE], by="U1", version=0)

    async def change(by: str) -> bool:
        try:
            async with database.transaction() as store:
                await store.conditions.save("T1", "nda", "NDA", [OTHER], by=by, version=1)
        except RulesMoved:
            return False
        return True

    assert sorted(await asyncio.gather(change("U1"), change("U2"))) == [False, True]
    async with database.transaction() as store:
        with pytest.raises(RulesMoved):
            await store.conditions.save("T1", "nda", "NDA", [], by="U3", version=0)


async def test_a_dropped_suggestion_stays_dropped(database: Database) -> None:
    async with database.transaction() as store:
        await store.conditions.drop("T1", "NDA", "rule1", "U1")
        await store.conditions.drop("T1", "NDA", "rule1", "U2")
        assert await store.conditions.dropped("T1", "NDA") == {"rule1"}
        assert await store.conditions.dropped("T1", "MSA") == frozenset()


async def test_of_templates_with_one_name_the_last_seen_counts(database: Database) -> None:
    async with database.transaction() as store:
        await store.templates.remember(
            "T1", "dana@example.com", [template("old", "NDA"), template("m", "MSA")]
        )
    async with database.transaction() as store:
        await store.templates.remember("T1", "dana@example.com", [template("new", "NDA")])
        assert await store.templates.known("T1") == [("m", "MSA"), ("new", "NDA")]
