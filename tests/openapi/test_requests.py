from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from openapi_core.exceptions import OpenAPIError

from ironclad import (
    AuthorizationCode,
    ClientCredentials,
    Grant,
    Ironclad,
    IroncladError,
    MemoryVault,
    RefreshingTokens,
    Region,
    StaticToken,
    Status,
    Tokens,
    Upload,
    all_of,
    at_least,
    authorize_url,
    equals,
    exchange_code,
)
from tests.openapi.descriptions import FOLDER, Descriptions, UndocumentedError

pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(),
    reason="Ironclad's OpenAPI files are not beside this repository, in ../shared/ironclad",
)

BASE = Region.NORTH_AMERICA.url
CALLBACK = "https://slipway.test/ironclad/callback"
CLIENT = "0b7a3e52-1c1f-4c55-9d0e-6f1b8a2c7e10"
SINCE = datetime(2026, 10, 1, tzinfo=UTC)
ATTRIBUTES: dict[str, Any] = {
    "counterpartyName": "Lanternfish Ltd",
    "paperSource": "Counterparty paper",
    "draft": [{"file": "draft_1"}],
    "amount": {"currency": "EUR", "amount": 25.37},
}
BY_URL: dict[str, Any] = {**ATTRIBUTES, "draft": [{"url": "https://files.example.com/abc.docx"}]}
DRAFT = Upload("draft_1", "their nda.pdf", "application/pdf", b"%PDF-1.7")

Deed = Callable[[Ironclad], Awaitable[Any]]


async def listed(client: Ironclad, **asked: Any) -> None:
    async for _ in client.workflows(**asked):
        pass


async def downloaded(client: Ironclad) -> None:
    async with client.download("IC-12", "Zx81/..") as chunks:
        async for _ in chunks:
            pass


DEEDS: dict[str, list[Deed]] = {
    "templates": [lambda client: client.templates()],
    "template": [lambda client: client.template("t1")],
    "launch": [
        lambda client: client.launch("t1", BY_URL),
        lambda client: client.launch("t1", {}, use_default_values=True),
        lambda client: client.launch("t1", ATTRIBUTES, files=[DRAFT]),
    ],
    "launch_async": [
        lambda client: client.launch_async("t1", BY_URL),
        lambda client: client.launch_async("t1", BY_URL, use_default_values=True),
    ],
    "launch_status": [lambda client: client.launch_status("Vq3_tR8wLzK1nXc5BdE7h")],
    "workflows": [
        lambda client: listed(client),
        lambda client: listed(
            client,
            template="t1",
            statuses={Status.PAUSED},
            updated_since=SINCE,
            where=all_of(equals("requestRef", "O'Hara & Søn"), at_least("amount", 10)),
            page_size=1,
        ),
    ],
    "workflow": [lambda client: client.workflow("IC-12")],
    "cancel": [lambda client: client.cancel("w1", "Duplicate request")],
    "documents": [lambda client: client.documents("w1")],
    "download": [downloaded],
    "whoami": [lambda client: client.whoami()],
    "company": [lambda client: client.company()],
    "user_by_email": [lambda client: client.user_by_email('dana"ruiz@example.com')],
    "user": [lambda client: client.user("u1")],
    "users_beginning": [lambda client: client.users_beginning('dana"r')],
    "record": [lambda client: client.record("IC-7")],
    "records_named": [lambda client: client.records_named("Lanternfish & Co")],
    "create_webhook": [lambda client: client.create_webhook("https://x.example/y", ["workflow_cancelled"])],
    "webhooks": [lambda client: client.webhooks()],
    "enable_webhook": [lambda client: client.enable_webhook("w1")],
    "delete_webhook": [lambda client: client.delete_webhook("w1")],
    "webhook_key": [lambda client: client.webhook_key()],
    "groups": [lambda client: client.groups(), lambda client: client.groups(name="Legal Ops")],
}


@pytest.fixture(scope="module")
def descriptions() -> Descriptions:
    return Descriptions()


class Checked:
    """Holds each request against the files, then refuses it."""

    def __init__(self, descriptions: Descriptions) -> None:
        self.descriptions = descriptions
        self.seen: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.descriptions.check(request)
        self.seen.append(request)
        return httpx.Response(403, json={"code": "FORBIDDEN"})


