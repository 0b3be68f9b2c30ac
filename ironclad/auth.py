"""Getting tokens: the two OAuth grants, the consent page's address, the exchange of a code.

https://developer.ironcladapp.com/docs/authentication-api, OpenAPI `/oauth/authorize` and `/oauth/token`
(facts §2). Ironclad knows no PKCE; the client's secret travels in the JSON body of the token request.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TypeAlias
from urllib.parse import quote, urlencode

import httpx

from ironclad.errors import BadCredentials
from ironclad.models import JSON
from ironclad.protocol import TOKEN_PATH, Call, decipher
from ironclad.reading import Unreadable, in_json
from ironclad.transport import Timeouts, Wire, answer_of

_DEFAULT_LIFETIME = 3600  # the OpenAPI file's example, for an answer that does not say (facts §2.2)


@dataclass(frozen=True)
class Tokens:
    """An access token and, from the authorization code grant, the refresh token that renews it once.

    `scope` is what was granted, space-separated; empty where Ironclad did not say.
    """

    access_token: str = field(repr=False)
    refresh_token: str | None = field(repr=False)
    expires_at: datetime
    scope: str = ""


@dataclass(frozen=True)
class ClientCredentials:
    """The app acts on its own; every call then names an acting user. `scopes` empty: all registered ones."""

    client_id: str
    client_secret: str = field(repr=False)
    scopes: Sequence[str] = ()

    def renewal(self, held: Tokens | None) -> dict[str, str]:
        """The token request: simply ask again, there is no refresh token."""
        wanted = {"scope": " ".join(self.scopes)} if self.scopes else {}
        return {
            "grant_type": "client_credentials",
            "client_id": self.client_id,
            "client_secret": self.client_secret,
            **wanted,
        }


@dataclass(frozen=True)
class AuthorizationCode:
    """A person has consented on Ironclad's page; calls are made as that person."""

    client_id: str
    client_secret: str = field(repr=False)
    redirect_uri: str

    def renewal(self, held: Tokens | None) -> dict[str, str]:
        """The token request that spends the refresh token. Raises `BadCredentials` without one."""
        if held is None or held.refresh_token is None:
            raise BadCredentials("nobody has given consent yet", code="invalid_grant")
        return {
            "grant_type": "refresh_token",
            "refresh_token": held.refresh_token,
            "client_id": self.client_id,
            "client_secret": self.client_secret,
        }


Grant: TypeAlias = ClientCredentials | AuthorizationCode


def authorize_url(
    base_url: str, *, client_id: str, redirect_uri: str, state: str, scopes: Sequence[str] = ()
) -> str:
    """Where to send a person for consent. They come back to `redirect_uri` with `code` and this `state`.

    `redirect_uri` must be registered to the letter. Without `scopes` Ironclad asks for all registered ones.
    """
    query = {"response_type": "code", "client_id": client_id, "redirect_uri": redirect_uri, "state": state}
    if scopes:
        query["scope"] = " ".join(scopes)
    return f"{base_url.rstrip('/')}/oauth/authorize?{urlencode(query, quote_via=quote)}"


async def exchange_code(
    code: str,
    *,
    grant: AuthorizationCode,
    http: httpx.AsyncClient,
    base_url: str,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Tokens:
    """The tokens for the code that a person came back with; a code works once.

    Raises `BadCredentials`, `NotSent`, `RateLimited` or `Unavailable`. After the last, the code may be spent:
    the person has to start over.
    """
    fields = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": grant.redirect_uri,
        "client_id": grant.client_id,
        "client_secret": grant.client_secret,
    }
    return await request_tokens(Wire(http, base_url, Timeouts()), fields, asked_at=now(), held=None)


async def request_tokens(
    wire: Wire, fields: Mapping[str, str], *, asked_at: datetime, held: Tokens | None
) -> Tokens:
    """Make one token request. `held` are the tokens that it renews. Raises as `exchange_code` does."""
    call = Call("POST", TOKEN_PATH, in_json(_reader(asked_at, held, fields)), body=dict(fields))
    hide = [fields[name] for name in ("client_secret", "refresh_token", "code") if name in fields]
    async with AsyncExitStack() as stack:
        response = await stack.enter_async_context(wire.stream(call, {}))
        return decipher(call, await answer_of(call, response, hide))


def _reader(asked_at: datetime, held: Tokens | None, fields: Mapping[str, str]) -> Callable[[JSON], Tokens]:
    """How the token endpoint's answer reads: what it leaves out stays as it was (RFC 6749 §5.1, §6)."""

    def read(answer: JSON) -> Tokens:
        entry = answer if isinstance(answer, dict) else {}
        access, refresh, scope = (entry.get(k) for k in ("access_token", "refresh_token", "scope"))
        spent = held.refresh_token if held else None
        if not is_token(access):
            raise Unreadable("the answer holds no access token")
        return Tokens(
            access_token=str(access),
            refresh_token=refresh if isinstance(refresh, str) and refresh else spent,
            expires_at=asked_at + timedelta(seconds=_lifetime(entry.get("expires_in"))),
            scope=scope if isinstance(scope, str) else (held.scope if held else fields.get("scope", "")),
        )

    return read


def is_token(text: object) -> bool:
    """Whether this can stand in an `Authorization` header."""
    return isinstance(text, str) and re.fullmatch(r"[\x21-\x7e]+", text) is not None


def _lifetime(seconds: JSON) -> float:
    """The seconds until expiry, within what a calendar can hold."""
    usable = isinstance(seconds, (int, float)) and 0 < seconds < 10**9
    return float(seconds) if usable and isinstance(seconds, (int, float)) else float(_DEFAULT_LIFETIME)
