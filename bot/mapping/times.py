"""Ways of dates and lengths of time: what the table in `bot.mapping.transforms` applies."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from bot.mapping.amounts import plain_number
from bot.mapping.given import DoesNotFit, Given, Json
from bot.mapping.sources import day_of
from bot.texts import phrase

_DAYS = {"years": 365, "months": 30, "weeks": 7, "days": 1}
_UNIT = re.compile(r"(\d{1,4})\s*(year|month|week|day)s?", re.I)


def date(given: Given) -> Json:
    day = day_of(given.value)
    if day is None:
        raise DoesNotFit(phrase("“{text}” is not a date like 2026-12-24", text=given.text[:60]))
    return given.facts.midnight(day)


def date_text(given: Given) -> Json:
    day = day_of(given.value)
    return day.isoformat() if day else given.text


def units_in(text: str) -> Mapping[str, int]:
    """A length of time as it is written: *1 year 6 months*; nothing where it is written in another way."""
    found = _UNIT.findall(text)
    left = re.sub(r"[\s,]|and", "", _UNIT.sub("", text))
    return {f"{unit.lower()}s": int(number) for number, unit in found} if found and not left else {}


def read_duration(given: Given) -> Json:
    return dict(units_in(given.text)) or _no_duration(given)


def _no_duration(given: Given) -> Json:
    raise DoesNotFit(phrase("“{text}” is not a length of time like 1 year 6 months", text=given.text[:60]))


def days_of(units: Mapping[str, Json]) -> int:
    """About how many days a length of time has, to compare two of them."""
    months = 12 * int(units.get("years") or 0) + int(units.get("months") or 0)
    return months * _DAYS["months"] + 7 * int(units.get("weeks") or 0) + int(units.get("days") or 0)


def _units(given: Given) -> dict[str, int]:
    value = given.value if isinstance(given.value, Mapping) else {}
    return {name: int(value[name]) for name in _DAYS if isinstance(value.get(name), int) and value[name]}


def duration_text(given: Given) -> Json:
    parts = [f"{n} {name if n != 1 else name[:-1]}" for name, n in _units(given).items()]
    return " ".join(parts) or _no_duration(given)


def duration_option(given: Given) -> Json:
    wanted = days_of(_units(given))
    for value in given.field.options.values if given.field.options else ():
        if days_of(units_in(value)) == wanted:
            return value
    raise DoesNotFit(phrase("“{text}” is not one of the choices of this field.", text=duration_text(given)))


def in_months(given: Given) -> Json:
    units = _units(given)
    if units.keys() - {"years", "months"}:
        raise DoesNotFit(phrase("{text} is not a whole number of months.", text=duration_text(given)))
    return 12 * units.get("years", 0) + units.get("months", 0)


def in_years(given: Given) -> Json:
    months = in_months(given)
    if months % 12:
        raise DoesNotFit(phrase("{text} is not a whole number of years.", text=duration_text(given)))
    return months // 12


def in_days(given: Given) -> Json:
    units = _units(given)
    return sum(_DAYS[name] * n for name, n in units.items())


def counted(unit: str) -> Callable[[Given], Json]:
    def apply(given: Given) -> Json:
        number = plain_number(given.text)
        if not isinstance(number, int) or number <= 0:
            raise DoesNotFit(phrase("“{text}” is not a whole number.", text=given.text[:60]))
        return {unit: number}

    return apply
