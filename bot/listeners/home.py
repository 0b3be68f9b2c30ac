"""The Home tab: seeing it, choosing the channel."""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncBoltContext

from bot.listeners.payload import Body, pressed, team_of, who
from bot.usecases.connecting import Connecting
from bot.usecases.languages import Languages
from bot.usecases.overview import Overseeing
from bot.usecases.ports import Homes


async def opened(event: dict[str, Any], context: AsyncBoltContext, *, homes: Homes) -> None:
    """Somebody opened the Home tab."""
    if event.get("tab") == "home":
        await homes.publish(team_of(context), str(event.get("user") or ""))


async def forget(ack: AsyncAck, context: AsyncBoltContext, *, overseeing: Overseeing, homes: Homes) -> None:
    """*Forget*, confirmed: what somebody typed into forms is not filled in again."""
    team, user = who(context)
    await overseeing.forget(team, user)
    await homes.publish(team, user)
    await ack()


async def pick_channel(
    ack: AsyncAck, body: Body, context: AsyncBoltContext, *, connecting: Connecting, homes: Homes
) -> None:
    """The procurement channel was chosen."""
    team, user = who(context)
    channel = pressed(body).get("selected_conversation")
    if isinstance(channel, str) and channel:
        await connecting.choose_channel(team, user, channel)
    await homes.publish(team, user)
    await ack()


async def pick_language(
    ack: AsyncAck, body: Body, context: AsyncBoltContext, *, languages: Languages, homes: Homes
) -> None:
    """The language of cards and threads was chosen."""
    team, user = who(context)
    option = pressed(body).get("selected_option")
    await languages.choose(team, user, str(option.get("value")) if isinstance(option, dict) else "")
    await homes.publish(team, user)
    await ack()
