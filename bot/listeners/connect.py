"""Connecting Ironclad from Home, reviewing a connection, and looking after it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncBoltContext

from bot import ids
from bot.listeners.language import texts_of, told
from bot.listeners.payload import (
    STALE,
    Body,
    button_in,
    element_of,
    in_modal,
    option_in,
    pressed,
    state_in,
    text_in,
    view_of,
    who,
)
from bot.listeners.windows import show
from bot.slack.api import SlackApi
from bot.texts import Texts
from bot.usecases.alarms import Alarms
from bot.usecases.checking import Checking
from bot.usecases.connecting import Connecting
from bot.usecases.credentials import Credentials
from bot.usecases.dialling import AUTHORIZATION_CODE, CLIENT_CREDENTIALS
from bot.usecases.errors import Refusal
from bot.usecases.permissions import scopes_of
from bot.usecases.ports import Homes
from bot.views import connect as views
from bot.views import connections
from ironclad import Region
from storage import Connection

ANSWER_SECONDS = 2.2  # Slack waits three for the answer to a submit


@dataclass(frozen=True)
class Desk:
    """What these listeners share."""

    api: SlackApi
    connecting: Connecting
    homes: Homes

    def place(self) -> views.Place:
        """What the modal needs to know of the deployment. Raises `Refusal` without a public address."""
        return views.Place(
            callback=self.connecting.callback,
            host=self.connecting.private_host,
            mails=self.connecting.mails,
            review_always=self.connecting.review_rule.always,
        )

    async def show(self, body: Body, team: str, view: dict[str, Any]) -> None:
        """Show a view: in the modal where something was pressed, else in a new one."""
        await show(self.api, team, body, view)


def _meant(body: Body) -> str:
    """The connection that a button is about."""
    return button_in(body, ids.ConnectionButton).connection


def _about(body: Body) -> str:
    """The connection that a modal is about; empty for a new one."""
    return state_in(body, ids.ConnectState).connection


# Connecting ---------------------------------------------------------------------------------------


async def open_connect(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk) -> None:
    """*Connect Ironclad*."""
    team, user = who(context)
    try:
        await desk.connecting.only_admins(team, user)
        view = views.connect(desk.place(), texts_of(context))
    except Refusal as refusal:
        view = views.refused(refusal, texts_of(context))
    await desk.show(body, team, view)
    await ack()


async def change(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk) -> None:
    """*Change* or *Correct it*: the same modal, filled in."""
    team, user = who(context)
    connection = await desk.connecting.get(team, user, _meant(body))
    problem = "" if connection.verified else connection.problem or ""
    await desk.show(body, team, views.connect(desk.place(), texts_of(context), connection, problem=problem))
    await ack()


async def grant_chosen(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk) -> None:
    """Another grant was chosen: its own fields replace those of the other."""
    team, user = who(context)
    await desk.connecting.only_admins(team, user)
    picked = pressed(body).get("selected_option")
    grant = picked.get("value") if isinstance(picked, dict) else None
    if grant not in (CLIENT_CREDENTIALS, AUTHORIZATION_CODE):
        raise STALE
    earlier = await _earlier(body, team, user, desk)
    view = views.connect(desk.place(), texts_of(context), earlier, grant=grant)
    await desk.api.update_view(team, in_modal(body), view)
    await ack()


async def _earlier(body: Body, team: str, user: str, desk: Desk) -> Connection | None:
    about = _about(body)
    return await desk.connecting.get(team, user, about) if about else None


async def connect(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk) -> None:
    """The modal was submitted: keep it sealed, then a link goes to its admin, or a request to another."""
    team, user = who(context)
    view, earlier = view_of(body), _about(body)
    problems = _gaps(view, earlier, texts_of(context))
    if problems:
        await ack(response_action="errors", errors=problems)
        return
    try:
        typed = await _typed(view, team, desk.connecting)
    except Refusal as refusal:
        await ack(response_action="errors", errors={ids.ACTING_USER_BLOCK: told(refusal, texts_of(context))})
        return
    publish = option_in(view, ids.FINISH_BLOCK) == views.PUBLISH
    try:
        kept = await desk.connecting.submit(team, user, typed, earlier=earlier, publish=publish)
    except Refusal as refusal:
        block = ids.FINISH_BLOCK if "admin" in refusal.what else ids.CLIENT_SECRET_BLOCK
        await ack(response_action="errors", errors={block: told(refusal, texts_of(context))})
        return
    await ack(response_action="update", view=_after(kept, desk, texts_of(context)))
    await desk.homes.publish(team, user)


def _after(kept: Connection, desk: Desk, texts: Texts) -> dict[str, Any]:
    if kept.state == "review":
        return views.published(texts)
    return views.sent(kept, texts, mails=desk.connecting.mails)


def _gaps(view: Any, earlier: str, texts: Texts) -> dict[str, str]:
    """What is missing, beside the field where it is missing."""
    found = {}
    if not text_in(view, ids.CLIENT_ID_BLOCK):
        found[ids.CLIENT_ID_BLOCK] = texts.say("Paste the client ID that Ironclad shows for your app.")
    if not text_in(view, ids.CLIENT_SECRET_BLOCK) and not earlier:
        found[ids.CLIENT_SECRET_BLOCK] = texts.say("Paste the client secret that Ironclad showed once.")
    return found


async def _typed(view: Any, team: str, connecting: Connecting) -> Credentials:
    try:
        region = Region(option_in(view, ids.REGION_BLOCK))
    except ValueError:
        raise STALE from None
    grant = option_in(view, ids.GRANT_BLOCK)
    acting_user = None
    if grant == CLIENT_CREDENTIALS:
        chosen = str(element_of(view, ids.ACTING_USER_BLOCK).get("selected_user") or "")
        acting_user = await connecting.email_of(team, chosen)
    return Credentials(
        client_id=text_in(view, ids.CLIENT_ID_BLOCK),
        region=region.value,
        acting_user=acting_user,
        client_secret=text_in(view, ids.CLIENT_SECRET_BLOCK),
        grant=grant,
        wanted=scopes_of([*_ticked(view, ids.USUAL_BLOCK), *_ticked(view, ids.FURTHER_BLOCK)]),
    )


def _ticked(view: Any, block: str) -> list[str]:
    options = element_of(view, block).get("selected_options") or []
    return [str(option.get("value")) for option in options if isinstance(option, dict)]


async def send_again(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk) -> None:
    """*Send the link again*."""
    team, user = who(context)
    connection = await desk.connecting.send_again(team, user, _meant(body))
    await desk.show(body, team, views.sent(connection, texts_of(context), mails=desk.connecting.mails))
    await desk.homes.publish(team, user)
    await ack()


# Reviewing ----------------------------------------------------------------------------------------


async def open_review(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk) -> None:
    """*Review*."""
    team, user = who(context)
    connection = await desk.connecting.up_for_review(team, user, _meant(body))
    await desk.show(body, team, connections.review(connection, texts_of(context)))
    await ack()


async def review(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk) -> None:
    """Approved, or returned with a reason."""
    team, user = who(context)
    view = view_of(body)
    approved = option_in(view, ids.VERDICT_BLOCK) == connections.APPROVE
    reason = text_in(view, ids.REASON_BLOCK)
    if not approved and not reason:
        what = texts_of(context).say("Say what should be different, so that it can be corrected.")
        errors = {ids.REASON_BLOCK: what}
        await ack(response_action="errors", errors=errors)
        return
    connection = await desk.connecting.review(team, user, _about(body), returned=None if approved else reason)
    await ack(
        response_action="update", view=connections.decided(connection, texts_of(context), approved=approved)
    )
    await desk.homes.publish(team, user)


# Looking after one --------------------------------------------------------------------------------


async def manage(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk) -> None:
    """*Manage*."""
    team, user = who(context)
    connection = await desk.connecting.get(team, user, _meant(body))
    await desk.show(body, team, connections.manage(connection, texts_of(context)))
    await ack()


async def put_in_use(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk) -> None:
    """*Use for launches*."""
    team, user = who(context)
    connection_id = _meant(body)
    await desk.connecting.put_in_use(team, user, connection_id)
    connection = await desk.connecting.get(team, user, connection_id)
    texts = texts_of(context)
    note = texts.say("New launches use this one from now on.")
    await desk.show(body, team, connections.manage(connection, texts, note=note))
    await desk.homes.publish(team, user)
    await ack()


async def disconnect(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk) -> None:
    """*Disconnect* or *Remove*, confirmed."""
    team, user = who(context)
    await desk.connecting.disconnect(team, user, _meant(body))
    await desk.show(body, team, connections.gone(texts_of(context)))
    await desk.homes.publish(team, user)
    await ack()


async def check(
    ack: AsyncAck, body: Body, context: AsyncBoltContext, *, checking: Checking, desk: Desk
) -> None:
    """*Check*."""
    team, user = who(context)
    view = in_modal(body)
    connection = await checking.start(team, user, _meant(body), view)
    texts = texts_of(context)
    note = texts.say("Checking with Ironclad…")
    await desk.show(body, team, connections.manage(connection, texts, note=note, level="info"))
    await ack()


async def open_new_secret(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk) -> None:
    """*Replace the secret*."""
    team, user = who(context)
    connection = await desk.connecting.get(team, user, _meant(body))
    await desk.show(body, team, connections.new_secret(connection, texts_of(context)))
    await ack()


async def new_secret(
    ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk, alarms: Alarms
) -> None:
    """The new secret was typed: tried first, and then in force."""
    team, user = who(context)
    secret = text_in(view_of(body), ids.CLIENT_SECRET_BLOCK)
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            connection = await desk.connecting.replace_secret(team, user, _about(body), secret)
    except Refusal as refusal:
        errors = {ids.CLIENT_SECRET_BLOCK: told(refusal, texts_of(context))}
        await ack(response_action="errors", errors=errors)
        return
    except TimeoutError:
        late = texts_of(context).say("Ironclad does not answer in time. Try again in a moment.")
        errors = {ids.CLIENT_SECRET_BLOCK: late}
        await ack(response_action="errors", errors=errors)
        return
    await alarms.works(connection)
    texts = texts_of(context)
    note = texts.say("Replaced. The new secret works and is in use.")
    view = connections.manage(connection, texts, note=note)
    await ack(response_action="update", view=view)
    await desk.homes.publish(team, user)


async def reconnect(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk) -> None:
    """*Reconnect*."""
    team, user = who(context)
    connection, url = await desk.connecting.reconnect(team, user, _meant(body))
    await desk.show(body, team, connections.in_browser(connection, url, texts_of(context), signing_in=False))
    await ack()


# One's own sign-in --------------------------------------------------------------------------------


async def sign_in(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk) -> None:
    """*Sign in as yourself*."""
    team, user = who(context)
    connection, url = await desk.connecting.sign_in(team, user, _meant(body))
    await desk.show(body, team, connections.in_browser(connection, url, texts_of(context), signing_in=True))
    await ack()


async def sign_out(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk) -> None:
    """*Sign out*."""
    team, user = who(context)
    await desk.connecting.sign_out(team, user, _meant(body))
    await desk.homes.publish(team, user)
    await ack()
