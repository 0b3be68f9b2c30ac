"""`python -m benchmarks.history`: what a long history costs those who work.

Seeds a million requests (or `--requests`) into SQLite and PostgreSQL, and compares Home, `/contract status`
and the click on *Approve* with a workspace that has none, in turn. Prints one table.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sqlite3
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any

import psycopg

from bot.usecases.approving import Approving
from bot.usecases.listing import Listing
from bot.usecases.overview import Overseeing
from bot.usecases.people import People
from bot.usecases.ports import Profile
from bot.usecases.requesting import NewRequest, Requesting
from storage import Database, Sealing, new_key
from storage.sealing import Owner
from storage.work import Work
from tests.postgres import running_server

TEAM, APPROVER = "T1", "UAPPROVER"
PEOPLE = 1000  # who ask; each has asked for a thousandth of it all
TIMES, WARM = 40, 10
WORDS = (
    "laptops",
    "licences",
    "chairs",
    "audit",
    "hosting",
    "training",
    "travel",
    "design",
    "legal",
    "paper",
)
_BATCH = 5000

Row = dict[str, Any]
Leaving = dict[str, list[Row]]  #: what one request leaves behind, by table


class Somebody:
    """Slack, as far as it matters here: everybody is an admin in Berlin."""

    async def profile(self, team: str, user: str) -> Profile:
        """See `bot.usecases.ports.Profiles`."""
        return Profile(user, f"{user}@example.com", is_admin=True, tz="Europe/Berlin", locale="en-US")


class Nobody:
    """No groups."""

    async def members(self, team: str, kind: str, group: str) -> None:
        """See `bot.usecases.ports.Groups`."""


def rows(sealing: Sealing, count: int) -> Iterator[Leaving]:
    """Everything that requests leave behind, one by one; one in five thousand is still open."""
    began = datetime.now(UTC) - timedelta(days=1000)
    for n in range(1, count + 1):
        at, key = began + timedelta(seconds=80 * n), f"r{n:015}"
        what = f"{WORDS[n % 10]} {WORDS[n // 10 % 10]}"
        values = json.dumps({"values": {"what": what, "amount": str(n % 9999), "currency": "USD"}})
        is_open, task = n % 5000 == 0, f"{key}.1"
        request = {
            "team": TEAM,
            "id": key,
            "number": n,
            "requester": f"U{n % PEOPLE:04}",
            "title": what,
            "state": "approving" if is_open else "launched",
            "source": "api",
            "origin_key": f"seed:{n}",
            "category": "Software",
            "details": sealing.seal(Owner(TEAM, "requests", "details", key), values),
            "revision": 1,
            "version": 2,
            "created_at": at,
            "updated_at": at,
            "closed_at": None if is_open else at,
        }
        common = {"team": TEAM, "request_id": key, "again_on": [], "self_ok": False, "note": "", "needed": 1}
        approval = {
            **common,
            "id": task,
            "position": 0,
            "kind": "approval",
            "stage": "manager",
            "name": "Manager",
            "rule": "any",
            "people": [APPROVER],
            "state": "open" if is_open else "approved",
            "opened_at": at,
            "closed_at": None if is_open else at,
        }
        ask = {
            "team": TEAM,
            "task_id": task,
            "user": APPROVER,
            "for_user": None,
            "state": "open" if is_open else "decided",
            "opened_at": at,
            "remind_at": None,
            "reminders": 0,
            "escalated_at": None,
        }
        event = {
            "team": TEAM,
            "request_id": key,
            "n": 1,
            "kind": "created",
            "by": request["requester"],
            "task_id": None,
            "detail": sealing.seal(Owner(TEAM, "events", "detail", f"{key}:1"), "{}"),
            "at": at,
        }
        words = [{"team": TEAM, "word": word, "number": n} for word in dict.fromkeys(what.split())]
        yield {
            "requests": [request],
            "tasks": [approval],
            "asks": [ask],
            "events": [event],
            "request_words": words,
        }


def seed(database: Database, sealing: Sealing, count: int) -> float:
    """Fill the database by the quickest way each kind has; gives the seconds it took."""
    started = time.perf_counter()
    write = _into_sqlite if database.is_sqlite else _into_postgres
    write(database, rows(sealing, count), count)
    return time.perf_counter() - started


def _batches(coming: Iterator[Leaving]) -> Iterator[dict[str, list[Row]]]:
    while batch := list(islice(coming, _BATCH)):
        yield {name: [row for one in batch for row in one[name]] for name in batch[0]}


def _into_sqlite(database: Database, coming: Iterator[Leaving], count: int) -> None:
    connection = sqlite3.connect(database.sqlite_path or "")
    connection.execute("PRAGMA synchronous=OFF")  # what is seeded can be seeded again
    connection.execute("PRAGMA cache_size=-400000")
    for batch in _batches(coming):
        for table, found in batch.items():
            names = ", ".join(f'"{name}"' for name in found[0])
            places = ", ".join("?" for _ in found[0])
            connection.executemany(
                f"INSERT INTO {table} ({names}) VALUES ({places})",  # noqa: S608 - our own names
                [tuple(_plain(value) for value in row.values()) for row in found],
            )
        connection.commit()
    connection.execute("UPDATE workspaces SET requests_made = ?", (count,))
    connection.execute("ANALYZE")
    connection.commit()
    connection.close()


def _plain(value: Any) -> Any:
    """A value as SQLAlchemy would write it to SQLite."""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S.%f")
    return json.dumps(value) if isinstance(value, list) else value


def _into_postgres(database: Database, coming: Iterator[Leaving], count: int) -> None:
    url = database.url.replace("postgresql+psycopg://", "postgresql://")
    with psycopg.connect(url, autocommit=True) as connection, connection.cursor() as cursor:
        for batch in _batches(coming):
            for table, found in batch.items():
                names = ", ".join(f'"{name}"' for name in found[0])
                with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:  # type: ignore[arg-type]
                    for row in found:
                        copy.write_row(
                            [json.dumps(one) if isinstance(one, list) else one for one in row.values()]
                        )
        cursor.execute("UPDATE workspaces SET requests_made = %s", (count,))
        cursor.execute("VACUUM ANALYZE")


class Measured:
    """The use-cases of one database."""

    def __init__(self, database: Database, sealing: Sealing) -> None:
        self.database = database
        self.work = Work(database, sealing)
        people = People(database, Somebody(), ())
        self.overseeing = Overseeing(database, people, Listing(database, people))
        self.requesting = Requesting(database, self.work, people, Nobody())
        self.approving = Approving(database, self.work, people)
        self.made = 0

    async def home(self) -> None:
        """All that Home shows an admin who also approves and asks."""
        await self.overseeing.overview(TEAM, APPROVER)
        await self.overseeing.overview(TEAM, "U0001")

    async def status(self) -> None:
        """`/contract status`, and of one request."""
        await self.overseeing.requests(TEAM, "U0001", "")
        await self.overseeing.requests(TEAM, "U0001", "REQ-1")

    async def ask(self) -> str:
        """A request to approve; gives its task."""
        self.made += 1
        values = {"what": "Laptops", "amount": "100", "currency": "USD"}
        wanted = NewRequest("U0001", "api", values, f"measured:{self.made}")
        return f"{(await self.requesting.accept(TEAM, wanted)).id}.1"

    async def approve(self, task: str) -> None:
        """The click."""
        await self.approving.decide(TEAM, APPROVER, task, "approved", revision=1)


async def measure(empty: Measured, full: Measured) -> dict[str, tuple[float, float]]:
    """The median of each in both, in milliseconds."""
    tasks = {}
    for measured in (empty, full):
        async with measured.database.transaction() as store:
            stage = {"id": "manager", "name": "Manager", "people": [APPROVER]}
            await store.rulebooks.save(TEAM, "approvals", {"stages": [stage]}, "bench", 1)
        tasks[measured] = iter([await measured.ask() for _ in range(TIMES + WARM)])
    return {
        "Home": await _medians(empty.home, full.home),
        "status": await _medians(empty.status, full.status),
        "approve click": await _medians(
            lambda: empty.approve(next(tasks[empty])), lambda: full.approve(next(tasks[full]))
        ),
    }


async def _medians(*acts: Callable[[], Awaitable[None]]) -> tuple[float, float]:
    """The two in turn, so that whatever else the machine does falls on both."""
    took: tuple[list[float], ...] = ([], [])
    for _ in range(TIMES + WARM):
        for act, times in zip(acts, took, strict=True):
            started = time.perf_counter()
            await act()
            times.append((time.perf_counter() - started) * 1000)
    return median(took[0][WARM:]), median(took[1][WARM:])


async def compare(urls: Sequence[str], count: int) -> tuple[float, dict[str, tuple[float, float]]]:
    """Seconds of seeding the second database, and the medians of the first and the second."""
    async with AsyncExitStack() as stack:
        sealing = Sealing([new_key()])
        empty, full = [await stack.enter_async_context(_measured(url, sealing)) for url in urls]
        seconds = await asyncio.to_thread(seed, full.database, sealing, count)
        return seconds, await measure(empty, full)


@asynccontextmanager
async def _measured(url: str, sealing: Sealing) -> AsyncIterator[Measured]:
    """The use-cases on a fresh database with one workspace."""
    database = Database(url, sealing)
    await database.migrate()
    await Work.migrate(database)
    measured = Measured(database, sealing)
    await measured.work.open(run=False)
    try:
        async with database.transaction() as store:
            await store.workspaces.ensure(TEAM, "Harbor Oak")
        yield measured
    finally:
        await measured.work.close()
        await database.close()


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=1_000_000)
    parser.add_argument("--only", choices=["sqlite", "postgres"])
    asked = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="slipway-history-")))
        urls = {"sqlite": [f"sqlite:///{folder / name}.sqlite" for name in ("empty", "full")]}
        if asked.only != "sqlite":
            urls["postgres"] = [running_server().create() for _ in range(2)]
        for name, both in urls.items():
            if asked.only in (None, name):
                _print(name, asked.requests, *asyncio.run(compare(both, asked.requests)))


def _print(name: str, count: int, seconds: float, found: dict[str, tuple[float, float]]) -> None:
    sys.stdout.write(f"\n{name}: {count:,} requests, seeded in {seconds:.0f} s\n")
    sys.stdout.write(f"{'':16}{'empty':>10}{'full':>10}{'ratio':>8}\n")
    for what, (empty, full) in found.items():
        sys.stdout.write(f"{what:16}{empty:8.2f}ms{full:8.2f}ms{full / empty:8.2f}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
