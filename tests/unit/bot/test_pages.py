"""Any form becomes pages that Slack takes; turned in any order, they give back exactly what was typed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import forms, ids
from bot.blockkit import exactly, literal
from bot.forms.conditions import Comparison, Effect, Group, Operator, Rule
from bot.forms.kinds import block_id, columns_of, unaskable_parts
from bot.forms.kinds.base import inside
from bot.forms.pages import INPUTS_A_PAGE, inputs_of
from bot.usecases.form import Form
from bot.views import filling as views
from bot.views.parts import row as row_form
from bot.views.review import last_screen, review
from ironclad import Field, Options, Required
from tests.sandbox.slack.blockkit import problems_in_view
from tests.sandbox.slack.elements import fields_of, state_values
from tests.unit.bot.schemas import a_form, long_schema, schemas

pytestmark = pytest.mark.timeout(400)  # only against hanging: a busy machine may take its time

calm = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)
Draw = Callable[[st.SearchStrategy[Any]], Any]
START = ids.FormState(draft="draft1")


def files(_: str) -> None:
    """Nothing was uploaded."""


def every_screen(form: Form) -> list[dict[str, Any]]:
    """All screens of a form."""
    turns = [ids.Turn(at="page", page=number) for number in range(len(form.layout.pages))]
    screens = [views.page(form, START.turned(turn), notice="Look") for turn in turns]
    screens += [
        review(form, START.turned(ids.Turn(at="review", page=number)))
        for number in range(last_screen(form) + 1)
    ]
    screens.append(views.index(form, START))
    if form.marked:
        screens.append(views.marked(form, START, notice="Ironclad asks for more."))
    return screens


@calm
@given(schemas(60), st.booleans(), st.booleans())
def test_every_screen_of_any_form_is_one_that_slack_takes(
    schema: list[Field], unfolded: bool, marked: bool
) -> None:
    form = a_form(schema)
    content = replace(form.content, unfolded=unfolded)
    if marked:
        content = content.asked_for({field.key: "Ironclad asks for this. <!channel>" for field in schema[:9]})

    for screen in every_screen(form.holding(content)):
        assert problems_in_view(screen) == []
        assert "<!channel>" not in str([b for b in screen["blocks"] if b["type"] in ("section", "context")])


@pytest.mark.parametrize("count", [1, 2, 15, 16, 97, 300])
def test_a_long_form_has_pages_of_about_a_dozen(count: int) -> None:
    form = a_form(long_schema(count, required=min(80, count)))

    for screen in every_screen(form):
        assert problems_in_view(screen) == []
    assert sum(len(page.fields) for page in form.layout.pages) == count
    if count > 15:
        assert all(len(page.fields) <= INPUTS_A_PAGE for page in form.layout.pages)
        assert len(form.layout.pages) <= -(-count // INPUTS_A_PAGE) + 1


@calm
@given(schemas(60))
def test_no_question_is_lost_or_asked_twice(schema: list[Field]) -> None:
    layout = forms.lay_out(schema, unfolded=True)
    asked = [field.key for field in layout.fields]

    assert len(asked) == len(set(asked))
    reference = forms.reference_field(schema)
    others = [field for field in schema if field.key not in asked and field is not reference]
    parts = [part for field in layout.fields for part in unaskable_parts(field)]
    assert len(others) + len(parts) == len(layout.left_out)
    for page in layout.pages:
        assert sum(map(inputs_of, page.fields)) <= 2 * INPUTS_A_PAGE or len(page.fields) == 1


# Typing -------------------------------------------------------------------------------------------


def something_for(element: Mapping[str, Any], draw: Draw) -> Any:
    """A raw value for an input, as the stand-in's page would send it; often one that is wrong."""
    kind = element["type"]
    if "options" in element:
        offered = [option["value"] for option in element["options"]]
        several = kind in ("checkboxes", "multi_static_select")
        return draw(st.lists(st.sampled_from(offered), unique=True) if several else st.sampled_from(offered))
    if kind == "datepicker":
        return draw(st.sampled_from([None, "2026-05-11", "2027-01-01"]))
    if kind == "email_text_input":
        return draw(st.sampled_from(["", "sam@example.com", "sam@"]))
    if kind == "plain_text_input":
        numbers = ("12.50", "-0.5", "1" + "0" * 310)
        return draw(st.sampled_from(["", "Acme", "  two  words ", "\u202e<!channel>", *numbers, "x" * 3000]))
    return None


