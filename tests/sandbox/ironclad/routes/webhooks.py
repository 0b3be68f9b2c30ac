"""`/webhooks` (facts page, §8)."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.sandbox.ironclad.errors import as_object, forbidden, invalid_param, missing_param, refusal
from tests.sandbox.ironclad.routes.guard import Call, Guard
from tests.sandbox.ironclad.routes.parameters import json_body, paged
from tests.sandbox.ironclad.scopes import CREATE_WEBHOOKS, DELETE_WEBHOOKS, READ_WEBHOOKS, UPDATE_WEBHOOKS
from tests.sandbox.ironclad.webhooks import EVENTS, Webhook

_BASE = "/public/api/v1/webhooks"
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def routes(guard: Guard) -> list[Route]:
    """Registrations and the verification key, which needs a token and no scope."""
    one = f"{_BASE}/{{id}}"
    return [
        guard.route(_BASE, create_webhook, "POST", CREATE_WEBHOOKS),
        guard.route(_BASE, list_webhooks, "GET", READ_WEBHOOKS),
        guard.route(f"{_BASE}/verification-key", verification_key),
        guard.route(one, read_webhook, "GET", READ_WEBHOOKS),
        guard.route(one, update_webhook, "PATCH", UPDATE_WEBHOOKS),
        guard.route(one, delete_webhook, "DELETE", DELETE_WEBHOOKS),
    ]


async def create_webhook(call: Call) -> Response:
    """200 as live, where the specification says 201."""
    _managing(call)
    body = as_object(await json_body(call.request), "body")
    target, events = _target(body.get("targetURL")), _events(body.get("events"))
    _unclaimed(call, target, events)
    webhook = call.world.add_webhook(target, events, company=call.company)
    webhook.changed_by = call.user.id
    webhook.tags = ("oauth", "clientCredentials" if call.token.user is None else "authorizationCode")
    webhook.status = _status(body.get("status", "enabled"))
    return JSONResponse(webhook.wire())


async def list_webhooks(call: Call) -> Response:
    """Without a count."""
    _managing(call)
    own = [one for one in call.world.webhooks.registered.values() if one.company_id == call.company.id]
    listed = paged(own, call.query, lambda one: one.wire())
    del listed["count"]
    return JSONResponse(listed)


async def read_webhook(call: Call) -> Response:
    """One registration."""
    return JSONResponse(_webhook(call).wire())


async def update_webhook(call: Call) -> Response:
    """Change address, events or status."""
    webhook = _webhook(call)
    body = as_object(await json_body(call.request), "body")
    target = _target(body.get("targetURL", webhook.target))
    events = _events(body.get("events", list(webhook.events)))
    status = _status(body.get("status", webhook.status))
    _unclaimed(call, target, events, besides=webhook)
    webhook.target, webhook.events, webhook.status = target, events, status
    webhook.changed, webhook.changed_by = call.world.now(), call.user.id
    return JSONResponse(webhook.wire())


async def delete_webhook(call: Call) -> Response:
    """204."""
    del call.world.webhooks.registered[_webhook(call).id]
    return Response(status_code=204)


async def verification_key(call: Call) -> Response:
    """PEM, with the live content type."""
    kind = "application/x-pem-file; charset=utf-8"
    return Response(call.world.webhooks.verification_key(), headers={"Content-Type": kind})


def _managing(call: Call) -> None:
    if not call.user.admin:
        raise forbidden()


def _webhook(call: Call) -> Webhook:
    _managing(call)
    webhook = call.world.webhooks.registered.get(call.path("id"))
    if webhook is None or webhook.company_id != call.company.id:
        raise refusal(400, "NOT_FOUND", "webhook does not exist", "id")
    return webhook


def _target(value: Any) -> str:
    """https only. Plain http is taken for this machine, where nobody has certificates."""
    if value is None:
        raise missing_param("targetURL")
    address = urlsplit(value) if isinstance(value, str) else None
    local = address is not None and address.scheme == "http" and address.hostname in _LOOPBACK
    if address is None or not address.hostname or not (address.scheme == "https" or local):
        raise invalid_param("targetURL must be an https URL", "targetURL")
    return str(value)


def _events(value: Any) -> tuple[str, ...]:
    if value is None:
        raise missing_param("events")
    if not isinstance(value, list) or not value or any(one not in EVENTS for one in value):
        raise invalid_param(f"invalid event type; {', '.join(EVENTS)} are acceptable event types", "events")
    return tuple(value)


def _status(value: Any) -> Any:
    if value not in ("enabled", "disabled"):
        raise invalid_param("invalid status", "status")
    return value


def _unclaimed(call: Call, target: str, events: Sequence[str], besides: Webhook | None = None) -> None:
    """An address has one active registration; the parameter is spelled as Ironclad spells it."""
    for one in call.world.webhooks.registered.values():
        if one is not besides and one.target == target and one.status == "enabled":
            message = f"webhook already exists for event {events[0]} and target {target}"
            raise invalid_param(message, "tagetURL")
