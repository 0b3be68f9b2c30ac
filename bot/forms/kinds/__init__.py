"""For each kind of field: how to ask it in Slack, how to read what came back, how to say no.

One module for each family; `KINDS` and `kind_of` are the table. Field types and the values Ironclad expects:
the API's "field types supported" page; Slack's inputs and their limits:
https://docs.slack.dev/reference/block-kit/block-elements.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.forms.kinds.amounts import NUMBER
from bot.forms.kinds.base import (
    Asking,
    FieldKind,
    Json,
    NotAnAnswerError,
    State,
    Typed,
    block_id,
    label_of,
    option_id,
    part_of,
    values_of,
)
from bot.forms.kinds.choices import CHOICE, CHOICE_OR_TEXT, NO_ANSWER, SEVERAL, YES_NO
from bot.forms.kinds.texts import EMAIL, TEXT
from bot.forms.kinds.times import DATE
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
    "kind_of",
    "label_of",
    "option_id",
    "part_of",
    "shown",
    "values_of",
]

KINDS: Mapping[str, FieldKind] = {
    "string": TEXT,
    "string:choice": CHOICE,
    "string:choice or text": CHOICE_OR_TEXT,
    "array:string": SEVERAL,
    "boolean": YES_NO,
    "number": NUMBER,
    "email": EMAIL,
    "date": DATE,
}


def kind_of(field: Field) -> FieldKind | None:
    """How to ask this field; None for a type that cannot be asked in Slack."""
    return None if ":" in field.type else KINDS.get(_full_type(field))


def _full_type(field: Field) -> str:
    if field.type == "array" and field.element:
        return f"array:{field.element.type}"
    if field.type == "string" and values_of(field):
        return "string:choice or text" if field.options and field.options.free_text else "string:choice"
    return field.type


def shown(field: Field, answer: Json, asking: Asking) -> str:
    """An answer as one line of plain text, empty for none."""
    kind = kind_of(field)
    return "" if answer is None or kind is None else kind.show(field, answer, asking)
