"""What admins decide once for everybody: currency, time zone, the channels of categories."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncBoltContext

from bot import ids
from bot.listeners.language import texts_of
from bot.listeners.payload import Body, element_of, option_in, view_of, who
from bot.slack.api import SlackApi
from bot.usecases.defaults import Defaults
from bot.usecases.ports import Homes
from bot.views import defaults as views
from bot.wire import wire


@dataclass(frozen=True)
class Desk:
    """What these listeners share."""

    api: SlackApi
    defaults: Defaults
    homes: Homes


async def opened(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk) -> None:
    """*Change defaults* on Home."""
    team, user = who(context)
    view = views.settings(await desk.defaults.current(team, user), texts_of(context))
    await desk.api.open_view(team, str(body["trigger_id"]), view)
    await ack()


async def search_currencies(ack: AsyncAck, payload: dict[str, Any], context: AsyncBoltContext) -> None:
    """The currencies, as somebody types."""
    found = views.found_currencies(str(payload.get("value") or ""), texts_of(context))
    await ack(options=wire(found))


async def search_zones(ack: AsyncAck, payload: dict[str, Any]) -> None:
    """The time zones, as somebody types."""
    found = views.found_zones(str(payload.get("value") or ""))
    await ack(options=wire(found))


async def chosen(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk) -> None:
    """Currency and time zone were chosen."""
    team, user = who(context)
    view = view_of(body)
    currency, zone = option_in(view, ids.CURRENCY_BLOCK), option_in(view, ids.ZONE_BLOCK)
    await desk.defaults.choose(team, user, currency, zone)
    await ack()
    await desk.homes.publish(team, user)


async def open_channels(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk) -> None:
    """*Channels by category* on Home."""
    team, user = who(context)
    view = views.channels(await desk.defaults.by_category(team, user), texts_of(context))
    await desk.api.open_view(team, str(body["trigger_id"]), view)
    await ack()


async def channels_chosen(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk) -> None:
    """The channels of the categories were chosen."""
    team, user = who(context)
    view, texts = view_of(body), texts_of(context)
    shown = {
        category: element
        for category in (await desk.defaults.by_category(team, user)).channels
        if (element := element_of(view, views.block_of(category)))
    }
    wanted = {category: str(one.get("selected_conversation") or "") for category, one in shown.items()}
    problems = await desk.defaults.send_to(team, user, wanted)
    if problems:
        await ack(response_action="errors", errors=views.beside(problems, texts))
        return
    await ack()
    await desk.homes.publish(team, user)
