"""Workflows after the launch (facts page §6)."""

import asyncio
from typing import Any

import pytest

from tests.sandbox.ironclad.world import IroncladWorld
from tests.unit.sandbox_ironclad.conftest import ADMIN, API, DANA, LEE, PRIYA, PURCHASE, App, Clock

COMMENT = {"comment": {"message": "Duplicate request"}}


async def launched(app: App, purchase: str, **more: Any) -> dict[str, Any]:
    answer = await app.launch(purchase, {**PURCHASE, **more})
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def numbers(app: App, **query: Any) -> list[str]:
    answer = await app.get("workflows", **query)
    assert answer.status_code == 200, answer.text
    return [one["ironcladId"] for one in answer.json()["list"]]


async def test_pages_last_updated_first(app: App, clock: Clock, purchase: str) -> None:
    for _ in range(3):
        await launched(app, purchase)
        clock.advance(1)
    answer = (await app.get("workflows", page=0, pageSize=2)).json()
    assert (answer["page"], answer["pageSize"], answer["count"]) == (0, 2, 3)
    assert [one["ironcladId"] for one in answer["list"]] == ["IC-6", "IC-5"]
    assert await numbers(app, page=1, pageSize=2) == ["IC-4"]
    assert await numbers(app, page=2, pageSize=2) == []


@pytest.mark.parametrize(
    "query",
    [
        {"pageSize": "101"},
        {"pageSize": "0"},
        {"page": "-1"},
        {"page": "²"},
        {"status": "done"},
        {"lastUpdated": "x"},
        {"filter": "Equals("},
        {"lastUpdated": "2026-01-01"},
    ],
)
async def test_bad_parameters(app: App, query: dict[str, str]) -> None:
    answer = await app.get("workflows", **query)
    assert (answer.status_code, answer.json()["code"]) == (400, "INVALID_PARAM")


async def test_only_active_ones_unless_asked(app: App, purchase: str) -> None:
    kept, dropped = [await launched(app, purchase) for _ in range(2)]
    answer = await app.call("POST", f"{API}/workflows/{dropped['id']}/cancel", json=COMMENT)
    assert (answer.status_code, answer.content) == (204, b"")
    assert await numbers(app) == [kept["ironcladId"]]
    assert await numbers(app, status="cancelled") == [dropped["ironcladId"]]
    assert len(await numbers(app, status="active,paused,completed,cancelled")) == 2


async def test_by_template_time_and_formula(
    app: App, world: IroncladWorld, clock: Clock, purchase: str
) -> None:
    await launched(app, purchase, requestNumber="REQ-1")
    clock.advance(60)
    after = clock.time.isoformat()
    await launched(app, purchase, requestNumber="REQ-2")
    assert await numbers(app, lastUpdated=after) == ["IC-5"]
    assert await numbers(app, filter="Equals([requestNumber],'REQ-1')") == ["IC-4"]
    world.republish(world.template("Simple Purchase"))
    assert len(await numbers(app, template=purchase)) == 2
    assert await numbers(app, template=world.template("Simple Purchase").id) == []


async def test_new_ones_are_found_after_the_lag_but_read_at_once(
    app: App, world: IroncladWorld, clock: Clock, purchase: str
) -> None:
    world.rules.index_lag = 5
    workflow = await launched(app, purchase)
    assert await numbers(app) == []
    assert (await app.get(f"workflows/{workflow['id']}")).status_code == 200
    clock.advance(5)
    assert await numbers(app) == [workflow["ironcladId"]]


async def test_read_by_id_and_number(app: App, purchase: str) -> None:
    workflow = await launched(app, purchase)
    assert (await app.get(f"workflows/{workflow['id']}")).json() == workflow
    assert (await app.get("workflows/IC-4")).json() == workflow
    unknown = await app.get("workflows/IC-99")
    assert (unknown.status_code, unknown.json()["code"]) == (400, "NOT_FOUND")


