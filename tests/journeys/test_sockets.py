"""Everything works over Socket Mode as it does over HTTP, also while connections come and go."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from tests.journeys.steps import launch, thread, until
from tests.place import Blank, Place, logging_to_text, opened, slack_of_the_manifest

APP_TOKEN = "xapp-1-sandbox-app-token"


@pytest.fixture
async def place(blank: Blank, tmp_path: Path) -> AsyncIterator[Place]:
    """Slipway with an app token and no signing secret, connected to Ironclad."""
    world = slack_of_the_manifest()
    world.workspaces.installations[0].app.app_token = APP_TOKEN
    async with opened(
        blank, tmp_path, slack=world, slack_app_token=APP_TOKEN, slack_signing_secret=""
    ) as place:
        await place.connect()
        await until(lambda: lines(place) == 2)
        yield place


def lines(place: Place) -> int:
    assert place.slack.sockets is not None
    app = place.slack.workspaces.installations[0].app
    return len(place.slack.sockets.lines(app))


async def test_a_contract_is_launched_over_sockets(place: Place) -> None:
    dana = place.person("dana")
    with logging_to_text(place.settings.secrets) as logged:
        await launch(dana)
        await place.idle()

    assert len(place.ironclad.workflows) == 1
    assert "IC-" in await thread(place, dana)
    assert [refusal.error for refusal in place.slack.traffic.refused] == []
    assert "Lanternfish" not in logged.getvalue()
    assert APP_TOKEN not in logged.getvalue()
    assert "ticket=" not in logged.getvalue()


async def test_there_is_no_address_for_slack_without_a_signing_secret(place: Place) -> None:
    transport = httpx.ASGITransport(app=place.app.web)
    async with httpx.AsyncClient(transport=transport, base_url="http://slipway") as http:
        assert (await http.post("/slack/events", content=b"{}")).status_code == 404
        assert (await http.get("/healthz")).status_code == 200


@pytest.mark.parametrize("reason", ["warning", "refresh_requested"])
async def test_a_connection_that_slack_takes_away_is_replaced(place: Place, reason: str) -> None:
    sockets, dana = place.slack.sockets, place.person("dana")
    app = place.slack.workspaces.installations[0].app
    assert sockets is not None

    await sockets.disconnect(app, reason, all_of_them=True)
    await launch(dana)
    await place.idle()

    assert len(place.ironclad.workflows) == 1
    assert [refusal.error for refusal in place.slack.traffic.refused] == []
    await until(lambda: lines(place) == 2)


async def test_connections_that_break_lose_no_event(place: Place) -> None:
    """What was not acknowledged comes again, and the Home tab is drawn."""
    sockets, dana = place.slack.sockets, place.person("dana")
    app = place.slack.workspaces.installations[0].app
    assert sockets is not None

    await sockets.cut(app)
    await dana.open_home()
    await dana.wait_for(lambda p: p.home())

    await launch(dana)
    await place.idle()
    assert len(place.ironclad.workflows) == 1
    assert place.app.sockets is not None
    assert place.app.sockets.connected


async def test_what_is_not_slacks_shape_is_dropped_and_the_connection_stays(place: Place) -> None:
    sockets = place.slack.sockets
    app = place.slack.workspaces.installations[0].app
    assert sockets is not None
    for kind, payload in (
        ("interactive", {"type": "block_actions", "actions": []}),
        ("slash_commands", {"command": 1}),
        ("events_api", []),
        ("something_new", {}),
        ("interactive", None),
    ):
        told = await sockets.deliver(app, kind, payload, seconds=5, retry={})
        assert "payload" not in told
    assert lines(place) == 2


async def test_what_a_listener_could_not_do_is_not_acknowledged(place: Place) -> None:
    fault = {"method": "views.publish", "kind": "error", "error": "internal_error"}
    await place.client.post("/client/fault", json=fault)

    dana = place.person("dana")
    await dana.open_home()  # the first time fails, and Slack sends the event again
    await dana.wait_for(lambda p: p.home())

    assert [call.error for call in place.slack.traffic.calls_of("views.publish")] == ["internal_error", None]
