"""The driver against a toy app: from a command to a thread, and how it complains."""

import asyncio

import pytest
from starlette.responses import JSONResponse, Response

from tests.sandbox.slack import Person
from tests.sandbox.slack.errors import Json
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

LAUNCH = modal(
    section("One contract"),
    field_block({"type": "external_select", "action_id": "a", "min_query_length": 0}, label="Template"),
    field_block(text_input(), label="Vendor", block_id="vendor", hint=plain("Full legal name")),
    close=plain("Cancel"),
)


def a_launching_app(slack: Slack, app: ToyApp) -> None:
    """The ten lines: a form for the command, templates for the select, a card and a reply for the submit."""
    channel = slack.channel("procurement")

    async def answer(heard: Json) -> Response:
        if "command" in heard:
            await slack.api("views.open", trigger_id=heard["trigger_id"], view=LAUNCH)
        elif heard["type"] == "block_suggestion":
            return JSONResponse({"options": [option("NDA"), option("Simple Purchase")]})
        elif heard["type"] == "view_submission":
            vendor = heard["view"]["state"]["values"]["vendor"]["a"]["value"]
            card = await slack.api(
                "chat.postMessage", channel=channel, blocks=[section(f"Contract with {vendor}")]
            )
            await slack.api("chat.postMessage", channel=channel, thread_ts=card["ts"], text="launched")
        return Response()

    app.answer = answer


async def test_from_a_command_to_a_thread(slack: Slack, app: ToyApp) -> None:
    a_launching_app(slack, app)
    dana = slack.person("dana")
    assert (await dana.command("/contract"))["ok"]
    assert dana.screen().splitlines() == [
        "== Contract ==",
        "One contract",
        "Template:",
        "Vendor:",
        "  Full legal name",
        "[Go] [Cancel]",
    ]
    await dana.fill({"Template": "Simple Purchase", "Vendor": "Acme"})
    assert "Template: Simple Purchase\nVendor: Acme" in dana.screen()
    assert (await dana.submit())["ok"]
    assert dana.view() is None
    [card] = [one for one in dana.messages("#procurement") if one["thread_ts"] is None]
    assert (card["reply_count"], dana.texts("#procurement")) == (1, ["Contract with Acme"])
    assert dana.thread("#procurement", card["ts"]) == ["Contract with Acme", "launched"]


async def test_what_cannot_be_found_is_answered_with_what_there_is(slack: Slack, app: ToyApp) -> None:
    a_launching_app(slack, app)
    dana = slack.person("dana")
    with pytest.raises(LookupError, match="has no modal open"):
        await dana.submit()
    await dana.command("/contract")
    with pytest.raises(LookupError, match="no input says 'Price'; there are: Template, Vendor"):
        await dana.fill({"Price": "1"})
    with pytest.raises(LookupError, match="'Template' has no option 'MSA'; there are: NDA, Simple Purchase"):
        await dana.fill({"Template": "MSA"})
    with pytest.raises(LookupError, match="no button says 'Back'; there are: none"):
        await dana.press("Back")
    with pytest.raises(LookupError, match="sees no channel #nowhere; there are: "):
        dana.texts("#nowhere")


async def test_waiting_ends_with_what_was_waited_for(slack: Slack) -> None:
    dana = slack.person("dana")
    await dana.arrive()

    async def later() -> None:
        await asyncio.sleep(0.05)
        await slack.api("chat.postMessage", channel=slack.channel("general"), text="Now")

    posting = asyncio.create_task(later())
    assert await dana.wait_for(lambda p: p.texts("#general")) == ["Now"]
    await posting
    await slack.opened(modal(section("a")))
    with pytest.raises(TimeoutError, match=r"in vain\. The screen:\n== Contract =="):
        await dana.wait_for(lambda p: p.home(), timeout=0.05)