async def test_others_do_not_see_what_they_may_not(app: App, world: IroncladWorld) -> None:
    design = world.template("Board Resolution")
    given = {"counterpartyName": "x", "resolution": "y", "meetingDate": "2026-11-01T00:00:00Z"}
    assert (await app.launch(design.id, given)).status_code == 200
    app.as_user = LEE
    assert await numbers(app) == ["IC-4"]  # to see a design is to see its workflows
    hidden = world.workflows[0]
    hidden.template = type(design)(
        name="Hidden", fields=(), viewers=frozenset({DANA}), launchers=frozenset({DANA})
    )
    assert await numbers(app) == []
    assert (await app.get(f"workflows/{hidden.id}/documents")).status_code == 404


@pytest.mark.parametrize("body", [{}, {"comment": {}}, {"comment": {"message": " "}}, {"comment": "x"}])
async def test_cancelling_needs_a_comment(app: App, purchase: str, body: dict[str, Any]) -> None:
    workflow = await launched(app, purchase)
    answer = await app.call("POST", f"{API}/workflows/{workflow['id']}/cancel", json=body)
    assert answer.status_code == 400
    assert await numbers(app) == ["IC-4"]


async def test_a_cancelled_workflow(app: App, purchase: str) -> None:
    workflow = await launched(app, purchase)
    cancel = f"{API}/workflows/{workflow['id']}/cancel"
    await app.call("POST", cancel, json=COMMENT)
    now = (await app.get("workflows/IC-4")).json()
    gone = {"state": "not_applicable", "message": "This workflow has been cancelled"}
    assert (now["step"], now["status"], now["isCancelled"]) == ("Review", "cancelled", True)
    assert (now["approvals"], now["signatures"]) == (gone, gone)
    assert (await app.call("POST", cancel, json=COMMENT)).json()["code"] == "INVALID_STATE"


async def test_moves_take_the_id_and_not_the_number(app: App, purchase: str) -> None:
    await launched(app, purchase)
    answer = await app.call("POST", f"{API}/workflows/IC-4/cancel", json=COMMENT)
    assert (answer.status_code, answer.json()) == (
        404,
        {"code": "NOT_FOUND", "message": "workflow does not exist", "param": "workflowId"},
    )


async def test_pausing_resets_approvals_on_resuming(app: App, world: IroncladWorld) -> None:
    design = world.template("Vendor Services Agreement")
    given = {
        "counterpartyName": "Acme",
        "servicesDescription": "Cleaning",
        "businessUnit": "Operations",
        "handlesPersonalData": False,
        "vendorContactEmail": "x@acme.example",
        "startDate": "2026-11-01T00:00:00Z",
        "contractValue": {"currency": "USD", "amount": 9},
        "vendorAddress": {"lines": ["1 Quay St"], "locality": "Dublin", "country": "Ireland"},
    }
    app.as_user = LEE
    workflow = (await app.launch(design.id, given)).json()
    base = f"{API}/workflows/{workflow['id']}"
    procurement, legal = (role.id for role in design.roles)
    early = await app.call(
        "PATCH", f"{base}/approvals/{legal}", json={"status": "approved"}, headers={"x-as-user-email": DANA}
    )
    assert early.json()["message"] == "This approval cannot be approved out of order"
    answer = await app.call("PATCH", f"{base}/approvals/{procurement}", json={"status": "approved"})
    assert (answer.status_code, answer.json()) == (200, True)
    assert (await app.call("POST", f"{base}/pause", json=COMMENT)).status_code == 204
    again = await app.call("POST", f"{base}/pause", json=COMMENT)
    assert again.json()["message"] == "Only active workflows in the review step can be paused."
    assert (await app.call("POST", f"{base}/resume", json=COMMENT)).status_code == 204
    approvals = (await app.get(f"workflows/{workflow['id']}/approvals")).json()
    assert [one["status"] for one in approvals["approvalGroups"]] == ["active", "pending"]


