"""Bolt and Slack's client as we run them."""

from __future__ import annotations

from typing import Any

import aiohttp
from slack_bolt.async_app import AsyncApp, AsyncBoltContext
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from bot.settings import Settings
from bot.slack.tokens import BotTokens, NotInstalledError

SLACK_SECONDS = 10  # one call of the Web API; a listener has 3 in all, durable work has patience


def slack_client(settings: Settings, session: aiohttp.ClientSession) -> AsyncWebClient:
    """Slack's Web API, over the shared session; each call brings its own token."""
    return AsyncWebClient(
        base_url=settings.slack_api_url,
        session=session,
        timeout=SLACK_SECONDS,
        # Slack's library would repeat a post whose connection broke, also after Slack had carried it out.
        retry_handlers=[],
    )


def bolt_app(client: AsyncWebClient, tokens: BotTokens) -> AsyncApp:
    """Bolt, which gives each payload to its listener; what it gets was verified before."""

    async def authorize(
        context: AsyncBoltContext, enterprise_id: str | None, team_id: str | None
    ) -> Any:  # AuthorizeResult or None, which Bolt takes although its types do not say so
        # Bolt's own way asks Slack who the token is on every request: 300 ms where we have 3 s.
        organisation = enterprise_id if context.is_enterprise_install else None
        try:
            token = await tokens.of(team_id or "", organisation)
        except NotInstalledError:
            return None  # Bolt tells the person with the sentence below
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token=token)

    return AsyncApp(
        # Without one, Bolt reads the source of every module on the stack. It sets the level of the logger of
        # this name, so that must not be the one that all of ours are below.
        name="bolt",
        client=client,
        authorize=authorize,
        process_before_response=True,  # answers 10 ms sooner, and an error after ack() stays an error
        request_verification_enabled=False,  # bot.web has verified the raw body before parsing it
        raise_error_for_unhandled_request=True,
        user_facing_authorize_error_message=(
            "Slipway is not installed in this workspace any more. Ask a workspace admin to install it again."
        ),
    )