def type_into(screen: Mapping[str, Any], draw: Draw) -> dict[str, dict[str, Any]]:
    """What somebody types into some of the inputs of a screen."""
    typed: dict[str, dict[str, Any]] = {}
    for field in fields_of(screen["blocks"]):
        if field.block["type"] == "input" and draw(st.booleans()):
            typed[field.block_id] = {field.action_id: something_for(field.element, draw)}
    return typed


def ageless(block: str) -> str:
    return "f:" + block.partition(":")[2]


def name_in(block: str) -> str:
    return block.split(":")[1].partition("/")[0]


@calm
@given(st.data(), schemas(30))
def test_pages_turned_in_any_order_give_back_exactly_what_was_typed(
    data: st.DataObject, schema: list[Field]
) -> None:
    form = a_form(schema)
    at = START
    last_said: dict[str, Any] = {}
    for _ in range(data.draw(st.integers(1, 7))):
        number = data.draw(st.integers(0, len(form.layout.pages) - 1))
        at = at.turned(ids.Turn(at="page", page=number))
        screen = views.page(form, at)
        said = state_values(screen["blocks"], type_into(screen, data.draw), files)
        inputs = {block: value for block, value in said.items() if block.startswith("f")}
        # A question's inputs may become fewer: a second one for a long text goes when the text gets short.
        asked = {name_in(block) for block in inputs}
        last_said = {block: value for block, value in last_said.items() if name_in(block) not in asked}
        last_said |= {ageless(block): value for block, value in inputs.items()}
        reading = forms.read_page(form.fields, form.content, inputs, form.asking_in(at.epoch))
        form = form.holding(reading.content)

    at_once = forms.read_page(form.fields, forms.begun(schema, {}, form.asking), last_said, form.asking)
    assert form.content.answers == at_once.content.answers
    assert form.content.typed == at_once.content.typed


@calm
@given(st.data(), schemas(30))
def test_turning_pages_without_typing_changes_nothing(data: st.DataObject, schema: list[Field]) -> None:
    form = a_form(schema)
    first = views.page(form, START)
    said = state_values(first["blocks"], type_into(first, data.draw), files)
    form = form.holding(forms.read_page(form.fields, form.content, said, form.asking).content)
    before = form.content

    for number in range(len(form.layout.pages)):
        at = START.turned(ids.Turn(at="page", page=number))
        said = state_values(views.page(form, at)["blocks"], {}, files)
        form = form.holding(forms.read_page(form.fields, form.content, said, form.asking_in(1)).content)

    assert forms.to_send(form.layout, form.content) == forms.to_send(form.layout, before)
    assert set(form.content.typed) == set(before.typed)


def a_field(key: str, type: str = "string", **more: Any) -> Field:
    return Field(key=key, type=type, label=key, **more)


def text(field: Field, value: str | None, epoch: int = 0) -> dict[str, dict[str, Any]]:
    return {block_id(field, "", forms.Asking(epoch=epoch)): {ids.FIELD: {"value": value}}}


def test_an_empty_input_deletes_only_the_answer_of_a_field_on_the_screen() -> None:
    here, elsewhere = a_field("here"), a_field("elsewhere")
    content = forms.Content({"here": "A", "elsewhere": "B"})

    reading = forms.read_page([here, elsewhere], content, text(here, None), forms.Asking())

    assert reading.content.answers == {"here": None, "elsewhere": "B"}


def test_what_cannot_be_read_is_kept_as_it_was_typed_and_shown_again() -> None:
    email = a_field("contact", "email", required=Required.ALWAYS)
    form = a_form([email])
    reading = forms.read_page([email], form.content, text(email, "sam@"), form.asking)
    form = form.holding(reading.content)

    assert "e-mail address" in form.problems["contact"]
    screen = views.page(form, START.turned(ids.Turn(at="page")))
    (element,) = [block["element"] for block in screen["blocks"] if block["type"] == "input"]
    assert element["initial_value"] == "sam@"

    mended = forms.read_page([email], form.content, text(email, "sam@example.com", 1), form.asking_in(1))
    assert form.holding(mended.content).problems == {}
    assert mended.content.typed == {}


