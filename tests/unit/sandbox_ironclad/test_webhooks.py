"""Webhooks (facts page §8)."""

import base64
import json
from collections.abc import Mapping
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from tests.sandbox.ironclad.templates import Role, Template
from tests.sandbox.ironclad.world import IroncladWorld
from tests.unit.sandbox_ironclad.conftest import ADMIN, API, DANA, PURCHASE, App

TARGET = "https://hooks.example.com/ic"


class Mailbox:
    """Takes deliveries instead of the network; answers with the given statuses, then 200."""

    def __init__(self, *statuses: int) -> None:
        self.statuses = list(statuses)
        self.taken: list[tuple[str, bytes, Mapping[str, str]]] = []

    async def __call__(self, target: str, body: bytes, headers: Mapping[str, str]) -> int:
        self.taken.append((target, body, headers))
        status = self.statuses.pop(0) if self.statuses else 200
        if status == 0:
            raise httpx.ConnectError("refused")
        return status

    @property
    def events(self) -> list[dict[str, Any]]:
        return [json.loads(body)["payload"] for _, body, _ in self.taken]


@pytest.fixture
def mailbox(world: IroncladWorld) -> Mailbox:
    mailbox = Mailbox()
    world.webhooks.send = mailbox
    world.rules.webhook_retries = (0, 0, 0)
    return mailbox


@pytest.fixture
def admin(app: App) -> App:
    app.as_user = ADMIN
    return app


async def register(app: App, **more: Any) -> httpx.Response:
    body = {"targetURL": TARGET, "events": ["*"], **more}
    return await app.call("POST", f"{API}/webhooks", json=body)


async def move(http: httpx.AsyncClient, workflow: str, name: str) -> None:
    answer = await http.post(f"/sandbox/workflows/{workflow}/{name}")
    assert answer.status_code == 200, answer.text


async def test_every_delivery_is_signed_over_the_raw_bytes(
    admin: App, world: IroncladWorld, mailbox: Mailbox, purchase: str
) -> None:
    await register(admin)
    await admin.launch(purchase, PURCHASE)
    await world.settled()
    key = await admin.get("webhooks/verification-key")
    assert key.headers["content-type"] == "application/x-pem-file; charset=utf-8"
    (target, body, headers), *_ = mailbox.taken
    verification = json.loads(headers["X-Ironclad-Webhook-Verification"])
    event_id = headers["X-Ironclad-Webhook-Event-Id"]
    public = load_pem_public_key(key.content)
    assert isinstance(public, rsa.RSAPublicKey)
    public.verify(
        base64.b64decode(verification["signature"]),
        event_id.encode() + body + verification["nonce"].encode(),
        padding.PKCS1v15(),
        hashes.SHA256(),
    )
    assert (target, public.key_size, verification["signAlgorithm"]) == (TARGET, 2048, "RSA-SHA256")
    told = json.loads(body)
    assert told.keys() == {"companyID", "payload", "timestamp", "webhookID"}
    assert told["payload"] == {
        "event": "workflow_launched",
        "templateID": purchase,
        "workflowID": world.workflows[0].id,
    }


async def test_bodies_are_compact_and_keep_their_characters(
    admin: App, world: IroncladWorld, mailbox: Mailbox
) -> None:
    role = Role(f"approver{'0' * 32}", "Geschäftsführung", DANA)
    design = world.add_template(Template(name="Vertrag", fields=(), roles=(role,)))
    world.add_webhook(TARGET, ["workflow_approval_status_changed"])
    await admin.launch(design.id, {})
    await move(admin.http, "IC-4", "approve")
    await world.settled()
    assert '"approvalName":"Geschäftsführung"'.encode() in mailbox.taken[0][1]


async def test_the_course_of_a_workflow_is_told_in_order(
    admin: App, world: IroncladWorld, mailbox: Mailbox, purchase: str
) -> None:
    world.add_webhook(TARGET)
    await admin.launch(purchase, PURCHASE)
    for name in ("pause", "resume", "approve", "sign", "complete"):
        await move(admin.http, "IC-4", name)
        await world.settled()
    told = [one["event"] for one in mailbox.events if one["event"] != "workflow_updated"]
    assert told == [
        "workflow_launched",
        "workflow_paused",
        "workflow_resumed",
        "workflow_approval_status_changed",
        "workflow_step_updated",
        "workflow_signature_packet_fully_signed",
        "workflow_step_updated",
        "workflow_step_updated",
        "workflow_completed",
    ]
    approval = next(one for one in mailbox.events if "approvalID" in one)
    assert (approval["approvalName"], approval["status"], approval["userEmail"]) == (
        "Finance",
        "approved",
        "priya.nair@example.com",
    )
    assert "templateID" not in approval


