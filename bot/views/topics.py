"""A topic of the set-up on the Home tab: one row, whose button opens the topic's own modal."""

from __future__ import annotations

from collections.abc import Callable

from slack_sdk.models.blocks import Block

from bot.blockkit import button, escape, section
from bot.texts import Texts
from bot.usecases.overview import Overview

Drawing = Callable[[Overview, Texts], list[Block]]
"""Draws a topic for one admin, in their language."""


def topic(
    name: str,
    state: str,
    action_id: str,
    *,
    label: str,
    value: str = "",
    problem: str | None = None,
) -> list[Block]:
    """The row of a topic: its name, how it stands (mrkdwn), and one button.

    `problem`, if there is one, is shown below (`needs_a_look`).
    """
    row: list[Block] = [section(f"*{escape(name)}*\n{state}", accessory=button(label, action_id, value))]
    if problem:
        row.append(section(problem))
    return row


def needs_a_look(problem: str, texts: Texts) -> str:
    """Something that is wrong, as mrkdwn; `problem` may hold anybody's text."""
    return f"*{texts.say('Needs a look:')}* {escape(texts.of(problem))}"
