"""What reaches the app: signatures, commands, events with their retries, late answers, response URLs."""

import asyncio
import json
import time

import pytest
from slack_sdk.signature import SignatureVerifier
from starlette.responses import JSONResponse, PlainTextResponse, Response

from tests.sandbox.slack.delivery import Delivery
from tests.sandbox.slack.demo import SIGNING_SECRET
from tests.sandbox.slack.errors import Json
from tests.unit.sandbox_slack.toy import Slack, StoppedClock, ToyApp, actions, button, plain, section


async def test_what_slack_sends_is_signed_as_its_sdk_verifies(slack: Slack, app: ToyApp) -> None:
    await slack.person("dana").command("/contract status IC-7 & more")
    headers = app.headers[-1]
    body = app.bodies[-1].decode()
    assert SignatureVerifier(SIGNING_SECRET).is_valid_request(body, headers)
    assert not SignatureVerifier("another secret").is_valid_request(body, headers)
    assert not SignatureVerifier(SIGNING_SECRET).is_valid_request(body + " ", headers)
    assert abs(int(headers["x-slack-request-timestamp"]) - time.time()) < 5


async def test_a_command_carries_every_documented_field(slack: Slack, app: ToyApp) -> None:
    dana = slack.person("dana")
    assert (await dana.command("/contract status IC-7", "#general"))["ok"]
    heard = app.heard[-1]
    assert {name: heard[name] for name in ("command", "text", "user_id", "user_name", "channel_name")} == {
        "command": "/contract",
        "text": "status IC-7",
        "user_id": dana.id,
        "user_name": "dana",
        "channel_name": "general",
    }
    documented = {"token", "team_id", "team_domain", "channel_id", "api_app_id", "is_enterprise_install"}
    assert documented | {"response_url", "trigger_id"} <= set(heard)


async def test_a_text_answer_is_for_the_person_who_typed(slack: Slack, app: ToyApp) -> None:
    app.answer = lambda heard: PlainTextResponse("Usage: /contract")
    dana, lee = slack.person("dana"), slack.person("lee")
    await dana.command("/contract help")
    await lee.arrive()
    await lee.look()
    assert (dana.texts("#general"), lee.texts("#general")) == (["Usage: /contract"], [])


async def test_a_json_answer_may_be_for_everybody_and_must_be_sound(slack: Slack, app: ToyApp) -> None:
    body: Json = {"response_type": "in_channel", "blocks": [section("For all")]}
    app.answer = lambda heard: JSONResponse(body)
    dana, lee = slack.person("dana"), slack.person("lee")
    await dana.command("/contract")
    await lee.arrive()
    await lee.look()
    assert lee.texts("#general") == ["For all"]
    body["blocks"] = [section("")]
    await dana.command("/contract")
    assert [one["error"] for one in dana.refused()] == ["invalid_blocks"]


@pytest.mark.parametrize(("status", "error"), [(404, "http_client_error"), (500, "http_service_error")])
async def test_a_failing_command_is_shown_to_the_person(
    slack: Slack, app: ToyApp, status: int, error: str
) -> None:
    app.answer = lambda heard: Response(status_code=status)
    dana = slack.person("dana")
    told = await dana.command("/contract")
    assert (told["ok"], told["error"], told["status"]) == (False, error, status)
    assert dana.toasts() == [f'/contract failed with the error "{error}"']


async def test_an_unknown_command_reaches_nobody(slack: Slack, app: ToyApp) -> None:
    dana = slack.person("dana")
    assert (await dana.command("/nonsense"))["error"] == "unknown_command"
    assert (app.heard, dana.toasts()) == ([], ["/nonsense is not a valid command."])


async def slowly(heard: Json) -> Response:
    await asyncio.sleep(0.1)
    return Response()


async def test_an_answer_after_the_deadline_is_a_timeout(slack: Slack, app: ToyApp) -> None:
    slack.world.rules.ack_seconds = 0.02
    app.answer = slowly
    dana = slack.person("dana")
    told = await dana.command("/contract")
    assert told["error"] == "operation_timeout"
    assert dana.toasts() == ['/contract failed with the error "operation_timeout"']
    await slack.world.settled()


async def test_an_event_is_retried_three_times_under_the_same_id(slack: Slack, app: ToyApp) -> None:
    app.answer = lambda heard: Response(status_code=500)
    await slack.person("dana").open_home()
    await slack.world.settled()
    assert len({heard["event_id"] for heard in app.heard}) == 1
    assert [heard["event"]["type"] for heard in app.heard] == ["app_home_opened"] * 4
    assert [one.get("x-slack-retry-num") for one in app.headers] == [None, "1", "2", "3"]
    assert app.headers[-1]["x-slack-retry-reason"] == "http_error"


async def test_retries_stop_when_the_event_is_taken(slack: Slack, app: ToyApp) -> None:
    app.answer = lambda heard: Response(status_code=500 if len(app.heard) == 1 else 200)
    await slack.person("dana").open_home()
    await slack.world.settled()
    assert len(app.heard) == 2


async def test_retries_stop_when_the_app_says_so(slack: Slack, app: ToyApp) -> None:
    app.answer = lambda heard: Response(status_code=500, headers={"x-slack-no-retry": "1"})
    await slack.person("dana").open_home()
    await slack.world.settled()
    assert len(app.heard) == 1


async def test_a_slow_event_is_retried_for_its_time(slack: Slack, app: ToyApp) -> None:
    slack.world.rules.ack_seconds = 0.02
    slack.world.rules.retry_delays = (0.0,)
    app.answer = slowly
    await slack.person("dana").open_home()
    await slack.world.settled()
    assert app.headers[-1]["x-slack-retry-reason"] == "http_timeout"


