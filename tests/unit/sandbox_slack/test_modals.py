"""Submitting, cancelling, choosing: what Slack checks, what the app hears, what its answers do."""

import asyncio
from datetime import date
from typing import Any

import pytest
from starlette.responses import JSONResponse, PlainTextResponse, Response

from tests.sandbox.slack.checks import REQUIRED
from tests.sandbox.slack.errors import Json
from tests.sandbox.slack.views import TROUBLE
from tests.unit.sandbox_slack.toy import (
    Slack,
    ToyApp,
    actions,
    button,
    field_block,
    modal,
    option,
    plain,
    section,
    text_input,
)

LEVELS = [option("Low"), option("High")]
RICH = {
    "type": "rich_text",
    "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "Hi"}]}],
}

FILLED: dict[str, tuple[Json, Any, Json]] = {
    "text": (text_input(), "Acme", {"value": "Acme"}),
    "number": ({"type": "number_input", "is_decimal_allowed": True}, "9.5", {"value": "9.5"}),
    "e-mail": ({"type": "email_text_input"}, "a@b.example", {"value": "a@b.example"}),
    "url": ({"type": "url_text_input"}, "https://a.example", {"value": "https://a.example"}),
    "date": ({"type": "datepicker"}, date(2026, 12, 24), {"selected_date": "2026-12-24"}),
    "time": ({"type": "timepicker"}, "09:30", {"selected_time": "09:30"}),
    "moment": ({"type": "datetimepicker"}, 1_800_000_000, {"selected_date_time": 1_800_000_000}),
    "rich text": ({"type": "rich_text_input"}, RICH, {"rich_text_value": RICH}),
    "choice": ({"type": "static_select", "options": LEVELS}, "High", {"selected_option": LEVELS[1]}),
    "radio": ({"type": "radio_buttons", "options": LEVELS}, "Low", {"selected_option": LEVELS[0]}),
    "boxes": ({"type": "checkboxes", "options": LEVELS}, ["Low"], {"selected_options": LEVELS[:1]}),
    "choices": (
        {"type": "multi_static_select", "options": LEVELS},
        ["Low", "High"],
        {"selected_options": LEVELS},
    ),
    "person": ({"type": "users_select"}, "Lee Wong", {"selected_user": "U00000003"}),
    "people": (
        {"type": "multi_users_select"},
        ["lee", "Sam Ito"],
        {"selected_users": ["U00000003", "U00000004"]},
    ),
}


@pytest.mark.parametrize("name", FILLED)
async def test_a_value_arrives_in_slacks_shape_and_an_empty_one_as_nothing(
    slack: Slack, app: ToyApp, name: str
) -> None:
    element, value, expected = FILLED[name]
    filled = field_block({**element, "action_id": "a"}, label="Field", optional=True)
    await slack.opened(modal(filled))
    dana = slack.person("dana")
    await dana.arrive()
    await dana.look()
    assert (await dana.submit())["ok"]
    empty: Json = {key: [] if isinstance(one, list) else None for key, one in expected.items()}
    assert app.heard[-1]["view"]["state"]["values"] == {"b": {"a": {"type": element["type"], **empty}}}
    await slack.opened(modal(filled))
    await dana.look()
    await dana.fill({"Field": value})
    assert (await dana.submit())["ok"]
    assert app.heard[-1]["view"]["state"]["values"] == {"b": {"a": {"type": element["type"], **expected}}}


async def test_channels_are_chosen_by_name(slack: Slack, app: ToyApp) -> None:
    await slack.opened(modal(field_block({"type": "conversations_select", "action_id": "a"}, label="Where")))
    dana = slack.person("dana")
    await dana.arrive()
    await dana.look()
    await dana.fill({"Where": "#legal"})
    assert "Where: #legal" in dana.screen()
    await dana.submit()
    assert app.heard[-1]["view"]["state"]["values"]["b"]["a"]["selected_conversation"] == slack.channel(
        "legal"
    )


