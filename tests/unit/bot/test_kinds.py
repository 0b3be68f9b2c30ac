"""Every type of field: what is filled in comes back unchanged, what cannot be sent is told beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field as default
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import forms, ids
from bot.blockkit import modal
from bot.forms.contents import wrong_with
from bot.forms.drawing import draw_field
from bot.forms.kept import KeptFile, files_in, outgoing, person, record, row, without_files
from bot.forms.kinds import block_id, columns_of, kind_of, option_id
from bot.forms.kinds.base import parts_of
from ironclad import Field, Options, Required
from tests.sandbox.slack.blockkit import problems_in_view
from tests.sandbox.slack.elements import state_values
from tests.unit.bot.fields import SCHEMAS, answer_to, askings, fields, tables

bounded = settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
# What comes back of these says all there is; of the others, the draft keeps more than Slack tells.
TYPED_ALONE = {"string", "boolean", "number", "email", "date", "monetaryAmount", "duration"}
ENGLISH, GERMAN = forms.Asking(locale="en-US"), forms.Asking(locale="de-DE")


@dataclass(frozen=True)
class Read:
    """What a form of one page gives; `marks` are about questions without an input, by key."""

    answers: dict[str, Any] = default(default_factory=dict)
    problems: dict[str, str] = default(default_factory=dict)
    marks: dict[str, str] = default(default_factory=dict)


def ask(
    schema: Sequence[Field], answers: dict[str, Any] | None = None, asking: forms.Asking = ENGLISH
) -> list[Any]:
    content = forms.Content(answers or {}, marks={field.key: "<Look>" for field in schema})
    return [block for field in schema for block in draw_field(field, content, asking)]


def read(
    schema: Sequence[Field],
    state: dict[str, Any],
    asking: forms.Asking = ENGLISH,
    kept: dict[str, Any] | None = None,
) -> Read:
    reading = forms.read_page(schema, forms.Content(kept or {}), state, asking)
    missing = forms.missing_on(schema, reading.content, state, asking)
    marks = forms.problems_of(forms.lay_out(schema, unfolded=True), reading.content, asking)
    without = {field.key for field in schema if field.type == "array" and field.fields}
    return Read(
        {key: answer for key, answer in reading.content.answers.items() if answer is not None},
        {**missing, **reading.problems},
        {key: mark for key, mark in marks.items() if key in without},
    )


def state_of(blocks: list[Any]) -> dict[str, Any]:
    """What Slack reports of a form in which nothing was touched."""
    return state_values([block.to_dict() for block in blocks], {}, lambda _: None)


def beside(field: Field, answer: Any) -> Any:
    """What the draft keeps of an answer besides what Slack tells of the inputs."""
    if field.type != "object" or answer is None:
        return None if field.type in TYPED_ALONE else answer
    parts = ((part.key, beside(part, answer.get(part.key))) for part in field.fields)
    return {key: one for key, one in parts if one is not None} or None


@bounded
@given(fields(), askings(), st.data())
def test_what_is_filled_in_reads_back_unchanged(
    field: Field, asking: forms.Asking, data: st.DataObject
) -> None:
    if kind_of(field) and not forms.reference_field([field]):
        reads_back_unchanged(field, data.draw(answer_to(field)), asking)


@pytest.mark.parametrize("odd", [":", "/", "a/b", "f:q", "法務", " ", "p" * 250])
def test_parts_of_any_key_are_read_with_the_others_of_their_object(odd: str) -> None:
    inner = tuple(a_field("string", key=key) for key in (odd, "name", f"{odd} 2"))
    deeper = a_field("object", key="deeper" * 20, fields=inner)
    answer = {part.key: f"Sam {number}" for number, part in enumerate(inner)}

    for key in ("contact", "0:", "w" * 80, "法務" * 90):
        whole = a_field("object", key=key, fields=(*inner, deeper))
        reads_back_unchanged(whole, {**answer, deeper.key: answer}, ENGLISH)


def reads_back_unchanged(field: Field, answer: Any, asking: forms.Asking) -> None:
    kind = kind_of(field)
    assert kind is not None
    kept = {field.key: beside(field, answer)}

    blocks = kind.ask(field, answer, asking)
    reading = read([field], state_of(blocks), asking, kept)

    assert reading == Read({field.key: answer})
    assert kind.show(field, answer, asking).strip()


@bounded
@given(SCHEMAS, askings(), st.data())
def test_any_schema_with_any_answers_is_a_modal_that_slack_takes(
    schema: list[Field], asking: forms.Asking, data: st.DataObject
) -> None:
    answers = {field.key: data.draw(answer_to(field) | st.none()) for field in schema}

    for page in forms.lay_out(schema, unfolded=True).pages:
        if blocks := ask(page.fields, answers, asking):
            assert problems_in_view(modal("Form", blocks, submit="Launch")) == []


@settings(bounded, max_examples=60)
@given(tables(), askings(), st.data())
def test_a_row_reads_back_unchanged_with_the_files_and_rows_inside_it(
    table: Field, asking: forms.Asking, data: st.DataObject
) -> None:
    answer = data.draw(answer_to(table))

    assert columns_of(table, asking.on_top) == list(table.fields)
    rows_read_back_unchanged(table, answer, asking.on_top)
    sent = outgoing({"q": answer})
    assert sorted(names_in(sent.attributes)) == sorted(sent.files)
    assert len(sent.files) == len(list(files_in(answer)))


def rows_read_back_unchanged(table: Field, rows: list[dict[str, Any]], asking: forms.Asking) -> None:
    """Each row in a window of its own, and in windows on top of that the rows of tables inside."""
    columns = columns_of(table, asking)
    for one in rows:
        cells = {key: cell for key, cell in one.items() if not key.startswith("#")}
        blocks = ask(columns, cells, asking)
        kept = {column.key: beside(column, cells.get(column.key)) for column in columns}
        content = forms.Content({key: cell for key, cell in kept.items() if cell is not None})
        reading = forms.read_page(columns, content, state_of(blocks), asking)

        assert problems_in_view(modal("Row", blocks, submit="Add")) == []
        assert reading.problems == {}
        assert {key: cell for key, cell in reading.content.answers.items() if cell is not None} == cells
        for column in columns:
            if column.type == "array" and column.fields and column.key in cells:
                rows_read_back_unchanged(column, cells[column.key], asking.on_top)


def names_in(value: Any) -> list[str]:
    """The parts that values name as their files."""
    if isinstance(value, list):
        return [name for one in value for name in names_in(one)]
    if not isinstance(value, dict):
        return []
    if value.keys() == {"file"} and isinstance(value["file"], str) and value["file"].startswith("file_"):
        return [value["file"]]
    return [name for one in value.values() for name in names_in(one)]


def test_the_form_says_the_same_to_slack_every_time() -> None:
    field = Field(key="price", type="monetaryAmount", label="Price")

    first, second = (ask([field], {}, ENGLISH) for _ in range(2))

    assert [block.to_dict() for block in first] == [block.to_dict() for block in second]
    assert block_id(field, "currency", forms.Asking(epoch=2)) == "f2:price:currency"


# Reading what people type -------------------------------------------------------------------------


def a_field(type: str, **more: Any) -> Field:
    return Field(**{"key": "q", "type": type, "label": "Question", "required": Required.ALWAYS, **more})


def typed(field: Field, asking: forms.Asking = ENGLISH, /, **parts: Any) -> dict[str, Any]:
    """The state of a form: a text by part (`_` for the field itself), or a whole element."""
    told = {block_id(field, "" if part == "_" else part, asking): value for part, value in parts.items()}
    return {
        block: {ids.FIELD: value if isinstance(value, dict) else {"value": value}}
        for block, value in told.items()
    }


def picked(value: str) -> dict[str, Any]:
    return {"selected_option": {"value": value, "text": {"type": "plain_text", "text": value}}}


@pytest.mark.parametrize(
    ("locale", "text", "currency", "amount"),
    [
        ("en-US", "12,500.00", "USD", 12500),
        ("en-US", "$12,500.50", "USD", 12500.5),
        ("en-US", "USD 99", "USD", 99),
        ("en-US", "-3.20", "EUR", -3.2),
        ("de-DE", "12.500,00 €", "EUR", 12500),
        ("de-DE", "1.250", "EUR", 1250),
        ("de-DE", "1250.50", "EUR", 1250.5),
        ("fr-FR", "12 500,75", "EUR", 12500.75),
        ("de-CH", "12’500.75", "CHF", 12500.75),
        ("en-IN", "12,34,567.5", "INR", 1234567.5),
        ("en-US", "12 500", "JPY", 12500),
    ],
)
def test_money_is_read_the_way_a_person_writes_it(
    locale: str, text: str, currency: str, amount: float
) -> None:
    field = a_field("monetaryAmount")

    state = typed(field, _=text, currency=picked(currency))
    reading = read([field], state, forms.Asking(locale=locale))

    assert reading.answers == {"q": {"currency": currency, "amount": amount}}
    assert type(reading.answers["q"]["amount"]) is type(amount)


@pytest.mark.parametrize(
    ("locale", "text", "currency", "told"),
    [
        ("en-US", "1.250", "EUR", "2 decimals. Write it like 1,250.50"),
        ("de-DE", "1,250", "EUR", "2 decimals. Write it like 1.250,50"),
        ("en-US", "10.5", "JPY", "no decimals. Write it like 1,250"),
        ("en-US", "1,25", "USD", "Enter an amount"),
        ("en-US", "1.2.3", "USD", "Enter an amount"),
        ("en-US", "a lot", "USD", "Enter an amount"),
        ("en-US", "EUR 5", "USD", "This says EUR"),
        ("en-US", "99999999999999999.99", "USD", "digits"),
    ],
)
def test_money_that_could_be_misread_is_asked_again(locale: str, text: str, currency: str, told: str) -> None:
    field = a_field("monetaryAmount")

    state = typed(field, _=text, currency=picked(currency))
    reading = read([field], state, forms.Asking(locale=locale))

    assert told in reading.problems[block_id(field)]


@pytest.mark.parametrize(
    ("locale", "text", "number"),
    [
        ("en-US", "12", 12),
        ("en-US", "-0.50", -0.5),
        ("en-US", "1,250", 1250),
        ("de-DE", "1,5", 1.5),
        ("de-DE", "1.5", 1.5),
        ("de-DE", "1.250,75", 1250.75),
        ("fr-FR", "1\u202f250,5", 1250.5),
        ("sv-SE", "\u22125", -5),
        ("ar-EG", "\u200f-5", -5),
    ],
)
def test_a_number_is_read_the_way_a_person_writes_it(locale: str, text: str, number: float) -> None:
    field = a_field("number")

    assert read([field], typed(field, _=text), forms.Asking(locale=locale)).answers == {"q": number}


@pytest.mark.parametrize(
    ("locale", "text", "example"),
    [
        *(("en-US", text, "1,250.5") for text in ("1,5", "12 apples", "1.2.3", "-", "NaN", "1e5")),
        ("de-DE", "1,2,3", "1.250,5"),
    ],
)
def test_what_is_no_number_is_asked_again(locale: str, text: str, example: str) -> None:
    field = a_field("number")

    told = read([field], typed(field, _=text), forms.Asking(locale=locale)).problems

    assert told == {block_id(field): f"Enter a number, for example {example}"}


@pytest.mark.parametrize(
    ("locale", "text", "duration"),
    [
        ("en-US", "12 months", {"months": 12}),
        ("en-US", "1 year and 6 months", {"years": 1, "months": 6}),
        ("en-US", "1y 6m", {"years": 1, "months": 6}),
        ("en-US", "6 months, 1 year", {"years": 1, "months": 6}),
        ("en-US", "90days", {"days": 90}),
        ("de-DE", "2 Jahre und 3 Monate", {"years": 2, "months": 3}),
        ("de-DE", "1 year", {"years": 1}),
        ("es-ES", "1 año, 2 semanas y 3 días", {"years": 1, "weeks": 2, "days": 3}),
        ("ja-JP", "2年", {"years": 2}),
    ],
)
def test_a_duration_is_read_in_words(locale: str, text: str, duration: dict[str, int]) -> None:
    field = a_field("duration")

    assert read([field], typed(field, _=text), forms.Asking(locale=locale)).answers == {"q": duration}


@pytest.mark.parametrize(
    "text", ["12", "soon", "1 year 2 years", "1.5 years", "12 moons", "99999 days", "year 1"]
)
def test_a_duration_that_is_none_is_asked_again(text: str) -> None:
    field = a_field("duration")

    assert "for example 1 year, 6 months" in read([field], typed(field, _=text)).problems[block_id(field)]


ADDRESS = a_field("address", required=Required.NEVER)
HERE = {"lines": "1 Quay St\nFloor 2", "locality": "Dublin", "region": "", "postcode": "D01"}


def test_an_address_is_sent_in_ironclads_shape() -> None:
    state = typed(ADDRESS, **HERE, country=picked("IE"))

    assert read([ADDRESS], state).answers["q"] == {
        "lines": ["1 Quay St", "Floor 2"],
        "locality": "Dublin",
        "postcode": "D01",
        "country": "Ireland",
    }


@pytest.mark.parametrize(
    ("changes", "part", "told"),
    [
        ({"country": picked("US"), "region": ""}, "region", "state"),
        ({"country": picked("US"), "region": "CA", "postcode": ""}, "postcode", "ZIP"),
        ({"locality": ""}, "locality", "town or city"),
        ({"lines": "1\n2\n3\n4\n5"}, "lines", "4 lines"),
        ({"country": {"selected_option": None}}, "country", "country"),
    ],
)
def test_an_address_says_which_part_is_missing(changes: dict[str, Any], part: str, told: str) -> None:
    reading = read([ADDRESS], typed(ADDRESS, **{**HERE, "country": picked("IE"), **changes}))

    assert list(reading.problems) == [block_id(ADDRESS, part)]
    assert told in reading.problems[block_id(ADDRESS, part)]


def test_everything_that_is_wrong_is_told_at_once_each_beside_its_input() -> None:
    state = typed(ADDRESS, **{**HERE, "locality": "", "postcode": "", "country": picked("US")})
    parts = (a_field("email", key="mail"), a_field("number", key="count"))
    contact = a_field("object", key="contact", fields=parts)
    mail, count = parts_of(contact)

    address = read([ADDRESS], state)
    both = read([contact], {**typed(mail, _="sam@"), **typed(count, _="many")})

    assert set(address.problems) == {block_id(ADDRESS, part) for part in ("locality", "region", "postcode")}
    assert set(both.problems) == {block_id(mail), block_id(count)}


def test_an_optional_address_may_stay_empty() -> None:
    empty = dict.fromkeys(HERE, "")

    assert read([ADDRESS], typed(ADDRESS, **empty, country={"selected_option": None})) == Read()


@pytest.mark.parametrize(
    ("query", "first"), [("united sta", "United States"), ("usa", "United States"), ("uk", "United Kingdom")]
)
def test_a_country_is_found_by_any_of_its_names(query: str, first: str) -> None:
    found = forms.find_options([ADDRESS], block_id(ADDRESS, "country"), query, ENGLISH)

    assert first in [option.text for option in found]


def test_a_country_is_found_in_ones_own_language_and_sent_in_english() -> None:
    found = forms.find_options([ADDRESS], block_id(ADDRESS, "country"), "deutschl", GERMAN)
    state = typed(ADDRESS, **HERE, country=picked(str(found[0].value)))

    assert read([ADDRESS], state, GERMAN).answers["q"]["country"] == "Germany"


def test_a_currency_is_searched_with_the_usual_ones_first() -> None:
    field = a_field("monetaryAmount")

    found = forms.find_options([field], block_id(field, "currency"), "", GERMAN)

    assert [option.value for option in found[:3]] == ["EUR", "USD", "GBP"]
    assert [o.value for o in forms.find_options([field], block_id(field, "currency"), "yen", GERMAN)] == [
        "JPY"
    ]


# Choices ------------------------------------------------------------------------------------------


def test_five_thousand_options_are_searched() -> None:
    values = tuple(f"Cost centre {n:04d} – Ωmega ريال 🏢" for n in range(5000))
    field = a_field("string", options=Options(values=values))

    blocks = ask([field], {"q": values[4321]})
    found = forms.find_options([field], block_id(field), "4321 ωmega", ENGLISH)

    assert problems_in_view(modal("Form", blocks, submit="Launch")) == []
    assert [option.value for option in found] == [option_id(values[4321])]
    assert read([field], typed(field, _=picked(option_id(values[4321])))).answers == {"q": values[4321]}
    assert len(forms.find_options([field], block_id(field), "cost", ENGLISH)) == 100


def test_long_choices_that_begin_alike_can_be_told_apart() -> None:
    values = tuple(
        "The same long beginning of a clause about limitation of liability " + x for x in ("A" * 30, "B" * 30)
    )
    field = a_field("string", options=Options(values=values))

    shown = [one["text"]["text"] for one in ask([field], {})[0].to_dict()["element"]["options"]]

    assert len(set(shown)) == 2


def test_a_choice_that_is_gone_is_not_sent() -> None:
    field = a_field("array", element=Field(key="q", type="string"), options=Options(values=("A", "B")))

    gone = {"selected_options": [{"value": option_id("C")}]}

    assert "no longer offered" in read([field], typed(field, _=gone)).problems[block_id(field)]
    assert read([field], typed(field, _={"selected_options": [{"value": option_id("B")}]})).answers == {
        "q": ["B"]
    }


def test_a_text_beyond_slacks_limit_is_kept_whole() -> None:
    field, text = a_field("string"), "clause " * 1500

    blocks = ask([field], {"q": text.strip()})

    assert read([field], state_of(blocks)).answers == {"q": text.strip()}
    problems = read([field], typed(field, **{"_": "x" * 3000, **{f"{n}": "x" * 3000 for n in range(2, 12)}}))
    assert "32,000" in problems.problems[block_id(field)]


# Rows, records, people, files ---------------------------------------------------------------------

TABLE = a_field(
    "array",
    element=Field(key="q", type="object"),
    fields=(
        Field(key="sku", type="string", label="SKU", required=Required.ALWAYS),
        Field(key="price", type="monetaryAmount", label="Price"),
    ),
)


def test_a_table_without_its_needed_rows_says_so_where_there_is_no_input() -> None:
    assert read([TABLE], {}).marks == {"q": "Ironclad always asks for this. Fill it in."}
    wrong = read([TABLE], {}, ENGLISH, {"q": [row("a1", {"price": {"currency": "EUR", "amount": 5}})]})
    assert "Row 1, SKU" in wrong.marks["q"]


def test_a_duration_that_was_never_set_is_no_answer_but_one_of_nothing_is() -> None:
    field = a_field("duration", default={"days": 0, "months": 0})

    assert forms.begun([field], {}, ENGLISH).answers == {}
    assert "initial_value" not in ask([field], {})[0].to_dict()["element"]
    none = read([field], typed(field, _="0 days")).answers
    assert none == {"q": {"days": 0}}
    assert read([field], state_of(ask([field], none))).answers == none


def test_a_table_that_was_never_filled_is_no_answer() -> None:
    unset = TABLE.model_copy(update={"default": [{}]})

    content = forms.begun([unset], {}, ENGLISH)

    assert content.answers == {}
    problems = forms.problems_of(forms.lay_out([unset]), forms.Content({"q": [{}]}), ENGLISH)
    assert problems == {"q": "Add a row."}


def test_a_table_shows_its_rows_and_sends_them_without_our_ids() -> None:
    rows = [row(f"{n:08x}", {"sku": f"X{n}", "price": {"currency": "EUR", "amount": n}}) for n in range(1, 8)]

    few = " ".join(str(block.to_dict()) for block in ask([TABLE], {"q": rows[:3]}))
    many = " ".join(str(block.to_dict()) for block in ask([TABLE], {"q": rows}))

    assert "SKU: X3 · Price: €3.00 (EUR)" in few
    assert "*7.* SKU: X7" in many
    assert "Edit or remove a row" in many
    assert outgoing({"q": rows}).attributes["q"][0] == {
        "sku": "X1",
        "price": {"currency": "EUR", "amount": 1},
    }


def test_parts_of_an_object_are_named_after_it_and_told_apart() -> None:
    inner = (
        Field(key="name", type="string", label="Name", required=Required.ALWAYS),
        Field(key="on", type="date"),
    )
    field = Field(key="contact", type="object", label="Contact", fields=inner)
    blocks = ask([field], {"contact": {"name": "Sam"}})

    blocks = [block for block in blocks if block.type == "input"]
    labels = [block.to_dict()["label"]["text"] for block in blocks]
    first = blocks[0].block_id or ""
    state = state_of(blocks)

    assert labels == ["Contact: Name", "Contact: on"]
    assert read([field], state).answers == {"contact": {"name": "Sam"}}
    state[first][ids.FIELD]["value"] = ""
    assert read([field], state).answers == {}
    state[blocks[1].block_id or ""][ids.FIELD]["selected_date"] = "2026-01-02"
    assert list(read([field], state).problems) == [first]


def test_what_is_kept_for_a_person_becomes_what_ironclad_takes() -> None:
    file = KeptFile("F1", "their paper.docx", 12, sha256="ab")
    answers = {
        "related": record("IC-68", "MSA"),
        "approver1": person("U1", email="lee@example.com"),
        "draft": [file.kept()],
    }

    sent = outgoing(answers)

    assert sent.attributes == {
        "related": "IC-68",
        "approver1": "lee@example.com",
        "draft": [{"file": "file_1"}],
    }
    assert sent.files == {"file_1": file}
    assert list(files_in(answers)) == [file]


def test_a_bad_file_is_taken_out_wherever_it_stands_and_nothing_else_is() -> None:
    good, bad = (KeptFile(one, f"{one}.pdf", 12).kept() for one in ("F1", "F2"))
    kept = {
        "lead": "Sam",
        "brief": [bad],
        "sites": [row("r1", {"proof": [bad]}), row("r2", {"proof": [bad, good]})],
    }

    assert without_files(kept, {"F2"}) == {"lead": "Sam", "sites": [row("r2", {"proof": [good]})]}
    assert without_files(kept, {"F3"}) == kept
    assert without_files({"brief": [bad]}, {"F2"}) is None


def test_a_note_in_the_list_of_records_is_no_record() -> None:
    field = a_field("linkedRecord")

    assert "note" in read([field], typed(field, _=picked("?"))).problems[block_id(field)]
    assert read([field], typed(field, _=picked("IC-7"))).answers["q"]["id"] == "IC-7"


DRAFT = a_field("array", key="draft", element=Field(key="draft", type="document"))


def uploads(*files: tuple[str, str, int]) -> dict[str, Any]:
    return {"files": [{"id": id, "name": name, "size": size, "mimetype": "x/y"} for id, name, size in files]}


def test_files_are_added_to_those_attached_before() -> None:
    before = KeptFile("F1", "a.pdf", 10).kept()
    part = ask([DRAFT], {"draft": [before]})[2].block_id or ""

    reading = read(
        [DRAFT],
        {part: {ids.FIELD: uploads(("F1", "a.pdf", 10), ("F2", "b.docx", 20))}},
        ENGLISH,
        {"draft": [before]},
    )

    assert [one["id"] for one in reading.answers["draft"]] == ["F1", "F2"]


@pytest.mark.parametrize(
    ("name", "size", "told"),
    [
        ("notes.txt", 10, "Attach: Word or PDF"),
        ("a.pdf", 10**8 + 5_000_000, "up to 100 MB"),
        ("pdf", 10, "Attach"),
    ],
)
def test_a_file_that_cannot_be_sent_is_refused_beside_its_input(name: str, size: int, told: str) -> None:
    reading = read([DRAFT], typed(DRAFT, add=uploads(("F1", name, size))))

    assert told in reading.problems[block_id(DRAFT, "add")]


@pytest.mark.parametrize(
    ("name", "head", "told"),
    [
        ("a.pdf", b"%PDF-1.7", None),
        ("a.pdf", b"just a text", "no PDF"),
        ("a.docx", b"PK\x03\x04", None),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "password"),
        ("a.doc", b"{\\rtf1", None),
        ("a.txt", b"abc", None),
        ("a.txt", b"a\x00b", "no TXT"),
        ("a.png", b"%PDF-", "no PNG"),
        ("a.pdf", b"", "empty"),
        ("a.whatever", b"abc", None),
    ],
)
def test_what_a_file_is_is_told_by_its_content(name: str, head: bytes, told: str | None) -> None:
    found = wrong_with(name, head)

    assert (told is None) == (found is None)
    assert told is None or told in str(found)
