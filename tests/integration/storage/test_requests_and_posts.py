"""Numbered requests, and messages that exist once."""

from __future__ import annotations

import asyncio

from storage.database import Database
from tests.integration.storage.seeding import NOON


async def test_requests_are_numbered_per_workspace(database: Database) -> None:
    async with database.transaction() as store:
        first = await store.requests.add("T1", "U1", "Laptops")
        second = await store.requests.add("T1", "U2", "Chairs")
        elsewhere = await store.requests.add("T2", "U3", "Desks")
        assert (first.number, second.number, elsewhere.number) == (1, 2, 1)
        assert (first.label, first.requester, first.title) == ("REQ-1", "U1", "Laptops")
        assert first.created_at > NOON.replace(year=2020)
        assert await store.requests.get("T1", second.id) == second
        assert await store.requests.by_number("T1", 2) == second
        assert await store.requests.by_number("T1", 3) is None
        assert await store.requests.get("T1", "gone") is None


async def test_numbering_leaves_the_workspace_as_it_was(database: Database) -> None:
    async with database.transaction() as store:
        before = await store.workspaces.ensure("T1", "Acme")
        await store.requests.add("T1", "U1", "Laptops")
        assert await store.workspaces.get("T1") == before


async def test_numbers_have_neither_gaps_nor_twins_under_load(database: Database) -> None:
    async def add(turn: int) -> None:
        async with database.transaction() as store:
            await store.requests.add("T1", "U1", f"request {turn}")
            if turn % 3 == 0:
                raise ZeroDivisionError  # rolled back: its number goes to someone else

    results = await asyncio.gather(*(add(turn) for turn in range(60)), return_exceptions=True)
    assert {type(result) for result in results} == {type(None), ZeroDivisionError}
    async with database.reading() as store:
        found = [await store.requests.by_number("T1", number) for number in range(1, 62)]
    assert [request.number for request in found if request is not None] == list(range(1, 41))


async def test_a_message_is_intended_once(database: Database) -> None:
    async with database.transaction() as store:
        assert await store.posts.get("T1", "card:1") is None
        post = await store.posts.intend("T1", "card:1", "C1", "1.2")
        assert (post.channel, post.thread_ts, post.ts, post.digest) == ("C1", "1.2", None, None)
        assert await store.posts.intend("T1", "card:1", "C2") == post
        assert await store.posts.get("T1", "card:1") == post
        assert (await store.posts.intend("T2", "card:1", "C3")).channel == "C3"


async def test_a_message_is_intended_once_by_many(database: Database) -> None:
    async def intend(turn: int) -> str:
        async with database.transaction() as store:
            return (await store.posts.intend("T1", "card:1", f"C{turn}")).channel

    assert len(set(await asyncio.gather(*(intend(turn) for turn in range(20))))) == 1


async def test_the_first_note_of_posting_stands(database: Database) -> None:
    async with database.transaction() as store:
        await store.posts.intend("T1", "dm:1", "U1")
        assert await store.posts.posted("T1", "dm:1", "D1", "10.1")
        assert not await store.posts.posted("T1", "dm:1", "D1", "10.2")
        assert await store.posts.drawn("T1", "dm:1", "digest")
        post = await store.posts.get("T1", "dm:1")
        assert post is not None
        assert (post.channel, post.ts, post.digest) == ("D1", "10.1", "digest")
        assert not await store.posts.posted("T1", "never intended", "D1", "10.1")
        assert not await store.posts.drawn("T1", "never intended", "digest")


async def test_a_message_can_be_redirected_until_it_is_posted(database: Database) -> None:
    async with database.transaction() as store:
        await store.posts.intend("T1", "card:1", "C1", "1.2")
        assert await store.posts.redirect("T1", "card:1", "C2", None)
        await store.posts.posted("T1", "card:1", "C2", "10.1")
        assert not await store.posts.redirect("T1", "card:1", "C3", None)
        post = await store.posts.get("T1", "card:1")
        assert post is not None
        assert (post.channel, post.thread_ts, post.ts) == ("C2", None, "10.1")
