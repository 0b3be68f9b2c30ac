"""Workspaces and organisations install the app by OAuth, use it, and remove it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import text

from bot.slack.installer import SlackInstaller
from bot.slack.tokens import InstalledTokens
from storage import Database
from tests.journeys.installs import (
    CLIENT_SECRET,
    REDIRECT,
    Browser,
    bot_of,
    company,
    for_many,
    many_workspaces,
)
from tests.place import Blank, Place, logging_to_text
from tests.sandbox.slack.person import Person
from tests.sandbox.slack.workspace import Team


@pytest.fixture
async def place(blank: Blank, tmp_path: Path) -> AsyncIterator[Place]:
    world, app = many_workspaces()
    async with for_many(blank, tmp_path, world, app) as place:
        yield place


@pytest.fixture
def acme(place: Place) -> Team:
    return company(place.slack, "Acme")


@pytest.fixture
def browser(place: Place) -> Browser:
    return Browser(place)


def someone(place: Place, name: str) -> Person:
    return place.person(name)


async def home_of(place: Place, name: str) -> str:
    person = someone(place, name)
    await person.open_home()
    await person.wait_for(lambda p: p.home())
    return person.screen()


async def test_a_workspace_installs_and_its_admin_sees_the_set_up(
    place: Place, acme: Team, browser: Browser
) -> None:
    page = await browser.install(acme.id)

    assert page.status_code == 200
    assert "Slipway is in Acme" in page.text
    assert f"slack://app?team={acme.id}" in page.text
    assert "Not everything was allowed" not in page.text
    assert "Set-up" in await home_of(place, "acme-admin")
    assert "Set-up" not in await home_of(place, "acme-dana")


async def test_pages_are_closed_to_everything_they_do_not_need(browser: Browser, acme: Team) -> None:
    for page in (await browser.slipway.get("/slack/install"), await browser.install(acme.id)):
        headers = page.headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cache-control"] == "no-store"
        assert '<html lang="en">' in page.text
        assert 'name="viewport"' in page.text
    cookie = (await browser.slipway.get("/slack/install")).headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "samesite=lax" in cookie.casefold()


async def test_who_says_no_installs_nothing(place: Place, acme: Team, browser: Browser) -> None:
    page = await browser.install(acme.id, answer="deny")

    assert page.status_code == 400
    assert "You did not let Slipway in" in page.text
    assert place.slack.workspaces.installed(acme.id) == []


async def test_an_address_works_once_and_in_one_browser(place: Place, acme: Team, browser: Browser) -> None:
    """A state that is foreign, replayed, forged or missing leads nowhere, and costs no code."""
    asked = await browser.consent()
    address = await browser.answer(asked, acme.id)
    other = Browser(place)
    await other.consent()

    foreign = await other.slipway.get(address)
    first = await browser.slipway.get(address)
    again = await browser.slipway.get(address)
    forged = await browser.slipway.get("/slack/oauth_redirect?code=x&state=made-up")
    bare = await browser.slipway.get("/slack/oauth_redirect")

    assert [one.status_code for one in (foreign, first, again, forged, bare)] == [400, 200, 400, 400, 400]
    for page in (foreign, again, forged, bare):
        assert "does not belong to an install that was begun in this browser" in page.text
    assert len(place.slack.traffic.calls_of("oauth.v2.access")) == 1


async def test_an_address_is_good_for_ten_minutes(place: Place, acme: Team, browser: Browser) -> None:
    address = await browser.answer(await browser.consent(), acme.id)
    async with place.app.database.transaction() as store:
        past = datetime.now(UTC) - timedelta(seconds=1)
        await store.connection.execute(
            text("UPDATE install_states SET expires_at = :past"), {"past": past.replace(tzinfo=None)}
        )

    assert (await browser.slipway.get(address)).status_code == 400


@pytest.mark.parametrize(
    ("error", "told"),
    [
        ("invalid_code", "Slack does not know this code"),
        ("bad_redirect_uri", "Redirect URLs"),
        ("bad_client_secret", "SLIPWAY_SLACK_CLIENT_SECRET"),
        ("something_new", "something_new"),
        ("internal_error", "Slack does not answer"),
    ],
)
async def test_what_slack_refuses_is_said(
    place: Place, acme: Team, browser: Browser, error: str, told: str
) -> None:
    fault = {"method": "oauth.v2.access", "kind": "error", "error": error}
    await place.client.post("/client/fault", json=fault)

    page = await browser.install(acme.id)

    assert page.status_code in (400, 503)
    assert told in page.text
    assert "/slack/install" in page.text


async def test_declined_scopes_are_named(place: Place, acme: Team, browser: Browser) -> None:
    asked = await browser.consent()
    asked["scope"] = ",".join(one for one in asked["scope"].split(",") if one != "groups:history")

    page = await browser.slipway.get(await browser.answer(asked, acme.id))

    assert page.status_code == 200
    assert "groups:history" in page.text


async def test_no_secret_and_no_token_is_anywhere(place: Place, acme: Team, browser: Browser) -> None:
    with logging_to_text(place.settings.secrets) as logged:
        address = await browser.answer(await browser.consent(), acme.id)
        await browser.slipway.get(address)
        await home_of(place, "acme-admin")
    token = bot_of(place.slack, acme).token
    code = address.split("code=")[1].split("&")[0]

    for secret in (token, CLIENT_SECRET, code):
        assert secret.encode() not in place.bytes_at_rest()
        assert secret not in logged.getvalue()
        assert not place.slack.contains(secret)


async def test_removing_the_app_ends_it_and_installing_again_revives_it(
    place: Place, acme: Team, browser: Browser
) -> None:
    await browser.install(acme.id)
    assert "Set-up" in await home_of(place, "acme-admin")

    await place.client.post("/client/uninstall", json={"team": acme.id})
    await place.slack.settled()

    async with place.app.database.reading() as store:
        assert await store.installs.get(acme.id) is None
        actions = [entry.action for entry in await store.audit.onward(acme.id)]
    assert actions == ["app.installed", "app.removed"]

    await browser.install(acme.id)
    await place.slack.settled()
    assert "Set-up" in await home_of(place, "acme-admin")


async def test_a_late_word_of_a_removal_does_not_end_a_newer_install(
    place: Place, acme: Team, browser: Browser
) -> None:
    await browser.install(acme.id)
    async with place.app.database.transaction() as store:
        before = datetime.now(UTC) - timedelta(minutes=5)
        assert not await store.installs.remove(acme.id, before=before)
        assert await store.installs.get(acme.id) is not None


async def test_a_workspace_without_the_app_is_told_so(place: Place, acme: Team, browser: Browser) -> None:
    await browser.install(acme.id)
    async with place.app.database.transaction() as store:
        await store.installs.remove(acme.id)

    dana = someone(place, "acme-dana")
    await dana.command("/contract", "#general")
    await dana.wait_for(lambda p: p.texts("#general"))

    assert "not installed in this workspace any more" in "\n".join(dana.texts("#general"))


async def test_an_organisation_installs_for_all_its_workspaces(place: Place, browser: Browser) -> None:
    world = place.slack
    group = world.add_enterprise("Umbrella Group")
    north, south = company(world, "North", enterprise=group), company(world, "South", enterprise=group)

    page = await browser.install(group.id)

    assert "Slipway is in Umbrella Group" in page.text
    assert "organisation admin now adds it to workspaces" in page.text
    assert "Set-up" in await home_of(place, "north-admin")
    assert "Set-up" in await home_of(place, "south-admin")
    async with place.app.database.reading() as store:
        token = await store.installs.token(north.id)  # as work does that no payload comes with
        assert token is not None
        assert token.team == group.id
        assert await store.installs.token("T-elsewhere") is None

    await place.client.post("/client/uninstall", json={"team": group.id})
    await world.settled()
    async with place.app.database.reading() as store:
        assert await store.installs.token(south.id) is None


async def test_nothing_of_one_workspace_is_visible_to_another(
    place: Place, acme: Team, browser: Browser
) -> None:
    globex = company(place.slack, "Globex")
    await browser.install(acme.id)
    await browser.install(globex.id)
    database: Database = place.app.database
    async with database.transaction() as store:
        await store.workspaces.set_channel(acme.id, "C-of-acme", "U1")

    assert "Set-up" in await home_of(place, "acme-admin")
    assert "Set-up" in await home_of(place, "globex-admin")

    by_team = {team.id: bot_of(place.slack, team).token for team in (acme, globex)}
    assert len(set(by_team.values())) == 2
    async with database.reading() as store:
        for team, token in by_team.items():
            found = await store.installs.token(team)
            assert found is not None
            assert found.text == token
        assert [entry.team for entry in await store.audit.onward(acme.id)] == [acme.id]


async def test_a_token_that_ends_is_renewed_once_however_many_need_it(
    place: Place, acme: Team, browser: Browser
) -> None:
    world = place.slack
    next(iter(world.apps.values())).rotates_tokens = True
    world.rules.token_seconds = 1
    await browser.install(acme.id)
    world.rules.token_seconds = 43_200
    first, app = bot_of(world, acme).token, next(iter(world.apps.values()))
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(base_url=place.settings.slack_api_url, session=session, retry_handlers=[])
        installer = SlackInstaller(
            client, client_id=app.client_id, client_secret=app.client_secret, redirect_uri=REDIRECT
        )
        replicas = [InstalledTokens(place.app.database, installer) for _ in range(3)]
        found = await asyncio.gather(*(one.of(acme.id) for one in replicas for _ in range(20)))

    refreshed = [
        call
        for call in world.traffic.calls_of("oauth.v2.access")
        if call.args.get("grant_type") == "refresh_token"
    ]
    assert [call.error for call in refreshed] == [None]
    assert set(found) <= {first, bot_of(world, acme).token}
    assert "Set-up" in await home_of(place, "acme-admin")


async def test_a_token_that_cannot_be_renewed_is_said(place: Place, acme: Team, browser: Browser) -> None:
    world = place.slack
    next(iter(world.apps.values())).rotates_tokens = True
    world.rules.token_seconds = 1
    await browser.install(acme.id)
    fault = {"method": "oauth.v2.access", "kind": "error", "error": "invalid_refresh_token", "times": 50}
    await place.client.post("/client/fault", json=fault)

    await someone(place, "acme-admin").open_home()
    await place.slack.settled()

    async with place.app.database.reading() as store:
        install = await store.installs.get(acme.id)
    assert install is not None
    assert install.problem == (
        "Slack does not renew its token any more. Install Slipway again from the install page."
    )