async def test_files_are_uploaded_and_described(slack: Slack, app: ToyApp) -> None:
    await slack.opened(
        modal(field_block({"type": "file_input", "action_id": "a", "max_files": 1}, label="Quote"))
    )
    dana = slack.person("dana")
    await dana.look()
    await dana.fill({"Quote": [("a.pdf", b"%PDF a"), ("b.pdf", b"%PDF b")]})
    assert (await dana.submit())["errors"] == {"b": "You can upload up to 1 files."}
    await dana.fill({"Quote": [("quote.pdf", b"%PDF quote")]})
    assert "Quote: quote.pdf" in dana.screen()
    assert (await dana.submit())["ok"]
    [told] = app.heard[-1]["view"]["state"]["values"]["b"]["a"]["files"]
    assert (told["name"], told["size"], told["mimetype"]) == ("quote.pdf", 10, "application/pdf")
    path = told["url_private"].removeprefix("http://slack.test")
    downloaded = await slack.client.get(path, headers={"Authorization": f"Bearer {slack.token}"})
    assert downloaded.content == b"%PDF quote"
    assert (await slack.api("files.info", file=told["id"]))["file"]["url_private"] == told["url_private"]
    assert (await slack.api("files.info", file="F404"))["error"] == "file_not_found"
    slack.world.workspaces.installations[0].scopes -= {"files:read"}
    for headers in ({}, {"Authorization": f"Bearer {slack.token}"}):
        page = await slack.client.get(path, headers=headers)
        assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
        assert b"quote" not in page.content


CHECKED: dict[str, tuple[Json, Any, str]] = {
    "required": (text_input(), "", REQUIRED),
    "blank": (text_input(), "   ", REQUIRED),
    "too short": (text_input(min_length=3), "ab", "This must be at least 3 characters."),
    "too long": (text_input(max_length=3), "abcd", "This must be 3 characters or fewer."),
    "no e-mail": ({"type": "email_text_input"}, "a@b", "Please enter a valid email address."),
    "no url": ({"type": "url_text_input"}, "a.example", "Please enter a valid URL."),
    "no number": ({"type": "number_input", "is_decimal_allowed": True}, "12k", "Please enter a number."),
    "no whole number": (
        {"type": "number_input", "is_decimal_allowed": False},
        "1.5",
        "Please enter a whole number.",
    ),
    "too small": (
        {"type": "number_input", "is_decimal_allowed": True, "min_value": "2"},
        "1.5",
        "Please enter a number that is at least 2.",
    ),
    "too large": (
        {"type": "number_input", "is_decimal_allowed": True, "max_value": "1"},
        "1.5",
        "Please enter a number that is at most 1.",
    ),
    "too many": (
        {"type": "multi_static_select", "options": LEVELS, "max_selected_items": 1},
        ["Low", "High"],
        "You can choose up to 1 items.",
    ),
}


@pytest.mark.parametrize("name", CHECKED)
async def test_slack_checks_before_the_app_is_asked(slack: Slack, app: ToyApp, name: str) -> None:
    element, value, sentence = CHECKED[name]
    await slack.opened(modal(field_block({**element, "action_id": "a"}, label="Field")))
    dana = slack.person("dana")
    await dana.look()
    await dana.fill({"Field": value})
    assert await dana.submit() == {"ok": False, "errors": {"b": sentence}}
    assert (dana.errors(), app.heard) == ({"Field": sentence}, [])


async def stacked(slack: Slack) -> list[Json]:
    """Two views on top of one another, both asking for a vendor."""
    asking = modal(field_block(text_input(initial_value="Acme"), label="Vendor"), close=plain("Back"))
    first = await slack.opened({**asking, "notify_on_close": True})
    pushed = {**asking, "notify_on_close": True, "title": plain("Second")}
    second = await slack.api("views.push", trigger_id=slack.trigger(), view=pushed)
    return [first, second["view"]]


async def test_an_empty_answer_closes_one_view(slack: Slack, app: ToyApp) -> None:
    first, _ = await stacked(slack)
    dana = slack.person("dana")
    await dana.look()
    assert (await dana.submit())["ok"]
    assert (dana.view() or {})["id"] == first["id"]


async def test_clear_closes_all(slack: Slack, app: ToyApp) -> None:
    await stacked(slack)
    app.answer = lambda heard: JSONResponse({"response_action": "clear"})
    dana = slack.person("dana")
    await dana.look()
    await dana.submit()
    assert dana.view() is None


