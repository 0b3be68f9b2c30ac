"""Block Kit objects as Slack's API takes them: what ``to_dict`` of slack_sdk's models gives, only sooner.

The models look for their own checks in ``dir()`` every time, and walk again through what their parts gave:
that took a quarter of the time in which a long form's page is answered. Here each class is looked at once.
The checks are theirs, and all are made.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import Any

from slack_sdk.models.basic_objects import EMPTY_ALLOWED_TYPE_AND_PROPERTY_LIST, JsonObject
from slack_sdk.models.blocks import Option, PlainTextObject

Json = Any
_MAY_BE_EMPTY = {(one["type"], one["property"]) for one in EMPTY_ALLOWED_TYPE_AND_PROPERTY_LIST}


@dataclass(frozen=True)
class _Shape:
    """What there is to know of a class: its checks, and its attributes in the order they are sent."""

    checks: tuple[str, ...]
    attributes: tuple[str, ...]


def wire(value: Json) -> Json:
    """A model, or lists and dicts of models, as plain JSON.

    Raises slack_sdk's SlackObjectFormationError for what Slack would refuse.
    """
    if isinstance(value, JsonObject):
        return _object(value)
    if isinstance(value, list | tuple):
        return [wire(one) for one in value]
    if isinstance(value, dict):
        return {key: wire(one) for key, one in value.items()}
    return value


def _object(value: JsonObject) -> Json:
    kind = type(value)
    if kind.to_dict is not JsonObject.to_dict and kind is not Option:
        return wire(value.to_dict())  # it has a form of its own
    shape = _shape(kind)
    for check in shape.checks:
        getattr(value, check)()
    if isinstance(value, Option):
        return _option(value)
    named = ((name, getattr(value, name, None)) for name in shape.attributes)
    return {name: wire(one) for name, one in named if _is_sent(value, name, one)}


def _is_sent(value: JsonObject, name: str, one: Json) -> bool:
    if one is None:
        return False
    return (
        not hasattr(one, "__len__") or len(one) > 0 or (getattr(value, "type", None), name) in _MAY_BE_EMPTY
    )


def _option(option: Option) -> dict[str, Json]:
    # Its public attributes no longer say what kind of text they were made of.
    known = {
        "text": wire(option._text or PlainTextObject.from_str(str(option.label))),
        "value": option.value,
        "description": wire(option._block_description),
        "url": option.url or None,
    }
    return {name: one for name, one in known.items() if one is not None}


@cache
def _shape(kind: type[JsonObject]) -> _Shape:
    checks = [
        name
        for name in dir(kind)
        if not name.startswith("__") and hasattr(getattr(kind, name, None), "validator")
    ]
    return _Shape(tuple(checks), tuple(sorted(_attributes(kind))))


def _attributes(kind: type[JsonObject]) -> Collection[str]:
    """The attributes of a class; the models compute them from nothing but the class."""
    declared: Any = kind.attributes
    if isinstance(declared, property):
        declared = object.__new__(kind).attributes
    found: Collection[str] = declared
    return found
