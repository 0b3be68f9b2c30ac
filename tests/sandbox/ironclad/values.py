"""What each field type accepts on launch (facts page, §4.3). What the sources leave open is refused."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tests.sandbox.ironclad.documents import Part
from tests.sandbox.ironclad.errors import invalid_attribute, refusal
from tests.sandbox.ironclad.records import Record
from tests.sandbox.ironclad.templates import Field

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_CURRENCY = re.compile(r"[A-Z]{3}")
_UNITED_STATES = ("U.S.A.", "USA", "United States", "United States of America")
_ADDRESS_TEXTS = ("locality", "region", "postcode", "country")
_MOST_LINES = 4
_UNITS = frozenset({"years", "months", "weeks", "days"})


@dataclass(frozen=True)
class Surroundings:
    """What a value may refer to.

    Attributes:
        parts: files of a multipart request by part name; None for a JSON request, whose files are URLs.
        record: finds a record by UUID or `IC-n`.
        downloads: whether Ironclad can fetch the URLs of files.
        bare_dates: whether a date without time and offset is taken; no source confirms it.
    """

    parts: Mapping[str, Part] | None
    record: Callable[[str], Record | None]
    downloads: bool
    bare_dates: bool


def is_empty(value: Any) -> bool:
    """Whether a required question counts as unanswered."""
    return value is None or value in ("", [], {})


def parts(question: Field, value: Any, path: str | None = None) -> Iterator[tuple[str, Field, Any]]:
    """Every part of an object and cell of a table, however deep: path, question, value (None: absent)."""
    path = path or question.key
    wholes = [(path, value)] if question.type == "object" else []
    if question.element == "object" and isinstance(value, list):
        wholes = [(f"{path}.{number}", row) for number, row in enumerate(value)]
    for here, whole in wholes:
        for part in question.columns if isinstance(whole, dict) else ():
            yield f"{here}.{part.key}", part, whole.get(part.key)
            yield from parts(part, whole.get(part.key), f"{here}.{part.key}")


def missing_columns(question: Field, value: Any) -> Iterator[str]:
    """Paths of required columns that rows of a table, or an object, leave out."""
    for path, part, given in parts(question, value):
        if part.required == "always" and is_empty(given):
            yield path


def check(question: Field, value: Any, around: Surroundings, path: str | None = None) -> None:
    """Refuse a value that its question does not take.

    Raises:
        Refusal: INVALID_PARAM with `metadata.keyPath`, or CONTENT_UNAVAILABLE for a file out of reach.
    """
    path = path or question.key
    if question.element is not None:
        _check_elements(question, value, around, path)
    elif question.type == "object":
        _check_row(question, value, around, path)
    elif question.type in _RECORDS:
        _check_record(value, around, path)
    elif question.type == "date":
        _demand(_is_date(value, bare=around.bare_dates), path)
    elif question.type in _PLAIN:
        _demand(_PLAIN[question.type](value) and _is_offered(question, value), path)
    else:
        raise invalid_attribute(path, f"attributes of type {question.type} are not supported")


def _check_elements(question: Field, value: Any, around: Surroundings, path: str) -> None:
    _demand(isinstance(value, list), path)
    for number, element in enumerate(value):
        here = f"{path}.{number}"
        if question.element == "document":
            _check_file(element, around, here)
        elif question.element == "object":
            _check_row(question, element, around, here)
        else:
            _demand(isinstance(element, str) and _is_offered(question, element), path)


def _check_row(question: Field, row: Any, around: Surroundings, path: str) -> None:
    columns = {column.key: column for column in question.columns}
    _demand(isinstance(row, dict) and row.keys() <= columns.keys(), path)
    for key, value in row.items():
        check(columns[key], value, around, f"{path}.{key}")


def _check_file(value: Any, around: Surroundings, path: str) -> None:
    if around.parts is None:
        _demand(_keys(value) == {"url"} and isinstance(value["url"], str), path)
        if not around.downloads:
            raise refusal(400, "CONTENT_UNAVAILABLE", "content could not be downloaded", path)
    else:
        named = value["file"] if _keys(value) == {"file"} else None
        _demand(isinstance(named, str) and named in around.parts, path)


def _check_record(value: Any, around: Surroundings, path: str) -> None:
    _demand(isinstance(value, str), path)
    if around.record(value) is None:
        raise invalid_attribute(path, f"couldn't find a record matching the id [{value}]")


def _demand(holds: bool, path: str) -> None:
    if not holds:
        raise invalid_attribute(path)


def _keys(value: Any) -> set[str] | None:
    return set(value) if isinstance(value, dict) else None


def _is_offered(question: Field, value: Any) -> bool:
    return question.values is None or question.free_text or value in question.values


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_email(value: Any) -> bool:
    return isinstance(value, str) and _EMAIL.fullmatch(value) is not None


def _is_date(value: Any, *, bare: bool) -> bool:
    if not isinstance(value, str):
        return False
    try:
        if "T" not in value:
            return bare and date.fromisoformat(value) is not None
        return datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


def _is_money(value: Any) -> bool:
    if _keys(value) != {"currency", "amount"}:
        return False
    currency = value["currency"]
    return (
        isinstance(currency, str)
        and _CURRENCY.fullmatch(currency) is not None
        and _is_number(value["amount"])
    )


def _is_duration(value: Any) -> bool:
    if not isinstance(value, dict) or not value or not value.keys() <= _UNITS:
        return False
    return all(
        isinstance(amount, int) and not isinstance(amount, bool) and amount >= 0 for amount in value.values()
    )


def _is_address(value: Any) -> bool:
    """At most four lines; the United States need region and postcode too."""
    if not isinstance(value, dict) or not value.keys() <= {"lines", *_ADDRESS_TEXTS}:
        return False
    lines = value.get("lines")
    if not isinstance(lines, list) or not 1 <= len(lines) <= _MOST_LINES:
        return False
    needed = _ADDRESS_TEXTS if value.get("country") in _UNITED_STATES else ("locality", "country")
    texts = [*lines, *(value[key] for key in _ADDRESS_TEXTS if key in value)]
    return (
        all(isinstance(one, str) for one in texts)
        and all(value.get(key) for key in needed)
        and bool(lines[0])
    )


_RECORDS = frozenset({"linkedRecord", "parentRecord", "childRecord"})
_PLAIN: Mapping[str, Callable[[Any], bool]] = {
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "number": _is_number,
    "email": _is_email,
    "monetaryAmount": _is_money,
    "duration": _is_duration,
    "address": _is_address,
}
