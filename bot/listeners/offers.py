"""Deciding on Home which templates are offered to whom, and where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncBoltContext

from bot import ids
from bot.listeners.language import texts_of
from bot.listeners.payload import (
    Body,
    button_in,
    element_of,
    in_modal,
    pressed,
    state_in,
    view_of,
    who,
)
from bot.slack.api import SlackApi
from bot.usecases.offers import Offers
from bot.usecases.ports import Homes
from bot.views import offers as views
from bot.wire import wire
from storage import TemplateRule


@dataclass(frozen=True)
class Desk:
    """What these listeners share."""

    api: SlackApi
    offers: Offers
    homes: Homes


async def opened(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk) -> None:
    """*Edit offers* on Home."""
    team, user = who(context)
    texts, rules = texts_of(context), await desk.offers.rules(team, user)
    view = views.listed(rules, texts) if await desk.offers.any_known(team) else views.none_known(texts)
    await desk.api.open_view(team, str(body["trigger_id"]), view)
    await ack()


async def search_templates(
    ack: AsyncAck, payload: dict[str, Any], context: AsyncBoltContext, *, desk: Desk
) -> None:
    """The templates, as somebody types."""
    found = await desk.offers.find(*who(context), str(payload.get("value") or ""))
    await ack(options=wire(views.template_options(found)))


async def search_groups(
    ack: AsyncAck, payload: dict[str, Any], context: AsyncBoltContext, *, desk: Desk
) -> None:
    """Slack's user groups, as somebody types."""
    found = await desk.offers.find_groups(*who(context), str(payload.get("value") or ""))
    await ack(options=wire([views.group_option(*group) for group in found[:100]]))


async def edit(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk) -> None:
    """A template was chosen, or *Edit* beside one."""
    team, user = who(context)
    element = pressed(body)
    picked = element.get("selected_option")
    template = (
        str(picked.get("value")) if isinstance(picked, Mapping) else button_in(body, ids.OfferState).template
    )
    view = views.edit(await desk.offers.edit(team, user, template), texts_of(context))
    await desk.api.update_view(team, in_modal(body), view)
    await ack()


async def saved(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk) -> None:
    """To whom a template is offered was decided."""
    team, user = who(context)
    view, texts = view_of(body), texts_of(context)
    groups = element_of(view, ids.GROUPS_BLOCK).get("selected_options") or ()
    rule = TemplateRule(
        state_in(body, ids.OfferState).template,
        hidden=bool(element_of(view, ids.HIDDEN_BLOCK).get("selected_options")),
        users=_named(view, ids.PEOPLE_BLOCK, "selected_users"),
        groups=tuple(str(one["value"]) for one in groups),
        channels=_named(view, ids.CHANNELS_BLOCK, "selected_conversations"),
    )
    await desk.offers.save(team, user, rule)
    rules = await desk.offers.rules(team, user)
    await ack(response_action="update", view=views.listed(rules, texts, note=texts.say("Saved.")))
    await desk.homes.publish(team, user)


def _named(view: Mapping[str, Any], block: str, what: str) -> tuple[str, ...]:
    return tuple(str(one) for one in element_of(view, block).get(what) or ())
