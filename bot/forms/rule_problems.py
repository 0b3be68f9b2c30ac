"""What is wrong with rules, told before they are kept: each problem with the part it is about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.forms.conditions import (
    MAX_RULES,
    MAX_TESTS,
    NO,
    UNARY,
    YES,
    Comparison,
    Operator,
    Rule,
    amount,
    choices_of,
    circle,
    manner_of,
    operators_of,
)
from bot.texts import Phrase, phrase
from ironclad import Field, Required

TARGET = "target"


@dataclass(frozen=True)
class Problem:
    """A sentence about one rule; `part` is ``target``, or the number of the test, from 0."""

    rule: Rule
    part: str
    what: Phrase


def problems_of(rules: Sequence[Rule], fields: Sequence[Field]) -> list[Problem]:
    """Everything that keeps these rules of one template from being judged, in their order."""
    known = {field.key: field for field in fields}
    found = [problem for rule in rules for problem in _of_rule(rule, known)]
    found += [
        Problem(rule, TARGET, phrase("There are more than {most} rules.", most=MAX_RULES))
        for rule in rules[MAX_RULES:][:1]
    ]
    seen: set[Rule] = set()
    for rule in rules:
        if rule in seen:
            found.append(Problem(rule, TARGET, phrase("This rule is there already.")))
        seen.add(rule)
    if not found and (round_trip := circle(rules)):
        names = " → ".join(label_of(known[key]) for key in [*round_trip, round_trip[0]])
        about = next(rule for rule in rules if rule.target == round_trip[0])
        what = phrase("These questions wait for each other: {names}. Remove one of the rules.", names=names)
        found.append(Problem(about, TARGET, what))
    return found


def label_of(field: Field) -> str:
    """What a question is called."""
    return " ".join(field.label.split()) or field.key


def _of_rule(rule: Rule, known: Mapping[str, Field]) -> Iterator[Problem]:
    target = known.get(rule.target)
    if target is None:
        yield Problem(rule, TARGET, phrase("The template has no question “{key}”.", key=rule.target))
    elif target.required is Required.ALWAYS:
        what = phrase("Ironclad always asks for {field}: it needs no rule.", field=label_of(target))
        yield Problem(rule, TARGET, what)
    tests = list(rule.tests)
    if len(tests) > MAX_TESTS:
        yield Problem(rule, TARGET, phrase("A rule has at most {most} conditions.", most=MAX_TESTS))
    for place, test in enumerate(tests):
        if what_is_wrong := _of_test(rule, test, known):
            yield Problem(rule, str(place), what_is_wrong)


def _of_test(rule: Rule, test: Comparison, known: Mapping[str, Field]) -> Phrase | None:
    field = known.get(test.field)
    if field is None:
        return phrase("The template has no question “{key}”.", key=test.field)
    if test.field == rule.target:
        return phrase("A question cannot decide about itself.")
    if test.op not in operators_of(field):
        return phrase("{field} cannot be compared like this.", field=label_of(field))
    return _of_values(test, field)


def _of_values(test: Comparison, field: Field) -> Phrase | None:
    if test.op in UNARY:
        return None
    if not test.values or not all(value.strip() for value in test.values):
        return phrase("Say with what {field} is compared.", field=label_of(field))
    if len(test.values) > 1 and test.op is not Operator.ONE_OF:
        return phrase("Give one value only.")
    wrong = next((value for value in test.values if not _fits(field, value)), None)
    if wrong is None:
        return None
    return {
        "boolean": phrase("Choose Yes or No."),
        "date": phrase("“{value}” is not a date. Write it like 2026-11-24.", value=wrong),
        "number": phrase("“{value}” is not a number. Write it like 1250.50.", value=wrong),
        "monetaryAmount": phrase("“{value}” is not a number. Write it like 1250.50.", value=wrong),
    }.get(manner_of(field), phrase("“{value}” is not one of the choices.", value=wrong))


def _fits(field: Field, value: str) -> bool:
    match manner_of(field):
        case "boolean":
            return value in (YES, NO)
        case "number" | "monetaryAmount":
            return amount(field, value) is not None
        case "date":
            return _is_day(value)
        case "choice":
            return value in choices_of(field) or bool(field.options and field.options.free_text)
        case "several":
            return value in choices_of(field)
        case _:
            return True


def _is_day(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False
