"""Filter formulas for listing workflows and records.

    >>> str(all_of(equals("requestRef", "REQ-12"), at_least("amount", 1000)))
    "And(Equals([requestRef],'REQ-12'),GreaterThanOrEqual([amount],'1000'))"

https://developer.ironcladapp.com/reference/filter-query-param (facts §6.1). How to escape a quote inside a
value is not documented, so nothing is escaped: a value stands in the kind of quote that it does not hold, and
a value that cannot be written so is refused. Status and template are parameters of the list, not formulas.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TypeAlias

Value: TypeAlias = str | int | float | Decimal | bool | date


@dataclass(frozen=True)
class Formula:
    """A filter, made by the functions of this module. `str()` is Ironclad's notation, not URL-encoded."""

    text: str

    def __str__(self) -> str:
        return self.text


def equals(key: str, value: Value) -> Formula:
    """The property has exactly this value."""
    return _compare("Equals", key, value)


def not_equal(key: str, value: Value) -> Formula:
    """The property has another value."""
    return _compare("NotEqual", key, value)


def contains(key: str, text: str) -> Formula:
    """The property's text has `text` in it."""
    return _compare("Contains", key, text)


def is_empty(key: str) -> Formula:
    """The property has no value."""
    return Formula(f"IsEmpty({_property(key)})")


def is_not_empty(key: str) -> Formula:
    """The property has a value."""
    return Formula(f"IsNotEmpty({_property(key)})")


def less_than(key: str, value: Value) -> Formula:
    """The property's number or date is below `value`."""
    return _compare("LessThan", key, value)


def at_most(key: str, value: Value) -> Formula:
    """The property's number or date is `value` or below."""
    return _compare("LessThanOrEqual", key, value)


def greater_than(key: str, value: Value) -> Formula:
    """The property's number or date is above `value`."""
    return _compare("GreaterThan", key, value)


def at_least(key: str, value: Value) -> Formula:
    """The property's number or date is `value` or above."""
    return _compare("GreaterThanOrEqual", key, value)


def all_of(*formulas: Formula) -> Formula:
    """Every one of the formulas holds. Raises ValueError without any."""
    return _join("And", formulas)


def any_of(*formulas: Formula) -> Formula:
    """At least one of the formulas holds. Raises ValueError without any."""
    return _join("Or", formulas)


def _join(operator: str, formulas: tuple[Formula, ...]) -> Formula:
    if not formulas:
        raise ValueError(f"{operator} needs at least one formula")
    if len(formulas) == 1:
        return formulas[0]
    return Formula(f"{operator}({','.join(formula.text for formula in formulas)})")


def _compare(operator: str, key: str, value: Value) -> Formula:
    return Formula(f"{operator}({_property(key)},{_literal(value)})")


def is_property(key: str) -> bool:
    """Whether a formula can name this property."""
    # Ironclad's ids are letters and digits, system properties have underscores (facts §4.2, §7.2).
    return bool(re.fullmatch(r"[A-Za-z0-9_]+", key, re.ASCII))


def _property(key: str) -> str:
    if not is_property(key):
        raise ValueError("a property id has only letters, digits and underscores")
    return f"[{key}]"


def _literal(value: Value) -> str:
    if isinstance(value, bool):
        return _quoted(str(value).lower())
    if isinstance(value, datetime):
        raise ValueError("formulas know dates, not moments: give a date")
    if isinstance(value, date):
        return f"Date({value.year},{value.month},{value.day})"
    return _quoted(str(value))


def _quoted(text: str) -> str:
    # A backslash might escape the closing quote, and a control character might end the formula: nobody says.
    if "\\" in text or not text.isprintable():
        raise ValueError("a filter cannot hold a backslash or a control character")
    for quote in ("'", '"'):
        if quote not in text:
            return f"{quote}{text}{quote}"
    raise ValueError("a filter cannot hold both kinds of quote")