def test_a_currency_that_was_taken_away_does_not_come_back_by_itself() -> None:
    price = a_field("price", "monetaryAmount", required=Required.NEVER)
    form = a_form([price])
    typed: dict[str, Any] = {
        block_id(price): {ids.FIELD: {"value": "12.50"}},
        block_id(price, "currency"): {ids.FIELD_SEARCH: {"selected_option": None}},
    }
    form = form.holding(forms.read_page([price], form.content, typed, form.asking).content)
    assert "currency" in form.problems["price"]

    screen = views.page(form, START.turned(ids.Turn(at="page")))
    amount, currency = (block["element"] for block in screen["blocks"] if block["type"] == "input")

    assert amount["initial_value"] == "12.50"
    assert "initial_option" not in currency


def test_the_review_says_what_became_of_an_optional_answer() -> None:
    papers = a_field("papers", "array", element=Field(key="e", type="document"), required=Required.NEVER)
    content = forms.Content({"papers": None}, marks={"papers": "“a.pdf” is no PDF file inside."})
    form = a_form([a_field("name", required=Required.NEVER), papers], content)

    screen = review(form, START.turned(ids.Turn(at="review")))

    assert form.problems == {}
    assert "1 question to look at" in str(screen["blocks"])
    assert "*papers:*\n  *Needs a look:* “a.pdf” is no PDF file inside." in str(
        [block["text"]["text"] for block in screen["blocks"] if block["type"] == "section"][1]
    )


A = a_field("a", required=Required.NEVER)


def said_in_review(fields: list[Field], answers: dict[str, Any]) -> str:
    form = a_form(fields, forms.Content(answers))
    screen = review(form, START.turned(ids.Turn(at="review")))
    assert problems_in_view(screen) == []
    return "\n".join(block["text"]["text"] for block in screen["blocks"] if block["type"] == "section")


def test_the_review_shows_all_of_a_long_text_and_every_row_of_a_table() -> None:
    columns = (a_field("SKU"), a_field("Note"))
    made_of = Field(key="e", type="object", fields=columns)
    rows = a_field("rows", "array", element=made_of, fields=columns, required=Required.NEVER)
    words = " ".join(f"word{n}" for n in range(1500))
    items = [{"SKU": f"X{n}", "Note": "n" * 90} for n in range(20)]

    offices = tuple(f"Office {n}" for n in range(60))
    choices = {"element": Field(key="e", type="string"), "options": Options(values=offices, free_text=False)}
    several = a_field("several", "array", required=Required.NEVER, **choices)
    answers = {"a": f"First.\n\n&{words}", "rows": items, "several": list(offices)}

    said = said_in_review([A, rows, several], answers)

    assert "*a:* First.\n" in said
    assert all(word in said.split() for word in words.split()[1:])
    assert f"*several:* {', '.join(offices)}" in said
    assert "*rows:* 20 rows\n1. SKU: X0 · Note: nnn" in said
    assert f"20. SKU: X19 · Note: {'n' * 90}" in said


@pytest.mark.parametrize("mark", "*_~`")
def test_the_review_shows_marks_as_they_are_sent(mark: str) -> None:
    shown = f"<!date^00000000^{{_}}|{mark}>"

    said = said_in_review([A], {"a": f"{mark}5{mark} of snake_case\n> so"})

    assert f"*a:* {shown}5{shown} of snake_case\n\u00ad&gt; so" in said
    alike = said_in_review([A], {"a": f" {mark}x{mark}" * 400})
    assert mark not in alike.partition("*a:*")[2]
    assert f"{mark}x" not in alike


def test_a_mark_goes_when_the_answer_changes() -> None:
    field = a_field("purpose", required=Required.CONDITIONAL)
    content = forms.Content({}).asked_for({"purpose": "Ironclad asks for this here."})

    same = forms.read_page([field], content, text(field, None), forms.Asking())
    changed = forms.read_page([field], content, text(field, "Because"), forms.Asking())

    assert same.content.marks == content.marks
    assert changed.content.marks == {}
    assert changed.content.wanted == {"purpose"}


# Conditions ---------------------------------------------------------------------------------------

REGION = a_field(
    "region", options=Options(values=("EMEA", "AMER"), free_text=False), required=Required.ALWAYS
)
PURPOSE = a_field("purpose", required=Required.CONDITIONAL)
NOTE = a_field("note", required=Required.CONDITIONAL)


