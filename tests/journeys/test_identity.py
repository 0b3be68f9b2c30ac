"""Somebody whose Slack address Ironclad does not know: says who they are, is linked, or hands on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.journeys.steps import open_form
from tests.place import Place
from tests.sandbox.slack.person import Person


async def refused(person: Person) -> None:
    """`/contract`, up to the refusal."""
    await person.command("/contract", "#general")
    await person.wait_for(lambda p: p.view() and "There is no Ironclad account" in p.screen())


@pytest.fixture
async def elsewhere(place: Place) -> Place:
    """Ironclad knows Noor at another domain."""
    company = place.ironclad.company
    dana = next(one for one in company.users.values() if one.email == "dana.ruiz@example.com")
    noor = replace(dana, id="6a0c11d2e4b0f7a915c3dd99", email="noor.haddad@harbor-oak.example")
    company.users[noor.id] = noor
    return place


async def test_is_this_you_is_confirmed_by_an_admin_and_then_counts(elsewhere: Place) -> None:
    noor, priya = elsewhere.person("noor"), elsewhere.person("priya")
    await refused(noor)
    assert "Is this you?" in noor.screen()
    assert "noor.haddad@harbor-oak.example" in noor.screen()
    await noor.press("Yes, this is me")
    assert "an admin confirms this once" in noor.screen().replace("a Slipway admin", "an admin")
    await noor.close()
    await refused(noor)
    await noor.close()

    await priya.open_home()
    await priya.wait_for(lambda p: "1 says who they are" in p.screen())
    await priya.press("Link people", "home")
    await priya.press("Confirm")
    assert "Linked by hand" in priya.screen()
    await elsewhere.idle()
    await noor.look()
    assert any("you are noor.haddad@harbor-oak.example from now on" in text for text in noor.dm())

    await open_form(noor)
    await noor.close()
    await priya.press("Unlink")
    await refused(noor)


async def test_nobody_can_claim_another_persons_account(elsewhere: Place) -> None:
    noor = elsewhere.person("noor")
    await refused(noor)
    button = await noor.find_button("Yes, this is me")
    value = button.value or button.element["value"]
    forged = value.replace("noor.haddad@harbor-oak.example", "dana.ruiz@example.com")
    body = {"as": noor.id, **button.address(), "value": forged, "state": {}}
    await elsewhere.client.post("/client/action", json=body)
    await noor.look()

    async with elsewhere.app.database.reading() as store:
        found = await store.identities.get(elsewhere.team, noor.id)
    assert found is None or found.email != "dana.ruiz@example.com"


async def test_an_admin_links_one_and_many(elsewhere: Place) -> None:
    noor, priya = elsewhere.person("noor"), elsewhere.person("priya")
    await refused(noor)
    await noor.close()
    await priya.open_home()
    await priya.wait_for(lambda p: "1 without an account" in p.screen())
    await priya.press("Link people", "home")

    await priya.fill({"Find somebody": "Dana Ruiz"})
    await priya.wait_for(lambda p: "has not tried to launch yet" in p.screen())
    assert "tried to launch " not in priya.screen().replace("has not tried to launch yet", "")
    await priya.press("Show everybody")
    await priya.wait_for(lambda p: "Without an account" in p.screen())

    await priya.press("Link somebody")
    await priya.fill({"Person in Slack": "Noor Haddad", "Their e-mail in Ironclad": "nobody@example.com"})
    await priya.submit()
    assert "Ironclad has no account" in priya.errors()["Their e-mail in Ironclad"]
    await priya.fill({"Their e-mail in Ironclad": "noor.haddad@harbor-oak.example"})
    await priya.submit()
    assert "Linked." in priya.screen()
    await priya.fill({"Find an Ironclad e-mail": "noor.haddad@harbor-oak.example"})
    await priya.wait_for(lambda p: "Show everybody" in p.screen())
    assert f"<@{noor.id}> is noor.haddad@harbor-oak.example" in priya.screen()
    await open_form(noor)
    await noor.close()
    await priya.press("Unlink")

    await priya.press("Link many")
    await priya.fill({"Lines": "slack,ironclad\nnoor.haddad@example.com noor"})
    await priya.submit()
    assert "line 2" in priya.errors()["Lines"]
    good = "noor.haddad@example.com, noor.haddad@harbor-oak.example"
    await priya.fill({"Lines": f"{good}\nghost@example.com, dana.ruiz@example.com"})
    await priya.submit()
    await elsewhere.idle()
    await priya.wait_for(lambda p: "1 linked." in p.screen())
    assert "ghost@example.com (Slack)" in priya.screen()


async def test_a_launch_is_handed_to_a_colleague_in_one_click(place: Place) -> None:
    noor = place.person("noor")
    await noor.command("/contract new", "#general")
    await noor.fill({"What do you need?": "Chairs"})
    await noor.submit()
    await place.idle()
    if noor.view():
        await noor.close()
    await noor.press("Launch contract", "#procurement")
    await noor.wait_for(lambda p: p.view() and "There is no Ironclad account" in p.screen())

    await noor.fill({"Let a colleague launch it": "Dana Ruiz"})

    assert "is with" in noor.screen()
    await place.idle()
    dana = place.person("dana")
    await dana.press("Launch contract", "#procurement")
    await dana.wait_for(lambda p: p.view() and "Template" in p.screen() and "Loading" not in p.screen())
