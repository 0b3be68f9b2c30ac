"""Who people are in Ironclad: saying it oneself, handing a launch on, and the admins' list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncBoltContext

from bot import ids
from bot.listeners.language import texts_of, told
from bot.listeners.payload import (
    Body,
    button_in,
    element_of,
    in_modal,
    pressed,
    state_in,
    text_in,
    view_of,
    who,
)
from bot.listeners.windows import show
from bot.slack.api import SlackApi
from bot.texts import phrase
from bot.usecases.approving import Approving
from bot.usecases.errors import Refusal
from bot.usecases.identifying import Identifying
from bot.usecases.ports import Homes
from bot.usecases.requesting import Requesting
from bot.views import identities as views
from bot.views import requests as request_views


@dataclass(frozen=True)
class Desk:
    """What these listeners share."""

    api: SlackApi
    identifying: Identifying
    requesting: Requesting
    approving: Approving
    homes: Homes

    async def show(self, body: Body, context: AsyncBoltContext, told: str = "") -> None:
        """The admins' list: in the modal that is open, or in a new one; Home follows."""
        (team, user), texts = who(context), texts_of(context)
        view = views.people(await self.identifying.known(team, user), texts, told)
        await show(self.api, team, body, view)
        if in_modal(body):
            await self.homes.publish(team, user)


def _button(body: Body) -> ids.PersonButton:
    return button_in(body, ids.PersonButton)


async def claim(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk) -> None:
    """*Yes, this is me*."""
    team, user = who(context)
    await desk.identifying.claim(team, user, _button(body).email)
    await desk.api.update_view(team, in_modal(body), views.claimed(texts_of(context)))
    await ack()


async def hand_over(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk) -> None:
    """A colleague was chosen to launch it instead."""
    team, user = who(context)
    to = str(pressed(body).get("selected_user") or "")
    request = state_in(body, ids.PickState).request
    seen = await desk.requesting.seen(team, user, request)
    task = seen.course.current
    if task is None or task.kind != "contract":
        raise Refusal(phrase("There is nothing to launch any more."), phrase("Look at the request's thread."))
    course = await desk.approving.hand_on(team, user, task.id, to)
    texts = texts_of(context)
    done = texts.say("{request} is with {person} now.", request=course.request.label, person=f"<@{to}>")
    await desk.api.update_view(team, in_modal(body), request_views.done(done, texts))
    await ack()


async def opened(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk) -> None:
    """*Link people* on Home."""
    await desk.show(body, context)
    await ack()


async def found(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk) -> None:
    """*Find somebody*: what is known of this person alone, however long the list is."""
    team, user = who(context)
    option = pressed(body).get("selected_option") or {}
    whom = str(pressed(body).get("selected_user") or option.get("value") or "")
    known = await desk.identifying.known(team, user, of=whom)
    view = views.people(known, texts_of(context), only=whom)
    await desk.api.update_view(team, in_modal(body), view)
    await ack()


async def search_accounts(
    ack: AsyncAck, payload: dict[str, Any], context: AsyncBoltContext, *, desk: Desk
) -> None:
    """The Ironclad e-mail addresses that are known here, as somebody types."""
    accounts = await desk.identifying.accounts(*who(context), str(payload.get("value") or ""))
    await ack(options=[option.to_dict() for option in views.account_options(accounts)])


async def confirm(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk) -> None:
    """*Confirm*."""
    team, user = who(context)
    await desk.identifying.confirm(team, user, _button(body).user)
    await desk.show(body, context, texts_of(context).say("Confirmed."))
    await ack()


async def unlink(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk) -> None:
    """*Unlink* or *Refuse*."""
    team, user = who(context)
    await desk.identifying.forget(team, user, _button(body).user)
    await desk.show(body, context)
    await ack()


async def ask_link(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk) -> None:
    """*Link somebody*, or *Link* beside a name."""
    team, user = who(context)
    await desk.identifying.known(team, user)
    whom = _button(body).user if pressed(body).get("value") else ""
    await desk.api.update_view(team, in_modal(body), views.link_form(texts_of(context), whom))
    await ack()


async def link(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk) -> None:
    """The person and their address were given."""
    team, user = who(context)
    view = view_of(body)
    whom = str(element_of(view, ids.LINK_USER_BLOCK).get("selected_user") or "")
    try:
        await desk.identifying.link(team, user, whom, text_in(view, ids.LINK_EMAIL_BLOCK))
    except Refusal as refusal:
        await ack(response_action="errors", errors={ids.LINK_EMAIL_BLOCK: told(refusal, texts_of(context))})
        return
    known, texts = await desk.identifying.known(team, user), texts_of(context)
    await ack(response_action="update", view=views.people(known, texts, texts.say("Linked.")))


async def ask_many(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk) -> None:
    """*Link many*."""
    team, user = who(context)
    await desk.identifying.known(team, user)
    await desk.api.update_view(team, in_modal(body), views.many_form(texts_of(context)))
    await ack()


async def link_many(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk) -> None:
    """The lines were given."""
    team, user = who(context)
    view = view_of(body)
    here, lines = str(view.get("id") or ""), text_in(view, ids.LINK_LINES_BLOCK)
    try:
        await desk.identifying.link_lines(team, user, lines, here, f"{here}:{view.get('hash') or ''}")
    except Refusal as refusal:
        await ack(response_action="errors", errors={ids.LINK_LINES_BLOCK: told(refusal, texts_of(context))})
        return
    await ack(response_action="update", view=views.linking(texts_of(context)))
