"""Requests under everything that people and crashes do to them, seen in Slack after every step.

Must hold whatever comes: never two outcomes, never a decision by somebody who was not asked, and what
Slack shows is what is written down.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakValueDictionary

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.slack.requests import SlackRequestAnnouncer
from bot.usecases.course import ENDED
from bot.usecases.courses import Picture
from bot.usecases.errors import Refusal
from storage import Verdict
from tests.place import Blank, Place, opened
from tests.requests.desk import check_messages, enforce, seen, stage, wish

NAMES = ("dana", "lee", "sam", "priya", "noor")
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("press"), st.sampled_from(NAMES), st.integers(0, 5), st.sampled_from("aaar")),
        st.tuples(st.just("late"), st.sampled_from(NAMES), st.integers(0, 5), st.just("a")),
        st.tuples(st.just("approve"), st.sampled_from(NAMES), st.just(0), st.just("")),
        st.tuples(st.just("changes"), st.sampled_from(NAMES), st.just(0), st.just("")),
        st.tuples(st.just("edit"), st.sampled_from(("dana", "priya", "lee")), st.integers(0, 3), st.just("")),
        st.tuples(st.just("delegate"), st.sampled_from(NAMES), st.integers(0, 4), st.just("")),
        st.tuples(st.just("cancel"), st.sampled_from(("lee", "dana")), st.just(0), st.just("")),
        st.tuples(st.just("crash"), st.just(""), st.just(0), st.just("")),
        st.tuples(st.just("restart"), st.just(""), st.just(0), st.just("")),
    ),
    min_size=4,
    max_size=9,
)


@dataclass
class Storm:
    """One request and what happens to it."""

    place: Place
    request: str
    asked: list[Picture] = field(default_factory=list)
    announcing: bool = True

    async def step(self, kind: str, name: str, n: int, how: str) -> None:
        """One thing somebody does."""
        before = await seen(self.place, self.request)
        acts: dict[str, Callable[[], Awaitable[Any]]] = {
            "press": lambda: self.press(before, name, n, how, late=0),
            "late": lambda: self.press(before, name, n, how, late=1),
            "approve": lambda: self.approve(before, name),
            "changes": lambda: self.changes(before, name),
            "edit": lambda: self.edit(before, name, n),
            "delegate": lambda: self.delegate(before, name, n),
            "cancel": lambda: self.cancel(name, n),
            "crash": self.crash,
            "restart": self.restart,
        }
        try:
            await acts[kind]()
        except Refusal:
            after = await seen(self.place, self.request)
            assert (after.request, after.tasks, after.events) == (before.request, before.tasks, before.events)
        self.check(before, await seen(self.place, self.request))
        if self.announcing:
            await self.place.app.announcer.announce(self.place.team, self.request)
            await check_messages(self.place, self.request)

    def check(self, before: Picture, after: Picture) -> None:
        """What must hold between any two moments."""
        if before.request.state in ENDED:
            assert (after.request.state, after.tasks) == (before.request.state, before.tasks)
        known = {(task.id, one.user): one for task in before.tasks for one in task.decisions}
        for task in after.tasks:
            for one in task.decisions:
                if (task.id, one.user) in known:
                    assert one == known[task.id, one.user], "a decision was changed"
                    continue
                named = {ask.user for now in before.tasks for ask in now.asks if ask.state == "open"}
                carried = {decision.user for now in before.tasks for decision in now.decisions}
                assert one.user in named | carried, "somebody decided without being asked"
                assert one.user != after.request.requester or task.self_ok

    def id(self, name: str) -> str:
        return self.place.member(name).id

    async def press(self, before: Picture, name: str, n: int, how: str, *, late: int) -> None:
        task = before.tasks[n % len(before.tasks)]
        verdict: Verdict = "rejected" if how == "r" else "approved"
        revision = before.request.revision - late
        decide = self.place.app.approving.decide
        await decide(self.place.team, self.id(name), task.id, verdict, revision=revision, reason="because")
        try:
            await decide(
                self.place.team, self.id(name), task.id, verdict, revision=revision, reason="because"
            )
        except Refusal:
            return
        raise AssertionError("the second press of one button did something")

    async def approve(self, before: Picture, name: str) -> None:
        task = before.course.current
        if task is not None:
            await self.press(before, name, before.tasks.index(task), "a", late=0)

    async def changes(self, before: Picture, name: str) -> None:
        task = before.course.current or before.tasks[0]
        await self.place.app.approving.ask_for_changes(
            self.place.team, self.id(name), task.id, "Why?", revision=before.request.revision
        )

    async def edit(self, before: Picture, name: str, n: int) -> None:
        values = dict(before.request.values)
        if n:
            values[("amount", "needed_by", "counterparty")[n - 1]] = str(before.request.revision + 1)
        await self.place.app.requesting.change(
            self.place.team,
            self.id(name),
            self.request,
            values,
            answer="So that",
            revision=before.request.revision,
        )

    async def delegate(self, before: Picture, name: str, n: int) -> None:
        task = before.course.current or before.tasks[-1]
        await self.place.app.approving.hand_on(self.place.team, self.id(name), task.id, self.id(NAMES[n]))

    async def cancel(self, name: str, n: int) -> None:
        await self.place.app.requesting.cancel(self.place.team, self.id(name), self.request, "")

    async def crash(self) -> None:
        """The process dies between writing down and telling: from now on nobody is told."""
        self.announcing = False

    async def restart(self) -> None:
        """A new process, which knows nothing but the database, tells what is true now."""
        self.announcing = True
        former = self.place.app.announcer
        fresh = SlackRequestAnnouncer(
            self.place.app.database, former._api, WeakValueDictionary(), former._languages
        )
        await fresh.announce(self.place.team, self.request)
        await check_messages(self.place, self.request)


# The application runs only after everything was drawn, because its threads use random numbers too.
@settings(
    max_examples=4,
    deadline=None,
    derandomize=True,
    phases=[
        Phase.explicit,
        Phase.generate,
    ],  # an example is a whole application: nobody waits for smaller ones
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(storms=st.lists(STEPS, min_size=3, max_size=3), rule=st.sampled_from(["any", "all"]))
def test_whatever_happens_there_is_one_outcome_and_slack_shows_it(
    blank: Blank,
    tmp_path_factory: pytest.TempPathFactory,
    storms: list[list[tuple[str, str, int, str]]],
    rule: str,
) -> None:
    async def live() -> None:
        async with opened(blank, tmp_path_factory.mktemp("storm")) as place:
            await place.connect()
            for number, steps in enumerate(storms):
                await weather(place, number, steps, rule)

    asyncio.run(live())


async def weather(place: Place, number: int, steps: list[tuple[str, str, int, str]], rule: str) -> None:
    """One request from its beginning through all that happens to it."""
    lee, sam, priya = (place.member(name).id for name in ("lee", "sam", "priya"))
    await enforce(place, stage("One", lee, sam, rule=rule, again_on=["amount"]), stage("Two", sam, priya))
    request = await wish(place, place.member("dana").id, f"storm:{number}")
    storm = Storm(place, request.id)
    for kind, name, n, how in steps:
        await storm.step(kind, name, n, how)
    await storm.restart()
    await place.idle()
    await check_messages(place, request.id)
    assert place.slack.traffic.refused == type(place.slack.traffic.refused)()
