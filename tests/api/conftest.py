"""The intake API as another system sees it: over HTTP, with a key that an admin made."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.place import Blank, Place, opened
from tests.sandbox.slack.person import Person

ADDRESS = "https://slipway.example.com"
LAPTOPS = {
    "what": "Fifty laptops",
    "requester": "dana.ruiz@example.com",
    "counterparty": "Lanternfish Ltd",
    "contact_email": "sales@lanternfish.example",
    "amount": "9500.50",
    "currency": "EUR",
    "needed_by": "2026-12-24",
    "link": "https://zip.example.com/requests/77",
    "files": [{"name": "quote.pdf", "url": "https://zip.example.com/files/quote.pdf"}],
}


@dataclass
class Tool:
    """A procurement tool with a key."""

    client: httpx.AsyncClient
    token: str

    async def post(self, body: Any = None, **more: Any) -> httpx.Response:
        """Hand a request over."""
        sent = {"Authorization": f"Bearer {self.token}", **more.pop("headers", {})}
        given: dict[str, Any] = {} if "content" in more else {"json": LAPTOPS if body is None else body}
        return await self.client.post("/api/v1/requests", headers=sent, **given, **more)

    async def get(self, request_id: str) -> httpx.Response:
        """Ask how it stands."""
        sent = {"Authorization": f"Bearer {self.token}"}
        return await self.client.get(f"/api/v1/requests/{request_id}", headers=sent)


async def make_key(admin: Person, name: str = "Zip") -> str:
    """An admin makes a key on Home and copies it."""
    await admin.open_home()
    await admin.wait_for(lambda p: p.home() and "Other systems" in p.screen())
    await admin.press("Keys and webhook", "home")
    await admin.press("Make a key")
    await admin.fill({"What will use this key?": name})
    await admin.submit()
    shown = admin.screen()
    await admin.press("I have copied it")
    return next(word.strip("`") for word in shown.split() if "slipway." in word)


@pytest.fixture
async def connected(blank: Blank, tmp_path: Path) -> AsyncIterator[Place]:
    """Slipway, reached at an address, with webhooks allowed to this machine."""
    settings: dict[str, Any] = {"public_url": ADDRESS, "webhook_private_targets": True}
    async with opened(blank, tmp_path, **settings) as place:
        await place.connect()
        yield place


@pytest.fixture
async def tool(connected: Place) -> AsyncIterator[Tool]:
    """A tool with a key, made by the workspace's owner."""
    token = await make_key(connected.person("priya"))
    transport = httpx.ASGITransport(app=connected.app.web)
    async with httpx.AsyncClient(transport=transport, base_url=ADDRESS) as client:
        yield Tool(client, token)
