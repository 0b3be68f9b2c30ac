"""Keeping a workspace going: trying the mail, deleting what is kept."""

from __future__ import annotations

from dataclasses import dataclass

from slack_bolt.async_app import AsyncAck, AsyncBoltContext

from bot import ids
from bot.listeners.language import texts_of
from bot.listeners.payload import Body, in_modal, text_in, view_of, who
from bot.slack.api import SlackApi
from bot.usecases.erasing import Erasing
from bot.usecases.errors import Refusal
from bot.usecases.ports import Homes
from bot.usecases.trying_mail import TryingMail
from bot.views import upkeep as views


@dataclass(frozen=True)
class Desk:
    """What these listeners share."""

    api: SlackApi
    mail: TryingMail
    erasing: Erasing
    homes: Homes


async def try_mail(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk) -> None:
    """*Send me a test mail*."""
    (team, user), texts, here = who(context), texts_of(context), in_modal(body)
    try:
        view = views.mail_on_its_way(await desk.mail.address(team, user), texts)
    except Refusal as refusal:
        view = views.refused(refusal, texts.say("Test mail"), texts)
        await desk.api.open_view(team, str(body["trigger_id"]), view)
    else:
        if here:
            await desk.api.update_view(team, here, view)
        else:
            here = await desk.api.open_view(team, str(body["trigger_id"]), view)
        await desk.mail.start(team, user, here)
    await ack()


async def open_delete(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk) -> None:
    """*See what is kept*."""
    (team, user), texts = who(context), texts_of(context)
    try:
        view = views.delete(await desk.erasing.look(team, user), texts)
    except Refusal as refusal:
        view = views.refused(refusal, texts.say("Delete data"), texts)
    await desk.api.open_view(team, str(body["trigger_id"]), view)
    await ack()


async def delete(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk) -> None:
    """*Delete everything*."""
    (team, user), texts = who(context), texts_of(context)
    if not await desk.erasing.erase(team, user, text_in(view_of(body), ids.CONFIRM_BLOCK)):
        told = texts.say("This is not what has to be typed. Nothing was deleted.")
        await ack(response_action="errors", errors={ids.CONFIRM_BLOCK: told})
        return
    await ack(response_action="update", view=views.deleted(texts))
    await desk.homes.publish(team, user)
