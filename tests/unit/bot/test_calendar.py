"""When somebody may be reminded."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.usecases.calendar import (
    Reminders,
    escalation,
    first_reminder,
    is_digest_hour,
    next_digest,
    next_reminder,
    next_working,
    read_reminders,
    working,
    zone_of,
)

BERLIN = ZoneInfo("Europe/Berlin")
RULES = Reminders()
NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 2 * 365 * 24 * 60).map(lambda minutes: NEW_YEAR + timedelta(minutes=minutes))
ZONES = st.sampled_from(
    ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Auckland", "America/St_Johns"]
).map(ZoneInfo)
SETTINGS = st.builds(
    Reminders,
    start=st.integers(0, 12),
    end=st.integers(13, 24),
    days=st.lists(st.integers(0, 6), max_size=7, unique=True).map(tuple),
    first_hours=st.integers(1, 100),
    at_most=st.integers(0, 6),
    digest_hour=st.integers(0, 23),
)


def at(text: str, zone: ZoneInfo = BERLIN) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-25T10:00", "2026-11-25T10:00"),  # a Wednesday
        ("2026-11-25T03:00", "2026-11-25T09:00"),
        ("2026-11-25T17:00", "2026-11-26T09:00"),
        ("2026-11-27T18:00", "2026-11-30T09:00"),  # over the weekend
        ("2026-11-28T12:00", "2026-11-30T09:00"),
        ("2026-03-29T01:00", "2026-03-30T09:00"),  # the night the clocks go forward
    ],
)
def test_the_next_working_moment(moment: str, expected: str) -> None:
    assert next_working(at(moment), RULES, BERLIN) == at(expected)


def test_it_is_the_person_s_own_morning() -> None:
    noon = datetime(2026, 11, 25, 12, tzinfo=UTC)
    assert next_working(noon, RULES, ZoneInfo("America/Los_Angeles")) == datetime(
        2026, 11, 25, 17, tzinfo=UTC
    )


def test_reminders_become_more_seldom_and_end() -> None:
    opened = at("2026-11-23T10:00")
    first = first_reminder(opened, RULES, BERLIN)
    assert first == at("2026-11-24T10:00")
    second = next_reminder(first, 1, RULES, BERLIN)
    assert second == at("2026-11-26T10:00")
    assert second is not None
    third = next_reminder(second, 2, RULES, BERLIN)
    assert third == at("2026-11-30T10:00")
    assert next_reminder(first, RULES.at_most, RULES, BERLIN) is None


def test_escalation_only_where_somebody_is_to_hear() -> None:
    assert escalation(at("2026-11-23T10:00"), RULES, BERLIN) is None
    told = Reminders(escalate_to="U1", escalate_days=3)
    assert escalation(at("2026-11-23T10:00"), told, BERLIN) == at("2026-11-26T10:00")


def test_a_zone_nobody_knows_is_utc_and_damaged_rules_are_an_error() -> None:
    assert zone_of("Mars/Olympus") == ZoneInfo("UTC")
    assert zone_of(None) == ZoneInfo("UTC")
    assert read_reminders(None) == RULES
    with pytest.raises(ValueError, match="not understood"):
        read_reminders({"start": 30})


@settings(max_examples=200, deadline=None)
@given(MOMENTS, SETTINGS, ZONES, st.integers(0, 8))
def test_nobody_is_disturbed_out_of_hours(
    moment: datetime, rules: Reminders, zone: ZoneInfo, sent: int
) -> None:
    for planned in (
        next_working(moment, rules, zone),
        next_digest(moment, rules, zone),
        first_reminder(moment, rules, zone),
        next_reminder(moment, sent, rules, zone),
    ):
        if planned is None:
            assert sent >= rules.at_most
            continue
        assert planned >= moment
        assert working(planned, rules, zone)
        assert planned - moment < timedelta(days=14 + 8)
    assert is_digest_hour(next_digest(moment, rules, zone), rules, zone)
