"""The Home tab: seeing it, connecting Ironclad, choosing the channel."""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncBoltContext

from bot import ids
from bot.listeners.payload import STALE, Body, element_of, option_in, pressed, text_in, view_of
from bot.slack.api import SlackApi
from bot.usecases.connecting import Connecting, Credentials
from bot.usecases.errors import Refusal
from bot.usecases.languages import Languages
from bot.usecases.overview import Overseeing
from bot.usecases.ports import Homes
from bot.views import connect as views
from ironclad import Region


async def opened(event: dict[str, Any], context: AsyncBoltContext, *, homes: Homes) -> None:
    """Somebody opened the Home tab."""
    if event.get("tab") == "home":
        await homes.publish(context.team_id or "", str(event.get("user") or ""))


async def open_connect(
    ack: AsyncAck,
    body: Body,
    context: AsyncBoltContext,
    *,
    api: SlackApi,
    connecting: Connecting,
    overseeing: Overseeing,
) -> None:
    """*Connect Ironclad* or *Change*."""
    team, user = context.team_id or "", context.user_id or ""
    try:
        await connecting.only_admins(team, user)
        view = views.connect((await overseeing.overview(team, user)).connection)
    except Refusal as refusal:
        view = views.refused(refusal.what, refusal.do)
    await api.open_view(team, str(body["trigger_id"]), view)
    await ack()


async def connect(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, connecting: Connecting) -> None:
    """The credentials were typed: keep them sealed, try them, and say how it went in the same modal."""
    team, user, view = context.team_id or "", context.user_id or "", view_of(body)
    try:
        earlier = ids.ConnectState.unpack(str(view.get("private_metadata") or "")).connection
        region = Region(option_in(view, ids.REGION_BLOCK))
    except (ids.StaleStateError, ValueError):
        raise STALE from None
    problems = {}
    client_id, secret = text_in(view, ids.CLIENT_ID_BLOCK), text_in(view, ids.CLIENT_SECRET_BLOCK)
    if not client_id:
        problems[ids.CLIENT_ID_BLOCK] = "Paste the client ID that Ironclad shows for your app."
    if not secret and not earlier:
        problems[ids.CLIENT_SECRET_BLOCK] = "Paste the client secret that Ironclad showed once."
    if problems:
        await ack(response_action="errors", errors=problems)
        return
    try:
        acting_user = await connecting.email_of(
            team, str(element_of(view, ids.ACTING_USER_BLOCK).get("selected_user"))
        )
    except Refusal as refusal:
        await ack(response_action="errors", errors={ids.ACTING_USER_BLOCK: f"{refusal.what} {refusal.do}"})
        return
    typed = Credentials(client_id, region.value, acting_user, secret)
    try:
        await connecting.submit(team, user, typed, view=str(view.get("id") or ""), earlier=earlier)
    except Refusal as refusal:
        await ack(response_action="errors", errors={ids.CLIENT_SECRET_BLOCK: f"{refusal.what} {refusal.do}"})
        return
    await ack(response_action="update", view=views.checking())


async def disconnect(
    ack: AsyncAck, context: AsyncBoltContext, *, connecting: Connecting, homes: Homes
) -> None:
    """*Disconnect*, confirmed."""
    team, user = context.team_id or "", context.user_id or ""
    await connecting.disconnect(team, user)
    await homes.publish(team, user)
    await ack()


async def forget(ack: AsyncAck, context: AsyncBoltContext, *, overseeing: Overseeing, homes: Homes) -> None:
    """*Forget*, confirmed: what somebody typed into forms is not filled in again."""
    team, user = context.team_id or "", context.user_id or ""
    await overseeing.forget(team, user)
    await homes.publish(team, user)
    await ack()


async def pick_channel(
    ack: AsyncAck, body: Body, context: AsyncBoltContext, *, connecting: Connecting, homes: Homes
) -> None:
    """The procurement channel was chosen."""
    team, user = context.team_id or "", context.user_id or ""
    channel = pressed(body).get("selected_conversation")
    if isinstance(channel, str) and channel:
        await connecting.choose_channel(team, user, channel)
    await homes.publish(team, user)
    await ack()


async def pick_language(
    ack: AsyncAck, body: Body, context: AsyncBoltContext, *, languages: Languages, homes: Homes
) -> None:
    """The language of cards and threads was chosen."""
    team, user = context.team_id or "", context.user_id or ""
    option = pressed(body).get("selected_option")
    await languages.choose(team, user, str(option.get("value")) if isinstance(option, dict) else "")
    await homes.publish(team, user)
    await ack()
