"""What changed in Ironclad's templates, for admins."""

from __future__ import annotations

from slack_bolt.async_app import AsyncAck, AsyncBoltContext

from bot.listeners.language import texts_of
from bot.listeners.payload import Body, who
from bot.slack.api import SlackApi
from bot.usecases.ports import Homes
from bot.usecases.versions import Versions
from bot.views import changes


async def show(
    ack: AsyncAck, body: Body, context: AsyncBoltContext, *, api: SlackApi, versions: Versions
) -> None:
    """*See what changed* on Home."""
    team, user = who(context)
    await versions.only_admins(team, user)
    view = changes.listed(await versions.changes(team), texts_of(context))
    await api.open_view(team, str(body["trigger_id"]), view)
    await ack()


async def seen(ack: AsyncAck, context: AsyncBoltContext, *, versions: Versions, homes: Homes) -> None:
    """*Mark as seen*."""
    team, user = who(context)
    await versions.seen(team, user)
    await homes.publish(team, user)
    await ack()
