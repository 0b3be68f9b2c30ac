"""A furnished world, and a client that calls it as a registered app does."""

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.sandbox.ironclad.server import build
from tests.sandbox.ironclad.transport import InProcess
from tests.sandbox.ironclad.world import DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, IroncladWorld, demo_world

API = "/public/api/v1"
DANA, LEE, SAM, PRIYA = (f"{name}@example.com" for name in ("dana.ruiz", "lee.wong", "sam.ito", "priya.nair"))
ADMIN = "ironclad-admin@example.com"
PURCHASE: Mapping[str, Any] = {
    "counterpartyName": "Lanternfish Ltd",
    "whatAndWhy": "Lamps",
    "department": "Legal",
    "budgeted": True,
    "amount": 900,
    "neededBy": "2026-12-01T00:00:00-08:00",
}


class Clock:
    """A time that only moves when told to."""

    def __init__(self) -> None:
        self.time = datetime(2026, 10, 1, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time

    def advance(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


@dataclass
class App:
    """A client-credentials app; `as_user` goes with every call."""

    http: httpx.AsyncClient
    as_user: str = DANA
    token: str = ""

    async def connect(self, **more: str) -> dict[str, Any]:
        fields = {"grant_type": "client_credentials", "client_id": DEMO_CLIENT_ID, **more}
        answer = await self.http.post("/oauth/token", json={"client_secret": DEMO_CLIENT_SECRET, **fields})
        answer.raise_for_status()
        tokens: dict[str, Any] = answer.json()
        self.token = tokens["access_token"]
        return tokens

    async def call(self, method: str, path: str, **more: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}", "x-as-user-email": self.as_user}
        headers |= more.pop("headers", {})
        return await self.http.request(method, path, headers=headers, **more)

    async def get(self, path: str, **query: Any) -> httpx.Response:
        return await self.call("GET", path if path.startswith("/") else f"{API}/{path}", params=query)

    async def launch(self, template: str, attributes: Mapping[str, Any], **more: Any) -> httpx.Response:
        body = {"template": template, "attributes": dict(attributes)}
        return await self.call("POST", f"{API}/workflows", json=body, **more)

    async def launch_with_files(
        self, template: str, attributes: Mapping[str, Any], **files: tuple[str, bytes]
    ) -> httpx.Response:
        data = {
            "data": (None, json.dumps({"template": template, "attributes": attributes}), "application/json")
        }
        return await self.call("POST", f"{API}/workflows", files={**data, **files})


@pytest.fixture
def clock() -> Clock:
    """The time of `world`."""
    return Clock()


@pytest.fixture
def world(clock: Clock) -> IroncladWorld:
    return demo_world(clock=clock)


@pytest.fixture
async def http(world: IroncladWorld) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=InProcess(build(world)), base_url=world.public_url) as client:
        yield client


@pytest.fixture
async def app(http: httpx.AsyncClient) -> App:
    app = App(http)
    await app.connect()
    return app


@pytest.fixture
def purchase(world: IroncladWorld) -> str:
    """The id of the simple design."""
    return world.template("Simple Purchase").id
