"""The authorization server (facts page §2)."""

import base64
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.sandbox.ironclad import scopes
from tests.sandbox.ironclad.world import DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, IroncladWorld
from tests.unit.sandbox_ironclad.conftest import API, DANA, LEE, App, Clock

CALLBACK = "http://127.0.0.1:3000/ironclad/callback"
CREDENTIALS = {"client_id": DEMO_CLIENT_ID, "client_secret": DEMO_CLIENT_SECRET}


async def token(http: httpx.AsyncClient, **fields: str) -> httpx.Response:
    return await http.post("/oauth/token", json={**CREDENTIALS, **fields})


async def consent(http: httpx.AsyncClient, user: str = DANA, **more: str) -> dict[str, str]:
    """What comes back to the app after the person pressed Allow (or what `decision` says)."""
    asked = {"response_type": "code", "client_id": DEMO_CLIENT_ID, "redirect_uri": CALLBACK, "state": "s1"}
    answer = await http.post("/oauth/authorize", data={**asked, "user": user, "decision": "allow", **more})
    assert answer.status_code == 302, answer.text
    address = urlsplit(answer.headers["location"])
    assert address.path == "/ironclad/callback"
    return {key: values[0] for key, values in parse_qs(address.query).items()}


async def connect(http: httpx.AsyncClient, **more: str) -> dict[str, Any]:
    code = (await consent(http, **more))["code"]
    answer = await token(http, grant_type="authorization_code", code=code, redirect_uri=CALLBACK)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def test_client_credentials_answer_without_a_refresh_token(http: httpx.AsyncClient) -> None:
    answer = await token(http, grant_type="client_credentials", scope=scopes.READ_SCHEMAS)
    assert answer.json().keys() == {"token_type", "access_token", "expires_in", "scope"}
    assert (answer.json()["expires_in"], answer.json()["scope"]) == (21600, scopes.READ_SCHEMAS)


async def test_a_form_and_a_basic_header_are_taken_too(http: httpx.AsyncClient) -> None:
    form = await http.post("/oauth/token", data={**CREDENTIALS, "grant_type": "client_credentials"})
    basic = base64.b64encode(f"{DEMO_CLIENT_ID}:{DEMO_CLIENT_SECRET}".encode()).decode()
    header = await http.post(
        "/oauth/token", json={"grant_type": "client_credentials"}, headers={"Authorization": f"Basic {basic}"}
    )
    assert (form.status_code, header.status_code) == (200, 200)


@pytest.mark.parametrize(
    ("fields", "status", "error"),
    [
        ({"client_secret": "wrong"}, 403, "unauthorized_client"),
        ({"client_id": "not-a-uuid"}, 400, "invalid_request"),
        ({"client_id": "00000000-0000-0000-0000-000000000000"}, 403, "unauthorized_client"),
        ({"grant_type": "password"}, 400, "invalid_request"),
        ({"scope": "public.search.conversational"}, 400, "invalid_scope"),
        ({"grant_type": "authorization_code", "code": "x"}, 400, "invalid_request"),
        ({"grant_type": "authorization_code", "code": "x", "redirect_uri": CALLBACK}, 403, "invalid_grant"),
        ({"grant_type": "refresh_token", "refresh_token": "x"}, 403, "invalid_grant"),
    ],
)
async def test_refusals_of_the_token_endpoint(
    http: httpx.AsyncClient, fields: dict[str, str], status: int, error: str
) -> None:
    answer = await token(http, **{"grant_type": "client_credentials", **fields})
    assert (answer.status_code, answer.json()["error"]) == (status, error)


async def test_a_grant_that_the_app_did_not_register(http: httpx.AsyncClient, world: IroncladWorld) -> None:
    client = world.add_client(grants=["authorization_code"])
    fields = {"client_id": client.id, "client_secret": client.secret, "grant_type": "client_credentials"}
    answer = await http.post("/oauth/token", json=fields)
    assert answer.status_code == 403
    assert answer.json()["error_description"] == "client not authorized to use this oauth grant type"


async def test_a_code_is_good_once_and_for_its_own_address(http: httpx.AsyncClient) -> None:
    back = await consent(http)
    assert back["state"] == "s1"
    fields = {"grant_type": "authorization_code", "code": back["code"]}
    elsewhere = await token(http, **fields, redirect_uri=f"{CALLBACK}/other")
    first = await token(http, **fields, redirect_uri=CALLBACK)
    second = await token(http, **fields, redirect_uri=CALLBACK)
    assert [one.status_code for one in (elsewhere, first, second)] == [403, 200, 403]


async def test_a_code_expires(http: httpx.AsyncClient, clock: Clock) -> None:
    code = (await consent(http))["code"]
    clock.advance(601)
    answer = await token(http, grant_type="authorization_code", code=code, redirect_uri=CALLBACK)
    assert answer.json() == {
        "error": "invalid_grant",
        "error_description": "authorization code has expired",
    }


async def test_a_code_of_another_client_is_401(http: httpx.AsyncClient, world: IroncladWorld) -> None:
    code = (await consent(http))["code"]
    other = world.add_client()
    fields = {"client_id": other.id, "client_secret": other.secret, "code": code, "redirect_uri": CALLBACK}
    answer = await http.post("/oauth/token", json={"grant_type": "authorization_code", **fields})
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


async def test_refresh_tokens_rotate_and_reuse_is_refused(http: httpx.AsyncClient) -> None:
    first = await connect(http)
    second = await token(http, grant_type="refresh_token", refresh_token=first["refresh_token"])
    reuse = await token(http, grant_type="refresh_token", refresh_token=first["refresh_token"])
    assert second.json()["refresh_token"] != first["refresh_token"]
    assert (reuse.status_code, reuse.json()["error"]) == (403, "invalid_grant")
    # A spent token that comes back may have been stolen: the whole grant ends.
    third = await token(http, grant_type="refresh_token", refresh_token=second.json()["refresh_token"])
    assert (third.status_code, third.json()["error"]) == (403, "invalid_grant")


