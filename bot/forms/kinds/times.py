"""Dates."""

from __future__ import annotations

from datetime import date, datetime

from babel.dates import format_date
from slack_sdk.models.blocks import Block, DatePickerElement

from bot import ids
from bot.forms.kinds.base import Asking, FieldKind, Json, NotAnAnswerError, Typed, asked_in
from ironclad import Field

_NO_DATE = "Choose a date, for example 24 Nov 2026"


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
    if _day(answer) is None:
        raise NotAnAnswerError(_NO_DATE)


DATE = FieldKind(ask=_ask_date, read=_read_date, show=_show_date, check=_check_date)
