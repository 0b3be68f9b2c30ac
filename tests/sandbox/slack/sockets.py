"""Socket Mode (facts page A.9): tickets, connections, envelopes, and what becomes of those unacknowledged."""

import asyncio
import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from tests.sandbox.slack.errors import Json, SlackError
from tests.sandbox.slack.workspace import App
from tests.sandbox.slack.world import SlackWorld

MOST_CONNECTIONS = 10


@dataclass
class Line:
    """One open connection of an app."""

    app: App
    socket: WebSocket
    closing: bool = False


@dataclass
class Sent:
    """An envelope that is out, and the acknowledgement when it comes."""

    line: Line
    answered: "asyncio.Future[Json]"


class Sockets:
    """The connections of every app."""

    def __init__(self, world: SlackWorld) -> None:
        self._world = world
        self._tickets: dict[str, App] = {}
        self._lines: list[Line] = []
        self._out: dict[str, Sent] = {}
        self._turn = 0
        self.acknowledged: list[Json] = []

    def open(self, token: str | None) -> Json:
        """apps.connections.open: an address for one connection."""
        app = next((one for one in self._world.apps.values() if token and one.app_token == token), None)
        if app is None:
            raise SlackError("not_allowed_token_type" if str(token).startswith("xoxb") else "invalid_auth")
        ticket = secrets.token_hex(16)
        self._tickets[ticket] = app
        address = self._world.base_url.replace("http", "ws", 1)
        return {"url": f"{address}link/?ticket={ticket}&app_id={app.id}"}

    def lines(self, app: App) -> list[Line]:
        """The connections that payloads can go to."""
        return [one for one in self._lines if one.app is app and not one.closing]

    async def endpoint(self, socket: WebSocket) -> None:
        """A connection: `hello`, then envelopes out and acknowledgements in."""
        app = self._tickets.pop(socket.query_params.get("ticket", ""), None)
        if app is None or len(self.lines(app)) >= MOST_CONNECTIONS:
            await socket.close(4401)
            return
        await socket.accept()
        line = Line(app, socket)
        await socket.send_json(
            {
                "type": "hello",
                "num_connections": len(self.lines(app)) + 1,
                "connection_info": {"app_id": app.id},
                "debug_info": {"host": "sandbox", "approximate_connection_time": 3600},
            }
        )
        self._lines.append(line)
        self._world.changes.touch()
        try:
            while True:
                self._acknowledge(line, await socket.receive_json())
        except (WebSocketDisconnect, RuntimeError):
            pass
        finally:
            self._lines.remove(line)

    async def disconnect(self, app: App, reason: str, *, all_of_them: bool = False) -> None:
        """Tell connections that they end; those told get no more payloads."""
        for line in self.lines(app)[: None if all_of_them else 1]:
            line.closing = True
            await line.socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {}})

    async def cut(self, app: App) -> None:
        """Break every connection without a word."""
        for line in self.lines(app):
            line.closing = True
            await line.socket.close(1011)

    async def deliver(
        self, app: App, kind: str, payload: Any, *, seconds: float, retry: Mapping[str, Any]
    ) -> Any:
        """Send an envelope and wait for its acknowledgement; TimeoutError when there is none in time.

        Raises ConnectionError when no connection is open within that time.
        """
        deadline = time.monotonic() + seconds
        while not (lines := self.lines(app)):
            if time.monotonic() > deadline:
                raise ConnectionError("no connection")
            await asyncio.sleep(0.02)
        self._turn += 1
        line = lines[self._turn % len(lines)]
        envelope_id = secrets.token_hex(8)
        sent = self._out[envelope_id] = Sent(line, asyncio.get_running_loop().create_future())
        envelope = {
            "envelope_id": envelope_id,
            "type": kind,
            "payload": payload,
            "accepts_response_payload": kind != "events_api",
            **retry,
        }
        await line.socket.send_text(json.dumps(envelope))
        try:
            return await asyncio.wait_for(sent.answered, max(0.0, deadline - time.monotonic()))
        finally:
            del self._out[envelope_id]

    def _acknowledge(self, line: Line, told: Any) -> None:
        self._world.traffic.receive("acknowledgement", told)
        sent = self._out.get(str(told.get("envelope_id"))) if isinstance(told, dict) else None
        if sent is None or sent.answered.done():
            return
        if sent.line is not line:
            self._world.refuse("socket", SlackError("acknowledged_elsewhere"), told)
            return
        self.acknowledged.append(told)
        sent.answered.set_result(told)
