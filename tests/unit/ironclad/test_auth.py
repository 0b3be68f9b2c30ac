from __future__ import annotations

import json
import traceback
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from ironclad import (
    AuthorizationCode,
    BadCredentials,
    ClientCredentials,
    Ironclad,
    IroncladError,
    MemoryVault,
    NotSent,
    Reason,
    RefreshingTokens,
    StaticToken,
    Tokens,
    Unavailable,
    authorize_url,
    exchange_code,
)
from tests.unit.ironclad.fakes import HOST, Clock, Reply, Scripted, refusal, scripted, session

SECRET = "the-client-secret"
CLIENT = "0b7a3e52-1c1f-4c55-9d0e-6f1b8a2c7e10"
CALLBACK = "https://slipway.test/ironclad/callback"
GRANT = AuthorizationCode(CLIENT, SECRET, CALLBACK)
GRANTED = {
    "token_type": "Bearer",
    "access_token": "access-1",
    "refresh_token": "refresh-1",
    "expires_in": 21600,
    "scope": "public.workflows.readWorkflows",
}


async def exchange(*replies: Reply) -> Tokens:
    return await exchange_code(
        "the-code", grant=GRANT, http=session(scripted(*replies)), base_url=HOST, now=Clock()
    )


def test_the_consent_page() -> None:
    url = urlsplit(
        authorize_url(HOST + "/", client_id=CLIENT, redirect_uri=CALLBACK, state="s&1", scopes=("a.b", "c.d"))
    )
    assert url.geturl().startswith(f"{HOST}/oauth/authorize?")
    assert parse_qs(url.query) == {
        "response_type": ["code"],
        "client_id": [CLIENT],
        "redirect_uri": [CALLBACK],
        "state": ["s&1"],
        "scope": ["a.b c.d"],
    }
    assert "scope" not in authorize_url(HOST, client_id=CLIENT, redirect_uri=CALLBACK, state="s")


async def test_a_code_is_exchanged() -> None:
    far_end = scripted(httpx.Response(200, json=GRANTED))
    clock = Clock()
    tokens = await exchange_code("the-code", grant=GRANT, http=session(far_end), base_url=HOST, now=clock)
    assert tokens == Tokens(
        "access-1", "refresh-1", clock() + timedelta(hours=6), "public.workflows.readWorkflows"
    )
    assert str(far_end.requests[0].url) == f"{HOST}/oauth/token"
    assert far_end.sent == [
        {
            "grant_type": "authorization_code",
            "code": "the-code",
            "redirect_uri": CALLBACK,
            "client_id": CLIENT,
            "client_secret": SECRET,
        }
    ]


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (refusal(403, "invalid_grant"), BadCredentials),
        (httpx.ConnectError("no route"), NotSent),
        (httpx.ReadTimeout(""), Unavailable),
        (httpx.Response(500), Unavailable),
        (httpx.Response(200, json={}), Unavailable),
        (httpx.Response(200, json={"access_token": "two\nlines"}), Unavailable),
        (httpx.Response(200, json={"access_token": 7}), Unavailable),
        (httpx.Response(200, content=b"<html>"), Unavailable),
    ],
)
async def test_an_exchange_that_fails(reply: Reply, kind: type[IroncladError]) -> None:
    with pytest.raises(IroncladError) as caught:
        await exchange(reply)
    assert type(caught.value) is kind


@pytest.mark.parametrize("lifetime", [None, "soon", -1, 0, 10**30, True, [1]])
async def test_an_odd_lifetime_is_an_hour_at_most(lifetime: Any) -> None:
    tokens = await exchange(httpx.Response(200, json={**GRANTED, "expires_in": lifetime}))
    assert Clock()() < tokens.expires_at <= Clock()() + timedelta(hours=1)


async def credentials_request(grant: ClientCredentials) -> Any:
    far_end = scripted(httpx.Response(200, json=GRANTED))
    await RefreshingTokens(grant, MemoryVault(), session(far_end), HOST).token()
    return far_end.sent[0]


async def test_client_credentials_are_asked_for_in_the_body() -> None:
    asked = {"grant_type": "client_credentials", "client_id": CLIENT, "client_secret": SECRET}
    assert await credentials_request(ClientCredentials(CLIENT, SECRET)) == asked
    scopes = ("scim.users.readUsers", "public.workflows.readSchemas")
    assert await credentials_request(ClientCredentials(CLIENT, SECRET, scopes)) == {
        **asked,
        "scope": "scim.users.readUsers public.workflows.readSchemas",
    }


