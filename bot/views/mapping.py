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
    divider,
    escape,
    inline,
    modal,
    plain,
    section,
)
from bot.mapping import FIXED, TEXT, Rule, Source, Target, target_of, transforms_for
from bot.mapping.rules import MAX_VALUE
from bot.texts import Texts, phrase
from bot.usecases.mappings import Editing, Listed
from bot.usecases.overview import Overview
from bot.views.topics import needs_a_look, topic
from ironclad import Field, Required

FIELDS_PER_PAGE = 25
TARGETS = {
    Target.TEXT: phrase("text"),
    Target.CHOICE: phrase("choice"),
    Target.CHOICES: phrase("choices"),
    Target.YES_NO: phrase("yes or no"),
    Target.NUMBER: phrase("number"),
    Target.EMAIL: phrase("e-mail"),
    Target.DATE: phrase("date"),
    Target.MONEY: phrase("money"),
    Target.DURATION: phrase("length of time"),
    Target.FILES: phrase("files"),
}


def title(texts: Texts) -> str:
    """What every window of the mapping is called."""
    return texts.say("Mapping")


def row(seen: Overview, texts: Texts) -> list[Block]:
    """The topic on the Home tab."""
    state = texts.say("no template yet")
    if seen.templates_mapped:
        state = texts.count("{n} template", "{n} templates", seen.templates_mapped)
    told = texts.say("Fills forms from requests: {state}", state=state)
    return topic(title(texts), told, ids.OPEN_MAPPING, label=texts.say("Edit mappings"))


def matching_templates(listed: Sequence[Listed], query: str, texts: Texts) -> list[Option]:
    """The templates whose name holds every word of `query`."""
    words = query.casefold().split()
    options = [(f"{one.name} {_standing(one, texts)}".casefold(), one) for one in listed]
    found = [one for text, one in options if all(word in f"{text} ·" for word in words)]
    return [_template(one, texts) for one in found[:MAX_OPTIONS]]


def _template(one: Listed, texts: Texts) -> Option:
    return Option(text=plain(clip(f"{one.name} · {_standing(one, texts)}", MAX_OPTION)), value=one.id)


def _standing(one: Listed, texts: Texts) -> str:
    if not one.mapped:
        return texts.say("nothing mapped")
    return texts.count("{n} mapped", "{n} mapped", one.mapped)


def templates(listed: Sequence[Listed], texts: Texts) -> Screen:
    """Choose the template whose mapping is to be edited."""
    if not listed:
        none = texts.say("No template is known yet. Type /contract once, then come back.")
        return modal(title(texts), [section(none)], close=texts.say("Close"))
    element = ExternalDataSelectElement(
        action_id=ids.MAPPING_TEMPLATE,
        placeholder=plain(texts.say("Choose a template")),
        min_query_length=0,
        focus_on_load=True,
    )
    mapped = [one for one in listed if one.mapped]
    lines = [
        f"• {inline(one.name, 100)}: {texts.count('{n} field', '{n} fields', one.mapped)}"
        for one in mapped[:20]
    ]
    if (more := len(mapped) - 20) > 0:
        lines.append(f"• {texts.count('and {n} more', 'and {n} more', more)}")
    what = texts.say("A mapping says which field of a template is filled from which part of a request.")
    blocks: list[Block] = [
        section(what),
        ActionsBlock(block_id="mapping_template", elements=[element]),
    ]
    if lines:
        blocks.append(section("\n".join([f"*{texts.say('Mapped so far')}*", *lines])))
    return modal(title(texts), blocks, close=texts.say("Close"))


# One template -------------------------------------------------------------------------------------


