"""Questions within questions: where the answer to a part of an object stands, which inputs are its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from bot.forms.kinds import option_id, part_of
from bot.forms.kinds.base import parts_of, path_of
from ironclad import Field

Json = Any


def leaves(fields: Iterable[Field]) -> Iterator[Field]:
    """The fields with the parts of objects in their place, each as a field of its own."""
    for field in fields:
        if field.type == "object":
            yield from leaves(parts_of(field))
        else:
            yield field


def find_field(fields: Iterable[Field], block: str) -> tuple[Field, str] | None:
    """The field, or part of an object, that a block is of, and which of its inputs it is; None for none."""
    for field in leaves(fields):
        if (part := part_of(field, block)) is not None:
            return field, part
    return None


def field_named(fields: Iterable[Field], name: str) -> Field | None:
    """The field, or part of an object, whose key `name` stands for: see `option_id`."""
    return next((field for field in leaves(fields) if option_id(field.key) == name), None)


def answer_to(answers: Mapping[str, Json], field: Field) -> Json:
    """The answer to a field, or to a part of an object, among those of a form."""
    found: Json = answers
    for key in path_of(field):
        found = found.get(key) if isinstance(found, Mapping) else None
    return found


def with_answer(answers: Mapping[str, Json], field: Field, answer: Json) -> dict[str, Json]:
    """The answers of a form with another one to a field, or to a part of an object."""
    key, *inner = path_of(field)
    return {**answers, key: _put(answers.get(key), inner, answer)}


def _put(whole: Json, path: list[str], answer: Json) -> Json:
    if not path:
        return answer
    known = whole if isinstance(whole, Mapping) else {}
    parts = {**known, path[0]: _put(known.get(path[0]), path[1:], answer)}
    return {key: one for key, one in parts.items() if one is not None} or None
