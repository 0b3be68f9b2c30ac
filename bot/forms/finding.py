"""Searching: the options of a long choice, the questions of a long form."""

from __future__ import annotations

from collections.abc import Sequence

from slack_sdk.models.blocks import Option

from bot.blockkit import MAX_OPTION, MAX_OPTIONS, clip, plain
from bot.forms.kinds import Asking, kind_of, label_of, option_id, part_of
from bot.forms.kinds.base import parts_of
from bot.forms.pages import Layout
from ironclad import Field


def find_options(fields: Sequence[Field], block: str, query: str, asking: Asking) -> list[Option]:
    """What the searched select in `block` offers for `query`, at most 100."""
    for field in fields:
        part, kind = part_of(field, block), kind_of(field)
        if part is not None and kind is not None:
            return kind.search(field, part, query, asking)
        if found := find_options(list(parts_of(field)), block, query, asking):
            return found
    return []


def find_questions(layout: Layout, query: str) -> list[Option]:
    """The questions whose label holds every word of `query`, at most 100."""
    words = query.casefold().split()
    found = [field for field in layout.fields if all(word in label_of(field).casefold() for word in words)]
    return [
        Option(text=plain(clip(label_of(field), MAX_OPTION)), value=option_id(field.key))
        for field in found[:MAX_OPTIONS]
    ]


def question_of(layout: Layout, value: str) -> int | None:
    """The page of the question behind the value of such an option."""
    key = next((field.key for field in layout.fields if option_id(field.key) == value), None)
    return None if key is None else layout.page_of(key)
