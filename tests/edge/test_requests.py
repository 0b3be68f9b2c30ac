"""Whatever is sent to Slipway's addresses: never accepted unless Slack signed it, never a 500."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import shutil
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.routing import Route

from bot import ids
from bot.app import running
from tests.place import Blank, logging_to_text, opened, settings_of
from tests.sandbox.slack.demo import SIGNING_SECRET

THOUSANDS = settings(
    max_examples=1500,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
async def routed(blank: Blank, tmp_path: Path) -> AsyncIterator[Starlette]:
    """Slipway's web application, with nobody behind it: Slack and Ironclad do not answer."""
    file = shutil.copy(blank.file, tmp_path / "slipway.sqlite")
    nobody = "http://127.0.0.1:9"
    chosen = settings_of(f"sqlite:///{file}", slack_api_url=nobody, ironclad_url=nobody)
    async with running(chosen, perform=False) as application:
        yield application.web


@pytest.fixture
async def edge(routed: Starlette) -> AsyncIterator[httpx.AsyncClient]:
    """A way to it."""
    # raise_app_exceptions off: a crash must be seen as what the sender would get.
    transport = httpx.ASGITransport(app=routed, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://slipway.test") as client:
        yield client


def signed(body: bytes, *, secret: str = SIGNING_SECRET, at: float | None = None) -> dict[str, str]:
    stamp = str(int(time.time() if at is None else at))
    mac = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={mac}"}


COMMAND = {
    "command": "/contract",
    "text": "help",
    "team_id": "T1",
    "user_id": "U1",
    "channel_id": "C1",
    "trigger_id": "1.2.abc",
}


async def test_a_signed_command_is_answered(edge: httpx.AsyncClient) -> None:
    body = urlencode(COMMAND).encode()

    answer = await edge.post("/slack/events", content=body, headers={"Content-Type": FORM, **signed(body)})

    assert answer.status_code == 200
    assert "/contract status" in answer.json()["text"]


@pytest.mark.parametrize(
    "spoiled",
    [
        {},
        {"X-Slack-Signature": ""},
        {"X-Slack-Signature": "v0=" + "0" * 64},
        {"X-Slack-Request-Timestamp": "0"},
        {"X-Slack-Request-Timestamp": "-1"},
        {"X-Slack-Request-Timestamp": "9" * 400},
        {"X-Slack-Request-Timestamp": "now"},
        {"X-Slack-Request-Timestamp": "²"},
        {"X-Slack-Signature": "ü"},
    ],
)
async def test_a_forged_request_is_refused(edge: httpx.AsyncClient, spoiled: dict[str, str]) -> None:
    body = urlencode(COMMAND).encode()
    headers = {**signed(body, secret="a guess"), **spoiled, "Content-Type": FORM}

    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    answer = await edge.post("/slack/events", content=body, headers=raw)

    assert answer.status_code == 401


@pytest.mark.parametrize("seconds", [-301, -3600, 301, 3600])
async def test_a_stale_request_is_refused(edge: httpx.AsyncClient, seconds: int) -> None:
    body = urlencode(COMMAND).encode()

    answer = await edge.post("/slack/events", content=body, headers=signed(body, at=time.time() + seconds))

    assert answer.status_code == 401


async def test_a_changed_body_is_refused(edge: httpx.AsyncClient) -> None:
    body = urlencode(COMMAND).encode()

    answer = await edge.post("/slack/events", content=body.replace(b"U1", b"U2"), headers=signed(body))

    assert answer.status_code == 401


async def test_an_oversized_request_is_refused_before_it_is_read(edge: httpx.AsyncClient) -> None:
    body = b"text=" + b"a" * 1_000_001

    answer = await edge.post("/slack/events", content=body, headers={"Content-Type": FORM, **signed(body)})

    assert answer.status_code == 413


@THOUSANDS
@given(
    st.data(),
    st.sampled_from(["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS"]),
    st.binary(max_size=300),
    st.dictionaries(
        st.sampled_from(
            ["content-type", "x-slack-signature", "x-slack-request-timestamp", "content-length", "cookie"]
        ),
        st.binary(max_size=60).filter(lambda value: not set(value) & set(b"\r\n\0")),
    ),
)
async def test_anything_at_all_on_every_route(
    routed: Starlette,
    edge: httpx.AsyncClient,
    data: st.DataObject,
    method: str,
    body: bytes,
    headers: dict[str, bytes],
) -> None:
    # Every route there is, also one that is added tomorrow; a name in it is filled with something.
    known = [re.sub(r"\{.*?\}", "x", route.path) for route in routed.routes if isinstance(route, Route)]
    route = data.draw(st.sampled_from([*known, "/", "/slack/events/"]))
    raw = [(name.encode(), value) for name, value in headers.items()]
    answer = await edge.request(method, route, content=body, headers=raw)

    assert answer.status_code < 500
    if route.startswith("/slack/events"):
        assert answer.status_code in {400, 401, 404, 405, 413, 307}


JUNK: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
ACTION_IDS = st.sampled_from([value for name, value in vars(ids).items() if name.isupper()])


def _interaction(kind: str) -> dict[str, Any]:
    view = {
        "id": "V1",
        "type": "modal",
        "hash": "1.abc",
        "callback_id": ids.FILL_FORM,
        "private_metadata": json.dumps({"v": 1, "d": "nope"}),
        "state": {"values": {"f:q": {ids.FIELD: {"type": "plain_text_input", "value": "x"}}}},
    }
    return {
        "type": kind,
        "team": {"id": "T1"},
        "user": {"id": "U1"},
        "trigger_id": "1.2.abc",
        "api_app_id": "A1",
        "token": "t",
        "view": view,
        "container": {"type": "view", "view_id": "V1"},
        "actions": [
            {
                "action_id": ids.LAUNCH_AGAIN,
                "block_id": "b",
                "type": "button",
                "value": '{"v":1,"launch":"x"}',
            }
        ],
        "action_id": ids.TEMPLATE,
        "block_id": "b",
        "value": "",
        "callback_id": "x",
    }


def _paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(deeper for key, inner in inside for deeper in _paths(inner, (*path, key)))]


