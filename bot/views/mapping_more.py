"""More of the mapping editor: suggestions, the preview on a real request, history, and files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    CheckboxesElement,
    ExternalDataSelectElement,
    InputBlock,
    Option,
)
from slack_sdk.models.blocks.block_elements import FileInputElement

from bot import ids
from bot.blockkit import (
    MAX_OPTION,
    Screen,
    actions,
    alert,
    button,
    clip,
    escape,
    inline,
    modal,
    plain,
    section,
)
from bot.forms.kinds.base import option_id
from bot.mapping import Suggestion
from bot.mapping.rules import shown
from bot.usecases.mappings import Editing, Preview
from bot.views.mapping import TITLE, context_of, told
from bot.views.message import moment, person
from storage import Request, Rulebook

PER_BLOCK = 10  # options that Slack allows in one group of checkboxes
LINES_PER_BLOCK = 12
MOST_SUGGESTED = 150


def suggestions(editing: Editing) -> Screen:
    """What Slipway would fill, each with its reason; the certain ones ticked."""
    found = editing.suggested[:MOST_SUGGESTED]
    blocks: list[Block] = [
        section("Ticked ones are certain by their words and types. Nothing counts before you add it.")
    ]
    for place in range(0, len(found), PER_BLOCK):
        some = [(_suggestion(editing, one), one) for one in found[place : place + PER_BLOCK]]
        ticked = [option for option, one in some if one.sure]
        blocks.append(
            InputBlock(
                block_id=f"suggested:{editing.version}:{place}",
                label=plain("Suggestions" if place == 0 else "More suggestions"),
                optional=True,
                element=CheckboxesElement(
                    action_id=ids.MAPPING_INPUT,
                    options=[option for option, _ in some],
                    initial_options=ticked or None,
                ),
            )
        )
    blocks.append(context_of(editing))
    state = ids.MappingState(template=editing.template.id, version=editing.version)
    return modal(
        TITLE,
        blocks,
        callback_id=ids.MAPPING_ACCEPT,
        submit="Add the ticked",
        close="Cancel",
        private_metadata=state.pack(),
    )


def _suggestion(editing: Editing, one: Suggestion) -> Option:
    field = next(field for field in editing.fields if field.key == one.rule.field)
    source = editing.sources[one.rule.source]
    return Option(
        text=plain(clip(f"{field.label or field.key} ← {source.label}", MAX_OPTION)),
        description=plain(clip(one.reason, MAX_OPTION)),
        value=option_id(one.rule.field),
    )


def preview(seen: Preview) -> Screen:
    """What the mapping gives for a request: filled, not fitting, missing."""
    editing, filled = seen.editing, seen.filled
    labels = {field.key: field.label or field.key for field in editing.fields}
    blocks: list[Block] = [_request_select(seen.request)]
    if seen.request is None:
        blocks.append(section("There is no request yet, so only fixed values show."))
    unmapped = [key for key in filled.missing if editing.rule_of(key) is None]
    blocks += _needed("*Not mapped*", unmapped, labels, "is required, and nothing is mapped to it")
    if seen.request:
        empty = [key for key in filled.missing if key not in unmapped]
        blocks += _needed("*Empty here*", empty, labels, "is required, and this request leaves it empty")
    if filled.misfits:
        lines = [
            f"• *{inline(labels[one.key], 120)}* {inline(one.text, 100)}: {escape(one.why)}"
            for one in filled.misfits
        ]
        blocks += _chunks("*Does not fit*", lines)
    lines = [
        f"• *{inline(labels[one.key], 120)}* {inline(shown(one.value) or str(one.value), 200)}"
        f" ({escape(one.source)}{', locked' if one.locked else ''})"
        for one in filled.filled
    ]
    blocks += _chunks("*Filled*", lines) if lines else [section("Nothing would be filled.")]
    back = button("Back to the mapping", ids.MAPPING_BACK)
    blocks += [actions(back, block_id="mapping_back"), context_of(editing)]
    state = ids.MappingState(template=editing.template.id, version=editing.version)
    return modal(TITLE, blocks[:99], private_metadata=state.pack())


def _needed(head: str, keys: Sequence[str], labels: Mapping[str, str], why: str) -> list[Block]:
    return _chunks(head, [f"• *{inline(labels[key], 120)}* {why}" for key in keys]) if keys else []


def _chunks(head: str, lines: Sequence[str]) -> list[Block]:
    parts = [lines[at : at + LINES_PER_BLOCK] for at in range(0, len(lines), LINES_PER_BLOCK)]
    return [section("\n".join([head, *part] if n == 0 else part)) for n, part in enumerate(parts)]


def _request_select(request: Request | None) -> ActionsBlock:
    element = ExternalDataSelectElement(
        action_id=ids.MAPPING_REQUEST,
        placeholder=plain("Try it on a request"),
        min_query_length=0,
        initial_option=request_option(request) if request else None,
    )
    return ActionsBlock(block_id="mapping_request", elements=[element])


def request_option(request: Request) -> Option:
    """A past request as a choice."""
    return Option(text=plain(clip(f"{request.label} {request.title}", MAX_OPTION)), value=request.id)


def history(editing: Editing, versions: Sequence[Rulebook]) -> Screen:
    """The versions of a mapping; each may be put in force again."""
    blocks: list[Block] = [section(f"*{inline(editing.template.name)}*")]
    for book in versions:
        now = book.version == editing.version
        again = "" if "stands_for" not in book.body else f", back to version {book.body['stands_for']}"
        filled = len(book.body.get("rules", ()))
        head = f"*Version {book.version}*{' · in force' if now else ''} · {filled} fields{again}"
        text = f"{head}\n{person(book.saved_by)} {moment(book.saved_at)}"
        value = ids.MappingButton(number=book.version).pack()
        use = None if now else button("Restore", ids.MAPPING_RESTORE, value)
        blocks.append(section(text, accessory=use, block_id=f"version:{book.version}"))
    if not versions:
        blocks.append(section("Nothing was saved yet."))
    blocks.append(actions(button("Back to the mapping", ids.MAPPING_BACK), block_id="mapping_back"))
    state = ids.MappingState(template=editing.template.id, version=editing.version)
    return modal(TITLE, blocks, private_metadata=state.pack())


def import_form(editing: Editing) -> Screen:
    """Asks for a file."""
    element = FileInputElement(action_id=ids.MAPPING_INPUT, filetypes=["json"], max_files=1)
    state = ids.MappingState(template=editing.template.id, version=editing.version)
    told = "The file replaces the whole mapping of this template. Undo brings the present one back."
    label = plain("A file that Slipway exported")
    return modal(
        TITLE,
        [
            alert(told, "info"),
            InputBlock(block_id=ids.MAPPING_FILE_BLOCK, label=label, element=element),
            context_of(editing),
        ],
        callback_id=ids.MAPPING_TAKE_IN,
        submit="Import",
        close="Cancel",
        private_metadata=state.pack(),
    )


def exported(editing: Editing) -> Screen:
    """The file is on its way."""
    state = ids.MappingState(template=editing.template.id, version=editing.version)
    return modal(
        TITLE,
        [
            section(f"The mapping of *{inline(editing.template.name)}* is in your messages with Slipway."),
            actions(button("Back to the mapping", ids.MAPPING_BACK), block_id="mapping_back"),
        ],
        private_metadata=state.pack(),
    )


__all__ = ["exported", "history", "import_form", "preview", "request_option", "suggestions", "told"]
