"""httpx's failures, each sorted by whether Ironclad can have seen the call."""

from __future__ import annotations

import inspect
import traceback
from typing import Any

import httpx
import pytest

from ironclad import NotSent, OutcomeUnknown, Unavailable, calls
from ironclad.protocol import Call
from ironclad.transport import HTTPX_ERRORS, UNSENT, Timeouts, sorting
from tests.unit.ironclad.fakes import ironclad, scripted

READ: Call[Any] = calls.list_templates()
WRITE: Call[Any] = calls.launch("t1", {}, files=(), use_default_values=False)
REQUEST = httpx.Request("GET", "https://ironclad.test/")

NEVER_SENT = {"ConnectError", "ConnectTimeout", "PoolTimeout", "UnsupportedProtocol", "InvalidURL"}
MAYBE_SENT = {
    "CloseError",
    "CookieConflict",
    "DecodingError",
    "HTTPError",
    "HTTPStatusError",
    "LocalProtocolError",
    "NetworkError",
    "ProtocolError",
    "ProxyError",
    "ReadError",
    "ReadTimeout",
    "RemoteProtocolError",
    "RequestError",
    "RequestNotRead",
    "ResponseNotRead",
    "StreamClosed",
    "StreamConsumed",
    "StreamError",
    "TimeoutException",
    "TooManyRedirects",
    "TransportError",
    "WriteError",
    "WriteTimeout",
}


def every_httpx_error() -> dict[str, type[Exception]]:
    exported = {name: getattr(httpx, name) for name in httpx.__all__}
    return {
        name: kind for name, kind in exported.items() if inspect.isclass(kind) and issubclass(kind, Exception)
    }


def raised(kind: type[Exception]) -> Exception:
    if issubclass(kind, httpx.HTTPStatusError):
        return kind("text", request=REQUEST, response=httpx.Response(500))
    needs_nothing = len(inspect.signature(kind.__init__).parameters) == 1
    return kind() if needs_nothing else kind("text")


def test_every_error_of_httpx_has_its_place() -> None:
    """Fails when a new httpx brings an error that nobody has thought about."""
    assert set(every_httpx_error()) == NEVER_SENT | MAYBE_SENT
    assert {kind.__name__ for kind in UNSENT} == NEVER_SENT


@pytest.mark.parametrize("name", sorted(NEVER_SENT | MAYBE_SENT))
def test_what_a_failure_of_httpx_means(name: str) -> None:
    kind = every_httpx_error()[name]
    assert issubclass(kind, HTTPX_ERRORS)
    for call, unknown in ((READ, Unavailable), (WRITE, OutcomeUnknown)):
        expected = NotSent if name in NEVER_SENT else unknown
        with pytest.raises(expected) as caught, sorting(call):
            raise raised(kind)
        assert type(caught.value) is expected
        assert name in str(caught.value)


def test_other_errors_pass() -> None:
    with pytest.raises(KeyError), sorting(WRITE):
        raise KeyError


@pytest.mark.parametrize("secret", ["Bearer hush-hush"])
def test_what_httpx_quotes_is_not_repeated(secret: str) -> None:
    """h11 quotes the header that it could not write."""
    with pytest.raises(OutcomeUnknown) as caught, sorting(WRITE):
        raise httpx.LocalProtocolError(f"Illegal header value {secret!r}")
    assert secret not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize(
    ("call", "seconds"), [(READ, 20.0), (WRITE, 60.0), (calls.cancel("w1", "why"), 60.0)]
)
def test_how_long_is_waited(call: Call[Any], seconds: float) -> None:
    assert Timeouts().of(call) == httpx.Timeout(seconds, connect=5.0, pool=5.0)


async def test_a_redirect_is_not_followed() -> None:
    """It would send a launch a second time, or the token to another host."""
    far_end = scripted(httpx.Response(307, headers={"Location": "https://elsewhere.test/"}))
    with pytest.raises(OutcomeUnknown):
        await ironclad(far_end).launch("t1", {})
    assert len(far_end.requests) == 1
