"""Dates and durations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from functools import lru_cache

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.units import format_unit
from slack_sdk.models.blocks import Block, DatePickerElement, PlainTextInputElement

from bot import ids
from bot.blockkit import MAX_PLACEHOLDER, plain
from bot.forms.kinds.base import Asking, FieldKind, Json, NotAnAnswerError, Typed, asked_in
from bot.texts import phrase
from ironclad import Field

_NO_DATE = phrase("Choose a date, for example 24 Nov 2026")


# Date ---------------------------------------------------------------------------------------------


def _ask_date(field: Field, answer: Json, asking: Asking) -> list[Block]:
    day = _day(answer)
    element = DatePickerElement(action_id=ids.FIELD, initial_date=day.isoformat() if day else None)
    return [asked_in(field, element, asking)]


def _day(answer: Json) -> date | None:
    """The day of an ISO date or time, as it is written there: it was midnight where somebody chose it."""
    try:
        return date.fromisoformat(str(answer)[:10])
    except ValueError:
        return None


def _is_moment(answer: Json) -> bool:
    try:
        return datetime.fromisoformat(str(answer)).tzinfo is not None
    except ValueError:
        return False


def _read_date(typed: Typed) -> Json:
    text = typed.text(name="selected_date")
    if not text:
        return None
    day = _day(text)
    if day is None:
        raise NotAnAnswerError(_NO_DATE)
    if day == _day(typed.kept) and _is_moment(typed.kept):
        return typed.kept  # not touched: keeps the offset of where it was chosen
    # Ironclad is only known to take a full ISO time with offset; midnight where the person is.
    return datetime(day.year, day.month, day.day, tzinfo=typed.asking.zone).isoformat()


def _show_date(field: Field, answer: Json, asking: Asking) -> str:
    day = _day(answer)
    return format_date(day, format="medium", locale=asking.babel) if day else str(answer)


def _check_date(field: Field, answer: Json, asking: Asking) -> None:
    if not _is_moment(answer):
        raise NotAnAnswerError(_NO_DATE)


DATE = FieldKind(ask=_ask_date, read=_read_date, show=_show_date, check=_check_date)


# Duration -----------------------------------------------------------------------------------------

_UNITS = ("years", "months", "weeks", "days")
_MOST = 9999  # of one unit: more is a slip of the finger
_PIECE = re.compile(r"(\d+)\s*([^\d]+)")
_ABBREVIATED = {
    **dict.fromkeys(("y", "yr", "yrs", "jahren"), "years"),
    **dict.fromkeys(("m", "mo", "mos", "mth", "mths", "monaten"), "months"),
    **dict.fromkeys(("w", "wk", "wks"), "weeks"),
    **dict.fromkeys(("d", "tagen"), "days"),
}


def _ask_duration(field: Field, answer: Json, asking: Asking) -> list[Block]:
    parts = _parts(answer)
    element = PlainTextInputElement(
        action_id=ids.FIELD,
        max_length=120,
        initial_value=_written(parts, asking) if parts else None,
        placeholder=plain(_written({"years": 1, "months": 6}, asking), MAX_PLACEHOLDER),
    )
    hint = asking.texts.say("Years, months, weeks or days: {example}", example=_example(asking))
    return [asked_in(field, element, asking, hint=hint)]


def _example(asking: Asking) -> str:
    return f"{_written({'days': 90}, asking)}; {_written({'years': 2}, asking)}"


def _parts(answer: Json) -> dict[str, int]:
    """The units of a duration that say something, the longest first."""
    if not isinstance(answer, dict):
        return {}
    known = {unit: answer[unit] for unit in _UNITS if isinstance(answer.get(unit), int)}
    return {unit: many for unit, many in known.items() if many} or known


def _written(parts: dict[str, int], asking: Asking) -> str:
    return ", ".join(_counted(many, unit, asking.babel) for unit, many in parts.items())


@lru_cache(1024)
def _counted(many: int, unit: str, locale: Locale) -> str:
    written = format_unit(many, f"duration-{unit[:-1]}", "long", locale=locale)
    # Arabic says one and two by the form of the word alone.
    return written if any(sign.isdigit() for sign in written) else f"{many} {written}"


@lru_cache(64)
def _words(locale: Locale) -> dict[str, str]:
    """Every word for a unit, in this language and in English, to the unit that it means."""
    words = dict(_ABBREVIATED)
    for language in (Locale("en"), locale):
        for unit in _UNITS:
            words |= dict.fromkeys(_names_of(unit, language), unit)
    return words


def _names_of(unit: str, locale: Locale) -> Iterator[str]:
    for length in ("long", "short"):
        for many in (0, 1, 2, 3, 5, 11, 21, 100):
            written = format_unit(many, f"duration-{unit[:-1]}", length, locale=locale)
            yield re.sub(r"[\d\s.]+", " ", written).strip().casefold()


@lru_cache(64)
def _joints(locale: Locale) -> frozenset[str]:
    """What may stand between two units: a comma, "and"."""
    listed = format_list(["1", "2", "3"], locale=locale) + format_list(["1", "2"], locale=locale)
    return frozenset({"", "and", "&", "+", *re.sub(r"[\d,]", " ", listed).casefold().split()})


def _read_duration(typed: Typed) -> Json:
    text = typed.text()
    if not text:
        return None
    locale = typed.asking.babel
    parts: dict[str, int] = {}
    end = 0
    for piece in _PIECE.finditer(text):
        unit = _unit(piece[2], locale)
        between = text[end : piece.start()].strip(" ,;")
        if unit is None or unit in parts or between or int(piece[1]) > _MOST:
            raise _no_duration(typed.asking)
        parts[unit] = int(piece[1])
        end = piece.end()
    if not parts or text[end:].strip():
        raise _no_duration(typed.asking)
    ordered = {unit: parts[unit] for unit in _UNITS if unit in parts}
    return typed.kept if _parts(typed.kept) == ordered else ordered


def _unit(words: str, locale: Locale) -> str | None:
    """The unit behind the words after a number, with what joins it to the next one left out."""
    said = words.casefold().replace(".", " ").replace(",", " ").replace(";", " ").split()
    while said and said[-1] in _joints(locale) and " ".join(said) not in _words(locale):
        said.pop()
    return _words(locale).get(" ".join(said))


def _no_duration(asking: Asking) -> NotAnAnswerError:
    example = _written({"years": 1, "months": 6}, asking)
    return NotAnAnswerError(phrase("Write how long, for example {example}", example=example))


def _show_duration(field: Field, answer: Json, asking: Asking) -> str:
    return _written(_parts(answer), asking) or str(answer)


def _check_duration(field: Field, answer: Json, asking: Asking) -> None:
    if not _parts(answer) or any(many < 0 for many in _parts(answer).values()):
        raise _no_duration(asking)


DURATION = FieldKind(ask=_ask_duration, read=_read_duration, show=_show_duration, check=_check_duration)