def editor(editing: Editing, texts: Texts, page: int = 0, told: str = "") -> Screen:
    """A template's fields, each with what fills it."""
    fields = editing.fields
    pages = max(1, -(-len(fields) // FIELDS_PER_PAGE))
    page = min(max(page, 0), pages - 1)
    blocks: list[Block] = [alert(told, "success")] if told else []
    head = f"*{inline(editing.template.name)}*\n{_summary(editing, texts)}"
    blocks += [section(head), _tools(editing, texts), divider(), *_lost(editing, texts)]
    for field in fields[page * FIELDS_PER_PAGE : (page + 1) * FIELDS_PER_PAGE]:
        blocks.append(_field(editing, field, texts))
    if pages > 1:
        blocks.append(_pages(page, pages, texts))
    state = ids.MappingState(template=editing.template.id, version=editing.version, page=page)
    return modal(title(texts), blocks, close=texts.say("Close"), private_metadata=state.pack())


def _summary(editing: Editing, texts: Texts) -> str:
    filled = {rule.field for rule in editing.rules}
    empty = [f for f in editing.fields if f.required is Required.ALWAYS and f.key not in filled]
    parts = [
        texts.count(
            "{filled} of {n} field filled",
            "{filled} of {n} fields filled",
            len(editing.fields),
            filled=texts.number(len(editing.rules)),
        ),
        texts.say("version {version}", version=editing.version)
        if editing.version
        else texts.say("nothing saved yet"),
    ]
    if empty:
        left = texts.count(
            "{n} required field is left to the person",
            "{n} required fields are left to the person",
            len(empty),
        )
        parts.append(left)
    return " · ".join(parts)


def _tools(editing: Editing, texts: Texts) -> ActionsBlock:
    suggested = len(editing.suggested)
    menu = OverflowMenuElement(
        action_id=ids.MAPPING_MENU,
        options=[
            Option(text=plain(texts.say("History")), value="history"),
            Option(text=plain(texts.say("Export as a file")), value="export"),
            Option(text=plain(texts.say("Import a file")), value="import"),
            Option(text=plain(texts.say("Another template")), value="templates"),
        ],
    )
    tools: list[ButtonElement | OverflowMenuElement] = []
    if suggested:
        label = texts.say("Suggestions ({n})", n=texts.number(suggested))
        tools.append(button(label, ids.MAPPING_SUGGEST, style="primary"))
    tools.append(button(texts.say("Preview"), ids.MAPPING_PREVIEW))
    if editing.version:
        tools.append(button(texts.say("Undo"), ids.MAPPING_UNDO))
    elif editing.earlier:
        label = texts.say("Take over {n} from before", n=texts.number(len(editing.earlier)))
        tools.append(button(label, ids.MAPPING_TAKE_OVER))
    return ActionsBlock(block_id="mapping_tools", elements=[*tools, menu])


def _lost(editing: Editing, texts: Texts) -> list[Block]:
    """Rules whose field is gone: shown, so that nobody wonders why nothing is filled."""
    known = {field.key for field in editing.fields}
    lost = [rule for rule in editing.rules if rule.field not in known]
    return [
        section(
            needs_a_look(_no_field(rule, texts), texts),
            accessory=button(
                texts.say("Remove"), ids.MAPPING_DROP, ids.MappingButton(field=rule.field).pack()
            ),
            block_id=f"lost:{place}",
        )
        for place, rule in enumerate(lost[:10])
    ]


def _no_field(rule: Rule, texts: Texts) -> str:
    field = clip(" ".join(rule.field.split()), 100)
    return texts.say("{field} is not a field of this template any more.", field=field)


def _field(editing: Editing, field: Field, texts: Texts) -> Block:
    target = target_of(field)
    kind = texts.of(TARGETS[target]) if target in TARGETS else escape(field.type)
    needed = f" · {texts.say('required')}" if field.required is Required.ALWAYS else ""
    head = f"*{inline(field.label or field.key, 150)}* · {kind}{needed}"
    if target is Target.OTHER:
        return section(f"{head}\n{texts.say('Slipway cannot fill this kind of field.')}")
    rule = editing.rule_of(field.key)
    value = ids.MappingButton(field=field.key).pack()
    change = button(texts.say("Change") if rule else texts.say("Fill"), ids.MAPPING_FIELD, value)
    return section(f"{head}\n{_said(editing, rule, texts)}", accessory=change)


def _said(editing: Editing, rule: Rule | None, texts: Texts) -> str:
    if rule is None:
        return texts.say("Left to the person")
    problem = editing.problem_of(rule)
    if problem:
        return needs_a_look(problem, texts)
    locked = f" · {texts.say('locked')}" if rule.locked else ""
    return f"← {told(rule, editing, texts)}{locked}"


def told(rule: Rule, editing: Editing, texts: Texts) -> str:
    """A rule in words, as mrkdwn."""
    source = editing.sources.get(rule.source)
    if source is None:
        return inline(rule.source, 60)
    if rule.source in (FIXED, TEXT):
        return f"“{inline(rule.value, 120)}”"
    field = next(one for one in editing.fields if one.key == rule.field)
    ways = transforms_for(source.shape, target_of(field))
    way = next((one for one in ways if one.id == rule.transform), ways[0] if ways else None)
    how = f", {texts.of(way.label)}" if way and way.label not in ("as it is", "as they are") else ""
    return f"{escape(texts.of(source.label))}{how}{f' ({escape(rule.option)})' if rule.option else ''}"


def _pages(page: int, pages: int, texts: Texts) -> ActionsBlock:
    steps = []
    if page > 0:
        back = button(texts.say("Previous"), ids.MAPPING_PAGE, ids.MappingButton(number=page - 1).pack())
        steps.append(back)
    if page < pages - 1:
        on = button(texts.say("Next"), ids.MAPPING_PAGE_ON, ids.MappingButton(number=page + 1).pack())
        steps.append(on)
    return actions(*steps, block_id=f"mapping_pages:{page}")


# One field ----------------------------------------------------------------------------------------


def field_form(
    editing: Editing, state: ids.MappingState, field: Field, rule: Rule | None, texts: Texts
) -> Screen:
    """What fills a field. `state` holds the source and the way chosen so far."""
    target = target_of(field)
    offered = [one for one in editing.sources.values() if transforms_for(one.shape, target)]
    source = editing.sources.get(state.source)
    blocks: list[Block] = [
        section(
            f"*{inline(field.label or field.key)}*\n{texts.of(TARGETS.get(target, ''))}{_choices(field)}"
        ),
        _source_input(offered, source, texts),
    ]
    if source is not None:
        blocks += _details(state, field, source, rule, texts)
    return modal(
        title(texts),
        blocks,
        callback_id=ids.MAPPING_SAVE,
        submit=texts.say("Save"),
        close=texts.say("Cancel"),
        private_metadata=state.pack(),
    )


def _choices(field: Field) -> str:
    values = field.options.values if field.options else ()
    return f": {inline(', '.join(values), 300)}" if values else ""


def _source_input(offered: Sequence[Source], chosen: Source | None, texts: Texts) -> InputBlock:
    groups = [
        OptionGroup(
            label=plain(label), options=[_source(one, texts) for one in offered if one.key.startswith(start)]
        )
        for label, start in (
            (texts.say("The request"), "request."),
            (texts.say("Your own fields"), "custom."),
            (texts.say("People"), ("requester.", "approvers")),
            (texts.say("Other"), ("today", FIXED, TEXT)),
        )
        if any(one.key.startswith(start) for one in offered)
    ]
    return InputBlock(
        block_id="mapping_source",
        label=plain(texts.say("Filled from")),
        dispatch_action=True,
        optional=True,
        hint=plain(texts.say("Nothing chosen: the person fills it in.")),
        element=StaticSelectElement(
            action_id=ids.MAPPING_SOURCE,
            placeholder=plain(texts.say("Left to the person")),
            option_groups=groups,
            initial_option=_source(chosen, texts) if chosen else None,
        ),
    )


def _source(source: Source, texts: Texts) -> Option:
    return Option(text=plain(clip(texts.of(source.label), MAX_OPTION)), value=source.key)


def _details(
    state: ids.MappingState, field: Field, source: Source, rule: Rule | None, texts: Texts
) -> list[Block]:
    """Inputs that depend on the source. Their block ids name it, so that Slack begins them anew."""
    same = rule if rule and rule.source == source.key else None
    ways = transforms_for(source.shape, target_of(field))
    way = next((one for one in ways if one.id == state.way), ways[0])
    blocks: list[Block] = []
    if source.key in (FIXED, TEXT):
        blocks.append(_value_input(source, same, texts))
    if len(ways) > 1:
        options = [Option(text=plain(clip(texts.of(one.label), MAX_OPTION)), value=one.id) for one in ways]
        chosen = next(one for one in options if one.value == way.id)
        select = StaticSelectElement(action_id=ids.MAPPING_WAY, options=options, initial_option=chosen)
        blocks.append(
            InputBlock(
                block_id=f"mapping_way:{source.key}",
                label=plain(texts.say("How")),
                dispatch_action=True,
                element=select,
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
                label=plain(texts.of(way.option)),
                element=typed,
                optional=optional,
            )
        )
    blocks.append(_lock_input(source, same, texts))
    return blocks


def _value_input(source: Source, rule: Rule | None, texts: Texts) -> InputBlock:
    label = texts.say("Value")
    hint = texts.say("Dates like 2026-12-24, money like EUR 1250.50, lengths of time like 1 year 6 months.")
    if source.key == TEXT:
        label = texts.say("Text")
        hint = texts.say(
            "Names in braces stand for values: {example}. Also {others}.",
            example="{counterparty} – {what}",
            others="{requester.name}, {amount}, {start}",
        )
    return InputBlock(
        block_id=f"{ids.MAPPING_VALUE_BLOCK}:{source.key}",
        label=plain(label),
        hint=plain(hint, MAX_LABEL),
        element=PlainTextInputElement(
            action_id=ids.MAPPING_INPUT, max_length=MAX_VALUE, initial_value=rule.value if rule else None
        ),
    )


def _lock_input(source: Source, rule: Rule | None, texts: Texts) -> InputBlock:
    option = Option(text=plain(texts.say("Locked: the person sees it and cannot change it")), value="locked")
    return InputBlock(
        block_id=f"{ids.MAPPING_LOCK_BLOCK}:{source.key}",
        label=plain(texts.say("In the form")),
        optional=True,
        element=CheckboxesElement(
            action_id=ids.MAPPING_INPUT,
            options=[option],
            initial_options=[option] if rule and rule.locked else None,
        ),
    )
