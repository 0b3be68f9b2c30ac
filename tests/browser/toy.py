"""A Slack app of a few lines: it shows the gallery wherever the page can show something."""

import asyncio
import json
from typing import Any
from urllib.parse import parse_qs

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.browser.gallery import gallery_home, gallery_message, gallery_modal, option

Payload = dict[str, Any]
_PATIENCE = 5.0


class ToyApp:
    """Opens the gallery on a command, posts it on `/contract post`, publishes it as its Home.

    `modal` is what a command opens; `answer` is what a submission is told; `received` keeps every payload.
    While `held` is set, actions are heard but not acknowledged.
    """

    def __init__(self, slack: httpx.AsyncClient) -> None:
        self._slack = slack
        self.received: list[Payload] = []
        self._news = asyncio.Event()
        self.modal: Payload = gallery_modal()
        self.answer: Payload = {}
        self.held: asyncio.Event | None = None
        self.web = Starlette(routes=[Route("/slack/events", self._events, methods=["POST"])])

    def of(self, kind: str) -> list[Payload]:
        """The payloads of one type, oldest first."""
        return [payload for payload in self.received if payload.get("type") == kind]

    async def heard(self, kind: str, count: int = 1) -> list[Payload]:
        """The same, once there are `count` of them."""
        while len(self.of(kind)) < count:
            self._news.clear()
            await asyncio.wait_for(self._news.wait(), _PATIENCE)
        return self.of(kind)

    async def call(self, method: str, **arguments: Any) -> Payload:
        """Call Slack's Web API; a refusal fails the test that caused it."""
        answer: Payload = (await self._slack.post(method, json=arguments)).json()
        return answer

    async def _events(self, request: Request) -> Response:
        payload = _read(await request.body(), request.headers["content-type"])
        self.received.append(payload)
        self._news.set()
        handle = {
            "event_callback": self._event,
            "block_suggestion": self._suggest,
            "view_submission": self._submitted,
            "block_actions": self._acted,
        }.get(payload.get("type", ""))
        if handle:
            return await handle(payload)
        if "command" in payload:
            await self._command(payload)
        return Response()

    async def _command(self, payload: Payload) -> None:
        if payload["text"] == "post":
            blocks = gallery_message(payload["user_id"], payload["channel_id"])
            await self.call("chat.postMessage", channel=payload["channel_id"], text="Gallery", blocks=blocks)
        else:
            await self.call("views.open", trigger_id=payload["trigger_id"], view=self.modal)

    async def _event(self, payload: Payload) -> Response:
        event = payload["event"]
        if event["type"] == "app_home_opened":
            view = gallery_home(event["user"], event["channel"])
            await self.call("views.publish", user_id=event["user"], view=view)
        return Response()

    async def _suggest(self, payload: Payload) -> Response:
        found = [option(f"{payload['value']} result {number}") for number in range(1, 6)]
        return JSONResponse({"options": found})

    async def _acted(self, _: Payload) -> Response:
        if self.held:
            await self.held.wait()
        return Response()

    async def _submitted(self, _: Payload) -> Response:
        return JSONResponse(self.answer) if self.answer else Response()


def _read(body: bytes, content_type: str) -> Payload:
    if content_type.startswith("application/json"):
        event: Payload = json.loads(body)
        return event
    form = {name: values[0] for name, values in parse_qs(body.decode(), keep_blank_values=True).items()}
    interaction: Payload = json.loads(form["payload"]) if "payload" in form else form
    return interaction
