"""`slipway audit`: an operator checks the log and takes it home."""

from __future__ import annotations

import asyncio
import csv
import json
import logging
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import structlog
from typer.testing import CliRunner, Result

from bot.cli import app
from storage import Database, Sealing
from tests.place import KEY, Blank


@pytest.fixture
def file(blank: Blank, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A database with two entries in it, and settings that lead there."""
    file = Path(shutil.copy(blank.file, tmp_path / "slipway.sqlite"))
    asyncio.run(_seeded(f"sqlite:///{file}"))
    monkeypatch.setenv("SLIPWAY_DATABASE_URL", f"sqlite:///{file}")
    monkeypatch.setenv("SLIPWAY_ENCRYPTION_KEYS", KEY)
    monkeypatch.chdir(tmp_path)
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield file
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


async def _seeded(url: str) -> None:
    database = Database(url, Sealing([KEY]))
    async with database.transaction() as store:
        await store.audit.add("T1", "command line", "connection.connected", "Harbor Oak", origin="cli")
        await store.audit.add("T1", "U1", "channel.set", "=1+1", after={"channel": "C1"})
    await database.close()


def slipway(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def test_a_log_as_it_was_written(file: Path) -> None:
    said = slipway("audit", "verify")
    assert (said.exit_code, said.stderr) == (0, "")
    assert "T1: 2 entries, as written. The end is 2:" in said.stdout


def test_the_log_as_a_file(file: Path) -> None:
    lines = slipway("audit", "export", "--team", "T1").stdout.splitlines()
    table = slipway("audit", "export", "--team", "T1", "--format", "csv").stdout

    entries = [json.loads(line) for line in lines]
    rows = list(csv.DictReader(table.splitlines()))
    assert [entry["action"] for entry in entries] == ["connection.connected", "channel.set"]
    assert entries[1]["after"] == {"channel": "C1"}
    assert [row["digest"] for row in rows] == [entry["digest"] for entry in entries]
    assert rows[1]["subject"] == "'=1+1"


def test_an_edited_row_is_named(file: Path) -> None:
    """Must show 5, as an operator sees it."""
    end = slipway("audit", "verify").stdout.split()[-1]
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("UPDATE audit_entries SET actor = 'U2' WHERE n = 1")

    said = slipway("audit", "verify", "--team", "T1", "--end", end)

    assert (said.exit_code, said.stdout) == (1, "")
    assert said.stderr == "T1: Entry 1 was altered.\n"


def test_an_end_that_was_noted_elsewhere(file: Path) -> None:
    good = slipway("audit", "verify").stdout.split()[-1]

    assert slipway("audit", "verify", "--team", "T1", "--end", good).exit_code == 0
    other = slipway("audit", "verify", "--team", "T1", "--end", f"2:{'0' * 64}")
    assert "Entry 2 is not the one that was noted" in other.stderr
    assert "not the end of a log" in slipway("audit", "verify", "--team", "T1", "--end", "x").stderr
    assert "--team" in slipway("audit", "verify", "--end", good).stderr
