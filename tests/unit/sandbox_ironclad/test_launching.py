"""Templates and launches (facts page §4, §5)."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from tests.sandbox.ironclad.documents import VIRUS_MARK
from tests.sandbox.ironclad.templates import Template, text
from tests.sandbox.ironclad.world import IroncladWorld
from tests.unit.sandbox_ironclad.conftest import API, DANA, LEE, PRIYA, PURCHASE, App

NDA: Mapping[str, Any] = {"counterpartyName": "Lanternfish Ltd", "paperSource": "Our paper", "region": "AMER"}


def signed(world: IroncladWorld, attributes: Mapping[str, Any]) -> dict[str, Any]:
    """The NDA's attributes with its signer, whose keys are generated ids."""
    name, email = (one.key for one in world.template("Mutual NDA").fields if one.key.startswith("role"))
    return {**attributes, name: "Sam Poe", email: "sam@lanternfish.example"}


async def test_schemas_list_what_the_user_may_see(app: App) -> None:
    app.as_user = LEE
    body = (await app.get("workflow-schemas", form="launch")).json()
    assert body.keys() == {"list"}
    allowed = {one["name"]: one["permissions"] for one in body["list"]}
    assert allowed["Simple Purchase"] == ["launch", "view"]
    assert allowed["Board Resolution"] == ["view"]


async def test_a_design_that_one_may_not_see_does_not_exist(app: App, world: IroncladWorld) -> None:
    hidden = Template(name="Hidden", fields=(), viewers=frozenset({DANA}), launchers=frozenset({DANA}))
    world.add_template(hidden)
    assert (await app.get(f"workflow-schemas/{hidden.id}", form="launch")).status_code == 200
    app.as_user = LEE
    answer = await app.get(f"workflow-schemas/{hidden.id}", form="launch")
    assert (answer.status_code, answer.json()) == (
        400,
        {"code": "NOT_FOUND", "message": "workflow  template schema not found", "param": "templateId"},
    )
    assert (await app.launch(hidden.id, {})).json()["code"] == "NOT_FOUND"


async def test_form_is_required_and_is_launch(app: App) -> None:
    absent = (await app.get("workflow-schemas")).json()
    wrong = (await app.get("workflow-schemas", form="x")).json()
    assert absent["code"] == "MISSING_PARAM"
    assert wrong == {
        "code": "INVALID_PARAM",
        "message": "invalid query value 'x'; value must be one of [launch]",
        "param": "/?form",
    }


async def test_no_schema_shows_a_condition(app: App) -> None:
    schemas = (await app.get("workflow-schemas", form="launch")).json()["list"]
    keys = {key for one in schemas for question in one["schema"].values() for key in question}
    assert keys <= {"type", "displayName", "required", "options", "default", "elementType", "schema"}
    cost_centre = next(one for one in schemas if one["name"] == "Simple Purchase")["schema"]["costCentre"]
    assert cost_centre["required"] == "conditional"


async def test_a_launch_answers_200_with_the_workflow(app: App, world: IroncladWorld, purchase: str) -> None:
    answer = await app.launch(purchase, PURCHASE)
    workflow = answer.json()
    assert answer.status_code == 200, answer.text
    assert workflow["title"] == "Simple Purchase with Lanternfish Ltd"
    assert (workflow["step"], workflow["status"], workflow["creator"]["email"]) == ("Review", "active", DANA)
    assert workflow["ironcladId"] == workflow["attributes"]["readableId"] == "IC-4"
    assert workflow["approvals"] == {
        "state": "in_progress",
        "url": f"{world.public_url}{API}/workflows/{workflow['id']}/approvals",
    }
    assert workflow["signatures"] == {"state": "not_started"}
    assert [one["displayName"] for one in workflow["roles"]] == ["Finance", "Workflow Owner"]
    assert workflow["roles"][0]["assignees"][0]["email"] == PRIYA
    assert workflow["attributes"]["paperSource"] == "Our paper"
    assert answer.headers["x-ironclad-requestid"] == answer.headers["x-response-id"]


