"""Trying rules of conditional questions: sample answers, and which questions they bring up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from slack_sdk.models.blocks import Block

from bot import ids
from bot.blockkit import Screen, context, divider, header, inline, modal, section
from bot.forms.conditions import Outlook
from bot.forms.rule_problems import label_of
from bot.texts import Texts
from bot.usecases.ruling import QuestionBook


def trying(book: QuestionBook, inputs: Sequence[Block], seen: Outlook, metadata: str, texts: Texts) -> Screen:
    """Sample answers, and which questions they bring up."""
    blocks: list[Block] = [
        context(texts.say("Sample answers, kept nowhere. Below you see which questions they bring up.")),
        *inputs,
        divider(),
        header(texts.say("What the form does")),
        *_outcome(book, seen, texts),
    ]
    return modal(
        texts.say("Try it"),
        blocks,
        callback_id=ids.TRY_RULES,
        submit=texts.say("Look again"),
        close=texts.say("Back"),
        private_metadata=metadata,
    )


def _outcome(book: QuestionBook, seen: Outlook, texts: Texts) -> Iterator[Block]:
    lines = []
    for field in book.fields:
        name, key = inline(label_of(field), 120), field.key
        if key in seen.unsure:
            lines.append(texts.say("• *{field}*: its rule cannot be judged, so it may be needed", field=name))
        elif key in seen.hidden:
            lines.append(texts.say("• *{field}*: not asked", field=name))
        elif key in seen.required:
            lines.append(texts.say("• *{field}*: asked, an answer is required", field=name))
        elif key in seen.shown:
            lines.append(texts.say("• *{field}*: asked, an answer is optional", field=name))
    for start in range(0, len(lines), 15):
        yield section("\n".join(lines[start : start + 15]))
    if not lines:
        yield section(texts.say("No question depends on these answers."))
