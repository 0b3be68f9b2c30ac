"""How a value of one shape becomes a value of another: one table for every pair that makes sense."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from bot.mapping import countries
from bot.mapping.sources import Facts, Shape, day_of
from bot.texts import phrase
from ironclad import Field

Json = Any

_DAYS = {"years": 365, "months": 30, "weeks": 7, "days": 1}
_UNIT = re.compile(r"(\d{1,4})\s*(year|month|week|day)s?", re.I)
_CURRENCY = re.compile(r"[A-Z]{3}")


class Target(StrEnum):
    """What kind of value a field of a template takes."""

    TEXT = "text"
    CHOICE = "choice"
    CHOICES = "choices"
    YES_NO = "yes_no"
    NUMBER = "number"
    EMAIL = "email"
    DATE = "date"
    MONEY = "money"
    DURATION = "duration"
    FILES = "files"
    OTHER = "other"


_TARGETS = {
    "boolean": Target.YES_NO,
    "number": Target.NUMBER,
    "email": Target.EMAIL,
    "date": Target.DATE,
    "monetaryAmount": Target.MONEY,
    "duration": Target.DURATION,
}


def target_of(field: Field) -> Target:
    """What kind of value `field` takes; OTHER for one that nothing can be mapped to."""
    if field.type == "string":
        return Target.CHOICE if field.options and field.options.values else Target.TEXT
    if field.type == "array" and field.element is not None:
        if field.element.type == "document":
            return Target.FILES
        return Target.CHOICES if field.element.type == "string" and field.options else Target.OTHER
    return _TARGETS.get(field.type, Target.OTHER)


class DoesNotFit(ValueError):
    """This value cannot go into this field; `what` is a `bot.texts.phrase` that says why."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


@dataclass(frozen=True)
class Given:
    """A value on its way: where it goes, and what the admin set for the way (a currency, perhaps)."""

    value: Json
    field: Field
    option: str
    facts: Facts

    @property
    def text(self) -> str:
        """The value as one text."""
        return " ".join(str(self.value).split()) if self.field.type != "string" else str(self.value).strip()


@dataclass(frozen=True)
class Transform:
    """A way from some shapes to some targets. `option` says what its setting means, if it has one."""

    id: str
    label: str
    shapes: frozenset[Shape]
    targets: frozenset[Target]
    apply: Callable[[Given], Json]
    option: str = ""


# Texts --------------------------------------------------------------------------------------------


def _as_it_is(given: Given) -> Json:
    return given.value


def _text(given: Given) -> Json:
    return given.text


def _name_of(person: Json) -> str:
    found = person.get("name") if isinstance(person, Mapping) else person
    return " ".join(str(found or "").split())


def _email_of(person: Json) -> str:
    return str(person.get("email") or "") if isinstance(person, Mapping) else str(person or "")


def _person_name(given: Given) -> Json:
    return _name_of(given.value) or _missing(phrase("The person has no name."))


def _person_email(given: Given) -> Json:
    return _email_of(given.value) or _missing(phrase("The person has no e-mail address."))


def _missing(why: str) -> Json:
    raise DoesNotFit(why)


def _first_name(given: Given) -> Json:
    return _split(_name_of(given.value))[0]


def _last_name(given: Given) -> Json:
    first, last = _split(_name_of(given.value))
    return last or first


def _split(name: str) -> tuple[str, str]:
    """Given name and family name. “Family, Given” is read as such; otherwise the last word is the family's.

    Small words that begin a family name (van, de la, von) stay with it.
    """
    if name.count(",") == 1:
        family, given = (part.strip() for part in name.split(","))
        return given, family
    words = name.split()
    if len(words) < 2:
        return name, ""
    cut = len(words) - 1
    while cut > 1 and words[cut - 1].casefold() in _PARTICLES:
        cut -= 1
    return " ".join(words[:cut]), " ".join(words[cut:])


