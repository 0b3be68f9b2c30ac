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
    context,
    escape,
    inline,
    modal,
    plain,
    section,
)
from bot.forms.kinds.base import option_id
from bot.mapping import Suggestion
from bot.mapping.rules import shown
from bot.texts import Texts
from bot.usecases.mappings import Editing, Preview
from bot.views.mapping import title, told
from bot.views.message import moment, person
from storage import Request, Rulebook

PER_BLOCK = 10  # options that Slack allows in one group of checkboxes
LINES_PER_BLOCK = 12
MOST_SUGGESTED = 150


def suggestions(editing: Editing, texts: Texts) -> Screen:
    """What Slipway would fill, each with its reason; the certain ones ticked."""
    found = editing.suggested[:MOST_SUGGESTED]
    blocks: list[Block] = [
        section(
            texts.say("Ticked ones are certain by their words and types. Nothing counts before you add it.")
        )
    ]
    for place in range(0, len(found), PER_BLOCK):
        some = [(_suggestion(editing, one, texts), one) for one in found[place : place + PER_BLOCK]]
        ticked = [option for option, one in some if one.sure]
        blocks.append(
            InputBlock(
                block_id=f"suggested:{editing.version}:{place}",
                label=plain(texts.say("More suggestions") if place else texts.say("Suggestions")),
                optional=True,
                element=CheckboxesElement(
                    action_id=ids.MAPPING_INPUT,
                    options=[option for option, _ in some],
                    initial_options=ticked or None,
                ),
            )
        )
    blocks.append(_context_of(editing, texts))
    state = ids.MappingState(template=editing.template.id, version=editing.version)
    return modal(
        title(texts),
        blocks,
        callback_id=ids.MAPPING_ACCEPT,
        submit=texts.say("Add the ticked"),
        close=texts.say("Cancel"),
        private_metadata=state.pack(),
    )


def _suggestion(editing: Editing, one: Suggestion, texts: Texts) -> Option:
    field = next(field for field in editing.fields if field.key == one.rule.field)
    source = editing.sources[one.rule.source]
    return Option(
        text=plain(clip(f"{field.label or field.key} ← {texts.of(source.label)}", MAX_OPTION)),
        description=plain(clip(texts.of(one.reason), MAX_OPTION)),
        value=option_id(one.rule.field),
    )


def preview(seen: Preview, texts: Texts) -> Screen:
    """What the mapping gives for a request: filled, not fitting, missing."""
    editing, filled, locked = seen.editing, seen.filled, f", {texts.say('locked')}"
    labels = {field.key: field.label or field.key for field in editing.fields}
    blocks: list[Block] = [_request_select(seen.request, texts)]
    if seen.request is None:
        blocks.append(section(texts.say("There is no request yet, so only fixed values show.")))
    unmapped = [key for key in filled.missing if editing.rule_of(key) is None]
    why = texts.say("is required, and nothing is mapped to it")
    blocks += _needed(texts.say("Not mapped"), unmapped, labels, why)
    if seen.request:
        empty = [key for key in filled.missing if key not in unmapped]
        why = texts.say("is required, and this request leaves it empty")
        blocks += _needed(texts.say("Empty here"), empty, labels, why)
    if filled.misfits:
        lines = [
            f"• *{inline(labels[one.key], 120)}* {inline(one.text, 100)}: {escape(texts.of(one.why))}"
            for one in filled.misfits
        ]
        blocks += _chunks(texts.say("Does not fit"), lines)
    lines = [
        f"• *{inline(labels[one.key], 120)}* {inline(shown(one.value) or str(one.value), 200)}"
        f" ({escape(texts.of(one.source))}{locked if one.locked else ''})"
        for one in filled.filled
    ]
    nothing = section(texts.say("Nothing would be filled."))
    blocks += _chunks(texts.say("Filled"), lines) if lines else [nothing]
    back = button(texts.say("Back to the mapping"), ids.MAPPING_BACK)
    blocks += [actions(back, block_id="mapping_back"), _context_of(editing, texts)]
    state = ids.MappingState(template=editing.template.id, version=editing.version)
    return modal(title(texts), blocks[:99], close=texts.say("Close"), private_metadata=state.pack())


