"""Keys are rotated while people work: nobody notices, and nothing is left that needs the old key."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.usecases.rotating import Rotating
from storage import new_key
from tests.journeys.steps import launch
from tests.place import KEY, Blank, Place, logging_to_text, opened
from tests.sandbox.ironclad.world import DEMO_CLIENT_SECRET

NEW = new_key()
PEOPLE = ("dana", "lee", "sam")


@pytest.fixture
async def rotated(blank: Blank, tmp_path: Path) -> AsyncIterator[Place]:
    """Slipway with a new first key, over a database that was filled under the old one."""
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    async with opened(blank, first) as place:
        await place.connect()
        await launch(place.person("dana"))
        await place.idle()
        slack, ironclad = place.slack, place.ironclad
    with closing(sqlite3.connect(first / "slipway.sqlite")) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    filled = Blank(first / "slipway.sqlite")
    keys = f"{NEW},{KEY}"
    async with opened(filled, second, slack=slack, ironclad=ironclad, encryption_keys=keys) as place:
        yield place


def cells(file: Path) -> str:
    """Every text of every table, those of the engine of durable work as well."""
    with closing(sqlite3.connect(file)) as database:
        tables = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return repr([database.execute(f'SELECT * FROM "{table}"').fetchall() for table in tables])  # noqa: S608


async def test_rotation_during_a_running_load(rotated: Place) -> None:
    """Must show 4: no errors, no value under the old key, the secrets nowhere."""
    rotating = Rotating(rotated.app.database, rotated.app.work)
    before = await rotating.standing()
    old = before.given[1]
    assert before.waiting > 0
    assert f"v1.{old}." in cells(rotated.folder / "slipway.sqlite")

    with logging_to_text([]) as logged:
        await asyncio.gather(*(launch(rotated.person(name)) for name in PEOPLE), rotating.promise())
        await rotated.idle(timeout=60)

    assert len(rotated.ironclad.workflows) == 1 + len(PEOPLE)
    assert [refusal.error for refusal in rotated.slack.traffic.refused] == []
    assert '"level": "error"' not in logged.getvalue()
    assert "Traceback" not in logged.getvalue()
    after = await rotating.standing()
    assert (after.waiting, list(after.lost)) == (0, [])
    assert f"v1.{old}." not in cells(rotated.folder / "slipway.sqlite")
    for secret in (NEW, KEY, DEMO_CLIENT_SECRET):
        assert secret not in logged.getvalue()
        assert secret.encode() not in rotated.bytes_at_rest()
        assert not rotated.slack.contains(secret)


async def test_the_old_key_can_go(rotated: Place, blank: Blank, tmp_path: Path) -> None:
    await Rotating(rotated.app.database, rotated.app.work).run()
    last = tmp_path / "last"
    last.mkdir()
    slack, ironclad, folder = rotated.slack, rotated.ironclad, rotated.folder
    await rotated.app.work.close()
    with closing(sqlite3.connect(folder / "slipway.sqlite")) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    kept = Blank(folder / "slipway.sqlite")
    async with opened(kept, last, slack=slack, ironclad=ironclad, encryption_keys=NEW) as place:
        await launch(place.person("dana"))
        await place.idle()
        assert len(place.ironclad.workflows) == 2
