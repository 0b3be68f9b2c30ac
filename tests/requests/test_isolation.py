"""Another workspace's ids mean nothing: every use-case of requests is tried with them.

The use-cases are found by looking at the classes; a new one fails here until its arguments are given.
"""

from __future__ import annotations

import inspect
from typing import Any

import pytest

from bot.usecases.errors import Refusal
from tests.place import Place
from tests.requests.desk import enforce, seen, stage, wish

ELSEWHERE = "T0ELSEWHERE"
#: About a workspace as a whole, so that there is no id to be wrong.
OF_NO_REQUEST = {"form", "accept"}
#: Durable work: takes what we wrote down ourselves, and has nobody to refuse.
WORK = {"route"}


def usecases(place: Place) -> list[tuple[Any, str]]:
    return [
        (usecase, name)
        for usecase in (place.app.requesting, place.app.approving)
        for name, _ in inspect.getmembers(usecase, inspect.iscoroutinefunction)
        if not name.startswith("_") and name not in OF_NO_REQUEST | WORK
    ]


def arguments(place: Place, act: Any, team: str, request: str, task: str) -> dict[str, Any]:
    lee, sam = place.member("lee").id, place.member("sam").id
    known = {
        "team": team,
        "user": lee,
        "request_id": request,
        "task_id": task,
        "number": 1,
        "verdict": "approved",
        "revision": 1,
        "reason": "because",
        "question": "Why?",
        "answer": "",
        "values": {"what": "Chairs"},
        "to": sam,
        "who": "",
    }
    return {name: known[name] for name in inspect.signature(act).parameters}


async def test_ids_of_another_workspace_are_not_known(place: Place) -> None:
    await enforce(place, stage("Manager", place.member("lee").id))
    request = await wish(place, place.member("dana").id, "here")
    before = await seen(place, request.id)
    found = usecases(place)
    assert len(found) >= 10

    for usecase, name in found:
        act = getattr(usecase, name)
        with pytest.raises(Refusal, match="not known here"):
            await act(**arguments(place, act, ELSEWHERE, request.id, before.tasks[0].id))
        assert await seen(place, request.id) == before, f"{name} changed another workspace's request"

    await place.app.requesting.route({"team": ELSEWHERE, "request": request.id, "revision": 1, "changed": []})
    assert await seen(place, request.id) == before


async def test_numbers_and_keys_are_counted_within_a_workspace(place: Place) -> None:
    here = await wish(place, place.member("dana").id, "the same key")
    again = await wish(place, place.member("dana").id, "the same key")
    async with place.app.database.transaction() as store:
        there = await store.requests.add(ELSEWHERE, "U1", "Chairs", origin_key="the same key")

    assert again.id == here.id
    assert there.id != here.id
    assert there.number == 1
