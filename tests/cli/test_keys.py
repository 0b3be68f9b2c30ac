"""`slipway keys`: which keys are needed, and getting rid of an old one."""

from __future__ import annotations

import asyncio
import logging
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from typer.testing import CliRunner, Result

from bot.cli import app
from storage import Database, Sealing, new_key
from tests.place import KEY, Blank

NEW = new_key()


@pytest.fixture(autouse=True)
def _a_filled_database(blank: Blank, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    file = Path(shutil.copy(blank.file, tmp_path / "slipway.sqlite"))
    asyncio.run(_seeded(f"sqlite:///{file}"))
    monkeypatch.setenv("SLIPWAY_DATABASE_URL", f"sqlite:///{file}")
    monkeypatch.chdir(tmp_path)
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


async def _seeded(url: str) -> None:
    database = Database(url, Sealing([KEY]))
    async with database.transaction() as store:
        await store.drafts.start("T1", "U1", "nda", "NDA")
        await store.audit.add("T1", "U1", "channel.set", "procurement")
    await database.close()


def slipway(*arguments: str, keys: str) -> Result:
    return CliRunner().invoke(app, arguments, env={"SLIPWAY_ENCRYPTION_KEYS": keys})


def test_an_old_key_is_needed_until_it_was_rotated_away() -> None:
    one = slipway("keys", "status", keys=KEY)
    assert (one.exit_code, one.stdout.splitlines()[-1]) == (0, "Nothing needs another key.")

    both = slipway("keys", "status", keys=f"{NEW},{KEY}")
    assert both.exit_code == 0
    assert "audit_heads.seal: 1" in both.stdout
    assert "slipway keys rotate" in both.stdout

    rotated = slipway("keys", "rotate", "--here", keys=f"{NEW},{KEY}")
    assert rotated.exit_code == 0
    assert "Only key 1 is needed" in rotated.stdout
    assert "Only key 1 is needed" in slipway("keys", "status", keys=f"{NEW},{KEY}").stdout
    assert slipway("keys", "status", keys=NEW).exit_code == 0
    assert slipway("audit", "verify", keys=NEW).exit_code == 0


def test_a_key_that_is_missing_is_said() -> None:
    for command in ("status", "rotate"):
        said = slipway("keys", command, keys=NEW)
        assert said.exit_code == 1
        assert "Put" in said.output
        assert "back" in said.output