async def test_update_and_push_show_the_given_view(slack: Slack, app: ToyApp) -> None:
    first = await slack.opened(modal(section("one")))
    dana = slack.person("dana")
    await dana.look()
    app.answer = lambda heard: JSONResponse({"response_action": "update", "view": modal(section("two"))})
    await dana.submit()
    assert ((dana.view() or {})["id"], dana.screen()) == (first["id"], "== Contract ==\ntwo\n[Go]")
    app.answer = lambda heard: JSONResponse({"response_action": "push", "view": modal(section("three"))})
    await dana.submit()
    assert (dana.view() or {})["previous_view_id"] == first["id"]


async def test_errors_stand_beside_their_fields(slack: Slack, app: ToyApp) -> None:
    await slack.opened(modal(field_block(text_input(initial_value="Acme"), label="Vendor")))
    app.answer = lambda heard: JSONResponse(
        {"response_action": "errors", "errors": {"b": "Not on our list."}}
    )
    dana = slack.person("dana")
    await dana.look()
    assert (await dana.submit())["errors"] == {"b": "Not on our list."}
    assert dana.errors() == {"Vendor": "Not on our list."}
    assert "  ! Not on our list." in dana.screen()


BAD_ANSWERS: dict[str, Response] = {
    "no JSON": PlainTextResponse("thanks"),
    "no object": JSONResponse([1]),
    "unknown action": JSONResponse({"response_action": "close"}),
    "view of a wrong shape": JSONResponse({"response_action": "update", "view": {"type": "modal"}}),
    "no view": JSONResponse({"response_action": "push"}),
    "error on no input": JSONResponse({"response_action": "errors", "errors": {"other": "Wrong."}}),
    "empty error": JSONResponse({"response_action": "errors", "errors": {"b": ""}}),
    "no errors": JSONResponse({"response_action": "errors", "errors": {}}),
}


@pytest.mark.parametrize("name", BAD_ANSWERS)
async def test_a_bad_answer_shows_the_banner_and_is_logged(slack: Slack, app: ToyApp, name: str) -> None:
    view = await slack.opened(modal(field_block(text_input(initial_value="Acme"), label="Vendor")))
    app.answer = lambda heard: BAD_ANSWERS[name]
    dana = slack.person("dana")
    await dana.look()
    assert not (await dana.submit())["ok"]
    assert dana.screen().splitlines()[1] == f"! {TROUBLE}"
    assert (dana.view() or {})["id"] == view["id"]
    assert [one["method"] for one in dana.refused()] == ["view_submission answer"]


async def test_a_fourth_view_by_answer_is_refused_too(slack: Slack, app: ToyApp) -> None:
    await stacked(slack)
    app.answer = lambda heard: JSONResponse({"response_action": "push", "view": modal(section("more"))})
    dana = slack.person("dana")
    await dana.look()
    assert (await dana.submit())["ok"]
    assert (await dana.submit())["error"] == "push_limit_reached"


@pytest.mark.parametrize("status", [404, 500])
async def test_a_failing_submission_keeps_everything(slack: Slack, app: ToyApp, status: int) -> None:
    await slack.opened(modal(field_block(text_input(), label="Vendor")))
    app.answer = lambda heard: Response(status_code=status)
    dana = slack.person("dana")
    await dana.look()
    await dana.fill({"Vendor": "Acme"})
    assert not (await dana.submit())["ok"]
    assert dana.screen().splitlines() == ["== Contract ==", f"! {TROUBLE}", "Vendor: Acme", "[Go]"]


async def test_the_view_is_busy_while_the_app_thinks(slack: Slack, app: ToyApp) -> None:
    await slack.opened(modal(section("a")))
    dana = slack.person("dana")
    asked = asyncio.Event()
    answered = asyncio.Event()

    async def think(heard: Json) -> Response:
        asked.set()
        await answered.wait()
        return Response()

    app.answer = think
    await dana.look()
    submitting = asyncio.create_task(dana.submit())
    await asked.wait()
    await dana.look()
    assert (dana.view() or {})["busy"]
    answered.set()
    await submitting
    assert dana.view() is None


async def test_cancel_tells_of_that_view_and_the_cross_of_the_root(slack: Slack, app: ToyApp) -> None:
    first, second = await stacked(slack)
    dana = slack.person("dana")
    await dana.look()
    await dana.fill({"Vendor": "Typed"})
    await dana.close()
    told = app.heard[-1]
    assert (told["type"], told["view"]["id"], told["is_cleared"]) == ("view_closed", second["id"], False)
    assert told["view"]["state"] == {"values": {}}
    assert (dana.view() or {})["id"] == first["id"]
    await stacked(slack)
    await dana.look()
    await dana.close(clear=True)
    told = app.heard[-1]
    assert (told["view"]["title"], told["is_cleared"]) == (plain("Contract"), True)
    assert dana.view() is None


