"""Numbers and money.

Both are asked as text: Slack's number input takes plain digits with a point only, and people write "1,5" or
paste "12.500,00 €". They are read the way the person's language writes them; where an amount could be
misread, the number of decimals of the currency gives it away.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.core import get_global
from babel.numbers import (
    format_currency,
    format_decimal,
    get_currency_name,
    get_currency_precision,
    get_decimal_symbol,
    get_group_symbol,
    get_territory_currencies,
    is_currency,
)
from slack_sdk.models.blocks import (
    Block,
    ExternalDataSelectElement,
    Option,
    PlainTextInputElement,
)

from bot import ids
from bot.blockkit import MAX_LABEL, MAX_OPTION, MAX_OPTIONS, MAX_PLACEHOLDER, clip, plain
from bot.forms.kinds.base import (
    Asking,
    FieldKind,
    Json,
    NotAnAnswerError,
    Typed,
    asked_in,
    label_of,
)
from bot.texts import amount_in, phrase
from ironclad import Field

_MOST_TYPED = 500  # characters; JSON can carry a number of 300 digits, which are grouped
_SPACES = "\u00a0\u2009\u202f' ’"
_AS_BLANKS = {ord(mark): " " for mark in _SPACES}
_MARKS = dict.fromkeys(map(ord, "\u200e\u200f\u061c\u2066\u2067\u2068\u2069"))  # of writing direction
_AMOUNT = re.compile(r"(?P<before>[^\d+\-.,٫]*)(?P<number>[+\-]?[\d.,٫٬\s'’]*\d)(?P<after>[^\d]*)")
_PLAIN = re.compile(r"[+-]?\d+(\.\d+)?")


# Number -------------------------------------------------------------------------------------------


def _ask_number(field: Field, answer: Json, asking: Asking) -> list[Block]:
    known = _number_in(answer, asking) if is_number(answer) else None
    element = PlainTextInputElement(action_id=ids.FIELD, max_length=_MOST_TYPED, initial_value=known)
    return [asked_in(field, element, asking)]


def is_number(answer: Json) -> bool:
    """Whether it is a number as JSON knows them; yes and no are none, in spite of Python."""
    return isinstance(answer, (int, float)) and not isinstance(answer, bool)


def _read_number(typed: Typed) -> Json:
    text = _unmarked(typed.text())
    if not text:
        return None
    digits = _plain_digits(text, typed.asking.babel)
    if digits is None:
        raise _no_number(typed.asking)
    return _exact(digits, typed.asking)


def _no_number(asking: Asking) -> NotAnAnswerError:
    return NotAnAnswerError(
        phrase("Enter a number, for example {example}", example=_number_in(1250.5, asking))
    )


def _unmarked(text: str) -> str:
    """A number without the marks of writing direction, with a minus that everybody knows."""
    return text.translate(_MARKS).replace("−", "-").strip()


def _exact(digits: str, asking: Asking) -> int | float:
    """The number in plain digits. Raises `NotAnAnswerError` for what JSON could not carry unchanged."""
    number = Decimal(digits)
    if number and abs(number.adjusted()) > 300:
        raise _no_number(asking)
    if number == number.to_integral_value():
        return int(number)
    if Decimal(str(float(number))) != number:
        raise NotAnAnswerError(phrase("This has more digits than Ironclad keeps. Round it to 15."))
    return float(number)


def _show_number(field: Field, answer: Json, asking: Asking) -> str:
    return _number_in(answer, asking) if is_number(answer) else str(answer)


def _number_in(number: int | float, asking: Asking) -> str:
    return format_decimal(Decimal(str(number)), locale=asking.babel, decimal_quantization=False)


def _check_number(field: Field, answer: Json, asking: Asking) -> None:
    if not is_number(answer):
        raise _no_number(asking)


NUMBER = FieldKind(ask=_ask_number, read=_read_number, show=_show_number, check=_check_number)


# Money --------------------------------------------------------------------------------------------


def _ask_money(field: Field, answer: Json, asking: Asking) -> list[Block]:
    amount, currency = _taken_apart(answer)
    label = clip(label_of(field), MAX_LABEL - 20)
    chosen = currency if currency in _currencies() else usual(asking)[0]
    return [
        asked_in(
            field,
            PlainTextInputElement(
                action_id=ids.FIELD,
                max_length=_MOST_TYPED,
                initial_value=amount_in(asking.babel, amount, chosen) if amount is not None else None,
                placeholder=plain(_example(chosen, asking), MAX_PLACEHOLDER),
            ),
            asking,
        ),
        asked_in(
            field,
            ExternalDataSelectElement(
                action_id=ids.FIELD_SEARCH,
                min_query_length=0,
                placeholder=plain(asking.texts.say("Type to search"), MAX_PLACEHOLDER),
                initial_option=currency_option(chosen, asking),
            ),
            asking,
            part="currency",
            label=asking.texts.say("{field}: currency", field=label),
        ),
    ]


def _taken_apart(answer: Json) -> tuple[int | float | None, str]:
    if not isinstance(answer, dict):
        return None, ""
    amount, currency = answer.get("amount"), answer.get("currency")
    return (amount if is_number(amount) else None), (currency if isinstance(currency, str) else "")


@lru_cache(1)
def _currencies() -> tuple[str, ...]:
    """The currencies that are somewhere legal tender today."""
    territories = get_global("territory_currencies")
    return tuple(sorted({code for one in territories for code in get_territory_currencies(one)}))


def is_tender(code: str) -> bool:
    """Whether an amount can be in this currency."""
    return code in _currencies()


@lru_cache(300)
def _own_currencies(territory: str | None) -> tuple[str, ...]:
    return tuple(get_territory_currencies(territory))[:1] if territory else ()


def usual(asking: Asking) -> list[str]:
    """The currencies shown first: the workspace's, the one of the person's country, then the common ones."""
    own = _own_currencies(asking.babel.territory)
    wanted = dict.fromkeys([asking.currency, *own, *asking.currencies])
    return [code for code in wanted if code in _currencies()] or ["USD"]


def currency_option(code: str, asking: Asking) -> Option:
    """A currency as a choice, by its code and its name in the person's language."""
    name = get_currency_name(code, locale=asking.babel)
    return Option(text=plain(clip(f"{code} · {name}", MAX_OPTION)), value=code)