def _needed(head: str, keys: Sequence[str], labels: Mapping[str, str], why: str) -> list[Block]:
    return _chunks(head, [f"• *{inline(labels[key], 120)}* {why}" for key in keys]) if keys else []


def _chunks(head: str, lines: Sequence[str]) -> list[Block]:
    parts = [lines[at : at + LINES_PER_BLOCK] for at in range(0, len(lines), LINES_PER_BLOCK)]
    return [section("\n".join([f"*{head}*", *part] if n == 0 else part)) for n, part in enumerate(parts)]


def _request_select(request: Request | None, texts: Texts) -> ActionsBlock:
    element = ExternalDataSelectElement(
        action_id=ids.MAPPING_REQUEST,
        placeholder=plain(texts.say("Try it on a request")),
        min_query_length=0,
        initial_option=request_option(request) if request else None,
    )
    return ActionsBlock(block_id="mapping_request", elements=[element])


def request_option(request: Request) -> Option:
    """A past request as a choice."""
    return Option(text=plain(clip(f"{request.label} {request.title}", MAX_OPTION)), value=request.id)


def history(editing: Editing, versions: Sequence[Rulebook], texts: Texts) -> Screen:
    """The versions of a mapping; each may be put in force again."""
    blocks: list[Block] = [section(f"*{inline(editing.template.name)}*")]
    for book in versions:
        now = book.version == editing.version
        parts = [f"*{texts.say('Version {version}', version=book.version)}*"]
        if now:
            parts.append(texts.say("in force"))
        parts.append(texts.count("{n} field", "{n} fields", len(book.body.get("rules", ()))))
        if "stands_for" in book.body:
            parts.append(texts.say("back to version {version}", version=book.body["stands_for"]))
        text = f"{' · '.join(parts)}\n{person(book.saved_by)} {moment(book.saved_at, texts)}"
        value = ids.MappingButton(number=book.version).pack()
        use = None if now else button(texts.say("Restore"), ids.MAPPING_RESTORE, value)
        blocks.append(section(text, accessory=use, block_id=f"version:{book.version}"))
    if not versions:
        blocks.append(section(texts.say("Nothing was saved yet.")))
    blocks.append(
        actions(button(texts.say("Back to the mapping"), ids.MAPPING_BACK), block_id="mapping_back")
    )
    state = ids.MappingState(template=editing.template.id, version=editing.version)
    return modal(title(texts), blocks, close=texts.say("Close"), private_metadata=state.pack())


def import_form(editing: Editing, texts: Texts) -> Screen:
    """Asks for a file."""
    element = FileInputElement(action_id=ids.MAPPING_INPUT, filetypes=["json"], max_files=1)
    state = ids.MappingState(template=editing.template.id, version=editing.version)
    told = texts.say(
        "The file replaces the whole mapping of this template. Undo brings the present one back."
    )
    label = plain(texts.say("A file that Slipway exported"))
    return modal(
        title(texts),
        [
            alert(told, "info"),
            InputBlock(block_id=ids.MAPPING_FILE_BLOCK, label=label, element=element),
            _context_of(editing, texts),
        ],
        callback_id=ids.MAPPING_TAKE_IN,
        submit=texts.say("Import"),
        close=texts.say("Cancel"),
        private_metadata=state.pack(),
    )


def exported(editing: Editing, texts: Texts) -> Screen:
    """The file is on its way."""
    name = inline(editing.template.name)
    state = ids.MappingState(template=editing.template.id, version=editing.version)
    return modal(
        title(texts),
        [
            section(
                texts.say("The mapping of *{template}* is in your messages with Slipway.", template=name)
            ),
            actions(button(texts.say("Back to the mapping"), ids.MAPPING_BACK), block_id="mapping_back"),
        ],
        private_metadata=state.pack(),
    )


def _context_of(editing: Editing, texts: Texts) -> Block:
    """Which template a screen belongs to."""
    return context(
        f"{inline(editing.template.name)} · {texts.say('version {version}', version=editing.version)}"
    )


__all__ = ["exported", "history", "import_form", "preview", "request_option", "suggestions", "told"]
