"""A rule as a form: its inputs, those that fit what is compared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    DatePickerElement,
    ExternalDataMultiSelectElement,
    ExternalDataSelectElement,
    InputBlock,
    NumberInputElement,
    Option,
    PlainTextInputElement,
    RadioButtonsElement,
    StaticMultiSelectElement,
    StaticSelectElement,
)
from slack_sdk.models.blocks.block_elements import InputInteractiveElement

from bot import ids
from bot.blockkit import MAX_OPTION, MAX_OPTIONS, MAX_PLACEHOLDER, button, clip, context, divider, plain
from bot.forms.conditions import (
    MAX_TESTS,
    NO,
    UNARY,
    YES,
    Effect,
    Join,
    Operator,
    choices_of,
    manner_of,
    operators_of,
)
from bot.forms.kinds import option_id
from bot.forms.rule_builder import (
    EFFECT,
    JOIN,
    TARGET,
    Blank,
    Line,
    field_block,
    group_block,
    operator_block,
    value_block,
)
from bot.forms.rule_problems import label_of
from bot.texts import Texts
from ironclad import Field, Required


def ask(blank: Blank, fields: Sequence[Field], texts: Texts) -> list[Block]:
    """The inputs of a rule, filled with what is known of it."""
    known = {field.key: field for field in fields}
    blocks: list[Block] = [_effect(blank, texts), _target(blank, fields, texts), divider()]
    if len(blank.groups) > 1:
        blocks.append(_join(JOIN, texts.say("When these groups hold"), blank.join, texts))
    for number in range(len(blank.groups)):
        blocks += _group(number, blank, known, texts)
    if len(blank.lines) < MAX_TESTS:
        wider = button(texts.say("Add another group of conditions"), ids.RULE_WIDER)
        blocks.append(ActionsBlock(block_id="r:wider", elements=[wider]))
    else:
        blocks.append(context(texts.say("A rule has at most {most} conditions.", most=MAX_TESTS)))
    return blocks


def targets_of(fields: Iterable[Field]) -> list[Field]:
    """The questions that a rule can be about: those that Ironclad does not always ask."""
    return [field for field in fields if field.required is not Required.ALWAYS]


def effect_name(effect: Effect, texts: Texts) -> str:
    """What a rule does, as a choice."""
    return {
        Effect.ASK: texts.say("Ask it, and require an answer"),
        Effect.SHOW: texts.say("Ask it; an answer is optional"),
        Effect.REQUIRE: texts.say("Require an answer; it may be asked at other times too"),
    }[effect]


def operator_name(operator: Operator, field: Field, texts: Texts) -> str:
    """An operator in words that fit what is compared."""
    if field.type == "date" and operator in (Operator.OVER, Operator.UNDER):
        return texts.say("is after") if operator is Operator.OVER else texts.say("is before")
    if manner_of(field) == "several" and operator is Operator.ONE_OF:
        return texts.say("includes any of")
    return {
        Operator.IS: texts.say("is"),
        Operator.IS_NOT: texts.say("is not"),
        Operator.ONE_OF: texts.say("is one of"),
        Operator.OVER: texts.say("is over"),
        Operator.UNDER: texts.say("is under"),
        Operator.EMPTY: texts.say("is empty"),
        Operator.FILLED: texts.say("is not empty"),
    }[operator]


def _effect(blank: Blank, texts: Texts) -> InputBlock:
    options = [Option(text=plain(effect_name(one, texts), MAX_OPTION), value=one.value) for one in Effect]
    chosen = next(option for option in options if option.value == blank.effect)
    element = RadioButtonsElement(action_id=ids.RULE_PART, options=options, initial_option=chosen)
    return InputBlock(block_id=EFFECT, label=plain(texts.say("What to do")), element=element)


def _target(blank: Blank, fields: Sequence[Field], texts: Texts) -> InputBlock:
    chosen = next((field for field in fields if field.key == blank.target), None)
    element = _field_select(targets_of(fields), chosen, ids.RULE_TARGET, texts)
    return InputBlock(block_id=TARGET, label=plain(texts.say("With which question")), element=element)


def _join(block: str, label: str, join: Join, texts: Texts) -> InputBlock:
    options = [
        Option(text=plain(texts.say("All of them")), value="all"),
        Option(text=plain(texts.say("Any of them")), value="any"),
    ]
    element = RadioButtonsElement(
        action_id=ids.RULE_PART, options=options, initial_option=options[join == "any"]
    )
    return InputBlock(block_id=block, label=plain(label), element=element)


def _group(number: int, blank: Blank, known: Mapping[str, Field], texts: Texts) -> Iterator[Block]:
    group, several = blank.groups[number], len(blank.groups) > 1
    if len(group.lines) > 1:
        label = texts.say("When these conditions hold")
        numbered = texts.say("When these conditions of group {n} hold", n=number + 1)
        yield _join(group_block(group), numbered if several else label, group.join, texts)
    for line in group.lines:
        place = blank.lines.index(line) + 1 if len(blank.lines) > 1 else 0
        yield from _line(line, place, known, texts)
        if place:
            remove = button(texts.say("Remove condition {n}", n=place), ids.RULE_SHORTER, str(line.n))
            yield ActionsBlock(block_id=f"r:{line.n}:remove", elements=[remove])
    if len(blank.lines) < MAX_TESTS:
        more = (
            texts.say("Add a condition to group {n}", n=number + 1)
            if several
            else texts.say("Add a condition")
        )
        longer = button(more, ids.RULE_LONGER, str(group.lines[0].n))
        yield ActionsBlock(block_id=f"r:{group.lines[0].n}:longer", elements=[longer])
    yield divider()


def _line(line: Line, place: int, known: Mapping[str, Field], texts: Texts) -> Iterator[Block]:
    """The inputs of one comparison; with a `place` other than 0 their labels are numbered."""
    number = f"{place}. " if place else ""
    field = known.get(line.field)
    yield InputBlock(
        block_id=field_block(line),
        label=plain(number + texts.say("When this question")),
        element=_field_select(list(known.values()), field, ids.RULE_FIELD, texts),
        dispatch_action=True,
    )
    if field is None:
        return
    offered = operators_of(field)
    line = replace(line, op=line.op if line.op in offered else offered[0])
    yield InputBlock(
        block_id=operator_block(line),
        label=plain(number + texts.say("Comparison")),
        element=_operator(line, field, texts),
        dispatch_action=True,
    )
    if line.op not in UNARY:
        yield InputBlock(
            block_id=value_block(line),
            label=plain(number + texts.say("Value")),
            element=_value(line, field, texts),
        )


def _operator(line: Line, field: Field, texts: Texts) -> StaticSelectElement:
    options = [
        Option(text=plain(operator_name(one, field, texts), MAX_OPTION), value=one.value)
        for one in operators_of(field)
    ]
    chosen = next(option for option in options if option.value == line.op)
    return StaticSelectElement(action_id=ids.RULE_OPERATOR, options=options, initial_option=chosen)


def _field_select(
    fields: Sequence[Field], chosen: Field | None, action: str, texts: Texts
) -> InputInteractiveElement:
    initial = field_option(chosen) if chosen else None
    hint = plain(texts.say("Choose a question"), MAX_PLACEHOLDER)
    if 0 < len(fields) <= MAX_OPTIONS:
        options = [field_option(field) for field in fields]
        return StaticSelectElement(
            action_id=action, options=options, initial_option=initial, placeholder=hint
        )
    return ExternalDataSelectElement(
        action_id=action, min_query_length=0, initial_option=initial, placeholder=hint
    )


def field_option(field: Field) -> Option:
    """A question as a choice."""
    return Option(text=plain(clip(label_of(field), MAX_OPTION)), value=option_id(field.key))


def value_options(field: Field, texts: Texts) -> list[Option]:
    """What a choice can be compared with."""
    if manner_of(field) == "boolean":
        return [
            Option(text=plain(texts.say("Yes")), value=YES),
            Option(text=plain(texts.say("No")), value=NO),
        ]
    return [
        Option(text=plain(clip(value, MAX_OPTION)), value=option_id(value)) for value in choices_of(field)
    ]


def _value(line: Line, field: Field, texts: Texts) -> InputInteractiveElement:
    match manner_of(field):
        case "choice" | "several" | "boolean":
            return _choice(line, field, texts)
        case "number" | "monetaryAmount":
            return NumberInputElement(
                action_id=ids.RULE_VALUE, is_decimal_allowed=True, initial_value=next(iter(line.values), None)
            )
        case "date":
            return DatePickerElement(action_id=ids.RULE_VALUE, initial_date=next(iter(line.values), None))
        case _:
            return PlainTextInputElement(
                action_id=ids.RULE_VALUE, max_length=500, initial_value=next(iter(line.values), None)
            )


def _choice(line: Line, field: Field, texts: Texts) -> InputInteractiveElement:
    options = value_options(field, texts)
    truths = manner_of(field) == "boolean"
    wanted = {value if truths else option_id(value) for value in line.values}
    chosen = [option for option in options if option.value in wanted] or None
    hint = plain(texts.say("Choose one"), MAX_PLACEHOLDER)
    if line.op is Operator.ONE_OF:
        if len(options) > MAX_OPTIONS:
            return ExternalDataMultiSelectElement(
                action_id=ids.RULE_VALUE, min_query_length=0, initial_options=chosen, placeholder=hint
            )
        return StaticMultiSelectElement(
            action_id=ids.RULE_VALUE, options=options, initial_options=chosen, placeholder=hint
        )
    first = chosen[0] if chosen else None
    if len(options) > MAX_OPTIONS:
        return ExternalDataSelectElement(
            action_id=ids.RULE_VALUE, min_query_length=0, initial_option=first, placeholder=hint
        )
    return StaticSelectElement(
        action_id=ids.RULE_VALUE, options=options, initial_option=first, placeholder=hint
    )
