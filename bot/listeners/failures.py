"""The one place where a listener's failure reaches the person who caused it."""

from __future__ import annotations

import json
import secrets
from typing import Any

import structlog
from slack_bolt.async_app import AsyncBoltContext
from slack_bolt.error import BoltUnhandledRequestError
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError

from bot.listeners.language import texts_of
from bot.listeners.payload import Body, in_modal, who
from bot.slack.api import ChannelClosedError, SlackApi, TooLateError
from bot.texts import phrase
from bot.usecases.errors import Refusal
from bot.usecases.ports import TryLater
from bot.views import answers, modals

log = structlog.stdlib.get_logger("slipway.slack")

TOO_LATE = Refusal(phrase("Slack waited too long for the window to open."), phrase("Try again."), again=False)
BUSY = Refusal(phrase("Slack is not taking requests right now."), phrase("Try again in a moment."))


async def failed(error: Exception, body: Body, context: AsyncBoltContext, *, api: SlackApi) -> BoltResponse:
    """Say it where the person is: in the modal, under the command, or privately in the channel."""
    if isinstance(error, BoltUnhandledRequestError):
        return BoltResponse(status=404, body="Slipway does not handle this.")
    refusal = _refusal(error)
    if refusal is None:
        refusal = _unexpected(error, body)
    kind = body.get("type")
    if kind == "event_callback":
        # Only events are sent again by Slack, so for them the truth is also the remedy.
        return BoltResponse(status=500, body="")
    if kind == "view_submission":
        return _json({"response_action": "update", "view": modals.refused(refusal, texts=texts_of(context))})
    if kind == "block_suggestion":
        return _json({"options": []})
    if "command" in body:
        told = answers.refused(refusal, texts_of(context))
        return _json({"response_type": "ephemeral", "text": told.text, "blocks": list(told.blocks)})
    await _tell(refusal, body, context, api)
    return BoltResponse(status=200, body="")


def _refusal(error: Exception) -> Refusal | None:
    if isinstance(error, Refusal):
        return error
    if isinstance(error, TooLateError):
        return TOO_LATE
    return BUSY if isinstance(error, TryLater) else None


def _unexpected(error: Exception, body: Body) -> Refusal:
    reference = secrets.token_hex(4)
    # The payload holds what people typed, so only its kind is written down.
    log.error("listener failed", reference=reference, kind=body.get("type") or "command", exc_info=error)
    return Refusal(
        phrase("Something went wrong in Slipway."),
        phrase(
            "Try again; if it happens again, tell a Slipway admin this reference: {reference}",
            reference=reference,
        ),
    )


async def _tell(refusal: Refusal, body: Body, context: AsyncBoltContext, api: SlackApi) -> None:
    team, user = who(context)
    try:
        if view := in_modal(body):
            await api.update_view(team, view, modals.refused(refusal, texts=texts_of(context)))
            return
        channel = context.channel_id or await api.direct_channel(team, user)
        container: Any = body.get("container") or {}
        thread = container.get("thread_ts") if isinstance(container, dict) else None
        await api.whisper(team, channel, user, answers.refused(refusal, texts_of(context)), thread=thread)
    except (SlackApiError, TryLater, ChannelClosedError) as silent:
        log.warning("could not tell a person", why=str(silent), what=refusal.what)


def _json(answer: dict[str, Any]) -> BoltResponse:
    return BoltResponse(
        status=200, body=json.dumps(answer), headers={"content-type": "application/json;charset=utf-8"}
    )
