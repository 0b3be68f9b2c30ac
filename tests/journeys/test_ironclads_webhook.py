"""Ironclad calls: registered where that is allowed, heard only when signed, and never believed."""

from __future__ import annotations

import json
from collections.abc import Mapping

import httpx
import pytest

from bot.usecases.credentials import Credentials
from bot.usecases.permissions import scopes_of
from tests.journeys.connecting import at_home
from tests.journeys.steps import launch, look_at_ironclad, thread
from tests.place import Place
from tests.sandbox.ironclad.demo_designs import OPS_ADMIN
from tests.sandbox.ironclad.webhooks import Webhook
from tests.sandbox.ironclad.workflows import Workflow
from tests.sandbox.ironclad.world import DEMO_CLIENT_ID, DEMO_CLIENT_SECRET


@pytest.fixture
async def told(bare: Place) -> Place:
    """Slipway with every permission; what Ironclad's webhook sends arrives."""
    wanted = scopes_of(["webhooks"])
    typed = Credentials(DEMO_CLIENT_ID, "demo", OPS_ADMIN, DEMO_CLIENT_SECRET, wanted=wanted)
    connection = await bare.app.connecting.keep(bare.team, "test", typed)
    await bare.app.connecting.adopt(connection)
    await bare.app.connecting.set_channel(bare.team, "test", bare.channel("procurement"))
    bare.ironclad.webhooks.send = lambda url, body, headers: arrive(bare, url, body, headers)
    return bare


async def arrive(place: Place, url: str, body: bytes, headers: Mapping[str, str]) -> int:
    """A message at Slipway's door."""
    transport = httpx.ASGITransport(app=place.app.web)
    async with httpx.AsyncClient(transport=transport, base_url=place.bot_url) as ironclad:
        return (await ironclad.post(url, content=body, headers=dict(headers))).status_code


async def registered(place: Place) -> tuple[Workflow, Webhook]:
    """A launched contract, and the registration that follows from it."""
    await launch(place.person("dana"))
    await place.idle()
    await look_at_ironclad(place)
    (webhook,) = place.ironclad.webhooks.registered.values()
    return place.ironclad.workflows[-1], webhook


async def test_what_happens_in_ironclad_is_on_the_card_without_asking(told: Place) -> None:
    workflow, webhook = await registered(told)
    assert webhook.target.startswith(f"{told.bot_url}/ironclad/webhooks/")
    assert "workflow_cancelled" in webhook.events

    told.ironclad.moved(told.ironclad.company, workflow, workflow.review())
    await told.ironclad.settled()
    await told.idle()
    assert "step Sign" in await thread(told, told.person("lee"))
    told.ironclad.moved(told.ironclad.company, workflow, workflow.cancel("no budget"))
    await told.ironclad.settled()
    await told.idle()
    assert "The contract was cancelled in Ironclad." in await thread(told, told.person("lee"))
    assert {status for one in told.ironclad.webhooks.deliveries for status in one.statuses} == {204}

    await look_at_ironclad(told)
    assert len(told.ironclad.webhooks.registered) == 1, "once"


async def test_what_ironclad_did_not_sign_is_refused(told: Place) -> None:
    workflow, webhook = await registered(told)
    told.ironclad.moved(told.ironclad.company, workflow, ())
    await told.ironclad.settled()
    body = json.dumps(told.ironclad.webhooks.deliveries[-1].body).encode()
    good = told.ironclad.webhooks.signed_headers("event-1", body)
    signature = json.loads(good["X-Ironclad-Webhook-Verification"])

    async def answer(body: bytes, headers: Mapping[str, str], url: str = webhook.target) -> int:
        return await arrive(told, url, body, headers)

    def but(**changes: str) -> dict[str, str]:
        return {**good, "X-Ironclad-Webhook-Verification": json.dumps({**signature, **changes})}

    assert await answer(body, good) == 204
    assert await answer(body, good) == 204, "a message may come twice"
    assert await answer(body + b" ", good) == 401
    assert await answer(body, {**good, "X-Ironclad-Webhook-Event-Id": "event-2"}) == 401
    assert await answer(body, but(nonce="other")) == 401
    assert await answer(body, but(signAlgorithm="none")) == 401
    assert await answer(body, but(signature="!")) == 401
    assert await answer(body, {**good, "X-Ironclad-Webhook-Verification": "[" * 5000}) == 401
    assert await answer(body, {}) == 401
    assert await answer(b"x" * 100_000, good) == 413
    assert await answer(body, good, f"{told.bot_url}/ironclad/webhooks/unknown") == 404
    foreign = json.dumps({"companyID": "another", "payload": {"workflowID": workflow.id}}).encode()
    assert await answer(foreign, told.ironclad.webhooks.signed_headers("event-3", foreign)) == 401
    odd = b'["not", "an", "object"]'
    assert await answer(odd, told.ironclad.webhooks.signed_headers("event-4", odd)) == 204


