"""Workspaces and people."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

from storage.database import Database
from tests.integration.storage.seeding import NOON, person, ready_connection


async def test_a_workspace_is_made_once_and_renamed(database: Database) -> None:
    async with database.transaction() as store:
        assert await store.workspaces.get("T1") is None
        made = await store.workspaces.ensure("T1")
        assert (made.team, made.name, made.channel, made.connection_id) == ("T1", "", None, None)
        named = await store.workspaces.ensure("T1", "Acme")
        assert named == replace(made, name="Acme")
        assert await store.workspaces.ensure("T1") == named
        assert await store.workspaces.ensure("T1", "Acme") == named
        await store.workspaces.ensure("T0", "Other")
    async with database.reading() as store:
        assert [workspace.name for workspace in await store.workspaces.all()] == ["Other", "Acme"]


async def test_a_workspace_is_ensured_by_many_at_once(database: Database) -> None:
    async def ensure() -> None:
        async with database.transaction() as store:
            assert (await store.workspaces.ensure("T1", "Acme")).name == "Acme"

    await asyncio.gather(*(ensure() for _ in range(20)))
    async with database.reading() as store:
        assert len(await store.workspaces.all()) == 1


async def test_the_channel_and_what_is_wrong_with_it(database: Database) -> None:
    async with database.transaction() as store:
        await store.workspaces.set_channel("T1", "C1", "U9")
        assert await store.workspaces.note_channel_problem("T1", "not_in_channel")
        workspace = await store.workspaces.get("T1")
        assert workspace is not None
        assert (workspace.channel, workspace.channel_problem) == ("C1", "not_in_channel")
        await store.workspaces.set_channel("T1", "C2", "U9")
        workspace = await store.workspaces.get("T1")
        assert workspace is not None
        assert (workspace.channel, workspace.channel_problem) == ("C2", None)
        await store.workspaces.note_channel_problem("T1", "is_archived")
        assert await store.workspaces.note_channel_problem("T1", None)
        workspace = await store.workspaces.get("T1")
        assert workspace is not None
        assert workspace.channel_problem is None
        assert not await store.workspaces.note_channel_problem("T2", "unknown workspace")


async def test_a_workspace_knows_its_ready_connection(database: Database) -> None:
    async with database.transaction() as store:
        await store.workspaces.ensure("T1")
        ready = await ready_connection(store)
        workspace = await store.workspaces.get("T1")
        assert workspace is not None
        assert workspace.connection_id == ready.id


async def test_people_are_remembered_as_last_seen(database: Database) -> None:
    dana = person()
    async with database.transaction() as store:
        assert await store.people.get("T1", "U1") is None
        await store.people.put(dana)
        assert await store.people.get("T1", "U1") == dana
        later = replace(dana, email=None, is_admin=True, tz=None, fetched_at=NOON + timedelta(hours=1))
        await store.people.put(later)
        await store.people.put(person(user="U2", name="Lee\0 Ø"))
    async with database.reading() as store:
        assert await store.people.get("T1", "U1") == later
        lee = await store.people.get("T1", "U2")
    assert lee is not None
    assert lee.name == "Lee\ufffd Ø"
