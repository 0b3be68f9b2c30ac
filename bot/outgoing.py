"""Messages to addresses that people typed in: the one place where somebody else decides where we connect to.

See docs/decisions on the webhook: https only, no redirects, and nothing inside our own network, judged by the
address that is really connected to.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Mapping

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from bot.usecases.ports import NotDelivered

SECONDS = 10
_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class PrivateAddressError(OSError):
    """The name stands for an address inside our own network."""


def is_public(address: Address) -> bool:
    """Whether an address is on the internet, also when an IPv4 address is wrapped into an IPv6 one."""
    if isinstance(address, ipaddress.IPv6Address):
        wrapped = address.ipv4_mapped or address.sixtofour
        if wrapped is None and address.teredo:
            wrapped = address.teredo[1]
        if wrapped is None and address in _NAT64:
            wrapped = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if wrapped is not None:
            return is_public(wrapped)
    return address.is_global and not address.is_multicast


class PublicOnly(AbstractResolver):
    """Resolves names, and refuses those that stand for a private address: also when asked a second time."""

    def __init__(self, resolver: AbstractResolver | None = None) -> None:
        self._resolver = resolver or aiohttp.ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The addresses of a name. Raises OSError."""
        found = await self._resolver.resolve(host, port, family)
        if not all(is_public(ipaddress.ip_address(one["host"].partition("%")[0])) for one in found):
            raise PrivateAddressError
        return found

    async def close(self) -> None:
        """Close what resolves."""
        await self._resolver.close()


def open_session(*, private: bool) -> aiohttp.ClientSession:
    """A session of its own: its connections are not shared with calls whose addresses we chose."""
    resolver = None if private else PublicOnly()
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(resolver=resolver, use_dns_cache=False, limit=32, force_close=True),
        timeout=aiohttp.ClientTimeout(total=SECONDS),
        cookie_jar=aiohttp.DummyCookieJar(),
    )


class WebOutgoing:
    """Posts messages; see `bot.usecases.ports.Outgoing`. `private` allows addresses of our own network."""

    def __init__(self, session: aiohttp.ClientSession, *, private: bool) -> None:
        self._session = session
        self._private = private

    def problem_of(self, url: str) -> str | None:
        """Why nothing is sent to this address; None when something may be."""
        # Read by the library that will connect: another one might see another host in the same text.
        try:
            parts, host = URL(url), URL(url).host or ""
        except ValueError:
            return "This is not an address."
        if not host or any(mark.isspace() for mark in url) or not url.isprintable():
            return "This is not an address."
        if parts.user is not None or parts.password is not None:
            return "The address holds a name or password, which others could read."
        if parts.scheme != "https" and not (self._private and parts.scheme == "http" and host in _LOOPBACK):
            return "The address does not begin with https://."
        return None if self._private else _problem_of_host(host)

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> None:
        """See `bot.usecases.ports.Outgoing`."""
        problem = self.problem_of(url)
        if problem:
            raise NotDelivered(problem)
        sent = {**headers, "Content-Type": "application/json", "User-Agent": "Slipway"}
        try:
            async with self._session.post(url, data=body, headers=sent, allow_redirects=False) as answer:
                status = answer.status
        except TimeoutError as late:
            raise NotDelivered(f"It did not answer within {SECONDS} seconds.") from late
        except (aiohttp.ClientError, OSError, ValueError, asyncio.IncompleteReadError) as broken:
            raise NotDelivered(_why(broken)) from broken
        if not 200 <= status < 300:
            more = " Redirects are not followed." if 300 <= status < 400 else ""
            raise NotDelivered(f"It answered with status {status}.{more}", status)


def _problem_of_host(host: str) -> str | None:
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        named_private = host in _LOOPBACK or host.rstrip(".").endswith((".localhost", ".local", ".internal"))
        return "The address is inside a private network." if named_private else None
    return None if is_public(address) else "The address is inside a private network."


def _why(broken: BaseException) -> str:
    """A reason without details: what a probe of our network could learn from them is nobody's business."""
    chain: BaseException | None = broken
    while chain is not None:
        if isinstance(chain, PrivateAddressError):
            return "The address is inside a private network."
        chain = getattr(chain, "os_error", None) or chain.__cause__
    if isinstance(broken, (aiohttp.ClientSSLError, aiohttp.ClientConnectorCertificateError)):
        return "Its certificate is not valid."
    return "It cannot be reached."
