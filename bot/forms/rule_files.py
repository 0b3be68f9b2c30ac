"""Rules as a file that people read, keep and edit: YAML out, YAML or JSON in, each problem with its line.

slipway: conditional questions
version: 1
template: "Simple Purchase"
rules:
  - ask: costCentre  # Cost centre
    when: {field: amount, is over: 10000}  # Amount (USD)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import yaml
from yaml import MappingNode, Node, ScalarNode, SequenceNode

from bot.forms.conditions import NO, UNARY, YES, Comparison, Effect, Group, Join, Operator, Rule, manner_of
from bot.forms.rule_problems import TARGET, label_of, problems_of
from bot.texts import Phrase, phrase
from ironclad import Field

KIND = "conditional questions"
VERSION = 1
MAX_CHARACTERS = 200_000
MAX_BYTES = 4 * MAX_CHARACTERS
_DEEPEST = 12  # a rule needs seven levels
_JOINS: tuple[Join, ...] = ("all", "any")
_TRUTHS = {"yes": YES, "true": YES, "on": YES, "no": NO, "false": NO, "off": NO}


@dataclass(frozen=True)
class LineProblem:
    """What is wrong on one line of a file, counted from 1."""

    line: int
    what: Phrase


@dataclass(frozen=True)
class Imported:
    """What a file holds. With problems, its rules are not to be used."""

    template: str
    rules: tuple[Rule, ...]
    problems: tuple[LineProblem, ...]


# Out ----------------------------------------------------------------------------------------------


def exported(template: str, rules: Sequence[Rule], fields: Sequence[Field]) -> str:
    """The rules of a template as a file."""
    known = {field.key: field for field in fields}
    lines = [f"slipway: {KIND}", f"version: {VERSION}", f"template: {_text(template)}"]
    lines.append("rules:" if rules else "rules: []")
    for rule in rules:
        lines += _rule_lines(rule, known)
    return "\n".join(lines) + "\n"


def _rule_lines(rule: Rule, known: Mapping[str, Field]) -> Iterator[str]:
    yield f"  - {rule.effect}: {_key(rule.target)}{_comment(rule.target, known)}"
    if len(rule.groups) == 1 and len(rule.groups[0].tests) == 1:
        yield f"    when: {_test(rule.groups[0].tests[0], known)}"
        return
    yield "    when:"
    if len(rule.groups) == 1:
        yield f"      {rule.groups[0].join}:"
        yield from (f"        - {_test(test, known)}" for test in rule.groups[0].tests)
        return
    yield f"      {rule.join}:"
    for group in rule.groups:
        yield f"        - {group.join}:"
        yield from (f"            - {_test(test, known)}" for test in group.tests)


def _test(test: Comparison, known: Mapping[str, Field]) -> str:
    field = known.get(test.field)
    plain = field is not None and manner_of(field) in ("number", "monetaryAmount", "boolean", "date")
    values = [value if plain else _text(value) for value in test.values]
    shown = "true" if test.op in UNARY else f"[{', '.join(values)}]"
    if test.op not in UNARY and test.op is not Operator.ONE_OF and len(values) == 1:
        shown = values[0]
    return f"{{field: {_key(test.field)}, {test.op}: {shown}}}{_comment(test.field, known)}"


def _comment(key: str, known: Mapping[str, Field]) -> str:
    label = label_of(known[key]) if key in known else ""
    return f"  # {label}" if label and label.isprintable() and label != key else ""


def _key(key: str) -> str:
    return key if key.isascii() and key.isalnum() and not key.isdigit() else _text(key)


def _text(text: str) -> str:
    """A text as YAML reads it back exactly, whatever it looks like."""
    return str(yaml.safe_dump(text, default_style='"', allow_unicode=True, width=float("inf"))).rstrip("\n")


# In -----------------------------------------------------------------------------------------------


class _WrongError(Exception):
    def __init__(self, place: Node | yaml.Event | None, what: Phrase) -> None:
        super().__init__(what)
        mark = place.start_mark if place is not None else None
        self.line = mark.line + 1 if mark is not None else 1
        self.what = what


def imported(text: str, fields: Sequence[Field]) -> Imported:
    """Read a file, and say of every line what is wrong with it."""
    try:
        root = _mapping(_composed(text))
        template, entries = _header(root)
    except _WrongError as wrong:
        return Imported("", (), (LineProblem(wrong.line, wrong.what),))
    rules, problems, places = [], [], []
    known = {field.key: field for field in fields}
    for entry in entries:
        try:
            rule, lines = _rule(entry, known)
        except _WrongError as wrong:
            problems.append(LineProblem(wrong.line, wrong.what))
            continue
        rules.append(rule)
        places.append(lines)
    for problem in problems_of(rules, fields):
        at = next(place for rule, place in zip(rules, places, strict=True) if rule is problem.rule)
        problems.append(LineProblem(at[problem.part], problem.what))
    return Imported(template, tuple(rules), tuple(sorted(set(problems), key=lambda one: one.line)))


def _composed(text: str) -> Node | None:
    if len(text) > MAX_CHARACTERS:
        raise _WrongError(None, phrase("The file is too long."))
    try:
        _refuse_tricks(text)
        node: Node | None = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        wrong = _WrongError(None, phrase("This is neither YAML nor JSON: {why}.", why=error.problem or ""))
        wrong.line = mark.line + 1 if mark else 1
        raise wrong from error
    except (yaml.YAMLError, RecursionError) as error:
        raise _WrongError(None, phrase("This is neither YAML nor JSON.")) from error
    return node


def _refuse_tricks(text: str) -> None:
    """No references, whose expansion has no bounds, and no depth that a rule does not need."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        if isinstance(event, yaml.AliasEvent):
            raise _WrongError(event, phrase("References with * are not read here."))
        depth += isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent))
        depth -= isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent))
        if depth > _DEEPEST:
            raise _WrongError(event, phrase("This is nested deeper than a rule can be."))