async def test_an_app_hears_only_what_it_subscribed_to(slack: Slack, app: ToyApp) -> None:
    installed = slack.world.workspaces.installations[0]
    dana = slack.person("dana")
    await dana.say(f"<@{installed.bot_user_id}> hello", "#general")
    await slack.world.settled()
    assert app.heard == []
    installed.app.events = frozenset({"message.channels", "app_mention"})
    said = await dana.say(f"<@{installed.bot_user_id}> hello", "#general")
    await dana.say("nobody listens", "#legal")
    await slack.world.settled()
    assert sorted(heard["event"]["type"] for heard in app.heard) == ["app_mention", "message"]
    assert {heard["event"]["ts"] for heard in app.heard} == {said["ts"]}


async def test_a_request_url_proves_itself(slack: Slack, app: ToyApp) -> None:
    installed = slack.world.workspaces.installations[0].app
    delivery = Delivery(slack.world, slack.to_app)
    app.answer = lambda heard: PlainTextResponse(heard["challenge"])
    assert await delivery.verify_url(installed)
    app.answer = lambda heard: PlainTextResponse("no")
    assert not await delivery.verify_url(installed)


async def response_path(slack: Slack, app: ToyApp) -> str:
    """The path of a fresh response_url, from a command of Dana's in #legal, where the app is no member."""
    await slack.person("dana").command("/contract", "#legal")
    url: str = app.heard[-1]["response_url"]
    assert url.startswith("http://slack.test/response/")
    return url.removeprefix("http://slack.test")


async def test_a_response_url_is_good_five_times(slack: Slack, app: ToyApp) -> None:
    path = await response_path(slack, app)
    answers = [await slack.client.post(path, json={"text": str(number)}) for number in range(6)]
    assert [one.status_code for one in answers] == [200] * 5 + [404]
    assert answers[-1].text == "used_url"
    dana, lee = slack.person("dana"), slack.person("lee")
    for one in (dana, lee):
        await one.arrive()
        await one.look()
    assert (dana.texts("#legal"), lee.texts("#legal")) == (["0", "1", "2", "3", "4"], [])


async def test_a_response_url_is_good_for_half_an_hour(
    slack: Slack, app: ToyApp, clock: StoppedClock
) -> None:
    path = await response_path(slack, app)
    clock.now += 1801
    assert (await slack.client.post(path, json={"text": "late"})).text == "expired_url"


async def test_bad_posts_to_a_response_url(slack: Slack, app: ToyApp) -> None:
    path = await response_path(slack, app)
    bad: dict[str, object] = {
        "invalid_blocks": {"blocks": [section("")]},
        "no_text": {},
        "invalid_payload": [],
        "message_not_found": {"delete_original": True},
    }
    for error, body in bad.items():
        answer = await slack.client.post(path, content=json.dumps(body))
        assert (answer.status_code, answer.text) == (400, error)


async def test_a_response_url_changes_the_message_that_was_acted_upon(slack: Slack, app: ToyApp) -> None:
    dana = slack.person("dana")
    general = slack.channel("general")
    await slack.api("chat.postEphemeral", channel=general, user=dana.id, blocks=[actions(button())])
    await dana.press("Press")
    path = app.heard[-1]["response_url"].removeprefix("http://slack.test")
    await slack.client.post(path, json={"replace_original": True, "blocks": [section("Done")]})
    await dana.look()
    assert dana.texts("#general") == ["Done"]
    await slack.client.post(path, json={"delete_original": True})
    await dana.look()
    assert dana.texts("#general") == []


async def test_a_click_in_a_message_tells_where_and_what(slack: Slack, app: ToyApp) -> None:
    dana = slack.person("dana")
    card = await slack.api("chat.postMessage", channel=slack.channel("general"), text="Card")
    await slack.api(
        "chat.postMessage",
        channel=slack.channel("general"),
        thread_ts=card["ts"],
        blocks=[actions(button("Approve", value="12"))],
    )
    await dana.press("Approve")
    heard = app.heard[-1]
    assert heard["type"] == "block_actions"
    assert heard["actions"][0]["value"] == "12"
    assert heard["actions"][0]["text"] == plain("Approve")
    assert heard["container"]["thread_ts"] == card["ts"]
    assert heard["user"]["team_id"] == heard["team"]["id"]
    assert heard["message"]["bot_id"] == slack.world.workspaces.installations[0].bot_id


async def test_a_stale_button_can_still_be_clicked(slack: Slack, app: ToyApp) -> None:
    dana = slack.person("dana")
    card = await slack.api(
        "chat.postMessage", channel=slack.channel("general"), blocks=[actions(button("Approve"))]
    )
    stale = await dana.find_button("Approve")
    await slack.api("chat.update", channel=card["channel"], ts=card["ts"], blocks=[section("Approved")])
    assert (await dana.press(stale))["ok"]
    assert app.heard[-1]["message"]["blocks"][0]["text"] == plain("Approved")


async def test_shortcuts(slack: Slack, app: ToyApp) -> None:
    dana = slack.person("dana")
    said = await dana.say("We need laptops", "#general")
    await dana.shortcut("request")
    assert (app.heard[-1]["type"], "channel" in app.heard[-1]) == ("shortcut", False)
    await dana.shortcut("request_from_message", "#general", said["ts"])
    assert app.heard[-1]["type"] == "message_action"
    assert app.heard[-1]["message"]["text"] == "We need laptops"
    assert (await dana.shortcut("nonsense"))["error"] == "unknown_shortcut"
