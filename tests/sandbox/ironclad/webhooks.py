"""Webhooks: registrations, signatures, deliveries and what becomes of failing ones (facts page, §8)."""

import asyncio
import base64
import json
import secrets
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import uuid4

import httpx
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from tests.sandbox.ironclad.errors import Json
from tests.sandbox.ironclad.identifiers import object_id, timestamp
from tests.sandbox.ironclad.rules import Rules
from tests.sandbox.ironclad.workflows import Event

Sender = Callable[[str, bytes, Mapping[str, str]], Awaitable[int]]
"""Posts a body with headers to an address and returns the status; raises `httpx.TransportError`."""
WebhookStatus = Literal["enabled", "disabled", "disabledBySystem"]
EVENTS = (
    *("*", "workflow_launched", "workflow_updated", "workflow_cancelled", "workflow_completed"),
    *("workflow_approval_status_changed", "workflow_attribute_updated", "workflow_comment_added"),
    *("workflow_comment_removed", "workflow_comment_updated", "workflow_comment_reaction_added"),
    *("workflow_comment_reaction_removed", "workflow_counterparty_invite_sent"),
    *("workflow_counterparty_invite_revoked", "workflow_documents_added", "workflow_documents_removed"),
    *("workflow_documents_updated", "workflow_documents_renamed", "workflow_document_edited"),
    *("workflow_changed_turn", "workflow_paused", "workflow_resumed", "workflow_signature_packet_cancelled"),
    *("workflow_signature_packet_document_moved", "workflow_signature_packet_fully_signed"),
    *("workflow_signature_packet_sent", "workflow_signature_packet_signatures_collected"),
    *("workflow_signature_packet_signer_first_viewed", "workflow_signature_packet_signer_viewed"),
    *("workflow_signature_packet_uploaded", "workflow_signer_added", "workflow_signer_removed"),
    *("workflow_signer_reassigned", "workflow_step_updated", "workflow_roles_assigned"),
    "record_contract_status_changed",
)
_GONE = 410
_PATIENCE = 10.0


@dataclass
class Webhook:
    """A registration."""

    company_id: str
    target: str
    events: tuple[str, ...]
    changed_by: str
    changed: datetime
    tags: tuple[str, ...]
    status: WebhookStatus = "enabled"
    failures: int = 0
    id: str = field(default_factory=object_id)

    def hears(self, event: str) -> bool:
        """Whether it is on and subscribed."""
        return self.status == "enabled" and (event in self.events or "*" in self.events)

    def wire(self) -> Json:
        """OpenAPI `WebhookModel`, with the live `tags`."""
        return {
            "id": self.id,
            "events": list(self.events),
            "targetURL": self.target,
            "companyId": self.company_id,
            "tags": list(self.tags),
            "status": self.status,
            "statusLastUpdatedAt": timestamp(self.changed),
            "statusLastUpdatedBy": self.changed_by,
            "consecutiveFailureCount": self.failures,
        }


@dataclass
class Delivery:
    """One event on its way to one address; `statuses` has an entry per attempt, 0 for no answer."""

    webhook: Webhook
    event_id: str
    body: Json
    statuses: list[int] = field(default_factory=list)


class Webhooks:
    """All registrations, and the post that leaves for them.

    Attributes:
        send: how a delivery leaves; replace it to catch deliveries in a test.
        deliveries: everything that was sent, oldest first.
    """

    def __init__(self, rules: Rules, clock: Callable[[], datetime]) -> None:
        self.registered: dict[str, Webhook] = {}
        self.deliveries: list[Delivery] = []
        self.send: Sender = post
        self._rules = rules
        self._clock = clock
        self._key: rsa.RSAPrivateKey | None = None

    def emit(self, company_id: str, event: Event, ids: Json) -> list[Coroutine[Any, Any, None]]:
        """The deliveries an event causes, for the caller to run."""
        hearing = [
            one for one in self.registered.values() if one.company_id == company_id and one.hears(event.name)
        ]
        return [self._deliver(webhook, event, ids) for webhook in hearing]

    def verification_key(self) -> str:
        """The public key, PEM."""
        public = self._signing_key().public_key()
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        return public.public_bytes(serialization.Encoding.PEM, form).decode()

    def signed_headers(self, event_id: str, body: bytes) -> dict[str, str]:
        """RSA-SHA256 over event id, raw body and nonce, one after the other."""
        nonce = secrets.token_hex(16)
        signature = self._signing_key().sign(
            event_id.encode() + body + nonce.encode(), padding.PKCS1v15(), hashes.SHA256()
        )
        verification = {
            "nonce": nonce,
            "signAlgorithm": "RSA-SHA256",
            "signature": base64.b64encode(signature).decode(),
            "encoding": "base64",
        }
        return {
            "Content-Type": "application/json",
            "X-Ironclad-Webhook-Event-Id": event_id,
            "X-Ironclad-Webhook-Verification": json.dumps(verification),
        }

    async def _deliver(self, webhook: Webhook, event: Event, ids: Json) -> None:
        payload = {"event": event.name, **ids, **event.details}
        if event.name == "workflow_approval_status_changed":
            payload.pop("templateID", None)
        told = {
            "companyID": webhook.company_id,
            "payload": payload,
            "timestamp": timestamp(self._clock()),
            "webhookID": webhook.id,
        }
        delivery = Delivery(webhook, str(uuid4()), told)
        self.deliveries.append(delivery)
        for delay in (0.0, *self._rules.webhook_retries):
            await asyncio.sleep(delay)
            if await self._attempt(delivery) or webhook.status != "enabled":
                return

    async def _attempt(self, delivery: Delivery) -> bool:
        body = json.dumps(delivery.body, separators=(",", ":"), ensure_ascii=False).encode()
        headers = self.signed_headers(delivery.event_id, body)
        webhook = delivery.webhook
        try:
            status = await self.send(webhook.target, body, headers)
        except (httpx.TransportError, OSError):
            status = 0
        delivery.statuses.append(status)
        taken = 200 <= status < 300
        webhook.failures = 0 if taken else webhook.failures + 1
        if status == _GONE:
            webhook.status, webhook.changed_by, webhook.changed = "disabledBySystem", "system", self._clock()
        return taken

    def _signing_key(self) -> rsa.RSAPrivateKey:
        if self._key is None:
            self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        return self._key


async def post(target: str, body: bytes, headers: Mapping[str, str]) -> int:
    """The ordinary sender: HTTP, without following redirects."""
    async with httpx.AsyncClient(timeout=_PATIENCE, trust_env=False) as client:
        answer = await client.post(target, content=body, headers=dict(headers))
    return answer.status_code