async def test_closing_is_silent_unless_asked_for(slack: Slack, app: ToyApp) -> None:
    await slack.opened(modal(section("a")))
    dana = slack.person("dana")
    await dana.look()
    await dana.close()
    assert (app.heard, dana.view()) == ([], None)


def external(**more: Any) -> Json:
    return field_block({"type": "external_select", "action_id": "a", **more}, label="Template")


async def test_an_external_select_asks_the_app(slack: Slack, app: ToyApp) -> None:
    await slack.opened(
        modal(external(min_query_length=2), field_block(text_input(), label="Vendor", block_id="v"))
    )
    app.answer = lambda heard: JSONResponse({"options": [option(heard["value"] + " agreement")]})
    dana = slack.person("dana")
    await dana.look()
    await dana.fill({"Vendor": "Acme"})
    assert await dana.search_options("Template", "n") == []
    assert app.heard == []
    assert await dana.search_options("Template", "nda") == ["nda agreement"]
    heard = app.heard[-1]
    assert (heard["type"], heard["action_id"], heard["value"]) == ("block_suggestion", "a", "nda")
    assert heard["view"]["state"] == {"values": {}}


async def test_option_groups_and_bad_options(slack: Slack, app: ToyApp) -> None:
    await slack.opened(modal(external(min_query_length=0)))
    dana = slack.person("dana")
    await dana.look()
    app.answer = lambda heard: JSONResponse(
        {"option_groups": [{"label": plain("G"), "options": [option("NDA")]}]}
    )
    assert await dana.search_options("Template", "") == ["NDA"]
    app.answer = lambda heard: JSONResponse({"options": []})
    assert await dana.search_options("Template", "") == []
    app.answer = lambda heard: JSONResponse({"options": [option(f"O{number}") for number in range(101)]})
    with pytest.raises(LookupError, match="invalid_options"):
        await dana.search_options("Template", "")
    await dana.look()
    assert dana.refused()[-1]["messages"] == [
        "[ERROR] no more than 100 items allowed [json-pointer:/options]"
    ]
    app.answer = lambda heard: Response()
    with pytest.raises(LookupError, match="invalid_options"):
        await dana.search_options("Template", "")


async def test_choices_dispatch_only_where_they_should(slack: Slack, app: ToyApp) -> None:
    select = {"type": "static_select", "action_id": "a", "options": LEVELS}
    silent = field_block(select, label="Silent", block_id="1")
    telling = field_block(select, label="Telling", block_id="2", dispatch_action=True)
    await slack.opened(modal(silent, telling))
    dana = slack.person("dana")
    await dana.look()
    await dana.fill({"Silent": "High"})
    assert app.heard == []
    await dana.fill({"Telling": "Low"})
    heard = app.heard[-1]
    assert heard["actions"][0]["selected_option"] == LEVELS[0]
    assert heard["view"]["state"]["values"]["1"]["a"]["selected_option"] == LEVELS[1]
    refused = await slack.client.post(
        "/client/action",
        json={"as": dana.id, "view_id": heard["view"]["id"], "block_id": "1", "action_id": "a"},
    )
    assert not refused.json()["ok"]


async def test_a_menu_of_more_things(slack: Slack, app: ToyApp) -> None:
    menu = {"type": "overflow", "action_id": "m", "options": [option("Edit"), option("Remove")]}
    await slack.opened(modal(section("Row 1", accessory=menu), actions(button("Add row"))))
    dana = slack.person("dana")
    await dana.look()
    await dana.press("Remove")
    assert app.heard[-1]["actions"][0]["selected_option"] == option("Remove")
    assert "(… Edit | Remove)" in dana.screen()


async def test_a_failing_action_shows_the_banner(slack: Slack, app: ToyApp) -> None:
    await slack.opened(modal(actions(button())))
    app.answer = lambda heard: Response(status_code=500)
    dana = slack.person("dana")
    await dana.look()
    await dana.press("Press")
    assert TROUBLE in dana.screen()
