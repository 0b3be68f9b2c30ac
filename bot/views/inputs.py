"""Inputs that the windows of the set-up have in common."""

from __future__ import annotations

from collections.abc import Sequence

from slack_sdk.models.blocks import (
    InputBlock,
    Option,
    PlainTextInputElement,
    StaticMultiSelectElement,
    StaticSelectElement,
)
from slack_sdk.models.blocks.block_elements import InputInteractiveElement

from bot import ids
from bot.blockkit import MAX_OPTION, clip, plain


def asked(
    block: str, label: str, element: InputInteractiveElement, *, hint: str = "", optional: bool = True
) -> InputBlock:
    """A labelled input."""
    return InputBlock(
        block_id=block,
        label=plain(label),
        element=element,
        hint=plain(hint) if hint else None,
        optional=optional,
    )


def one_line(filled: str, limit: int) -> PlainTextInputElement:
    """A line of text."""
    return PlainTextInputElement(
        action_id=ids.CONNECT_INPUT, max_length=limit, initial_value=clip(filled, limit) or None
    )


def several_lines(filled: Sequence[str]) -> PlainTextInputElement:
    """One text for each line."""
    return PlainTextInputElement(
        action_id=ids.CONNECT_INPUT,
        multiline=True,
        max_length=3000,
        initial_value=clip("\n".join(filled), 3000) or None,
    )


def one_of(offered: Sequence[tuple[str, str]], chosen: str) -> StaticSelectElement:
    """One of at most a hundred choices, each a value and what is shown."""
    options = {key: Option(text=plain(text, MAX_OPTION), value=key) for key, text in offered[:100]}
    return StaticSelectElement(
        action_id=ids.CONNECT_INPUT, options=list(options.values()), initial_option=options.get(chosen)
    )


def some_of(
    offered: Sequence[tuple[str, str]], chosen: Sequence[str], placeholder: str
) -> StaticMultiSelectElement:
    """Some of at most a hundred choices; `placeholder` while there are none."""
    options = {key: Option(text=plain(text, MAX_OPTION), value=key) for key, text in offered[:100]}
    picked = [options[key] for key in chosen if key in options]
    return StaticMultiSelectElement(
        action_id=ids.CONNECT_INPUT,
        options=list(options.values()),
        initial_options=picked or None,
        placeholder=plain(placeholder),
    )
