"""The difference between two versions of a template, in words."""

from __future__ import annotations

from collections.abc import Sequence

from slack_sdk.models.blocks import Block

from bot import forms
from bot.blockkit import inline, packed, section
from bot.texts import Texts

NAMED_AT_MOST = 8


def told(drift: forms.Drift, texts: Texts) -> list[str]:
    """The differences, a line of mrkdwn for each kind of them."""
    renamed = [f"{old} → {new}" for old, new in drift.renamed]
    kinds = (
        (texts.say("New"), drift.added),
        (texts.say("Gone"), drift.removed),
        (texts.say("Required now"), drift.required),
        (texts.say("No longer always asked"), drift.moved),
        (texts.say("Asked otherwise"), drift.retyped),
        (texts.say("Fewer choices"), drift.narrowed),
        (texts.say("Renamed"), renamed),
    )
    return [f"• {name}: {names(labels, texts)}" for name, labels in kinds if labels]


def names(labels: Sequence[str], texts: Texts) -> str:
    """The first of some labels, as one line of mrkdwn."""
    shown = ", ".join(inline(label, 80) for label in labels[:NAMED_AT_MOST])
    more = len(labels) - NAMED_AT_MOST
    return f"{shown} " + texts.count("and {n} more", "and {n} more", more) if more > 0 else shown


def in_a_form(drift: forms.Drift | None, texts: Texts) -> list[Block]:
    """On top of a form whose template changed since the person last saw it; nothing if it did not."""
    if not drift:
        return []
    lead = texts.say("This template changed since you last saw it.")
    text = f"*{lead}* " + texts.say("What still fits is kept.")
    return [section(block) for block in packed([text, *told(drift, texts)])]
