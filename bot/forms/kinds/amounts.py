"""Numbers."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from babel.numbers import format_decimal
from slack_sdk.models.blocks import Block, NumberInputElement

from bot import ids
from bot.forms.kinds.base import Asking, FieldKind, Json, NotAnAnswerError, Typed, asked_in
from ironclad import Field

_NO_NUMBER = "Enter a number, for example 1250.50"


def _ask_number(field: Field, answer: Json, asking: Asking) -> list[Block]:
    element = NumberInputElement(
        action_id=ids.FIELD,
        is_decimal_allowed=True,
        initial_value=written(answer) if is_number(answer) else None,
    )
    return [asked_in(field, element, asking)]


def is_number(answer: Json) -> bool:
    """Whether it is a number as JSON knows them; yes and no are none, in spite of Python."""
    return isinstance(answer, (int, float)) and not isinstance(answer, bool)


def written(number: int | float) -> str:
    """A number in plain digits, as Slack's number input takes it."""
    return f"{Decimal(str(number)):f}"


def _read_number(typed: Typed) -> Json:
    text = typed.text()
    return exact(text) if text else None


def exact(text: str) -> int | float:
    """The number in plain digits. Raises `NotAnAnswerError` for what JSON could not carry unchanged."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise NotAnAnswerError(_NO_NUMBER) from None
    if not number.is_finite() or (number and abs(number.adjusted()) > 300):
        raise NotAnAnswerError(_NO_NUMBER)
    if number == number.to_integral_value():
        return int(number)
    if Decimal(str(float(number))) != number:
        raise NotAnAnswerError("This has more digits than Ironclad keeps. Round it to 15.")
    return float(number)


def _show_number(field: Field, answer: Json, asking: Asking) -> str:
    if not is_number(answer):
        return str(answer)
    return format_decimal(Decimal(str(answer)), locale=asking.babel, decimal_quantization=False)


def _check_number(field: Field, answer: Json, asking: Asking) -> None:
    if not is_number(answer):
        raise NotAnAnswerError(_NO_NUMBER)


NUMBER = FieldKind(ask=_ask_number, read=_read_number, show=_show_number, check=_check_number)