def keys(layout: forms.Layout) -> list[str]:
    return [field.key for field in layout.fields]


def test_conditional_questions_are_folded_away_until_somebody_wants_them() -> None:
    schema = [PURPOSE, REGION, NOTE]

    assert keys(forms.lay_out(schema)) == ["region"]
    assert [field.key for field in forms.lay_out(schema).folded] == ["purpose", "note"]
    assert keys(forms.lay_out(schema, unfolded=True)) == ["region", "purpose", "note"]
    assert keys(forms.lay_out(schema, wanted={"note"})) == ["region", "note"]


def test_a_question_shown_by_a_condition_stands_beside_the_one_that_decides() -> None:
    other = a_field("other", required=Required.ALWAYS)
    known = forms.Known(
        shown={"purpose": "region"}, required=frozenset({"purpose"}), hidden=frozenset({"note"})
    )
    layout = forms.lay_out([PURPOSE, NOTE, REGION, other], known)

    assert keys(layout) == ["region", "purpose", "other"]
    assert layout.fields[1].required is Required.ALWAYS
    assert layout.left(forms.Content()) == 3


def test_a_hidden_question_keeps_its_answer_but_does_not_send_it() -> None:
    content = forms.Content({"region": "AMER", "note": "for later"})
    layout = forms.lay_out([REGION, NOTE], forms.Known(hidden=frozenset({"note"})), unfolded=True)

    assert forms.to_send(layout, content) == {"region": "AMER"}
    assert content.answers["note"] == "for later"


def test_conditions_that_lead_in_a_circle_lose_no_question() -> None:
    known = forms.Known(shown={"purpose": "note", "note": "purpose"})

    assert sorted(keys(forms.lay_out([PURPOSE, NOTE], known))) == ["note", "purpose"]


def test_many_questions_brought_up_by_one_do_not_overflow_the_page() -> None:
    brought_up = [a_field(f"q{n}", required=Required.CONDITIONAL) for n in range(130)]
    answered = Group(tests=(Comparison(field="region", op=Operator.FILLED),))
    rules = [Rule(target=field.key, effect=Effect.SHOW, groups=(answered,)) for field in brought_up]
    schema = [REGION, *brought_up]
    form = replace(a_form(schema), rules=rules, content=forms.Content({"region": "EMEA"}))

    assert len(form.layout.fields) == 131
    assert all(len(page.fields) <= 40 for page in form.layout.pages)
    for screen in every_screen(form):
        assert problems_in_view(screen) == []


# Labels -------------------------------------------------------------------------------------------

LABELS = {
    "long": "Which of our companies signs, and for whom? " * 9,
    "right to left": "ما هو اسم الطرف الآخر؟ (שם מלא)",
    "emoji": "👩🏽‍⚖️ 法務 🏳️‍🌈 :smile: *not bold*",
}
ROWS = Field(key="e", type="object", fields=(a_field("sku"),))


@pytest.mark.parametrize("label", LABELS.values(), ids=LABELS)
def test_a_label_of_any_kind_is_shown_whole_wherever_its_question_is_asked(label: str) -> None:
    asked = Field(key="asked", type="string", label=label, required=Required.NEVER)
    rows = {"key": "table", "type": "array", "element": ROWS, "fields": ROWS.fields}
    table = asked.model_copy(update=rows)
    paper = Field(key="e", type="document")
    papers = asked.model_copy(update={"key": "papers", "type": "array", "element": paper})
    file = {"#": "file", "id": "F1", "name": "a.pdf", "size": 1, "mimetype": "application/pdf"}
    content = forms.Content({"asked": "Acme", "papers": [file]})
    form = a_form([asked, table, papers], content)

    screen = views.page(form, START)

    assert problems_in_view(screen) == []
    inputs = [block["label"]["text"] for block in screen["blocks"] if block["type"] == "input"]
    headings = [block["text"]["text"] for block in screen["blocks"] if block["type"] == "section"]
    assert label.strip() in inputs
    assert sum(exactly(label, 500) in text for text in headings) == 2
    reviewed = review(form, START.turned(ids.Turn(at="review")))["blocks"]
    told = "".join(block["text"]["text"] for block in reviewed if block["type"] == "section")
    assert told.count(literal(label.strip())[:150]) == 2


