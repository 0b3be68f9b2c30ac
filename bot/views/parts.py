"""Screens on top of a form: one row of a table, a file to take from Slack."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from slack_sdk.models.blocks import (
    Block,
    CheckboxesElement,
    InputBlock,
    Option,
    PlainTextInputElement,
    StaticMultiSelectElement,
)
from slack_sdk.models.blocks.block_elements import InputInteractiveElement

from bot import forms, ids
from bot.blockkit import (
    MAX_OPTION,
    MAX_PLACEHOLDER,
    MAX_VIEW_BLOCKS,
    Screen,
    actions,
    button,
    context,
    exactly,
    modal,
    plain,
    section,
)
from bot.forms.drawing import draw_field
from bot.forms.kept import KeptFile
from bot.forms.kinds import columns_of, label_of, unaskable_parts
from bot.forms.kinds.base import MOST_IN_HEADING, inside
from bot.forms.kinds.choices import TICKS_AT_MOST
from bot.forms.kinds.documents import MOST_FILES, fits, size_of, takes
from bot.texts import Texts
from bot.usecases.form import Form
from bot.usecases.nearby import Found
from bot.views.message import demo_mark
from ironclad import Field

UNFIT_NAMED = 5
LEFT_OUT_NAMED = 20
MOST_BLOCKS = MAX_VIEW_BLOCKS - 2  # what is left out, and the way out, come after them


def row(
    form: Form,
    at: ids.PartState,
    table: Field,
    content: forms.Content,
    asking: forms.Asking,
    *,
    new: bool,
) -> Screen:
    """The small form of one row; `asking` is that of its own window."""
    blocks: list[Block] = [
        *demo_mark(form.texts, demo=form.demo),
        section(f"*{exactly(label_of(table), MOST_IN_HEADING)}*"),
    ]
    left_out = unaskable_parts(table, asking.room + 1)
    for column in columns_of(table, asking):
        asked = draw_field(column, content, asking)
        if len(blocks) + len(asked) > MOST_BLOCKS:
            left_out.append(inside(table, column))  # what its cell holds already is kept
        else:
            blocks.extend(asked)
    texts = asking.texts
    if left_out:
        named = [exactly(part.label, 80) for part in left_out[:LEFT_OUT_NAMED]]
        names = texts.both([*named, "…"] if len(left_out) > LEFT_OUT_NAMED else named)
        blocks.append(context(texts.say("Only Ironclad's own form asks: {fields}", fields=names)))
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
    gone = texts.say("The row of *{field}* is removed.", field=exactly(label_of(field)))
    return modal(texts.say("Edit a row"), [section(gone)], close=texts.say("Back"))


def take_file(
    at: ids.PartState,
    field: Field,
    texts: Texts,
    *,
    looking_at: str = "",
    found: Found | None = None,
    attached: Collection[str] = (),
) -> Screen:
    """Asks for a file from the threads of the form's request, or for the link of one elsewhere.

    `looking_at` is the number of the request while its threads are looked through, `found` what is in them,
    `attached` what the field has already.
    """
    new = [file for file in found.files if file.id not in attached] if found else []
    fit = [file for file in new if fits(field, file)]
    blocks: list[Block] = [
        section(f"*{exactly(label_of(field))}*\n{texts.say('{kinds}, up to 100 MB.', kinds=takes(field))}")
    ]
    if looking_at:
        blocks.append(
            context(texts.say("Looking for files in the thread of {request} …", request=looking_at))
        )
    if found:
        blocks += _offered(found, fit, [file for file in new if file not in fit], texts)
    blocks += [
        _link(texts, optional=bool(fit)),
        context(texts.say("For files that are too large for the form, or that are in Slack already.")),
    ]
    return modal(
        texts.say("Take a file from Slack"),
        blocks,
        callback_id=ids.TAKE_FORM,
        submit=texts.say("Take it"),
        close=texts.say("Cancel"),
        private_metadata=at.pack(),
    )


def _link(texts: Texts, *, optional: bool) -> Block:
    return InputBlock(
        block_id=ids.FILE_LINK_BLOCK,
        label=plain(texts.say("Link of the file, or of the message with it")),
        element=PlainTextInputElement(action_id=ids.FIELD, max_length=1000),
        hint=plain(texts.say("In Slack: ⋮ beside the file or message → Copy link.")),
        optional=optional,
    )


def _offered(
    found: Found, fit: Sequence[KeptFile], unfit: Sequence[KeptFile], texts: Texts
) -> Iterator[Block]:
    """The files that can be taken, and the names of those that cannot."""
    if fit:
        yield InputBlock(
            block_id=ids.THREAD_FILES_BLOCK,
            label=plain(texts.say("Files in the thread of {request}", request=found.request)),
            element=_choice_of([_option(file, found.owners.get(file.id), texts) for file in fit], texts),
            optional=True,
        )
    elif found.complete and not unfit:
        yield context(
            texts.say(
                "There is no file yet in the thread of {request}. Share it there, or paste its link.",
                request=found.request,
            )
        )
    if unfit:
        names = texts.both([exactly(file.name, 60) for file in unfit[:UNFIT_NAMED]])
        said = texts.say(
            "In the thread of {request}, but not taken here: {files}", request=found.request, files=names
        )
        yield context(said + (" …" if len(unfit) > UNFIT_NAMED else ""))
    if not found.complete:
        yield context(
            texts.say("Slack did not show everything in the thread of {request}.", request=found.request)
        )


def _option(file: KeptFile, owner: str | None, texts: Texts) -> Option:
    said = (
        texts.say("{size}, from {person}", size=size_of(file.size), person=owner)
        if owner
        else size_of(file.size)
    )
    return Option(text=plain(file.name, MAX_OPTION), value=file.id, description=plain(said, MAX_OPTION))


def _choice_of(options: list[Option], texts: Texts) -> InputInteractiveElement:
    if len(options) <= TICKS_AT_MOST:
        return CheckboxesElement(action_id=ids.FIELD, options=options)
    return StaticMultiSelectElement(
        action_id=ids.FIELD,
        options=options,
        placeholder=plain(texts.say("Choose any number"), MAX_PLACEHOLDER),
        max_selected_items=MOST_FILES,
    )
