"""Filter formulas: `And(Equals([region],'EMEA'),GreaterThan([amount],'1000'))` (facts page, §6.1).

How a quote inside a value is escaped is not documented, so a text simply ends at the quote that began it.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Protocol

from tests.sandbox.ironclad.errors import Refusal, invalid_param

_TOKEN = re.compile(
    r"""\s*(?:(?P<property>\[[^\]]+\])|(?P<text>'[^']*'|"[^"]*")|(?P<number>-?\d+(?:\.\d+)?)|(?P<name>[A-Za-z]+)"""
    r"""|(?P<mark>[(),]))"""
)
_DAYS = {"days": 1, "weeks": 7, "months": 30, "years": 365}
_OPAQUE = frozenset({"duration", "address", "clause", "document", "reference", "workflow"})
_DEEPEST = 20


class Filtered(Protocol):
    """What a formula is asked about."""

    def value(self, key: str) -> Any:
        """The value of a property; None when it is not set."""

    def kind(self, key: str) -> str:
        """The type of a property."""


@dataclass(frozen=True)
class Property:
    """`[key]` in a formula."""

    key: str


Literal = str | float | date
Argument = Property | Literal | Callable[[Filtered], bool]
Formula = Callable[[Filtered], bool]


def formula(written: str) -> Formula:
    """Read a formula.

    Raises:
        Refusal: INVALID_PARAM with `param` "filter" for one that cannot be read.
    """
    reader = _Reader(_tokens(written))
    read = reader.expression()
    if not callable(read) or reader.left:
        raise refused(written)
    return read


def refused(what: str) -> Refusal:
    """The answer to a formula that makes no sense; its wording is a choice."""
    return invalid_param(f"invalid filter: {what}", "filter")


def _tokens(written: str) -> list[tuple[str, str]]:
    tokens, at = [], 0
    written = written.rstrip()
    while at < len(written):
        found = _TOKEN.match(written, at)
        if found is None or found.lastgroup is None:
            raise refused(written)
        tokens.append((found.lastgroup, found[found.lastgroup]))
        at = found.end()
    return tokens


class _Reader:
    """A descent through the tokens: one expression is a literal, a property or a call."""

    def __init__(self, tokens: Sequence[tuple[str, str]]) -> None:
        self.left = list(tokens)
        self._depth = 0

    def expression(self) -> Argument:
        kind, token = self._next()
        if kind == "property":
            return Property(token[1:-1])
        if kind == "text":
            return token[1:-1]
        if kind == "number":
            return float(token)
        if kind == "name":
            return self._call(token)
        raise refused(token)

    def _call(self, name: str) -> Argument:
        self._depth += 1
        self._take("(")
        arguments: list[Argument] = []
        while self._peek() != ")" and self._depth < _DEEPEST:
            arguments.append(self.expression())
            if self._peek() == ",":
                self._take(",")
        self._take(")")
        self._depth -= 1
        return _call(name, arguments)

    def _peek(self) -> str | None:
        return self.left[0][1] if self.left else None

    def _take(self, mark: str) -> None:
        if self._next() != ("mark", mark):
            raise refused(f"{mark} expected")

    def _next(self) -> tuple[str, str]:
        if not self.left:
            raise refused("it ends too early")
        return self.left.pop(0)


def _call(name: str, arguments: Sequence[Argument]) -> Argument:
    if name in ("And", "Or"):
        return _combined(name, arguments)
    if name in ("Date", "Today", "RelativeDate"):
        return _date(name, arguments)
    if name in ("IsEmpty", "IsNotEmpty") and len(arguments) == 1:
        return _emptiness(name, arguments[0])
    if name in _COMPARISONS and len(arguments) == 2:
        return _comparison(name, arguments[0], arguments[1])
    raise refused(name)


def _combined(name: str, arguments: Sequence[Argument]) -> Formula:
    parts = [one for one in arguments if callable(one)]
    if not parts or len(parts) != len(arguments):
        raise refused(name)
    combine = all if name == "And" else any
    return lambda item: combine(part(item) for part in parts)


def _date(name: str, arguments: Sequence[Argument]) -> date:
    match name, list(arguments):
        case "Today", []:
            return datetime.now(UTC).date()
        case "Date", [float(year), float(month), float(day)]:
            return _day(int(year), int(month), int(day))
        case "RelativeDate", [date() as start, float(amount), str(unit)] if unit in _DAYS:
            return start + timedelta(days=amount * _DAYS[unit])
    raise refused(name)


def _day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise refused("Date") from error


def _emptiness(name: str, argument: Argument) -> Formula:
    key = _filterable(argument)
    wanted = name == "IsEmpty"
    return lambda item: (item.value(key) in (None, "", [], {})) is wanted


def _comparison(name: str, left: Argument, right: Argument) -> Formula:
    key = _filterable(left)
    if isinstance(right, Property) or callable(right):
        raise refused(name)
    compare = _COMPARISONS[name]

    def holds(item: Filtered) -> bool:
        if item.kind(key) in _OPAQUE and name != "Contains":
            raise refused(f"{name} does not take properties of type {item.kind(key)}")
        return compare(item.value(key), right)

    return holds


def _filterable(argument: Argument) -> str:
    """Status and template are filtered by parameters of their own."""
    if not isinstance(argument, Property) or argument.key in ("status", "template"):
        raise refused("a property was expected")
    return argument.key


def _equal(value: Any, wanted: Literal) -> bool:
    if isinstance(value, list):
        return any(_equal(one, wanted) for one in value)
    pair = _comparable(value, wanted)
    return pair is not None and pair[0] == pair[1]


def _contains(value: Any, wanted: Literal) -> bool:
    if isinstance(value, list):
        return any(_contains(one, wanted) for one in value)
    return value is not None and str(wanted).lower() in str(value).lower()


def _ordered(decide: Callable[[Any, Any], bool]) -> Callable[[Any, Literal], bool]:
    def holds(value: Any, wanted: Literal) -> bool:
        pair = _comparable(value, wanted)
        return pair is not None and decide(*pair)

    return holds


def _comparable(value: Any, wanted: Literal) -> tuple[Any, Any] | None:
    """Both sides in the terms of the stored value: a number, money by its amount, a day, a text."""
    if value is None:
        return None
    if isinstance(value, dict):
        value = value.get("amount", value.get("recordId"))
    if isinstance(value, bool):
        return str(value).lower(), str(wanted).lower()
    if isinstance(value, int | float):
        return _both(float, value, wanted)
    if isinstance(wanted, date):
        return _both(lambda one: date.fromisoformat(str(one)[:10]), value, wanted)
    return str(value), str(wanted)


def _both(convert: Callable[[Any], Any], value: Any, wanted: Any) -> tuple[Any, Any] | None:
    try:
        return convert(value), convert(wanted)
    except (TypeError, ValueError):
        return None


_COMPARISONS: Mapping[str, Callable[[Any, Literal], bool]] = {
    "Equals": _equal,
    "NotEqual": lambda value, wanted: not _equal(value, wanted),
    "Contains": _contains,
    "LessThan": _ordered(lambda value, wanted: bool(value < wanted)),
    "LessThanOrEqual": _ordered(lambda value, wanted: bool(value <= wanted)),
    "GreaterThan": _ordered(lambda value, wanted: bool(value > wanted)),
    "GreaterThanOrEqual": _ordered(lambda value, wanted: bool(value >= wanted)),
}