def test_what_slack_has_no_room_for_in_a_label_goes_on_in_the_hint() -> None:
    label = "".join(f"{number:04}" for number in range(600))
    (block,) = ask_one(Field(key="q", type="array", label=label, element=Field(key="e", type="string")))

    shown = block["label"]["text"].removesuffix("…") + block["hint"]["text"].removeprefix("…")

    assert len(block["label"]["text"]) == 2000
    assert shown == f"{label} One on each line."


def ask_one(field: Field) -> list[dict[str, Any]]:
    return [block.to_dict() for block in forms.draw_whole([field], {})]


# What cannot be asked -----------------------------------------------------------------------------


def test_parts_that_cannot_be_asked_are_named_with_a_way_to_ironclads_form() -> None:
    proof = Field(key="proof", type="hologram", label="Proof")
    inner = a_field("inner", "object", fields=(a_field("name"), proof))
    table = a_table("lines", a_field("sku"), proof)
    form = a_form([a_field("contact", "object", fields=(a_field("name"), inner)), table])

    told = str(views.page(form, START)["blocks"])
    at = ids.PartState(form=START, field="lines", row="r1")
    row = str(row_form(form, at, table, forms.Content(), form.asking.on_top, new=True)["blocks"])

    assert "• contact: inner: Proof" in told
    assert "• lines: Proof" in told
    assert "Open Ironclad's form" in told
    assert not form.layout.blocked
    assert "Only Ironclad's own form asks: lines: Proof" in row


def a_table(key: str, *columns: Field, **more: Any) -> Field:
    element = Field(key="e", type="object", fields=columns)
    return a_field(key, "array", element=element, fields=columns, **more)


def papers(key: str) -> Field:
    return a_field(key, "array", element=Field(key="e", type="document"))


def test_a_table_stands_as_deep_as_slack_stacks_windows_and_no_deeper() -> None:
    deepest = a_table("days", a_field("hours", "number"))
    phases = a_table("phases", a_field("name"), papers("plan"), a_field("more", "object", fields=(deepest,)))
    sites = a_table("sites", a_field("place"), phases)
    form = a_form([a_field("project", "object", fields=(sites, papers("brief")))])
    outer, inner = form.asking.on_top, form.asking.on_top.on_top

    assert [part.label for part in unaskable_parts(form.fields[0])] == ["project: sites: phases: more"]
    assert [one.key for one in columns_of(sites, outer)] == ["place", "phases"]
    assert [one.key for one in columns_of(phases, inner)] == ["name", "plan"]
    at = ids.PartState(form=START, field="phases", row="r1")
    row = row_form(form, at, phases, forms.Content(), inner, new=True)
    assert problems_in_view(row) == []
    assert "Only Ironclad's own form asks: phases: more" in str(row["blocks"])
    assert "Take a file from Slack" not in str(row["blocks"])  # no window fits on top any more
    needed = a_table("sites", a_table("phases", deepest.model_copy(update={"required": Required.ALWAYS})))
    assert a_form([needed]).layout.left_out == (forms.Missing("sites", False, "array"),)


def test_what_has_more_parts_than_a_window_takes_is_named() -> None:
    many = tuple(papers(f"paper{n}") for n in range(60))
    needed = a_field("dossier", "object", fields=many, required=Required.ALWAYS)
    table = a_table("lines", a_field("sku"), *many, required=Required.NEVER)
    form = a_form([needed, table])
    at = ids.PartState(form=START, field="lines", row="r1")

    row = row_form(form, at, table, forms.Content(), form.asking.on_top, new=False)

    assert form.layout.left_out == (forms.Missing("dossier", True, "object"),)
    assert form.layout.blocked
    for screen in (*every_screen(form), row):
        assert problems_in_view(screen) == []
    assert "Only Ironclad's own form asks: lines: paper" in str(row["blocks"])
    many_more = a_table("lines", *many, *(a_field(f"&{'<' * 99}{n}", "hologram") for n in range(99)))
    row = row_form(form, at, many_more, forms.Content(), form.asking.on_top, new=True)
    assert problems_in_view(row) == []


