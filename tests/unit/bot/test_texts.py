"""Every sentence is said in every language, with the same places in it."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal

import pytest
from babel.messages.catalog import Message

from bot.texts import ENGLISH, Catalogue, phrase
from tests import catalogue

SPOKEN = Catalogue()


@pytest.mark.parametrize("language", catalogue.TRANSLATED)
def test_every_sentence_is_translated_and_none_is_left_over(language: str) -> None:
    said = {one.id for one in catalogue.said()}
    kept = {message.id: message for message in catalogue.kept(language) if message.id}

    assert said - kept.keys() == set(), "run `make texts`"
    assert kept.keys() - said == set(), "run `make texts`"
    assert [id_ for id_, message in kept.items() if not catalogue.translated(message)] == []
    assert [id_ for id_, message in kept.items() if message.fuzzy] == []


def test_only_the_module_that_translates_is_not_collected_from() -> None:
    found = {one.where.partition(":")[0] for one in catalogue.said()}

    assert "bot/forms/kinds/texts.py" in found
    assert "bot/texts.py" not in found


@pytest.mark.parametrize("language", catalogue.TRANSLATED)
def test_a_translation_has_the_places_of_its_sentence(language: str) -> None:
    differing = [m.id for m in catalogue.kept(language) if m.id and not _same_places(m)]

    assert differing == []


def _same_places(message: Message) -> bool:
    forms = (message.id,) if isinstance(message.id, str) else message.id
    strings = (message.string,) if isinstance(message.string, str) else message.string or ()
    wanted = frozenset().union(*(catalogue.places(form) for form in forms))
    # A form for one alone may leave the number out: "one template".
    return all(catalogue.places(string) in (wanted, wanted - {"n"}) for string in strings)


def test_a_sentence_is_given_what_it_has_places_for() -> None:
    wrong = []
    for one in catalogue.said():
        forms = (one.id,) if isinstance(one.id, str) else one.id
        wanted = frozenset().union(*(catalogue.places(form) for form in forms))
        if one.values is not None and one.values != wanted | ({"n"} & one.values):
            wrong.append((one.where, one.id))

    assert wrong == []


@pytest.mark.parametrize("language", catalogue.TRANSLATED)
def test_plural_forms_are_those_of_the_language(language: str) -> None:
    kept = catalogue.kept(language)

    assert kept.num_plurals == 2
    for message in kept:
        if isinstance(message.id, tuple):
            assert len(message.string or ()) == 2


def test_what_is_not_one_literal_cannot_be_collected() -> None:
    with pytest.raises(catalogue.NotCollectableError, match=r"some\.py:2"):
        list(catalogue.said_in('name = 1\ntexts.say(f"Hello {name}")', "some.py"))


@pytest.mark.parametrize(
    ("locale", "said"), [("de-DE", "und 3 weitere"), ("es-LA", "y 3 más"), ("fr-FR", "and 3 more")]
)
def test_a_locale_speaks_its_language_or_english(locale: str, said: str) -> None:
    assert SPOKEN.texts(locale).count("and {n} more", "and {n} more", 3) == said


@pytest.mark.parametrize(
    ("locale", "day", "number", "money"),
    [
        ("en-US", "Nov 24, 2026", "1,250.5", "€1,250.50"),
        ("en-GB", "24 Nov 2026", "1,250.5", "€1,250.50"),
        ("de-DE", "24. Nov. 2026", "1.250,5", "1.250,50\xa0€"),
        ("es-LA", "24 nov 2026", "1,250.5", "EUR1,250.50"),
        ("fr-FR", "24 nov. 2026", "1\u202f250,5", "1\u202f250,50\xa0€"),
        ("ja-JP", "2026年11月24日", "1,250.5", "€1,250.50"),
        ("nonsense", "Nov 24, 2026", "1,250.5", "€1,250.50"),
        (None, "Nov 24, 2026", "1,250.5", "€1,250.50"),
    ],
)
def test_a_locale_has_its_own_formats(locale: str | None, day: str, number: str, money: str) -> None:
    texts = SPOKEN.texts(locale)

    assert texts.date(date(2026, 11, 24)) == day
    assert texts.number(Decimal("1250.5")) == number
    assert texts.money(Decimal("1250.5"), "EUR") == money


def test_a_phrase_is_english_until_somebody_reads_it() -> None:
    inner = phrase("Ironclad cannot be reached.")
    sentence = phrase("There is no Ironclad account for {email}.", email="<sam@example.com>")
    german = SPOKEN.texts("de-DE")

    assert sentence == "There is no Ironclad account for <sam@example.com>."
    assert german.of(sentence) == "Für <sam@example.com> gibt es kein Ironclad-Konto."
    assert german.say("Ironclad says: {text}", text=inner) == "Ironclad sagt: Ironclad ist nicht erreichbar."
    assert german.of(str(inner)) == "Ironclad ist nicht erreichbar."  # as read back from the database
    assert german.of("Something Ironclad said {") == "Something Ironclad said {"
    assert german.of("") == ""
    assert ENGLISH.of(sentence) == str(sentence)


@pytest.mark.parametrize("language", catalogue.TRANSLATED)
def test_no_sentence_leaves_its_meaning_to_a_picture(language: str) -> None:
    """A screen reader says emoji by their names, or nothing: what is meant is in the words."""
    for message in catalogue.kept(language):
        for text in (*_forms(message.id), *_forms(message.string)):
            pictures = [one for one in text if unicodedata.category(one) == "So"]
            assert pictures == [], text
            assert not re.search(r":[a-z_]+:", text), text


def _forms(texts: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    return (texts,) if isinstance(texts, str) else tuple(texts or ())