_PARTICLES = {"van", "von", "de", "der", "den", "la", "le", "da", "di", "del", "dos", "bin", "al", "ter"}


def _names(given: Given) -> Json:
    return ", ".join(name for name in map(_name_of, _people(given.value)) if name)


def _emails(given: Given) -> Json:
    return ", ".join(email for email in map(_email_of, _people(given.value)) if email)


def _first_email(given: Given) -> Json:
    return next((email for email in map(_email_of, _people(given.value)) if email), None) or _missing(
        phrase("The person has no e-mail address.")
    )


def _people(value: Json) -> Sequence[Json]:
    return value if isinstance(value, list) else []


def _country_name(given: Given) -> Json:
    return countries.name_of(given.text) or _no_country(given)


def _country_code(given: Given) -> Json:
    return countries.code_of(given.text) or _no_country(given)


def _no_country(given: Given) -> Json:
    raise DoesNotFit(phrase("“{text}” is not the name or code of a country.", text=given.text[:60]))


# Choices ------------------------------------------------------------------------------------------


def _option(given: Given) -> Json:
    found = _option_named(given.text, given.field)
    if found is not None:
        return found
    if given.field.options and given.field.options.free_text:
        return given.text
    raise DoesNotFit(phrase("“{text}” is not one of the choices of this field.", text=given.text[:60]))


def _options(given: Given) -> Json:
    parts = [part.strip() for part in re.split(r"[;,\n]", given.text) if part.strip()]
    found = {part: _option_named(part, given.field) for part in parts}
    gone = [part for part, option in found.items() if option is None]
    if gone:
        raise DoesNotFit(
            phrase("“{text}” is not one of the choices of this field.", text=", ".join(gone)[:60])
        )
    return list(dict.fromkeys(found.values()))


def _option_named(text: str, field: Field) -> str | None:
    """The choice that means `text`: the same words, the same country, or the same length of time."""
    values = field.options.values if field.options else ()
    wanted = " ".join(text.split()).casefold()
    for value in values:
        if " ".join(value.split()).casefold() == wanted:
            return value
    country = countries.code_of(text)
    days = _days(_read_units(text))
    for value in values:
        if country and countries.code_of(value) == country:
            return value
        if days and _days(_read_units(value)) == days:
            return value
    return None


def _yes_no(given: Given) -> Json:
    answer = {"yes": True, "true": True, "no": False, "false": False}.get(given.text.casefold())
    if answer is None:
        raise DoesNotFit(phrase("“{text}” is neither yes nor no.", text=given.text[:60]))
    return answer


# Numbers, money, time -----------------------------------------------------------------------------


def plain_number(text: str) -> Json:
    """A number written with digits and at most one point. Raises `DoesNotFit`: nothing is guessed."""
    try:
        number = Decimal(text.strip()) if re.fullmatch(r"-?\d{1,18}(\.\d{1,9})?", text.strip()) else None
    except InvalidOperation:
        number = None
    if number is None:
        raise DoesNotFit(phrase("“{text}” is not a plain number, for example 1250.50", text=text[:60]))
    return int(number) if number == number.to_integral_value() else float(number)


def _number(given: Given) -> Json:
    return plain_number(given.text)


def _money_amount(given: Given) -> Json:
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


def _whole_money(given: Given) -> Json:
    currency, amount = _money(given)
    if given.option and currency != given.option:
        raise DoesNotFit(_other_currency(currency, given.option) if currency else _NO_CURRENCY)
    return {"currency": currency, "amount": amount} if currency else _no_currency()


_NO_CURRENCY = phrase("The amount has no currency.")


def _other_currency(here: str, wanted: str) -> str:
    return phrase("The request is in {here}, this field is in {wanted}.", here=here, wanted=wanted)


def _no_currency() -> Json:
    raise DoesNotFit(_NO_CURRENCY)


def _money_text(given: Given) -> Json:
    currency, amount = _money(given)
    return f"{currency} {amount:,.2f}".strip().removesuffix(".00")


