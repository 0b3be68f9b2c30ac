"""Rules of conditional questions: judged, checked, written to files and read back."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.forms.conditions import (
    Comparison,
    Effect,
    Group,
    Operator,
    Rule,
    choices_of,
    holds,
    manner_of,
    operators_of,
    outlook,
)
from bot.forms.rule_builder import blank_in, blank_of, rule_in
from bot.forms.rule_files import exported, imported
from bot.forms.rule_inputs import ask
from bot.forms.rule_problems import problems_of
from bot.texts import ENGLISH
from ironclad import Field, Options, Required
from tests.sandbox.slack.elements import state_values

PAPER = Field(
    key="paperSource",
    type="string",
    label="Whose paper?",
    required=Required.ALWAYS,
    options=Options(values=("Our paper", "Counterparty paper")),
)
AMOUNT = Field(key="amount", type="number", label="Amount (USD)", required=Required.ALWAYS)
VALUE = Field(key="value", type="monetaryAmount", label="Contract value", required=Required.NEVER)
DATA = Field(key="handlesData", type="boolean", label="Personal data?", required=Required.NEVER)
KINDS = Field(
    key="kinds",
    type="array",
    label="Categories",
    required=Required.NEVER,
    options=Options(values=("Contact", "Health", "Other")),
    element=Field(key="kinds", type="string"),
)
START = Field(key="start", type="date", label="Start", required=Required.NEVER)
WHY = Field(key="why", type="string", label="Why?", required=Required.NEVER)
CENTRE = Field(key="costCentre", type="string", label="Cost centre")
DPA = Field(key="dpaContact", type="string", label="Data protection contact")
FIELDS = (PAPER, AMOUNT, VALUE, DATA, KINDS, START, WHY, CENTRE, DPA)


def rule(target: str, *tests: Comparison, effect: Effect = Effect.ASK, join: Any = "all") -> Rule:
    return Rule(target=target, effect=effect, groups=(Group(join=join, tests=tests),))


def when(field: Field, op: Operator, *values: str) -> Comparison:
    return Comparison(field=field.key, op=op, values=values)


@pytest.mark.parametrize(
    ("field", "op", "values", "yes", "no"),
    [
        (PAPER, Operator.IS, ("Our paper",), ["Our paper"], ["Counterparty paper", None, ""]),
        (PAPER, Operator.IS_NOT, ("Our paper",), ["Counterparty paper"], ["Our paper", None]),
        (WHY, Operator.IS, ("Because  it is",), ["because it is "], ["because"]),
        (AMOUNT, Operator.OVER, ("10000",), [10000.01, 25000], [10000, 9500, None, "many", True]),
        (AMOUNT, Operator.UNDER, ("10000",), [9999.99, -1], [10000, None]),
        (AMOUNT, Operator.IS, ("10.50",), [10.5], [10]),
        (VALUE, Operator.OVER, ("100",), [{"currency": "EUR", "amount": 101}], [{"currency": "EUR"}, None]),
        (DATA, Operator.IS, ("true",), [True], [False, None]),
        (DATA, Operator.EMPTY, (), [None], [True, False]),
        (DATA, Operator.FILLED, (), [True, False], [None]),
        (KINDS, Operator.ONE_OF, ("Health", "Other"), [["Contact", "Health"]], [["Contact"], [], None]),
        (START, Operator.OVER, ("2026-01-31",), ["2026-02-01T00:00:00+01:00"], ["2026-01-31", "soon", None]),
        (START, Operator.UNDER, ("2026-01-31",), ["2026-01-30"], ["2026-01-31"]),
        (CENTRE, Operator.EMPTY, (), [None, "", [], {}], ["x", 0, False]),
    ],
)
def test_a_comparison(
    field: Field, op: Operator, values: tuple[str, ...], yes: list[Any], no: list[Any]
) -> None:
    test = Comparison(field=field.key, op=op, values=values)

    assert [answer for answer in yes if not holds(test, field, answer)] == []
    assert [answer for answer in no if holds(test, field, answer)] == []


def test_a_question_is_asked_when_its_rule_holds_and_hidden_otherwise() -> None:
    rules = [rule("costCentre", when(AMOUNT, Operator.OVER, "10000"))]

    small, large = (outlook(rules, FIELDS, {"amount": amount}) for amount in (9500, 25000))

    assert [set(one) for one in (small.hidden, small.shown, small.required)] == [{"costCentre"}, set(), set()]
    assert [set(one) for one in (large.hidden, large.shown)] == [set(), {"costCentre"}]
    assert large.required == {"costCentre"}
    assert large.deciders == {"amount"}
    assert "dpaContact" not in small.hidden | small.shown | small.unsure


def test_what_a_rule_does() -> None:
    test = when(DATA, Operator.IS, "true")
    for effect, shown, required in (
        (Effect.ASK, {"dpaContact"}, {"dpaContact"}),
        (Effect.SHOW, {"dpaContact"}, set()),
        (Effect.REQUIRE, set(), {"dpaContact"}),
    ):
        seen = outlook([rule("dpaContact", test, effect=effect)], FIELDS, {"handlesData": True})
        assert (set(seen.shown), set(seen.required), set(seen.hidden)) == (shown, required, set())
    only_required = outlook([rule("dpaContact", test, effect=Effect.REQUIRE)], FIELDS, {})
    assert only_required.hidden == set()


def test_one_rule_that_holds_is_enough() -> None:
    rules = [
        rule("costCentre", when(AMOUNT, Operator.OVER, "10000")),
        rule("costCentre", when(PAPER, Operator.IS, "Our paper"), effect=Effect.SHOW),
    ]

    assert outlook(rules, FIELDS, {"amount": 1, "paperSource": "Our paper"}).shown == {"costCentre"}
    assert outlook(rules, FIELDS, {"amount": 1}).hidden == {"costCentre"}


def test_and_and_or_can_be_nested() -> None:
    nested = Rule(
        target="costCentre",
        join="any",
        groups=(
            Group(tests=(when(AMOUNT, Operator.OVER, "10"), when(DATA, Operator.IS, "true"))),
            Group(tests=(when(WHY, Operator.FILLED),)),
        ),
    )
    for answers, asked in (
        ({"amount": 11, "handlesData": True}, True),
        ({"amount": 11, "handlesData": False}, False),
        ({"amount": 1, "why": "so"}, True),
        ({}, False),
    ):
        assert (outlook([nested], FIELDS, answers).shown == {"costCentre"}) is asked


def test_a_hidden_question_decides_as_if_it_had_no_answer() -> None:
    rules = [
        rule("costCentre", when(AMOUNT, Operator.OVER, "10000")),
        rule("dpaContact", when(CENTRE, Operator.FILLED)),
    ]
    answers = {"amount": 9500, "costCentre": "CC-7", "dpaContact": "sam"}

    seen = outlook(rules, FIELDS, answers)

    assert seen.hidden == {"costCentre", "dpaContact"}
    assert seen.without_hidden(answers) == {"amount": 9500}


def test_what_cannot_be_judged_is_said_and_hides_nothing() -> None:
    gone = rule("costCentre", Comparison(field="noLongerThere", op=Operator.FILLED))
    round_trip = [
        rule("costCentre", when(DPA, Operator.EMPTY)),
        rule("dpaContact", when(CENTRE, Operator.EMPTY)),
    ]

    assert outlook([gone], FIELDS, {}).unsure == {"costCentre"}
    assert outlook([gone], FIELDS, {}).hidden == set()
    both = outlook(round_trip, FIELDS, {"costCentre": "CC-7", "dpaContact": "sam"})
    assert both.hidden == set()
    assert both.unsure in ({"costCentre", "dpaContact"}, set())
    assert "wait for each other" in problems_of(round_trip, FIELDS)[0].what


@pytest.mark.parametrize(
    ("wrong", "part", "told"),
    [
        (rule("nowhere", when(AMOUNT, Operator.FILLED)), "target", "no question “nowhere”"),
        (rule("amount", when(WHY, Operator.FILLED)), "target", "always asks for Amount (USD)"),
        (rule("costCentre", when(CENTRE, Operator.FILLED)), "0", "cannot decide about itself"),
        (rule("costCentre", when(DATA, Operator.OVER, "1")), "0", "cannot be compared like this"),
        (rule("costCentre", when(AMOUNT, Operator.OVER, "lots")), "0", "“lots” is not a number"),
        (rule("costCentre", when(AMOUNT, Operator.OVER)), "0", "Say with what Amount (USD) is compared"),
        (rule("costCentre", when(START, Operator.OVER, "24.11.2026")), "0", "is not a date"),
        (rule("costCentre", when(PAPER, Operator.IS, "Their paper")), "0", "“Their paper” is not one of"),
        (rule("costCentre", when(PAPER, Operator.IS, "Our paper", "Our paper")), "0", "one value only"),
        (rule("costCentre", when(DATA, Operator.IS, "perhaps")), "0", "Yes or No"),
        (rule("costCentre", *[when(WHY, Operator.IS, f"{n}") for n in range(11)]), "target", "at most 10"),
    ],
)
def test_what_is_wrong_with_a_rule(wrong: Rule, part: str, told: str) -> None:
    problem = problems_of([wrong], FIELDS)[0]

    assert problem.part == part
    assert told in problem.what


def test_the_same_rule_twice_is_told() -> None:
    one = rule("costCentre", when(WHY, Operator.FILLED))

    assert "there already" in problems_of([one, one], FIELDS)[0].what


# Any rule -----------------------------------------------------------------------------------------

HOSTILE = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=40)
WORDS = st.one_of(
    HOSTILE, st.sampled_from(["no", "yes", "null", "1e3", "~", "#x", "- a", "{b: c}", "a: b", "*"])
)


@st.composite
def templates(draw: st.DrawFn) -> list[Field]:
    keys = draw(st.lists(WORDS, min_size=2, max_size=6, unique=True))
    types = st.sampled_from(
        ["string", "choice", "several", "boolean", "number", "date", "monetaryAmount", "address"]
    )
    return [
        _field(key, draw(types), draw(WORDS), draw(st.lists(WORDS, min_size=1, max_size=4))) for key in keys
    ]


def _field(key: str, kind: str, label: str, values: list[str]) -> Field:
    choices = Options(values=tuple(value for value in values if value.strip()) or ("A",))
    if kind == "several":
        return Field(
            key=key, type="array", label=label, options=choices, element=Field(key=key, type="string")
        )
    return Field(
        key=key,
        type="string" if kind == "choice" else kind,
        label=label,
        options=choices if kind == "choice" else None,
    )


@st.composite
def rules_of(draw: st.DrawFn, fields: list[Field]) -> list[Rule]:
    """Rules that fit: each is about the first field, so they cannot wait for each other."""
    others = st.sampled_from(fields[1:])
    group = st.builds(
        Group,
        join=st.sampled_from(["all", "any"]),
        tests=st.lists(others.flatmap(comparisons), min_size=1, max_size=2).map(tuple),
    )
    made = st.builds(
        Rule,
        target=st.just(fields[0].key),
        effect=st.sampled_from(Effect),
        join=st.sampled_from(["all", "any"]),
        groups=st.lists(group, min_size=1, max_size=3).map(tuple),
    )
    return draw(st.lists(made, max_size=3, unique=True))


def comparisons(field: Field) -> st.SearchStrategy[Comparison]:
    def values(op: Operator) -> st.SearchStrategy[Comparison]:
        several = op is Operator.ONE_OF
        value = {
            "boolean": st.sampled_from(["true", "false"]),
            "number": st.decimals(-1000, 1000, places=2).map(str),
            "monetaryAmount": st.decimals(0, 1000, places=2).map(str),
            "date": st.dates().map(str),
        }.get(manner_of(field), st.sampled_from(choices_of(field) or ("some text", "no")))
        many = st.lists(value, min_size=1, max_size=3 if several else 1, unique=True).map(tuple)
        given_values = st.just(()) if op in (Operator.EMPTY, Operator.FILLED) else many
        return given_values.map(lambda found: Comparison(field=field.key, op=op, values=found))

    return st.sampled_from(operators_of(field)).flatmap(values)


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_rules_come_back_from_a_file_as_they_went(data: st.DataObject) -> None:
    fields = data.draw(templates())
    drawn = [one for one in data.draw(rules_of(fields)) if not problems_of([one], fields)]
    rules = list(dict.fromkeys(drawn))

    read = imported(exported("NDA: “x” #1", rules, fields), fields)

    assert read.problems == ()
    assert list(read.rules) == rules
    assert read.template == "NDA: “x” #1"


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_rules_come_back_from_the_form_as_they_went(data: st.DataObject) -> None:
    fields = data.draw(templates())
    for one in data.draw(rules_of(fields)):
        blank = blank_of(one)
        blocks = [block.to_dict() for block in ask(blank, fields, ENGLISH)]

        read = rule_in(blank_in(state_values(blocks, {}, lambda _: None), blank.shape, fields))

        assert isinstance(read, Rule)
        assert _unordered(read) == _unordered(one)


def _unordered(rule: Rule) -> Any:
    groups = [(g.join, [(t.field, t.op, set(t.values)) for t in g.tests]) for g in rule.groups]
    return rule.target, rule.effect, rule.join, groups


# Files --------------------------------------------------------------------------------------------

GOOD = """\
slipway: conditional questions
version: 1
template: Simple Purchase
rules:
  - ask: costCentre  # Cost centre
    when: {field: amount, is over: 10000}
  - show: dpaContact
    when:
      any:
        - all:
            - {field: handlesData, is: yes}
            - {field: kinds, is one of: [Health, Other]}
        - {field: why, is not empty: true}
