"""Handing a request over, and following it: what is accepted, what is refused, and how each is told."""

from __future__ import annotations

import asyncio
from typing import Any

from tests.api.conftest import ADDRESS, LAPTOPS, Tool
from tests.place import Place, logging_to_text


async def test_a_request_handed_over_has_its_card_and_can_be_followed(connected: Place, tool: Tool) -> None:
    answer = await tool.post()

    assert answer.status_code == 201, answer.text
    told = answer.json()
    assert told["number"] == "REQ-1"
    assert answer.headers["location"] == told["links"]["self"] == f"{ADDRESS}/api/v1/requests/{told['id']}"
    await connected.idle()
    lee = connected.person("lee")
    await lee.arrive()
    await lee.look()
    (card,) = lee.texts("#procurement")
    for shown in ("REQ-1", "Fifty laptops", "Lanternfish Ltd", "9,500.5"):
        assert shown in card
    assert "sales@lanternfish.example" not in card

    later = (await tool.get(told["id"])).json()
    assert later["title"] == "Fifty laptops"
    assert later["state"] == "contract"
    assert later["version"] >= told["version"]
    assert [task["kind"] for task in later["tasks"]] == ["contract"]
    assert later["tasks"][0]["waiting_for"] == [connected.member("dana").id]
    assert later["links"]["slack"].startswith("https://harbor-oak.slack.com/archives/")
    assert later["contract"] is None


async def test_the_same_idempotency_key_makes_one_request(connected: Place, tool: Tool) -> None:
    named = {"Idempotency-Key": "PR-77"}
    answers = await asyncio.gather(*(tool.post(headers=named) for _ in range(5)))
    again = await tool.post(headers=named)

    assert {answer.status_code for answer in answers} <= {200, 201}
    assert again.status_code == 200
    assert {answer.json()["id"] for answer in [*answers, again]} == {again.json()["id"]}
    other = await tool.post({**LAPTOPS, "what": "Sixty laptops"}, headers=named)
    assert other.status_code == 409
    assert (await tool.post()).json()["number"] == "REQ-2"
    assert (await tool.post()).json()["number"] == "REQ-3"


WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"what": ""}, "what", "at least 1 character"),
    ({"requester": "nobody@example.com"}, "requester", "Nobody in this Slack workspace"),
    ({"owner": "nobody@example.com"}, "owner", "Nobody in this Slack workspace"),
    ({"requester": 7}, "requester", "valid string"),
    ({"amount": "-1"}, "amount", "greater than or equal to 0"),
    ({"amount": "1e400"}, "amount", ""),
    ({"currency": None}, "currency", "which currency"),
    ({"currency": "euro"}, "currency", "pattern"),
    ({"start": "2027-02-30"}, "start", "date"),
    ({"start": "2027-02-01", "end": "2027-01-01"}, "end", "before the start"),
    ({"term_months": 0}, "term_months", "greater than or equal to 1"),
    ({"category": "Castles"}, "category", "Choose one of"),
    ({"contact_email": "a@b"}, "contact_email", "e-mail address"),
    ({"link": "http://zip.example.com"}, "link", "https"),
    ({"files": [{"name": "a", "url": "javascript:x"}]}, "files.0.url", "https"),
    ({"custom": {"x_cost_centre": "CC-7"}}, "custom.x_cost_centre", "no such field"),
    ({"vendor": "Acme"}, "vendor", "not permitted"),
]


async def test_each_wrong_field_is_named(tool: Tool) -> None:
    for changes, field, message in WRONG:
        answer = await tool.post({**LAPTOPS, **changes})

        assert answer.status_code == 422, (changes, answer.text)
        assert answer.headers["content-type"] == "application/problem+json"
        errors = {one["field"]: one["message"] for one in answer.json()["errors"]}
        assert set(errors) == {field}, changes
        assert message in errors[field], changes
    assert (await tool.post()).json()["number"] == "REQ-1"


async def test_several_wrong_fields_are_named_at_once(tool: Tool) -> None:
    answer = await tool.post({"amount": -1, "currency": "x", "start": 1})

    assert {one["field"] for one in answer.json()["errors"]} == {
        *("what", "requester", "amount", "currency", "start")
    }


JSON = {"Content-Type": "application/json"}
NO_REQUESTS: list[tuple[dict[str, Any], int]] = [
    ({"content": b"{", "headers": JSON}, 400),
    ({"content": b"[" * 200_000, "headers": JSON}, 400),
    ({"content": b"\xff\xfe", "headers": JSON}, 400),
    ({"content": b"", "headers": JSON}, 400),
    ({"content": b"what=x", "headers": {"Content-Type": "application/x-www-form-urlencoded"}}, 415),
    ({"content": b"{}"}, 415),
    ({"content": b" " * 300_000, "headers": JSON}, 413),
    ({"headers": {"Idempotency-Key": "ü"}}, 422),
    ({"headers": {"Idempotency-Key": "k" * 256}}, 422),
]


