"""The windows in which admins decide who approves."""

from __future__ import annotations

from collections.abc import Mapping

from slack_sdk.models.blocks import (
    Block,
    CheckboxesElement,
    ExternalDataMultiSelectElement,
    InputBlock,
    NumberInputElement,
    Option,
    SectionBlock,
    StaticSelectElement,
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
from bot.usecases.intake import Intake, labels, questions
from bot.usecases.policies import Draft
from bot.usecases.policy import MATERIAL, Condition, Group, Plan, Policy, Stage
from bot.views.in_brief import RULES, named
from bot.views.inputs import asked, one_line, one_of, some_of
from bot.views.message import person

TITLE = "Approvals"
_RULES = {"any": "One of them", "all": "All of them", "quorum": "So many of them"}


# Summing up -----------------------------------------------------------------------------------------


def summary(policy: Policy) -> str:
    """A policy in one line, for Home."""
    if not policy.stages:
        return "Nobody has to approve: a request can be launched at once."
    names = " → ".join(inline(stage.name, 40) for stage in policy.stages)
    return f"{len(policy.stages)} stage{'s' if len(policy.stages) > 1 else ''}: {names}"


def stage_text(stage: Stage, intake: Intake) -> str:
    """A stage as a sentence: who approves, and when it counts."""
    who = [person(user) for user in stage.people[:10]] + [
        inline(one.name or one.id, 60) for one in stage.groups
    ]
    how = f"{stage.quorum} of " if stage.rule == "quorum" else f"{RULES[stage.rule]} "
    how = how if len(who) > 1 or stage.groups else ""
    text = f"*{inline(stage.name, 60)}*: {how}{', '.join(who) or 'nobody yet'}"
    when = " and ".join(condition_text(one, intake) for one in stage.when)
    return f"{text}\n{'If ' + when if when else 'Always'}"


def condition_text(condition: Condition, intake: Intake) -> str:
    """A condition in words."""
    field = inline(labels(intake).get(condition.field, condition.field), 60)
    if condition.op in ("at_least", "below"):
        sign = "at least" if condition.op == "at_least" else "below"
        return f"{field} is {sign} {condition.amount:,f} {inline(condition.currency, 5)}".strip()
    values = " or ".join(inline(value, 40) for value in condition.values)
    return f"{field} is {'not ' if condition.op == 'is_not' else ''}{values}"


# The policy -----------------------------------------------------------------------------------------


def policy(draft: Draft, *, notice: str = "") -> Screen:
    """All stages of the draft, and what counts for every one of them."""
    edited = draft.policy
    blocks: list[Block] = [alert(notice, "warning")] if notice else []
    if not edited.stages:
        blocks.append(section("Nobody has to approve yet: a request goes straight to its contract."))
    for place, stage in enumerate(edited.stages):
        blocks.append(_stage_row(place, stage, draft))
    row = [button("Add a stage", ids.ADD_STAGE)]
    if edited.stages:
        row.append(button("Try it", ids.TRY_POLICY))
    blocks += [actions(*row, block_id="stages"), divider(), *_general(edited)]
    blocks.append(context("Counts from *Put in force* on. Requests under way keep the stages they have."))
    return modal(TITLE, blocks, callback_id=ids.POLICY_FORM, submit="Put in force", close="Cancel")


def _stage_row(place: int, stage: Stage, draft: Draft) -> SectionBlock:
    last = len(draft.policy.stages) - 1
    acts = [("edit", "Edit"), ("remove", "Remove")]
    if place > 0:
        acts.append(("up", "Move up"))
    if place < last:
        acts.append(("down", "Move down"))
    options = [Option(text=plain(text), value=f"{act}:{stage.id}") for act, text in acts]
    text = f"{place + 1}. {stage_text(stage, draft.intake)}"
    return SectionBlock(
        text=mrkdwn(clip(text, 2900)),
        block_id=f"stage:{stage.id}",
        accessory=OverflowMenuElement(action_id=ids.STAGE_MENU, options=options),
    )


def _general(edited: Policy) -> list[Block]:
    own = Option(text=plain("Requesters may approve what they ask for"), value="self_ok")
    direct = Option(text=plain("People may launch without a request, past every approval"), value="direct")
    chosen = [one for one, on in ((own, edited.self_ok), (direct, edited.direct)) if on]
    return [
        asked(
            ids.OPTIONS_BLOCK,
            "Exceptions",
            CheckboxesElement(
                action_id=ids.CONNECT_INPUT, options=[own, direct], initial_options=chosen or None
            ),
        ),
        asked(
            ids.FALLBACK_BLOCK,
            "Who stands in",
            UserMultiSelectElement(
                action_id=ids.CONNECT_INPUT,
                placeholder=plain("Choose people"),
                initial_users=list(edited.fallback) or None,
            ),
            hint="Asked where a stage has too few left, for example because its only one is the requester.",
        ),
        asked(
            ids.LAUNCHER_BLOCK,
            "Who launches",
            UserSelectElement(
                action_id=ids.CONNECT_INPUT,
                placeholder=plain("The requester"),
                initial_user=edited.launchers[0] if edited.launchers else None,
            ),
            hint="Empty: whoever asked for the contract.",
        ),
    ]


# One stage ------------------------------------------------------------------------------------------


def stage(edited: Stage | None, stage_id: str, draft: Draft) -> Screen:
    """The form of a stage."""
    intake, off = draft.intake, draft.without_groups
    made = edited or Stage(id=stage_id, name="New")
    conditions: dict[tuple[str, str], Condition] = {(one.field, one.op): one for one in made.when}
    blocks: list[Block] = [
        asked(ids.NAME_BLOCK, "Name", one_line(edited.name if edited else "", 60), optional=False),
        asked(
            ids.PEOPLE_BLOCK,
            "People",
            UserMultiSelectElement(
                action_id=ids.CONNECT_INPUT,
                placeholder=plain("Choose people"),
                initial_users=list(made.people) or None,
            ),
        ),
        asked(
            ids.GROUPS_BLOCK,
            "Groups",
            ExternalDataMultiSelectElement(
                action_id=ids.GROUP_SEARCH,
                placeholder=plain("Slack user groups" if off else "Slack user groups and Ironclad groups"),
                min_query_length=0,
                initial_options=[group_option(one) for one in made.groups] or None,
            ),
            hint=" ".join(
                ["Their members are looked up when a request is made."]
                + ([f"Ironclad groups cannot be named: {off.what} {off.do}"] if off else [])
            ),
        ),
        *_how_many(made),
        divider(),
        section("*When it counts.* Leave all of it empty for every request."),
        *_when(conditions, intake),
        divider(),
        _again(made, intake),
    ]
    return modal(
        "Stage",
        blocks,
        callback_id=ids.STAGE_FORM,
        submit="Keep",
        close="Cancel",
        private_metadata=ids.StageState(stage=stage_id).pack(),
    )


def group_option(group: Group) -> Option:
    """A group as a choice."""
    kind = "Slack" if group.kind == "slack" else "Ironclad"
    return Option(
        text=plain(clip(f"{group.name or group.id} ({kind})", MAX_OPTION)), value=f"{group.kind}:{group.id}"
    )


def _how_many(made: Stage) -> list[Block]:
    options = {key: Option(text=plain(text), value=key) for key, text in _RULES.items()}
    return [
        asked(
            ids.RULE_BLOCK,
            "How many have to approve",
            StaticSelectElement(
                action_id=ids.CONNECT_INPUT, options=list(options.values()), initial_option=options[made.rule]
            ),
            optional=False,
        ),
        asked(
            ids.QUORUM_BLOCK,
            "So many",
            NumberInputElement(
                action_id=ids.CONNECT_INPUT,
                is_decimal_allowed=False,
                min_value="1",
                max_value="100",
                initial_value=str(made.quorum) if made.rule == "quorum" else None,
            ),
            hint="Only for “So many of them”.",
        ),
    ]


def _when(conditions: Mapping[tuple[str, str], Condition], intake: Intake) -> list[Block]:
    least, below = conditions.get(("amount", "at_least")), conditions.get(("amount", "below"))
    currency = (least or below or Condition(field="amount", op="below")).currency
    custom = next((one for one in conditions.values() if one.field.startswith("x_")), None)
    blocks: list[Block] = [
        asked(ids.LEAST_BLOCK, "Amount is at least", _number(least)),
        asked(ids.BELOW_BLOCK, "Amount is below", _number(below)),
        asked(
            ids.CURRENCY_BLOCK,
            "in currency",
            one_of(_currencies(intake, currency), currency),
            hint="A request without an amount, or in another currency, counts as met.",
        ),
        asked(
            ids.CATEGORY_BLOCK,
            "Category is one of",
            some_of([(one, one) for one in intake.categories], _values(conditions, "category")),
        ),
        asked(
            ids.DEPARTMENT_BLOCK,
            "Department is one of",
            one_line(", ".join(_values(conditions, "department")), 500),
            hint="Separated by commas.",
        ),
        asked(
            ids.TEMPLATES_BLOCK,
            "Template is one of",
            one_line(", ".join(_values(conditions, "template")), 500),
            hint="Names of Ironclad templates, separated by commas.",
        ),
    ]
    if intake.custom:
        fields = [(one.key, one.label) for one in intake.custom]
        blocks += [
            asked(ids.CUSTOM_BLOCK, "Another field", one_of(fields, custom.field if custom else "")),
            asked(
                ids.CUSTOM_VALUES_BLOCK,
                "is one of",
                one_line(", ".join(custom.values) if custom else "", 500),
                hint="Separated by commas.",
            ),
        ]
    return blocks


def _currencies(intake: Intake, chosen: str = "") -> list[tuple[str, str]]:
    return [(one, one) for one in dict.fromkeys((*intake.currencies, chosen)) if one]


def _again(made: Stage, intake: Intake) -> InputBlock:
    options = [(one.key, one.label) for one in questions(intake)] + [("template", "Template")]
    return asked(
        ids.AGAIN_BLOCK,
        "Ask again when one of these changes",
        some_of(options, made.again_on or MATERIAL),
        hint="The fields in the conditions above are always among them.",
    )


def _values(conditions: Mapping[tuple[str, str], Condition], field: str) -> tuple[str, ...]:
    found = conditions.get((field, "is"))
    return found.values if found else ()


def _number(condition: Condition | None) -> NumberInputElement:
    filled = f"{condition.amount:f}" if condition and condition.amount is not None else None
    return NumberInputElement(
        action_id=ids.CONNECT_INPUT, is_decimal_allowed=True, min_value="0", initial_value=filled
    )


# Trying it ------------------------------------------------------------------------------------------


def preview(draft: Draft, requester: str, found: Plan | None) -> Screen:
    """A made-up request, and where it would go."""
    blocks: list[Block] = []
    if found is not None:
        blocks += [section(clip("\n".join(_route(found)), 2900)), divider()]
    intake = draft.intake
    blocks += [
        asked(
            ids.PEOPLE_BLOCK,
            "Requester",
            UserSelectElement(action_id=ids.CONNECT_INPUT, initial_user=requester or None),
            optional=False,
        ),
        asked(ids.LEAST_BLOCK, "Amount", _number(None)),
        asked(ids.CURRENCY_BLOCK, "Currency", one_of(_currencies(intake), "")),
        asked(ids.CATEGORY_BLOCK, "Category", one_of([(one, one) for one in intake.categories], "")),
        asked(ids.DEPARTMENT_BLOCK, "Department", one_line("", 200)),
        asked(ids.TEMPLATES_BLOCK, "Template", one_line("", 200)),
    ]
    if intake.custom:
        fields = [(one.key, one.label) for one in intake.custom]
        blocks += [
            asked(ids.CUSTOM_BLOCK, "Another field", one_of(fields, "")),
            asked(ids.CUSTOM_VALUES_BLOCK, "is", one_line("", 200)),
        ]
    blocks.append(actions(button("Back to the stages", ids.BACK_TO_POLICY), block_id="back"))
    return modal("Try it", blocks, callback_id=ids.TRY_FORM, submit="Show", close="Close")


def _route(found: Plan) -> list[str]:
    lines = ["*A request like this would go to*"]
    for place, one in enumerate(found.stages):
        how = f"{one.needed} of " if one.rule == "quorum" else f"{RULES[one.rule]} "
        who = named(one.people) if one.people else "nobody"
        note = f" ({escape(one.note)})" if one.note else ""
        lines.append(
            f"{place + 1}. *{inline(one.name, 60)}*: {how if len(one.people) > 1 else ''}{who}{note}"
        )
    lines.append(f"{len(found.stages) + 1}. *Contract*: {person(found.launcher)}")
    return lines
