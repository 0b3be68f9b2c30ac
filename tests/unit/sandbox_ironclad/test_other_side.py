"""`/sandbox/*` and the pages that links lead to."""

import httpx
import pytest

from tests.sandbox.ironclad.world import DEMO_CLIENT_SECRET, IroncladWorld
from tests.unit.sandbox_ironclad.conftest import API, DANA, PURCHASE, App


async def test_the_list_shows_what_the_page_needs(app: App, purchase: str) -> None:
    workflow = (await app.launch(purchase, PURCHASE)).json()
    (seen,) = (await app.http.get("/sandbox/workflows")).json()["workflows"]
    assert (seen["id"], seen["ironcladId"], seen["title"]) == (workflow["id"], "IC-4", workflow["title"])
    assert (seen["template"], seen["creator"], seen["step"]) == ("Simple Purchase", DANA, "Review")
    assert seen["documents"][0]["filename"] == "Simple Purchase.docx"
    assert seen["attributes"]["counterpartyName"] == "Lanternfish Ltd"


async def test_from_review_to_a_record(app: App, world: IroncladWorld, purchase: str) -> None:
    await app.launch(purchase, PURCHASE)
    steps = []
    for name in ("approve", "sign", "complete"):
        steps.append((await app.http.post(f"/sandbox/workflows/IC-4/{name}")).json()["step"])
    assert steps == ["Sign", "Archive", "Complete"]
    done = (await app.get("workflows/IC-4")).json()
    assert (done["status"], done["isComplete"]) == ("completed", True)
    record = (await app.get(f"records/{done['recordIds'][0]}")).json()
    assert (record["name"], record["ironcladId"]) == ("Simple Purchase with Lanternfish Ltd", "IC-5")


@pytest.mark.parametrize("name", ["sign", "complete", "resume"])
async def test_moves_out_of_turn_are_refused(app: App, purchase: str, name: str) -> None:
    await app.launch(purchase, PURCHASE)
    answer = await app.http.post(f"/sandbox/workflows/IC-4/{name}")
    assert (answer.status_code, answer.json()["code"]) == (400, "INVALID_STATE")
    assert answer.json()["message"]


async def test_what_is_too_long_fails_at_archive(app: App, world: IroncladWorld, purchase: str) -> None:
    await app.launch(purchase, {**PURCHASE, "whatAndWhy": "x" * 32_001})
    for name in ("approve", "sign"):
        await app.http.post(f"/sandbox/workflows/IC-4/{name}")
    answer = await app.http.post("/sandbox/workflows/IC-4/complete")
    assert "whatAndWhy" in answer.json()["message"]
    assert (await app.get("workflows/IC-4")).json()["step"] == "Archive"
    assert world.company.numbers == 4


async def test_unknown_workflows_moves_and_templates(http: httpx.AsyncClient) -> None:
    assert (await http.post("/sandbox/workflows/IC-99/approve")).status_code == 404
    assert (await http.post("/sandbox/templates/x/republish")).status_code == 400


async def test_republishing(http: httpx.AsyncClient, world: IroncladWorld, purchase: str) -> None:
    renewed = (await http.post(f"/sandbox/templates/{purchase}/republish")).json()
    listed = (await http.get("/sandbox/templates")).json()["templates"]
    assert renewed["id"] != purchase
    assert renewed["id"] in {one["id"] for one in listed}
    assert purchase not in {one["id"] for one in listed}


async def test_faults_over_http(app: App, world: IroncladWorld) -> None:
    fault = {"path_prefix": "/", "kind": "429", "times": 1}
    assert (await app.http.post("/sandbox/faults", json=fault)).status_code == 201
    (shown,) = (await app.http.get("/sandbox/faults")).json()["faults"]
    assert (shown["kind"], shown["times"]) == ("429", 1)
    assert (await app.get("workflows")).status_code == 429
    await app.http.post("/sandbox/faults", json={"kind": "drop_before", "times": -1})
    assert (await app.http.get("/sandbox/workflows")).status_code == 200
    assert (await app.http.delete("/sandbox/faults")).status_code == 204
    assert (await app.get("workflows")).status_code == 200


@pytest.mark.parametrize("body", ["{", "[]", '{"kind":"explode"}', '{"kind":"500","times":-2}'])
async def test_bad_faults(http: httpx.AsyncClient, world: IroncladWorld, body: str) -> None:
    answer = await http.post("/sandbox/faults", content=body)
    assert answer.status_code == 400
    assert world.faults.active == ()


async def test_rules_over_http(app: App, world: IroncladWorld, purchase: str) -> None:
    answer = await app.http.post("/sandbox/rules", json={"index_lag": 60, "limited": False})
    assert (answer.json()["index_lag"], answer.json()["limited"]) == (60, False)
    await app.launch(purchase, PURCHASE)
    assert (await app.get("workflows")).json()["count"] == 0
    assert (await app.http.post("/sandbox/rules", json={"colour": "red"})).status_code == 400
    assert (await app.http.get("/sandbox/rules")).json()["index_lag"] == 60


async def test_the_log_keeps_no_secret(app: App, world: IroncladWorld) -> None:
    await app.http.post("/oauth/token", data={"client_secret": DEMO_CLIENT_SECRET, "code": "c0de"})
    await app.get("workflows", page=0)
    shown = await app.http.get("/sandbox/requests")
    newest, form, json_request = shown.json()["requests"]
    assert (newest["path"], newest["query"], newest["status"]) == (f"{API}/workflows", {"page": "0"}, 200)
    assert newest["headers"]["x-as-user-email"] == DANA
    assert (form["status"], json_request["status"]) == (400, 200)
    for secret in (DEMO_CLIENT_SECRET, "c0de", app.token):
        assert secret not in shown.text
    entry = world.requests.of("POST", "/oauth/token")[0]
    assert entry.json["grant_type"] == "client_credentials"


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        ("http://127.0.0.1:8400", True),
        ("http://localhost:8400", True),
        ("http://[::1]:8400", True),
        ("https://evil.example", False),
        ("http://127.0.0.1.evil.example", False),
    ],
)
async def test_only_pages_of_this_machine_may_read(
    http: httpx.AsyncClient, origin: str, allowed: bool
) -> None:
    answer = await http.get("/sandbox/workflows", headers={"Origin": origin})
    assert (answer.headers.get("access-control-allow-origin") == origin) is allowed
    preflight = await http.options(
        "/sandbox/faults", headers={"Origin": origin, "Access-Control-Request-Method": "DELETE"}
    )
    assert (preflight.status_code == 200) is allowed


async def test_the_page_of_a_workflow(app: App, purchase: str) -> None:
    hostile = "<script>alert(1)</script>"
    workflow = (await app.launch(purchase, {**PURCHASE, "counterpartyName": hostile})).json()
    page = await app.http.get(f"/workflow/{workflow['id']}")
    assert page.status_code == 200
    assert "IC-4" in page.text
    assert hostile not in page.text
    assert "&lt;script&gt;alert(1)" in page.text
    assert (await app.http.get("/workflow/none")).status_code == 404


async def test_the_page_of_a_launch_form(
    http: httpx.AsyncClient, world: IroncladWorld, purchase: str
) -> None:
    address = world.launch_form(world.company, purchase)
    page = await http.get(address)
    assert "Launch Simple Purchase" in page.text
    assert "Request number" in page.text
    world.republish(world.template("Simple Purchase"))
    assert (await http.get(address)).status_code == 404