async def test_what_is_no_request_is_refused_in_the_apis_own_form(tool: Tool) -> None:
    for more, status in NO_REQUESTS:
        headers = {name: value.encode("latin-1") for name, value in more.get("headers", {}).items()}
        answer = await tool.post(**{**more, "headers": headers})

        assert answer.status_code == status, answer.text
        assert answer.json()["status"] == status
        assert answer.headers["content-type"] == "application/problem+json"


async def test_other_methods_and_pages_are_refused_too(tool: Tool) -> None:
    for method in ("PUT", "DELETE", "PATCH", "GET"):
        answer = await tool.client.request(method, "/api/v1/requests")
        nowhere = await tool.client.request(method, "/api/v2/requests")

        assert (answer.status_code, nowhere.status_code) == (405, 404)
        assert answer.headers["allow"] == "POST"
        assert answer.json()["status"] == 405
        assert nowhere.json()["status"] == 404


async def test_only_a_key_in_use_opens_anything(connected: Place, tool: Tool) -> None:
    team, key, secret = tool.token.split(".")[1:]
    wrong = [
        *("", "Bearer", "Bearer ", f"Basic {tool.token}", "Bearer nonsense", f"Bearer {tool.token}x"),
        f"Bearer slipway.{team}.{key}.{'A' * 43}",
        f"Bearer slipway.{team}.{'A' * 16}.{secret}",
        f"Bearer slipway.TOTHER.{key}.{secret}",
    ]
    for header in wrong:
        answer = await tool.client.post(
            "/api/v1/requests", json=LAPTOPS, headers={"Authorization": header} if header else {}
        )
        assert answer.status_code == 401, header
        assert answer.headers["www-authenticate"].startswith("Bearer")

    priya = connected.person("priya")
    await priya.press("Revoke")
    assert "Zip" not in priya.screen()
    assert (await tool.post()).status_code == 401
    assert (await tool.get("x")).status_code == 401


async def test_a_request_of_nobody_is_not_found(tool: Tool) -> None:
    for request_id in (
        "x",
        "REQ-1",
        "%00",
        "a" * 64,
        "..%2f",
        "\udcff".encode("utf-8", "surrogatepass").hex(),
    ):
        assert (await tool.get(request_id)).status_code == 404


async def test_too_fast_is_told_with_how_long_to_wait(connected: Place, tool: Tool) -> None:
    answers = [await tool.get("x") for _ in range(31)]

    refused = [answer for answer in answers if answer.status_code == 429]
    assert [answer.status_code for answer in answers[:30]] == [404] * 30
    assert refused
    assert 1 <= int(refused[0].headers["retry-after"]) <= 30
    assert refused[0].json()["status"] == 429


async def test_slack_down_is_not_the_callers_fault(connected: Place, tool: Tool) -> None:
    fault = {"method": "users.lookupByEmail", "kind": "error", "error": "internal_error", "times": 1}
    await connected.client.post("/client/fault", json=fault)

    answer = await tool.post()

    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) >= 1
    assert (await tool.post()).status_code == 201


async def test_the_key_is_nowhere_afterwards(connected: Place, tool: Tool) -> None:
    with logging_to_text(connected.settings.secrets) as logged:
        await tool.post()
        await tool.post({"what": tool.token})
        await tool.client.get("/api/v1/requests/x", headers={"Authorization": f"Bearer {tool.token}x"})
    await connected.idle()

    secret = tool.token.rpartition(".")[2]
    assert secret.encode() not in connected.bytes_at_rest()
    assert secret not in logged.getvalue()
    assert "request handed over" in logged.getvalue()


async def test_only_admins_make_keys(connected: Place) -> None:
    dana = connected.person("dana")
    await dana.open_home()
    await dana.wait_for(lambda p: p.home())

    assert "Other systems" not in dana.screen()
    priya = connected.person("priya")
    await priya.open_home()
    await priya.wait_for(lambda p: p.home())
    button = await priya.find_button("Keys and webhook", "home")
    forged = {"as": dana.id, **button.address(), "value": button.value, "state": {}}
    await connected.client.post("/client/action", json=forged)
    await dana.look()
    assert "Make a key" not in dana.screen()


async def test_the_document_describes_what_there_is(tool: Tool) -> None:
    document = (await tool.client.get("/api/openapi.json")).json()

    assert document["servers"] == [{"url": ADDRESS}]
    assert set(document["paths"]) == {"/api/v1/requests", "/api/v1/requests/{id}"}
    assert document["components"]["schemas"]["NewRequest"]["additionalProperties"] is False


async def test_a_link_of_somebody_is_text(connected: Place, tool: Tool) -> None:
    answer = await tool.post({**LAPTOPS, "what": "<!channel> *buy* <@U1>", "counterparty": "<!here>"})
    await connected.idle()

    assert answer.json()["title"] == "<!channel> *buy* <@U1>"
    lee = connected.person("lee")
    await lee.arrive()
    await lee.look()
    raw = str(lee.messages("#procurement"))
    assert "&lt;!channel&gt;" in raw
    assert "<!channel>" not in raw
    assert "<!here>" not in raw
