"""Answers held against Ironclad's own OpenAPI files.

Where recordings of live answers contradict the files, the recordings win (facts page §4, §5, §8, §10): a
launched workflow's `schema` describes fields where the file demands values, a finished job carries the id
alone of its workflow, free text has no `values`, and creating a webhook says 200.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from tests.sandbox.ironclad.world import DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, IroncladWorld
from tests.unit.sandbox_ironclad.conftest import ADMIN, API, PURCHASE, App

FOLDER = Path(__file__).parents[4] / "shared" / "ironclad"
VALUES = {"counterpartyName": "Lanternfish Ltd"}
pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="Ironclad's OpenAPI files are not beside the checkout"
)


@cache
def document(name: str) -> Mapping[str, Any]:
    """One of the files."""
    loaded: Mapping[str, Any] = yaml.safe_load((FOLDER / f"ironclad-{name}-openapi.yml").read_text())
    return loaded


def conforms(body: Any, path: str, method: str = "get", status: str = "200", api: str = "public-api") -> None:
    """Fail unless a body is what the file promises for this answer."""
    file = document(api)
    answer = file["paths"][path][method]["responses"][status]
    if "$ref" in answer:
        answer = file["components"]["responses"][answer["$ref"].rsplit("/", 1)[-1]]
    schema = next(iter(answer["content"].values()))["schema"]
    validator = Draft202012Validator(_satisfiable({**schema, "components": file["components"]}))
    assert [f"{error.json_path}: {error.message}" for error in validator.iter_errors(body)] == []


def _satisfiable(schema: Any) -> Any:
    """The files write `oneOf` for alternatives that overlap, and forbid every key beside some of them."""
    if isinstance(schema, list):
        return [_satisfiable(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    closed = "oneOf" in schema and "properties" not in schema
    kept = {key: value for key, value in schema.items() if not (closed and key == "additionalProperties")}
    return {("anyOf" if key == "oneOf" else key): _satisfiable(value) for key, value in kept.items()}


async def test_workflows(app: App, purchase: str) -> None:
    launched = await app.launch(purchase, PURCHASE)
    conforms({**launched.json(), "schema": VALUES}, "/workflows", "post")
    conforms((await app.get("workflows")).json(), "/workflows")
    one = f"workflows/{launched.json()['id']}"
    conforms((await app.get(one)).json(), "/workflows/{id}")
    conforms((await app.get(f"{one}/documents")).json(), "/workflows/{id}/documents")
    conforms((await app.get(f"{one}/approvals")).json(), "/workflows/{id}/approvals")


@pytest.mark.parametrize(
    "moves", [["approve"], ["approve", "sign"], ["approve", "sign", "complete"], ["cancel"]]
)
async def test_a_workflow_in_every_state(app: App, purchase: str, moves: list[str]) -> None:
    await app.launch(purchase, PURCHASE)
    for name in moves:
        assert (await app.http.post(f"/sandbox/workflows/IC-4/{name}")).status_code == 200
    conforms((await app.get("workflows/IC-4")).json(), "/workflows/{id}")


async def test_a_refused_launch(app: App, purchase: str) -> None:
    conforms((await app.launch(purchase, {})).json(), "/workflows", "post", "400")


async def test_schemas(app: App, world: IroncladWorld, purchase: str) -> None:
    listed = (await app.get("workflow-schemas", form="launch")).json()
    conforms(_with_values(listed), "/workflow-schemas")
    for template in world.company.templates:
        one = (await app.get(f"workflow-schemas/{template}", form="launch")).json()
        conforms(_with_values(one), "/workflow-schemas/{id}")
    conforms(
        (await app.get("workflow-schemas/x", form="launch")).json(), "/workflow-schemas/{id}", status="400"
    )


def _with_values(body: Any) -> Any:
    """The file demands `values` of every option; live free text has none (facts page §4.2)."""
    if isinstance(body, list):
        return [_with_values(one) for one in body]
    if not isinstance(body, dict):
        return body
    filled = {key: _with_values(value) for key, value in body.items()}
    return {"values": [], **filled} if "freeTextAllowed" in filled else filled


async def test_asynchronous_launches(app: App, world: IroncladWorld, purchase: str) -> None:
    path = "/workflows/async/{asyncJobId}"
    for attributes, seconds in ((PURCHASE, 0.0), (VALUES, 0.0), (PURCHASE, 60.0)):
        world.rules.job_seconds = seconds
        body = {"template": purchase, "attributes": dict(attributes)}
        begun = (await app.call("POST", f"{API}/workflows/async", json=body)).json()
        conforms(begun, "/workflows/async", "post")
        status = (await app.get(f"workflows/async/{begun['asyncJobId']}")).json()
        if "workflow" in status:
            status["workflow"] = (await app.get("workflows/IC-4")).json() | {"schema": VALUES}
        conforms(status, path)
    conforms((await app.get("workflows/async/x")).json(), path, status="404")


async def test_records_and_webhooks(app: App) -> None:
    conforms((await app.get("records")).json(), "/records")
    app.as_user = ADMIN
    body = {"targetURL": "https://hooks.example.com/ic", "events": ["workflow_launched"]}
    conforms((await app.call("POST", f"{API}/webhooks", json=body)).json(), "/webhooks", "post", "201")
    conforms((await app.get("webhooks")).json(), "/webhooks")
    again = await app.call("POST", f"{API}/webhooks", json=body)
    assert again.json()["message"].startswith("webhook already exists for event workflow_launched")


async def test_oauth(app: App) -> None:
    api = "oauth-20-api"
    credentials = {"client_id": DEMO_CLIENT_ID, "client_secret": DEMO_CLIENT_SECRET}
    good = await app.http.post("/oauth/token", json={**credentials, "grant_type": "client_credentials"})
    conforms(good.json(), "/token", "post", api=api)
    conforms((await app.get("/oauth/userinfo")).json(), "/userinfo", api=api)
    conforms((await app.get("/oauth/company-info")).json(), "/company-info", api=api)
    app.token = "made-up"
    conforms((await app.get("/oauth/userinfo")).json(), "/userinfo", status="401", api=api)


async def test_scim(app: App, world: IroncladWorld) -> None:
    api = "scim-api"
    user, group = next(iter(world.company.users)), next(iter(world.company.groups))
    conforms((await app.get("/scim/v2/Users")).json(), "/Users", api=api)
    conforms((await app.get("/scim/v2/Groups")).json(), "/Groups", api=api)
    conforms((await app.get(f"/scim/v2/Users/{user}")).json(), "/Users/{userId}", api=api)
    conforms((await app.get(f"/scim/v2/Groups/{group}")).json(), "/Groups/{groupId}", api=api)
    conforms((await app.get("/scim/v2/Users/x")).json(), "/Users/{userId}", status="404", api=api)
    conforms((await app.get("/scim/v2/Users", filter="x")).json(), "/Users", status="400", api=api)
