"""Half-filled forms."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import text

from storage.database import Database
from storage.sealing import SealedValueError


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
        await store.drafts.start("T1", "U2", "nda", "of someone else")
        await store.drafts.save("T1", made[0].id, {"a": 1})
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
        await store.session.execute(
            text("UPDATE drafts SET answers = (SELECT answers FROM drafts WHERE id = :id)"), {"id": mine.id}
        )
        with pytest.raises(SealedValueError):
            await store.drafts.get("T2", theirs.id)
