"""Two approvers press at the same instant, against the running application, through signed HTTP.

`python -m tests.requests.test_race 500` plays five hundred rounds and prints who was first how often.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from storage import Decision
from tests.place import Blank, Place, opened
from tests.requests.desk import check_messages, enforce, seen, stage, wish

ROUNDS = 30


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


async def _alone(rounds: int) -> Counter[str]:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "place").mkdir()
        async with opened(await Blank.make(Path(folder)), Path(folder) / "place") as place:
            await place.connect()
            return await race(place, "any", rounds)


if __name__ == "__main__":
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    sys.stdout.write(f"{wanted} rounds, one outcome each; first: {dict(asyncio.run(_alone(wanted)))}\n")
