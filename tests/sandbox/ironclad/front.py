"""The outermost layer: writes the log, names each answer, and lets requests meet their faults.

A dropped connection must not look like a 500. ASGI has no message for it, and a server answers 500 for an app
that returns or raises before it began to answer. So `drop` takes the connection itself: uvicorn's `send` is a
method of the object that owns the transport. Aborting that transport and waiting for the disconnect makes the
client see a closed connection whatever uvicorn's settings. Without such a transport `ConnectionDropped` is
raised, which `transport.py` turns into the error that httpx has for it.
"""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tests.sandbox.ironclad.errors import refusal
from tests.sandbox.ironclad.faults import Fault
from tests.sandbox.ironclad.identifiers import nano_id
from tests.sandbox.ironclad.traffic import LoggedRequest
from tests.sandbox.ironclad.world import IroncladWorld

_API = ("/public/", "/oauth/", "/scim/")
_VERSION = b"sandbox"


class ConnectionDropped(Exception):
    """The connection was closed without an answer; raised only where there is no connection to close."""


class Front:
    """Wraps the app of a world. Only the API is logged and disturbed, never `/sandbox/*` or the pages."""

    def __init__(self, app: ASGIApp, world: IroncladWorld) -> None:
        self._app = app
        self._world = world

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(_API):
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        body = await _whole_body(receive)
        entry = self._world.requests.add(scope, body, self._world.now())
        fault = self._world.faults.take(scope["method"], scope["path"])
        exchange = _Exchange(self._app, scope, _Replay(body, receive), send, entry)
        try:
            await (exchange.act() if fault is None else _meet(fault, exchange))
        finally:
            entry.seconds = time.perf_counter() - began


class _Replay:
    """`receive` for an app that comes after the body was read: the body once, then what the server says."""

    def __init__(self, body: bytes, receive: Receive) -> None:
        self._body: bytes | None = body
        self._receive = receive

    async def __call__(self) -> Message:
        if self._body is None:
            return await self._receive()
        body, self._body = self._body, None
        return {"type": "http.request", "body": body, "more_body": False}


class _Exchange:
    """One request and the ways to end it."""

    def __init__(
        self, app: ASGIApp, scope: Scope, receive: _Replay, send: Send, entry: LoggedRequest
    ) -> None:
        self._app = app
        self._scope = scope
        self._receive = receive
        self._send = send
        self.entry = entry

    async def act(self) -> None:
        """Carry it out and answer."""
        await self._app(self._scope, self._receive, self._answering)

    async def act_unheard(self) -> None:
        """Carry it out; the answer goes nowhere."""
        await self._app(self._scope, self._receive, _swallow)

    async def answer(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
        """Answer without carrying it out."""
        content = json.dumps(body).encode()
        said = {"content-type": "application/json", "content-length": str(len(content)), **(headers or {})}
        raw = [(name.encode(), value.encode()) for name, value in said.items()]
        await self._answering({"type": "http.response.start", "status": status, "headers": raw})
        await self._answering({"type": "http.response.body", "body": content})

    async def drop(self) -> None:
        """Close the connection without an answer."""
        transport = getattr(getattr(self._send, "__self__", None), "transport", None)
        if not isinstance(transport, asyncio.Transport):
            raise ConnectionDropped(self._scope["path"])
        transport.abort()
        await self.hang()

    async def hang(self) -> None:
        """Answer nothing until the client goes away."""
        while (await self._receive())["type"] != "http.disconnect":
            pass

    async def _answering(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.entry.status = message["status"]
            request_id = nano_id().encode()
            names = (
                (b"x-ironclad-requestid", request_id),
                (b"x-response-id", request_id),
                (b"x-version", _VERSION),
            )
            message = {**message, "headers": [*message.get("headers", []), *names]}
        await self._send(message)


async def _meet(fault: Fault, exchange: _Exchange) -> None:
    exchange.entry.fault = fault.kind
    await _COURSES[fault.kind](fault, exchange)


async def _refuse(fault: Fault, exchange: _Exchange) -> None:
    body = fault.body or refusal(fault.status, fault.code, "refused by a fault").body
    await exchange.answer(fault.status, body)


async def _too_many(fault: Fault, exchange: _Exchange) -> None:
    body = refusal(429, "TOO_MANY_REQUESTS", "Too Many Requests, please try again later").body
    await exchange.answer(429, body, {"retry-after": str(fault.retry_after)})


async def _broken(fault: Fault, exchange: _Exchange) -> None:
    await exchange.answer(500, refusal(500, "SERVER_ERROR", "internal server error").body)


async def _slow(fault: Fault, exchange: _Exchange) -> None:
    await asyncio.sleep(fault.seconds)
    await exchange.act()


async def _hang(fault: Fault, exchange: _Exchange) -> None:
    await exchange.hang()


async def _drop(fault: Fault, exchange: _Exchange) -> None:
    await exchange.drop()


def _after_acting(course: "_Course") -> "_Course":
    async def acts_first(fault: Fault, exchange: _Exchange) -> None:
        await exchange.act_unheard()
        await course(fault, exchange)

    return acts_first


_Course = Callable[[Fault, _Exchange], Awaitable[None]]
_COURSES: dict[str, _Course] = {
    "refuse": _refuse,
    "429": _too_many,
    "500": _broken,
    "slow": _slow,
    "hang": _hang,
    "drop_before": _drop,
    "act_then_drop": _after_acting(_drop),
    "act_then_hang": _after_acting(_hang),
    "act_then_500": _after_acting(_broken),
}


async def _swallow(message: Message) -> None:
    """The answer that nobody hears."""


async def _whole_body(receive: Receive) -> bytes:
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if message["type"] == "http.disconnect" or not message.get("more_body", False):
            return bytes(body)
