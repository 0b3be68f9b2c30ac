"""Reminders: in working hours, one message for several, never of what is decided; and being away."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from bot.usecases.absences import Absences
from bot.usecases.errors import Refusal
from tests.place import Place
from tests.requests.desk import enforce, seen, stage, wish
from tests.sandbox.slack.person import Person

NEW_YORK_MORNING = 14  # UTC, in November


def morning(days: int) -> datetime:
    """Nine o'clock in New York on a working day, so many days after today at least."""
    from bot.usecases.calendar import Reminders, next_digest, zone_of

    now = datetime.now().astimezone() + timedelta(days=days)
    return next_digest(now, Reminders(), zone_of("America/New_York"))


async def rules(place: Place, **changes: Any) -> None:
    async with place.app.database.transaction() as store:
        await store.rulebooks.save(place.team, "reminders", changes, "test", 1)


async def reminded(place: Place, person: Person, words: str) -> list[str]:
    await place.idle()
    await person.arrive()
    await person.look()
    return [text for text in person.dm() if words in text]


async def test_one_reminder_in_working_hours_and_none_once_decided(place: Place) -> None:
    lee = place.person("lee")
    lee_id = place.member("lee").id
    await enforce(place, stage("Manager", lee_id))
    request = await wish(place, place.member("dana").id, "one")
    await place.idle()
    look = place.app.nudging.look_at

    await look(datetime.now().astimezone() + timedelta(minutes=5))
    assert await reminded(place, lee, "still waits for you") == []
    night = morning(3) + timedelta(hours=14)
    await look(night)
    assert await reminded(place, lee, "still waits for you") == []
    due = morning(5)
    await look(due)
    await look(due)
    (told,) = await reminded(place, lee, "still waits for you")
    assert "REQ-1 · Laptops" in told
    await look(morning(12))  # not a week later to the hour: the clocks may change in between
    assert len(await reminded(place, lee, "still waits for you")) == 2

    task = (await seen(place, request.id)).tasks[0].id
    await place.app.approving.decide(place.team, lee_id, task, "approved", revision=1)
    await look(due + timedelta(days=30))
    await look(due + timedelta(days=60))
    assert len(await reminded(place, lee, "still waits for you")) == 2


async def test_several_are_one_message_a_day(place: Place) -> None:
    lee = place.person("lee")
    await enforce(place, stage("Manager", place.member("lee").id))
    for number in range(3):
        await wish(place, place.member("dana").id, f"{number}")
    await place.idle()
    look = place.app.nudging.look_at
    await look(datetime.now().astimezone() + timedelta(minutes=5))
    await look(morning(3) + timedelta(hours=3))  # noon: they are kept for the next morning
    assert await reminded(place, lee, "things wait for you") == []
    await look(morning(5))
    (told,) = await reminded(place, lee, "3 things wait for you")
    assert all(f"REQ-{number}" in told for number in (1, 2, 3))


async def test_the_cap_then_somebody_else_hears_of_it_once(place: Place) -> None:
    priya = place.person("priya")
    await rules(place, at_most=1, escalate_to=place.member("priya").id, escalate_days=6)
    await enforce(place, stage("Manager", place.member("lee").id))
    await wish(place, place.member("dana").id, "one")
    await place.idle()
    for days in (0, 3, 5, 9, 12, 20):
        await place.app.nudging.look_at(morning(days))
    assert len(await reminded(place, place.person("lee"), "still waits for you")) == 1
    (told,) = await reminded(place, priya, "has not acted on this yet")
    assert place.member("lee").id in told


async def test_when_changes_are_asked_for_the_requester_is_reminded(place: Place) -> None:
    lee_id = place.member("lee").id
    await enforce(place, stage("Manager", lee_id))
    request = await wish(place, place.member("dana").id, "one")
    task = (await seen(place, request.id)).tasks[0].id
    await place.app.approving.ask_for_changes(place.team, lee_id, task, "Why?", revision=1)
    for days in (0, 5):
        await place.app.nudging.look_at(morning(days))
    assert await reminded(place, place.person("lee"), "still waits for you") == []
    assert len(await reminded(place, place.person("dana"), "still waits for you")) == 1


async def test_snoozing(place: Place) -> None:
    lee = place.person("lee")
    await enforce(place, stage("Manager", place.member("lee").id))
    await wish(place, place.member("dana").id, "one")
    await place.idle()
    for days in (0, 5):
        await place.app.nudging.look_at(morning(days))
    await reminded(place, lee, "still waits")
    await lee.press("Remind me on the next working day", lee.dm_id())
    assert any("You are reminded on the next working day" in text for text in lee.dm())
    with pytest.raises(Refusal, match="Nothing waits"):
        await place.app.nudging.snooze(place.team, place.member("sam").id)


async def test_somebody_away_is_replaced_by_whom_they_named(place: Place) -> None:
    lee, sam = place.person("lee"), place.person("sam")
    today = date.today()  # noqa: DTZ011 - the days of a date picker
    await lee.open_home()
    await lee.wait_for(lambda p: p.home() and "I am away" in p.screen())
    await lee.press("I am away…", "home")
    await lee.fill(
        {
            "First day": today - timedelta(days=1),
            "Last day": today + timedelta(days=3),
            "Who decides for you": "Lee Wong",
        }
    )
    await lee.submit()
    assert lee.errors() == {"Who decides for you": "That is yourself. Choose somebody else."}
    await lee.fill({"Who decides for you": "Sam Ito"})
    await lee.submit()
    await enforce(place, stage("Manager", place.member("lee").id))
    await wish(place, place.member("dana").id, "one")
    (told,) = await reminded(place, sam, "Your decision is asked")
    assert f"instead of <@{place.member('lee').id}>" in told
    await sam.press("Approve", sam.dm_id())
    assert await reminded(place, sam, "You approved it")

    people = place.app.nudging._people
    absences = Absences(place.app.database, people)
    assert await absences.mine(place.team, place.member("lee").id)
    await absences.back(place.team, place.member("lee").id)
    assert await absences.mine(place.team, place.member("lee").id) is None
