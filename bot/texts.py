"""What Slipway says, in people's own language. English stands in the code; `bot/locale` holds the others.

A view takes `texts` and says every sentence through it:

    texts.say("Page {page} of {pages}", page=2, pages=4)
    texts.count("{n} template", "{n} templates", len(offer.items))

A use-case does not know who will read. It puts its sentence together with `phrase`, which is plain English
for everybody who only knows `str`, and the view says it with `texts.of`:

    raise Refusal(phrase("There is no Ironclad account for {email}.", email=email), phrase("Ask somebody."))
    section(escape(texts.of(refusal.what)))

The sentence is one literal, never an f-string, so that it can be collected: `make texts` writes new ones into
`bot/locale/*.po`, where they wait for their translation. Tests refuse a sentence that lacks one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from io import BytesIO
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.dates import format_skeleton, get_day_names
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_currency, format_decimal, get_currency_precision

LANGUAGES: Mapping[str, str] = {"en": "English", "de": "Deutsch", "es": "Español"}  #: each by its own name
_DEFAULT = "en_US"
_SLACKS_OWN = {"es_LA": "es_419"}  # Slack's Latin American Spanish, as everybody else calls it


#: Sentences that are kept as text, with a launch or in a draft, and said to whoever reads them later.
KEPT = (
    "Ironclad found a virus in {files}. Remove it and attach a clean file.",
    "Row {number}, {column}: {what}",
    "{part}: {what}",
    "“{file}” is empty. Attach another file.",
    "“{file}” is larger than the 100 MB that Slipway sends.",
    "“{file}” is no {kind} file inside, whatever its name says. Attach the right file.",
    "“{file}” is no longer in Slack. Attach it again.",
    "“{file}” is protected with a password or an old Word file. Save it as .docx without one.",
)


@lru_cache(1)
def _kept() -> Sequence[tuple[str, re.Pattern[str]]]:
    place, anything = r"\\{(\w+)\\}", r"(?P<\1>.+?)"
    return [(source, re.compile(re.sub(place, anything, re.escape(source)))) for source in KEPT]


class Phrase(str):
    """An English sentence that remembers how it was put together, so that it can be said otherwise."""

    source: str
    values: Mapping[str, Any]


def phrase(source: str, /, **values: Any) -> Phrase:
    """The sentence `source` with `values` in its places."""
    made = Phrase(source.format(**values))
    made.source = source
    made.values = values
    return made


@dataclass(frozen=True)
class Texts:
    """The words and habits of one locale (``de_DE``)."""

    locale: str = _DEFAULT
    _words: NullTranslations = field(default_factory=NullTranslations, repr=False)

    def say(self, source: str, /, **values: Any) -> str:
        """The sentence `source` in this language, with `values` in its places."""
        return self._words.gettext(source).format(**self._own(values))

    def count(self, one: str, many: str, n: int, /, **values: Any) -> str:
        """The form of a sentence that fits `n`, which fills the place ``{n}``."""
        values = {"n": self.number(n), **self._own(values)}
        return self._words.ngettext(one, many, n).format(**values)

    def of(self, sentence: str) -> str:
        """A sentence made by `phrase` in this language; any other text, also one read back, where known."""
        if isinstance(sentence, Phrase):
            return self.say(sentence.source, **sentence.values)
        if not sentence:
            return ""
        known = self._words.gettext(sentence)
        return known if known != sentence else self._again(sentence)

    def _again(self, sentence: str) -> str:
        """A sentence that a phrase became when it was kept; any other as it is."""
        if isinstance(self._words, GNUTranslations):
            for source, written in _kept():
                if found := written.fullmatch(sentence):
                    # Only `what` is a sentence of ours; a question that is called "Lines" stays so.
                    values = found.groupdict()
                    return self.say(source, **values | {"what": self.of(values.get("what", ""))})
        return sentence

    def number(self, value: float | Decimal) -> str:
        """A number as people here write it, with every digit it has."""
        return _counted(value, self.locale) if isinstance(value, int) else _number(value, self.locale)

    def weekday(self, number: int) -> str:
        """A day of the week; 0 is Monday."""
        return str(get_day_names("wide", "stand-alone", self.locale)[number])

    def money(self, amount: float | Decimal, currency: str) -> str:
        """An amount with its currency, with the decimals that this currency has."""
        return format_currency(amount, currency, locale=self.locale)

    def amount(self, amount: float | Decimal, currency: str) -> str:
        """An amount whose currency stands beside it: *1,250*, *1,250.50*."""
        return amount_in(Locale.parse(self.locale), amount, currency)

    def date(self, day: date) -> str:
        """A day with its month in words, which no two countries read differently."""
        return format_skeleton("yMMMd", day, locale=self.locale)

    def both(self, items: Iterable[str]) -> str:
        """Several things in one sentence: *a, b and c*."""
        return format_list(list(items), locale=self.locale)

    def either(self, items: Iterable[str]) -> str:
        """Several things of which one is meant: *a, b or c*."""
        return format_list(list(items), style="or", locale=self.locale)

    def _own(self, values: Mapping[str, Any]) -> dict[str, Any]:
        return {name: self.of(one) if isinstance(one, Phrase) else one for name, one in values.items()}


ENGLISH = Texts()


def amount_in(locale: Locale, amount: float | Decimal, currency: str) -> str:
    """An amount without its currency, with all decimals that this currency has, or with none."""
    exact = Decimal(str(amount))
    decimals = 0 if exact == exact.to_integral_value() else get_currency_precision(currency)
    pattern = copy(locale.decimal_formats[None])
    pattern.frac_prec = (decimals, decimals)
    return str(pattern.apply(exact, locale, decimal_quantization=False))


class Catalogue:
    """Every language that Slipway speaks."""

    def __init__(self) -> None:
        # Read when somebody speaks it, not at the start, for which a deployment waits.
        self._words = lru_cache(len(LANGUAGES))(_words)
        self.texts = lru_cache(64)(self._texts)

    def _texts(self, locale: str | None) -> Texts:
        """How to speak to somebody with this locale: their formats, and English where we lack the words."""
        known = _known(locale or _DEFAULT)
        return Texts(str(known), self._words(known.language if known.language in LANGUAGES else "en"))


def _known(name: str) -> Locale:
    """The locale that a Slack profile names (``de-DE``); the nearest one that is known."""
    name = name.replace("-", "_")
    for guess in (_SLACKS_OWN.get(name, name), name.partition("_")[0]):
        try:
            return Locale.parse(guess)
        except (UnknownLocaleError, ValueError):
            continue
    return Locale.parse(_DEFAULT)


def _words(language: str) -> NullTranslations:
    """A language's catalogue, from its text form: nothing to compile, nothing that can be out of date."""
    if language == "en":
        return NullTranslations()
    with files("bot").joinpath("locale", f"{language}.po").open("rb") as source:
        catalogue = read_po(source, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)


def _number(value: float | Decimal, locale: str) -> str:
    return format_decimal(value, locale=locale, decimal_quantization=False)


#: Pages count in small numbers, the same ones with every page.
_counted = lru_cache(maxsize=2048)(_number)
