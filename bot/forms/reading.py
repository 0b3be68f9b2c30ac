"""From what people type to answers: page by page, forgetting nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.forms.content import Content
from bot.forms.kinds import Asking, Json, NotAnAnswerError, State, Typed, kind_of
from bot.forms.kinds.base import default_of, inputs_by_field, is_required
from bot.forms.nested import leaves
from bot.forms.pages import Layout
from bot.texts import phrase
from ironclad import Field, Required

ALWAYS_ASKED = phrase("Ironclad always asks for this. Fill it in.")
_EPOCH = re.compile(r"f\d*:")


@dataclass(frozen=True)
class Reading:
    """A form after a page was read: `problems` are sentences by the block id they stand beside."""

    content: Content
    problems: Mapping[str, str]


def read_page(fields: Sequence[Field], content: Content, state: State, asking: Asking) -> Reading:
    """Take over what was typed into the inputs in `state`, and nothing else.

    A field none of whose inputs is in `state` keeps its answer. What cannot be read is kept as it was typed.
    """
    state = {_ageless(block): value for block, value in state.items()}
    now = replace(asking, epoch=0)
    answers, typed, marks = dict(content.answers), dict(content.typed), dict(content.marks)
    problems: dict[str, str] = {}
    for field, own in inputs_by_field(state, fields):
        if content.origins.locked(field.key, content.answers, content.marks):
            continue  # it was only shown, so this did not come from the form
        typing = Typed(field, own, now, answers.get(field.key))
        blocks = typing.blocks
        if not blocks:
            continue  # only its buttons were there: rows and attached files are kept as they are
        for block in blocks:
            typed.pop(block, None)
        if typed:
            for block in Typed(field, typed, now).blocks:
                typed.pop(block, None)  # of an input that has another name by now
        before = answers.get(field.key)
        try:
            answers[field.key] = _read(typing)
        except NotAnAnswerError as wrong:
            answers[field.key] = wrong.good
            typed.update({block: state[block] for block in blocks})
            for one in reversed(wrong.every):  # where several have no input of their own, the first is told
                block = typing.where(one) or next(iter(own))
                problems[_aged(block, asking.epoch)] = asking.texts.of(one.what)
        if answers[field.key] != before:
            marks.pop(field.key, None)
    return Reading(replace(content, answers=answers, typed=typed, marks=marks), problems)


def read_whole(fields: Sequence[Field], state: State, asking: Asking) -> Reading:
    """Read a form of one page that nobody keeps a draft of: its answers are those that were given."""
    reading = read_page(fields, Content(), state, asking)
    answers = {key: answer for key, answer in reading.content.answers.items() if answer is not None}
    missing = missing_on(fields, reading.content, state, asking)
    return Reading(Content(answers), {**missing, **reading.problems})


def _read(typing: Typed) -> Json:
    kind = kind_of(typing.field, typing.asking.room)
    answer = kind.read(typing) if kind else None
    if kind and answer is not None:
        kind.check(typing.field, answer, typing.asking)
    return answer


def missing_on(fields: Iterable[Field], content: Content, state: State, asking: Asking) -> dict[str, str]:
    """Sentences for the required fields in `state` that are still empty: what Slack itself cannot see."""
    state = {_ageless(block): value for block, value in state.items()}
    missing: dict[str, str] = {}
    for field, own in inputs_by_field(state, fields):
        if not is_required(field):
            continue
        blocks = Typed(field, own, Asking()).blocks
        if blocks and not content.has(field.key) and not any(block in content.typed for block in blocks):
            missing[_aged(blocks[0], asking.epoch)] = asking.texts.of(ALWAYS_ASKED)
    return missing


def on_screen(fields: Iterable[Field], state: State) -> dict[str, Field]:
    """The fields that have inputs in `state`, by the first block of each: where something is told of it.

    Objects give way to their parts, each as a field of its own.
    """
    whole = (field for field, _ in inputs_by_field(state, fields))
    asked = inputs_by_field(state, leaves(whole))
    shown = ((Typed(field, own, Asking()).blocks, field) for field, own in asked)
    return {blocks[0]: field for blocks, field in shown if blocks}


def problems_of(layout: Layout, content: Content, asking: Asking) -> dict[str, str]:
    """Every reason not to send this form yet, by field key."""
    now = replace(asking, epoch=0)
    unread = {field.key: own for field, own in inputs_by_field(content.typed, layout.fields)}
    problems: dict[str, str] = {}
    for field in layout.fields:
        try:
            _check(field, content, now, unread.get(field.key))
        except NotAnAnswerError as wrong:
            problems[field.key] = asking.texts.of(wrong.what)
    return problems


def _check(field: Field, content: Content, asking: Asking, typed: State | None) -> None:
    """Raise `NotAnAnswerError` unless what is there for this field can be sent."""
    answer = content.answers.get(field.key)
    if typed:
        answer = _read(Typed(field, typed, asking, answer))
    kind = kind_of(field, asking.room)
    if answer is not None and kind:
        kind.check(field, answer, asking)
    elif answer is None and is_required(field):
        raise NotAnAnswerError(ALWAYS_ASKED)


def to_send(layout: Layout, content: Content) -> dict[str, Json]:
    """The answers that are sent: those of the questions that are asked now."""
    asked = {field.key for field in layout.fields}
    return {key: answer for key, answer in content.answers.items() if answer is not None and key in asked}


def begun(fields: Sequence[Field], filled: Mapping[str, Json], asking: Asking) -> Content:
    """What a new form holds: what is known already, else the template's defaults where they are good.

    A conditional question gets no default, since it is sent only if somebody has seen it, but it is asked at
    once when its answer is known.
    """
    answers: dict[str, Json] = {}
    wanted = set()
    for field in fields:
        value, maybe = filled.get(field.key), field.required is Required.CONDITIONAL
        if value is None and not maybe:
            value = default_of(field)
        if value is not None and _is_good(field, value, asking):
            answers[field.key] = value
            wanted |= {field.key} if maybe else set()
    return Content(answers, wanted=frozenset(wanted))


def _is_good(field: Field, value: Json, asking: Asking) -> bool:
    kind = kind_of(field, asking.room)
    if kind is None:
        return False
    try:
        kind.check(field, value, asking)
    except NotAnAnswerError:
        return False
    return bool(kind.show(field, value, asking))


def typed_of(state: Any) -> State:
    """``view.state.values`` of a payload, or nothing when it is absent."""
    values = state.get("values") if isinstance(state, Mapping) else None
    return values if isinstance(values, Mapping) else {}


def _ageless(block: str) -> str:
    """A block id without its epoch."""
    return _EPOCH.sub("f:", block, count=1) if _EPOCH.match(block) else block


def _aged(block: str, epoch: int) -> str:
    """A block id of an epoch."""
    return f"f{epoch}:{block.removeprefix('f:')}" if epoch and block.startswith("f:") else block