def _header(root: Mapping[str, Node]) -> tuple[str, list[Node]]:
    if _scalar(root.get("slipway")) != KIND:
        raise _WrongError(
            root.get("slipway"), phrase("The file has to begin with “{line}”.", line=f"slipway: {KIND}")
        )
    if _scalar(root.get("version")) != str(VERSION):
        raise _WrongError(root.get("version"), phrase("This version is not known here: it reads version 1."))
    rules = root.get("rules")
    if not isinstance(rules, SequenceNode):
        raise _WrongError(rules, phrase("Write the rules as a list under “rules:”."))
    return _scalar(root.get("template")) or "", list(rules.value)


def _rule(node: Node, known: Mapping[str, Field]) -> tuple[Rule, dict[str, int]]:
    entry = _mapping(node)
    effects = [effect for effect in Effect if effect in entry]
    if len(effects) != 1 or set(entry) - {"when", effects[0]}:
        what = phrase("A rule is one of {effects}, and “when”.", effects=", ".join(f"“{e}”" for e in Effect))
        raise _WrongError(node, what)
    target = _scalar(entry[effects[0]])
    if not target:
        raise _WrongError(entry[effects[0]], phrase("Name one question by its key."))
    if "when" not in entry:
        raise _WrongError(node, phrase("Say when: the rule has no “when”."))
    lines = {TARGET: entry[effects[0]].start_mark.line + 1}
    join, groups = _condition(entry["when"], known, lines)
    return Rule(target=target, effect=effects[0], join=join, groups=groups), lines


def _condition(
    node: Node, known: Mapping[str, Field], lines: dict[str, int]
) -> tuple[Join, tuple[Group, ...]]:
    joined = _joined(node)
    if joined is None:
        return "any", (Group(tests=(_comparison(node, known, lines),)),)
    join, items = joined
    inner = [_joined(item) for item in items]
    if not any(inner):
        return "any", (Group(join=join, tests=tuple(_comparison(item, known, lines) for item in items)),)
    groups = []
    for item, group in zip(items, inner, strict=True):
        how, tests = group or ("all", [item])
        groups.append(Group(join=how, tests=tuple(_comparison(test, known, lines) for test in tests)))
    return join, tuple(groups)


def _joined(node: Node) -> tuple[Join, list[Node]] | None:
    """``all: […]`` or ``any: […]``; None for a single comparison."""
    entry = _mapping(node)
    join = next((join for join in _JOINS if join in entry), None)
    if join is None:
        return None
    items = entry[join]
    if len(entry) > 1 or not isinstance(items, SequenceNode) or not items.value:
        raise _WrongError(node, phrase("“{join}” stands alone, with a list of conditions.", join=join))
    return join, list(items.value)


def _comparison(node: Node, known: Mapping[str, Field], lines: dict[str, int]) -> Comparison:
    entry = _mapping(node)
    operators = [operator for operator in Operator if operator in entry]
    key = _scalar(entry.get("field"))
    if not key or len(operators) != 1 or len(entry) != 2:
        what = phrase(
            "A condition names a “field” and one of {operators}.",
            operators=", ".join(f"“{one}”" for one in Operator),
        )
        raise _WrongError(node, what)
    lines[str(len(lines) - 1)] = node.start_mark.line + 1  # after the target, the tests in their order
    operator = operators[0]
    given = entry[operator]
    if operator in UNARY:
        if _TRUTHS.get((_scalar(given) or "").casefold()) != YES:
            raise _WrongError(given, phrase("Write “{operator}: true”.", operator=operator))
        return Comparison(field=key, op=operator)
    items = given.value if isinstance(given, SequenceNode) else [given]
    values = [_scalar(item) for item in items]
    if any(value is None for value in values):
        raise _WrongError(given, phrase("Write plain values here."))
    field = known.get(key)
    truths = field is not None and manner_of(field) == "boolean"
    read = (
        _TRUTHS.get(value.casefold(), value) if truths else value for value in values if value is not None
    )
    return Comparison(field=key, op=operator, values=tuple(read))


def _mapping(node: Node | None) -> dict[str, Node]:
    if not isinstance(node, MappingNode):
        raise _WrongError(node, phrase("Names with values are expected here, such as “field: amount”."))
    found: dict[str, Node] = {}
    for key, value in node.value:
        name = _scalar(key)
        if name is None or name in found:
            raise _WrongError(key, phrase("Each name may stand here once."))
        found[name] = value
    return found


def _scalar(node: Node | None) -> str | None:
    return str(node.value) if isinstance(node, ScalarNode) else None
