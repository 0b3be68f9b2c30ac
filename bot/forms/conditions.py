"""Conditional questions: Ironclad says *that* a field is conditional, never *when*, so admins write rules.

A rule asks for one field when tests of others hold: ``ask costCentre when amount is over 10000``. Rules are
our own knowledge; Ironclad alone decides in the end. So an `Outlook` tells three things apart: what a rule
says is needed, what a rule says is not, and what no rule speaks of.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, model_validator
from pydantic import Field as Checked

from ironclad import Field

Json = Any
Answers = Mapping[str, Json]
Join = Literal["all", "any"]

MAX_RULES = 200  # of one template
MAX_TESTS = 10  # of one rule


class Operator(StrEnum):
    """How a test compares an answer. The values are written down and exported: never rename one."""

    IS = "is"
    IS_NOT = "is not"
    ONE_OF = "is one of"
    OVER = "is over"
    UNDER = "is under"
    EMPTY = "is empty"
    FILLED = "is not empty"


class Effect(StrEnum):
    """What a rule does to its field while it holds. The values are written down and exported."""

    ASK = "ask"  # show it and require an answer; hidden otherwise
    SHOW = "show"  # show it; hidden otherwise
    REQUIRE = "require"  # require an answer; where it is shown is not this rule's affair


UNARY = frozenset({Operator.EMPTY, Operator.FILLED})
_PRESENCE = (Operator.EMPTY, Operator.FILLED)
_AMOUNTS = (Operator.OVER, Operator.UNDER, Operator.IS, *_PRESENCE)
_OPERATORS: Mapping[str, tuple[Operator, ...]] = {
    "choice": (Operator.IS, Operator.IS_NOT, Operator.ONE_OF, *_PRESENCE),
    "several": (Operator.ONE_OF, *_PRESENCE),
    "boolean": (Operator.IS, *_PRESENCE),
    "string": (Operator.IS, Operator.IS_NOT, *_PRESENCE),
    "email": (Operator.IS, Operator.IS_NOT, *_PRESENCE),
    "number": _AMOUNTS,
    "monetaryAmount": _AMOUNTS,
    "date": (Operator.OVER, Operator.UNDER, *_PRESENCE),
}
YES, NO = "true", "false"


class _Written(BaseModel):
    """A part of a rule as it is kept and compared."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Comparison(_Written):
    """One comparison. `values` are texts: an option, ``true``, a decimal number, an ISO date."""

    field: str
    op: Operator
    values: tuple[str, ...] = ()


class Group(_Written):
    """Tests of which all, or any, must hold."""

    join: Join = "all"
    tests: tuple[Comparison, ...] = Checked(min_length=1)

    @model_validator(mode="after")
    def _joins_nothing(self) -> Self:
        """How one test is joined makes no difference, so it is written in one way: the same are equal."""
        if len(self.tests) == 1:
            object.__setattr__(self, "join", "all")
        return self


