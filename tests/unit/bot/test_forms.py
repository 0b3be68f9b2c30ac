"""Any schema gives a form that Slack takes, and what is typed comes back as Ironclad takes it."""

from __future__ import annotations

import string
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import forms, ids
from bot.forms.kinds import NO_ANSWER, block_id, option_id
from ironclad import Field, Options, Required, fields_of

TEXTS = st.text(st.characters(codec="utf-8"), max_size=400)
KEYS = st.text(string.ascii_letters + string.digits + "_", min_size=1, max_size=200)
TYPES = st.sampled_from(
    ["string", "boolean", "number", "email", "date", "monetaryAmount", "array", "address", "whoKnows"]
)


@st.composite
def fields(draw: st.DrawFn) -> Field:
    options = None
    if draw(st.booleans()):
        values = draw(st.lists(TEXTS.filter(str.strip), max_size=130))
        options = Options(values=tuple(values), free_text=draw(st.booleans()))
    return Field(
        key=draw(KEYS),
        type=draw(TYPES),
        label=draw(TEXTS),
        required=draw(st.sampled_from(Required)),
        options=options,
        default=draw(st.none() | TEXTS | st.booleans() | st.integers() | st.just({"days": 0})),
    )


SCHEMAS = st.lists(fields(), max_size=40, unique_by=lambda field: field.key)


def read(schema: list[Field], state: Any, asking: forms.Asking | None = None) -> forms.Reading:
    return forms.read_whole(schema, state, asking or forms.Asking())


def ask(schema: list[Field], answers: dict[str, Any]) -> list[dict[str, Any]]:
    return [block.to_dict() for block in forms.draw_whole(schema, answers)]


@settings(max_examples=60, deadline=None)
@given(SCHEMAS)
def test_no_field_is_dropped_silently(schema: list[Field]) -> None:
    layout = forms.lay_out(schema)
    asked = {field.key for field in (*layout.fields, *layout.folded)}
    told = {missing.label for missing in layout.left_out}
    reference = forms.reference_field(schema)

    for field in schema:
        assert field.key in asked or (field.label or field.key) in told or field is reference


def typed(field: Field, **element: Any) -> dict[str, dict[str, Any]]:
    return {block_id(field): {ids.FIELD: element}}


def picked(field: Field, value: str) -> dict[str, dict[str, Any]]:
    return typed(field, selected_option={"value": option_id(value)})


def a_field(type: str, **more: Any) -> Field:
    return Field(key="q", type=type, label="Question", required=Required.ALWAYS, **more)


CHOICE = Options(values=("EMEA", "2"), free_text=False)


@pytest.mark.parametrize(
    ("field", "element", "sent"),
    [
        (a_field("string"), {"value": "  Acme Ltd "}, "Acme Ltd"),
        (a_field("string", options=CHOICE), {"selected_option": {"value": option_id("2")}}, "2"),
        (a_field("boolean"), {"selected_option": {"value": "yes"}}, True),
        (a_field("boolean"), {"selected_option": {"value": "no"}}, False),
        (a_field("number"), {"value": "12"}, 12),
        (a_field("number"), {"value": "-0.50"}, -0.5),
        (a_field("email"), {"value": "Sam@Example.com"}, "Sam@Example.com"),
        (a_field("date"), {"selected_date": "2026-05-11"}, "2026-05-11T00:00:00-07:00"),
    ],
)
def test_each_kind_sends_what_ironclad_takes(field: Field, element: dict[str, Any], sent: Any) -> None:
    reading = read([field], typed(field, **element), forms.Asking(zone=ZoneInfo("America/Los_Angeles")))

    assert reading.content.answers == {"q": sent}
    assert type(reading.content.answers["q"]) is type(sent)
    assert reading.problems == {}


@pytest.mark.parametrize(
    ("field", "element", "told"),
    [
        (a_field("string"), {"value": "   "}, "Fill it in"),
        (a_field("string"), {"value": None}, "Fill it in"),
        (a_field("string", options=CHOICE), {"selected_option": {"value": "gone"}}, "Choose another"),
        (a_field("boolean"), {"selected_option": None}, "Fill it in"),
        (a_field("number"), {"value": "1e999"}, "Enter a number"),
        (a_field("number"), {"value": "NaN"}, "Enter a number"),
        (a_field("email"), {"value": "sam@"}, "e-mail address"),
        (a_field("date"), {"selected_date": "2026-02-30"}, "Choose a date"),
    ],
)
def test_what_cannot_be_sent_is_told_beside_its_field(
    field: Field, element: dict[str, Any], told: str
) -> None:
    reading = read([field], typed(field, **element))

    assert reading.content.answers == {}
    assert told in reading.problems[block_id(field)]


def test_an_optional_yes_no_can_stay_unanswered() -> None:
    field = Field(key="q", type="boolean", label="Sure?", required=Required.NEVER)

    reading = read([field], typed(field, selected_option={"value": NO_ANSWER}))

    assert reading == forms.Reading(forms.Content(), {})


def test_free_text_wins_over_the_list_where_both_are_allowed() -> None:
    field = a_field("string", options=Options(values=("A", "B"), free_text=True))
    state = {**picked(field, "A"), block_id(field, "own"): {ids.FIELD: {"value": "C"}}}

    assert read([field], state).content.answers == {"q": "C"}
    assert read([field], picked(field, "A")).content.answers == {"q": "A"}


@settings(max_examples=100, deadline=None)
@given(st.lists(TEXTS.filter(str.strip), min_size=101, max_size=300, unique=True), TEXTS)
def test_a_choice_beyond_a_hundred_is_searched(values: list[str], query: str) -> None:
    field = a_field("string", options=Options(values=tuple(values), free_text=False))

    found = forms.find_options([field], block_id(field), query, forms.Asking())

    assert len(found) <= 100
    names = {option.value: option for option in found}
    assert len(names) == len(found)
    words = query.casefold().split()
    assert (
        all(option_id(v) in names for v in values if all(w in v.casefold() for w in words))
        or len(found) == 100
    )


@settings(max_examples=200, deadline=None)
@given(SCHEMAS)
def test_what_was_typed_is_filled_in_again(schema: list[Field]) -> None:
    for field in schema:
        if field.type == "string" and (field.options is None or not field.options.values):
            again = ask([field], {field.key: "Acme"})
            elements = [block["element"] for block in again if block["type"] == "input"]
            if forms.reference_field([field]) is None:
                assert elements[0]["initial_value"] == "Acme"


@pytest.mark.parametrize(
    ("key", "label", "type", "found"),
    [
        ("requestNumber", "Whatever", "string", True),
        ("custom1", "Request number", "string", True),
        ("custom1", "Reference", "string", True),
        ("custom1", "Our reference no.", "string", True),
        ("custom1", "Customer reference letter", "string", False),
        ("custom1", "Reference", "number", False),
        ("requestedBy", "Requested by", "string", False),
    ],
)
def test_the_field_for_our_number_is_recognised_carefully(
    key: str, label: str, type: str, found: bool
) -> None:
    field = Field(key=key, type=type, label=label)

    assert (forms.reference_field([field]) == field) is found


def test_a_wire_schema_reads_in_its_own_order() -> None:
    schema = fields_of(
        {
            "b": {"type": "string", "displayName": "B", "required": "never"},
            "a": {"type": "number", "displayName": "A", "required": "always"},
        }
    )
    labels = [block["label"]["text"] for block in ask(list(schema), {}) if block["type"] == "input"]
    assert labels == ["A", "B"]