async def test_a_refresh_spends_the_refresh_token() -> None:
    far_end = scripted(httpx.Response(200, json={**GRANTED, "scope": None}))
    clock = Clock()
    vault = MemoryVault(Tokens("access-0", "refresh-0", clock(), "public.records.readRecords"))
    await RefreshingTokens(GRANT, vault, session(far_end), HOST, clock).token()
    assert far_end.sent == [
        {
            "grant_type": "refresh_token",
            "refresh_token": "refresh-0",
            "client_id": CLIENT,
            "client_secret": SECRET,
        }
    ]
    held = (await vault.load()).tokens
    assert held is not None
    assert (held.refresh_token, held.scope) == ("refresh-1", "public.records.readRecords")


async def test_without_rotation_the_refresh_token_is_kept() -> None:
    far_end = scripted(httpx.Response(200, json={"access_token": "access-1", "expires_in": 60}))
    vault = MemoryVault(Tokens("access-0", "refresh-0", Clock()(), ""))
    await RefreshingTokens(GRANT, vault, session(far_end), HOST).token()
    held = (await vault.load()).tokens
    assert held is not None
    assert held.refresh_token == "refresh-0"


async def test_without_consent_there_is_nothing_to_refresh() -> None:
    far_end = scripted()
    with pytest.raises(BadCredentials) as caught:
        await RefreshingTokens(GRANT, MemoryVault(), session(far_end), HOST).token()
    assert caught.value.reason is Reason.GRANT
    assert far_end.requests == []


# No secret leaves -----------------------------------------------------------------------------------

CODE = "code-secret"
SECRETS = (SECRET, "access-secret", "refresh-secret", CODE)


def everything(*things: object) -> str:
    return " ".join(f"{thing!r} {thing}" for thing in things)


def test_no_secret_is_in_a_repr() -> None:
    tokens = Tokens("access-secret", "refresh-secret", Clock()(), "")
    credentials = ClientCredentials(CLIENT, SECRET)
    http = session(scripted())
    source = RefreshingTokens(GRANT, MemoryVault(tokens), http, HOST)
    client = Ironclad(http=http, base_url=HOST, tokens=source)
    shown = everything(
        tokens, credentials, GRANT, source, client, MemoryVault(tokens), StaticToken("access-secret")
    )
    assert not [secret for secret in SECRETS if secret in shown]
    assert CLIENT in shown


def echo(request: httpx.Request) -> httpx.Response:
    """A server that says back whatever it was told."""
    body = json.loads(request.content)
    return httpx.Response(400, json={"error": "invalid_request", "error_description": f"got {body}"})


def unwritable(request: httpx.Request) -> httpx.Response:
    raise httpx.LocalProtocolError(f"cannot write {request.content!r}")


@pytest.mark.parametrize("reply", [echo, unwritable])
async def test_no_secret_is_in_an_error(reply: Reply) -> None:
    grant = AuthorizationCode(CLIENT, SECRET, CALLBACK)
    tokens = Tokens("access-secret", "refresh-secret", Clock()(), "")
    source = RefreshingTokens(grant, MemoryVault(tokens), session(scripted(reply)), HOST)
    http = session(scripted(reply, reply))
    with pytest.raises(IroncladError) as refreshing:
        await source.token()
    with pytest.raises(IroncladError) as exchanging:
        await exchange_code(CODE, grant=grant, http=http, base_url=HOST)
    for caught in (refreshing, exchanging):
        told = everything(caught.value) + "".join(traceback.format_exception(caught.value))
        assert not [secret for secret in SECRETS if secret in told]


async def test_no_secret_is_in_an_error_of_the_api() -> None:
    def echo_token(request: httpx.Request) -> httpx.Response:
        return httpx.Response(400, json={"code": "X", "message": request.headers["Authorization"]})

    client = Ironclad(
        http=session(Scripted([echo_token])),
        base_url=HOST,
        tokens=StaticToken("access-secret"),
        read_attempts=1,
    )
    with pytest.raises(IroncladError) as caught:
        await client.company()
    assert "access-secret" not in everything(caught.value)
    assert caught.value.message == "Bearer [hidden]"


@pytest.mark.parametrize("token", ["", "two words", "two\nlines", "tökén"])
def test_a_token_that_no_header_can_carry_is_refused_without_being_shown(token: str) -> None:
    with pytest.raises(ValueError, match="access token") as caught:
        StaticToken(token)
    assert not token or token not in str(caught.value)
