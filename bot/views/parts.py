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
from bot.texts import Texts
from bot.usecases.form import Form
from ironclad import Field


def row(form: Form, at: ids.PartState, field: Field, cells: Mapping[str, Any], *, new: bool) -> Screen:
    """The small form of one row."""
    content = forms.Content(cells)
    blocks: list[Block] = [section(f"*{inline(label_of(field))}*")]
    for column in columns_of(field):
        blocks.extend(draw_field(column, content, form.asking))
    texts = form.asking.texts
    if not new:
        remove = button(texts.say("Remove this row"), ids.REMOVE_ROW, at.row, style="danger")
        blocks.append(actions(remove, block_id="ways"))
    return modal(
        texts.say("Add a row") if new else texts.say("Edit a row"),
        blocks,
        callback_id=ids.ROW_FORM,
        submit=texts.say("Add") if new else texts.say("Save"),
        close=texts.say("Cancel"),
        private_metadata=at.pack(),
    )


def row_gone(field: Field, texts: Texts) -> Screen:
    """After a row was removed."""
    gone = texts.say("The row of *{field}* is removed.", field=inline(label_of(field)))
    return modal(texts.say("Edit a row"), [section(gone)], close=texts.say("Back"))


def take_file(at: ids.PartState, field: Field, texts: Texts) -> Screen:
    """Asks for the link of a file, or of the message it was shared in."""
    link = InputBlock(
        block_id=ids.FILE_LINK_BLOCK,
        label=plain(texts.say("Link of the file, or of the message with it")),
        element=PlainTextInputElement(action_id=ids.FIELD, max_length=1000, focus_on_load=True),
        hint=plain(texts.say("In Slack: ⋮ beside the file or message → Copy link.")),
    )
    most = texts.say("{kinds}, up to 100 MB.", kinds=takes(field))
    return modal(
        texts.say("Take a file from Slack"),
        [
            section(f"*{inline(label_of(field))}*\n{most}"),
            link,
            context(texts.say("For files that are too large for the form, or that are in Slack already.")),
        ],
        callback_id=ids.TAKE_FORM,
        submit=texts.say("Take it"),
        close=texts.say("Cancel"),
        private_metadata=at.pack(),
    )
