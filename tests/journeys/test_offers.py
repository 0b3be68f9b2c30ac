"""The template list shows what admins offer: to whom, and where."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.journeys.steps import card
from tests.journeys.test_administration import admin_at_home
from tests.journeys.test_defaults import audited
from tests.journeys.test_requests import ask
from tests.journeys.test_versions import forget_offers, publish
from tests.place import Place
from tests.sandbox.slack.person import Person


async def offer(admin: Person, template: str, **changes: Any) -> None:
    """What an admin does to change to whom a template is offered."""
    await admin.press("Edit offers", "home")
    await admin.fill({"Choose a template": template})
    await admin.fill({name.replace("_", " ").capitalize(): value for name, value in changes.items()})
    await admin.submit()
    assert "Saved." in admin.screen()
    await admin.close()


def _listed(person: Person) -> list[str]:
    """What the template list on the screen offers; nothing when there is none."""
    blocks = (person.view() or {}).get("blocks", [])
    element: dict[str, Any] = next(
        (block["element"] for block in blocks if block["block_id"] == "template"), {}
    )
    return [option["text"]["text"] for option in element.get("options", ())]


async def offered(person: Person, channel: str = "#general") -> Sequence[str]:
    """What `/contract` offers somebody in a channel."""
    await person.command("/contract", channel)
    await person.wait_for(lambda p: "Loading" not in p.screen(), timeout=20)
    found = _listed(person)
    await person.close()
    return found


async def test_a_template_is_offered_to_the_people_and_groups_that_an_admin_named(place: Place) -> None:
    admin = await admin_at_home(place)
    dana, lee, sam = (place.person(name) for name in ("dana", "lee", "sam"))
    assert "Mutual NDA" in await offered(dana)

    await offer(admin, "Mutual NDA", people=["Dana Ruiz"], user_groups=["Approvers"])
    await admin.wait_for(lambda p: "1 template is offered to some people" in p.screen())

    members = next(one.users for one in place.slack.workspaces.user_groups if one.name == "Approvers")
    for person in (dana, lee, sam):
        allowed = person.id == dana.id or person.id in members
        assert ("Mutual NDA" in await offered(person)) is allowed
    assert "Simple Purchase" in await offered(sam), "the others stay as they are"
    (change,) = await audited(place, "offers.set")
    assert change[1] == {
        "hidden": False,
        "users": [dana.id],
        "groups": [place.slack.workspaces.user_groups[0].id],
        "channels": [],
    }
    await offer(admin, "Mutual NDA", people=[], user_groups=[])
    await admin.wait_for(lambda p: "Every template is offered" in p.screen())
    assert [refusal.error for refusal in place.slack.traffic.refused] == []


async def test_a_template_is_offered_in_some_channels_and_to_requests_whose_card_is_there(
    place: Place,
) -> None:
    admin, dana = await admin_at_home(place), place.person("dana")
    await admin.press("Edit offers", "home")
    assert "No template is known yet" in admin.screen()
    await admin.close()
    assert "Simple Purchase" in await offered(dana)

    await offer(admin, "Simple Purchase", channels=["#procurement"])

    await dana.command("/contract", "#general")
    assert "Simple Purchase" not in _listed(dana)
    assert "More are offered to you in other channels" in dana.screen()
    await dana.close()
    assert "Simple Purchase" in await offered(dana, "#procurement")
    await dana.open_home()
    await dana.press("Launch a contract", "home")
    await dana.wait_for(_listed, timeout=20)
    assert "Simple Purchase" not in _listed(dana)
    await dana.close()
    await ask(dana)
    await place.idle()
    await card(place, dana)
    await dana.press(await dana.find_button("Launch contract", dana.dm_id()))
    await dana.wait_for(_listed, timeout=20)
    assert "Simple Purchase" in _listed(dana), "asked for in a direct message, but its card is there"


async def test_what_is_offered_to_nobody_cannot_be_picked_from_a_list_that_was_open(place: Place) -> None:
    admin, dana = await admin_at_home(place), place.person("dana")
    await offered(dana)
    await dana.command("/contract")
    await dana.wait_for(_listed, timeout=20)
    await dana.fill({"Template": "Simple Purchase"})
    await offer(admin, "Simple Purchase", **{"not_ready_yet?": ["Offer it to nobody"]})

    await dana.submit()

    assert "No template is offered to you here" in dana.screen()
    assert "Slipway's admins decide" in dana.screen()
    assert "Simple Purchase" not in await offered(dana)


async def test_a_rule_outlives_being_published_again(place: Place) -> None:
    admin, dana = await admin_at_home(place), place.person("dana")
    await offered(dana)
    await offer(admin, "Mutual NDA", **{"not_ready_yet?": ["Offer it to nobody"]})
    template = place.ironclad.template("Mutual NDA")
    publish(place, template, template.republished())
    await forget_offers(place)

    assert "Mutual NDA" not in await offered(dana)
    assert "Simple Purchase" in await offered(dana)


async def test_while_slack_does_not_say_who_is_in_a_group_the_list_waits(place: Place) -> None:
    admin, lee = await admin_at_home(place), place.person("lee")
    await offered(lee)
    await offer(admin, "Mutual NDA", user_groups=["Approvers"])
    fault = {"method": "usergroups.users.list", "kind": "ratelimited", "retry_after": 1}
    await place.client.post("/client/fault", json=fault)

    assert "Mutual NDA" in await offered(lee)
    assert place.slack.faults.active == ()
