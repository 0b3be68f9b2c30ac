"""The far end of the wire, in memory: an Ironclad that says what it is told to, and one that keeps tokens."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from ironclad import Ironclad, StaticToken, TokenSource

HOST = "https://ironclad.test"
TOKEN = "token-of-the-first-hour"

Reply = httpx.Response | Exception | Callable[[httpx.Request], httpx.Response]


@dataclass
class Scripted:
    """Answers with one reply after the other, and keeps the requests with their bodies."""

    replies: list[Reply]
    requests: list[httpx.Request] = field(default_factory=list)

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        reply = self.replies.pop(0)
        if isinstance(reply, Exception):
            raise reply
        return reply if isinstance(reply, httpx.Response) else reply(request)

    @property
    def sent(self) -> list[Any]:
        """The JSON bodies of the requests."""
        return [json.loads(request.content) for request in self.requests]


@dataclass
class Sleeper:
    """Sleeps no time, and remembers for how long it should have."""

    slept: list[float] = field(default_factory=list)

    async def __call__(self, seconds: float) -> None:
        self.slept.append(seconds)


def scripted(*replies: Reply) -> Scripted:
    return Scripted(list(replies))


def ironclad(
    far_end: Callable[[httpx.Request], Any],
    *,
    tokens: TokenSource | None = None,
    acting_user: str | None = "dana.ruiz@example.com",
    read_attempts: int = 3,
    sleep: Sleeper | None = None,
) -> Ironclad:
    """A client whose network is `far_end`."""
    return Ironclad(
        http=session(far_end),
        base_url=HOST,
        tokens=tokens or StaticToken(TOKEN),
        acting_user=acting_user,
        read_attempts=read_attempts,
        sleep=sleep or Sleeper(),
    )


def session(far_end: Callable[[httpx.Request], Any]) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.MockTransport(far_end))


def workflow(number: int = 1, **facts: Any) -> dict[str, Any]:
    """A workflow as Ironclad writes it (facts §5.1)."""
    return {
        "id": f"6a0c11d2e4b0f7a915c3{number:04d}",
        "title": "Mutual NDA with Lanternfish Ltd",
        "template": "6a0c11d2e4b0f7a915c3bb02",
        "step": "Review",
        "attributes": {"counterpartyName": "Lanternfish Ltd", "readableId": f"IC-{number}"},
        "status": "active",
        "creator": {"id": "6a0c11d2e4b0f7a915c3dd04", "email": "dana.ruiz@example.com"},
        "created": "2026-10-01T09:12:25.629Z",
        "lastUpdated": "2026-10-01T09:12:25.636Z",
        "ironcladId": f"IC-{number}",
        **facts,
    }


@dataclass
class Clock:
    """Stands still until it is told otherwise."""

    moment: datetime = datetime(2026, 10, 1, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def advance(self, **time: float) -> None:
        self.moment += timedelta(**time)


@dataclass
class RotatingIronclad:
    """Issues tokens as Ironclad does: a refresh token works once, a second use ends everything (facts §2.2).

    Any other path answers 200 to the newest access tokens, 401 to the rest.
    """

    clock: Clock
    lifetime: int = 3600
    delay: float = 0.01
    spent: list[str] = field(default_factory=list)
    refresh: str = "refresh-0"
    access: str = ""
    issued: int = 0
    revoked: bool = False
    valid_until: datetime = datetime(2026, 1, 1, tzinfo=UTC)

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        answer = self._answer(request)
        await asyncio.sleep(self.delay)  # what is done is done before the answer arrives
        return answer

    def _answer(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/oauth/token":
            return self._exchange(json.loads(request.content))
        good = request.headers["Authorization"] == f"Bearer {self.access}" and self.clock() < self.valid_until
        if self.revoked or not good:
            return httpx.Response(401, json={"code": "UNAUTHORIZED", "message": "token has expired"})
        return httpx.Response(200, json={"companyId": "c1", "companyDisplayName": "Harbor Oak"})

    def revoke_access(self) -> None:
        """The access token ends early; the refresh token still works."""
        self.access = ""

    def _exchange(self, asked: dict[str, str]) -> httpx.Response:
        if asked.get("client_secret") != "the-client-secret":
            return refusal(403, "unauthorized_client")
        if asked["grant_type"] == "refresh_token":
            if asked["refresh_token"] in self.spent:
                self.revoked = True
            if self.revoked or asked["refresh_token"] != self.refresh:
                return refusal(403, "invalid_grant")
            self.spent.append(self.refresh)
        self.issued += 1
        self.access, self.refresh = f"access-{self.issued}", f"refresh-{self.issued}"
        self.valid_until = self.clock() + timedelta(seconds=self.lifetime)
        answer = {"token_type": "Bearer", "access_token": self.access, "expires_in": self.lifetime}
        if asked["grant_type"] == "refresh_token":
            answer["refresh_token"] = self.refresh
        return httpx.Response(200, json=answer)


def refusal(status: int, error: str) -> httpx.Response:
    """An error of the token endpoint."""
    return httpx.Response(status, json={"error": error, "error_description": error.replace("_", " ")})
