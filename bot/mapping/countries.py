"""Countries: names and two-letter codes, both ways."""

from __future__ import annotations

from functools import lru_cache

from babel import Locale

_ALSO = {
    "usa": "US",
    "u.s.a.": "US",
    "u.s.": "US",
    "united states of america": "US",
    "uk": "GB",
    "great britain": "GB",
    "england": "GB",
    "czech republic": "CZ",
    "holland": "NL",
    "the netherlands": "NL",
    "south korea": "KR",
    "russia": "RU",
    "turkey": "TR",
    "uae": "AE",
}


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    """Two-letter code → English name, for territories that are countries (no regions of the world)."""
    territories = Locale("en").territories
    return {code: str(name) for code, name in territories.items() if len(code) == 2 and code not in _GROUPS}


_GROUPS = frozenset({"EU", "EZ", "UN", "XA", "XB", "ZZ", "QO"})


@lru_cache(maxsize=1)
def _codes() -> dict[str, str]:
    return {name.casefold(): code for code, name in _names().items()} | _ALSO


def code_of(text: str) -> str | None:
    """The code of a country named or coded in `text`, or None."""
    asked = " ".join(text.split())
    if asked.upper() in _names():
        return asked.upper()
    return _codes().get(asked.casefold())


def name_of(text: str) -> str | None:
    """The English name of a country named or coded in `text`, or None."""
    code = code_of(text)
    return _names().get(code) if code else None
