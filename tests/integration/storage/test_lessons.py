"""What Ironclad's refusals taught."""

from __future__ import annotations

from typing import Any

from storage.database import Database
from storage.store import Store


async def learn(store: Store, launch_id: str, **changes: Any) -> None:
    facts: dict[str, Any] = {
        "revision": 1,
        "template_id": "nda",
        "template_name": "NDA",
        "attributes": {"region": "EMEA"},
        "codes": {"purpose": "MISSING_PARAM", "region": "INVALID_PARAM"},
    }
    await store.lessons.learn("T1", launch_id, **{**facts, **changes})


async def test_each_field_named_is_a_lesson_with_the_answers_it_was_said_of(database: Database) -> None:
    async with database.transaction() as store:
        await learn(store, "l1")
        lessons = await store.lessons.of("T1", "NDA")
    assert [(one.key, one.code) for one in lessons] == [
        ("purpose", "MISSING_PARAM"),
        ("region", "INVALID_PARAM"),
    ]
    assert {tuple(one.answers.items()) for one in lessons} == {(("region", "EMEA"),)}


async def test_the_same_refusal_is_learnt_once(database: Database) -> None:
    async with database.transaction() as store:
        await learn(store, "l1")
        await learn(store, "l1")
        await learn(store, "l1", revision=2)
        assert len(await store.lessons.of("T1", "NDA")) == 4


async def test_a_template_published_again_keeps_its_lessons(database: Database) -> None:
    async with database.transaction() as store:
        await learn(store, "l1", template_id="old")
        await learn(store, "l2", template_id="new")
        await learn(store, "l3", template_name="Another")
        lessons = await store.lessons.of("T1", "NDA")
    assert {one.launch_id for one in lessons} == {"l1", "l2"}
