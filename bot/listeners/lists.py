"""Lists of requests in a window: opening one, searching, filtering, turning pages."""

from __future__ import annotations

from dataclasses import replace

from slack_bolt.async_app import AsyncAck, AsyncBoltContext

from bot import ids
from bot.listeners.language import texts_of
from bot.listeners.payload import (
    Body,
    button_in,
    in_modal,
    option_in,
    pressed,
    state_in,
    team_of,
    text_in,
    view_of,
    who,
)
from bot.listeners.requests import Desk
from bot.usecases.listing import Listing, Page, Wanted
from bot.views import lists as views


async def see(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk, listing: Listing) -> None:
    """*See all*."""
    team, user = who(context)
    page = await listing.page(team, user, Wanted(_button(body).which))
    await desk.show(team, body, views.whole(page, texts_of(context)))
    await ack()


async def narrow(
    ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk, listing: Listing
) -> None:
    """Another state was chosen, or a page was turned."""
    team = team_of(context)
    page = await _narrowed(body, context, listing)
    await desk.api.update_view(team, in_modal(body), views.whole(page, texts_of(context)))
    await ack()


async def search(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, listing: Listing) -> None:
    """*Search*."""
    await ack(
        response_action="update", view=views.whole(await _narrowed(body, context, listing), texts_of(context))
    )


async def _narrowed(body: Body, context: AsyncBoltContext, listing: Listing) -> Page:
    (team, user), view = who(context), view_of(body)
    shown = state_in(body, ids.ListButton)
    state = option_in(view, ids.FILTER_BLOCK)
    wanted = Wanted(shown.which, text_in(view, ids.SEARCH_BLOCK), "" if state == "any" else state)
    if pressed(body).get("action_id") in (ids.LIST_NEXT, ids.LIST_FIRST):
        wanted = replace(wanted, before=_button(body).before)
    return await listing.page(team, user, wanted)


def _button(body: Body) -> ids.ListButton:
    return button_in(body, ids.ListButton)
