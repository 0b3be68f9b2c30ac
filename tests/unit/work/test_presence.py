"""One process per SQLite file."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from storage.work import AlreadyRunning
from storage.work.presence import FilePresence


async def test_a_second_process_is_told_who_holds_the_file(tmp_path: Path) -> None:
    file = tmp_path / "slipway.sqlite"
    first, second = FilePresence(file), FilePresence(file)
    await first.take()
    with pytest.raises(AlreadyRunning) as refused:
        await second.take()
    assert f"Process {os.getpid()} is already running on {file}." in str(refused.value)
    await first.keep()
    await first.release()
    await second.take()
    await second.release()
    await second.release()


async def test_a_lock_file_left_by_a_dead_process_stops_nobody(tmp_path: Path) -> None:
    (tmp_path / "slipway.sqlite.lock").write_text("999999999999999\n")
    presence = FilePresence(tmp_path / "slipway.sqlite")
    await presence.take()
    assert (tmp_path / "slipway.sqlite.lock").read_text() == f"{os.getpid()}\n"
    await presence.release()


async def test_on_a_file_of_our_own_everyone_else_is_gone(tmp_path: Path) -> None:
    presence = FilePresence(tmp_path / "slipway.sqlite")
    await presence.take()
    async with presence.claim("another") as missing:
        assert missing
    await presence.release()
