"""From a request to filled fields: every type, and what happens when a value does not fit."""

from __future__ import annotations

import json
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.mapping import (
    BadFileError,
    Facts,
    Rule,
    Shape,
    Source,
    catalogue,
    export,
    parse,
    pre_fill,
    problem_of,
    target_of,
    transforms_for,
)
from bot.mapping.transforms import TRANSFORMS
from ironclad import Field, Options, Required

SOURCES = catalogue(
    [Source("custom.country", "Country", Shape.TEXT), Source("custom.n", "How many", Shape.NUMBER)]
)
FACTS = Facts(
    {
        "request.what": "Fifty laptops",
        "request.counterparty": "Lanternfish Ltd",
        "request.contact_name": "Ludwig van Beethoven",
        "request.amount": {"currency": "EUR", "amount": 9500.5},
        "request.start": "2027-01-01",
        "request.end": "2028-06-30",
        "request.owner": {"name": "Sam Ito", "email": "sam@example.com"},
        "approvers": [{"name": "Lee Wong", "email": "lee@example.com"}, {"name": "Sam Ito", "email": ""}],
        "today": "2026-11-25",
        "custom.country": "germany",
        "custom.n": 12,
    },
    zone=ZoneInfo("Europe/Berlin"),
)


def a_field(type: str = "string", *values: str, **more: Any) -> Field:
    options = Options(values=values, free_text=more.pop("free_text", False)) if values else None
    return Field(key="f", type=type, label="F", options=options, **more)


CHOICES = Field(
    key="f", type="array", options=Options(values=("A", "B")), element=Field(key="f", type="string")
)


@pytest.mark.parametrize(
    ("source", "transform", "field", "value"),
    [
        ("request.what", "", a_field(), "Fifty laptops"),
        ("request.contact_name", "first_name", a_field(), "Ludwig"),
        ("request.contact_name", "last_name", a_field(), "van Beethoven"),
        ("request.amount", "", a_field("monetaryAmount"), {"currency": "EUR", "amount": 9500.5}),
        ("request.amount", "", a_field("number"), 9500.5),
        ("request.amount", "", a_field(), "EUR 9,500.50"),
        ("request.currency", "", a_field("string", "USD", "EUR"), "EUR"),
        ("request.start", "", a_field("date"), "2027-01-01T00:00:00+01:00"),
        ("request.start", "", a_field(), "2027-01-01"),
        ("request.term", "", a_field("duration"), {"years": 1, "months": 6}),
        ("request.term", "", a_field("number"), 18),
        ("request.term", "", a_field(), "1 year 6 months"),
        ("request.term", "", a_field("string", "12 months", "18 months"), "18 months"),
        ("request.owner", "", a_field(), "Sam Ito"),
        ("request.owner", "", a_field("email"), "sam@example.com"),
        ("approvers", "", a_field(), "Lee Wong, Sam Ito"),
        ("approvers", "", a_field("email"), "lee@example.com"),
        ("today", "", a_field("date"), "2026-11-25T00:00:00+01:00"),
        ("custom.country", "country_code", a_field(), "DE"),
        ("custom.country", "country_name", a_field(), "Germany"),
        ("custom.country", "", a_field("string", "US", "DE"), "DE"),
        ("custom.n", "of_months", a_field("duration"), {"months": 12}),
    ],
)
def test_a_value_arrives_in_the_type_of_its_field(
    source: str, transform: str, field: Field, value: Any
) -> None:
    result = pre_fill((Rule("f", source, transform),), [field], SOURCES, FACTS)

    assert result.misfits == ()
    assert result.answers == {"f": value}


@pytest.mark.parametrize(
    ("value", "field", "filled"),
    [
        ("Engineering", a_field("string", "Engineering", "Legal"), "Engineering"),
        ("a, b", CHOICES, ["A", "B"]),
        ("yes", a_field("boolean"), True),
        ("12.5", a_field("number"), 12.5),
        ("EUR 100", a_field("monetaryAmount"), {"currency": "EUR", "amount": 100}),
        ("1 year 6 months", a_field("duration"), {"years": 1, "months": 6}),
        ("2026-12-24", a_field("date"), "2026-12-24T00:00:00+01:00"),
    ],
)
def test_a_fixed_value_is_typed_and_checked_when_it_is_saved(value: str, field: Field, filled: Any) -> None:
    rule = Rule("f", "fixed", value=value)

    assert problem_of(rule, [field], SOURCES) is None
    assert pre_fill((rule,), [field], SOURCES, FACTS).answers == {"f": filled}
    if field.type != "string" or field.options:
        assert problem_of(Rule("f", "fixed", value="neither here nor there"), [field], SOURCES)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("{counterparty} – {what}", "Lanternfish Ltd – Fifty laptops"),
        ("{category} – {what}", "Fifty laptops"),
        ("{what} ({amount})", "Fifty laptops (EUR 9500.5)"),
        ("{term} from {start} with {owner}", "1 year 6 months from 2027-01-01 with Sam Ito"),
        ("{country}", "germany"),
        ("{category}", None),
        ("no places at all", "no places at all"),
    ],
)
def test_a_text_with_values_in_it(text: str, written: str | None) -> None:
    filled = pre_fill((Rule("f", "text", value=text),), [a_field()], SOURCES, FACTS)

    assert filled.answers.get("f") == written
    assert filled.misfits == ()


