from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ironclad import (
    Formula,
    all_of,
    any_of,
    at_least,
    at_most,
    contains,
    equals,
    greater_than,
    is_empty,
    is_not_empty,
    less_than,
    not_equal,
)


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        (equals("counterpartyName", "Lanternfish Ltd"), "Equals([counterpartyName],'Lanternfish Ltd')"),
        (not_equal("region", "EMEA"), "NotEqual([region],'EMEA')"),
        (contains("title", "NDA"), "Contains([title],'NDA')"),
        (is_empty("products"), "IsEmpty([products])"),
        (is_not_empty("products"), "IsNotEmpty([products])"),
        (less_than("amount", 10), "LessThan([amount],'10')"),
        (at_most("amount", 10.5), "LessThanOrEqual([amount],'10.5')"),
        (greater_than("amount", Decimal("1000.00")), "GreaterThan([amount],'1000.00')"),
        (at_least("agreementDate", date(2026, 1, 31)), "GreaterThanOrEqual([agreementDate],Date(2026,1,31))"),
        (equals("urgent", True), "Equals([urgent],'true')"),
        (all_of(equals("a", "1"), equals("b", "2")), "And(Equals([a],'1'),Equals([b],'2'))"),
        (any_of(equals("a", "1"), is_empty("b")), "Or(Equals([a],'1'),IsEmpty([b]))"),
        (all_of(equals("a", "1")), "Equals([a],'1')"),
    ],
)
def test_a_formula_in_ironclads_notation(formula: Formula, text: str) -> None:
    assert str(formula) == text


def test_a_value_stands_in_the_quote_it_does_not_hold() -> None:
    assert str(equals("name", "O'Hara")) == 'Equals([name],"O\'Hara")'
    assert str(equals("name", 'The "Best"')) == "Equals([name],'The \"Best\"')"


@pytest.mark.parametrize("value", ['O\'Hara "the" Best', "back\\slash", "two\nlines", "nul\x00"])
def test_a_value_that_cannot_be_quoted_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="cannot hold"):
        equals("name", value)


@pytest.mark.parametrize("key", ["", "a]", "a b", "a'", "ä", "a\n"])
def test_a_key_that_is_no_property_id_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="property id"):
        equals(key, "x")


@pytest.mark.parametrize("join", [all_of, any_of])
def test_joining_nothing_is_refused(join: Callable[[], Formula]) -> None:
    with pytest.raises(ValueError, match="at least one"):
        join()


def test_a_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="date"):
        equals("created", datetime(2026, 1, 1, tzinfo=UTC))


@given(st.text())
def test_no_value_gets_out_of_its_quotes(value: str) -> None:
    try:
        text = str(equals("k", value))
    except ValueError:
        return
    inside = text.removeprefix("Equals([k],").removesuffix(")")
    assert inside[0] == inside[-1]
    assert inside[1:-1] == value
    assert inside[0] not in value
