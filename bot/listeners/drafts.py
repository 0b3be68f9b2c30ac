"""Forms that were closed before they were launched."""

from __future__ import annotations

from slack_bolt.async_app import AsyncAck, AsyncBoltContext

from bot import ids
from bot.listeners.payload import STALE, Body, view_of
from bot.usecases.drafting import Drafting


async def closed(ack: AsyncAck, body: Body, context: AsyncBoltContext, *, drafting: Drafting) -> None:
    """A form was closed. Slack does not say what had been typed on its page since the last turn."""
    try:
        state = ids.FormState.unpack(str(view_of(body).get("private_metadata") or ""))
    except ids.StaleStateError:
        raise STALE from None
    await drafting.leave(context.team_id or "", context.user_id or "", state.draft)
    await ack()