async def test_only_what_was_subscribed(
    admin: App, world: IroncladWorld, mailbox: Mailbox, purchase: str
) -> None:
    world.add_webhook(TARGET, ["workflow_cancelled"])
    await admin.launch(purchase, PURCHASE)
    await move(admin.http, "IC-4", "cancel")
    await world.settled()
    assert [one["event"] for one in mailbox.events] == ["workflow_cancelled"]


async def test_a_failed_delivery_is_repeated_with_the_same_id(
    admin: App, world: IroncladWorld, mailbox: Mailbox, purchase: str
) -> None:
    webhook = world.add_webhook(TARGET, ["workflow_launched"])
    mailbox.statuses = [500, 0]
    await admin.launch(purchase, PURCHASE)
    await world.settled()
    assert len({headers["X-Ironclad-Webhook-Event-Id"] for _, _, headers in mailbox.taken}) == 1
    assert world.webhooks.deliveries[0].statuses == [500, 0, 200]
    assert webhook.failures == 0


async def test_it_gives_up_after_the_last_repetition(
    admin: App, world: IroncladWorld, mailbox: Mailbox, purchase: str
) -> None:
    webhook = world.add_webhook(TARGET, ["workflow_launched"])
    mailbox.statuses = [503] * 9
    await admin.launch(purchase, PURCHASE)
    await world.settled()
    assert (len(mailbox.taken), webhook.failures, webhook.status) == (4, 4, "enabled")


async def test_410_switches_it_off_at_once(
    admin: App, world: IroncladWorld, mailbox: Mailbox, purchase: str
) -> None:
    webhook = world.add_webhook(TARGET, ["workflow_launched"])
    mailbox.statuses = [410]
    await admin.launch(purchase, PURCHASE)
    await world.settled()
    shown = (await admin.get(f"webhooks/{webhook.id}")).json()
    assert (shown["status"], shown["statusLastUpdatedBy"], len(mailbox.taken)) == (
        "disabledBySystem",
        "system",
        1,
    )


async def test_registering(admin: App, world: IroncladWorld) -> None:
    answer = await register(admin, events=["workflow_launched", "workflow_completed"])
    webhook = answer.json()
    assert answer.status_code == 200
    assert (webhook["status"], webhook["consecutiveFailureCount"]) == ("enabled", 0)
    assert webhook["statusLastUpdatedBy"] == world.user(ADMIN).id
    listed = (await admin.get("webhooks")).json()
    assert listed == {"page": 0, "pageSize": 20, "list": [webhook]}
    assert (await admin.get(f"webhooks/{webhook['id']}")).json() == webhook


@pytest.mark.parametrize(
    ("more", "param"),
    [
        ({"events": ["workflow_exploded"]}, "events"),
        ({"events": []}, "events"),
        ({"events": None}, "events"),
        ({"targetURL": "http://hooks.example.com/ic"}, "targetURL"),
        ({"targetURL": "https://"}, "targetURL"),
        ({"targetURL": None}, "targetURL"),
        ({"status": "asleep"}, "status"),
    ],
)
async def test_bad_registrations(admin: App, more: dict[str, Any], param: str) -> None:
    answer = await register(admin, **more)
    assert (answer.status_code, answer.json()["param"]) == (400, param)


async def test_an_address_is_registered_once(admin: App) -> None:
    first = (await register(admin, events=["workflow_launched"])).json()
    second = await register(admin, events=["workflow_completed"])
    assert second.json() == {
        "code": "INVALID_PARAM",
        "message": f"webhook already exists for event workflow_completed and target {TARGET}",
        "param": "tagetURL",
    }
    address = f"{API}/webhooks/{first['id']}"
    changed = await admin.call("PATCH", address, json={"status": "disabled"})
    assert changed.json()["status"] == "disabled"
    assert (await register(admin)).status_code == 200
    assert (await admin.call("DELETE", address)).status_code == 204
    assert (await admin.get(f"webhooks/{first['id']}")).status_code == 400


async def test_only_who_may_manage_webhooks(app: App) -> None:
    app.as_user = DANA
    assert (await register(app)).status_code == 403
    assert (await app.get("webhooks")).status_code == 403
    assert (await app.get("webhooks/verification-key")).status_code == 200


async def test_plain_http_is_taken_for_this_machine(admin: App) -> None:
    assert (await register(admin, targetURL="http://127.0.0.1:3000/ironclad/webhooks/1")).status_code == 200
