"""The mapping editor: the list of templates, a template's fields, one field."""

from __future__ import annotations

from collections.abc import Sequence

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    CheckboxesElement,
    ExternalDataSelectElement,
    InputBlock,
    Option,
    OptionGroup,
    OverflowMenuElement,
    PlainTextInputElement,
    StaticSelectElement,
)

from bot import ids
from bot.blockkit import (
    MAX_LABEL,
    MAX_OPTION,
    MAX_OPTIONS,
    Screen,
    actions,
    alert,
    button,
    clip,
    context,
    divider,
    escape,
    inline,
    modal,
    plain,
    section,
)
from bot.mapping import FIXED, TEXT, Rule, Source, Target, target_of, transforms_for
from bot.mapping.rules import MAX_VALUE
from bot.texts import Texts
from bot.usecases.mappings import Editing, Listed
from bot.usecases.overview import Overview
from bot.views.topics import topic
from ironclad import Field, Required

TITLE = "Mapping"
FIELDS_PER_PAGE = 25
TARGETS = {
    Target.TEXT: "text",
    Target.CHOICE: "choice",
    Target.CHOICES: "choices",
    Target.YES_NO: "yes or no",
    Target.NUMBER: "number",
    Target.EMAIL: "e-mail",
    Target.DATE: "date",
    Target.MONEY: "money",
    Target.DURATION: "length of time",
    Target.FILES: "files",
}


def row(seen: Overview, texts: Texts) -> list[Block]:
    """The topic on the Home tab."""
    mapped = seen.templates_mapped
    state = "no template yet" if not mapped else "1 template" if mapped == 1 else f"{mapped} templates"
    return topic("Mapping", f"Fills forms from requests: {state}", ids.OPEN_MAPPING, label="Edit mappings")


def matching_templates(listed: Sequence[Listed], query: str) -> list[Option]:
    """The templates whose name holds every word of `query`."""
    words = query.casefold().split()
    options = [(f"{one.name} {_standing(one)}".casefold(), one) for one in listed]
    found = [one for text, one in options if all(word in f"{text} ·" for word in words)]
    return [_template(one) for one in found[:MAX_OPTIONS]]


def _template(one: Listed) -> Option:
    return Option(text=plain(clip(f"{one.name} · {_standing(one)}", MAX_OPTION)), value=one.id)


def _standing(one: Listed) -> str:
    return f"{one.mapped} mapped" if one.mapped else "nothing mapped"


def templates(listed: Sequence[Listed]) -> Screen:
    """Choose the template whose mapping is to be edited."""
    if not listed:
        return modal(TITLE, [section("No template is known yet. Type /contract once, then come back.")])
    element = ExternalDataSelectElement(
        action_id=ids.MAPPING_TEMPLATE,
        placeholder=plain("Choose a template"),
        min_query_length=0,
        focus_on_load=True,
    )
    mapped = [one for one in listed if one.mapped]
    lines = [f"• {inline(one.name, 100)}: {one.mapped} fields" for one in mapped[:20]]
    if len(mapped) > 20:
        lines.append(f"• and {len(mapped) - 20} more")
    return modal(
        TITLE,
        [
            section("A mapping says which field of a template is filled from which part of a request."),
            ActionsBlock(block_id="mapping_template", elements=[element]),
            *([section("*Mapped so far*\n" + "\n".join(lines))] if lines else []),
        ],
    )


# One template -------------------------------------------------------------------------------------