async def test_the_last_approval_leads_to_sign(app: App, world: IroncladWorld, purchase: str) -> None:
    workflow = await launched(app, purchase)
    role = world.template("Simple Purchase").roles[0].id
    address = f"{API}/workflows/IC-4/approvals/{role}"
    stranger = await app.call("PATCH", address, json={"status": "approved"})
    assert stranger.json()["param"] == "approval"
    app.as_user = PRIYA
    assert (await app.call("PATCH", address, json={"status": "approved"})).json() is True
    now = (await app.get(f"workflows/{workflow['id']}")).json()
    assert (now["step"], now["approvals"], now["isRevertibleToReview"]) == (
        "Sign",
        {"state": "completed"},
        True,
    )
    assert now["signatures"]["state"] == "in_progress"


async def test_a_role_that_does_not_exist(app: App, purchase: str) -> None:
    await launched(app, purchase)
    answer = await app.call("PATCH", f"{API}/workflows/IC-4/approvals/x", json={"status": "approved"})
    assert answer.json()["message"] == "This role does not exist in this workflow"


async def test_records_are_listed_and_filtered(app: App) -> None:
    listed = (await app.get("records")).json()
    assert [one["ironcladId"] for one in listed["list"]] == ["IC-3", "IC-1", "IC-2"]  # by agreementDate
    by_name = (await app.get("records", filter="Contains([name],'Lanternfish')", sortField="name")).json()
    assert [one["name"] for one in by_name["list"]] == ["Mutual NDA with Lanternfish Ltd"]
    assert (await app.get("records/IC-2")).json()["type"] == "vendorServicesAgreement"
    assert (await app.get("records", types="vendorServicesAgreement")).json()["count"] == 1
    unknown = await app.get("records/IC-77")
    assert unknown.json()["message"] == "couldn't find a record matching the id [IC-77]"


async def test_a_related_record_is_returned_with_both_ids(app: App, world: IroncladWorld) -> None:
    record = world.company.record("IC-2")
    assert record is not None
    given = {
        "counterpartyName": "Northgate Freight",
        "masterAgreement": "IC-2",
        "scopeOfWork": "Phase one",
        "milestones": [{"milestone": "Start"}],
    }
    answer = await app.launch(world.template("Statement of Work").id, given)
    assert answer.json()["attributes"]["masterAgreement"] == {"recordId": record.id, "readableId": "IC-2"}


async def test_people_and_groups(app: App, world: IroncladWorld) -> None:
    found = (await app.get("/scim/v2/Users", filter=f'userName eq "{LEE.upper()}"')).json()
    assert (found["totalResults"], found["Resources"][0]["name"]["familyName"]) == (1, "Wong")
    user = (await app.get(f"/scim/v2/Users/{world.user(LEE).id}")).json()
    assert user["emails"] == [{"value": LEE, "type": "work", "primary": True}]
    groups = (await app.get("/scim/v2/Groups", filter='displayName eq "Legal Ops"')).json()
    assert groups["Resources"][0]["members"] == [{"type": "User", "value": world.user(DANA).id}]
    second = (await app.get("/scim/v2/Users", startIndex=2, count=2)).json()
    assert [one["userName"] for one in second["Resources"]] == [LEE, "sam.ito@example.com"]


async def test_scim_refusals(app: App, world: IroncladWorld) -> None:
    gone = world.replace_user(world.user(ADMIN), active=False)
    unknown = await app.get(f"/scim/v2/Users/{gone.id}")
    assert (unknown.status_code, unknown.json()) == (
        404,
        {
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
            "status": "404",
            "detail": f"Resource {gone.id} not found",
        },
    )
    bad = await app.get("/scim/v2/Users", filter="userName eq dana")
    assert (bad.status_code, bad.json()["scimType"]) == (400, "invalidFilter")
    assert (await app.get("/scim/v2/Users", count=1001)).json()["scimType"] == "invalidValue"
    await app.connect(scope="public.workflows.readWorkflows")
    assert (await app.get("/scim/v2/Users")).json().keys() == {"schemas", "status"}


async def test_two_hundred_launches_at_once(app: App, world: IroncladWorld, purchase: str) -> None:
    world.limits.enabled = False
    answers = await asyncio.gather(*(app.launch(purchase, PURCHASE) for _ in range(200)))
    assert {one.status_code for one in answers} == {200}
    assert len({one.json()["ironcladId"] for one in answers}) == len(world.workflows) == 200