def find_currencies(query: str, asking: Asking) -> list[Option]:
    """The currencies that every word of `query` is about, the usual ones first: as many as Slack shows."""
    words = query.casefold().split()
    ordered = dict.fromkeys([*usual(asking), *_currencies()])
    found = [code for code in ordered if all(word in _known_as(code, asking.babel) for word in words)]
    return [currency_option(code, asking) for code in found[:MAX_OPTIONS]]


def _search_currencies(field: Field, part: str, query: str, asking: Asking) -> list[Option]:
    return find_currencies(query, asking)


def _known_as(code: str, locale: Locale) -> str:
    names = (code, "·", get_currency_name(code, locale=locale), get_currency_name(code, locale="en"))
    return " ".join(names).casefold()


def _read_money(typed: Typed) -> Json:
    text = typed.text()
    if not text:
        return None
    currency = typed.picked("currency")
    if not currency:
        raise NotAnAnswerError(phrase("Choose a currency."), "currency")
    return {"currency": currency, "amount": _amount(text, currency, typed.asking)}


def _amount(text: str, currency: str, asking: Asking) -> int | float:
    example = _example(currency, asking)
    wrong = NotAnAnswerError(phrase("Enter an amount, for example {example}", example=example))
    found = _AMOUNT.fullmatch(_unmarked(text))
    if found is None:
        raise wrong
    beside = f"{found['before']} {found['after']}".split()
    if other := next((one for one in beside if is_currency(one.upper()) and one.upper() != currency), None):
        what = phrase(
            "This says {typed}, but {chosen} is chosen as the currency below.",
            typed=other.upper(),
            chosen=currency,
        )
        raise NotAnAnswerError(what)
    digits = _plain_digits(found["number"], asking.babel)
    if digits is None:
        raise wrong
    _, _, decimals = digits.partition(".")
    # Three digits behind the mark may be thousands elsewhere: "1.250" is refused, never taken for 1.25.
    if len(decimals) > _decimals(currency) and decimals not in ("0", "00"):
        raise NotAnAnswerError(_too_fine(currency, example))
    return _exact(digits, asking)


def _example(currency: str, asking: Asking) -> str:
    return amount_in(asking.babel, 1250.5 if _decimals(currency) else 1250, currency)


def _decimals(currency: str) -> int:
    return get_currency_precision(currency)


def _too_fine(currency: str, example: str) -> str:
    decimals = _decimals(currency)
    if not decimals:
        return phrase(
            "{currency} has no decimals. Write it like {example}", currency=currency, example=example
        )
    return phrase(
        "{currency} has {decimals} decimals. Write it like {example}",
        currency=currency,
        decimals=decimals,
        example=example,
    )


def _plain_digits(text: str, locale: Locale) -> str | None:
    """The digits of a number as `locale` writes it, or written plainly; None for what could be either."""
    # An apostrophe or a blank between digits groups them, whatever the language.
    text = text.strip().translate(_AS_BLANKS)
    written, marks, point = _writing(str(locale))
    if written.fullmatch(text):
        return marks.sub("", text).replace(point, ".")
    return text if _PLAIN.fullmatch(text) else None


@lru_cache(64)
def _writing(locale: str) -> tuple[re.Pattern[str], re.Pattern[str], str]:
    """How a locale writes numbers: a whole number, what groups its digits, and what begins its decimals."""
    group, point = get_group_symbol(locale), get_decimal_symbol(locale)
    marks = "".join(re.escape(one) for one in {group, " "} if one != point)
    grouped = rf"\d{{1,3}}(?:[{marks}]\d{{2,3}})*[{marks}]\d{{3}}|\d+"
    number = re.compile(rf"[+-]?(?:{grouped})(?:{re.escape(point)}\d+)?")
    return number, re.compile(rf"[{marks}]"), point


def _show_money(field: Field, answer: Json, asking: Asking) -> str:
    amount, currency = _taken_apart(answer)
    if amount is None:
        return str(answer)
    money = format_currency(Decimal(str(amount)), currency, locale=asking.babel, decimal_quantization=False)
    return money if currency in money else f"{money} ({currency})"  # "$" alone may be one of twenty dollars


def _check_money(field: Field, answer: Json, asking: Asking) -> None:
    amount, currency = _taken_apart(answer)
    if amount is None:
        raise NotAnAnswerError(phrase("Enter an amount."))
    if currency not in _currencies():
        raise NotAnAnswerError(phrase("Choose a currency."), "currency")


MONEY = FieldKind(
    ask=_ask_money, read=_read_money, show=_show_money, check=_check_money, search=_search_currencies
)
