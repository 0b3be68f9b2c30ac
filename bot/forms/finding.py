"""Searching: the options of a long choice, the questions of a long form."""

from __future__ import annotations

from collections.abc import Sequence

from slack_sdk.models.blocks import Option

from bot.blockkit import MAX_OPTION, MAX_OPTIONS, clip, plain
from bot.forms.kinds import Asking, kind_of, label_of, option_id
from bot.forms.nested import find_field
from bot.forms.pages import Layout
from ironclad import Field


def find_options(fields: Sequence[Field], block: str, query: str, asking: Asking) -> list[Option]:
    """What the searched select in `block` offers for `query`, at most 100."""
    found = find_field(fields, block)
    kind = kind_of(found[0], asking.room) if found else None
    return kind.search(*found, query, asking) if found and kind else []


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
