"""For each kind of field: how to ask it in Slack, how to read what came back, how to say no.

Field types and the values Ironclad expects: the API's "field types supported" page; Slack's inputs and
their limits: https://docs.slack.dev/reference/block-kit/block-elements.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from decimal import Decimal, InvalidOperation
from typing import Any

from email_validator import EmailNotValidError, validate_email
from slack_sdk.models.blocks import (
    DatePickerElement,
    EmailInputElement,
    ExternalDataSelectElement,
    InputBlock,
    NumberInputElement,
    Option,
    PlainTextInputElement,
    RadioButtonsElement,
    StaticSelectElement,
)
from slack_sdk.models.blocks.block_elements import InputInteractiveElement

from bot import ids
from bot.blockkit import MAX_LABEL, MAX_OPTION, MAX_OPTIONS, MAX_PLACEHOLDER, MAX_TEXT, clip, plain
from ironclad import Field, Required

Json = Any
State = Mapping[str, Mapping[str, Any]]  #: ``view.state.values`` of a submitted modal

RADIO_AT_MOST = 4  # a handful is quicker to see than to open; Slack allows 10
NO_ANSWER = "-"  # option value of "No answer": an optional radio button cannot be unpicked in Slack


class NotAnAnswerError(ValueError):
    """What was typed cannot be sent; the text says what to type instead."""


@dataclass(frozen=True)
class Typed:
    """What came back for one field: the elements of its input blocks, by part."""

    field: Field
    state: State
    zone: tzinfo

    def element(self, part: str = "") -> Mapping[str, Any]:
        """The state of one input, empty when the input was not on the screen."""
        block = self.state.get(block_id(self.field, part)) or {}
        return next((found for found in block.values() if isinstance(found, Mapping)), {})

    def text(self, part: str = "", name: str = "value") -> str:
        """The typed text without surrounding blanks; empty when nothing was typed."""
        found = self.element(part).get(name)
        return found.strip() if isinstance(found, str) else ""

    def picked(self, part: str = "") -> str:
        """The value of the picked option; empty when none was."""
        found = self.element(part).get("selected_option")
        value = found.get("value") if isinstance(found, Mapping) else None
        return value if isinstance(value, str) else ""


@dataclass(frozen=True, kw_only=True)
class FieldKind:
    """How one kind of Ironclad field is asked in Slack and read back.

    `read` gives the value as Ironclad takes it, or None for no answer, and raises
    `NotAnAnswerError`; `ask` takes such a value as what is already filled in.
    """

    ask: Callable[[Field, Json], list[InputBlock]]
    read: Callable[[Typed], Json]


def block_id(field: Field, part: str = "") -> str:
    """The block id of a field's input: stable while the field's key is, at most 255 characters."""
    key = field.key if len(field.key) <= 160 else option_id(field.key)
    return f"f:{key}:{part}" if part else f"f:{key}"


def option_id(text: str) -> str:
    """A short stable stand-in for an option: Slack allows 75 safe characters, Ironclad any length."""
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def option(text: str) -> Option:
    """A choice as Slack takes it."""
    return Option(text=plain(clip(text, MAX_OPTION)), value=option_id(text))


def values_of(field: Field) -> tuple[str, ...]:
    """The choices of a field, each once, in Ironclad's order."""
    return tuple(dict.fromkeys(field.options.values)) if field.options else ()


def _input(
    field: Field,
    element: InputInteractiveElement,
    *,
    part: str = "",
    label: str = "",
    hint: str = "",
    optional: bool | None = None,
) -> InputBlock:
    return InputBlock(
        block_id=block_id(field, part),
        label=plain(label or field.label or field.key, MAX_LABEL),
        element=element,
        hint=plain(hint, MAX_LABEL) if hint else None,
        optional=field.required is not Required.ALWAYS if optional is None else optional,
    )


# Text ---------------------------------------------------------------------------------------------

_LONG_TEXT = re.compile(
    r"descri|detail|paragraph|comment|notes?\b|terms|scope|purpose|summary|reason|why", re.I
)


def _ask_text(field: Field, answer: Json) -> list[InputBlock]:
    # Ironclad gives short texts and paragraphs the same type, so the label decides how big the box is.
    long = bool(_LONG_TEXT.search(f"{field.label} {field.key}")) or "\n" in str(answer or "")
    element = PlainTextInputElement(
        action_id=ids.FIELD,
        multiline=long or None,
        max_length=MAX_TEXT,
        initial_value=clip(str(answer), MAX_TEXT) if answer else None,
    )
    return [_input(field, element)]


def _read_text(typed: Typed) -> Json:
    return typed.text() or None


# Choice -------------------------------------------------------------------------------------------


def _ask_choice(field: Field, answer: Json, *, optional: bool | None = None) -> list[InputBlock]:
    values = values_of(field)
    chosen = option(answer) if isinstance(answer, str) and answer in values else None
    element: InputInteractiveElement
    if len(values) > MAX_OPTIONS:
        element = ExternalDataSelectElement(
            action_id=ids.FIELD_SEARCH,
            min_query_length=0,
            placeholder=plain("Type to search", MAX_PLACEHOLDER),
            initial_option=chosen,
        )
    elif len(values) <= RADIO_AT_MOST and field.required is Required.ALWAYS and optional is None:
        element = RadioButtonsElement(
            action_id=ids.FIELD, options=[option(value) for value in values], initial_option=chosen
        )
    else:
        element = StaticSelectElement(
            action_id=ids.FIELD,
            options=[option(value) for value in values],
            placeholder=plain("Choose one", MAX_PLACEHOLDER),
            initial_option=chosen,
        )
    return [_input(field, element, optional=optional, hint=_full_text_of_long(values))]