def editor(editing: Editing, page: int = 0, told: str = "") -> Screen:
    """A template's fields, each with what fills it."""
    fields = editing.fields
    pages = max(1, -(-len(fields) // FIELDS_PER_PAGE))
    page = min(max(page, 0), pages - 1)
    blocks: list[Block] = [alert(told, "success")] if told else []
    blocks += [section(f"*{inline(editing.template.name)}*\n{_summary(editing)}"), _tools(editing), divider()]
    blocks += _lost(editing)
    for field in fields[page * FIELDS_PER_PAGE : (page + 1) * FIELDS_PER_PAGE]:
        blocks.append(_field(editing, field))
    if pages > 1:
        blocks.append(_pages(page, pages))
    state = ids.MappingState(template=editing.template.id, version=editing.version, page=page)
    return modal(TITLE, blocks, private_metadata=state.pack())


def _summary(editing: Editing) -> str:
    filled = {rule.field for rule in editing.rules}
    empty = [f for f in editing.fields if f.required is Required.ALWAYS and f.key not in filled]
    version = f"version {editing.version}" if editing.version else "nothing saved yet"
    left = "1 required field is" if len(empty) == 1 else f"{len(empty)} required fields are"
    needed = f" · {left} left to the person" if empty else ""
    return f"{len(editing.rules)} of {len(editing.fields)} fields filled · {version}{needed}"


def _tools(editing: Editing) -> ActionsBlock:
    suggested = len(editing.suggested)
    menu = OverflowMenuElement(
        action_id=ids.MAPPING_MENU,
        options=[
            Option(text=plain("History"), value="history"),
            Option(text=plain("Export as a file"), value="export"),
            Option(text=plain("Import a file"), value="import"),
            Option(text=plain("Another template"), value="templates"),
        ],
    )
    tools: list[ButtonElement | OverflowMenuElement] = []
    if suggested:
        tools.append(button(f"Suggestions ({suggested})", ids.MAPPING_SUGGEST, style="primary"))
    tools.append(button("Preview", ids.MAPPING_PREVIEW))
    if editing.version:
        tools.append(button("Undo", ids.MAPPING_UNDO))
    elif editing.earlier:
        tools.append(button(f"Take over {len(editing.earlier)} from before", ids.MAPPING_TAKE_OVER))
    return ActionsBlock(block_id="mapping_tools", elements=[*tools, menu])


def _lost(editing: Editing) -> list[Block]:
    """Rules whose field is gone: shown, so that nobody wonders why nothing is filled."""
    known = {field.key for field in editing.fields}
    lost = [rule for rule in editing.rules if rule.field not in known]
    return [
        section(
            f"*Needs a look:* {inline(rule.field, 100)} is not a field of this template any more.",
            accessory=button("Remove", ids.MAPPING_DROP, ids.MappingButton(field=rule.field).pack()),
            block_id=f"lost:{place}",
        )
        for place, rule in enumerate(lost[:10])
    ]


def _field(editing: Editing, field: Field) -> Block:
    target = target_of(field)
    needed = " · required" if field.required is Required.ALWAYS else ""
    head = f"*{inline(field.label or field.key, 150)}* · {TARGETS.get(target, escape(field.type))}{needed}"
    if target is Target.OTHER:
        return section(f"{head}\nSlipway cannot fill this kind of field.")
    rule = editing.rule_of(field.key)
    value = ids.MappingButton(field=field.key).pack()
    change = button("Change" if rule else "Fill", ids.MAPPING_FIELD, value)
    return section(f"{head}\n{_said(editing, field, rule)}", accessory=change)


def _said(editing: Editing, field: Field, rule: Rule | None) -> str:
    if rule is None:
        return "Left to the person"
    problem = editing.problem_of(rule)
    if problem:
        return f"*Needs a look:* {escape(problem)}"
    return f"← {told(rule, editing)}{' · locked' if rule.locked else ''}"


def told(rule: Rule, editing: Editing) -> str:
    """A rule in words, as mrkdwn."""
    source = editing.sources.get(rule.source)
    if source is None:
        return inline(rule.source, 60)
    if rule.source in (FIXED, TEXT):
        return f"“{inline(rule.value, 120)}”"
    field = next(one for one in editing.fields if one.key == rule.field)
    ways = transforms_for(source.shape, target_of(field))
    way = next((one for one in ways if one.id == rule.transform), ways[0] if ways else None)
    how = f", {way.label}" if way and way.label not in ("as it is", "as they are") else ""
    return f"{escape(source.label)}{how}{f' ({escape(rule.option)})' if rule.option else ''}"


def _pages(page: int, pages: int) -> ActionsBlock:
    steps = []
    if page > 0:
        back = button("Previous", ids.MAPPING_PAGE, ids.MappingButton(number=page - 1).pack())
        steps.append(back)
    if page < pages - 1:
        on = button("Next", ids.MAPPING_PAGE_ON, ids.MappingButton(number=page + 1).pack())
        steps.append(on)
    return actions(*steps, block_id=f"mapping_pages:{page}")


# One field ----------------------------------------------------------------------------------------


def field_form(editing: Editing, state: ids.MappingState, field: Field, rule: Rule | None) -> Screen:
    """What fills a field. `state` holds the source and the way chosen so far."""
    target = target_of(field)
    offered = [one for one in editing.sources.values() if transforms_for(one.shape, target)]
    source = editing.sources.get(state.source)
    blocks: list[Block] = [
        section(f"*{inline(field.label or field.key)}*\n{TARGETS.get(target, '')}{_choices(field)}"),
        _source_input(offered, source),
    ]
    if source is not None:
        blocks += _details(state, field, source, rule)
    return modal(
        TITLE,
        blocks,
        callback_id=ids.MAPPING_SAVE,
        submit="Save",
        close="Cancel",
        private_metadata=state.pack(),
    )


def _choices(field: Field) -> str:
    values = field.options.values if field.options else ()
    return f": {inline(', '.join(values), 300)}" if values else ""


def _source_input(offered: Sequence[Source], chosen: Source | None) -> InputBlock:
    groups = [
        OptionGroup(
            label=plain(label), options=[_source(one) for one in offered if one.key.startswith(start)]
        )
        for label, start in (
            ("The request", "request."),
            ("Your own fields", "custom."),
            ("People", ("requester.", "approvers")),
            ("Other", ("today", FIXED, TEXT)),
        )
        if any(one.key.startswith(start) for one in offered)
    ]
    return InputBlock(
        block_id="mapping_source",
        label=plain("Filled from"),
        dispatch_action=True,
        optional=True,
        hint=plain("Nothing chosen: the person fills it in."),
        element=StaticSelectElement(
            action_id=ids.MAPPING_SOURCE,
            placeholder=plain("Left to the person"),
            option_groups=groups,
            initial_option=_source(chosen) if chosen else None,
        ),
    )


def _source(source: Source) -> Option:
    return Option(text=plain(clip(source.label, MAX_OPTION)), value=source.key)


def _details(state: ids.MappingState, field: Field, source: Source, rule: Rule | None) -> list[Block]:
    """Inputs that depend on the source. Their block ids name it, so that Slack begins them anew."""
    same = rule if rule and rule.source == source.key else None
    ways = transforms_for(source.shape, target_of(field))
    way = next((one for one in ways if one.id == state.way), ways[0])
    blocks: list[Block] = []
    if source.key in (FIXED, TEXT):
        blocks.append(_value_input(source, same))
    if len(ways) > 1:
        options = [Option(text=plain(clip(one.label, MAX_OPTION)), value=one.id) for one in ways]
        chosen = next(one for one in options if one.value == way.id)
        select = StaticSelectElement(action_id=ids.MAPPING_WAY, options=options, initial_option=chosen)
        blocks.append(
            InputBlock(
                block_id=f"mapping_way:{source.key}", label=plain("How"), dispatch_action=True, element=select
            )
        )
    if way.option:
        typed = PlainTextInputElement(
            action_id=ids.MAPPING_INPUT,
            max_length=3,
            placeholder=plain("EUR"),
            initial_value=(same.option if same and same.transform == way.id else "") or None,
        )
        optional = way.id != "in_currency"
        blocks.append(
            InputBlock(
                block_id=f"{ids.MAPPING_OPTION_BLOCK}:{source.key}:{way.id}",
                label=plain(way.option),
                element=typed,
                optional=optional,
            )
        )
    blocks.append(_lock_input(source, same))
    return blocks


def _value_input(source: Source, rule: Rule | None) -> InputBlock:
    hint = (
        "Names in braces stand for values: {counterparty} – {what}. Also {requester.name}, {amount}, {start}."
        if source.key == TEXT
        else "Dates like 2026-12-24, money like EUR 1250.50, lengths of time like 1 year 6 months."
    )
    return InputBlock(
        block_id=f"{ids.MAPPING_VALUE_BLOCK}:{source.key}",
        label=plain("Text" if source.key == TEXT else "Value"),
        hint=plain(hint, MAX_LABEL),
        element=PlainTextInputElement(
            action_id=ids.MAPPING_INPUT, max_length=MAX_VALUE, initial_value=rule.value if rule else None
        ),
    )


def _lock_input(source: Source, rule: Rule | None) -> InputBlock:
    option = Option(text=plain("Locked: the person sees it and cannot change it"), value="locked")
    return InputBlock(
        block_id=f"{ids.MAPPING_LOCK_BLOCK}:{source.key}",
        label=plain("In the form"),
        optional=True,
        element=CheckboxesElement(
            action_id=ids.MAPPING_INPUT,
            options=[option],
            initial_options=[option] if rule and rule.locked else None,
        ),
    )


def context_of(editing: Editing) -> Block:
    """Which template a screen belongs to."""
    return context(f"{inline(editing.template.name)} · version {editing.version}")
