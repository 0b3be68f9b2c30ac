"""What a field of a template can be filled from: parts of a request, its people, the day, fixed values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as default
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Any, Final

from bot.texts import phrase

Json = Any


class Shape(StrEnum):
    """What kind of value a source gives; the values are JSON, shaped as Ironclad shapes them."""

    TEXT = "text"  # "Fifty laptops"
    NAME = "name"  # "Dana Ruiz"
    EMAIL = "email"
    NUMBER = "number"
    MONEY = "money"  # {"currency": "EUR", "amount": 9500}
    DATE = "date"  # "2026-12-24"
    DURATION = "duration"  # {"years": 1, "months": 6}
    PERSON = "person"  # {"name": "Dana Ruiz", "email": "dana.ruiz@example.com"}
    PEOPLE = "people"  # a list of persons
    FILES = "files"  # a list, opaque here


@dataclass(frozen=True)
class Source:
    """One thing to fill from. `key` is stable: it is what mappings are stored with."""

    key: str
    label: str
    shape: Shape


FIXED: Final = "fixed"
"""The source of a value that the mapping itself holds."""
TEXT: Final = "text"
"""The source of a text with other sources in braces: ``{counterparty} – {what}``."""

_BUILT_IN: Final = (
    Source("request.what", phrase("What is wanted"), Shape.TEXT),
    Source("request.counterparty", phrase("Counterparty"), Shape.TEXT),
    Source("request.contact_name", phrase("Counterparty's contact"), Shape.NAME),
    Source("request.contact_email", phrase("Contact's e-mail"), Shape.EMAIL),
    Source("request.amount", phrase("Amount with currency"), Shape.MONEY),
    Source("request.currency", phrase("Currency"), Shape.TEXT),
    Source("request.start", phrase("Start"), Shape.DATE),
    Source("request.end", phrase("End (or start plus term)"), Shape.DATE),
    Source("request.term", phrase("Term (or the time from start to end)"), Shape.DURATION),
    Source("request.category", phrase("Category"), Shape.TEXT),
    Source("request.department", phrase("Department"), Shape.TEXT),
    Source("request.owner", phrase("Business owner"), Shape.PERSON),
    Source("request.needed_by", phrase("Needed by"), Shape.DATE),
    Source("request.description", phrase("Description"), Shape.TEXT),
    Source("request.files", phrase("Files"), Shape.FILES),
    Source("request.number", phrase("Request number"), Shape.TEXT),
    Source("requester.name", phrase("Requester's name"), Shape.NAME),
    Source("requester.email", phrase("Requester's e-mail"), Shape.EMAIL),
    Source("requester.department", phrase("Requester's department"), Shape.TEXT),
    Source("approvers", phrase("Those who approved"), Shape.PEOPLE),
    Source("today", phrase("Today"), Shape.DATE),
    Source(FIXED, phrase("A fixed value"), Shape.TEXT),
    Source(TEXT, phrase("A text with values in it"), Shape.TEXT),
)


def catalogue(custom: Sequence[Source] = ()) -> dict[str, Source]:
    """Every source by its key; `custom` are those of the workspace's own request fields."""
    return {source.key: source for source in (*_BUILT_IN, *custom)}


@dataclass(frozen=True)
class Facts:
    """What is known about one request: values by source key. What is not known is not there."""

    values: Mapping[str, Json] = default(default_factory=dict)
    zone: tzinfo | None = None

    def get(self, key: str) -> Json:
        """The value of a source, worked out where it follows from others; None when it is not known."""
        found = self.values.get(key)
        if found not in (None, "", [], {}):
            return found
        if key == "request.currency":
            money = self.values.get("request.amount")
            return money.get("currency") if isinstance(money, Mapping) else None
        if key == "request.term":
            return _between(self._day("request.start"), self._day("request.end"))
        if key == "request.end":
            return _after(self._day("request.start"), self.values.get("request.term"))
        if key == "requester.department":
            return self.values.get("request.department") or None
        return None

    def _day(self, key: str) -> date | None:
        return day_of(self.values.get(key))

    def midnight(self, day: date) -> str:
        """The moment a day begins, as Ironclad takes a date: midnight where the requester is."""
        return datetime(day.year, day.month, day.day, tzinfo=self.zone).isoformat()


def day_of(value: Json) -> date | None:
    """The day a date or moment names, or None."""
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None


def _between(start: date | None, end: date | None) -> Json:
    """From the first day to the last. Whole months where they fit (with the last day counted or not)."""
    if start is None or end is None or end <= start:
        return None
    for last in (end, end + timedelta(days=1)):
        months = (last.year - start.year) * 12 + last.month - start.month
        if months > 0 and last == _plus_months(start, months):
            years, months = divmod(months, 12)
            return {name: n for name, n in (("years", years), ("months", months)) if n}
    return {"days": (end - start).days}


def _after(start: date | None, term: Json) -> Json:
    """The last day of a term: a year from 1 January ends on 31 December."""
    if start is None or not isinstance(term, Mapping):
        return None
    units = {name: term.get(name) or 0 for name in ("years", "months", "weeks", "days")}
    if not any(units.values()) or not all(isinstance(n, int) and 0 <= n <= 100_000 for n in units.values()):
        return None
    try:
        moved = _plus_months(start, units["years"] * 12 + units["months"])
        return (moved + timedelta(days=units["weeks"] * 7 + units["days"] - 1)).isoformat()
    except (ValueError, OverflowError):
        return None


def _plus_months(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    first_of_next = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return date(year, month + 1, min(day.day, (first_of_next - timedelta(days=1)).day))