@pytest.fixture
async def checked(descriptions: Descriptions) -> Checked:
    return Checked(descriptions)


@pytest.fixture
async def http(checked: Checked) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.MockTransport(checked)) as session:
        yield session


def test_every_method_is_held_against_the_files() -> None:
    methods = {name for name, value in vars(Ironclad).items() if callable(value) and not name.startswith("_")}
    assert set(DEEDS) == methods - {"acting_as", "authorized"}


@pytest.mark.parametrize("deed", [deed for deeds in DEEDS.values() for deed in deeds])
@pytest.mark.parametrize("acting_user", ["dana.ruiz@example.com", None])
async def test_a_request_of_the_api(
    deed: Deed, acting_user: str | None, checked: Checked, http: httpx.AsyncClient
) -> None:
    client = Ironclad(http=http, base_url=BASE, tokens=StaticToken("token"), acting_user=acting_user)
    with pytest.raises(IroncladError):
        await deed(client)
    (request,) = checked.seen
    assert request.headers.get("x-as-user-email") == acting_user


@pytest.mark.parametrize(
    "grant",
    [
        ClientCredentials(CLIENT, "secret"),
        ClientCredentials(CLIENT, "secret", ("public.workflows.readSchemas", "scim.users.readUsers")),
        AuthorizationCode(CLIENT, "secret", CALLBACK),
    ],
)
async def test_a_request_for_tokens(grant: Grant, checked: Checked, http: httpx.AsyncClient) -> None:
    vault = MemoryVault(Tokens("access", "refresh", SINCE))
    with pytest.raises(IroncladError):
        await RefreshingTokens(grant, vault, http, BASE).token()
    assert len(checked.seen) == 1


async def test_the_exchange_of_a_code(checked: Checked, http: httpx.AsyncClient) -> None:
    grant = AuthorizationCode(CLIENT, "secret", CALLBACK)
    with pytest.raises(IroncladError):
        await exchange_code("code", grant=grant, http=http, base_url=BASE)
    assert len(checked.seen) == 1


@pytest.mark.parametrize("scopes", [(), ("public.workflows.readSchemas",)])
def test_the_address_of_the_consent_page(scopes: tuple[str, ...], descriptions: Descriptions) -> None:
    url = authorize_url(BASE, client_id=CLIENT, redirect_uri=CALLBACK, state="s", scopes=scopes)
    descriptions.check(httpx.Request("GET", url))


# The judge itself -----------------------------------------------------------------------------------

API = f"{BASE}/public/api/v1"
BEARER = {"Authorization": "Bearer token"}


@pytest.mark.parametrize(
    "request_",
    [
        httpx.Request("GET", f"{API}/workflow-schema", headers=BEARER),
        httpx.Request("PUT", f"{API}/workflows", headers=BEARER),
        httpx.Request("GET", f"{API}/workflows?status=active,done", headers=BEARER),
        httpx.Request("GET", f"{API}/workflows?pageSize=101", headers=BEARER),
        httpx.Request("GET", f"{API}/workflows?template_id=t1", headers=BEARER),
        httpx.Request("GET", f"{API}/workflows", headers={**BEARER, "x-as-email": "dana@example.com"}),
        httpx.Request("GET", f"{API}/workflows"),
        httpx.Request("POST", f"{API}/workflows", headers=BEARER, json={"template": "t1"}),
        httpx.Request(
            "POST", f"{API}/workflows", headers=BEARER, json={"template": "t1", "attributes": {}, "x": 1}
        ),
        httpx.Request("POST", f"{API}/workflows/w1/cancel", headers=BEARER, json={"comment": "why"}),
        httpx.Request("POST", f"{BASE}/oauth/token", json={"grant_type": "password"}),
        httpx.Request("GET", f"{BASE}/oauth/authorize?response_type=token&client_id=1&redirect_uri=x"),
        httpx.Request("GET", f"{BASE}/scim/v2/Users?startIndex=0", headers=BEARER),
    ],
    ids=lambda request: f"{request.method} {request.url.raw_path.decode()}",
)
def test_the_judge_refuses_what_is_wrong(request_: httpx.Request, descriptions: Descriptions) -> None:
    with pytest.raises((OpenAPIError, UndocumentedError)):
        descriptions.check(request_)
