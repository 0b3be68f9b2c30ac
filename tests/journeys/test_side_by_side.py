"""Two workspaces over HTTP and one over Socket Mode: nothing of one is visible to another (must show 6)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.app import Application, running
from bot.usecases.credentials import Credentials
from storage.models import Row
from storage.repositories.base import table_of
from tests.journeys.installs import Browser, bot_of, company, for_many, invite, many_workspaces
from tests.journeys.steps import fill_and_submit, open_form, until
from tests.place import Blank, Place
from tests.sandbox.ironclad.demo_designs import OPS_ADMIN
from tests.sandbox.ironclad.world import DEMO_CLIENT_ID, DEMO_CLIENT_SECRET
from tests.sandbox.slack.workspace import App, Team

VENDORS = {"Acme": "Anvil Works", "Globex": "Gravel Brothers", "Initech": "Inkwell Printing"}


@pytest.fixture
async def place(blank: Blank, tmp_path: Path) -> AsyncIterator[Place]:
    """Slipway over HTTP for many workspaces; it does the work of all of them."""
    world, app = many_workspaces()
    async with for_many(blank, tmp_path, world, app) as place:
        yield place


@pytest.fixture
def socket_app(place: Place) -> App:
    """A second app of the same owner, with Socket Mode switched on."""
    first = next(iter(place.slack.apps.values()))
    second = replace(
        first, id=place.slack.workspaces.new_id("A"), client_id="7777.1111", app_token="xapp-1-sandbox"
    )
    place.slack.apps[second.client_id] = second
    return second


@pytest.fixture
async def by_socket(place: Place, socket_app: App) -> AsyncIterator[Application]:
    """Slipway for that app, on the same database."""
    settings = place.settings.model_copy(
        update={
            "slack_client_id": socket_app.client_id,
            "slack_app_token": type(place.settings.slack_app_token)(socket_app.app_token or ""),
        }
    )
    async with running(settings, perform=False) as application:
        yield application


async def set_up(place: Place, team: Team) -> None:
    typed = Credentials(DEMO_CLIENT_ID, "demo", OPS_ADMIN, DEMO_CLIENT_SECRET)
    connection = await place.app.connecting.keep(team.id, "test", typed)
    await place.app.connecting.adopt(connection)
    channel = place.slack.workspaces.channel_named(team.id, "procurement")
    assert channel is not None
    await place.app.connecting.set_channel(team.id, "test", channel.id)


async def everything_of(place: Place, team: Team) -> str:
    """Every row of a workspace, opened as its owner could."""
    async with place.app.database.transaction() as store:
        rows = [
            tuple(row)
            for mapper in Row.registry.mappers
            for row in await store.connection.execute(
                select(table_of(mapper.class_)).where(table_of(mapper.class_).c.team == team.id)
            )
        ]
        launches = [await store.launches.by_request_number(team.id, number) for number in range(1, 5)]
    return f"{rows} {launches}"


async def test_three_workspaces_side_by_side(place: Place, socket_app: App, by_socket: Application) -> None:
    world = place.slack
    teams = [company(world, name) for name in VENDORS]
    browsers = [Browser(place), Browser(place), Browser(place, by_socket)]
    for browser, team in zip(browsers, teams, strict=True):
        assert (await browser.install(team.id)).status_code == 200
        invite(world, team)
        await set_up(place, team)
    sockets = world.sockets
    assert sockets is not None
    await until(lambda: len(sockets.lines(socket_app)) == 2)

    for team in teams:
        dana = place.person(f"{team.name.lower()}-dana")
        await open_form(dana)
        await fill_and_submit(dana, but={"Vendor": VENDORS[team.name]})
        await place.idle()

    assert sockets.acknowledged
    assert len(place.ironclad.workflows) == 3
    assert len({bot_of(world, team).token for team in teams}) == 3
    # A token that speaks in another workspace would be refused there.
    assert [refusal.error for refusal in world.traffic.refused] == []
    for team in teams:
        kept = await everything_of(place, team)
        admin = place.person(f"{team.name.lower()}-admin")
        await admin.arrive()
        await admin.look()
        shown = "\n".join(admin.texts("#procurement"))
        for name, vendor in VENDORS.items():
            assert (vendor in shown) == (name == team.name), f"{team.name} sees {vendor}"
            assert (vendor in kept) == (name == team.name), f"{team.name} keeps {vendor}"
        async with place.app.database.reading() as store:
            assert {entry.team for entry in await store.audit.onward(team.id)} == {team.id}
            assert await store.audit.verify(team.id) == []
