"""Rules that are guessed: each with its reason, never one that evidence speaks against."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from bot.forms.conditions import Comparison, Group, Operator, Rule
from bot.forms.suggestions import Asked, Evidence, Suggestion, _roundest, contradicted, suggestions
from ironclad import Field, Options, Required

AMOUNT = Field(key="amount", type="number", label="Amount (USD)", required=Required.ALWAYS)
REGION = Field(
    key="region",
    type="string",
    label="Region",
    required=Required.ALWAYS,
    options=Options(values=("AMER", "EMEA", "APAC")),
)
DATA = Field(key="personalData", type="boolean", label="Personal data?", required=Required.ALWAYS)
CENTRE = Field(key="costCentre", type="string", label="Cost centre")


def guesses(*fields: Field, evidence: Evidence | None = None, **more: Any) -> list[Suggestion]:
    return suggestions(fields, more.get("rules", ()), evidence or Evidence(), more.get("dropped", ()))


def only(target: Field, field: Field, op: Operator, *values: str) -> Rule:
    test = Comparison(field=field.key, op=op, values=values)
    return Rule(target=target.key, groups=(Group(tests=(test,)),))


def refused(*answers: dict[str, Any]) -> list[Asked]:
    return [Asked("costCentre", one) for one in answers]


def test_an_amount_that_divides_what_was_refused_from_what_was_accepted() -> None:
    evidence = Evidence(
        refused=refused({"amount": 25000, "region": "EMEA"}, {"amount": 18000, "region": "AMER"}),
        accepted=[{"amount": 9500, "region": "EMEA"}, {"amount": 50, "region": "AMER"}],
    )

    (guess,) = guesses(AMOUNT, REGION, CENTRE, evidence=evidence)

    assert guess.rule == only(CENTRE, AMOUNT, Operator.OVER, "10000")
    assert "refused without it: 2, with Amount (USD) from 18000" in guess.reason
    assert "guess" in guess.reason


def test_a_choice_that_does() -> None:
    evidence = Evidence(
        refused=refused({"amount": 5, "region": "EMEA", "personalData": True}),
        accepted=[{"amount": 9, "region": "AMER", "personalData": True}],
    )

    (guess,) = guesses(AMOUNT, REGION, DATA, CENTRE, evidence=evidence)

    assert guess.rule == only(CENTRE, REGION, Operator.IS, "EMEA")


def test_an_accepted_launch_with_an_answer_says_nothing() -> None:
    evidence = Evidence(refused=refused({"region": "EMEA"}), accepted=[{"region": "AMER", "costCentre": "C"}])

    assert guesses(REGION, CENTRE, evidence=evidence) == []


@pytest.mark.parametrize(
    "evidence",
    [
        Evidence(refused=refused({"region": "EMEA"})),
        Evidence(accepted=[{"region": "EMEA"}]),
        Evidence(refused=refused({"region": "EMEA"}), accepted=[{"region": "EMEA"}]),
        Evidence(refused=refused({}), accepted=[{"region": "AMER"}]),
        Evidence(refused=refused({"amount": 5}), accepted=[{"amount": 5}, {}]),
    ],
)
def test_nothing_is_guessed_from_too_little(evidence: Evidence) -> None:
    assert guesses(AMOUNT, REGION, CENTRE, evidence=evidence) == []


def test_what_was_dropped_gives_way_to_the_next_guess() -> None:
    evidence = Evidence(
        refused=refused({"region": "EMEA", "personalData": True}),
        accepted=[{"region": "AMER", "personalData": False}],
    )
    fields = (REGION, DATA, CENTRE)
    (first,) = guesses(*fields, evidence=evidence)
    (second,) = guesses(*fields, evidence=evidence, dropped={first.rule.id})

    assert first.rule != second.rule
    assert guesses(*fields, evidence=evidence, dropped={first.rule.id, second.rule.id}) == []
    assert guesses(*fields, evidence=evidence, rules=[first.rule]) == []


NAMED = [
    (
        Field(key="paperSource", type="string", options=Options(values=("Our paper", "Counterparty paper"))),
        Field(key="draft", type="array", label="Upload it", element=Field(key="draft", type="document")),
        Operator.IS,
        "Counterparty paper",
    ),
    (
        Field(key="paper", type="string", options=Options(values=("Ours", "Counterparty paper"))),
        Field(key="counterpartyPaperReason", type="string", label="Reason"),
        Operator.IS,
        "Counterparty paper",
    ),
    (
        Field(key="law", type="string", label="Law", options=Options(values=("Delaware", "Other"))),
        Field(key="x1", type="string", label="If other, please specify"),
        Operator.IS,
        "Other",
    ),
    (
        Field(
            key="data",
            type="array",
            label="Data",
            options=Options(values=("Health", "Other")),
            element=Field(key="data", type="string"),
        ),
        Field(key="x1", type="string", label="Other: which?"),
        Operator.ONE_OF,
        "Other",
    ),
    (
        Field(key="abroad", type="boolean", label="Abroad?"),
        Field(key="x1", type="string", label="If yes, where to?"),
        Operator.IS,
        "true",
    ),
    (
        Field(key="abroad", type="string", label="Abroad?", options=Options(values=("Yes", "No"))),
        Field(key="x1", type="string", label="If no, why?"),
        Operator.IS,
        "No",
    ),
]


@pytest.mark.parametrize(("decider", "target", "op", "value"), NAMED)
def test_names_that_say_when(decider: Field, target: Field, op: Operator, value: str) -> None:
    asked = decider.model_copy(update={"required": Required.ALWAYS})

    (guess,) = guesses(asked, target)

    assert guess.rule == only(target, decider, op, value)
    assert guess.reason


def test_names_say_nothing_of_questions_that_are_not_conditional() -> None:
    decider, target, *_ = NAMED[2]

    assert guesses(decider, target.model_copy(update={"required": Required.NEVER})) == []


def test_a_rule_that_ironclad_contradicts() -> None:
    rules = [only(CENTRE, AMOUNT, Operator.OVER, "10000")]
    evidence = Evidence(refused=refused({"amount": 9500}, {"amount": 25000}))

    assert contradicted(rules, (AMOUNT, CENTRE), evidence) == {"costCentre": 1}


@pytest.mark.parametrize(
    ("low", "high", "limit"),
    [
        ("9500", "25000", "10000"),
        ("0", "1", "0"),
        ("10.25", "10.4", "10.3"),
        ("-5", "5", "0"),
        ("7", "7.5", "7"),
    ],
)
def test_the_roundest_limit_between(low: str, high: str, limit: str) -> None:
    assert _roundest(Decimal(low), Decimal(high)) == Decimal(limit)
