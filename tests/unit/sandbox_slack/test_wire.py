"""Over a real connection: Slack's own SDK as the client, and answers that break off."""

import time
from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientPayloadError, ClientSession
from slack_sdk.errors import SlackApiError
from slack_sdk.models.blocks import InputBlock, PlainTextInputElement, SectionBlock
from slack_sdk.models.views import View
from slack_sdk.web.async_client import AsyncWebClient

from tests.sandbox.serving import free_port, serving
from tests.sandbox.slack import SlackWorld, build
from tests.sandbox.slack.demo import BOT_TOKEN
from tests.sandbox.slack.traffic import Fault


@pytest.fixture
async def sdk(world: SlackWorld) -> AsyncIterator[AsyncWebClient]:
    async with serving(build(world), free_port(0)) as url, ClientSession() as session:
        yield AsyncWebClient(BOT_TOKEN, base_url=f"{url}/api/", session=session)


def member(world: SlackWorld, name: str) -> str:
    return next(one.id for one in world.workspaces.members.values() if one.name == name)


async def test_the_sdk_is_understood_whatever_way_it_sends(world: SlackWorld, sdk: AsyncWebClient) -> None:
    dana = member(world, "dana")
    assert (await sdk.auth_test())["team"] == "Harbor Oak"
    assert (await sdk.users_info(user=dana))["user"]["real_name"] == "Dana Ruiz"
    assert (await sdk.users_lookupByEmail(email="lee.wong@example.com"))["user"]["name"] == "lee"
    direct = (await sdk.conversations_open(users=[dana]))["channel"]["id"]
    metadata = {"event_type": "request", "event_payload": {"number": 12}}
    posted = await sdk.chat_postMessage(
        channel=direct, text="a", blocks=[SectionBlock(text="*Card*")], metadata=metadata
    )
    await sdk.chat_update(channel=direct, ts=posted["ts"], text="b", blocks=[SectionBlock(text="*Card 2*")])
    history = await sdk.conversations_history(channel=direct, include_all_metadata=True)
    assert history["messages"][0]["blocks"][0]["text"]["text"] == "*Card 2*"
    assert history["messages"][0]["metadata"] == metadata
    listed = [one["name"] async for page in await sdk.conversations_list(limit=2) for one in page["channels"]]
    assert listed == ["procurement", "general", "legal", "old-vendors"]


async def test_views_built_with_the_sdk_are_accepted(world: SlackWorld, sdk: AsyncWebClient) -> None:
    dana = member(world, "dana")
    view = View(
        type="modal",
        title="Contract",
        submit="Go",
        blocks=[InputBlock(label="Vendor", element=PlainTextInputElement(action_id="a"), block_id="b")],
    )
    trigger_id = world.triggers.issue(world.workspaces.installations[0].app.id, dana)
    opened = await sdk.views_open(trigger_id=trigger_id, view=view)
    updated = await sdk.views_update(view_id=opened["view"]["id"], hash=opened["view"]["hash"], view=view)
    assert updated["view"]["title"]["text"] == "Contract"
    await sdk.views_publish(user_id=dana, view=View(type="home", blocks=[SectionBlock(text="Hi")]))


async def test_an_error_reaches_the_sdk_as_its_own(world: SlackWorld, sdk: AsyncWebClient) -> None:
    with pytest.raises(SlackApiError) as refused:
        await sdk.views_open(
            trigger_id="1.2.3", view=View(type="modal", title="a", blocks=[SectionBlock(text="a")])
        )
    assert refused.value.response["error"] == "invalid_trigger_id"
    world.faults.add(Fault("auth.test", "ratelimited", retry_after=3))
    with pytest.raises(SlackApiError) as limited:
        await sdk.auth_test()
    assert (limited.value.response.status_code, limited.value.response.headers["Retry-After"]) == (429, "3")


async def test_a_dropped_call_did_nothing_and_an_answer_broken_off_did(
    world: SlackWorld, sdk: AsyncWebClient
) -> None:
    channel = next(one.id for one in world.workspaces.channels.values() if one.name == "general")
    world.faults.add(Fault("chat.postMessage", "drop"))
    world.faults.add(Fault("chat.postMessage", "act_then_drop"))
    for text in ("dropped", "done"):
        with pytest.raises(ClientPayloadError):
            await sdk.chat_postMessage(channel=channel, text=text)
    assert [one.text for one in world.messages.of(channel)] == ["done"]
    assert [(one.status, one.error) for one in world.traffic.calls_of("chat.postMessage")] == [
        (0, "dropped"),
        (200, None),
    ]


async def test_a_slow_call_takes_its_time_and_is_done(world: SlackWorld, sdk: AsyncWebClient) -> None:
    world.faults.add(Fault("auth.test", "slow", retry_after=0.1))
    started = time.monotonic()
    assert (await sdk.auth_test())["ok"]
    assert time.monotonic() - started >= 0.1
