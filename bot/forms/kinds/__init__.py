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
    MOST_ON_TOP,
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
from bot.forms.kinds.tables import Tables, rows_of
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
    "is_table",
    "kind_of",
    "label_of",
    "option_id",
    "part_of",
    "row_line",
    "rows_of",
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


_TABLE = "array:object"


def kind_of(field: Field, room: int = MOST_ON_TOP) -> FieldKind | None:
    """How to ask this field; None for a type that cannot be asked in Slack.

    `room` is how many windows Slack still opens on top of the one that asks: each row of a table takes one.
    """
    name = _full_type(field)
    if name in (_TABLE, "object") and not _is_askable(field, _room_inside(name, room)):
        return None
    return KINDS.get(name)


_TABLES = Tables(kind_of)
KINDS: Mapping[str, FieldKind] = {
    **_SIMPLE,
    "array:document": DOCUMENTS,
    _TABLE: _TABLES.kind,
    "object": Objects(kind_of).kind,
}


def _is_askable(field: Field, room: int) -> bool:
    """Whether an object or table can be asked: some part can, and so can all that are needed."""
    known = [room >= 0 and kind_of(part, room) is not None for part in field.fields]
    return any(known) and all(
        one or not is_required(part) for one, part in zip(known, field.fields, strict=True)
    )


def _room_inside(name: str, room: int) -> int:
    """The room for windows on top of where the parts are asked of a field with this full type."""
    return room - 1 if name == _TABLE else room


def _full_type(field: Field) -> str:
    """The type of a field and what it is made of; a type that looks like one of these is none."""
    if field.type == "array" and field.element:
        return f"array:{field.element.type}"
    if field.type == "string" and values_of(field):
        return "string:choice or text" if field.options and field.options.free_text else "string:choice"
    return field.type.replace(":", " ")


def unaskable_parts(field: Field, room: int = MOST_ON_TOP) -> list[Field]:
    """The parts or columns of a field that its form leaves out, each labelled with what it is a part of."""
    name = _full_type(field)
    if name not in (_TABLE, "object"):
        return []
    left_out, room = [], _room_inside(name, room)
    for part in field.fields:
        if kind_of(part, room) is None:
            left_out.append(inside(field, part))
        elif part.fields:
            left_out += unaskable_parts(inside(field, part), room)
    return left_out


def is_table(field: Field) -> bool:
    """Whether it is asked row by row."""
    return _full_type(field) == _TABLE


def columns_of(field: Field, asking: Asking) -> list[Field]:
    """The columns of a table that the window of one of its rows asks."""
    return [column for column in field.fields if kind_of(column, asking.room) is not None]


def row_line(field: Field, row: Mapping[str, Json], asking: Asking) -> str:
    """A row of a table as one line."""
    return _TABLES.line(field, row, asking)


def shown(field: Field, answer: Json, asking: Asking) -> str:
    """An answer as one line of plain text, empty for none."""
    kind = kind_of(field, asking.room)
    return "" if answer is None or kind is None else kind.show(field, answer, asking)
