"""Two approvers press at the same instant, against the running application, through signed HTTP.

`python -m tests.requests.test_race 500` plays five hundred rounds and prints who was first how often; with
`--postgres` on PostgreSQL, where two transactions really run at once.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from storage import Database, Decision, Sealing
from storage.work import Work
from tests.place import KEY, Blank, Place, opened
from tests.postgres import postgres, postgres_url, running_server
from tests.requests.desk import check_messages, enforce, seen, stage, wish

__all__ = ["postgres", "postgres_url"]  # fixtures, found by their names

ROUNDS, POSTGRES_ROUNDS = 15, 6


@pytest.mark.parametrize("rule", ["any", "all"])
async def test_two_at_once_leave_one_outcome(place: Place, rule: str) -> None:
    await race(place, rule, ROUNDS)


async def race(place: Place, rule: str, rounds: int) -> Counter[str]:
    """So many rounds, with one outcome each; gives who was first how often."""
    people = {place.member(name).id for name in ("lee", "sam")}
    await enforce(place, stage("Manager", *sorted(people), rule=rule))
    first: Counter[str] = Counter()
    for number in range(rounds):
        decisions = await one_round(place, number)
        if rule == "all":
            assert {one.user for one in decisions} == people, "one of two who approved was forgotten"
        else:
            assert len(decisions) == 1
        first[decisions[0].user] += 1
    assert set(first) <= people
    assert sum(first.values()) == rounds
    assert place.slack.traffic.refused == type(place.slack.traffic.refused)()
    return first


async def one_round(place: Place, number: int) -> tuple[Decision, ...]:
    """A request, two presses, what came of it: contract open, and Slack showing just that."""
    request = await wish(place, place.member("dana").id, f"race:{number}")
    await place.app.announcer.announce(place.team, request.id)
    task = (await seen(place, request.id)).tasks[0]
    async with place.app.database.reading() as store:
        post = await store.posts.get(place.team, f"task:{task.id}")
    assert post is not None
    press: dict[str, Any] = {
        "channel": post.channel,
        "message_ts": post.ts,
        "block_id": "decide",
        "action_id": "approval.approve",
        "value": f'{{"v":1,"task":"{task.id}","revision":1}}',
    }
    names = ("lee", "sam") if number % 2 else ("sam", "lee")
    answers = await asyncio.gather(
        *(place.client.post("/client/action", json={"as": place.member(name).id, **press}) for name in names)
    )
    assert all(answer.json()["ok"] for answer in answers)
    await place.app.announcer.announce(place.team, request.id)
    now = await check_messages(place, request.id)
    assert now.request.state == "contract"
    return now.tasks[0].decisions


@pytest.mark.postgres
async def test_two_at_once_leave_one_outcome_on_postgres(postgres_url: str, tmp_path: Path) -> None:
    async with on_postgres(postgres_url, tmp_path) as place:
        await race(place, "all", POSTGRES_ROUNDS)


@asynccontextmanager
async def on_postgres(url: str, folder: Path) -> AsyncIterator[Place]:
    """Slipway on an empty database of PostgreSQL."""
    database = Database(url, Sealing([KEY]))
    await database.migrate()
    await Work.migrate(database)
    await database.close()
    async with opened(None, folder, database_url=url) as place:
        await place.connect()
        yield place


async def _alone(rounds: int, *, postgres: bool) -> Counter[str]:
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        (folder / "place").mkdir()
        if postgres:
            async with on_postgres(running_server().create(), folder / "place") as place:
                return await race(place, "any", rounds)
        async with opened(await Blank.make(folder), folder / "place") as place:
            await place.connect()
            return await race(place, "any", rounds)


def main() -> None:
    """Play, and say who was first."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rounds", type=int, nargs="?", default=500)
    parser.add_argument("--postgres", action="store_true")
    asked = parser.parse_args()
    first = asyncio.run(_alone(asked.rounds, postgres=asked.postgres))
    where = "PostgreSQL" if asked.postgres else "SQLite"
    sys.stdout.write(f"{asked.rounds} rounds on {where}, one outcome each; first: {dict(first)}\n")


if __name__ == "__main__":
    main()
