"""Socket Mode: the same payloads as over HTTP, through connections that Slipway opens itself.

Slack's own client closes its connection before it opens the next, acknowledges on whichever is open then,
and logs whole payloads. Here several connections are held at once, an acknowledgement goes out on the
connection its payload came by, and one that Slack takes away is left only when its payloads are answered.
A payload is acknowledged when what it promised is written down; what was not, Slack sends again.
See docs/decisions/0012-own-socket-client.md.
"""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Mapping, Sequence
from typing import Any

import aiohttp
import structlog
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.dispatch import Dispatch
from bot.shapes import expected_in_socket
from bot.slack.api import code_of

log = structlog.stdlib.get_logger("slipway.socket")

CONNECTIONS = 2  # Slack allows ten for an app: five replicas
PING_SECONDS = 10.0  # a connection that does not answer for so long is given up
DRAIN_SECONDS = 5.0  # for the answers of a connection that ends; Slack waits 3 s for them
MAX_MESSAGE = 2_000_000
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0

_FAILURES = (aiohttp.ClientError, TimeoutError, OSError, SlackApiError)


class SocketMode:
    """Holds connections to Slack and gives what comes by them to the listeners."""

    def __init__(
        self, dispatch: Dispatch, client: AsyncWebClient, session: aiohttp.ClientSession, token: str
    ) -> None:
        self._dispatch = dispatch
        self._client = client
        self._session = session
        self._token = token
        self._keepers: list[asyncio.Task[None]] = []
        self._ending: set[asyncio.Task[None]] = set()
        self._open = 0

    @property
    def connected(self) -> bool:
        """Whether Slack can reach us at the moment."""
        return self._open > 0

    def start(self) -> None:
        """Begin to hold connections, in this event loop."""
        self._keepers = [asyncio.create_task(self._keep(), name=f"socket {n}") for n in range(CONNECTIONS)]

    async def stop(self) -> None:
        """Answer what has come in, and close."""
        for keeper in self._keepers:
            keeper.cancel()
        await asyncio.gather(*self._keepers, return_exceptions=True)
        if self._ending:
            await asyncio.gather(*self._ending, return_exceptions=True)

    async def _keep(self) -> None:
        """One connection, and another whenever it ends."""
        failures = 0
        while True:
            try:
                line = _Line(
                    self._dispatch,
                    await self._session.ws_connect(
                        await self._address(), heartbeat=PING_SECONDS, max_msg_size=MAX_MESSAGE
                    ),
                )
            except _FAILURES as failed:
                failures += 1
                log.warning("no socket to Slack", why=_why(failed), failures=failures)
                await asyncio.sleep(_pause(failures))
                continue
            self._open += 1
            try:
                if await line.listen():
                    failures = 0
                else:
                    failures += 1
            finally:
                self._open -= 1
                self._leave(line)
            if failures:
                await asyncio.sleep(_pause(failures))

    async def _address(self) -> str:
        answer = await self._client.api_call("apps.connections.open", json={"token": self._token})
        return str(answer["url"])

    def _leave(self, line: _Line) -> None:
        # Not awaited: the next connection is opened while this one gives its last answers.
        task = asyncio.create_task(line.end())
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)


class _Line:
    """One connection."""

    def __init__(self, dispatch: Dispatch, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._dispatch = dispatch
        self._socket = socket
        self._answering: set[asyncio.Task[None]] = set()

    async def listen(self) -> bool:
        """Take payloads until Slack ends the connection. False when it never was a good one."""
        greeted = False
        async for received in self._socket:
            if received.type is not aiohttp.WSMsgType.TEXT:
                continue
            message = _object(received.data)
            kind = message.get("type")
            if kind == "hello":
                greeted = True
            elif kind == "disconnect":
                log.info("Slack ends a socket", reason=str(message.get("reason"))[:40])
                return greeted and message.get("reason") != "link_disabled"
            elif "envelope_id" in message:
                self._take(message)
        return greeted

    async def end(self) -> None:
        """Give the answers that are still due, then close."""
        if self._answering:
            await asyncio.wait(self._answering, timeout=DRAIN_SECONDS)
        await self._socket.close()

    def _take(self, envelope: Mapping[str, Any]) -> None:
        task = asyncio.create_task(self._answer(envelope))
        self._answering.add(task)
        task.add_done_callback(self._answering.discard)

    async def _answer(self, envelope: Mapping[str, Any]) -> None:
        kind, payload = str(envelope.get("type")), envelope.get("payload")
        acknowledgement: dict[str, Any] = {"envelope_id": envelope["envelope_id"]}
        if expected_in_socket(kind, payload) and isinstance(payload, dict):
            response = await self._dispatched(payload, envelope)
            if response.status != 200:
                return  # not done: Slack sends it again, or tells the person
            answer = _answer_in(response)
            if answer is not None and envelope.get("accepts_response_payload"):
                acknowledgement["payload"] = answer
        else:
            log.warning("not a payload that Slack sends", kind=kind[:40])
        try:
            await self._socket.send_json(acknowledgement)
        except _FAILURES as failed:
            log.warning("a payload was not acknowledged", why=_why(failed))

    async def _dispatched(self, payload: dict[str, Any], envelope: Mapping[str, Any]) -> BoltResponse:
        headers: dict[str, str | Sequence[str]] = {
            "x-slack-retry-num": str(envelope.get("retry_attempt") or 0),
            "x-slack-retry-reason": str(envelope.get("retry_reason") or ""),
        }
        try:
            return await self._dispatch(payload, headers) or BoltResponse(status=400)
        except Exception as error:  # one payload must not take the connection with it
            log.error("socket payload failed", exc_info=error)
            return BoltResponse(status=500)


def _object(text: str) -> Mapping[str, Any]:
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return message if isinstance(message, dict) else {}


def _answer_in(response: BoltResponse) -> Any:
    """What the listener answered with, as a socket carries it."""
    body = response.body or ""
    if not body:
        return None
    try:
        return json.loads(body)
    except ValueError:
        return {"text": body}


def _why(failed: BaseException) -> str:
    # Never the error's text: it may hold the address, and that is a ticket.
    return code_of(failed) if isinstance(failed, SlackApiError) else type(failed).__name__


def _pause(failures: int) -> float:
    longest = min(FIRST_PAUSE * 2.0 ** min(failures, 10), LONGEST_PAUSE)
    return longest * random.uniform(0.5, 1)  # noqa: S311 - nothing secret