def _spoiled(value: Any, path: tuple[Any, ...], junk: Any) -> Any:
    if not path:
        return junk
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = _spoiled(value[path[0]], path[1:], junk)
    return copy


KINDS = ["block_actions", "view_submission", "view_closed", "block_suggestion", "shortcut", "message_action"]


@THOUSANDS
@given(st.data(), st.sampled_from(KINDS), ACTION_IDS, JUNK)
async def test_signed_interactions_of_the_wrong_type(
    edge: httpx.AsyncClient, data: st.DataObject, kind: str, name: str, junk: Any
) -> None:
    payload = _interaction(kind)
    payload["actions"][0]["action_id"] = payload["action_id"] = payload["view"]["callback_id"] = name
    payload = _spoiled(payload, data.draw(st.sampled_from(_paths(payload))), junk)
    body = urlencode({"payload": json.dumps(payload)}).encode()

    answer = await edge.post("/slack/events", content=body, headers={"Content-Type": FORM, **signed(body)})

    assert answer.status_code in {200, 400, 404}


@THOUSANDS
@given(st.data(), JUNK)
async def test_signed_events_of_the_wrong_type(
    edge: httpx.AsyncClient, data: st.DataObject, junk: Any
) -> None:
    event: dict[str, Any] = {
        "type": "event_callback",
        "team_id": "T1",
        "api_app_id": "A1",
        "event_id": "Ev1",
        "event": {"type": "app_home_opened", "user": "U1", "tab": "messages", "channel": "D1"},
        "authorizations": [{"team_id": "T1", "user_id": "U9", "is_bot": True}],
    }
    body = json.dumps(_spoiled(event, data.draw(st.sampled_from(_paths(event))), junk)).encode()

    answer = await edge.post("/slack/events", content=body, headers={"Content-Type": JSON, **signed(body)})

    assert answer.status_code in {200, 400, 404}


@THOUSANDS
@given(st.dictionaries(st.sampled_from([*COMMAND, "payload", "ssl_check"]), st.text(max_size=40)))
async def test_signed_forms_of_the_wrong_type(edge: httpx.AsyncClient, form: dict[str, str]) -> None:
    body = urlencode(form).encode()

    answer = await edge.post("/slack/events", content=body, headers={"Content-Type": FORM, **signed(body)})

    assert answer.status_code in {200, 400, 404}


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(min_value=0, max_value=400), st.sampled_from([JSON, FORM]))
async def test_signed_but_truncated(edge: httpx.AsyncClient, cut: int, kind: str) -> None:
    whole = urlencode({"payload": json.dumps(_interaction("view_submission"))})
    body = whole[:cut].encode()

    answer = await edge.post("/slack/events", content=body, headers={"Content-Type": kind, **signed(body)})

    assert answer.status_code == 400


async def test_the_handshake(edge: httpx.AsyncClient) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "say this", "token": "t"}).encode()

    answer = await edge.post("/slack/events", content=body, headers={"Content-Type": JSON, **signed(body)})

    assert "say this" in answer.text


async def test_no_secret_in_a_log_line_of_a_broken_request(blank: Blank, tmp_path: Path) -> None:
    async with opened(blank, tmp_path) as place:
        with logging_to_text(place.settings.secrets) as out:
            transport = httpx.ASGITransport(app=place.app.web, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://slipway.test") as client:
                payload = _interaction("view_submission")
                payload["view"]["callback_id"] = ids.CONNECT
                payload["view"]["state"]["values"] = {
                    ids.CLIENT_SECRET_BLOCK: {"x": {"value": "typed-secret-77"}}
                }
                body = urlencode({"payload": json.dumps(payload)}).encode()
                await client.post(
                    "/slack/events", content=body, headers={"Content-Type": FORM, **signed(body)}
                )

    written = out.getvalue()
    assert "typed-secret-77" not in written
    assert SIGNING_SECRET not in written
