"""Screens on top of a form: one row of a table, a file to take from Slack."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slack_sdk.models.blocks import Block, InputBlock, PlainTextInputElement

from bot import forms, ids
from bot.blockkit import Screen, actions, button, context, inline, modal, plain, section
from bot.forms.drawing import draw_field
from bot.forms.kinds import columns_of, label_of
from bot.forms.kinds.documents import takes
from bot.usecases.drafting import Form
from ironclad import Field


def row(form: Form, at: ids.PartState, field: Field, cells: Mapping[str, Any], *, new: bool) -> Screen:
    """The small form of one row."""
    content = forms.Content(cells)
    blocks: list[Block] = [section(f"*{inline(label_of(field))}*")]
    for column in columns_of(field):
        blocks.extend(draw_field(column, content, form.asking))
    if not new:
        remove = button("Remove this row", ids.REMOVE_ROW, at.row, style="danger")
        blocks.append(actions(remove, block_id="ways"))
    return modal(
        "Add a row" if new else "Edit a row",
        blocks,
        callback_id=ids.ROW_FORM,
        submit="Add" if new else "Save",
        close="Cancel",
        private_metadata=at.pack(),
    )


def row_gone(field: Field) -> Screen:
    """After a row was removed."""
    return modal("Edit a row", [section(f"The row of *{inline(label_of(field))}* is removed.")], close="Back")


def take_file(at: ids.PartState, field: Field) -> Screen:
    """Asks for the link of a file, or of the message it was shared in."""
    link = InputBlock(
        block_id=ids.FILE_LINK_BLOCK,
        label=plain("Link of the file, or of the message with it"),
        element=PlainTextInputElement(action_id=ids.FIELD, max_length=1000, focus_on_load=True),
        hint=plain("In Slack: ⋮ beside the file or message → Copy link."),
    )
    return modal(
        "Take a file from Slack",
        [
            section(f"*{inline(label_of(field))}*\n{takes(field)}, up to 100 MB."),
            link,
            context("For files that are too large for the form, or that are in Slack already."),
        ],
        callback_id=ids.TAKE_FORM,
        submit="Take it",
        close="Cancel",
        private_metadata=at.pack(),
    )
