"""The sandbox listens on this machine only, and finds its way around taken ports."""

import socket

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from tests.sandbox.serving import LOOPBACK, NotLoopbackError, free_port, loopback, serving


@pytest.mark.parametrize(
    "address", ["0.0.0.0", "::", "192.168.1.7", "example.com", "", "127.0.0.1.example.com"]
)
def test_an_address_others_could_reach_is_refused(address: str) -> None:
    with pytest.raises(NotLoopbackError, match="loopback"):
        loopback(address)


@pytest.mark.parametrize("address", ["127.0.0.1", "127.0.0.2", "::1"])
def test_an_address_of_this_machine_alone_is_taken(address: str) -> None:
    assert loopback(address) == address


def test_a_taken_port_is_passed_over() -> None:
    with socket.create_server((LOOPBACK, free_port(8700))) as taken:
        port = taken.getsockname()[1]
        assert free_port(port) > port


async def test_serving_answers_while_the_block_runs_and_not_after() -> None:
    async def hello(_: Request) -> PlainTextResponse:
        return PlainTextResponse("hello")

    async with httpx.AsyncClient(trust_env=False) as http:
        async with serving(Starlette(routes=[Route("/", hello)]), free_port(8700)) as url:
            assert (await http.get(url)).text == "hello"
        with pytest.raises(httpx.ConnectError):
            await http.get(url)


async def test_serving_refuses_another_address_before_it_listens() -> None:
    with pytest.raises(NotLoopbackError):
        async with serving(Starlette(), free_port(8700), host="0.0.0.0"):
            pass