"""


def test_a_file_as_people_write_it() -> None:
    read = imported(GOOD, FIELDS)

    assert read.problems == ()
    first, second = read.rules
    assert first == rule("costCentre", when(AMOUNT, Operator.OVER, "10000"))
    assert second.effect is Effect.SHOW
    assert [group.join for group in second.groups] == ["all", "all"]
    assert [test.values for test in second.tests] == [("true",), ("Health", "Other"), ()]


def test_json_is_read_too() -> None:
    text = (
        '{"slipway": "conditional questions", "version": 1, "rules": [\n'
        '{"ask": "costCentre", "when": {"field": "amount", "is over": 10000}}]}'
    )

    assert imported(text, FIELDS).rules == (rule("costCentre", when(AMOUNT, Operator.OVER, "10000")),)


@pytest.mark.parametrize(
    ("change", "line", "told"),
    [
        (("slipway: conditional questions", "slipway: something"), 1, "has to begin with"),
        (("version: 1", "version: 2"), 2, "reads version 1"),
        (("ask: costCentre", "tell: costCentre"), 5, "one of “ask”, “show”, “require”"),
        (("ask: costCentre", "ask: costCenter"), 5, "no question “costCenter”"),
        (("is over: 10000", "is over: lots"), 6, "“lots” is not a number"),
        (("is over: 10000", "exceeds: 10000"), 6, "names a “field” and one of"),
        (("field: amount", "field: amout"), 6, "no question “amout”"),
        (("{field: handlesData, is: yes}", "{field: handlesData, is: maybe}"), 11, "Yes or No"),
        (("[Health, Other]", "[Health, Wealth]"), 12, "“Wealth” is not one of"),
        (("is not empty: true", "is not empty: false"), 13, "Write “is not empty: true”"),
        (("is over: 10000}", "is over: 10000"), 7, "neither YAML nor JSON"),
        (("any:\n", "some:\n"), 9, "names a “field”"),
        (("show: dpaContact", "show: &a dpaContact"), None, ""),
        (("why, is not", "*a , is not"), 13, "References with *"),
        (("show: dpaContact", "show: costCentre\n    extra: 1"), 7, "and “when”"),
    ],
)
def test_problems_name_their_line(change: tuple[str, str], line: int | None, told: str) -> None:
    assert change[0] in GOOD
    problems = imported(GOOD.replace(*change, 1), FIELDS).problems

    if line is None:
        assert problems == ()
    else:
        assert (problems[0].line, told in problems[0].what) == (line, True), problems


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "just words",
        "[1, 2]",
        "a: [" * 500,
        "[" * 100_000,
        "x" * 300_000,
        "a: &a [x]\nb: *a",
        "\x00",
        "- - -",
    ],
)
def test_what_is_no_file_of_rules_is_told_and_does_no_harm(text: str) -> None:
    assert imported(text, FIELDS).problems != ()


@settings(max_examples=100, deadline=None)
@given(st.text(st.characters(codec="utf-8"), max_size=200))
def test_any_text_gets_an_answer(text: str) -> None:
    assert imported(text, FIELDS).problems != ()
    imported(GOOD + text, FIELDS)