async def test_all_that_is_missing_is_named_at_once(app: App, purchase: str) -> None:
    answer = await app.launch(purchase, {"counterpartyName": "Acme", "amount": 12_000, "department": ""})
    body = answer.json()
    assert (answer.status_code, body["code"], body["message"]) == (
        400,
        "MISSING_PARAM",
        "missing required attribute",
    )
    assert json.loads(body["param"]) == ["whatAndWhy", "department", "budgeted", "neededBy", "costCentre"]


async def test_a_refused_launch_leaves_nothing_behind(app: App, world: IroncladWorld, purchase: str) -> None:
    await app.launch(purchase, {**PURCHASE, "department": "Kitchen"})
    assert world.workflows == []
    assert (await app.launch(purchase, PURCHASE)).json()["ironcladId"] == "IC-4"


async def test_hidden_conditions_are_about_values(app: App, purchase: str) -> None:
    dear = {**PURCHASE, "amount": 10_001}
    assert json.loads((await app.launch(purchase, dear)).json()["param"]) == ["costCentre"]
    assert (await app.launch(purchase, {**dear, "costCentre": "4100"})).status_code == 200
    assert (await app.launch(purchase, {**PURCHASE, "amount": 10_000})).status_code == 200


async def test_an_unassigned_approver_is_missing_until_named(app: App, world: IroncladWorld) -> None:
    design = world.template("Software Order Form")
    given = {
        "counterpartyName": "Acme",
        "productName": "Rocket",
        "seats": 2,
        "annualFee": {"currency": "USD", "amount": 10},
        "billing": "Annual",
        "subscriptionTerm": {"years": 1},
    }
    (lacking,) = json.loads((await app.launch(design.id, given)).json()["param"])
    assert lacking == design.roles[0].id
    assert lacking.startswith("approver")
    unknown = await app.launch(design.id, {**given, lacking: "nobody@example.com"})
    assert unknown.json()["metadata"] == {"keyPath": lacking}
    named = (await app.launch(design.id, {**given, lacking: LEE})).json()
    assert named["roles"][0]["assignees"][0]["email"] == LEE
    assert lacking not in named["attributes"]


async def test_defaults_apply_only_when_asked_for(app: App, world: IroncladWorld) -> None:
    design = world.template("Software Order Form")
    given = {
        "counterpartyName": "Acme",
        "productName": "Rocket",
        "annualFee": {"currency": "USD", "amount": 10},
        "subscriptionTerm": {"years": 1},
        design.roles[0].id: LEE,
    }
    assert json.loads((await app.launch(design.id, given)).json()["param"]) == ["seats", "billing"]
    answer = await app.launch(design.id, given, params={"useDefaultValues": "true"})
    assert (answer.json()["attributes"]["seats"], answer.json()["attributes"]["billing"]) == (1, "Annual")


async def test_placeholder_defaults_are_not_defaults(app: App, world: IroncladWorld) -> None:
    given = signed(world, NDA)
    design = world.template("Mutual NDA")
    answer = await app.launch(design.id, given, params={"useDefaultValues": "true"})
    assert "term" not in answer.json()["attributes"]
    assert answer.json()["attributes"]["governingLaw"] == "California"


async def test_who_may_only_view_may_not_launch(app: App, world: IroncladWorld) -> None:
    app.as_user = LEE
    answer = await app.launch(world.template("Board Resolution").id, {})
    assert (answer.status_code, answer.json()) == (
        403,
        {"code": "FORBIDDEN", "message": "access forbidden"},
    )


