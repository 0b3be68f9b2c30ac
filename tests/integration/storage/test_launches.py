"""Launches: once per draft, moved by compare-and-set, one workflow each."""

from __future__ import annotations

import asyncio

import pytest

from storage.database import Database
from storage.errors import AlreadyLaunched, NotFoundError, WorkflowTaken
from storage.records import Launch
from tests.integration.storage.seeding import NOON, launch, revise


async def test_a_launch_is_written_down(database: Database) -> None:
    async with database.transaction() as store:
        request = await store.requests.add("T1", "U1", "Laptops")
        made = await launch(store, request_id=request.id)
        assert (made.state, made.revision, made.number, made.label) == ("launching", 1, 1, "REQ-1")
        assert made.attributes == {"counterpartyName": "Umbrella"}
        assert (made.workflow_id, made.problem, made.candidates, made.finished_at) == (None,) * 4
        assert await store.launches.get("T1", made.id) == made
        assert await store.launches.by_request_number("T1", 1) == made
        assert await store.launches.by_request_number("T1", 2) is None
        assert await store.launches.by_ironclad_id("T1", "IC-1") is None


async def test_a_draft_becomes_one_launch(database: Database) -> None:
    async with database.transaction() as store:
        first = await launch(store, draft_id="d1")
    with pytest.raises(AlreadyLaunched) as refused:
        async with database.transaction() as store:
            await launch(store, draft_id="d1")
    assert refused.value.launch == first
    async with database.transaction() as store:
        second_team = await launch(store, "T2", draft_id="d1")
        assert second_team.id != first.id
        assert [found.id for found in await store.launches.mine("T1", "U1", 10)] == [first.id]


async def test_whoever_catches_already_launched_has_written_no_launch(database: Database) -> None:
    async with database.transaction() as store:
        first = await launch(store, draft_id="d1")
    async with database.transaction() as store:
        with pytest.raises(AlreadyLaunched):
            await launch(store, draft_id="d1")
    async with database.reading() as store:
        assert [found.id for found in await store.launches.mine("T1", "U1", 10)] == [first.id]


async def test_of_twenty_submits_one_launches_and_all_learn_which(database: Database) -> None:
    async def submit() -> tuple[bool, Launch]:
        try:
            async with database.transaction() as store:
                return True, await launch(store, draft_id="d1")
        except AlreadyLaunched as earlier:
            return False, earlier.launch

    outcomes = await asyncio.gather(*(submit() for _ in range(20)))
    assert [new for new, _ in outcomes].count(True) == 1
    assert len({found.id for _, found in outcomes}) == 1
    async with database.reading() as store:
        assert len(await store.launches.mine("T1", "U1", 50)) == 1
        assert await store.requests.by_number("T1", 2) is None


async def test_a_launch_needs_a_request_of_its_workspace(database: Database) -> None:
    async with database.transaction() as store:
        theirs = await store.requests.add("T2", "U1", "Laptops")
        with pytest.raises(NotFoundError):
            await launch(store, "T1", request_id=theirs.id)
        assert await store.launches.mine("T1", "U1", 10) == []
        # The draft is not used up by that:
        assert (await launch(store, "T1", draft_id=f"draft-of-{theirs.id}")).revision == 1


async def test_my_launches_page_by_page(database: Database) -> None:
    async with database.transaction() as store:
        made = [await launch(store) for _ in range(5)]
        await launch(store, requester="U2")
        newest_first = [one.id for one in reversed(made)]
        assert [one.id for one in await store.launches.mine("T1", "U1", 3)] == newest_first[:3]
        assert [one.id for one in await store.launches.mine("T1", "U1", 3, 3)] == newest_first[3:]


async def test_a_launch_moves_with_what_was_learnt(database: Database) -> None:
    async with database.transaction() as store:
        made = await launch(store)
        assert await store.launches.move(
            "T1",
            made.id,
            expected=["launching", "asking"],
            to="launched",
            workflow_id="wf1",
            ironclad_id="IC-7",
            title="Umbrella NDA",
            step="Review",
            url="https://example.com/wf1",
            decided_by="U1",
            finished_at=NOON,
            candidates=[{"id": "wf1"}],
            problem={"code": "X"},
        )
        moved = await store.launches.by_ironclad_id("T1", "IC-7")
        assert moved is not None
        assert (moved.id, moved.state, moved.workflow_id, moved.step) == (
            made.id,
            "launched",
            "wf1",
            "Review",
        )
        assert (moved.finished_at, moved.candidates, moved.problem) == (NOON, [{"id": "wf1"}], {"code": "X"})
        assert moved.updated_at > made.updated_at
        assert not await store.launches.move("T1", made.id, expected=["launching"], to="refused")
        assert await store.launches.get("T1", made.id) == moved
        assert await store.launches.move("T1", made.id, expected=["launched"], to="launched", problem=None)
        cleared = await store.launches.get("T1", made.id)
        assert cleared is not None
        assert (cleared.problem, cleared.step) == (None, "Review")
        assert not await store.launches.move("T1", made.id, expected=[], to="refused")


