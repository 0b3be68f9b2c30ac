"""When somebody may be reminded: working hours where they are, more and more seldom, up to a limit.

No I/O.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic import BaseModel, ConfigDict, Field, ValidationError

KIND = "reminders"  #: of the rulebook
_LONGEST = timedelta(days=14)


class Reminders(BaseModel):
    """A workspace's rules of reminding."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    on: bool = True
    #: Working hours and days, where the person is; 0 is Monday.
    start: int = Field(9, ge=0, le=23)
    end: int = Field(17, ge=1, le=24)
    days: tuple[int, ...] = (0, 1, 2, 3, 4)
    #: Until the first reminder; each further one waits twice as long.
    first_hours: int = Field(24, ge=1, le=24 * 14)
    at_most: int = Field(5, ge=0, le=50)
    #: The hour of the one message for somebody for whom several things wait.
    digest_hour: int = Field(9, ge=0, le=23)
    #: Who hears of what has waited so many days; nobody when empty.
    escalate_to: str = ""
    escalate_days: int = Field(5, ge=1, le=60)


def read_reminders(body: Mapping[str, Any] | None) -> Reminders:
    """The rules in a rulebook; the default for none. Raises ValueError for damaged ones."""
    try:
        return Reminders.model_validate(body or {})
    except ValidationError as wrong:
        raise ValueError("the stored rules of reminding are not understood") from wrong


@lru_cache(1)
def zones() -> tuple[str, ...]:
    """The names of the time zones that people know: of places, and UTC."""
    continents = (
        "Africa",
        "America",
        "Antarctica",
        "Asia",
        "Atlantic",
        "Australia",
        "Europe",
        "Indian",
        "Pacific",
    )
    places = sorted(name for name in available_timezones() if name.partition("/")[0] in continents)
    return ("UTC", *places)


def zone_of(name: str | None) -> ZoneInfo:
    """The time zone that a Slack profile names; UTC for one that this machine does not know."""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def working(moment: datetime, rules: Reminders, zone: ZoneInfo) -> bool:
    """Whether somebody in `zone` works at this moment."""
    local = moment.astimezone(zone)
    return local.weekday() in _days(rules) and rules.start <= local.hour < _end(rules)


def next_working(moment: datetime, rules: Reminders, zone: ZoneInfo) -> datetime:
    """The first moment from this one on at which they work."""
    if working(moment, rules, zone):
        return moment
    return _next_at(moment, rules.start, rules, zone)


def next_digest(moment: datetime, rules: Reminders, zone: ZoneInfo) -> datetime:
    """The first hour of the daily message after this moment, on a day they work."""
    hour = rules.digest_hour if rules.start <= rules.digest_hour < _end(rules) else rules.start
    return _next_at(moment, hour, rules, zone)


def is_digest_hour(moment: datetime, rules: Reminders, zone: ZoneInfo) -> bool:
    """Whether the daily message may go out at this moment."""
    hour = rules.digest_hour if rules.start <= rules.digest_hour < _end(rules) else rules.start
    return working(moment, rules, zone) and moment.astimezone(zone).hour == hour


def first_reminder(opened: datetime, rules: Reminders, zone: ZoneInfo) -> datetime:
    """When somebody whose turn began at `opened` is reminded first."""
    return next_working(opened + timedelta(hours=rules.first_hours), rules, zone)


def next_reminder(now: datetime, sent: int, rules: Reminders, zone: ZoneInfo) -> datetime | None:
    """When the next one follows after so many; None when that was the last."""
    if sent >= rules.at_most:
        return None
    wait = min(timedelta(hours=rules.first_hours) * 2 ** min(sent, 10), _LONGEST)
    return next_working(now + wait, rules, zone)


def escalation(opened: datetime, rules: Reminders, zone: ZoneInfo) -> datetime | None:
    """When somebody else hears of it; None where nobody is to."""
    if not rules.escalate_to:
        return None
    return next_working(opened + timedelta(days=rules.escalate_days), rules, zone)


def _days(rules: Reminders) -> tuple[int, ...]:
    return rules.days or (0, 1, 2, 3, 4)


def _end(rules: Reminders) -> int:
    return rules.end if rules.end > rules.start else 24


def _next_at(moment: datetime, hour: int, rules: Reminders, zone: ZoneInfo) -> datetime:
    """The first `hour` o'clock after `moment` on a working day; clocks may jump in between."""
    day: date = moment.astimezone(zone).date()
    for ahead in range(9):
        there = datetime.combine(day + timedelta(days=ahead), time(hour), zone).astimezone(moment.tzinfo)
        if there > moment and (day + timedelta(days=ahead)).weekday() in _days(rules):
            return there
    raise AssertionError("a week has a working day")