@pytest.mark.parametrize(
    ("rule", "field", "why"),
    [
        (Rule("f", "request.what"), a_field("string", "A", "B"), "not one of the choices"),
        (
            Rule("f", "request.amount", option="USD"),
            a_field("number"),
            "The request is in EUR, this field is in USD",
        ),
        (Rule("f", "custom.country", "months"), a_field(), "an admin has to look"),
        (Rule("f", "request.term", "years"), a_field("number"), "not a whole number of years"),
        (Rule("f", "request.what", "country_code"), a_field(), "not the name or code of a country"),
    ],
)
def test_what_does_not_fit_is_shown_and_not_dropped(rule: Rule, field: Field, why: str) -> None:
    result = pre_fill((rule,), [field], SOURCES, FACTS)

    assert result.answers == {}
    assert why in result.misfits[0].why
    assert result.misfits[0].text


def test_required_fields_that_stay_empty_are_marked() -> None:
    fields = [a_field(required=Required.ALWAYS), Field(key="g", type="string", required=Required.ALWAYS)]

    result = pre_fill((Rule("f", "request.what", locked=True),), fields, SOURCES, FACTS)

    assert result.missing == ("g",)
    assert result.filled[0].locked
    assert result.filled[0].source == "the request"


@pytest.mark.parametrize(
    ("rule", "problem"),
    [
        (Rule("gone", "request.what"), "no such field"),
        (Rule("f", "request.gone"), "does not exist any more"),
        (Rule("f", "request.files"), "does not go into a field of this type"),
        (Rule("f", "text", value="{nothing}"), "nothing called {nothing}"),
        (Rule("f", "fixed"), "Fill in the value"),
    ],
)
def test_a_rule_that_makes_no_sense_is_not_saved(rule: Rule, problem: str) -> None:
    assert problem in str(problem_of(rule, [a_field()], SOURCES))


def test_nothing_can_be_mapped_to_a_type_that_cannot_be_filled() -> None:
    assert "Nothing can be mapped" in str(
        problem_of(Rule("f", "request.what"), [a_field("formula")], SOURCES)
    )


def test_every_transform_is_reachable_and_no_pair_has_two_of_one_name() -> None:
    for shape in Shape:
        for field in (
            a_field(),
            a_field("string", "A"),
            CHOICES,
            *map(a_field, ("number", "date", "duration")),
        ):
            ids = [way.id for way in transforms_for(shape, target_of(field))]
            assert len(ids) == len(set(ids))
    assert all(way.shapes and way.targets for way in TRANSFORMS)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
ODD = st.sampled_from(["currency", "amount", "years", "months", "name", "email", "days"])


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(
    value=JSON | st.dictionaries(ODD, JSON, max_size=3),
    source=st.sampled_from(sorted(SOURCES)),
    transform=st.sampled_from(["", *sorted({way.id for way in TRANSFORMS})]),
    field=st.sampled_from(
        [a_field(), a_field("string", "A", "12 months", "DE"), CHOICES]
        + [
            a_field(kind)
            for kind in ("boolean", "number", "email", "date", "monetaryAmount", "duration", "odd")
        ]
    ),
    option=st.sampled_from(["", "EUR", "?"]),
)
def test_filling_never_breaks_whatever_a_request_holds(
    value: Any, source: str, transform: str, field: Field, option: str
) -> None:
    facts = Facts({source: value, "request.start": value, "request.amount": value})
    text = "{what} {amount} {start}" if source == "text" else "value"
    rule = Rule("f", source, transform, value=text, option=option)

    result = pre_fill((rule,), [field], SOURCES, facts)

    assert len(result.filled) + len(result.misfits) <= 1
    json.dumps(result.answers)


def test_a_mapping_survives_the_way_through_a_file() -> None:
    fields = [a_field(), Field(key="g", type="number", label="G")]
    mapping = (
        Rule("f", "text", value="{what} – ü"),
        Rule("g", "request.amount", "amount", option="USD", locked=True),
    )

    assert parse(export(mapping, fields, "NDA"), fields) == mapping
    renamed = [Field(key="f2", type="string", label="F"), fields[1]]
    assert parse(export(mapping, fields, "NDA"), renamed)[0].field == "f2"


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("nonsense", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("x" * 600_000, "too large"),
        ("{}", "not a mapping of Slipway"),
        ('{"slipway":"mapping","version":2,"template":"","rules":[]}', "version"),
        ('{"slipway":"mapping","version":1,"template":"","rules":[{"field":"f"}]}', "source"),
        (
            '{"slipway":"mapping","version":1,"template":"","rules":[{"field":"f","source":"a"},{"field":"f","source":"b"}]}',
            "more than once",
        ),
    ],
)
def test_a_file_that_is_no_mapping_is_refused_whole(text: str, wrong: str) -> None:
    with pytest.raises(BadFileError, match=wrong):
        parse(text, [a_field()])
