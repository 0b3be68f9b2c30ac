"""A rule as a form: the inputs that fit what is compared, and the way back to the rule.

Ids of blocks name what they depend on: when another question is chosen, its operators and its value are other
inputs, and Slack forgets what was chosen for the former one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.forms.conditions import (
    NO,
    UNARY,
    YES,
    Comparison,
    Effect,
    Group,
    Join,
    Operator,
    Rule,
    choices_of,
    operators_of,
)
from bot.forms.kinds import State, option_id
from bot.texts import Phrase, phrase
from ironclad import Field

EFFECT, TARGET, JOIN = "r:effect", "r:target", "r:join"
Shape = tuple[tuple[int, ...], ...]  #: the numbers of the comparisons on the screen, group by group


@dataclass(frozen=True)
class Line:
    """One comparison as far as it is filled in; `n` names its inputs."""

    n: int
    field: str = ""
    op: Operator | None = None
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Lines:
    """A group of comparisons as far as it is filled in."""

    lines: tuple[Line, ...]
    join: Join = "all"


@dataclass(frozen=True)
class Blank:
    """A rule as far as it is filled in."""

    groups: tuple[Lines, ...] = (Lines((Line(0),)),)
    target: str = ""
    effect: Effect = Effect.ASK
    join: Join = "any"

    @property
    def shape(self) -> Shape:
        """Which comparisons there are."""
        return tuple(tuple(line.n for line in group.lines) for group in self.groups)

    @property
    def lines(self) -> list[Line]:
        """Every comparison, from first to last."""
        return [line for group in self.groups for line in group.lines]

    @property
    def _next(self) -> int:
        return max((line.n for line in self.lines), default=-1) + 1

    def longer(self, after: int) -> Blank:
        """With one more comparison in the group of the comparison `after`."""
        fresh = Line(self._next)
        groups = (
            replace(group, lines=(*group.lines, fresh))
            if after in (line.n for line in group.lines)
            else group
            for group in self.groups
        )
        return replace(self, groups=tuple(groups))

    def wider(self) -> Blank:
        """With one more group."""
        return replace(self, groups=(*self.groups, Lines((Line(self._next),))))

    def without(self, n: int) -> Blank:
        """Without a comparison, and without its group when that was the last in it."""
        groups = [replace(g, lines=tuple(line for line in g.lines if line.n != n)) for g in self.groups]
        left = tuple(group for group in groups if group.lines)
        return replace(self, groups=left or (Lines((Line(0),)),))


def blank_of(rule: Rule | None) -> Blank:
    """A rule to be changed, or an empty one."""
    if rule is None:
        return Blank()
    numbers = iter(range(len(list(rule.tests))))
    groups = tuple(
        Lines(tuple(Line(next(numbers), t.field, t.op, t.values) for t in group.tests), group.join)
        for group in rule.groups
    )
    return Blank(groups, rule.target, rule.effect, rule.join)


def rule_in(blank: Blank) -> Rule | dict[str, Phrase]:
    """The rule that was filled in, or what is still missing, by input."""
    missing: dict[str, Phrase] = {}
    if not blank.target:
        missing[TARGET] = phrase("Choose the question that this rule is about.")
    for line in blank.lines:
        if not line.field:
            missing[field_block(line)] = phrase("Choose the question that decides.")
        elif line.op not in UNARY and not line.values:
            missing[value_block(line)] = phrase("Say with what it is compared.")
    if missing:
        return missing
    groups = tuple(
        Group(
            join=group.join,
            tests=tuple(
                Comparison(field=line.field, op=line.op or Operator.FILLED, values=line.values)
                for line in group.lines
            ),
        )
        for group in blank.groups
    )
    return Rule(target=blank.target, effect=blank.effect, join=blank.join, groups=groups)


# Names of inputs ----------------------------------------------------------------------------------


def field_block(line: Line) -> str:
    """The input in which the deciding question is chosen."""
    return f"r:{line.n}:field"


def operator_block(line: Line) -> str:
    """The input in which the operator is chosen."""
    return f"r:{line.n}:op:{_hash(line.field)}"


def value_block(line: Line) -> str:
    """The input of what is compared with."""
    return f"r:{line.n}:value:{_hash(line.field)}:{'many' if line.op is Operator.ONE_OF else 'one'}"


def group_block(group: Lines) -> str:
    """The input that says how a group is joined."""
    return f"r:{group.lines[0].n}:join"


def _hash(key: str) -> str:
    return option_id(key)[:12]


# Reading ------------------------------------------------------------------------------------------


def blank_in(state: State, shape: Shape, fields: Sequence[Field]) -> Blank:
    """What is chosen on the screen at present."""
    keys = {option_id(field.key): field for field in fields}
    target = keys.get(_picked(state, TARGET))
    groups = []
    for numbers in shape:
        lines = tuple(_line_in(state, n, keys) for n in numbers)
        join: Join = "any" if _picked(state, group_block(Lines(lines))) == "any" else "all"
        groups.append(Lines(lines, join))
    effect = _picked(state, EFFECT)
    return Blank(
        groups=tuple(groups) or Blank().groups,
        target=target.key if target else "",
        effect=Effect(effect) if effect in list(Effect) else Effect.ASK,
        join="all" if _picked(state, JOIN) == "all" else "any",
    )


def _line_in(state: State, n: int, keys: Mapping[str, Field]) -> Line:
    line = Line(n)
    field = keys.get(_picked(state, field_block(line)))
    if field is None:
        return line
    offered = operators_of(field)
    line = replace(line, field=field.key)
    chosen = _picked(state, operator_block(line))
    line = replace(line, op=Operator(chosen) if chosen in offered else offered[0])
    if line.op in UNARY:
        return line
    typed = {value: value for value in choices_of(field)}
    ids_of = {option_id(value): value for value in typed} | {YES: YES, NO: NO}
    found: tuple[str, ...] = ()
    for op in (Operator.ONE_OF, Operator.IS):  # what was chosen before the operator changed is kept
        element = _element(state, value_block(replace(line, op=op)))
        found = found or _values_of(element, ids_of)
    return replace(line, values=found if line.op is Operator.ONE_OF else found[:1])


def _values_of(element: Mapping[str, object], known: Mapping[str, str]) -> tuple[str, ...]:
    several = element.get("selected_options")
    one = element.get("selected_option")
    options = several if isinstance(several, list) else [one] if one else []
    picked = [str(option.get("value")) for option in options if isinstance(option, Mapping)]
    if picked:
        return tuple(known[value] for value in picked if value in known)
    text = element.get("selected_date") or element.get("value")
    return (text.strip(),) if isinstance(text, str) and text.strip() else ()


def _element(state: State, block: str) -> Mapping[str, object]:
    return next((one for one in (state.get(block) or {}).values() if isinstance(one, Mapping)), {})


def _picked(state: State, block: str) -> str:
    option = _element(state, block).get("selected_option")
    return str(option.get("value") or "") if isinstance(option, Mapping) else ""
