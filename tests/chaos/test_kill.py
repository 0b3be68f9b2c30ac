"""Processes are killed in the midst of launches: each acknowledged submit becomes one workflow, told once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.chaos.aftermath import Aftermath, aftermath
from tests.chaos.storm import calm, lost_answers, mortal, silences, slow_answers, storm
from tests.cli.terminal import PYTHON, Terminal
from tests.cli.town import Town
from tests.place import Blank

pytestmark = pytest.mark.chaos


async def after_the_storm(
    town: Town, terminal: Terminal, *, launches: int, deaths: int, seed: int
) -> Aftermath:
    """Let it come, wait until it is over, and look."""
    url = terminal.settings["database_url"]
    async with mortal(terminal, town.url) as server:
        book = await storm(town, server.die, launches=launches, deaths=deaths, seed=seed)
        await calm(url)
    found = aftermath(town, book, url)
    print(f"\n{deaths} kills, {found}")  # noqa: T201 - the figures of the run
    return found


@pytest.fixture
async def connected(furnished: Town, blank: Blank) -> Town:
    """Slipway on a SQLite file, connected to Ironclad."""
    furnished.database(blank)
    await furnished.connect()
    return furnished


@pytest.mark.timeout(600)  # only against hanging: a busy machine may take its time
async def test_two_hundred_launches_survive_nine_kills(connected: Town) -> None:
    silences(connected.ironclad)
    lost_answers(connected.ironclad)
    slow_answers(connected.ironclad)

    found = await after_the_storm(connected, connected.terminal, launches=200, deaths=9, seed=20)

    assert len(found.book.acknowledged) == 200
    assert found.book.refused == []
    found.each_once()
    assert found.outcomes["adopted"] >= 40, "too few answers were lost to show anything"
    assert found.book.cut_off >= 1, "no death fell into a launch"
    assert found.outcomes["absent"] >= 1, "no launch had to be sent again"


@pytest.mark.timeout(600)  # only against hanging: a busy machine may take its time
async def test_without_the_look_up_it_would_fail(connected: Town) -> None:
    lost_answers(connected.ironclad, times=8)
    slow_answers(connected.ironclad)
    blind = replace(connected.terminal, program=(str(PYTHON), "-m", "tests.chaos.blind"))

    found = await after_the_storm(connected, blind, launches=30, deaths=3, seed=7)

    assert found.doubled
    assert not found.lost
    with pytest.raises(AssertionError):
        found.each_once()
