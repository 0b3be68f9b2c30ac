"""The client API: what each person may see, waiting for changes, and the sandbox's own levers."""

import asyncio
import time

from tests.sandbox.slack.errors import Json
from tests.unit.sandbox_slack.toy import Slack, ToyApp, modal, section


async def bootstrap(slack: Slack, name: str) -> Json:
    answer: Json = (await slack.client.get("/client/bootstrap", params={"as": slack.person(name).id})).json()
    return answer


async def state(slack: Slack, name: str, **query: float) -> Json:
    params: dict[str, str | float] = {"as": slack.person(name).id, **query}
    answer: Json = (await slack.client.get("/client/state", params=params)).json()
    return answer


async def test_everybody_learns_their_own_team(slack: Slack) -> None:
    known = await bootstrap(slack, "noor")
    assert known["team"] == {"id": "T00000001", "name": "Harbor Oak", "domain": "harbor-oak"}
    assert known["me"]["email"] == "noor.haddad@example.com"
    assert [one["name"] for one in known["people"] if one["is_admin"]] == ["priya"]
    assert [one["name"] for one in known["people"] if one["is_bot"]] == ["slipway"]
    [app] = known["apps"]
    assert [one["command"] for one in app["commands"]] == ["/contract"]
    named = {one["name"]: one for one in known["channels"] if not one["is_im"]}
    assert list(named) == ["procurement", "general", "legal", "old-vendors"]
    assert (named["legal"]["app_is_member"], named["general"]["app_is_member"]) == (False, True)
    assert named["old-vendors"]["is_archived"]
    assert [one["with"] for one in known["channels"] if one["is_im"]] == [app["bot_user_id"]]


async def test_nobody_reads_what_is_not_for_them(slack: Slack) -> None:
    dana, noor = slack.person("dana"), slack.person("noor")
    await slack.api("chat.postMessage", channel=slack.channel("deal-desk"), text="private")
    await slack.api("chat.postMessage", channel=dana.id, text="direct")
    await slack.api("chat.postEphemeral", channel=slack.channel("general"), user=dana.id, text="ephemeral")
    await slack.opened(modal(section("a")))
    seen = {name: str(await state(slack, name)) for name in ("dana", "noor")}
    for secret in ("private", "direct", "ephemeral", "'modal'"):
        assert secret in seen["dana"]
        assert secret not in seen["noor"]
    theirs = {"as": noor.id, "channel": slack.channel("deal-desk"), "text": "Hello"}
    refused = (await slack.client.post("/client/message", json=theirs)).json()
    assert refused["error"] == "unknown_channel"


async def test_strangers_and_bots_cannot_act(slack: Slack) -> None:
    bot = slack.world.workspaces.installations[0].bot_user_id
    for one in ("U404", bot, ""):
        answer = await slack.client.post("/client/command", json={"as": one, "text": "/contract"})
        assert answer.json()["error"] == "unknown_user"


async def test_the_state_waits_for_a_change(slack: Slack) -> None:
    version = (await state(slack, "dana"))["version"]
    waiting = asyncio.create_task(state(slack, "dana", since=version, wait=5))
    await asyncio.sleep(0.02)
    assert not waiting.done()
    await slack.api("chat.postMessage", channel=slack.channel("general"), text="Hello")
    news = await asyncio.wait_for(waiting, 1)
    assert news["version"] > version
    started = time.monotonic()
    quiet = await state(slack, "dana", since=news["version"], wait=0.05)
    assert (quiet["version"], time.monotonic() - started >= 0.05) == (news["version"], True)


async def test_messages_of_people(slack: Slack) -> None:
    dana = slack.person("dana")
    said = await dana.say("Hello", "#general")
    await dana.say("Again", "#general", thread_ts=said["ts"])
    assert dana.thread("#general", said["ts"]) == ["Hello", "Again"]
    assert (await dana.say("", "#general"))["error"] == "no_text"
    assert (await dana.say("Hello", "#old-vendors"))["error"] == "is_archived"
    assert (await dana.say("Hello", "#general", thread_ts="1.000001"))["error"] == "unknown_message"


async def change(slack: Slack, name: str, what: str) -> Json:
    answer: Json = (await slack.client.post(f"/client/channel/{slack.channel(name)}/{what}")).json()
    return answer


