"""Ways of names, people, countries and choices: what the table in `bot.mapping.transforms` applies."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from bot.mapping import countries
from bot.mapping.given import DoesNotFit, Given, Json
from bot.mapping.times import days_of, units_in
from bot.texts import phrase
from ironclad import Field

_PARTICLES = {"van", "von", "de", "der", "den", "la", "le", "da", "di", "del", "dos", "bin", "al", "ter"}


def as_it_is(given: Given) -> Json:
    return given.value


def text(given: Given) -> Json:
    return given.text


def _name_of(person: Json) -> str:
    found = person.get("name") if isinstance(person, Mapping) else person
    return " ".join(str(found or "").split())


def _email_of(person: Json) -> str:
    return str(person.get("email") or "") if isinstance(person, Mapping) else str(person or "")


def person_name(given: Given) -> Json:
    return _name_of(given.value) or _missing(phrase("The person has no name."))


def person_email(given: Given) -> Json:
    return _email_of(given.value) or _missing(phrase("The person has no e-mail address."))


def _missing(why: str) -> Json:
    raise DoesNotFit(why)


def first_name(given: Given) -> Json:
    return _split(_name_of(given.value))[0]


def last_name(given: Given) -> Json:
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


def names(given: Given) -> Json:
    return ", ".join(name for name in map(_name_of, _people(given.value)) if name)


def emails(given: Given) -> Json:
    return ", ".join(email for email in map(_email_of, _people(given.value)) if email)


def first_email(given: Given) -> Json:
    return next((email for email in map(_email_of, _people(given.value)) if email), None) or _missing(
        phrase("The person has no e-mail address.")
    )


def _people(value: Json) -> Sequence[Json]:
    return value if isinstance(value, list) else []


def country_name(given: Given) -> Json:
    return countries.name_of(given.text) or _no_country(given)


def country_code(given: Given) -> Json:
    return countries.code_of(given.text) or _no_country(given)


def _no_country(given: Given) -> Json:
    raise DoesNotFit(phrase("“{text}” is not the name or code of a country.", text=given.text[:60]))


# Choices ------------------------------------------------------------------------------------------


def option(given: Given) -> Json:
    found = _option_named(given.text, given.field)
    if found is not None:
        return found
    if given.field.options and given.field.options.free_text:
        return given.text
    raise DoesNotFit(phrase("“{text}” is not one of the choices of this field.", text=given.text[:60]))


def options(given: Given) -> Json:
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
    days = days_of(units_in(text))
    for value in values:
        if country and countries.code_of(value) == country:
            return value
        if days and days_of(units_in(value)) == days:
            return value
    return None


def yes_no(given: Given) -> Json:
    answer = {"yes": True, "true": True, "no": False, "false": False}.get(given.text.casefold())
    if answer is None:
        raise DoesNotFit(phrase("“{text}” is neither yes nor no.", text=given.text[:60]))
    return answer
