"""Half-filled forms."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text

from storage.database import Database
from storage.sealing import SealedValueError
from tests.integration.storage.seeding import launch


async def test_a_draft_starts_empty_and_keeps_what_is_saved(database: Database) -> None:
    async with database.transaction() as store:
        draft = await store.drafts.start("T1", "U1", "nda", "NDA")
        assert (draft.user, draft.template_id, draft.template_name) == ("U1", "nda", "NDA")
        assert (draft.launch_id, draft.answers) == (None, {})
        answers = {"counterparty": "Umbrella <!channel>", "n": 1.5, "\0": ["\ud800", None]}
        assert await store.drafts.save("T1", draft.id, answers)
        kept = await store.drafts.get("T1", draft.id)
        assert kept is not None
        assert kept.answers == answers
        assert kept.updated_at > kept.created_at == draft.created_at
        correcting = await store.drafts.start("T1", "U1", "nda", "NDA", launch_id="l1")
        assert correcting.launch_id == "l1"
        assert correcting.id != draft.id


async def test_my_drafts_the_last_touched_first(database: Database) -> None:
    async with database.transaction() as store:
        made = [await store.drafts.start("T1", "U1", "nda", f"NDA {number}") for number in range(3)]
        await store.drafts.start("T1", "U1", "nda", "nobody typed into it")
        theirs = await store.drafts.start("T1", "U2", "nda", "of someone else")
        for draft in (*made, theirs, made[0]):
            await store.drafts.save("T1", draft.id, {"a": 1})
        mine = await store.drafts.mine("T1", "U1")
    assert [draft.template_name for draft in mine] == ["NDA 0", "NDA 2", "NDA 1"]


async def test_a_deleted_draft_is_gone(database: Database) -> None:
    async with database.transaction() as store:
        draft = await store.drafts.start("T1", "U1", "nda", "NDA")
        assert await store.drafts.delete("T1", draft.id)
        assert not await store.drafts.delete("T1", draft.id)
        assert not await store.drafts.save("T1", draft.id, {"a": 1})
        assert await store.drafts.get("T1", draft.id) is None


async def test_two_tabs_saving_one_draft_leave_one_whole_answer(database: Database) -> None:
    async with database.transaction() as store:
        draft = await store.drafts.start("T1", "U1", "nda", "NDA")

    async def save(turn: int) -> None:
        async with database.transaction() as store:
            assert await store.drafts.save("T1", draft.id, {"a": turn, "b": turn})

    await asyncio.gather(*(save(turn) for turn in range(20)))
    async with database.reading() as store:
        kept = await store.drafts.get("T1", draft.id)
    assert kept is not None
    assert kept.answers["a"] == kept.answers["b"]


async def test_answers_put_into_another_draft_do_not_open(database: Database) -> None:
    async with database.transaction() as store:
        mine = await store.drafts.start("T1", "U1", "nda", "NDA")
        theirs = await store.drafts.start("T2", "U2", "nda", "NDA")
        await store.drafts.save("T1", mine.id, {"price": "secret"})
        await store.connection.execute(
            text("UPDATE drafts SET answers = (SELECT answers FROM drafts WHERE id = :id)"), {"id": mine.id}
        )
        with pytest.raises(SealedValueError):
            await store.drafts.get("T2", theirs.id)


async def test_a_draft_knows_how_it_stands(database: Database) -> None:
    async with database.transaction() as store:
        draft = await store.drafts.start("T1", "U1", "nda", "NDA", state={"page": 2}, fingerprint="f1")
        assert (draft.state, draft.fingerprint, draft.saved_at, draft.left_at) == (
            {"page": 2},
            "f1",
            None,
            None,
        )
        assert await store.drafts.leave("T1", draft.id)
        assert await store.drafts.warned("T1", draft.id)
        left = await store.drafts.get("T1", draft.id)
        assert left is not None
        assert left.left_at is not None
        assert left.warned_at is not None
        await store.drafts.save("T1", draft.id, {"a": 1})
        saved = await store.drafts.get("T1", draft.id)
    assert saved is not None
    assert (saved.left_at, saved.warned_at) == (None, None)
    assert saved.saved_at is not None
    assert (saved.state, saved.fingerprint) == ({"page": 2}, "f1")


async def test_a_submitted_draft_stays_as_it_was(database: Database) -> None:
    async with database.transaction() as store:
        draft = await store.drafts.start("T1", "U1", "nda", "NDA")
        await store.drafts.save("T1", draft.id, {"a": 1})
        assert await store.drafts.submitted("T1", draft.id)
        assert not await store.drafts.submitted("T1", draft.id)
        assert not await store.drafts.save("T1", draft.id, {"a": 2})
        assert await store.drafts.mine("T1", "U1") == []
        launched = await launch(store, draft_id=draft.id)
        last = await store.drafts.submitted_last("T1", launched.id)
        assert last is not None
        assert last.answers == {"a": 1}
        await store.drafts.delete_of_launch("T1", launched.id)
        assert await store.drafts.get("T1", draft.id) is None


async def test_drafts_nobody_touched(database: Database) -> None:
    async with database.transaction() as store:
        draft = await store.drafts.start("T1", "U1", "nda", "NDA")
        later, earlier = draft.updated_at + timedelta(days=1), draft.updated_at - timedelta(days=1)
        assert [one.id for one in await store.drafts.untouched("T1", later)] == [draft.id]
        assert await store.drafts.untouched("T1", earlier) == []


async def test_a_draft_moves_to_another_template(database: Database) -> None:
    async with database.transaction() as store:
        draft = await store.drafts.start("T1", "U1", "nda", "NDA", fingerprint="f1")
        await store.drafts.save("T1", draft.id, {"a": 1})
        assert await store.drafts.move(
            "T1", draft.id, template_id="nda2", template_name="NDA 2", fingerprint="f2"
        )
        moved = await store.drafts.get("T1", draft.id)
    assert moved is not None
    assert (moved.template_id, moved.template_name, moved.fingerprint) == ("nda2", "NDA 2", "f2")
    assert moved.answers == {"a": 1}