async def test_a_new_key_of_ironclads_is_fetched(told: Place) -> None:
    workflow, _ = await registered(told)
    told.ironclad.webhooks._key = None  # the next signature is made with another
    told.ironclad.moved(told.ironclad.company, workflow, workflow.review())
    await told.ironclad.settled()
    await told.idle()
    assert "step Sign" in await thread(told, told.person("lee"))


async def checked(place: Place) -> str:
    """What *Check* says."""
    admin = await at_home(place, "priya")
    await admin.press("Manage", "home")
    await admin.press("Check")
    await place.idle()
    await admin.wait_for(lambda one: "Checked" in one.screen())
    shown = admin.screen()
    await admin.close()
    return shown


async def test_check_says_how_news_come(told: Place) -> None:
    assert "*Webhook:* Registered once something is launched." in await checked(told)
    workflow, webhook = await registered(told)
    assert "tells Slipway at once what changes. Nothing heard yet." in await checked(told)

    told.ironclad.moved(told.ironclad.company, workflow, workflow.review())
    await told.ironclad.settled()
    await told.idle()
    assert "tells Slipway at once what changes. Last heard 20" in await checked(told)

    del told.ironclad.webhooks.registered[webhook.id]
    shown = await checked(told)
    assert "Somebody removed it in Ironclad. Slipway asks Ironclad for news by itself." in shown
    assert "Checked: everything works" in shown


async def test_who_may_not_manage_webhooks_has_none_and_the_list_is_read(told: Place) -> None:
    admin = next(user for user in told.ironclad.company.users.values() if user.email == OPS_ADMIN)
    told.ironclad.replace_user(admin, admin=False)
    await launch(told.person("dana"))
    await told.idle()
    await look_at_ironclad(told)
    assert told.ironclad.webhooks.registered == {}
    workflow = told.ironclad.workflows[-1]
    told.ironclad.moved(told.ironclad.company, workflow, workflow.review())
    await look_at_ironclad(told)
    assert "step Sign" in await thread(told, told.person("lee"))


async def test_a_registration_that_is_off_or_left_behind_is_mended_and_one_let_go_of_is_gone(
    told: Place,
) -> None:
    behind = told.ironclad.add_webhook(f"{told.bot_url}/ironclad/webhooks/of-nobody")
    other = told.ironclad.add_webhook("https://elsewhere.example/hook")
    await launch(told.person("dana"))
    await told.idle()
    await look_at_ironclad(told)
    known = told.ironclad.webhooks.registered
    assert behind.id not in known
    assert other.id in known
    (mine,) = [one for one in known.values() if one is not other]
    mine.status = "disabledBySystem"
    async with told.app.database.transaction() as store:
        connection = await store.connections.current(told.team)
        assert connection is not None
        feed = await store.feeds.get(told.team, connection.id)
        assert feed is not None
        assert feed.settled_at is not None
        long_ago = feed.settled_at.replace(year=2020)
        await store.feeds.note(told.team, connection.id, {"settled_at": long_ago})
    await look_at_ironclad(told)
    assert mine.wire()["status"] == "enabled"

    priya = told.member("priya").id
    await told.app.connecting.disconnect(told.team, priya, connection.id)
    assert list(known) == [other.id]
