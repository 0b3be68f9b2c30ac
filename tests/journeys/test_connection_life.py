"""Consent in Ironclad, review by a second admin, and what becomes of a connection afterwards."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.usecases import performing
from storage import Connection
from tests.journeys.browsing import Browser, link_of
from tests.journeys.connecting import SECRET, at_home, connect, registered, typed
from tests.journeys.steps import fill_and_submit, launch, open_form, thread, until
from tests.journeys.test_defaults import audited
from tests.place import Blank, Place, opened
from tests.sandbox.slack.person import Person

OPS, DANA, LEE = "priya.nair@example.com", "dana.ruiz@example.com", "lee.wong@example.com"
CONSENT = {"Grant type": "Authorization code"}


@pytest.fixture
async def admin(bare: Place) -> Person:
    registered(bare, secret=SECRET)
    return await at_home(bare, "priya")


@pytest.fixture
def browser(bare: Place) -> Browser:
    return Browser(bare)


async def save_for_consent(place: Place, admin: Person, **changes: Any) -> str:
    """Fill in the modal for an authorization code; gives the link that comes."""
    await admin.press("Connect Ironclad", "home")
    await admin.fill(CONSENT)
    await admin.wait_for(lambda p: "redirect address" in p.screen())
    answers = typed(**changes)
    del answers["Acting user"]
    await admin.fill(answers)
    await admin.submit()
    await place.idle()
    await admin.look()
    await admin.close()
    return await link_of(admin)


async def consented(place: Place, admin: Person, browser: Browser, user: str = OPS) -> str:
    """Connected with an authorization code; gives what the last page says."""
    link = await save_for_consent(place, admin)
    await browser.press("approve", link)
    told = await browser.open(await browser.consent(user=user))
    await place.idle()
    await admin.look()
    return told


async def in_use(place: Place) -> Connection:
    async with place.app.database.reading() as store:
        found = await store.connections.current(place.team)
    assert found is not None
    return found


def in_modal(person: Person) -> str:
    """The address behind the only link button of the open modal."""
    blocks = (person.view() or {})["blocks"]
    return str(next(one["url"] for block in blocks for one in block.get("elements") or [] if "url" in one))


# Consent ------------------------------------------------------------------------------------------


async def test_consent_connects_and_launches_carry_that_name(
    bare: Place, admin: Person, browser: Browser
) -> None:
    link = await save_for_consent(bare, admin)
    assert "you go on to Ironclad" in await browser.open(link)
    await browser.press("approve", link)
    assert "On to Ironclad" in browser.text
    assert bare.ironclad.oauth.exchanges == {}

    assert "Ironclad is connected" in await browser.open(await browser.consent(user=OPS))
    await bare.idle()
    await admin.look()
    assert "connected to Harbor Oak" in admin.screen()
    await bare.app.connecting.set_channel(bare.team, "test", bare.channel("procurement"))
    await launch(bare.person("dana"))
    await bare.idle()
    assert [one.creator.email for one in bare.ironclad.workflows] == [OPS]


async def test_others_sign_in_as_themselves_and_launches_carry_their_name(
    bare: Place, admin: Person, browser: Browser
) -> None:
    await consented(bare, admin, browser)
    dana = await at_home(bare, "dana")
    assert f"carry the name of {OPS}" in dana.screen()

    await dana.press("Sign in as yourself", "home")
    url = in_modal(dana)
    hers = Browser(bare)
    assert "Ironclad will ask you to let Slipway act as you" in await hers.open(url)
    await hers.press("approve", url)
    assert "You are signed in" in await hers.open(await hers.consent(user=DANA))
    await bare.idle()
    await dana.close()
    await dana.look()
    assert f"carry your own: {DANA}" in dana.screen()

    await launch(dana)
    await launch(bare.person("lee"))
    await bare.idle()
    creators = sorted(one.creator.email for one in bare.ironclad.workflows)
    assert creators == [DANA, OPS]
    async with bare.app.database.reading() as store:
        assert len(await store.connections.sign_ins(bare.team, (await in_use(bare)).id)) == 1

    await dana.close()
    await dana.press("Sign out", "home")
    await dana.wait_for(lambda p: f"carry the name of {OPS}" in p.screen())
    assert await audited(bare, "connection.signed_in") == [(None, {"account": DANA})]
    assert await audited(bare, "connection.signed_out") == [({"account": DANA}, None)]


async def test_nobody_signs_in_as_somebody_else(bare: Place, admin: Person, browser: Browser) -> None:
    await consented(bare, admin, browser)
    dana = await at_home(bare, "dana")
    await dana.press("Sign in as yourself", "home")
    url = in_modal(dana)
    await browser.press("approve", url)

    told = await browser.open(await browser.consent(user=LEE))

    assert f"logged in to Ironclad as {LEE}" in told
    assert "log in with that address" in told
    async with bare.app.database.reading() as store:
        assert await store.connections.sign_ins(bare.team, (await in_use(bare)).id) == []


async def test_a_grant_that_was_revoked_makes_launches_wait_until_reconnected(
    bare: Place, admin: Person, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(performing, "NOT_CONNECTED_SECONDS", 0.3)
    await consented(bare, admin, browser)
    await bare.app.connecting.set_channel(bare.team, "test", bare.channel("procurement"))
    dana = bare.person("dana")
    await open_form(dana)
    bare.ironclad.oauth.revoke_all()
    await fill_and_submit(dana)
    await dana.wait_for(lambda p: p.messages("#procurement"))
    await admin.wait_for(lambda p: any("needs you" in text for text in p.dm()), timeout=15)
    assert "Ironclad ended Slipway's access" in await thread(bare, dana)
    assert sum("needs you" in text for text in admin.dm()) == 1
    assert bare.ironclad.workflows == []

    await admin.press("Manage", admin.dm_id())
    assert "broken" in admin.screen()
    await admin.press("Reconnect")
    url = in_modal(admin)
    await browser.press("approve", url)
    assert "Ironclad is connected" in await browser.open(await browser.consent(user=OPS))

    await until(lambda: len(bare.ironclad.workflows) == 1, timeout=15)
    await bare.idle()
    await admin.look()
    assert not any("needs you" in text for text in admin.dm())
    assert any("works again" in text for text in admin.dm())
    assert await audited(bare, "connection.reconnected") == [(None, {"account": OPS})]


# Publishing ---------------------------------------------------------------------------------------


async def second_admin(place: Place) -> Person:
    member = place.member("lee")
    member.is_admin = True
    return await at_home(place, "lee")


async def publish(place: Place, admin: Person) -> None:
    await admin.press("Connect Ironclad", "home")
    await admin.fill({**typed(), "When you continue": "Publish"})
    await admin.submit()
    await place.idle()
    await admin.look()


async def test_what_is_published_is_reviewed_by_a_second_admin(
    bare: Place, admin: Person, browser: Browser
) -> None:
    lee = await second_admin(bare)
    await publish(bare, admin)
    assert "Published for review" in admin.screen()
    await admin.close()
    assert admin.dm() == []
    await admin.press("Review", "home")
    assert "You published this connection yourself" in "\n".join([admin.screen(), *admin.dm()])

    await lee.look()
    assert any("asks for your review" in text for text in lee.dm())
    await lee.press("Review", lee.dm_id())
    assert "public.workflows.createWorkflows" in lee.screen()
    assert SECRET not in lee.screen()
    await lee.fill({"Your decision": "Approve"})
    await lee.submit()
    await bare.idle()
    await lee.look()
    assert any("approved by" in text for text in lee.dm())
    assert not any("(Review)" in text for text in lee.dm())

    assert "Ironclad is connected" in await browser.press("approve", await link_of(admin))


async def test_what_is_returned_comes_back_with_its_reason(
    bare: Place, admin: Person, browser: Browser
) -> None:
    lee = await second_admin(bare)
    await publish(bare, admin)
    await lee.look()
    await lee.press("Review", lee.dm_id())
    await lee.fill({"Your decision": "Return"})
    await lee.submit()
    assert lee.errors() == {
        "Reason, if you return it": "Say what should be different, so that it can be corrected."
    }
    await lee.fill({"Reason, if you return it": "Leave out deleting <!channel> accounts"})
    await lee.submit()
    await bare.idle()

    await admin.close()
    await admin.look()
    assert any("Leave out deleting" in text for text in admin.dm())
    assert not any("/ironclad/connect/" in str(one) for one in admin.messages(admin.dm_id()))
    await admin.press("Correct it", admin.dm_id())
    await admin.fill({"Acting user": "Priya Nair", "When you continue": "Save changes"})
    await admin.submit()
    await bare.idle()
    assert "Ironclad is connected" in await browser.press("approve", await link_of(admin))


async def test_a_deployment_can_demand_review_always(blank: Blank, tmp_path: Path) -> None:
    async with opened(blank, tmp_path, connection_review="always") as place:
        registered(place, secret=SECRET)
        priya = await at_home(place, "priya")
        await second_admin(place)
        await priya.press("Connect Ironclad", "home")
        assert "Save changes" not in priya.screen()
        await priya.fill(typed())
        await priya.submit()
        await place.idle()
        await priya.look()
        assert "Published for review" in priya.screen()


async def test_without_a_second_admin_publishing_is_refused_beside_the_choice(
    bare: Place, admin: Person
) -> None:
    await publish(bare, admin)

    told = "There is no second admin here who could review it."
    assert told in admin.errors()["When you continue"]


# Afterwards ---------------------------------------------------------------------------------------


async def test_check_says_what_works_and_what_does_not(bare: Place, admin: Person) -> None:
    await connect(bare, admin)
    await admin.press("Manage", "home")
    await admin.press("Check")
    await bare.idle()
    await admin.look()
    assert "Checked: everything works" in admin.screen()
    assert "✓ *Templates:*" in admin.screen()
    assert "calls a minute are left" in admin.screen()

    registered(bare, secret="rotated-in-ironclad")
    bare.ironclad.oauth.revoke_all()
    await admin.press("Check")
    await bare.idle()
    await admin.look()
    assert "Checked: 1 to look at" in admin.screen()
    assert "✗ *Credentials:*" in admin.screen()
    assert sum("needs you" in text for text in admin.dm()) == 1


async def test_the_daily_check_notices_and_the_new_secret_mends(bare: Place, admin: Person) -> None:
    await connect(bare, admin)
    registered(bare, secret="a-new-secret-for-slipway")
    bare.ironclad.oauth.revoke_all()
    for _ in range(3):
        await bare.app.checking.check_all()
    await bare.idle()
    await admin.look()
    assert sum("needs you" in text for text in admin.dm()) == 1

    await admin.press("Manage", "home")
    await admin.press("Replace the secret")
    await admin.fill({"New client secret": "still-wrong"})
    await admin.submit()
    assert "did not accept" in admin.errors()["New client secret"]
    await admin.fill({"New client secret": "a-new-secret-for-slipway"})
    await admin.submit()
    await bare.idle()
    await admin.look()
    assert "Replaced. The new secret works" in admin.screen()
    assert any("works again" in text for text in admin.dm())
    await launch(bare.person("dana"))
    await bare.idle()
    assert len(bare.ironclad.workflows) == 1


async def test_production_and_demo_side_by_side(bare: Place, admin: Person, browser: Browser) -> None:
    await connect(bare, admin, **{"Datacenter region": "Europe"})
    await admin.press("Connect another", "home")
    await admin.fill(typed())
    await admin.submit()
    await bare.idle()
    await admin.close()
    await browser.press("approve", await link_of(admin))
    await bare.idle()
    await admin.look()
    assert "DEMO*, not production · connected to Harbor Oak · not used for new launches" in admin.screen()
    assert not (await in_use(bare)).demo

    async with bare.app.database.reading() as store:
        demo = await store.connections.of_environment(bare.team, demo=True)
    assert demo is not None
    await bare.app.connecting.put_in_use(bare.team, bare.member("priya").id, demo.id)
    await bare.app.connecting.set_channel(bare.team, "test", bare.channel("procurement"))
    dana = bare.person("dana")
    await launch(dana)
    await bare.idle()
    assert "DEMO" in await thread(bare, dana)
