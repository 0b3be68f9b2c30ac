"""The difference between two versions of a template, in words."""

from __future__ import annotations

from collections.abc import Sequence

from slack_sdk.models.blocks import Block

from bot import forms
from bot.blockkit import inline, packed, section

NAMED_AT_MOST = 8


def told(drift: forms.Drift) -> list[str]:
    """The differences, a line of mrkdwn for each kind of them."""
    renamed = [f"{old} → {new}" for old, new in drift.renamed]
    kinds = (
        ("New", drift.added),
        ("Gone", drift.removed),
        ("Required now", drift.required),
        ("No longer always asked", drift.moved),
        ("Asked otherwise", drift.retyped),
        ("Fewer choices", drift.narrowed),
        ("Renamed", renamed),
    )
    return [f"• {name}: {names(labels)}" for name, labels in kinds if labels]


def names(labels: Sequence[str]) -> str:
    """The first of some labels, as one line of mrkdwn."""
    shown = ", ".join(inline(label, 80) for label in labels[:NAMED_AT_MOST])
    more = len(labels) - NAMED_AT_MOST
    return f"{shown} and {more} more" if more > 0 else shown


def in_a_form(drift: forms.Drift | None) -> list[Block]:
    """On top of a form whose template changed since the person last saw it; nothing if it did not."""
    if not drift:
        return []
    text = "*This template changed since you last saw it.* What still fits is kept."
    return [section(block) for block in packed([text, *told(drift)])]
