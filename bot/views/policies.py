"""The windows in which admins decide who approves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from slack_sdk.models.blocks import (
    Block,
    CheckboxesElement,
    ExternalDataMultiSelectElement,
    InputBlock,
    NumberInputElement,
    Option,
    SectionBlock,
    UserMultiSelectElement,
    UserSelectElement,
)
from slack_sdk.models.blocks.block_elements import OverflowMenuElement

from bot import ids
from bot.blockkit import (
    MAX_OPTION,
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
    mrkdwn,
    plain,
    section,
)
from bot.texts import Texts
from bot.usecases.intake import Intake, labels, questions
from bot.usecases.policies import Draft
from bot.usecases.policy import MATERIAL, Condition, Group, Plan, Policy, Stage
from bot.views.in_brief import named
from bot.views.inputs import asked, one_line, one_of, some_of
from bot.views.message import person

# Summing up -----------------------------------------------------------------------------------------


def summary(policy: Policy, texts: Texts) -> str:
    """A policy in one line, for Home."""
    if not policy.stages:
        return texts.say("Nobody has to approve: a request can be launched at once.")
    names = " → ".join(inline(stage.name, 40) for stage in policy.stages)
    return texts.count("{n} stage: {names}", "{n} stages: {names}", len(policy.stages), names=names)


def stage_text(stage: Stage, intake: Intake, texts: Texts) -> str:
    """A stage as a sentence: who approves, and when it counts."""
    who = [person(user) for user in stage.people[:10]] + [
        inline(one.name or one.id, 60) for one in stage.groups
    ]
    asked_people = ", ".join(who) or texts.say("nobody yet")
    if len(who) > 1 or stage.groups:
        asked_people = _how_many_of(stage.rule, stage.quorum, asked_people, texts)
    when = texts.both(condition_text(one, intake, texts) for one in stage.when)
    told = texts.say("If {conditions}", conditions=when) if when else texts.say("Always")
    return f"*{inline(stage.name, 60)}*: {asked_people}\n{told}"


def _how_many_of(rule: str, needed: int, people: str, texts: Texts) -> str:
    if rule == "quorum":
        return texts.say("{n} of {people}", n=needed, people=people)
    if rule == "all":
        return texts.say("all of {people}", people=people)
    return texts.say("one of {people}", people=people)


def condition_text(condition: Condition, intake: Intake, texts: Texts) -> str:
    """A condition in words."""
    field = inline(texts.of(labels(intake).get(condition.field, condition.field)), 60)
    if condition.op in ("at_least", "below"):
        number = texts.amount(condition.amount or Decimal(0), condition.currency)
        amount = f"{number} {inline(condition.currency, 5)}".strip()
        if condition.op == "at_least":
            return texts.say("{field} is at least {amount}", field=field, amount=amount)
        return texts.say("{field} is below {amount}", field=field, amount=amount)
    values = texts.either(inline(value, 40) for value in condition.values)
    if condition.op == "is_not":
        return texts.say("{field} is not {values}", field=field, values=values)
    return texts.say("{field} is {values}", field=field, values=values)


# The policy -----------------------------------------------------------------------------------------


def policy(draft: Draft, texts: Texts, *, notice: str = "") -> Screen:
    """All stages of the draft, and what counts for every one of them."""
    edited = draft.policy
    blocks: list[Block] = [alert(notice, "warning")] if notice else []
    if not edited.stages:
        nobody = texts.say("Nobody has to approve yet: a request goes straight to its contract.")
        blocks.append(section(nobody))
    for place, stage in enumerate(edited.stages):
        blocks.append(_stage_row(place, stage, draft, texts))
    row = [button(texts.say("Add a stage"), ids.ADD_STAGE)]
    if edited.stages:
        row.append(button(texts.say("Try it"), ids.TRY_POLICY))
    blocks += [actions(*row, block_id="stages"), divider(), *_general(edited, texts)]
    counts = texts.say("Counts from *Put in force* on. Requests under way keep the stages they have.")
    blocks.append(context(counts))
    return modal(
        texts.say("Approvals"),
        blocks,
        callback_id=ids.POLICY_FORM,
        submit=texts.say("Put in force"),
        close=texts.say("Cancel"),
    )


def _stage_row(place: int, stage: Stage, draft: Draft, texts: Texts) -> SectionBlock:
    last = len(draft.policy.stages) - 1
    acts = [("edit", texts.say("Edit")), ("remove", texts.say("Remove"))]
    if place > 0:
        acts.append(("up", texts.say("Move up")))
    if place < last:
        acts.append(("down", texts.say("Move down")))
    options = [Option(text=plain(text), value=f"{act}:{stage.id}") for act, text in acts]
    text = f"{place + 1}. {stage_text(stage, draft.intake, texts)}"
    return SectionBlock(
        text=mrkdwn(clip(text, 2900)),
        block_id=f"stage:{stage.id}",
        accessory=OverflowMenuElement(action_id=ids.STAGE_MENU, options=options),
    )


def _general(edited: Policy, texts: Texts) -> list[Block]:
    own = Option(text=plain(texts.say("Requesters may approve what they ask for")), value="self_ok")
    past = texts.say("People may launch without a request, past every approval")
    direct = Option(text=plain(past), value="direct")
    chosen = [one for one, on in ((own, edited.self_ok), (direct, edited.direct)) if on]
    exceptions = CheckboxesElement(
        action_id=ids.CONNECT_INPUT, options=[own, direct], initial_options=chosen or None
    )
    launcher = UserSelectElement(
        action_id=ids.CONNECT_INPUT,
        placeholder=plain(texts.say("The requester")),
        initial_user=edited.launchers[0] if edited.launchers else None,
    )
    few = texts.say(
        "Asked where a stage has too few left, for example because its only one is the requester."
    )
    whoever = texts.say("Empty: whoever asked for the contract.")
    return [
        asked(ids.OPTIONS_BLOCK, texts.say("Exceptions"), exceptions),
        asked(ids.FALLBACK_BLOCK, texts.say("Who stands in"), _people(edited.fallback, texts), hint=few),
        asked(ids.LAUNCHER_BLOCK, texts.say("Who launches"), launcher, hint=whoever),
    ]


def _people(chosen: Sequence[str], texts: Texts) -> UserMultiSelectElement:
    return UserMultiSelectElement(
        action_id=ids.CONNECT_INPUT,
        placeholder=plain(texts.say("Choose people")),
        initial_users=list(chosen) or None,
    )


# One stage ------------------------------------------------------------------------------------------


def stage(edited: Stage | None, stage_id: str, draft: Draft, texts: Texts) -> Screen:
    """The form of a stage."""
    intake = draft.intake
    made = edited or Stage(id=stage_id, name="New")
    conditions: dict[tuple[str, str], Condition] = {(one.field, one.op): one for one in made.when}
    name = one_line(edited.name if edited else "", 60)
    blocks: list[Block] = [
        asked(ids.NAME_BLOCK, texts.say("Name"), name, optional=False),
        asked(ids.PEOPLE_BLOCK, texts.say("People"), _people(made.people, texts)),
        _groups(made, draft, texts),
        *_how_many(made, texts),
        divider(),
        section(texts.say("*When it counts.* Leave all of it empty for every request.")),
        *_amounts(conditions, intake, texts),
        *_named_values(conditions, intake, texts),
        divider(),
        _again(made, intake, texts),
    ]
    return modal(
        texts.say("Stage"),
        blocks,
        callback_id=ids.STAGE_FORM,
        submit=texts.say("Keep"),
        close=texts.say("Cancel"),
        private_metadata=ids.StageState(stage=stage_id).pack(),
    )


def _groups(made: Stage, draft: Draft, texts: Texts) -> InputBlock:
    off = draft.without_groups
    offered = texts.say("Slack user groups and Ironclad groups")
    hint = texts.say("Their members are looked up when a request is made.")
    if off:
        offered = texts.say("Slack user groups")
        why = f"{texts.of(off.what)} {texts.of(off.do)}"
        hint = f"{hint} {texts.say('Ironclad groups cannot be named: {why}', why=why)}"
    groups = ExternalDataMultiSelectElement(
        action_id=ids.GROUP_SEARCH,
        placeholder=plain(offered),
        min_query_length=0,
        initial_options=[group_option(one) for one in made.groups] or None,
    )
    return asked(ids.GROUPS_BLOCK, texts.say("Groups"), groups, hint=hint)


def group_option(group: Group) -> Option:
    """A group as a choice."""
    kind = "Slack" if group.kind == "slack" else "Ironclad"
    return Option(
        text=plain(clip(f"{group.name or group.id} ({kind})", MAX_OPTION)), value=f"{group.kind}:{group.id}"
    )


def _how_many(made: Stage, texts: Texts) -> list[Block]:
    rules = {
        "any": texts.say("One of them"),
        "all": texts.say("All of them"),
        "quorum": texts.say("So many of them"),
    }
    quorum = NumberInputElement(
        action_id=ids.CONNECT_INPUT,
        is_decimal_allowed=False,
        min_value="1",
        max_value="100",
        initial_value=str(made.quorum) if made.rule == "quorum" else None,
    )
    chosen = one_of(list(rules.items()), made.rule)
    only = texts.say("Only for “So many of them”.")
    return [
        asked(ids.RULE_BLOCK, texts.say("How many have to approve"), chosen, optional=False),
        asked(ids.QUORUM_BLOCK, texts.say("So many"), quorum, hint=only),
    ]


Conditions = Mapping[tuple[str, str], Condition]


def _amounts(conditions: Conditions, intake: Intake, texts: Texts) -> list[Block]:
    least, below = conditions.get(("amount", "at_least")), conditions.get(("amount", "below"))
    currency = (least or below or Condition(field="amount", op="below")).currency
    met = texts.say("A request without an amount, or in another currency, counts as met.")
    chosen = one_of(_currencies(intake, currency), currency)
    return [
        asked(ids.LEAST_BLOCK, texts.say("Amount is at least"), _number(least)),
        asked(ids.BELOW_BLOCK, texts.say("Amount is below"), _number(below)),
        asked(ids.CURRENCY_BLOCK, texts.say("in currency"), chosen, hint=met),
    ]


def _named_values(conditions: Conditions, intake: Intake, texts: Texts) -> list[Block]:
    custom = next((one for one in conditions.values() if one.field.startswith("x_")), None)
    commas = texts.say("Separated by commas.")
    category = some_of(
        [(one, one) for one in intake.categories], _values(conditions, "category"), texts.say("Choose")
    )
    department = one_line(", ".join(_values(conditions, "department")), 500)
    template = one_line(", ".join(_values(conditions, "template")), 500)
    names = texts.say("Names of Ironclad templates, separated by commas.")
    blocks: list[Block] = [
        asked(ids.CATEGORY_BLOCK, texts.say("Category is one of"), category),
        asked(ids.DEPARTMENT_BLOCK, texts.say("Department is one of"), department, hint=commas),
        asked(ids.TEMPLATES_BLOCK, texts.say("Template is one of"), template, hint=names),
    ]
    if intake.custom:
        fields = one_of([(one.key, one.label) for one in intake.custom], custom.field if custom else "")
        values = one_line(", ".join(custom.values) if custom else "", 500)
        blocks += [
            asked(ids.CUSTOM_BLOCK, texts.say("Another field"), fields),
            asked(ids.CUSTOM_VALUES_BLOCK, texts.say("is one of"), values, hint=commas),
        ]
    return blocks


def _currencies(intake: Intake, chosen: str = "") -> list[tuple[str, str]]:
    return [(one, one) for one in dict.fromkeys((*intake.currencies, chosen)) if one]


def _again(made: Stage, intake: Intake, texts: Texts) -> InputBlock:
    options = [(one.key, texts.of(one.label)) for one in questions(intake)]
    options.append(("template", texts.say("Template")))
    return asked(
        ids.AGAIN_BLOCK,
        texts.say("Ask again when one of these changes"),
        some_of(options, made.again_on or MATERIAL, texts.say("Choose")),
        hint=texts.say("The fields in the conditions above are always among them."),
    )


def _values(conditions: Conditions, field: str) -> tuple[str, ...]:
    found = conditions.get((field, "is"))
    return found.values if found else ()


def _number(condition: Condition | None) -> NumberInputElement:
    filled = f"{condition.amount:f}" if condition and condition.amount is not None else None
    return NumberInputElement(
        action_id=ids.CONNECT_INPUT, is_decimal_allowed=True, min_value="0", initial_value=filled
    )


# Trying it ------------------------------------------------------------------------------------------


def preview(draft: Draft, requester: str, found: Plan | None, texts: Texts) -> Screen:
    """A made-up request, and where it would go."""
    blocks: list[Block] = []
    if found is not None:
        blocks += [section(clip("\n".join(_route(found, texts)), 2900)), divider()]
    back = button(texts.say("Back to the stages"), ids.BACK_TO_POLICY)
    blocks += [*_made_up(draft.intake, requester, texts), actions(back, block_id="back")]
    return modal(
        texts.say("Try it"),
        blocks,
        callback_id=ids.TRY_FORM,
        submit=texts.say("Show"),
        close=texts.say("Close"),
    )


def _made_up(intake: Intake, requester: str, texts: Texts) -> list[Block]:
    whose = UserSelectElement(action_id=ids.CONNECT_INPUT, initial_user=requester or None)
    categories = one_of([(one, one) for one in intake.categories], "")
    blocks: list[Block] = [
        asked(ids.PEOPLE_BLOCK, texts.say("Requester"), whose, optional=False),
        asked(ids.LEAST_BLOCK, texts.say("Amount"), _number(None)),
        asked(ids.CURRENCY_BLOCK, texts.say("Currency"), one_of(_currencies(intake), "")),
        asked(ids.CATEGORY_BLOCK, texts.say("Category"), categories),
        asked(ids.DEPARTMENT_BLOCK, texts.say("Department"), one_line("", 200)),
        asked(ids.TEMPLATES_BLOCK, texts.say("Template"), one_line("", 200)),
    ]
    if intake.custom:
        fields = one_of([(one.key, one.label) for one in intake.custom], "")
        blocks += [
            asked(ids.CUSTOM_BLOCK, texts.say("Another field"), fields),
            asked(ids.CUSTOM_VALUES_BLOCK, texts.say("is"), one_line("", 200)),
        ]
    return blocks


def _route(found: Plan, texts: Texts) -> list[str]:
    lines = [f"*{texts.say('A request like this would go to')}*"]
    for place, one in enumerate(found.stages):
        whom = named(one.people, texts) if one.people else texts.say("nobody")
        if len(one.people) > 1:
            whom = _how_many_of(one.rule, one.needed, whom, texts)
        note = f" ({escape(texts.of(one.note))})" if one.note else ""
        lines.append(f"{place + 1}. *{inline(one.name, 60)}*: {whom}{note}")
    lines.append(f"{len(found.stages) + 1}. *{texts.say('Contract')}*: {person(found.launcher)}")
    return lines
