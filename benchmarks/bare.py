"""Bare Bolt at its best, the measure for Slipway: `python -m benchmarks.bare PORT SLACK_URL`.

The same library, server, event loop, shared client session and `authorize` of its own; its listener opens a
small modal that never changes, and acknowledges; a submitted form is answered with the same modal.
"""

from __future__ import annotations

import asyncio
import sys
from typing import Any

import aiohttp
import uvicorn
import uvloop
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from benchmarks.outside import BOT_TOKEN, SIGNING_SECRET

_VIEW: dict[str, Any] = {
    "type": "modal",
    "title": {"type": "plain_text", "text": "Launch a contract"},
    "close": {"type": "plain_text", "text": "Cancel"},
    "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "Choose a template"}}],
}


def main() -> None:
    """Serve until ended."""
    port, slack_url = sys.argv[1:]
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(int(port), slack_url))


async def _serve(port: int, slack_url: str) -> None:
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(base_url=slack_url, session=session, retry_handlers=[])
        config = uvicorn.Config(
            _web(_bolt(client)),
            port=port,
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
        )
        await uvicorn.Server(config).serve()


def _bolt(client: AsyncWebClient) -> AsyncApp:
    async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token=BOT_TOKEN)

    async def contract(ack: AsyncAck, command: dict[str, Any], client: AsyncWebClient) -> None:
        await client.views_open(trigger_id=command["trigger_id"], view=_VIEW)
        await ack()

    async def submitted(ack: AsyncAck) -> None:
        await ack(response_action="update", view=_VIEW)

    app = AsyncApp(
        client=client, authorize=authorize, signing_secret=SIGNING_SECRET, process_before_response=True
    )
    app.command("/contract")(contract)
    app.view("launch.form")(submitted)
    return app


def _web(app: AsyncApp) -> Starlette:
    handler = AsyncSlackRequestHandler(app)

    async def events(request: Request) -> Response:
        return await handler.handle(request)

    async def ready(request: Request) -> Response:
        return PlainTextResponse("ready")

    return Starlette(routes=[Route("/slack/events", events, methods=["POST"]), Route("/readyz", ready)])


if __name__ == "__main__":
    main()