def _money_of_number(given: Given) -> Json:
    if not _CURRENCY.fullmatch(given.option):
        raise DoesNotFit(phrase("The mapping does not say in which currency."))
    return {"currency": given.option, "amount": given.value}


def _read_money(given: Given) -> Json:
    words = given.text.split()
    codes = [word for word in words if _CURRENCY.fullmatch(word)]
    if len(words) != 2 or len(codes) != 1:
        raise DoesNotFit(phrase("Write the amount and its currency, for example EUR 1250.50"))
    amount = plain_number(next(word for word in words if word != codes[0]))
    return {"currency": codes[0], "amount": amount}


def _date(given: Given) -> Json:
    day = day_of(given.value)
    if day is None:
        raise DoesNotFit(phrase("“{text}” is not a date like 2026-12-24", text=given.text[:60]))
    return given.facts.midnight(day)


def _date_text(given: Given) -> Json:
    day = day_of(given.value)
    return day.isoformat() if day else given.text


def _read_units(text: str) -> Mapping[str, int]:
    found = _UNIT.findall(text)
    left = re.sub(r"[\s,]|and", "", _UNIT.sub("", text))
    return {f"{unit.lower()}s": int(number) for number, unit in found} if found and not left else {}


def _read_duration(given: Given) -> Json:
    return dict(_read_units(given.text)) or _no_duration(given)


def _no_duration(given: Given) -> Json:
    raise DoesNotFit(phrase("“{text}” is not a length of time like 1 year 6 months", text=given.text[:60]))


def _days(units: Mapping[str, Json]) -> int:
    months = 12 * int(units.get("years") or 0) + int(units.get("months") or 0)
    return months * _DAYS["months"] + 7 * int(units.get("weeks") or 0) + int(units.get("days") or 0)


def _units(given: Given) -> dict[str, int]:
    value = given.value if isinstance(given.value, Mapping) else {}
    return {name: int(value[name]) for name in _DAYS if isinstance(value.get(name), int) and value[name]}


def _duration_text(given: Given) -> Json:
    parts = [f"{n} {name if n != 1 else name[:-1]}" for name, n in _units(given).items()]
    return " ".join(parts) or _no_duration(given)


def _duration_option(given: Given) -> Json:
    wanted = _days(_units(given))
    for value in given.field.options.values if given.field.options else ():
        if _days(_read_units(value)) == wanted:
            return value
    raise DoesNotFit(phrase("“{text}” is not one of the choices of this field.", text=_duration_text(given)))


def _in_months(given: Given) -> Json:
    units = _units(given)
    if units.keys() - {"years", "months"}:
        raise DoesNotFit(phrase("{text} is not a whole number of months.", text=_duration_text(given)))
    return 12 * units.get("years", 0) + units.get("months", 0)


def _in_years(given: Given) -> Json:
    months = _in_months(given)
    if months % 12:
        raise DoesNotFit(phrase("{text} is not a whole number of years.", text=_duration_text(given)))
    return months // 12


def _in_days(given: Given) -> Json:
    units = _units(given)
    return sum(_DAYS[name] * n for name, n in units.items())


def _counted(unit: str) -> Callable[[Given], Json]:
    def apply(given: Given) -> Json:
        number = plain_number(given.text)
        if not isinstance(number, int) or number <= 0:
            raise DoesNotFit(phrase("“{text}” is not a whole number.", text=given.text[:60]))
        return {unit: number}

    return apply


# The table ----------------------------------------------------------------------------------------

_S, _T = Shape, Target
_WORDS = frozenset({_S.TEXT, _S.NAME})


def _way(
    id: str,
    label: str,
    shapes: Shape | frozenset[Shape],
    targets: Target | frozenset[Target],
    apply: Callable[[Given], Json],
    option: str = "",
) -> Transform:
    return Transform(
        id,
        label,
        frozenset({shapes}) if isinstance(shapes, Shape) else shapes,
        frozenset({targets}) if isinstance(targets, Target) else targets,
        apply,
        option,
    )


