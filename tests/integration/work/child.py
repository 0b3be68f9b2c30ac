"""A process that does work until it is killed.

Usage: ``python -m tests.integration.work.child URL KEY JOURNAL SECONDS``.

It handles the kind ``step``: each item is called three times, and each call first writes its key and
this process's id to the journal, then takes up to SECONDS.
"""

from __future__ import annotations

import asyncio
import os
import random
import sys
from pathlib import Path

from storage.database import Database
from storage.sealing import Sealing
from storage.work import AlreadyRunning, Later, Payload, Work

CALLS = 3


class Steps:
    """The handler. What it has done so far it reads from the journal, as a real one asks the database."""

    def __init__(self, journal: Path, seconds: float) -> None:
        self._journal = journal
        self._seconds = seconds

    async def __call__(self, payload: Payload) -> Later | None:
        name, step = str(payload["name"]), self._done(str(payload["name"])) + 1
        self._write(f"begun {name} {step} {os.getpid()}\n")
        await asyncio.sleep(random.uniform(0, self._seconds))
        self._write(f"done {name} {step} {os.getpid()}\n")
        return Later(0) if step < CALLS else None

    def _done(self, name: str) -> int:
        lines = self._journal.read_text().splitlines() if self._journal.exists() else []
        return sum(line.startswith(f"done {name} ") for line in lines)

    def _write(self, line: str) -> None:
        with self._journal.open("a") as file:
            file.write(line)


async def serve(url: str, key: str, journal: Path, seconds: float) -> None:
    """Work until the end of the world."""
    sealing = Sealing([key])
    work = Work(Database(url, sealing), sealing, poll_seconds=0.02, concurrency=4)
    work.handles("step", Steps(journal, seconds))
    try:
        await work.open()
    except AlreadyRunning as refusal:
        sys.exit(str(refusal))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], sys.argv[2], Path(sys.argv[3]), float(sys.argv[4])))
