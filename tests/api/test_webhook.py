"""Another system is told what happens: signed, again until it arrives, and never after it is given up."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.usecases import relaying
from tests.api.conftest import Tool
from tests.journeys.steps import launch, look_at_ironclad, until
from tests.place import Place, logging_to_text
from tests.sandbox.serving import free_port, serving
from tests.sandbox.slack.person import Person


@dataclass
class Receiver:
    """The other system's end. `answers` are the statuses it gives, in order; 204 when there are none left."""

    url: str = ""
    answers: list[int] = field(default_factory=list)
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    async def take(self, request: Request) -> Response:
        self.got.append((dict(request.headers), await request.body()))
        return Response(status_code=self.answers.pop(0) if self.answers else 204)

    @property
    def messages(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, body in self.got]


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    one = Receiver()
    async with serving(
        Starlette(routes=[Route("/hook", one.take, methods=["POST"])]), free_port(24000)
    ) as at:
        one.url = f"{at}/hook"
        yield one


async def set_hook(admin: Person, url: str) -> str:
    """An admin sets the webhook and copies its secret."""
    await admin.press("Set a webhook")
    await admin.fill({"Address": url})
    await admin.submit()
    shown = admin.screen()
    await admin.press("I have copied it")
    return next(word.strip("`") for word in shown.split() if "whsec_" in word)


def genuine(secret: str, headers: dict[str, str], body: bytes) -> bool:
    """As the receiver checks it (Standard Webhooks)."""
    told = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    made = hmac.new(base64.b64decode(secret.removeprefix("whsec_")), told, hashlib.sha256).digest()
    return headers["webhook-signature"] == f"v1,{base64.b64encode(made).decode()}"


async def test_every_change_is_told_and_signed(connected: Place, tool: Tool, receiver: Receiver) -> None:
    priya = connected.person("priya")
    with logging_to_text(connected.settings.secrets) as logged:
        secret = await set_hook(priya, receiver.url)
        assert "nothing sent so far" in priya.screen()
        made = (await tool.post()).json()
        await connected.idle()

    headers, body = receiver.got[0]
    assert genuine(secret, headers, body)
    assert not genuine(secret, headers, body + b" ")
    message = receiver.messages[0]
    assert message["type"] == "request.created"
    assert message["id"] == headers["webhook-id"]
    assert message["data"]["id"] == made["id"]
    assert message["data"]["number"] == "REQ-1"
    assert message["data"]["links"]["self"] == made["links"]["self"]
    assert secret.encode() not in connected.bytes_at_rest()
    assert secret not in logged.getvalue()

    dana = connected.person("dana")
    await dana.press("Details", "#procurement")
    await dana.press("Cancel request")
    await dana.fill({"Why?": "not needed"})
    await dana.submit()
    await connected.idle()
    last = receiver.messages[-1]
    assert last["type"] == "request.cancelled"
    assert last["data"]["version"] > message["data"]["version"]
    assert len({message["id"] for message in receiver.messages}) == len(receiver.messages)


async def test_a_message_that_is_not_taken_comes_again_with_the_same_id(
    connected: Place, tool: Tool, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relaying, "_WAITS", ((1e9, 0.0),))
    priya = connected.person("priya")
    await set_hook(priya, receiver.url)
    receiver.answers = [500, 302, 503]

    await tool.post()
    await until(lambda: len(receiver.got) >= 4)
    await connected.idle()

    assert len({headers["webhook-id"] for headers, _ in receiver.got[:4]}) == 1
    await priya.close()
    await priya.open_home()
    await priya.wait_for(lambda p: "webhook on" in p.screen())
    assert "did not arrive" not in priya.screen()


async def test_one_that_fails_for_long_is_switched_off_and_home_says_so(
    connected: Place, tool: Tool, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relaying, "_WAITS", ((1e9, 0.0),))
    monkeypatch.setattr(relaying, "GIVE_UP_AFTER", timedelta(0))
    monkeypatch.setattr(relaying, "GIVE_UP_FAILURES", 3)
    priya = connected.person("priya")
    await set_hook(priya, receiver.url)
    receiver.answers = [500] * 50

    await tool.post()
    await connected.idle()

    assert len(receiver.got) == 3
    await priya.close()
    await priya.open_home()
    await priya.wait_for(lambda p: "switched off" in p.screen())
    assert "status 500" in priya.screen()
    await tool.post()
    await connected.idle()
    assert len(receiver.got) == 3

    receiver.answers = []
    await priya.press("Keys and webhook", "home")
    await priya.press("Switch on")
    assert "Needs a look" not in priya.screen()
    await tool.post()
    await connected.idle()
    assert receiver.messages[-1]["data"]["number"] == "REQ-3"


async def test_gone_means_gone(connected: Place, tool: Tool, receiver: Receiver) -> None:
    priya = connected.person("priya")
    await set_hook(priya, receiver.url)
    receiver.answers = [410]

    await tool.post()
    await connected.idle()

    assert len(receiver.got) == 1
    await priya.close()
    await priya.open_home()
    await priya.wait_for(lambda p: "switched off" in p.screen())


async def test_a_test_is_sent_and_told(connected: Place, tool: Tool, receiver: Receiver) -> None:
    priya = connected.person("priya")
    secret = await set_hook(priya, receiver.url)

    await priya.press("Send a test")
    await connected.idle()
    await priya.wait_for(lambda p: "The test arrived" in p.screen())
    assert genuine(secret, *receiver.got[0])
    assert receiver.messages[0]["type"] == "test"

    receiver.answers = [418]
    await priya.press("Send a test")
    await connected.idle()
    await priya.wait_for(lambda p: "status 418" in p.screen())

    await priya.press("Remove")
    assert "Set a webhook" in priya.screen()
    await tool.post()
    await connected.idle()
    assert len(receiver.got) == 2


async def test_an_address_that_cannot_be_told_is_refused_beside_its_field(
    connected: Place, tool: Tool
) -> None:
    priya = connected.person("priya")
    await priya.press("Set a webhook")
    for url, why in (
        ("http://example.com/hook", "https"),
        ("hook", "not an address"),
        ("https://me:secret@example.com/", "name or password"),
    ):
        await priya.fill({"Address": url})
        await priya.submit()
        assert why in priya.errors()["Address"]


async def test_it_hears_how_the_contract_ended(connected: Place, tool: Tool, receiver: Receiver) -> None:
    await set_hook(connected.person("priya"), receiver.url)
    await launch(connected.person("dana"))
    await connected.idle()
    (workflow,) = connected.ironclad.workflows

    connected.ironclad.moved(connected.ironclad.company, workflow, workflow.review())
    await look_at_ironclad(connected)
    moved = receiver.messages[-1]
    assert moved["type"] == "contract.moved"
    assert (moved["data"]["contract"]["step"], moved["data"]["contract"]["status"]) == ("Sign", "active")

    connected.ironclad.moved(connected.ironclad.company, workflow, workflow.cancel("no budget"))
    await look_at_ironclad(connected)
    assert receiver.messages[-1]["type"] == "contract.cancelled"
    assert receiver.messages[-1]["data"]["contract"]["status"] == "cancelled"
    assert len({message["id"] for message in receiver.messages}) == len(receiver.messages)
