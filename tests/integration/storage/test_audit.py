"""The audit log tells of every change once, in order, and of every line that is not as it was written."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from storage.database import Database
from storage.records import AuditEntry, AuditFilter
from storage.repositories.chain import digest_of
from storage.sealing import Sealing, new_key


async def write(database: Database, *subjects: str, team: str = "T1", **facts: Any) -> None:
    for subject in subjects:
        async with database.transaction() as store:
            await store.audit.add(team, "U9", "channel.set", subject, **facts)


async def sql(database: Database, statement: str, **parameters: Any) -> None:
    async with database.transaction() as store:
        await store.connection.execute(text(statement), parameters)


async def faults(database: Database, team: str = "T1") -> list[str]:
    async with database.reading() as store:
        found = await store.audit.verify(team)
    assert all(fault.team == team for fault in found)
    return [fault.what for fault in found]


async def entries(database: Database, team: str = "T1", **wanted: Any) -> list[AuditEntry]:
    async with database.reading() as store:
        return await store.audit.page(team, AuditFilter(**wanted))


async def test_an_entry_says_who_did_what_when_and_what_changed(database: Database) -> None:
    began = datetime.now(UTC) - timedelta(minutes=1)
    await write(database, "procurement", before={"channel": None}, after={"channel": "C1"}, origin="cli")

    (entry,) = await entries(database)

    assert (entry.n, entry.actor, entry.origin, entry.action) == (1, "U9", "cli", "channel.set")
    assert (entry.subject, entry.before, entry.after) == (
        "procurement",
        {"channel": None},
        {"channel": "C1"},
    )
    assert began < entry.at < began + timedelta(minutes=2)
    assert await faults(database) == []


async def test_what_is_named_like_a_secret_is_not_kept(database: Database) -> None:
    await write(database, "x", before={"client_secret": "s3cr3t"}, after={"nested": {"apiKey": "s3cr3t"}})

    (entry,) = await entries(database)

    assert "s3cr3t" not in repr(entry)
    assert entry.before == {"client_secret": "•••"}


async def test_any_text_comes_back_as_it_was_counted(database: Database) -> None:
    await write(database, "a\0b", "\ud800", "‮<!channel>", after={"k\0": ["\ud800", 1, None, {"x": {2}}]})
    assert await faults(database) == []


async def test_a_rolled_back_change_leaves_no_entry(database: Database) -> None:
    with suppress(RuntimeError):
        async with database.transaction() as store:
            await store.audit.add("T1", "U9", "channel.set", "never")
            raise RuntimeError
    await write(database, "first")
    assert [entry.n for entry in await entries(database)] == [1]
    assert await faults(database) == []


async def test_appends_at_once_make_one_chain(database: Database, url: str, sealing: Sealing) -> None:
    """Two replicas, many writers."""
    replica = Database(url, sealing)
    try:
        await asyncio.gather(
            *(write(where, f"{n}") for n in range(12) for where in (database, replica)),
            *(write(where, f"{n}", team="T2") for n in range(4) for where in (database, replica)),
        )
    finally:
        await replica.close()
    async with database.reading() as store:
        assert [entry.n for entry in await store.audit.onward("T1")] == list(range(1, 25))
        assert len(await store.audit.onward("T2")) == 8
    assert await faults(database) == await faults(database, "T2") == []


async def test_an_edited_row_is_named(database: Database) -> None:
    """Must show 5."""
    await write(database, "one", "two", "three")
    await sql(database, "UPDATE audit_entries SET subject = 'other' WHERE team = 'T1' AND n = 2")
    assert await faults(database) == ["Entry 2 was altered."]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("actor", "U1"),
        ("origin", "api"),
        ("action", "channel.unset"),
        ("at", "2020-01-01 00:00:00"),
        ("before", '{"channel": "C9"}'),
        ("after", '{"channel": "C9"}'),
        ("previous", ""),
    ],
)
async def test_every_column_counts(database: Database, column: str, value: Any) -> None:
    await write(database, "one", "two", before={"channel": "C1"}, after={"channel": "C2"})
    kind = {"before": "json", "after": "json", "at": "timestamptz"}.get(column, "text")
    new = ":value" if database.is_sqlite else f"CAST(:value AS {kind})"
    await sql(database, f"UPDATE audit_entries SET {column} = {new} WHERE n = 2", value=value)  # noqa: S608
    assert await faults(database) == ["Entry 2 was altered."]


async def test_a_removed_row_is_named(database: Database) -> None:
    await write(database, "one", "two", "three")
    await sql(database, "DELETE FROM audit_entries WHERE n = 2")
    assert await faults(database) == ["Entry 2 is missing."]


async def test_a_cut_off_end_is_named(database: Database) -> None:
    await write(database, "one", "two", "three")
    await sql(database, "DELETE FROM audit_entries WHERE n > 1")
    assert await faults(database) == ["Entries 2 to 3 are missing at the end."]


async def test_cutting_off_the_end_and_its_mark_is_seen(database: Database) -> None:
    await write(database, "one", "two")
    await sql(database, "DELETE FROM audit_entries WHERE n = 2")
    digest = (await entries(database))[0].digest
    await sql(database, "UPDATE audit_heads SET n = 1, digest = :digest", digest=digest)
    assert await faults(database) == ["The seal on the end of the log is not genuine (it does not open)."]


async def test_the_mark_of_another_workspace_does_not_pass(database: Database) -> None:
    await write(database, "one")
    await write(database, "one", team="T2")
    await sql(database, "DELETE FROM audit_heads WHERE team = 'T1'")
    assert await faults(database) == ["The seal on the end of the log is not genuine (it was removed)."]
    await sql(database, "UPDATE audit_heads SET team = 'T1'")
    assert any("not genuine" in one for one in await faults(database))


async def test_a_log_written_anew_is_seen(database: Database) -> None:
    """Whoever knows how the digests are made can make the chain fit, but not its sealed end."""
    await write(database, "one", "two")
    first, second = reversed(await entries(database))
    forged = replace(first, subject="other")
    forged = replace(forged, digest=digest_of(forged))
    after = replace(second, previous=forged.digest)
    after = replace(after, digest=digest_of(after))
    for entry in (forged, after):
        await sql(
            database,
            "UPDATE audit_entries SET subject = :subject, previous = :previous, digest = :digest "
            "WHERE n = :n",
            **{name: getattr(entry, name) for name in ("subject", "previous", "digest", "n")},
        )
    assert await faults(database) == [
        "Entry 2 is not the one that was written: the log was rewritten up to it."
    ]


async def test_an_entry_written_by_hand_is_seen(database: Database) -> None:
    await write(database, "one")
    await sql(
        database,
        "INSERT INTO audit_entries (team, n, at, actor, origin, action, subject, previous, digest) "
        "SELECT team, 2, at, actor, origin, action, subject, digest, digest FROM audit_entries",
    )
    assert await faults(database) == [
        "Entry 2 was altered.",
        "Entry 2 is not written by Slipway.",
    ]


async def test_without_its_key_the_end_cannot_be_relied_on(
    url: str, sealing: Sealing, database: Database
) -> None:
    await write(database, "one")
    other = Database(url, Sealing([new_key()]))
    try:
        assert await faults(other) == ["The seal on the end of the log is not genuine (it does not open)."]
    finally:
        await other.close()


async def test_pages_and_filters(database: Database) -> None:
    async with database.transaction() as store:
        for n in range(7):
            await store.audit.add(
                "T1", f"U{n % 2}", "channel.set" if n % 3 else "connection.connected", str(n)
            )
        assert [entry.subject for entry in await store.audit.page("T1", AuditFilter(), limit=3)] == list(
            "654"
        )
        older = await store.audit.page("T1", AuditFilter(), before_n=5, limit=3)
        assert [entry.subject for entry in older] == list("321")
        assert await store.audit.actions("T1") == ["channel.set", "connection.connected"]
    assert [entry.subject for entry in await entries(database, actor="U1")] == list("531")
    assert [entry.subject for entry in await entries(database, action="connection")] == list("630")
    assert await entries(database, action="conn") == []
    assert await entries(database, until=datetime(2020, 1, 1, tzinfo=UTC)) == []
    assert await entries(database, team="T2") == []


async def test_nothing_is_wrong_with_no_log(database: Database) -> None:
    assert await faults(database) == []
