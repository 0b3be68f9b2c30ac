"""The rim: one call over httpx, its failures sorted by whether Ironclad can have seen it.

No exception of httpx leaves this module.
"""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Collection, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

import httpx

from ironclad.errors import IroncladError, NotSent
from ironclad.protocol import Answer, Call, no_usable_answer
from ironclad.uploads import Multipart

T = TypeVar("T")
Http: TypeAlias = httpx.AsyncClient  #: the session that callers hold and close

HTTPX_ERRORS = (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, httpx.CookieConflict)
# By definition these come before the first byte of a request is written; after any other, nobody knows.
UNSENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
    httpx.InvalidURL,
)
_SHORTEST_SECRET = 8  # hiding shorter ones would blank out ordinary words


def open_http() -> httpx.AsyncClient:
    """A session to give to `Ironclad`, for `async with`: one pool of connections for everything."""
    return httpx.AsyncClient(follow_redirects=False)


async def reach(http: httpx.AsyncClient, base_url: str, *, seconds: float = 10.0) -> None:
    """Whether anything answers at an Ironclad host, however it answers. Raises `NotSent` when nothing does.

    No credentials are sent; Ironclad answers 401 to any path then (facts §2.4).
    """
    try:
        await http.get(f"{base_url.rstrip('/')}/public/api/v1/workflow-schemas", timeout=seconds)
    except HTTPX_ERRORS as error:
        raise NotSent(f"{base_url} does not answer ({type(error).__name__})") from None


@dataclass(frozen=True)
class Timeouts:
    """Seconds to wait: for a free connection and for a new one, then for each step of a call's answer.

    Ironclad documents none. A launch takes about 2 s, with files many more (facts §5.1, §9).
    """

    connect: float = 5.0
    read: float = 20.0
    write: float = 60.0

    def of(self, call: Call[T]) -> httpx.Timeout:
        """What applies to a call."""
        answer = self.write if call.writes else self.read
        # Whoever waits long for a free connection may send what has been given up elsewhere meanwhile.
        return httpx.Timeout(answer, connect=self.connect, pool=self.connect)


class Wire:
    """One Ironclad host, over a client session that the caller owns and closes."""

    def __init__(self, http: httpx.AsyncClient, base_url: str, timeouts: Timeouts) -> None:
        self._http = http
        self._timeouts = timeouts
        self.base_url = base_url.rstrip("/")

    @asynccontextmanager
    async def stream(self, call: Call[T], headers: Mapping[str, bytes]) -> AsyncIterator[httpx.Response]:
        """Make the call; the answer's body is still to be read. Raises what `sort` says."""
        with sorting(call):
            # A redirect would send a call that writes a second time, or a token to another host.
            response = await self._http.send(
                self._request(call, headers), stream=True, auth=None, follow_redirects=False
            )
        try:
            yield response
        finally:
            with sorting(call):
                await response.aclose()

    def _request(self, call: Call[T], headers: Mapping[str, bytes]) -> httpx.Request:
        framed = {name.encode("ascii"): value for name, value in headers.items()}
        content: bytes | Multipart | None = call.content
        if isinstance(content, bytes):
            framed[b"Content-Type"] = b"application/json"
            if call.files:
                content = Multipart(content, call.files, boundary=secrets.token_hex(16))
                framed[b"Content-Type"] = content.content_type.encode("ascii")
                if content.length is not None:
                    framed[b"Content-Length"] = str(content.length).encode("ascii")
        return self._http.build_request(
            call.method,
            self.base_url + call.target,
            headers=framed,
            content=content,
            timeout=self._timeouts.of(call),
        )


async def answer_of(call: Call[T], response: httpx.Response, hide: Collection[str] = ()) -> Answer:
    """The whole answer. A refusal that quotes one of the secrets in `hide` does so no longer."""
    with sorting(call):
        body = await response.aread()
    if not response.is_success:
        for secret in hide:
            if len(secret) >= _SHORTEST_SECRET:
                body = body.replace(secret.encode(), b"[hidden]")
    return Answer(response.status_code, {name.lower(): text for name, text in response.headers.items()}, body)


async def chunks_of(call: Call[T], response: httpx.Response) -> AsyncIterator[bytes]:
    """The body piece by piece."""
    with sorting(call):
        async for chunk in response.aiter_bytes():
            yield chunk


@contextmanager
def sorting(call: Call[T]) -> Iterator[None]:
    """Turn what httpx raises inside into the error that says what became of the call."""
    try:
        yield
    except HTTPX_ERRORS as error:
        # Not chained: httpx may quote the headers that it could not write.
        raise sort(call, error) from None


def sort(call: Call[T], error: Exception) -> IroncladError:
    """What a failure of httpx means for the call."""
    kind = type(error).__name__
    if isinstance(error, UNSENT):
        return NotSent(f"no connection to Ironclad: {kind}: {error}".rstrip(": "))
    return no_usable_answer(call, f"Ironclad's answer did not arrive: {kind}")
