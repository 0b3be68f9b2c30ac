"""Where a client's access token comes from, and how it is renewed by one caller at a time.

Refresh tokens rotate: using one spends it, and using it twice ends the connection (facts §2.2). So renewing
is single flight, across coroutines by a shared task and across processes by a lease that the vault keeps.
The token request is made outside of any transaction; losers of the race read what the winner saved.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Protocol

import httpx

from ironclad.auth import Grant, Tokens, is_token, request_tokens
from ironclad.errors import NotSent, RateLimited, Unavailable
from ironclad.transport import Timeouts, Wire

LEASE = 20.0  # seconds after which a renewal that was never finished may be taken over
PATIENCE = 0.75  # share of the lease that a renewal may take: with all of it two would spend one token
POLL = 0.1  # seconds between two looks at whether the winner has saved
PAUSE = timedelta(seconds=30)  # between attempts to renew early, while the old token still works


class TokenSource(Protocol):
    """Hands out access tokens."""

    async def token(self, *, rejected: str | None = None) -> str:
        """A token to use now. `rejected` is one that just got a 401 and must be replaced."""
        ...


@dataclass(frozen=True)
class Held:
    """What a vault holds: `version` changes with every save."""

    version: int
    tokens: Tokens | None


class TokenVault(Protocol):
    """Keeps one connection's tokens, for all processes that use it."""

    async def load(self) -> Held:
        """The tokens as they are now."""
        ...

    async def claim(self, version: int, seconds: float) -> bool:
        """Take the lease to renew `version`: True for one caller, until it saves, releases or time is up.

        False also when the version has moved on.
        """
        ...

    async def save(self, version: int, tokens: Tokens) -> bool:
        """Replace the tokens of `version` and end the lease; False when the version has moved on."""
        ...

    async def release(self, version: int) -> None:
        """End the lease without new tokens."""
        ...


class StaticToken:
    """A token that somebody else looks after."""

    def __init__(self, token: str) -> None:
        """Raises ValueError for a text that no header can carry."""
        if not is_token(token):
            raise ValueError("this is no access token")
        self._token = token

    async def token(self, *, rejected: str | None = None) -> str:
        """Always the same token, so a 401 is final."""
        return self._token


class MemoryVault:
    """A vault for one process that remembers nothing after it."""

    def __init__(self, tokens: Tokens | None = None) -> None:
        self._held = Held(0, tokens)
        self._lease_ends = 0.0

    async def load(self) -> Held:
        """The tokens as they are now."""
        return self._held

    async def claim(self, version: int, seconds: float) -> bool:
        """Take the lease."""
        if version != self._held.version or monotonic() < self._lease_ends:
            return False
        self._lease_ends = monotonic() + seconds
        return True

    async def save(self, version: int, tokens: Tokens) -> bool:
        """Replace the tokens and end the lease."""
        if version != self._held.version:
            return False
        self._held, self._lease_ends = Held(version + 1, tokens), 0.0
        return True

    async def release(self, version: int) -> None:
        """End the lease."""
        if version == self._held.version:
            self._lease_ends = 0.0


def _utc_now() -> datetime:
    return datetime.now(UTC)


class RefreshingTokens:
    """A connection's tokens, renewed before they expire or when Ironclad rejects them.

    They are renewed once less than `early` of the time is left that they had when first seen here. `now`
    gives moments with a time zone. `lease` is in seconds; a renewal is given up before it ends.

    `token` raises `BadCredentials` when Ironclad no longer accepts the grant; `NotSent`, `RateLimited` or
    `Unavailable` when the token endpoint could not be asked and the old token is of no use. Nothing of what
    the caller wanted to send has been sent then.
    """

    def __init__(
        self,
        grant: Grant,
        vault: TokenVault,
        http: httpx.AsyncClient,
        base_url: str,
        now: Callable[[], datetime] = _utc_now,
        early: float = 0.2,
        lease: float = LEASE,
    ) -> None:
        self._grant = grant
        self._vault = vault
        self._wire = Wire(http, base_url, Timeouts())
        self._now = now
        self._early = early
        self._lease = lease
        self._known: Tokens | None = None
        self._renew_at = datetime.max.replace(tzinfo=UTC)
        self._renewal: asyncio.Task[str] | None = None

    def __repr__(self) -> str:
        return f"RefreshingTokens({self._grant!r}, base_url={self._wire.base_url!r})"

    async def token(self, *, rejected: str | None = None) -> str:
        """A token that is good now and is not the `rejected` one, unless Ironclad hands that out again."""
        if self._known and self._known.access_token == rejected:
            self._known = None  # nobody else may be given it either
        if self._known and self._is_fresh(self._known, rejected):
            return self._known.access_token
        joining = self._renewal is not None and not self._renewal.done()
        token = await self._renewed(rejected)
        if joining and token == rejected:
            token = await self._renewed(rejected)  # that renewal was content with what this caller is not
        return token

    async def _renewed(self, rejected: str | None) -> str:
        if self._renewal is None or self._renewal.done():
            self._renewal = asyncio.create_task(self._renew(rejected))
        # A caller who gives up must not tear down a renewal under way: its refresh token is spent already.
        return await asyncio.shield(self._renewal)

    async def _renew(self, rejected: str | None) -> str:
        deadline = monotonic() + 2 * self._lease
        while monotonic() < deadline:
            held = await self._vault.load()
            self._note(held.tokens)
            if held.tokens and self._is_fresh(held.tokens, rejected):
                return held.tokens.access_token
            if await self._vault.claim(held.version, self._lease):
                token = await self._renew_claimed(held, rejected)
                if token is not None:
                    return token
            elif held.tokens and self._is_usable(held.tokens, rejected):
                return held.tokens.access_token
            await asyncio.sleep(POLL)
        raise Unavailable("the token is being renewed elsewhere and that does not end")

    async def _renew_claimed(self, held: Held, rejected: str | None) -> str | None:
        """Renew under the lease; None when somebody else saved meanwhile."""
        try:
            tokens = await self._request(held.tokens)
            saved = await self._vault.save(held.version, tokens)
        except (NotSent, RateLimited, Unavailable):
            await self._vault.release(held.version)
            if held.tokens is None or not self._is_usable(held.tokens, rejected):
                raise
            self._renew_at = self._now() + PAUSE
            return held.tokens.access_token
        except BaseException:
            await self._vault.release(held.version)
            raise
        if not saved:
            return None
        self._note(tokens)
        return tokens.access_token

    async def _request(self, held: Tokens | None) -> Tokens:
        fields = self._grant.renewal(held)
        try:
            async with asyncio.timeout(self._lease * PATIENCE):
                return await request_tokens(self._wire, fields, asked_at=self._now(), held=held)
        except TimeoutError:
            raise Unavailable("the token endpoint takes too long") from None

    def _note(self, tokens: Tokens | None) -> None:
        """Remember tokens; the time they have left is measured when they are first seen."""
        if tokens and (self._known is None or self._known.access_token != tokens.access_token):
            self._renew_at = tokens.expires_at - (tokens.expires_at - self._now()) * self._early
        self._known = tokens

    def _is_fresh(self, tokens: Tokens, rejected: str | None) -> bool:
        return self._is_usable(tokens, rejected) and self._now() < self._renew_at

    def _is_usable(self, tokens: Tokens, rejected: str | None) -> bool:
        return tokens.access_token != rejected and self._now() < tokens.expires_at
