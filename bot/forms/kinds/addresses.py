"""Addresses, by Ironclad's rules: four lines at most; the United States need all five parts."""

from __future__ import annotations

from functools import lru_cache

from babel import Locale
from slack_sdk.models.blocks import Block, ExternalDataSelectElement, Option, PlainTextInputElement

from bot import ids
from bot.blockkit import MAX_LABEL, MAX_OPTION, MAX_OPTIONS, MAX_PLACEHOLDER, clip, plain
from bot.forms.kinds.base import (
    Asking,
    FieldKind,
    Json,
    NotAnAnswerError,
    Typed,
    asked_in,
    is_required,
    label_of,
    one_line,
    option_id,
)
from bot.texts import phrase
from ironclad import Field

MOST_LINES = 4
_UNITED_STATES = ("u.s.a.", "usa", "united states", "united states of america")
_ALSO_CALLED = {
    **dict.fromkeys((*_UNITED_STATES, "us", "america"), "US"),
    **dict.fromkeys(("uk", "great britain", "england", "scotland", "wales"), "GB"),
    "holland": "NL",
    "czech republic": "CZ",
    "turkey": "TR",
}
_NO_COUNTRIES = frozenset({"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"})
_PARTS = ("lines", "locality", "region", "postcode", "country")
_MISSING = {
    "lines": phrase("Enter street and number."),
    "locality": phrase("Enter the town or city."),
    "region": phrase("Addresses in the United States need the state, for example CA"),
    "postcode": phrase("Addresses in the United States need the ZIP code, for example 94107"),
    "country": phrase("Choose the country."),
}
_TOO_MANY_LINES = phrase("Ironclad takes {lines} lines at most.", lines=MOST_LINES)


def _ask(field: Field, answer: Json, asking: Asking) -> list[Block]:
    known = answer if isinstance(answer, dict) else {}
    return [_ask_part(field, part, known, asking) for part in _PARTS]


def _ask_part(field: Field, part: str, known: dict[str, Json], asking: Asking) -> Block:
    element: PlainTextInputElement | ExternalDataSelectElement
    if part == "country":
        chosen = _text(known, part)
        element = ExternalDataSelectElement(
            action_id=ids.FIELD_SEARCH,
            min_query_length=0,
            placeholder=plain(asking.texts.say("Type to search"), MAX_PLACEHOLDER),
            initial_option=_kept_country(chosen, asking) if chosen else None,
        )
    else:
        element = PlainTextInputElement(
            action_id=ids.FIELD,
            multiline=part == "lines" or None,
            max_length=500,
            initial_value=clip(_text(known, part), 500) or None,
        )
    return asked_in(
        field,
        element,
        asking,
        part=part,
        label=asking.texts.of(_label(part, clip(label_of(field), MAX_LABEL - 40))),
        hint=asking.texts.say("Up to {lines} lines.", lines=MOST_LINES) if part == "lines" else "",
        optional=None if part in {"lines", "locality", "country"} else True,
    )


def _label(part: str, field: str) -> str:
    match part:
        case "lines":
            return phrase("{field}: street", field=field)
        case "locality":
            return phrase("{field}: town or city", field=field)
        case "region":
            return phrase("{field}: state or region", field=field)
        case "postcode":
            return phrase("{field}: postcode", field=field)
        case _:
            return phrase("{field}: country", field=field)


def _text(known: dict[str, Json], part: str) -> str:
    value = known.get(part)
    if part == "lines" and isinstance(value, list):
        return "\n".join(str(line) for line in value)
    return value if isinstance(value, str) else ""


def _read(typed: Typed) -> Json:
    lines = [line.strip() for line in typed.text("lines").splitlines() if line.strip()]
    texts = {part: typed.text(part) for part in ("locality", "region", "postcode")}
    country = _country(typed)
    if not lines and not any(texts.values()) and (not country or not is_required(typed.field)):
        return None
    if len(lines) > MOST_LINES:
        raise NotAnAnswerError(_TOO_MANY_LINES, "lines")
    filled = {part: text for part, text in {**texts, "country": country}.items() if text}
    return {"lines": lines, **filled}


# Countries ----------------------------------------------------------------------------------------


def _country(typed: Typed) -> str:
    """The name of the picked country, spelt as the draft had it when it was not touched."""
    picked = typed.picked("country")
    kept = _text(typed.kept, "country") if isinstance(typed.kept, dict) else ""
    if not picked or (kept and _kept_country(kept, typed.asking).value == picked):
        return kept if picked else ""
    return _names(Locale("en")).get(picked, "")


def _kept_country(name: str, asking: Asking) -> Option:
    """A country as the draft names it: one we know, or else as it stands there."""
    code = _code_of(name)
    if code:
        return _country_option(code, asking)
    return Option(text=plain(clip(name, MAX_OPTION)), value=option_id(name))


def _code_of(name: str) -> str | None:
    wanted = name.strip().casefold()
    for code, known in _names(Locale("en")).items():
        if wanted in {known.casefold(), code.casefold()}:
            return code
    return _ALSO_CALLED.get(wanted)


@lru_cache(64)
def _names(locale: Locale) -> dict[str, str]:
    """The countries by their code of two letters."""
    return {
        code: name
        for code, name in locale.territories.items()
        if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRIES
    }


def _country_option(code: str, asking: Asking) -> Option:
    name = _names(asking.babel).get(code) or _names(Locale("en"))[code]
    return Option(text=plain(clip(name, MAX_OPTION)), value=code)


def _search(field: Field, part: str, query: str, asking: Asking) -> list[Option]:
    words = query.casefold().split()
    names, english = _names(asking.babel), _names(Locale("en"))
    own = asking.babel.territory or ""
    ordered = sorted(english, key=lambda code: (code != own, names.get(code, english[code]).casefold()))
    called = {code: f"{code} {names.get(code, '')} {name} ".casefold() for code, name in english.items()}
    for nickname, code in _ALSO_CALLED.items():
        called[code] += f"{nickname} "
    found = [code for code in ordered if all(word in called[code] for word in words)]
    return [_country_option(code, asking) for code in found[:MAX_OPTIONS]]


# Showing and checking -----------------------------------------------------------------------------


def _show(field: Field, answer: Json, asking: Asking) -> str:
    if not isinstance(answer, dict):
        return str(answer)
    lines = answer.get("lines")
    street = [str(line) for line in lines] if isinstance(lines, list) else []
    rest = [_text(answer, part) for part in _PARTS if part != "lines"]
    return one_line(", ".join(text for text in (*street, *rest) if text))


def _check(field: Field, answer: Json, asking: Asking) -> None:
    known = answer if isinstance(answer, dict) else {}
    needed = ["lines", "locality", "country"]
    if _text(known, "country").casefold() in _UNITED_STATES:
        needed = list(_PARTS)
    empty = [NotAnAnswerError(_MISSING[part], part) for part in needed if not _text(known, part).strip()]
    if empty:
        raise NotAnAnswerError(empty[0].what, empty[0].part, also=empty[1:])
    lines = known["lines"]
    if not isinstance(lines, list) or len(lines) > MOST_LINES:
        raise NotAnAnswerError(_TOO_MANY_LINES, "lines")


ADDRESS = FieldKind(ask=_ask, read=_read, show=_show, check=_check, search=_search)