async def test_the_app_can_be_invited_removed_and_the_channel_archived(slack: Slack, app: ToyApp) -> None:
    installed = slack.world.workspaces.installations[0].app
    installed.events = frozenset({"member_joined_channel", "channel_archive"})

    async def post() -> str:
        answer = await slack.api("chat.postMessage", channel=slack.channel("legal"), text="Hello")
        return str(answer.get("error", "ok"))

    assert await post() == "not_in_channel"
    assert (await change(slack, "legal", "invite-app"))["ok"]
    assert await post() == "ok"
    assert (await change(slack, "legal", "archive"))["ok"]
    assert await post() == "is_archived"
    assert (await change(slack, "legal", "remove-app"))["ok"]
    assert await post() == "not_in_channel"
    assert (await change(slack, "legal", "paint"))["error"] == "unknown_change"
    await slack.world.settled()
    assert [one["event"]["type"] for one in app.heard] == ["member_joined_channel", "channel_archive"]


async def fault(slack: Slack, **asked: object) -> Json:
    answer: Json = (await slack.client.post("/client/fault", json=asked)).json()
    return answer


async def test_faults_last_as_often_as_they_should(slack: Slack) -> None:
    assert (await fault(slack, method="auth.test", kind="error", error="fatal_error", times=2))["ok"]
    outcomes = [(await slack.api("auth.test")).get("error", "ok") for _ in range(3)]
    assert outcomes == ["fatal_error", "fatal_error", "ok"]
    await fault(slack, method="auth.test", kind="error", times=9)
    await slack.client.delete("/client/fault")
    assert (await slack.api("auth.test"))["ok"]
    assert (await fault(slack, method="auth.test", kind="explode"))["error"] == "unknown_fault"


async def test_a_rate_limit_says_how_long_to_wait(slack: Slack) -> None:
    await fault(slack, method="auth.test", kind="ratelimited", retry_after=7)
    answer = await slack.client.post("/api/auth.test", headers={"Authorization": f"Bearer {slack.token}"})
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "7")
    assert answer.json()["error"] == "ratelimited"


async def test_reset_goes_back_to_the_beginning(slack: Slack) -> None:
    await slack.api("chat.postMessage", channel=slack.channel("general"), text="Hello")
    await slack.opened(modal(section("a")))
    await change(slack, "legal", "archive")
    before = (await state(slack, "dana"))["version"]
    await slack.client.post("/client/reset")
    after = await state(slack, "dana")
    assert after["version"] > before
    assert (after["views"], any(one["messages"] for one in after["conversations"].values())) == ([], False)
    assert not slack.world.contains("Hello")
    assert not slack.world.workspaces.channels[slack.channel("legal")].is_archived
    assert (await slack.api("auth.test"))["ok"]


async def test_an_upload_without_a_file(slack: Slack) -> None:
    upload = await slack.client.post(
        "/client/upload", params={"as": slack.person("dana").id}, data={"file": "text"}
    )
    assert upload.json()["error"] == "no_file"


async def test_metadata_shows_where_there_is_some(slack: Slack) -> None:
    metadata = {"event_type": "request", "event_payload": {}}
    channel = slack.channel("general")
    await slack.api("chat.postMessage", channel=channel, text="a", metadata=metadata)
    await slack.api("chat.postMessage", channel=channel, text="b")
    shown = (await state(slack, "dana"))["conversations"][channel]["messages"]
    assert [one.get("metadata") for one in shown] == [metadata, None]
    assert "metadata" not in shown[1]


async def test_an_app_that_is_gone_hears_nothing(slack: Slack, app: ToyApp) -> None:
    view = await slack.opened(modal(section("a")))
    slack.world.workspaces.installations[0].is_active = False
    asked = {"as": slack.person("dana").id, "view_id": view["id"], "state": {}}
    refused = (await slack.client.post("/client/submit", json=asked)).json()
    assert (refused["error"], app.heard) == ("unknown_app", [])


async def test_home_has_no_cancel_button(slack: Slack) -> None:
    dana = slack.person("dana")
    home = {"type": "home", "blocks": [section("Welcome")]}
    view = (await slack.api("views.publish", user_id=dana.id, view=home))["view"]
    closed = await slack.client.post("/client/close", json={"as": dana.id, "view_id": view["id"]})
    assert closed.json()["error"] == "view_not_open"
