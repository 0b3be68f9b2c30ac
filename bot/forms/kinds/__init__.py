"""For each kind of field: how to ask it in Slack, how to read what came back, how to say no.

One module for each family; `KINDS` and `kind_of` are the table. Field types and the values Ironclad expects:
the API's "field types supported" page; Slack's inputs and their limits:
https://docs.slack.dev/reference/block-kit/block-elements.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.forms.kinds.addresses import ADDRESS
from bot.forms.kinds.amounts import MONEY, NUMBER
from bot.forms.kinds.base import (
    Asking,
    FieldKind,
    Json,
    NotAnAnswerError,
    State,
    Typed,
    block_id,
    inside,
    is_required,
    label_of,
    option_id,
    part_of,
    values_of,
)
from bot.forms.kinds.choices import CHOICE, CHOICE_OR_TEXT, NO_ANSWER, SEVERAL, YES_NO
from bot.forms.kinds.documents import DOCUMENTS
from bot.forms.kinds.objects import Objects
from bot.forms.kinds.references import PERSON, RECORD
from bot.forms.kinds.tables import Tables
from bot.forms.kinds.texts import EMAIL, TEXT
from bot.forms.kinds.times import DATE, DURATION
from ironclad import Field

__all__ = [
    "KINDS",
    "NO_ANSWER",
    "Asking",
    "FieldKind",
    "Json",
    "NotAnAnswerError",
    "State",
    "Typed",
    "block_id",
    "columns_of",
    "kind_of",
    "label_of",
    "option_id",
    "part_of",
    "row_line",
    "shown",
    "unaskable_parts",
    "values_of",
]

_SIMPLE: Mapping[str, FieldKind] = {
    "string": TEXT,
    "string:choice": CHOICE,
    "string:choice or text": CHOICE_OR_TEXT,
    "array:string": SEVERAL,
    "boolean": YES_NO,
    "number": NUMBER,
    "email": EMAIL,
    "date": DATE,
    "monetaryAmount": MONEY,
    "duration": DURATION,
    "address": ADDRESS,
    "linkedRecord": RECORD,
    "parentRecord": RECORD,
    "childRecord": RECORD,
    "user": PERSON,
}


def _inner_kind(field: Field) -> FieldKind | None:
    """How to ask a part of an object or a column of a table: rows and files are only kept beside a form."""
    name = _full_type(field)
    return _OBJECT if name == "object" and _is_askable(field) else _SIMPLE.get(name)


_OBJECT = Objects(_inner_kind).kind
_TABLES = Tables(_inner_kind)
KINDS: Mapping[str, FieldKind] = {
    **_SIMPLE,
    "array:document": DOCUMENTS,
    "array:object": _TABLES.kind,
    "object": _OBJECT,
}


def kind_of(field: Field) -> FieldKind | None:
    """How to ask this field; None for a type that cannot be asked in Slack."""
    if field.type == "object" or _full_type(field) == "array:object":
        return KINDS[_full_type(field)] if _is_askable(field) else None
    return KINDS.get(_full_type(field))


def _is_askable(field: Field) -> bool:
    """Whether an object or table can be asked: some part can, and so can all that are needed."""
    known = [_inner_kind(part) is not None for part in field.fields]
    return any(known) and all(
        one or not is_required(part) for one, part in zip(known, field.fields, strict=True)
    )


def _full_type(field: Field) -> str:
    """The type of a field and what it is made of; a type that looks like one of these is none."""
    if field.type == "array" and field.element:
        return f"array:{field.element.type}"
    if field.type == "string" and values_of(field):
        return "string:choice or text" if field.options and field.options.free_text else "string:choice"
    return field.type.replace(":", " ")


def unaskable_parts(field: Field) -> list[Field]:
    """The parts or columns of a field that its form leaves out, each labelled with what it is a part of."""
    if field.type != "object" and _full_type(field) != "array:object":
        return []
    left_out = []
    for part in field.fields:
        if _inner_kind(part) is None:
            left_out.append(inside(field, part))
        elif part.fields:
            left_out += unaskable_parts(inside(field, part))
    return left_out


def columns_of(field: Field) -> list[Field]:
    """The columns of a table that its rows are asked for."""
    return [column for column in field.fields if _inner_kind(column) is not None]


def row_line(field: Field, row: Mapping[str, Json], asking: Asking) -> str:
    """A row of a table as one line."""
    return _TABLES.line(field, row, asking)


def shown(field: Field, answer: Json, asking: Asking) -> str:
    """An answer as one line of plain text, empty for none."""
    kind = kind_of(field)
    return "" if answer is None or kind is None else kind.show(field, answer, asking)
