"""A mapping as a file: readable, versioned, and checked whole before anything of it is used."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic import Field as Limited

from bot.mapping.rules import MAX_VALUE, Mapping, Rule
from bot.texts import phrase
from ironclad import Field

MAX_RULES = 500
MAX_BYTES = 500_000


class BadFileError(ValueError):
    """The file is not a mapping; `what` is a `bot.texts.phrase` that says what is wrong with it."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Rule(_Model):
    field: str = Limited(min_length=1, max_length=500)
    label: str = Limited("", max_length=2000)
    source: str = Limited(min_length=1, max_length=100)
    transform: str = Limited("", max_length=50)
    value: str = Limited("", max_length=MAX_VALUE)
    option: str = Limited("", max_length=50)
    locked: bool = False


class _File(_Model):
    slipway: Literal["mapping"]
    version: Literal[1]
    template: str = Limited(max_length=500)
    rules: list[_Rule] = Limited(max_length=MAX_RULES)


def export(mapping: Mapping, fields: Sequence[Field], template_name: str) -> str:
    """The file of a mapping. Labels are in it for people, and to find fields again elsewhere."""
    labels = {field.key: field.label for field in fields}
    rules = [{"label": labels.get(rule.field, ""), **asdict(rule)} for rule in mapping]
    written = {"slipway": "mapping", "version": 1, "template": template_name, "rules": rules}
    return json.dumps(written, indent=2, ensure_ascii=False) + "\n"


def parse(text: str, fields: Sequence[Field]) -> Mapping:
    """The mapping in a file, for a template with these fields. Raises `BadFileError`.

    A field is found by its key, or, in a copy of the template where keys differ, by its label if only one
    field has it. What is found nowhere stays in: the editor shows it, and nothing is filled from it.
    """
    try:
        file = _File.model_validate(_json(text))
    except ValidationError as wrong:
        first = wrong.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise BadFileError(
            phrase(
                "This is not a mapping of Slipway: {where}: {problem}.",
                where=where or phrase("the file"),
                problem=first["msg"],
            )
        ) from None
    rules = [_placed(rule, fields) for rule in file.rules]
    twice = {rule.field for rule in rules if sum(other.field == rule.field for other in rules) > 1}
    if twice:
        raise BadFileError(phrase("The file fills {field} more than once.", field=min(twice)[:60]))
    return tuple(rules)


def _json(text: str) -> Any:
    if len(text) > MAX_BYTES:
        raise BadFileError(phrase("The file is too large to be a mapping."))
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise BadFileError(phrase("The file is not JSON.")) from None


def _placed(rule: _Rule, fields: Sequence[Field]) -> Rule:
    found = rule.model_dump(exclude={"label"})
    if any(field.key == rule.field for field in fields):
        return Rule(**found)
    alike = [field.key for field in fields if rule.label and field.label == rule.label]
    return Rule(**{**found, "field": alike[0] if len(alike) == 1 else rule.field})