async def test_a_republished_design_has_a_new_id_and_the_old_one_is_gone(
    app: App, world: IroncladWorld, purchase: str
) -> None:
    renewed = world.republish(world.template("Simple Purchase"))
    assert (await app.launch(purchase, PURCHASE)).json()["code"] == "NOT_FOUND"
    assert (await app.launch(renewed.id, PURCHASE)).status_code == 200
    assert world.template("Simple Purchase") == renewed


async def test_unknown_keys_are_refused_or_ignored(app: App, world: IroncladWorld, purchase: str) -> None:
    given = {**PURCHASE, "colour": "red"}
    assert (await app.launch(purchase, given)).json()["metadata"] == {"keyPath": "colour"}
    world.rules.unknown_attributes = "ignore"
    assert "colour" not in (await app.launch(purchase, given)).json()["attributes"]


async def test_long_text_is_accepted_and_flagged(app: App, world: IroncladWorld, purchase: str) -> None:
    answer = await app.launch(purchase, {**PURCHASE, "whatAndWhy": "x" * 32_001})
    assert answer.status_code == 200
    assert world.workflows[0].too_long == ["whatAndWhy"]


async def test_creator_and_other_keys_beside_the_attributes_change_nothing(app: App, purchase: str) -> None:
    body = {"template": purchase, "attributes": PURCHASE, "creator": {"type": "email", "email": LEE}}
    answer = await app.call("POST", f"{API}/workflows", json=body)
    assert answer.json()["creator"]["email"] == DANA


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", "INVALID_PARAM"),
        (b"[]", "INVALID_PARAM"),
        (b'{"attributes":{}}', "MISSING_PARAM"),
        (b'{"template":"x"}', "MISSING_PARAM"),
        (b'{"template":7,"attributes":{}}', "INVALID_PARAM"),
        (b'{"template":"x","attributes":[]}', "INVALID_PARAM"),
    ],
)
async def test_malformed_bodies(app: App, body: bytes, code: str) -> None:
    answer = await app.call(
        "POST", f"{API}/workflows", content=body, headers={"content-type": "application/json"}
    )
    assert (answer.status_code, answer.json()["code"]) == (400, code)


async def test_a_redirect_address_only_where_it_is_switched_on(
    app: App, world: IroncladWorld, purchase: str
) -> None:
    assert "redirectUrl" not in (await app.launch(purchase, {})).json()
    world.rules.redirect_in_refusal = True
    form = f"{world.public_url}/c/{world.company.id}/workflows/launch/{purchase}"
    assert (await app.launch(purchase, {})).json()["redirectUrl"] == form


async def test_files_come_as_parts_and_can_be_downloaded(app: App, world: IroncladWorld) -> None:
    given = signed(world, NDA) | {"paperSource": "Counterparty paper"}
    design = world.template("Mutual NDA").id
    assert json.loads((await app.launch(design, given)).json()["param"]) == ["draft"]
    answer = await app.launch_with_files(
        design, {**given, "draft": [{"file": "part_1"}]}, part_1=("theirs.pdf", b"%PDF-1.7 theirs")
    )
    assert answer.status_code == 200, answer.text
    (document,) = answer.json()["attributes"]["draft"]
    assert document["filename"] == "theirs.pdf"
    assert document["lastModified"]["author"]["email"] == DANA
    downloaded = await app.get(document["download"])
    assert downloaded.content == b"%PDF-1.7 theirs"
    assert downloaded.headers["content-disposition"] == "attachment"


async def test_our_paper_is_generated(app: App, purchase: str) -> None:
    workflow = (await app.launch(purchase, PURCHASE)).json()
    listed = (await app.get(f"workflows/{workflow['id']}/documents")).json()
    (document,) = listed["signaturePacketDocuments"]
    assert document["filename"] == "Simple Purchase.docx"
    assert (await app.get(document["download"])).content.startswith(b"PK")


