"""What each type takes (facts page §4.3)."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.sandbox.ironclad.errors import Refusal
from tests.sandbox.ironclad.templates import Field, choice, choices, files, of_type, table, text
from tests.sandbox.ironclad.values import Surroundings, check, missing_columns

NOWHERE = Surroundings(parts=None, record=lambda name: None, downloads=True, bare_dates=False)
FREE = choice("f", "F", ("A", "B"), free_text=True)
ROWS = table("f", "F", (text("sku", "SKU", "always"), of_type("monetaryAmount", "price", "Price")))
HOME = {"lines": ["1 Quay St"], "locality": "Dublin", "country": "Ireland"}
AMERICA = {**HOME, "country": "USA", "region": "CA", "postcode": "94607"}
KINDS: Mapping[str, Field] = {
    name: of_type(name, "f", "F")
    for name in ("boolean", "number", "email", "date", "monetaryAmount", "duration", "address", "formula")
}


def keys_refused(question: Field, value: Any, around: Surroundings = NOWHERE) -> str | None:
    """The key path of the refusal; None for a value that is taken."""
    try:
        check(question, value, around)
    except Refusal as refused:
        return str(refused.body["metadata"]["keyPath"])
    return None


@pytest.mark.parametrize(
    ("question", "value"),
    [
        (text("f", "F"), "x" * 40_000),
        (choice("f", "F", ("1", "2")), "1"),
        (FREE, "C"),
        (choices("f", "F", ("A", "B")), ["A", "B"]),
        (KINDS["boolean"], False),
        (KINDS["number"], 12.5),
        (KINDS["email"], "sam@example.com"),
        (KINDS["date"], "2026-05-11T00:00:00-07:00"),
        (KINDS["date"], "2026-05-11T00:00:00.000Z"),
        (KINDS["monetaryAmount"], {"currency": "EUR", "amount": 25.37}),
        (KINDS["duration"], {"years": 1, "days": 0}),
        (KINDS["address"], HOME),
        (KINDS["address"], AMERICA),
        (ROWS, [{"sku": "X1", "price": {"currency": "EUR", "amount": 5}}, {"sku": "X2"}]),
        (files("f", "F"), [{"url": "https://files.example.com/a.pdf"}]),
    ],
)
def test_taken(question: Field, value: Any) -> None:
    assert keys_refused(question, value) is None


@pytest.mark.parametrize(
    ("question", "value", "key"),
    [
        (text("f", "F"), 5, "f"),
        (text("f", "F"), None, "f"),
        (choice("f", "F", ("1", "2")), 1, "f"),
        (choice("f", "F", ("1", "2")), "3", "f"),
        (choices("f", "F", ("A",)), "A", "f"),
        (choices("f", "F", ("A",)), ["A", "Z"], "f"),
        (KINDS["boolean"], "true", "f"),
        (KINDS["number"], "12", "f"),
        (KINDS["number"], True, "f"),
        (KINDS["email"], "sam", "f"),
        (KINDS["date"], "2026-05-11", "f"),
        (KINDS["date"], "2026-05-11T00:00:00", "f"),
        (KINDS["date"], "11/05/2026", "f"),
        (KINDS["date"], "soonTish", "f"),
        (KINDS["monetaryAmount"], {"currency": "eur", "amount": 1}, "f"),
        (KINDS["monetaryAmount"], {"currency": "EUR", "amount": "1"}, "f"),
        (KINDS["monetaryAmount"], {"amount": 1}, "f"),
        (KINDS["duration"], {}, "f"),
        (KINDS["duration"], {"fortnights": 1}, "f"),
        (KINDS["duration"], {"days": -1}, "f"),
        (KINDS["duration"], "P1Y", "f"),
        (KINDS["address"], {**HOME, "lines": []}, "f"),
        (KINDS["address"], {**HOME, "lines": ["a", "b", "c", "d", "e"]}, "f"),
        (KINDS["address"], {**HOME, "country": "United States"}, "f"),
        (KINDS["address"], {**HOME, "planet": "Earth"}, "f"),
        (KINDS["address"], {"lines": ["1 Quay St"], "country": "Ireland"}, "f"),
        (KINDS["formula"], "x", "f"),
        (ROWS, [{"colour": "red"}], "f.0"),
        (ROWS, [{"sku": "X1"}, {"price": 5}], "f.1.price"),
        (files("f", "F"), [{"url": "https://a.example", "file": "p"}], "f.0"),
        (of_type("linkedRecord", "f", "F"), "IC-99", "f"),
    ],
)
def test_refused_with_its_key_path(question: Field, value: Any, key: str) -> None:
    assert keys_refused(question, value) == key


def test_bare_dates_can_be_allowed() -> None:
    lenient = Surroundings(parts=None, record=lambda name: None, downloads=True, bare_dates=True)
    assert keys_refused(KINDS["date"], "2026-05-11", lenient) is None
    assert keys_refused(KINDS["date"], "2026-13-11", lenient) == "f"


def test_required_columns_are_named_by_their_row() -> None:
    assert list(missing_columns(ROWS, [{"sku": "X1"}, {}])) == ["f.1.sku"]
