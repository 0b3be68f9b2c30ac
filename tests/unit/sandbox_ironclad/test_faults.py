"""Misbehaviour on demand, in process and under a real uvicorn."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from typing import Literal

import httpx
import pytest
import uvicorn

from tests.sandbox.ironclad.faults import Fault, Faults
from tests.sandbox.ironclad.server import build
from tests.sandbox.ironclad.world import IroncladWorld
from tests.unit.sandbox_ironclad.conftest import API, PURCHASE, App

LAUNCH = f"{API}/workflows"


async def test_a_refusal_acts_once_and_does_nothing_else(
    app: App, world: IroncladWorld, purchase: str
) -> None:
    world.fault(path_prefix=LAUNCH, method="POST", kind="refuse", status=409, code="CONFLICT")
    refused = await app.launch(purchase, PURCHASE)
    assert (refused.status_code, refused.json()["code"], world.workflows) == (409, "CONFLICT", [])
    assert (await app.launch(purchase, PURCHASE)).status_code == 200


async def test_a_refusal_with_a_body_of_ones_own(app: App, world: IroncladWorld) -> None:
    world.fault(kind="refuse", status=502, body="bad gateway")
    answer = await app.get("workflows")
    assert (answer.status_code, answer.json()) == (502, "bad gateway")


async def test_429_and_500(app: App, world: IroncladWorld) -> None:
    world.fault(kind="429", retry_after=7)
    world.fault(kind="500", times=-1)
    first, *others = [await app.get("workflows") for _ in range(3)]
    assert (first.status_code, first.headers["retry-after"]) == (429, "7")
    assert [one.status_code for one in others] == [500, 500]
    world.faults.clear()
    assert (await app.get("workflows")).status_code == 200


async def test_slow_acts_afterwards(app: App, world: IroncladWorld) -> None:
    world.fault(kind="slow", seconds=0.05)
    assert (await app.get("workflows")).status_code == 200
    assert (world.requests.entries[-1].seconds or 0) >= 0.05


@pytest.mark.parametrize(("kind", "workflows"), [("hang", 0), ("act_then_hang", 1)])
async def test_hanging(app: App, world: IroncladWorld, purchase: str, kind: str, workflows: int) -> None:
    world.fault(path_prefix=LAUNCH, kind=kind)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(app.launch(purchase, PURCHASE), 0.1)
    assert len(world.workflows) == workflows


@pytest.mark.parametrize(("kind", "workflows"), [("drop_before", 0), ("act_then_drop", 1)])
async def test_dropping_in_process(
    app: App, world: IroncladWorld, purchase: str, kind: str, workflows: int
) -> None:
    world.fault(path_prefix=LAUNCH, method="POST", kind=kind)
    with pytest.raises(httpx.ReadError):
        await app.launch(purchase, PURCHASE)
    assert len(world.workflows) == workflows
    entry = world.requests.entries[-1]
    assert (entry.status, entry.fault) == (None, kind)


async def test_acting_and_saying_500(app: App, world: IroncladWorld, purchase: str) -> None:
    world.fault(path_prefix=LAUNCH, kind="act_then_500")
    answer = await app.launch(purchase, PURCHASE)
    assert (answer.status_code, answer.json()["code"], len(world.workflows)) == (500, "SERVER_ERROR", 1)


async def test_a_lost_token_is_spent_nevertheless(http: httpx.AsyncClient, world: IroncladWorld) -> None:
    world.fault(path_prefix="/oauth/token", kind="act_then_drop")
    with pytest.raises(httpx.ReadError):
        await App(http).connect()
    assert world.oauth.exchanges == {"client_credentials": 1}


def test_chances_repeat_with_the_seed() -> None:
    def met(seed: int) -> list[bool]:
        faults = Faults(seed)
        faults.add(Fault(kind="500", times=-1, probability=0.5))
        return [faults.take("GET", "/") is not None for _ in range(40)]

    assert met(1) == met(1) != met(2)
    assert 5 < sum(met(1)) < 35


def test_a_fault_knows_its_method_and_path() -> None:
    faults = Faults()
    faults.add(Fault(path_prefix=LAUNCH, method="POST", kind="500"))
    assert faults.take("GET", LAUNCH) is None
    assert faults.take("POST", f"{API}/workflow-schemas") is None
    assert faults.take("POST", f"{LAUNCH}/async") is not None
    assert faults.active == ()


@contextlib.asynccontextmanager
async def served(world: IroncladWorld, http: Literal["h11", "httptools"]) -> AsyncIterator[str]:
    """The world behind a real uvicorn; its address."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        config = uvicorn.Config(build(world), http=http, ws="none", log_config=None, lifespan="off")
        server = uvicorn.Server(config)
        task = asyncio.create_task(server.serve(sockets=[listening]))
        while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(0.01)
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            await task


@pytest.mark.parametrize("http", ["h11", "httptools"])
@pytest.mark.parametrize(("kind", "workflows"), [("drop_before", 0), ("act_then_drop", 1)])
async def test_dropping_on_a_real_connection(
    world: IroncladWorld, purchase: str, http: Literal["h11", "httptools"], kind: str, workflows: int
) -> None:
    async with served(world, http) as address, httpx.AsyncClient(base_url=address, trust_env=False) as client:
        app = App(client)
        await app.connect()
        world.fault(path_prefix=LAUNCH, method="POST", kind=kind)
        with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
            await app.launch(purchase, PURCHASE)
        assert len(world.workflows) == workflows
        assert (await app.launch(purchase, PURCHASE)).status_code == 200


@pytest.mark.parametrize("http", ["h11", "httptools"])
async def test_a_client_that_gave_up_frees_a_hanging_request(
    world: IroncladWorld, http: Literal["h11", "httptools"]
) -> None:
    async with served(world, http) as address, httpx.AsyncClient(base_url=address, trust_env=False) as client:
        app = App(client)
        await app.connect()
        world.fault(kind="hang")
        with pytest.raises(httpx.ReadTimeout):
            await app.call("GET", LAUNCH, timeout=0.2)
        async with asyncio.timeout(2):
            while world.requests.entries[-1].seconds is None:  # noqa: ASYNC110 - a log has no event
                await asyncio.sleep(0.01)