async def test_json_takes_urls_only_and_cannot_fetch_them(app: App, world: IroncladWorld) -> None:
    design = world.template("Supplier Terms Review").id
    url = {"counterpartyName": "Acme", "draft": [{"url": "https://files.example.com/t/terms.docx"}]}
    assert (await app.launch(design, url)).json()["code"] == "CONTENT_UNAVAILABLE"
    part = await app.launch(design, {**url, "draft": [{"file": "part_1"}]})
    assert part.json()["metadata"] == {"keyPath": "draft.0"}
    world.rules.downloads = True
    answer = await app.launch(design, url)
    assert answer.json()["attributes"]["draft"][0]["filename"] == "terms.docx"


async def test_multipart_takes_parts_only_and_must_carry_them(app: App, world: IroncladWorld) -> None:
    design = world.template("Supplier Terms Review").id
    for draft in ({"url": "https://files.example.com/a"}, {"file": "absent"}, {"file": "p", "url": "x"}):
        given = {"counterpartyName": "Acme", "draft": [draft]}
        answer = await app.launch_with_files(design, given, p=("a.pdf", b"a"))
        assert answer.json()["metadata"] == {"keyPath": "draft.0"}


async def test_a_virus_is_refused(app: App, world: IroncladWorld) -> None:
    design = world.template("Supplier Terms Review").id
    given = {"counterpartyName": "Acme", "draft": [{"file": "p"}]}
    answer = await app.launch_with_files(design, given, p=("bad.pdf", b"x" + VIRUS_MARK))
    assert answer.status_code == 400
    assert answer.json()["data"]["code"] == "VIRUS_DETECTED"
    assert answer.json()["data"]["files"] == ["bad.pdf"]
    assert world.workflows == []


async def test_an_asynchronous_launch(app: App, world: IroncladWorld, purchase: str) -> None:
    world.rules.job_seconds = 0.05
    body = {"template": purchase, "attributes": PURCHASE}
    begun = (await app.call("POST", f"{API}/workflows/async", json=body)).json()
    address = f"{world.public_url}{API}/workflows/async/{begun['asyncJobId']}"
    assert begun["asyncJobStatusUrl"] == address
    running = (await app.get(f"workflows/async/{begun['asyncJobId']}")).json()
    assert running["status"] == "in_progress"
    assert running["requestPayload"]["creator"] == {"type": "id", "id": world.user(DANA).id}
    await world.settled()
    done = (await app.get(f"workflows/async/{begun['asyncJobId']}")).json()
    (workflow,) = world.workflows
    assert (done["status"], done["workflow"]) == ("success", {"id": workflow.id})
    assert done["workflowUrls"]["browserUrl"] == f"{world.public_url}/workflow/{workflow.id}"


async def test_a_failed_job_says_why_and_where_to_finish(
    app: App, world: IroncladWorld, purchase: str
) -> None:
    body = {"template": purchase, "attributes": {**PURCHASE, "neededBy": ""}}
    begun = (await app.call("POST", f"{API}/workflows/async", json=body)).json()
    failed = (await app.get(f"workflows/async/{begun['asyncJobId']}")).json()
    assert failed["status"] == "failed"
    assert failed["error"] == {
        "code": "MISSING_PARAM",
        "message": "missing required attribute",
        "param": '["neededBy"]',
        "redirectUrl": f"{world.public_url}/c/{world.company.id}/workflows/launch/{purchase}",
    }


async def test_an_unknown_job_is_404(app: App) -> None:
    answer = await app.get("workflows/async/Vq3_tR8wLzK1nXc5BdE7h")
    assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND")


async def test_two_companies_share_nothing(app: App, world: IroncladWorld) -> None:
    other = world.add_company("Northgate")
    design = world.add_template(
        Template(name="Theirs", fields=(text("counterpartyName", "N"),)), company=other
    )
    assert (await app.launch(design.id, {"counterpartyName": "x"})).json()["code"] == "NOT_FOUND"
    names = [one["name"] for one in (await app.get("workflow-schemas", form="launch")).json()["list"]]
    assert "Theirs" not in names