def _full_text_of_long(values: Sequence[str]) -> str:
    """Slack cuts options at 75 characters; the hint repeats the long ones in full while they fit."""
    long = [value for value in values if len(value) > MAX_OPTION]
    return clip("In full: " + " · ".join(long), MAX_LABEL) if 0 < len(long) <= 5 else ""


def _read_choice(typed: Typed) -> Json:
    picked = typed.picked()
    if not picked:
        return None
    for value in values_of(typed.field):
        if option_id(value) == picked:
            return value
    raise NotAnAnswerError("This choice is no longer offered. Choose another one.")


def _ask_choice_or_text(field: Field, answer: Json) -> list[InputBlock]:
    own = answer if isinstance(answer, str) and answer not in values_of(field) else ""
    required = field.required is Required.ALWAYS
    return [
        *_ask_choice(field, answer, optional=True),
        _input(
            field,
            PlainTextInputElement(action_id=ids.FIELD, max_length=MAX_TEXT, initial_value=own or None),
            part="own",
            label=clip(f"{field.label or field.key}: something else", MAX_LABEL),
            hint="Needed if none of the choices above fits." if required else "",
            optional=True,
        ),
    ]


def _read_choice_or_text(typed: Typed) -> Json:
    own = typed.text("own")
    return own or _read_choice(typed)


# Yes or no ----------------------------------------------------------------------------------------

_YES, _NO = "yes", "no"


def _ask_yes_no(field: Field, answer: Json) -> list[InputBlock]:
    offered = [Option(text=plain("Yes"), value=_YES), Option(text=plain("No"), value=_NO)]
    if field.required is not Required.ALWAYS:
        offered.append(Option(text=plain("No answer"), value=NO_ANSWER))
    chosen = offered[0 if answer else 1] if isinstance(answer, bool) else None
    return [_input(field, RadioButtonsElement(action_id=ids.FIELD, options=offered, initial_option=chosen))]


def _read_yes_no(typed: Typed) -> Json:
    return {_YES: True, _NO: False}.get(typed.picked())


# Number, e-mail, date -----------------------------------------------------------------------------


def _ask_number(field: Field, answer: Json) -> list[InputBlock]:
    filled = str(answer) if isinstance(answer, (int, float)) and not isinstance(answer, bool) else None
    element = NumberInputElement(action_id=ids.FIELD, is_decimal_allowed=True, initial_value=filled)
    return [_input(field, element)]


def _read_number(typed: Typed) -> Json:
    text = typed.text()
    if not text:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise NotAnAnswerError("Enter a number, for example 1250.50") from None
    if not number.is_finite() or abs(number.adjusted()) > 300:
        raise NotAnAnswerError("Enter a number, for example 1250.50")
    return int(number) if number == number.to_integral_value() else float(number)


def _ask_email(field: Field, answer: Json) -> list[InputBlock]:
    filled = answer if isinstance(answer, str) and answer else None
    return [_input(field, EmailInputElement(action_id=ids.FIELD, initial_value=filled))]


def _read_email(typed: Typed) -> Json:
    text = typed.text()
    if not text:
        return None
    try:
        return validate_email(text, check_deliverability=False, test_environment=True).original
    except EmailNotValidError:
        raise NotAnAnswerError("Enter an e-mail address, for example sam@example.com") from None


def _ask_date(field: Field, answer: Json) -> list[InputBlock]:
    return [_input(field, DatePickerElement(action_id=ids.FIELD, initial_date=_day(answer)))]


def _day(answer: Json) -> str | None:
    try:
        return date.fromisoformat(str(answer)[:10]).isoformat()
    except ValueError:
        return None


def _read_date(typed: Typed) -> Json:
    text = typed.text(name="selected_date")
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise NotAnAnswerError("Choose a date, for example 24 Nov 2026") from None
    # Ironclad is only known to take a full ISO time with offset; midnight where the person is.
    return datetime(day.year, day.month, day.day, tzinfo=typed.zone).isoformat()


# The table ----------------------------------------------------------------------------------------

CHOICE = FieldKind(ask=_ask_choice, read=_read_choice)
CHOICE_OR_TEXT = FieldKind(ask=_ask_choice_or_text, read=_read_choice_or_text)
TEXT = FieldKind(ask=_ask_text, read=_read_text)
KINDS: Mapping[str, FieldKind] = {
    "boolean": FieldKind(ask=_ask_yes_no, read=_read_yes_no),
    "number": FieldKind(ask=_ask_number, read=_read_number),
    "email": FieldKind(ask=_ask_email, read=_read_email),
    "date": FieldKind(ask=_ask_date, read=_read_date),
}


def kind_of(field: Field) -> FieldKind | None:
    """How to ask this field; None for a type that cannot be asked in Slack yet."""
    if field.type != "string":
        return KINDS.get(field.type)
    if not values_of(field):
        return TEXT
    return CHOICE_OR_TEXT if field.options and field.options.free_text else CHOICE
