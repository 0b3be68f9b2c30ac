"""The official shape of Block Kit, compiled once from its JSON Schema into plain functions.

A general JSON Schema validator tries all twenty blocks for each block of a view. Every Block Kit object names
itself in `type`, so this one goes straight to the right alternative: a hundred times faster, and its messages
point at the real mistake. It knows the keywords that `block-kit.schema.json` uses, and no others.
"""

import json
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from tests.sandbox.slack.errors import Json

Check = Callable[[Any, str, list[str]], None]
"""(value, JSON pointer, problems found so far) → adds what is wrong."""


def problem(text: str, pointer: str) -> str:
    """One message in Slack's wording: `[ERROR] no more than 50 items allowed [json-pointer:/blocks]`."""
    return f"[ERROR] {text} [json-pointer:{pointer}]"


class Shapes:
    """The checks of every definition of one schema.

    Raises:
        ValueError: while compiling, on a keyword this compiler does not know (it never ignores one).
    """

    def __init__(self, schema: Json) -> None:
        self._definitions: Json = schema["definitions"]
        self._checks: dict[str, Check] = {}

    def named(self, definition: str) -> Check:
        """The check of one definition, for example `KnownBlock`."""
        if definition not in self._checks:
            self._checks[definition] = self._compiled(self._definitions[definition])
        return self._checks[definition]

    def _compiled(self, node: Json) -> Check:
        if "$ref" in node:
            return self._later(node["$ref"].removeprefix("#/definitions/"))
        if "anyOf" in node:
            return self._alternatives(node["anyOf"])
        if "const" in node:
            return _one_of([node["const"]])
        if "enum" in node:
            return _one_of(node["enum"])
        compilers: Mapping[str, Callable[[Json], Check]] = {
            "object": self._object,
            "array": self._array,
            "string": lambda _: _typed(str, "a string"),
            "boolean": lambda _: _typed(bool, "a boolean"),
            "number": lambda _: _number,
        }
        if not node:
            return lambda value, pointer, problems: None
        if node.get("type") not in compilers:
            raise ValueError(f"a schema node this compiler does not know: {node}")
        return compilers[node["type"]](node)

    def _later(self, definition: str) -> Check:
        # Definitions refer to one another in circles, so a reference is followed when it is first used.
        def check(value: Any, pointer: str, problems: list[str]) -> None:
            self.named(definition)(value, pointer, problems)

        return check

    def _array(self, node: Json) -> Check:
        item = self._compiled(node.get("items", {}))

        def check(value: Any, pointer: str, problems: list[str]) -> None:
            if not isinstance(value, list):
                problems.append(problem("must provide an array", pointer))
                return
            for index, entry in enumerate(value):
                item(entry, f"{pointer}/{index}", problems)

        return check

    def _object(self, node: Json) -> Check:
        fields = {name: self._compiled(field) for name, field in node.get("properties", {}).items()}
        required = node.get("required", [])
        closed = node.get("additionalProperties") is False

        def check(value: Any, pointer: str, problems: list[str]) -> None:
            if not isinstance(value, dict):
                problems.append(problem("must provide an object", pointer))
                return
            for name in required:
                if name not in value:
                    problems.append(problem(f"missing required field: {name}", pointer))
            for name, entry in value.items():
                if name in fields:
                    fields[name](entry, f"{pointer}/{name}", problems)
                elif closed:
                    problems.append(problem(f"unexpected field: {name}", pointer))

        return check

    def _alternatives(self, nodes: list[Json]) -> Check:
        leaves = [leaf for node in nodes for leaf in self._leaves(node)]
        by_type: dict[Any, list[Check]] = {}
        for leaf in leaves:
            name = leaf.get("properties", {}).get("type", {}).get("const")
            by_type.setdefault(name, []).append(self._compiled(leaf))
        if None in by_type:
            return _best_of([check for checks in by_type.values() for check in checks])
        return _by_type({name: _best_of(checks) for name, checks in by_type.items()})

    def _leaves(self, node: Json) -> list[Json]:
        """The objects behind nested references and alternatives."""
        if "$ref" in node:
            return self._leaves(self._definitions[node["$ref"].removeprefix("#/definitions/")])
        if "anyOf" in node:
            return [leaf for inner in node["anyOf"] for leaf in self._leaves(inner)]
        return [node]


def _one_of(allowed: list[Any]) -> Check:
    def check(value: Any, pointer: str, problems: list[str]) -> None:
        if value not in allowed:
            problems.append(problem(f"must be one of: {', '.join(map(str, allowed))}", pointer))

    return check


def _typed(kind: type, name: str) -> Check:
    def check(value: Any, pointer: str, problems: list[str]) -> None:
        if not isinstance(value, kind):
            problems.append(problem(f"must provide {name}", pointer))

    return check


def _number(value: Any, pointer: str, problems: list[str]) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        problems.append(problem("must provide a number", pointer))


def _best_of(checks: list[Check]) -> Check:
    """Right when one alternative fits; otherwise the complaints of the one that fits best."""
    if len(checks) == 1:
        return checks[0]

    def check(value: Any, pointer: str, problems: list[str]) -> None:
        attempts: list[list[str]] = []
        for alternative in checks:
            found: list[str] = []
            alternative(value, pointer, found)
            if not found:
                return
            attempts.append(found)
        problems.extend(sorted(attempts, key=len)[0])

    return check


def _by_type(checks: Mapping[Any, Check]) -> Check:
    def check(value: Any, pointer: str, problems: list[str]) -> None:
        if not isinstance(value, dict):
            problems.append(problem("must provide an object", pointer))
        elif "type" not in value:
            problems.append(problem("missing required field: type", pointer))
        elif not isinstance(value["type"], str) or value["type"] not in checks:
            problems.append(problem(f"unsupported type: {value['type']}", f"{pointer}/type"))
        else:
            checks[value["type"]](value, pointer, problems)

    return check


@lru_cache(maxsize=1)
def official_shapes() -> Shapes:
    """The shapes of the Block Kit schema beside this file, generated from Slack's own @slack/types."""
    return Shapes(json.loads(Path(__file__).with_name("block-kit.schema.json").read_text(encoding="utf-8")))
