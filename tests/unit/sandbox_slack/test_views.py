"""Modals and Home tabs: triggers, hashes, the stack, and what was typed."""

import pytest

from tests.sandbox.slack import SlackWorld
from tests.sandbox.slack.errors import Json
from tests.unit.sandbox_slack.toy import (
    Slack,
    StoppedClock,
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


def home(*blocks: Json) -> Json:
    return {"type": "home", "blocks": list(blocks)}


async def test_a_trigger_opens_one_modal_within_three_seconds(slack: Slack, clock: StoppedClock) -> None:
    async def opening(trigger_id: str) -> str:
        answer = await slack.api("views.open", trigger_id=trigger_id, view=modal(section("a")))
        return "ok" if answer["ok"] else str(answer["error"])

    first, late = slack.trigger(), slack.trigger()
    clock.now += 3.0
    assert await opening(first) == "ok"
    assert await opening(first) == "exchanged_trigger_id"
    clock.now += 0.1
    assert await opening(late) == "expired_trigger_id"
    assert await opening("1.2.3") == "invalid_trigger_id"


async def test_a_refused_view_does_not_spend_the_trigger(slack: Slack) -> None:
    trigger_id = slack.trigger()
    refused = await slack.api("views.open", trigger_id=trigger_id, view=modal({"type": "bogus"}))
    assert refused["error"] == "invalid_arguments"
    assert refused["response_metadata"]["messages"] == [
        "[ERROR] unsupported type: bogus [json-pointer:/view/blocks/0/type]"
    ]
    assert (await slack.api("views.open", trigger_id=trigger_id, view=modal(section("a"))))["ok"]


async def test_an_opened_view_is_answered_in_full(slack: Slack) -> None:
    view = await slack.opened(modal(section("a"), private_metadata="p", callback_id="c"))
    assert (view["private_metadata"], view["callback_id"]) == ("p", "c")
    assert view["state"] == {"values": {}}
    assert view["root_view_id"] == view["id"]
    assert view["previous_view_id"] is None
    assert view["blocks"][0]["block_id"]


async def test_a_stale_hash_is_a_conflict(slack: Slack) -> None:
    view = await slack.opened(modal(section("a")))
    fresh = await slack.api("views.update", view_id=view["id"], hash=view["hash"], view=modal(section("b")))
    stale = await slack.api("views.update", view_id=view["id"], hash=view["hash"], view=modal(section("c")))
    assert (fresh["ok"], stale["error"]) == (True, "hash_conflict")
    assert fresh["view"]["hash"] != view["hash"]
    assert (await slack.api("views.update", view_id=view["id"], view=modal(section("d"))))["ok"]


async def test_a_closed_view_is_not_found(slack: Slack) -> None:
    view = await slack.opened(modal(section("a")))
    dana = slack.person("dana")
    await dana.look()
    await dana.close()
    gone = await slack.api("views.update", view_id=view["id"], view=modal(section("b")))
    assert gone["error"] == "not_found"


async def test_a_new_modal_takes_the_place_of_the_old(slack: Slack) -> None:
    old = await slack.opened(modal(section("old")))
    await slack.opened(modal(section("new")))
    assert (await slack.api("views.update", view_id=old["id"], view=modal(section("b"))))[
        "error"
    ] == "not_found"


async def test_three_views_are_the_most(slack: Slack) -> None:
    root = await slack.opened(modal(section("1")))
    pushed = [
        await slack.api("views.push", trigger_id=slack.trigger(), view=modal(section(text))) for text in "234"
    ]
    second, third, fourth = pushed
    assert (second["view"]["root_view_id"], second["view"]["previous_view_id"]) == (root["id"], root["id"])
    assert third["view"]["previous_view_id"] == second["view"]["id"]
    assert fourth["error"] == "push_limit_reached"


async def test_pushing_onto_nothing(slack: Slack) -> None:
    assert (await slack.api("views.push", trigger_id=slack.trigger(), view=modal(section("a"))))[
        "error"
    ] == "not_found"


async def test_an_external_id_names_one_view_of_the_team(slack: Slack) -> None:
    await slack.opened(modal(section("a"), external_id="launch"))
    twice = await slack.api(
        "views.open", trigger_id=slack.trigger("lee"), view=modal(section("a"), external_id="launch")
    )
    assert twice["error"] == "duplicate_external_id"
    changed = modal(section("b"), external_id="launch")
    assert (await slack.api("views.update", external_id="launch", view=changed))["ok"]
    assert (await slack.api("views.update", external_id="other", view=changed))["error"] == "not_found"
    assert (await slack.api("views.update", view=changed))["error"] == "invalid_arguments"


async def test_a_view_of_too_many_bytes(slack: Slack) -> None:
    large = modal(*[section("x" * 3000) for _ in range(90)])
    answer = await slack.api("views.open", trigger_id=slack.trigger(), view=large)
    assert answer["error"] == "view_too_large"


async def test_home_is_published_per_person_and_guarded_by_its_hash(slack: Slack) -> None:
    dana = slack.person("dana")
    first = await slack.api("views.publish", user_id=dana.id, view=home(section("one")))
    await slack.api("views.publish", user_id=dana.id, view=home(section("two")))
    stale = await slack.api(
        "views.publish", user_id=dana.id, view=home(section("three")), hash=first["view"]["hash"]
    )
    assert stale["error"] == "hash_conflict"
    await dana.look()
    assert dana.screen() == "two"
    assert slack.person("lee").home() is None
    slack.world.workspaces.installations[0].app.home_enabled = False
    off = await slack.api("views.publish", user_id=dana.id, view=home(section("four")))
    assert off["error"] == "not_enabled"


async def test_another_app_cannot_touch_a_view(slack: Slack) -> None:
    view = await slack.opened(modal(section("a")))
    team = next(iter(slack.world.workspaces.teams.values()))
    other = slack.world.workspaces.installations[0].app
    rival = type(other)("A2", "Rival", "secret", other.request_url)
    token = slack.world.install(team, rival, token="xoxb-rival", scopes=["chat:write"]).token
    stolen = await slack.api("views.update", token=token, view_id=view["id"], view=modal(section("b")))
    used = await slack.api("views.open", token=token, trigger_id=slack.trigger(), view=modal(section("b")))
    assert (stolen["error"], used["error"]) == ("not_found", "invalid_trigger_id")


def form(*, epoch: str = "1", initial: str = "") -> Json:
    more = {"initial_value": initial} if initial else {}
    vendor = field_block(text_input(**more), label="Vendor", block_id=f"vendor:{epoch}")
    return modal(vendor, actions(button("Check")))


def vendor_of(app: ToyApp) -> object:
    """What the app was told of the field in the last payload, under whatever epoch."""
    values = app.heard[-1]["view"]["state"]["values"]
    return [fields["a"]["value"] for block_id, fields in values.items() if block_id.startswith("vendor")]


async def test_what_was_typed_survives_while_both_ids_stay(slack: Slack, app: ToyApp) -> None:
    view = await slack.opened(form())
    dana = slack.person("dana")
    await dana.look()
    await dana.fill({"Vendor": "Acme"})
    await dana.press("Check")
    assert vendor_of(app) == ["Acme"]
    await slack.api("views.update", view_id=view["id"], view=form(initial="Globex"))
    await dana.press("Check")
    assert vendor_of(app) == ["Acme"]
    await slack.api("views.update", view_id=view["id"], view=form(epoch="2", initial="Globex"))
    await dana.press("Check")
    assert vendor_of(app) == ["Globex"]


async def test_a_field_that_comes_back_is_empty_again(slack: Slack, app: ToyApp) -> None:
    view = await slack.opened(form())
    dana = slack.person("dana")
    await dana.look()
    await dana.fill({"Vendor": "Acme"})
    await dana.press("Check")
    await slack.api("views.update", view_id=view["id"], view=modal(section("Loading")))
    await dana.look()
    await slack.api("views.update", view_id=view["id"], view=form())
    await dana.press("Check")
    assert vendor_of(app) == [None]


@pytest.mark.parametrize("validates", [True, False])
async def test_validation_can_be_switched_off_for_load_tests(
    slack: Slack, world: SlackWorld, validates: bool
) -> None:
    world.rules.validates = validates
    bad = modal(section("a"), title=plain("x" * 25))
    answer = await slack.api("views.open", trigger_id=slack.trigger(), view=bad)
    assert answer["ok"] is not validates


async def test_the_current_conversation_is_chosen_when_asked(slack: Slack) -> None:
    dana = slack.person("dana")
    select = {"type": "conversations_select", "action_id": "a", "default_to_current_conversation": True}
    general = slack.channel("general")
    app_id = slack.world.workspaces.installations[0].app.id
    trigger_id = slack.world.triggers.issue(app_id, dana.id, channel_id=general)
    await slack.api("views.open", trigger_id=trigger_id, view=modal(field_block(select, label="Where")))
    await dana.arrive()
    await dana.look()
    assert "Where: #general" in dana.screen()


async def test_initial_choices_read_as_chosen(slack: Slack) -> None:
    select = {
        "type": "static_select",
        "action_id": "a",
        "options": [option("Low"), option("High")],
        "initial_option": option("High"),
    }
    await slack.opened(modal(field_block(select, label="Risk")))
    dana = slack.person("dana")
    await dana.look()
    assert "Risk: High" in dana.screen()