class Rule(_Written):
    """What happens to the field `target` when all, or any, of the groups hold."""

    target: str
    effect: Effect = Effect.ASK
    join: Join = "any"
    groups: tuple[Group, ...] = Checked(min_length=1)

    @model_validator(mode="after")
    def _joins_nothing(self) -> Self:
        if len(self.groups) == 1:
            object.__setattr__(self, "join", "any")
        return self

    @property
    def id(self) -> str:
        """What a rule is called in buttons: two rules that say the same are the same."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:16]

    @property
    def tests(self) -> Iterator[Comparison]:
        """Every test, from first to last."""
        return (test for group in self.groups for test in group.tests)

    @property
    def deciders(self) -> frozenset[str]:
        """The fields whose answers decide."""
        return frozenset(test.field for test in self.tests)


@dataclass(frozen=True)
class Outlook:
    """What the rules say of a form as it is filled at present.

    `unsure` are fields whose rules cannot be judged, because they speak of a field that the template no
    longer has or go round in a circle: those are treated as if they had no rule.
    """

    shown: frozenset[str] = frozenset()
    hidden: frozenset[str] = frozenset()
    required: frozenset[str] = frozenset()
    unsure: frozenset[str] = frozenset()
    deciders: frozenset[str] = frozenset()

    def without_hidden(self, answers: Answers) -> dict[str, Json]:
        """The answers that belong to a submission: a hidden field keeps its own in the draft only."""
        return {key: answer for key, answer in answers.items() if key not in self.hidden}


def outlook(rules: Sequence[Rule], fields: Sequence[Field], answers: Answers) -> Outlook:
    """Judge `rules` by `answers`. A hidden field counts as not answered for the rules about others."""
    known = {field.key: field for field in fields}
    sound = [rule for rule in rules if rule.target in known and rule.deciders <= known.keys()]
    unsure = {rule.target for rule in rules if rule not in sound and rule.target in known}
    deciders = frozenset(key for rule in sound for key in rule.deciders)
    judged = Outlook(unsure=frozenset(unsure), deciders=deciders)
    for _ in range(len(sound) + 1):
        before, judged = judged, _judged(sound, known, judged.without_hidden(answers), judged)
        if judged == before:
            return judged
    flapping = frozenset(circle(sound))
    return Outlook(
        shown=judged.shown - flapping,
        hidden=judged.hidden - flapping,
        required=judged.required - flapping,
        unsure=judged.unsure | flapping,
        deciders=deciders,
    )


def _judged(rules: Sequence[Rule], known: Mapping[str, Field], answers: Answers, before: Outlook) -> Outlook:
    holding = [rule for rule in rules if rule.target not in before.unsure and _holds(rule, known, answers)]
    shown = frozenset(rule.target for rule in holding if rule.effect is not Effect.REQUIRE)
    decided = frozenset(
        rule.target
        for rule in rules
        if rule.effect is not Effect.REQUIRE and rule.target not in before.unsure
    )
    required = frozenset(rule.target for rule in holding if rule.effect is not Effect.SHOW)
    hidden = decided - shown
    return Outlook(shown, hidden, required - hidden, before.unsure, before.deciders)


def _holds(rule: Rule, known: Mapping[str, Field], answers: Answers) -> bool:
    return _joined(
        rule.join,
        [
            _joined(
                group.join, [holds(test, known[test.field], answers.get(test.field)) for test in group.tests]
            )
            for group in rule.groups
        ],
    )


def _joined(join: Join, held: Sequence[bool]) -> bool:
    return all(held) if join == "all" else any(held)


# One test -----------------------------------------------------------------------------------------


def holds(test: Comparison, field: Field, answer: Json) -> bool:
    """Whether an answer passes. An answer that is not there passes only ``is empty``."""
    if test.op in UNARY or is_empty(answer):
        return is_empty(answer) is (test.op is Operator.EMPTY)
    if test.op in (Operator.OVER, Operator.UNDER):
        return _compared(test, field, answer)
    equal = any(_same(field, one, value) for one in _texts_of(answer) for value in test.values)
    return equal is (test.op is not Operator.IS_NOT)


def is_empty(answer: Json) -> bool:
    """Whether there is no answer."""
    return answer is None or (isinstance(answer, (str, list, dict)) and not answer)


def _compared(test: Comparison, field: Field, answer: Json) -> bool:
    given, limit = amount(field, answer), amount(field, next(iter(test.values), None))
    if given is None or limit is None:
        return False
    return given > limit if test.op is Operator.OVER else given < limit


def _same(field: Field, one: str, value: str) -> bool:
    if field.type in ("number", "monetaryAmount"):
        given, wanted = amount(field, one), amount(field, value)
        return given is not None and given == wanted
    return " ".join(one.split()).casefold() == " ".join(value.split()).casefold()


def _texts_of(answer: Json) -> list[str]:
    if isinstance(answer, bool):
        return [YES if answer else NO]
    if isinstance(answer, Mapping):
        return [str(answer["amount"])] if "amount" in answer else []
    items = answer if isinstance(answer, list) else [answer]
    return [str(item) for item in items if isinstance(item, (str, int, float, Decimal))]


def amount(field: Field, answer: Json) -> Decimal | None:
    """An answer that can be more or less: of a number, of money in whatever currency, of a date."""
    if isinstance(answer, Mapping):
        answer = answer.get("amount")
    if answer is None or isinstance(answer, bool):
        return None
    try:
        if field.type == "date":
            return Decimal(date.fromisoformat(str(answer)[:10]).toordinal())
        number = Decimal(str(answer))
    except (InvalidOperation, ValueError):
        return None
    return number if number.is_finite() else None


# What fits what -----------------------------------------------------------------------------------


def manner_of(field: Field) -> str:
    """How a field is compared: its type, but for choices ``choice`` or ``several``."""
    choices = bool(field.options and field.options.values)
    if field.type == "array":
        items = field.element.type if field.element else ""
        inner = field.element.options if field.element else None
        return "several" if items == "string" and (choices or (inner and inner.values)) else "array"
    return "choice" if field.type == "string" and choices else field.type


def choices_of(field: Field) -> tuple[str, ...]:
    """What may be chosen in a field, each once, in Ironclad's order."""
    options = field.options or (field.element.options if field.element else None)
    return tuple(dict.fromkeys(options.values)) if options else ()


def operators_of(field: Field) -> tuple[Operator, ...]:
    """The comparisons that make sense for a field, the usual one first."""
    return _OPERATORS.get(manner_of(field), _PRESENCE[::-1])


def circle(rules: Collection[Rule]) -> list[str]:
    """Fields whose rules wait for each other, in the order in which they do; empty when there are none."""
    needs: dict[str, set[str]] = {}
    for rule in rules:
        needs.setdefault(rule.target, set()).update(rule.deciders)
    done: set[str] = set()
    for start in needs:
        if found := _circle_from(start, needs, [], done):
            return found
    return []


def _circle_from(key: str, needs: Mapping[str, set[str]], way: list[str], done: set[str]) -> list[str]:
    if key in way:
        return way[way.index(key) :]
    if key in done:
        return []
    for other in sorted(needs.get(key, ())):
        if found := _circle_from(other, needs, [*way, key], done):
            return found
    done.add(key)
    return []
