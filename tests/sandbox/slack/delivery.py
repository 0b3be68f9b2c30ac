"""Sends to the app what Slack sends: signed, in three seconds or not at all, events again when it failed."""

import asyncio
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

import httpx

from tests.sandbox.slack.errors import Json
from tests.sandbox.slack.sockets import Sockets
from tests.sandbox.slack.workspace import App, Installation
from tests.sandbox.slack.world import SlackWorld

_FORM = "application/x-www-form-urlencoded"
_LATE_SECONDS = 30.0


@dataclass(frozen=True)
class Ack:
    """How the app answered. `error` is None for a 2xx in time, else what Slack calls the failure."""

    status: int
    ms: float
    text: str = ""
    error: str | None = None
    wants_no_retry: bool = False

    def json(self) -> Any:
        """The decoded body, None when it is not JSON."""
        try:
            return json.loads(self.text)
        except ValueError:
            return None


def signature(signing_secret: str, timestamp: str, body: bytes) -> str:
    """`X-Slack-Signature` of a body (facts page A.6)."""
    base = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(signing_secret.encode(), base, hashlib.sha256).hexdigest()


class Delivery:
    """Posts to request URLs.

    Args:
        client: reaches the apps; one of its own is made when none is given.
    """

    def __init__(
        self, world: SlackWorld, client: httpx.AsyncClient | None = None, sockets: Sockets | None = None
    ) -> None:
        self._world = world
        self._client = client
        self._sockets = sockets or Sockets(world)

    async def command(self, app: App, fields: Mapping[str, str]) -> Ack:
        """Deliver a slash command."""
        return await self._once(app, urlencode(fields).encode(), _FORM)

    async def interaction(self, app: App, payload: Json) -> Ack:
        """Deliver an action, a submission, a shortcut, a close or a question for options."""
        return await self._once(app, urlencode({"payload": json.dumps(payload)}).encode(), _FORM)

    def event(self, installation: Installation, envelope: Json) -> None:
        """Deliver an event in the background, with up to three retries, if the app subscribed to it."""
        self._world.background(self._until_taken(installation.app, json.dumps(envelope).encode()))

    async def verify_url(self, app: App) -> bool:
        """The handshake of a new request URL: whether the app answers the challenge."""
        challenge = secrets.token_urlsafe(24)
        body = {"type": "url_verification", "token": app.verification_token, "challenge": challenge}
        ack = await self._once(app, json.dumps(body).encode(), "application/json")
        return ack.error is None and challenge in ack.text

    async def close(self) -> None:
        """Let go of the connections."""
        if self._client is not None:
            await self._client.aclose()

    async def _until_taken(self, app: App, body: bytes) -> None:
        retry: dict[str, str] = {}
        for number, delay in enumerate((0.0, *self._world.rules.retry_delays)):
            await asyncio.sleep(delay)
            ack = await self._once(app, body, "application/json", retry)
            if ack.error is None or ack.wants_no_retry:
                return
            retry = {"X-Slack-Retry-Num": str(number + 1), "X-Slack-Retry-Reason": _retry_reason(ack)}

    async def _once(self, app: App, body: bytes, kind: str, headers: Mapping[str, str] | None = None) -> Ack:
        if app.app_token is not None:
            return await self._by_socket(app, body, kind, headers or {})
        sending = self._world.background(self._send(app, body, kind, headers or {}))
        started = time.perf_counter()
        done, _ = await asyncio.wait({sending}, timeout=self._world.rules.ack_seconds)
        ms = (time.perf_counter() - started) * 1000
        if not done:
            # The app goes on working, as it would behind a connection that Slack has given up.
            return Ack(0, ms, error="operation_timeout")
        try:
            response = sending.result()
        except httpx.TransportError:
            return Ack(0, ms, error="dispatch_failed")
        return self._read(response, ms)

    async def _by_socket(self, app: App, body: bytes, kind: str, headers: Mapping[str, str]) -> Ack:
        """Socket Mode is on: the same payload in an envelope, and nothing to the request URL."""
        envelope, payload = _enveloped(body, kind)
        retry: Json = {}
        if headers:
            retry["retry_attempt"] = int(headers["X-Slack-Retry-Num"])
            retry["retry_reason"] = headers["X-Slack-Retry-Reason"]
        started = time.perf_counter()
        try:
            told = await self._sockets.deliver(
                app, envelope, payload, seconds=self._world.rules.ack_seconds, retry=retry
            )
        except TimeoutError:
            return Ack(0, (time.perf_counter() - started) * 1000, error="operation_timeout")
        except (ConnectionError, RuntimeError):
            return Ack(0, (time.perf_counter() - started) * 1000, error="dispatch_failed")
        answer = told.get("payload")
        text = json.dumps(answer) if answer else ""
        return Ack(200, (time.perf_counter() - started) * 1000, text)

    def _read(self, response: httpx.Response, ms: float) -> Ack:
        if response.text:
            self._world.traffic.receive("answer", response.text)
        failed = "http_service_error" if response.status_code >= 500 else "http_client_error"
        return Ack(
            status=response.status_code,
            ms=ms,
            text=response.text,
            error=None if response.is_success else failed,
            wants_no_retry=response.headers.get("x-slack-no-retry") == "1",
        )

    async def _send(self, app: App, body: bytes, kind: str, headers: Mapping[str, str]) -> httpx.Response:
        timestamp = str(
            int(time.time())
        )  # the app compares it with its own clock, whatever this world's clock says
        signed = {
            "Content-Type": kind,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature(app.signing_secret, timestamp, body),
            **headers,
        }
        return await self._reach().post(app.request_url, content=body, headers=signed)

    def _reach(self) -> httpx.AsyncClient:
        if self._client is None:
            self._client = httpx.AsyncClient(
                timeout=_LATE_SECONDS, trust_env=False, limits=httpx.Limits(max_connections=1000)
            )
        return self._client


def _enveloped(body: bytes, kind: str) -> tuple[str, Json]:
    """The type of envelope for a body as HTTP would carry it, and its payload."""
    if kind == "application/json":
        return "events_api", json.loads(body)
    fields = dict(parse_qsl(body.decode(), keep_blank_values=True))
    if "payload" in fields:
        return "interactive", json.loads(fields["payload"])
    return "slash_commands", dict(fields)


def _retry_reason(ack: Ack) -> str:
    reasons = {"operation_timeout": "http_timeout", "dispatch_failed": "connection_failed"}
    return reasons.get(ack.error or "", "http_error")