TRANSFORMS: Sequence[Transform] = (
    _way("text", "as it is", frozenset({*_WORDS, _S.EMAIL, _S.NUMBER}), _T.TEXT, _text),
    _way("same", "as it is", _S.NUMBER, _T.NUMBER, _as_it_is),
    _way("same", "as it is", _S.DURATION, _T.DURATION, _as_it_is),
    _way("same", "as they are", _S.FILES, _T.FILES, _as_it_is),
    _way("email", "as it is", frozenset({_S.TEXT, _S.EMAIL}), _T.EMAIL, _text),
    _way("option", "the choice of that name", frozenset({*_WORDS, _S.NUMBER}), _T.CHOICE, _option),
    _way("options", "the choices of these names, between commas", _S.TEXT, _T.CHOICES, _options),
    _way("yes_no", "yes or no", _S.TEXT, _T.YES_NO, _yes_no),
    _way("number", "read as a number", _S.TEXT, _T.NUMBER, _number),
    _way("first_name", "first name only", frozenset({_S.NAME, _S.TEXT}), _T.TEXT, _first_name),
    _way("last_name", "last name only", frozenset({_S.NAME, _S.TEXT}), _T.TEXT, _last_name),
    _way("country_name", "name of the country", _S.TEXT, _T.TEXT, _country_name),
    _way("country_code", "code of the country", _S.TEXT, _T.TEXT, _country_code),
    _way("money", "as it is", _S.MONEY, _T.MONEY, _whole_money, "Only in this currency"),
    _way("amount", "the amount alone", _S.MONEY, _T.NUMBER, _money_amount, "Only in this currency"),
    _way("money_text", "written out", _S.MONEY, _T.TEXT, _money_text),
    _way("in_currency", "in a currency", _S.NUMBER, _T.MONEY, _money_of_number, "Currency"),
    _way("read_money", "read as an amount with currency", _S.TEXT, _T.MONEY, _read_money),
    _way("date", "as it is", frozenset({_S.DATE, _S.TEXT}), _T.DATE, _date),
    _way("date_text", "written as 2026-12-24", _S.DATE, _T.TEXT, _date_text),
    _way("read_duration", "read as a length of time", _S.TEXT, _T.DURATION, _read_duration),
    _way("months", "in months", _S.DURATION, _T.NUMBER, _in_months),
    _way("years", "in years", _S.DURATION, _T.NUMBER, _in_years),
    _way("days", "in days", _S.DURATION, _T.NUMBER, _in_days),
    _way("duration_text", "written out", _S.DURATION, _T.TEXT, _duration_text),
    _way("duration_option", "the choice of that length", _S.DURATION, _T.CHOICE, _duration_option),
    _way("of_months", "as months", _S.NUMBER, _T.DURATION, _counted("months")),
    _way("of_years", "as years", _S.NUMBER, _T.DURATION, _counted("years")),
    _way("of_days", "as days", _S.NUMBER, _T.DURATION, _counted("days")),
    _way("person_name", "name", _S.PERSON, _T.TEXT, _person_name),
    _way("person_email", "e-mail", _S.PERSON, frozenset({_T.EMAIL, _T.TEXT}), _person_email),
    _way("person_first_name", "first name only", _S.PERSON, _T.TEXT, _first_name),
    _way("person_last_name", "last name only", _S.PERSON, _T.TEXT, _last_name),
    _way("names", "names, between commas", _S.PEOPLE, _T.TEXT, _names),
    _way("emails", "e-mails, between commas", _S.PEOPLE, _T.TEXT, _emails),
    _way("first_email", "e-mail of the first", _S.PEOPLE, _T.EMAIL, _first_email),
)


def transforms_for(shape: Shape, target: Target) -> list[Transform]:
    """The ways from a shape to a target, the usual one first; none when the types do not go together."""
    return [way for way in TRANSFORMS if shape in way.shapes and target in way.targets]
