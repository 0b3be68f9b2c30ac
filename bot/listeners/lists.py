"""Lists of requests in a window: opening one, searching, filtering, turning pages."""

from __future__ import annotations

from dataclasses import replace

from slack_bolt.async_app import AsyncAck, AsyncBoltContext

from bot import ids
from bot.listeners.payload import STALE, Body, in_modal, option_in, pressed, text_in, view_of
from bot.listeners.requests import Desk
from bot.usecases.listing import Listing, Page, Wanted
from bot.views import lists as views


async def see(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk, listing: Listing) -> None:
    """*See all*."""
    team = context.team_id or ""
    page = await listing.page(team, context.user_id or "", Wanted(_button(body).which))
    await desk.show(team, body, views.whole(page))
    await ack()


async def narrow(
    ack: AsyncAck, body: Body, context: AsyncBoltContext, *, desk: Desk, listing: Listing
) -> None:
    """Another state was chosen, or a page was turned."""
    team = context.team_id or ""
    page = await _narrowed(body, context, listing)
    await desk.api.update_view(team, in_modal(body), views.whole(page))
    await ack()


async def search(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, listing: Listing) -> None:
    """*Search*."""
    await ack(response_action="update", view=views.whole(await _narrowed(body, context, listing)))


async def _narrowed(body: Body, context: AsyncBoltContext, listing: Listing) -> Page:
    team, view = context.team_id or "", view_of(body)
    try:
        shown = ids.ListButton.unpack(str(view.get("private_metadata") or ""))
    except ids.StaleStateError:
        raise STALE from None
    state = option_in(view, ids.FILTER_BLOCK)
    wanted = Wanted(shown.which, text_in(view, ids.SEARCH_BLOCK), "" if state == "any" else state)
    if pressed(body).get("action_id") in (ids.LIST_NEXT, ids.LIST_FIRST):
        wanted = replace(wanted, before=_button(body).before)
    return await listing.page(team, context.user_id or "", wanted)


def _button(body: Body) -> ids.ListButton:
    try:
        return ids.ListButton.unpack(str(pressed(body).get("value") or ""))
    except ids.StaleStateError:
        raise STALE from None