async def test_home_opens_what_the_app_publishes(slack: Slack, app: ToyApp) -> None:
    async def answer(heard: Json) -> Response:
        if heard["type"] == "event_callback":
            view = {"type": "home", "blocks": [section("Welcome"), actions(button("Connect"))]}
            await slack.api("views.publish", user_id=heard["event"]["user"], view=view)
        return Response()

    app.answer = answer
    priya = slack.person("priya")
    await priya.open_home()
    await priya.wait_for(lambda p: p.home())
    assert priya.screen() == "Welcome\n(Connect)"
    await priya.press("Connect", where="home")
    assert app.heard[-1]["container"]["type"] == "view"
    await priya.open_home()
    await slack.world.settled()
    assert app.heard[-1]["event"]["view"]["blocks"][0]["text"] == plain("Welcome")


async def test_a_button_is_looked_for_where_it_is_said_to_be(slack: Slack, app: ToyApp) -> None:
    dana = slack.person("dana")
    for name in ("general", "procurement", "general"):
        await slack.api("chat.postMessage", channel=slack.channel(name), blocks=[actions(button("Approve"))])
    general = (await dana.find_button("Approve", "#general")).surface
    older = next(one["ts"] for one in dana.messages("#general"))
    assert general.message_ts != older
    assert (await dana.find_button("Approve", "#procurement")).surface.channel == slack.channel("procurement")
    assert (await dana.find_button("Approve", f"#general/{older}")).surface.message_ts == older
    with pytest.raises(LookupError, match="no button says 'Approve'"):
        await dana.find_button("Approve", "#legal")
    await slack.opened(modal(actions(button("Twice", action_id="1"), button("Twice", action_id="2"))))
    with pytest.raises(LookupError, match="2 buttons say 'Twice'"):
        await dana.press("Twice")


async def test_words_of_every_kind_of_block_are_read_out(slack: Slack) -> None:
    rich = [{"type": "rich_text_section", "elements": [{"type": "text", "text": "rich"}]}]
    await slack.api(
        "chat.postMessage",
        channel=slack.channel("general"),
        blocks=[
            {"type": "header", "text": plain("Head")},
            {"type": "section", "fields": [plain("left"), plain("right")]},
            {"type": "context", "elements": [plain("small")]},
            {"type": "divider"},
            {"type": "image", "image_url": "https://a.example/b.png", "alt_text": "a chart"},
            {"type": "rich_text", "elements": rich},
            {"type": "table", "rows": [[{"type": "raw_text", "text": text} for text in "ab"]]},
        ],
    )
    dana = slack.person("dana")
    await dana.arrive()
    await dana.look()
    [read] = dana.texts("#general")
    assert read.splitlines() == ["Head", "left", "right", "small", "---", "[image: a chart]", "rich", "a | b"]


async def test_a_stranger_sees_nothing(slack: Slack) -> None:
    with pytest.raises(LookupError, match="U404 cannot look: unknown_user"):
        await Person(slack.client, "U404").look()


async def test_ids_the_app_leaves_out_are_filled_in(slack: Slack, app: ToyApp) -> None:
    nameless = {"type": "button", "text": plain("Press")}
    title = {"type": "mrkdwn", "text": "Card"}
    await slack.api(
        "chat.postMessage",
        channel=slack.channel("general"),
        blocks=[
            {"type": "card", "title": title},
            {"type": "card", "title": title, "actions": [nameless]},
            {"type": "actions", "elements": [{**nameless, "text": plain("Go")}]},
        ],
    )
    dana = slack.person("dana")
    for caption in ("Press", "Go"):
        assert (await dana.press(caption))["ok"]
        assert app.heard[-1]["actions"][0]["action_id"]
    assert "actions" not in dana.messages("#general")[0]["blocks"][0]


async def test_menus_outside_inputs_go_by_the_words_beside_them(slack: Slack, app: ToyApp) -> None:
    select = {"type": "static_select", "action_id": "a", "options": [option("Low")]}
    beside = section("Risk", accessory=select)
    alone = actions({**select, "placeholder": plain("Choose a level")})
    await slack.opened(modal(beside, alone))
    dana = slack.person("dana")
    await dana.look()
    await dana.fill({"Risk": "Low"})
    assert app.heard[-1]["actions"][0]["block_id"] != "row"
    await dana.fill({"Choose a level": "Low"})
    assert app.heard[-1]["actions"][0]["block_id"] == "row"
