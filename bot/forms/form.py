"""A whole launch form: which fields are asked in which order, and the way back to attributes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as default
from typing import Any

from slack_sdk.models.blocks import Block, Option

from bot.blockkit import MAX_VIEW_BLOCKS, context, escape, header
from bot.forms.kinds import Asking, Json, NotAnAnswerError, State, Typed, kind_of, part_of, values_of
from bot.forms.kinds.base import is_required, parts_of
from ironclad import Field, Required

Answers = Mapping[str, Json]  #: field key → answer, as `bot.forms.kinds.base.FieldKind` says; none for none
PLAIN = Asking()

_ROOM_FOR_THE_REST = 12  # blocks the modal itself needs: notices, headings, what cannot be asked
_SHELVES = (
    (Required.ALWAYS, ""),
    (Required.NEVER, "Optional"),
    (Required.CONDITIONAL, "May be needed"),
)
_REFERENCE = re.compile(r"^(our\s+)?(request|reference)(\s*(number|no\.?|id|ref\.?|reference))?$", re.I)


@dataclass(frozen=True)
class Missing:
    """A field that this form cannot ask: its label, whether a launch needs it, and Ironclad's type."""

    label: str
    required: bool
    type: str


@dataclass(frozen=True)
class Reading:
    """What a submitted form holds.

    `problems` maps ids of input blocks to what to do about them; `marks` does so by key for the fields that
    have no input on the screen, beside which Slack could show nothing.
    """

    answers: dict[str, Json] = default(default_factory=dict)
    problems: dict[str, str] = default(default_factory=dict)
    marks: dict[str, str] = default(default_factory=dict)

    @property
    def good(self) -> bool:
        """Whether there is nothing to correct."""
        return not self.problems and not self.marks


def ask(
    fields: Sequence[Field], answers: Answers, marks: Mapping[str, str], asking: Asking = PLAIN
) -> list[Block]:
    """The inputs of a form, required ones first, filled with `answers`.

    `marks` maps field keys to a sentence shown under the field (what Ironclad said about it).
    """
    blocks: list[Block] = []
    for required, heading in _SHELVES:
        shelf = [field for field in _asked(fields) if field.required is required]
        if shelf and heading and blocks:
            blocks.append(header(heading))
        for field in shelf:
            blocks.extend(_ask_one(field, answers, marks, asking))
    return blocks


def _ask_one(field: Field, answers: Answers, marks: Mapping[str, str], asking: Asking) -> list[Block]:
    kind = kind_of(field)
    if kind is None:
        return []
    blocks: list[Block] = list(kind.ask(field, answers.get(field.key, field.default), asking))
    if field.key in marks:
        blocks.append(context(f"*Needs a look:* {escape(marks[field.key])}"))
    return blocks


def _asked(fields: Sequence[Field]) -> list[Field]:
    """The fields this form asks: those of a known type, required first, as many as a modal holds."""
    reference = reference_field(fields)
    known = [field for field in fields if kind_of(field) and (reference is None or field is not reference)]
    ranked = sorted(known, key=lambda field: [required for required, _ in _SHELVES].index(field.required))
    room, asked = MAX_VIEW_BLOCKS - _ROOM_FOR_THE_REST, []
    for field in ranked:
        # A field may take two inputs and a mark below it.
        room -= 3 if field.options and field.options.free_text and values_of(field) else 1
        if room < 0:
            break
        asked.append(field)
    return asked


def cannot_ask(fields: Sequence[Field]) -> list[Missing]:
    """The fields that are left out of the form, so that the person is told: never dropped silently."""
    asked = {field.key for field in _asked(fields)}
    reference = reference_field(fields)
    return [
        Missing(field.label or field.key, field.required is Required.ALWAYS, field.type)
        for field in fields
        if field.key not in asked and (reference is None or field.key != reference.key)
    ]


def reference_field(fields: Sequence[Field]) -> Field | None:
    """The text field meant for our own request number, by its key or label.

    With one, a workflow whose creation was never confirmed can be found again for certain.
    """
    for field in fields:
        words = re.sub(r"([a-z])([A-Z])", r"\1 \2", field.key)
        free_text = field.type == "string" and not values_of(field)
        if free_text and (_REFERENCE.match(words) or _REFERENCE.match(" ".join(field.label.split()))):
            return field
    return None


def read(
    fields: Sequence[Field], state: State, asking: Asking = PLAIN, kept: Answers | None = None
) -> Reading:
    """Read a submitted form; `kept` are the answers of its draft."""
    reading = Reading()
    for field in _asked(fields):
        typed = Typed(field, state, asking, (kept or {}).get(field.key))
        try:
            answer = _answer(typed)
        except NotAnAnswerError as wrong:
            if where := typed.where(wrong.part):
                reading.problems[where] = str(wrong)
            else:
                reading.marks[field.key] = str(wrong)
            continue
        if answer is not None:
            reading.answers[field.key] = answer
    return reading


def _answer(typed: Typed) -> Json:
    kind = kind_of(typed.field)
    answer = kind.read(typed) if kind else None
    if kind and answer is not None:
        kind.check(typed.field, answer, typed.asking)
    elif is_required(typed.field):
        raise NotAnAnswerError("Ironclad always asks for this. Fill it in.")
    return answer


def find_options(fields: Sequence[Field], block: str, query: str, asking: Asking = PLAIN) -> list[Option]:
    """What the searched select in `block` offers for `query`, at most 100."""
    for field in fields:
        part, kind = part_of(field, block), kind_of(field)
        if part is not None and kind is not None:
            return kind.search(field, part, query, asking)
        if found := find_options(list(parts_of(field)), block, query, asking):
            return found
    return []


def typed_of(state: Any) -> State:
    """``view.state.values`` of a payload, or nothing when it is absent."""
    values = state.get("values") if isinstance(state, Mapping) else None
    return values if isinstance(values, Mapping) else {}
