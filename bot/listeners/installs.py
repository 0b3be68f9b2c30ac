"""Slack tells that the app was removed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from slack_bolt.async_app import AsyncBoltContext

from bot.listeners.payload import Body
from bot.slack.tokens import BotTokens
from bot.usecases.installing import Installing


async def uninstalled(
    body: Body, context: AsyncBoltContext, *, installing: Installing, tokens: BotTokens
) -> None:
    """`app_uninstalled`: forget the install with its tokens."""
    place = _place(context)
    await installing.removed(place, _when(body))
    tokens.forget(place)


async def revoked(
    body: Body,
    event: dict[str, Any],
    context: AsyncBoltContext,
    *,
    installing: Installing,
    tokens: BotTokens,
) -> None:
    """`tokens_revoked`: the same, if it is our bot's token that was revoked."""
    place = _place(context)
    named = event.get("tokens")
    bots = named.get("bot") if isinstance(named, dict) else None
    await installing.removed(place, _when(body), bot_users=tuple(str(bot) for bot in bots or ()))
    tokens.forget(place)


def _place(context: AsyncBoltContext) -> str:
    """The workspace, or the organisation when it was removed from all of it."""
    return (context.enterprise_id if context.is_enterprise_install else context.team_id) or ""


def _when(body: Body) -> datetime:
    # Slack counts whole seconds: an install within that second came before its removal.
    seconds = body.get("event_time")
    if not isinstance(seconds, int):
        return datetime.now(UTC)
    return datetime.fromtimestamp(seconds, UTC) + timedelta(seconds=1)
