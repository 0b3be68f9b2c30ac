"""Ways of numbers and money: what the table in `bot.mapping.transforms` applies.

Nothing is guessed: what is not plain does not fit.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from bot.mapping.given import DoesNotFit, Given, Json
from bot.texts import phrase

_CURRENCY = re.compile(r"[A-Z]{3}")
_NO_CURRENCY = phrase("The amount has no currency.")


def plain_number(text: str) -> Json:
    """A number written with digits and at most one point. Raises `DoesNotFit`: nothing is guessed."""
    try:
        number = Decimal(text.strip()) if re.fullmatch(r"-?\d{1,18}(\.\d{1,9})?", text.strip()) else None
    except InvalidOperation:
        number = None
    if number is None:
        raise DoesNotFit(phrase("“{text}” is not a plain number, for example 1250.50", text=text[:60]))
    return int(number) if number == number.to_integral_value() else float(number)


def number(given: Given) -> Json:
    return plain_number(given.text)


def amount_alone(given: Given) -> Json:
    currency, amount = _money(given)
    if given.option and currency and currency != given.option:
        raise DoesNotFit(_other_currency(currency, given.option))
    return amount


def _money(given: Given) -> tuple[str, Json]:
    value = given.value if isinstance(given.value, Mapping) else {}
    amount = value.get("amount")
    if not isinstance(amount, (int, float)) or isinstance(amount, bool):
        raise DoesNotFit(phrase("There is no amount."))
    return str(value.get("currency") or ""), amount


def whole(given: Given) -> Json:
    currency, amount = _money(given)
    if given.option and currency != given.option:
        raise DoesNotFit(_other_currency(currency, given.option) if currency else _NO_CURRENCY)
    return {"currency": currency, "amount": amount} if currency else _no_currency()


def _other_currency(here: str, wanted: str) -> str:
    return phrase("The request is in {here}, this field is in {wanted}.", here=here, wanted=wanted)


def _no_currency() -> Json:
    raise DoesNotFit(_NO_CURRENCY)


def written_out(given: Given) -> Json:
    currency, amount = _money(given)
    return f"{currency} {amount:,.2f}".strip().removesuffix(".00")


def in_currency(given: Given) -> Json:
    if not _CURRENCY.fullmatch(given.option):
        raise DoesNotFit(phrase("The mapping does not say in which currency."))
    return {"currency": given.option, "amount": given.value}


def read(given: Given) -> Json:
    words = given.text.split()
    codes = [word for word in words if _CURRENCY.fullmatch(word)]
    if len(words) != 2 or len(codes) != 1:
        raise DoesNotFit(phrase("Write the amount and its currency, for example EUR 1250.50"))
    amount = plain_number(next(word for word in words if word != codes[0]))
    return {"currency": codes[0], "amount": amount}