async def test_of_twenty_moves_one_happens(database: Database) -> None:
    async with database.transaction() as store:
        made = await launch(store)

    async def move(by: int) -> bool:
        async with database.transaction() as store:
            return await store.launches.move(
                "T1", made.id, expected=["launching"], to="refused", decided_by=f"U{by}"
            )

    assert (await asyncio.gather(*(move(by) for by in range(20)))).count(True) == 1


async def test_a_workflow_belongs_to_one_launch(database: Database) -> None:
    async with database.transaction() as store:
        first, second = await launch(store), await launch(store)
        await store.launches.move("T1", first.id, expected=["launching"], to="launched", workflow_id="wf1")
        with pytest.raises(WorkflowTaken):
            await store.launches.move(
                "T1", second.id, expected=["launching"], to="launched", workflow_id="wf1"
            )
        # The transaction goes on:
        assert await store.launches.move("T1", second.id, expected=["launching"], to="asking")
        elsewhere = await launch(store, "T2")
        assert await store.launches.move(
            "T2", elsewhere.id, expected=["launching"], to="launched", workflow_id="wf1"
        )
    async with database.reading() as store:
        kept = await store.launches.get("T1", second.id)
        assert kept is not None
        assert (kept.state, kept.workflow_id) == ("asking", None)
        assert await store.launches.taken("T1", ["wf1", "wf2"]) == {"wf1"}
        assert await store.launches.taken("T1", []) == set()


async def test_of_two_launches_adopting_one_workflow_one_gets_it(database: Database) -> None:
    async with database.transaction() as store:
        made = [await launch(store) for _ in range(10)]

    async def adopt(launch_id: str) -> bool:
        async with database.transaction() as store:
            return await store.launches.move(
                "T1", launch_id, expected=["launching"], to="launched", workflow_id="wf1"
            )

    outcomes = await asyncio.gather(*(adopt(one.id) for one in made), return_exceptions=True)
    assert outcomes.count(True) == 1
    assert sum(isinstance(outcome, WorkflowTaken) for outcome in outcomes) == 9


async def test_a_refused_launch_is_submitted_again(database: Database) -> None:
    async with database.transaction() as store:
        made = await launch(store, draft_id="d1")
        await store.launches.move(
            "T1", made.id, expected=["launching"], to="refused", problem={"code": "MISSING_PARAM"}
        )
        again = await revise(store, made.id, attributes={"b": 2}, digest="d2")
        assert again is not None
        assert (again.id, again.state, again.revision, again.problem) == (made.id, "launching", 2, None)
        assert (again.attributes, again.digest, again.reference_key) == ({"b": 2}, "d2", None)
        assert (again.connection_id, again.acting_user) == ("c2", "lee@example.com")
    for used in ("d1", "d2"):
        with pytest.raises(AlreadyLaunched) as earlier:
            async with database.transaction() as store:
                await launch(store, draft_id=used)
        assert earlier.value.launch == again
    with pytest.raises(AlreadyLaunched):
        async with database.transaction() as store:
            await revise(store, made.id)


async def test_only_a_refused_launch_is_revised(database: Database) -> None:
    async with database.transaction() as store:
        made = await launch(store)
        for launch_id in (made.id, "gone"):
            assert await revise(store, launch_id) is None
        assert await store.launches.get("T1", made.id) == made
    async with database.transaction() as store:
        assert (await launch(store, draft_id="d2")).id != made.id  # the draft was not used up


async def test_of_twenty_corrections_one_is_sent(database: Database) -> None:
    async with database.transaction() as store:
        made = await launch(store)
        await store.launches.move("T1", made.id, expected=["launching"], to="refused")

    async def correct(draft: str) -> Launch | None:
        try:
            async with database.transaction() as store:
                return await revise(store, made.id, draft_id=draft)
        except AlreadyLaunched:
            return None

    outcomes = await asyncio.gather(*(correct(f"d{turn % 4}") for turn in range(20)))
    assert sum(outcome is not None for outcome in outcomes) == 1
    async with database.reading() as store:
        revised = await store.launches.get("T1", made.id)
    assert revised is not None
    assert revised.revision == 2


async def test_rivals_are_other_launches_in_flight_that_look_the_same(database: Database) -> None:
    async with database.transaction() as store:
        mine = await launch(store)
        assert await store.launches.rivals("T1", mine.id) == 0
        await launch(store)
        asking = await launch(store)
        await store.launches.move("T1", asking.id, expected=["launching"], to="asking")
        for different in ({"digest": "d2"}, {"template_id": "msa"}, {"acting_user": "lee@example.com"}):
            await launch(store, **different)
        settled = await launch(store)
        await store.launches.move("T1", settled.id, expected=["launching"], to="refused")
        await launch(store, "T2")
        assert await store.launches.rivals("T1", mine.id) == 2
        assert await store.launches.rivals("T1", settled.id) == 3