async def test_a_refresh_cannot_widen_the_scope(http: httpx.AsyncClient) -> None:
    tokens = await connect(http, scope=scopes.READ_SCHEMAS)
    wider = f"{scopes.READ_SCHEMAS} {scopes.CANCEL}"
    fields = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    assert (await token(http, **fields, scope=wider)).json()["error"] == "invalid_scope"
    assert (await token(http, **fields)).json()["scope"] == scopes.READ_SCHEMAS


async def test_denying_and_unknown_scopes_come_back_as_errors(http: httpx.AsyncClient) -> None:
    assert (await consent(http, decision="deny"))["error"] == "access_denied"
    query = {"response_type": "code", "client_id": DEMO_CLIENT_ID, "redirect_uri": CALLBACK, "scope": "x"}
    answer = await http.get("/oauth/authorize", params=query)
    assert answer.headers["location"] == f"{CALLBACK}?error=invalid_scope"


async def test_an_unregistered_redirect_address_is_never_used(http: httpx.AsyncClient) -> None:
    query = {"response_type": "code", "client_id": DEMO_CLIENT_ID, "redirect_uri": "https://evil.example"}
    answer = await http.get("/oauth/authorize", params=query)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
    assert "location" not in answer.headers


async def test_the_consent_page_shows_scopes_and_escapes(http: httpx.AsyncClient) -> None:
    query = {
        "response_type": "code",
        "client_id": DEMO_CLIENT_ID,
        "redirect_uri": CALLBACK,
        "scope": scopes.CANCEL,
        "state": '"><script>',
    }
    answer = await http.get("/oauth/authorize", params=query)
    assert scopes.CANCEL in answer.text
    assert "<script>" not in answer.text


async def test_a_consenting_user_is_the_actor_without_a_header(http: httpx.AsyncClient) -> None:
    tokens = await connect(http, user=LEE)
    answer = await http.get("/oauth/userinfo", headers={"Authorization": f"Bearer {tokens['access_token']}"})
    assert answer.json()["email"] == LEE


async def test_who_and_whose(app: App, world: IroncladWorld) -> None:
    me = (await app.get("/oauth/userinfo")).json()
    company = (await app.get("/oauth/company-info")).json()
    assert (me["displayName"], me["companyId"]) == ("Dana Ruiz", world.company.id)
    assert (company["companyId"], company["companyDisplayName"]) == (world.company.id, "Harbor Oak")


async def test_client_credentials_need_an_acting_user_on_every_call(app: App) -> None:
    for path in ("/oauth/userinfo", f"{API}/workflows", "/scim/v2/Users"):
        answer = await app.call("GET", path, headers={"x-as-user-email": ""})
        assert answer.status_code == 400, path
    rest = await app.call("GET", f"{API}/workflows", headers={"x-as-user-email": ""})
    assert (rest.json()["code"], rest.json()["param"]) == ("MISSING_PARAM", "x-as-user-email")


async def test_an_unknown_or_removed_acting_user_is_refused(app: App, world: IroncladWorld) -> None:
    world.replace_user(world.user(LEE), active=False)
    for email in ("nobody@example.com", LEE):
        answer = await app.call("GET", f"{API}/workflows", headers={"x-as-user-email": email})
        assert (answer.status_code, answer.json()["code"]) == (403, "FORBIDDEN")
    world.rules.unknown_user_status, world.rules.unknown_user_code = 404, "NOT_FOUND"
    answer = await app.call("GET", f"{API}/workflows", headers={"x-as-user-email": LEE})
    assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND")


async def test_an_acting_user_by_id_and_in_any_case(app: App, world: IroncladWorld) -> None:
    by_id = {"x-as-user-email": "", "x-as-user-id": world.user(LEE).id}
    assert (await app.call("GET", "/oauth/userinfo", headers=by_id)).json()["email"] == LEE
    shouted = {"x-as-user-email": LEE.upper()}
    assert (await app.call("GET", "/oauth/userinfo", headers=shouted)).json()["email"] == LEE


async def test_bad_tokens_are_401_on_any_path_with_the_reason(
    app: App, world: IroncladWorld, clock: Clock
) -> None:
    async def message(path: str) -> str:
        answer = await app.get(path)
        assert (answer.status_code, answer.json()["code"]) == (401, "UNAUTHORIZED")
        return str(answer.json()["message"])

    clock.advance(21_600)
    assert await message("workflows") == "token has expired"
    await app.connect()
    world.oauth.revoke_all()
    assert await message("workflows") == "token has been revoked"
    app.token = "made-up"
    assert await message("no/such/path") == "invalid authentication token"


async def test_a_good_token_on_an_unknown_path_is_404(app: App) -> None:
    assert (await app.get("no/such/path")).status_code == 404


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "workflow-schemas?form=launch"),
        ("POST", "workflows"),
        ("POST", "workflows/async"),
        ("GET", "workflows"),
        ("POST", "workflows/x/cancel"),
        ("GET", "workflows/x/documents"),
        ("GET", "records"),
        ("GET", "webhooks"),
    ],
)
async def test_every_route_asks_for_its_scope(app: App, method: str, path: str) -> None:
    await app.connect(scope=scopes.READ_USERS)
    answer = await app.call(method, f"{API}/{path}")
    assert (answer.status_code, answer.json()["code"]) == (403, "FORBIDDEN")


async def test_the_lifetime_of_tokens_can_be_set(app: App, world: IroncladWorld) -> None:
    world.rules.token_seconds = 60
    assert (await app.connect())["expires_in"] == 60