def test_a_screen_reader_tells_buttons_apart_that_say_the_same() -> None:
    file = {"#": "file", "id": "F1", "name": f"{'a' * 90}.pdf", "size": 1, "mimetype": "application/pdf"}
    parts = (a_table("sites", a_field("place")), papers("proof"))
    form = a_form([a_table("lines", a_field("sku")), a_field("vendor", "object", fields=parts)])
    form = form.holding(forms.Content({"vendor": {"proof": [file]}}, unfolded=True))

    screen = views.page(form, START)

    elements = [element for block in screen["blocks"] for element in block.get("elements", ())]
    elements += [block["accessory"] for block in screen["blocks"] if "accessory" in block]
    told = [element["accessibility_label"] for element in elements if "accessibility_label" in element]
    assert problems_in_view(screen) == []
    assert told[:3] == [
        "Add a row: lines",
        "Add a row: vendor: sites",
        "Take a file from Slack: vendor: proof",
    ]
    assert told[3].startswith("Remove: aaa")


def test_a_part_that_is_wrong_costs_nothing_of_what_is_kept_beside_it() -> None:
    hours = a_field("hours", "number", required=Required.ALWAYS)
    parts = (a_table("sites", a_field("place")), papers("proof"), hours)
    vendor = a_field("vendor", "object", fields=parts, required=Required.ALWAYS)
    file = {"#": "file", "id": "F1", "name": "a.pdf", "size": 1, "mimetype": "application/pdf"}
    kept = {"sites": [{"place": "Cork", "#": "row", "#id": "r1"}], "proof": [file]}
    form = a_form([vendor], forms.Content({"vendor": kept}))
    at = block_id(inside(vendor, hours))

    for wrong in ("many", ""):  # one that cannot be read, one that is missing
        typed = {at: {ids.FIELD: {"value": wrong}}}
        reading = forms.read_page(form.fields, form.content, typed, form.asking)
        assert list(reading.problems) == [at]
        assert reading.content.answers == {"vendor": kept}
        assert form.holding(reading.content).problems.keys() == {"vendor"}


def test_a_table_with_many_rows_is_kept_when_one_of_them_lacks_something() -> None:
    sku = a_field("sku", required=Required.ALWAYS)
    table = a_table("lines", sku, a_field("note"), required=Required.NEVER)
    rows = [{"note": "x", "#": "row", "#id": f"r{n}"} for n in range(7)]
    form = a_form([table], forms.Content({"lines": rows}))
    typed = {block_id(table, "rows"): {ids.PICK_ROW: {"selected_option": None}}}  # as Slack tells of it

    reading = forms.read_page(form.fields, form.content, typed, form.asking)

    assert reading == forms.Reading(form.content, {})
    assert "Row 1, sku" in form.problems["lines"]


# Beginning ----------------------------------------------------------------------------------------


def test_a_default_is_an_answer_until_it_is_cleared() -> None:
    law = a_field("law", default="California", required=Required.NEVER)
    form = a_form([law])
    assert forms.to_send(form.layout, form.content) == {"law": "California"}

    cleared = form.holding(forms.read_page([law], form.content, text(law, None), form.asking).content)

    assert forms.to_send(cleared.layout, cleared.content) == {}
    shown = [b for b in views.page(cleared, START)["blocks"] if b["type"] == "input"]
    assert "initial_value" not in shown[0]["element"]


def test_what_was_known_beforehand_is_asked_even_if_it_may_not_be_needed() -> None:
    content = forms.begun([REGION, PURPOSE, NOTE], {"purpose": "Audit", "region": "Mars"}, forms.Asking())

    assert content.answers == {"purpose": "Audit"}
    assert content.wanted == {"purpose"}


def test_a_draft_of_another_version_opens() -> None:
    typed = {"f:a": {"field": {"value": "x"}}}
    inner = forms.Content({"b": [2]}, rows={"r2": forms.Content({"c": 3}, typed)})
    content = forms.Content({"a": 1}, typed, {"a": "Look"}, frozenset({"a"}), True, rows={"r1": inner})

    assert forms.Content.load(content.answers, content.state()) == content
    assert forms.Content.load({"a": 1}, {"typed": "nonsense", "else": 3}) == forms.Content({"a": 1})


@pytest.mark.parametrize("demo", [True, False])
def test_every_screen_of_a_form_says_whether_it_goes_to_the_demo(demo: bool) -> None:
    form = a_form(long_schema(30))
    form = replace(form, connection=replace(form.connection, demo=demo))
    here = ids.FormState(draft="d1")
    for screen in (views.page(form, here), views.index(form, here), review(form, here)):
        assert ("not to production" in str(screen)) is demo
