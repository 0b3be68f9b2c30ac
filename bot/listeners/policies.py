"""The windows in which admins decide who approves, and what a request asks."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from pydantic import ValidationError
from slack_bolt.async_app import AsyncAck, AsyncBoltContext

from bot import ids
from bot.listeners.language import texts_of
from bot.listeners.payload import (
    Body,
    element_of,
    in_modal,
    option_in,
    options_in,
    pressed,
    state_in,
    team_of,
    text_in,
    view_of,
    who,
)
from bot.listeners.requests import Desk
from bot.texts import Texts
from bot.usecases.intake import CustomField
from bot.usecases.policies import Draft, Policies, moved, with_stage
from bot.usecases.policy import Condition, Group, Stage
from bot.usecases.ports import Homes
from bot.views import intake as intake_views
from bot.views import policies as views
from bot.wire import wire


async def open_policy(
    ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk, policies: Policies
) -> None:
    """*Change* beside *Approvals* on Home."""
    team, user = who(context)
    draft = await policies.begin(team, user)
    await desk.show(team, body, views.policy(draft, texts_of(context)))
    await ack()


async def back(
    ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk, policies: Policies
) -> None:
    """*Back to the stages*."""
    team, user = who(context)
    await desk.show(team, body, views.policy(await policies.draft(team, user), texts_of(context)))
    await ack()


async def menu(
    ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk, policies: Policies
) -> None:
    """The `…` of a stage: edit, move, remove."""
    team, user = who(context)
    draft = await _with_general(policies, team, user, view_of(body))
    act, _, stage_id = str((pressed(body).get("selected_option") or {}).get("value") or "").partition(":")
    if act == "edit":
        stage = next((one for one in draft.policy.stages if one.id == stage_id), None)
        await desk.show(team, body, views.stage(stage, stage_id, draft, texts_of(context)))
    else:
        draft = await policies.keep(team, user, draft, moved(draft.policy, stage_id, act))
        await desk.show(team, body, views.policy(draft, texts_of(context)))
    await ack()


async def add_stage(
    ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk, policies: Policies
) -> None:
    """*Add a stage*."""
    team, user = who(context)
    draft = await _with_general(policies, team, user, view_of(body))
    await desk.show(team, body, views.stage(None, secrets.token_hex(4), draft, texts_of(context)))
    await ack()


async def keep_stage(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, policies: Policies) -> None:
    """A stage was filled in: back to all of them."""
    team, user = who(context)
    draft = await policies.draft(team, user)
    stage, problems = await _stage_in(body, policies, team, texts_of(context))
    if stage is None:
        await ack(response_action="errors", errors=problems)
        return
    draft = await policies.keep(team, user, draft, with_stage(draft.policy, stage))
    await ack(response_action="update", view=views.policy(draft, texts_of(context)))


async def search_groups(
    ack: AsyncAck, payload: dict[str, Any], context: AsyncBoltContext, *, policies: Policies
) -> None:
    """The groups, as somebody types."""
    query = str(payload.get("value") or "")
    found = await policies.find_groups(*who(context), query)
    await ack(options=wire([views.group_option(one) for one in found]))


async def enforce(
    ack: AsyncAck, body: Body, context: AsyncBoltContext, *, policies: Policies, homes: Homes
) -> None:
    """*Put in force*."""
    team, user = who(context)
    draft = await _with_general(policies, team, user, view_of(body))
    await policies.enforce(team, user, draft)
    await homes.publish(team, user)
    await ack()


async def open_try(
    ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk, policies: Policies
) -> None:
    """*Try it*: a made-up request."""
    team, user = who(context)
    draft = await _with_general(policies, team, user, view_of(body))
    await desk.show(team, body, views.preview(draft, user, None, texts_of(context)))
    await ack()


async def try_out(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, policies: Policies) -> None:
    """*Show*: where the made-up request would go."""
    (team, user), view = who(context), view_of(body)
    draft = await policies.draft(team, user)
    requester = str(element_of(view, ids.PEOPLE_BLOCK).get("selected_user") or user)
    found = await policies.preview(team, user, draft, _made_up(view), requester)
    await ack(response_action="update", view=views.preview(draft, requester, found, texts_of(context)))


# The form of requests ---------------------------------------------------------------------------------


async def open_intake(
    ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk, policies: Policies
) -> None:
    """*Change* beside *Request form* on Home."""
    team, user = who(context)
    await desk.show(team, body, intake_views.form(await policies.intake(team, user), texts_of(context)))
    await ack()


async def save_intake(
    ack: AsyncAck, body: Body, context: AsyncBoltContext, *, policies: Policies, homes: Homes
) -> None:
    """The form of requests was changed."""
    (team, user), view = who(context), view_of(body)
    categories = _lines(text_in(view, ids.CATEGORY_BLOCK))
    if not categories:
        await ack(
            response_action="errors",
            errors={ids.CATEGORY_BLOCK: texts_of(context).say("Name at least one category.")},
        )
        return
    changed = (await policies.intake(team, user)).model_copy(
        update={
            "categories": categories,
            "departments": _lines(text_in(view, ids.DEPARTMENT_BLOCK)),
            "required": options_in(view, ids.REQUIRED_BLOCK),
            "private": options_in(view, ids.PRIVATE_BLOCK),
        }
    )
    await policies.save_intake(team, user, changed)
    await homes.publish(team, user)
    await ack()


async def add_field(
    ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk, policies: Policies
) -> None:
    """*Add a field*."""
    await policies.intake(*who(context))
    await desk.show(team_of(context), body, intake_views.field(texts_of(context)))
    await ack()


async def keep_field(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, policies: Policies) -> None:
    """A field was described: back to the form."""
    (team, user), view = who(context), view_of(body)
    label, kind = text_in(view, ids.NAME_BLOCK), option_in(view, ids.RULE_BLOCK)
    choices = _lines(text_in(view, ids.CUSTOM_VALUES_BLOCK))
    if kind == "choice" and not choices:
        await ack(
            response_action="errors",
            errors={ids.CUSTOM_VALUES_BLOCK: texts_of(context).say("Name the choices.")},
        )
        return
    key = re.sub(r"[^a-z0-9]+", "_", label.casefold()).strip("_")[:38] or secrets.token_hex(3)
    try:
        field = CustomField(
            key=f"x_{key}",
            label=label,
            kind=kind,
            choices=choices if kind == "choice" else (),
            required=bool(options_in(view, ids.OPTIONS_BLOCK)),
        )
    except ValidationError:
        await ack(
            response_action="errors", errors={ids.NAME_BLOCK: texts_of(context).say("Write a question.")}
        )
        return
    await ack(
        response_action="update",
        view=intake_views.form(await policies.add_field(team, user, field), texts_of(context)),
    )


async def remove_field(
    ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk, policies: Policies
) -> None:
    """*Remove* beside a field."""
    team, user = who(context)
    key = str(pressed(body).get("value") or "")
    await desk.show(
        team, body, intake_views.form(await policies.remove_field(team, user, key), texts_of(context))
    )
    await ack()


# Reading ----------------------------------------------------------------------------------------------


async def _with_general(policies: Policies, team: str, user: str, view: Mapping[str, Any]) -> Draft:
    """The draft with what stands below the stages in the window: nothing typed there is lost."""
    draft = await policies.draft(team, user)
    if not in_modal({"view": view}) or view.get("callback_id") != ids.POLICY_FORM:
        return draft
    chosen = options_in(view, ids.OPTIONS_BLOCK)
    launcher = element_of(view, ids.LAUNCHER_BLOCK).get("selected_user")
    general = {
        "self_ok": "self_ok" in chosen,
        "direct": "direct" in chosen,
        "fallback": _users(view, ids.FALLBACK_BLOCK),
        "launchers": (launcher,) if isinstance(launcher, str) and launcher else (),
    }
    return await policies.keep(team, user, draft, draft.policy.model_copy(update=general))


async def _stage_in(
    body: Body, policies: Policies, team: str, texts: Texts
) -> tuple[Stage | None, dict[str, str]]:
    """The stage in a filled form, or what is wrong with it."""
    stage_id, view = state_in(body, ids.StageState).stage, view_of(body)
    people, groups = _users(view, ids.PEOPLE_BLOCK), await _groups(view, policies, team)
    problems = {}
    if not people and not groups:
        problems[ids.PEOPLE_BLOCK] = texts.say("Choose somebody, here or below.")
    rule, quorum = option_in(view, ids.RULE_BLOCK), text_in(view, ids.QUORUM_BLOCK)
    if rule == "quorum" and not quorum:
        problems[ids.QUORUM_BLOCK] = texts.say("Say how many.")
    if option_in(view, ids.CUSTOM_BLOCK) and not text_in(view, ids.CUSTOM_VALUES_BLOCK):
        problems[ids.CUSTOM_VALUES_BLOCK] = texts.say("Say which answers count.")
    if problems:
        return None, problems
    try:
        return (
            Stage(
                id=stage_id,
                name=text_in(view, ids.NAME_BLOCK),
                when=_conditions(view),
                people=people,
                groups=groups,
                rule=rule,
                quorum=int(quorum or 1),
                again_on=options_in(view, ids.AGAIN_BLOCK),
            ),
            {},
        )
    except (ValidationError, ValueError):
        return None, {
            ids.NAME_BLOCK: texts.say("This stage is not understood. Check the name and the numbers.")
        }


async def _groups(view: Mapping[str, Any], policies: Policies, team: str) -> tuple[Group, ...]:
    picked = element_of(view, ids.GROUPS_BLOCK).get("selected_options") or []
    chosen = [str(one.get("value") or "").partition(":") for one in picked if isinstance(one, Mapping)]
    return await policies.named_groups(team, [(kind, group) for kind, _, group in chosen])


def _conditions(view: Mapping[str, Any]) -> tuple[Condition, ...]:
    currency = option_in(view, ids.CURRENCY_BLOCK)
    found = []
    for block, op in ((ids.LEAST_BLOCK, "at_least"), (ids.BELOW_BLOCK, "below")):
        amount = _decimal(text_in(view, block))
        if amount is not None:
            found.append({"field": "amount", "op": op, "amount": amount, "currency": currency})
    lists = {
        "category": options_in(view, ids.CATEGORY_BLOCK),
        "department": _commas(text_in(view, ids.DEPARTMENT_BLOCK)),
        "template": _commas(text_in(view, ids.TEMPLATES_BLOCK)),
        option_in(view, ids.CUSTOM_BLOCK): _commas(text_in(view, ids.CUSTOM_VALUES_BLOCK)),
    }
    found += [
        {"field": field, "op": "is", "values": values} for field, values in lists.items() if field and values
    ]
    return tuple(Condition.model_validate(one) for one in found)


def _made_up(view: Mapping[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {
        "amount": text_in(view, ids.LEAST_BLOCK),
        "currency": option_in(view, ids.CURRENCY_BLOCK),
        "category": option_in(view, ids.CATEGORY_BLOCK),
        "department": text_in(view, ids.DEPARTMENT_BLOCK),
        "template": text_in(view, ids.TEMPLATES_BLOCK),
        option_in(view, ids.CUSTOM_BLOCK): text_in(view, ids.CUSTOM_VALUES_BLOCK),
    }
    return {key: value for key, value in values.items() if key and value}


def _users(view: Mapping[str, Any], block: str) -> tuple[str, ...]:
    found = element_of(view, block).get("selected_users")
    return tuple(str(one) for one in found) if isinstance(found, list) else ()


def _lines(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(line.strip()[:75] for line in text.splitlines() if line.strip()))[:100]


def _commas(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))


def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        return None
