"""Where messages may go: to the internet over https, never into our own network, never after a redirect."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp.abc import AbstractResolver, ResolveResult
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.outgoing import PublicOnly, WebOutgoing, is_public, open_session
from bot.usecases.ports import NotDelivered
from tests.sandbox.serving import free_port, serving


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.0.0.8", "192.168.1.1", "172.16.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"),
        *("224.0.0.1", "::1", "fe80::1", "fc00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::"),
        *("64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "ff02::1", "::"),
    ],
)
def test_these_are_ours(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "::ffff:93.184.216.34"])
def test_these_are_on_the_internet(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.fixture
async def outgoing() -> AsyncIterator[WebOutgoing]:
    async with open_session(private=False) as session:
        yield WebOutgoing(session, private=False)


@pytest.mark.parametrize(
    "url",
    [
        *("http://example.com/hook", "ftp://example.com", "https://", "hook", "", "https://exa mple.com"),
        *("https://user:pass@example.com/", "https://example.com\\@127.0.0.1/", "https://127.0.0.1/"),
        *("https://[::1]/", "https://10.1.2.3:8443/x", "https://localhost/", "https://api.internal/"),
        *("http://127.0.0.1/", "https://[::ffff:127.0.0.1]/", "https://example.com:99999/", "javascript:0"),
        "https://metadata.google.internal./",
    ],
)
async def test_nothing_is_sent_there(outgoing: WebOutgoing, url: str) -> None:
    assert outgoing.problem_of(url)
    with pytest.raises(NotDelivered):
        await outgoing.post(url, b"{}", {})


async def test_an_address_on_the_internet_may_be_told(outgoing: WebOutgoing) -> None:
    assert outgoing.problem_of("https://hooks.example.com:8443/slipway?tenant=7") is None


class Names(AbstractResolver):
    """Knows one name."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = addresses

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return [
            ResolveResult(hostname=host, host=one, port=port, family=family, proto=0, flags=0)
            for one in self.addresses
        ]

    async def close(self) -> None: ...


@pytest.mark.parametrize("addresses", [("127.0.0.1",), ("93.184.216.34", "10.0.0.1"), ("fe80::1%eth0",)])
async def test_a_name_that_stands_for_us_is_refused_when_connecting(addresses: tuple[str, ...]) -> None:
    connector = aiohttp.TCPConnector(resolver=PublicOnly(Names(*addresses)), use_dns_cache=False)
    async with aiohttp.ClientSession(connector=connector) as session:
        with pytest.raises(NotDelivered, match="inside a private network"):
            await WebOutgoing(session, private=False).post("https://hooks.example.com/", b"{}", {})


@pytest.fixture
async def receiver() -> AsyncIterator[tuple[str, list[Request]]]:
    """A system that wants to be told, on this machine."""
    seen: list[Request] = []

    async def take(request: Request) -> Response:
        await request.body()
        seen.append(request)
        if request.url.path == "/moved":
            return RedirectResponse("/hook", 307)
        return Response(status_code={"/gone": 410, "/broken": 500}.get(request.url.path, 204))

    port = free_port(23000)
    app = Starlette(routes=[Route("/{rest:path}", take, methods=["POST"])])
    async with serving(app, port):
        yield f"http://127.0.0.1:{port}", seen


async def test_what_was_answered_decides(receiver: tuple[str, list[Request]]) -> None:
    address, seen = receiver
    async with open_session(private=True) as session:
        outgoing = WebOutgoing(session, private=True)
        await outgoing.post(f"{address}/hook", b'{"a":1}', {"webhook-id": "msg_1"})
        for path, status, why in (
            ("/moved", 307, "Redirects are not followed"),
            ("/gone", 410, "status 410"),
            ("/broken", 500, "status 500"),
        ):
            with pytest.raises(NotDelivered, match=why) as lost:
                await outgoing.post(f"{address}{path}", b"{}", {})
            assert lost.value.status == status
        with pytest.raises(NotDelivered, match="cannot be reached"):
            await outgoing.post("http://127.0.0.1:1/", b"{}", {})

    assert [one.url.path for one in seen] == ["/hook", "/moved", "/gone", "/broken"]
    assert seen[0].headers["webhook-id"] == "msg_1"
    assert seen[0].headers["content-type"] == "application/json"
    assert "cookie" not in seen[0].headers
