"""An admin connects Ironclad from the Home tab, and nobody ever sees the secret again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.journeys.steps import launch
from tests.place import Place, logging_to_text
from tests.sandbox.ironclad.world import DEMO_CLIENT_ID
from tests.sandbox.slack.person import Person

SECRET = "correct-horse-battery-staple-9000"


def registered(place: Place, **changes: Any) -> None:
    """Change the demo's app as its owner would in Ironclad."""
    clients = place.ironclad.oauth.clients
    clients[DEMO_CLIENT_ID] = replace(clients[DEMO_CLIENT_ID], **changes)


@pytest.fixture
async def admin(bare: Place) -> Person:
    registered(bare, secret=SECRET)
    person = bare.person("priya")
    await person.open_home()
    await person.wait_for(lambda p: p.home())
    return person


def typed(**changes: Any) -> dict[str, Any]:
    return {
        "Client ID": DEMO_CLIENT_ID,
        "Client secret": SECRET,
        "Datacenter region": "Demo",
        "Acting user": "Priya Nair",
        **changes,
    }


async def connect(place: Place, admin: Person, **changes: Any) -> str:
    await admin.press("Connect Ironclad", "home")
    await admin.fill({label.replace("_", " "): value for label, value in typed(**changes).items()})
    await admin.submit()
    await place.idle(timeout=40)
    await admin.look()
    return admin.screen()


async def test_from_nothing_to_the_first_contract(bare: Place, admin: Person) -> None:
    assert "not connected" in admin.screen()

    screen = await connect(bare, admin)

    assert "Connected." in screen
    assert "Harbor Oak" in screen
    await admin.close()
    await admin.fill({"Choose a channel": "#procurement"}, "home")
    await admin.wait_for(lambda p: "until then each requester" not in p.screen())
    assert "connected to Harbor Oak" in admin.screen()
    assert "not production" in admin.screen()

    await launch(bare.person("dana"))
    await bare.idle()
    assert len(bare.ironclad.workflows) == 1


async def test_the_secret_is_nowhere_afterwards(bare: Place, admin: Person) -> None:
    # Something has to go wrong, or there would be no log line to search.
    fault = {"method": "views.update", "kind": "error", "error": "invalid_arguments", "times": 1}
    await bare.client.post("/client/fault", json=fault)
    with logging_to_text(bare.settings.secrets) as logged:
        await connect(bare, admin, **{"Acting user": "Noor Haddad"})
        await admin.fill({"Acting user": "Priya Nair"})
        await admin.submit()
        await bare.idle()
        await launch(bare.person("dana"))
        await bare.idle()

    assert len(bare.ironclad.workflows) == 1
    assert SECRET.encode() not in bare.bytes_at_rest()
    assert not bare.slack.contains(SECRET)
    assert SECRET not in logged.getvalue()
    assert "slipway.work" in logged.getvalue()
    tokens = list(bare.ironclad.oauth._access)
    assert tokens
    for token in tokens:
        assert token.encode() not in bare.bytes_at_rest()


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"Client secret": "wrong"}, "did not accept the client ID and secret"),
        ({"Client ID": "not-a-uuid"}, "does not know this client ID in this form"),
        ({"Client ID": "11111111-2222-4333-8444-555555555555"}, "did not accept the client ID and secret"),
        ({"Acting user": "Noor Haddad"}, "Ironclad does not let noor.haddad@example.com in"),
    ],
)
async def test_what_is_wrong_is_said_and_can_be_corrected(
    bare: Place, admin: Person, changes: dict[str, str], told: str
) -> None:
    screen = await connect(bare, admin, **changes)

    assert told in screen
    assert SECRET not in screen
    await admin.fill(typed())
    await admin.submit()
    await bare.idle()
    await admin.look()
    assert "Connected." in admin.screen()


async def test_a_typed_secret_is_kept_while_the_rest_is_corrected(bare: Place, admin: Person) -> None:
    await connect(bare, admin, **{"Acting user": "Noor Haddad"})

    await admin.fill({"Acting user": "Priya Nair"})
    await admin.submit()
    await bare.idle()
    await admin.look()

    assert "Connected." in admin.screen()


async def test_a_kept_secret_does_not_follow_to_another_client(bare: Place, admin: Person) -> None:
    await connect(bare, admin, **{"Acting user": "Noor Haddad"})

    await admin.fill({"Client ID": "11111111-2222-4333-8444-555555555555", "Acting user": "Priya Nair"})
    await admin.submit()

    assert admin.errors() == {"Client secret": "The client secret is missing. Paste it again."}


async def test_a_missing_permission_is_named(bare: Place, admin: Person) -> None:
    registered(bare, scopes=("public.workflows.readWorkflows", "public.workflows.readSchemas"))

    screen = await connect(bare, admin)

    assert "lacks a permission" in screen
    assert "public.workflows.createWorkflows" in screen


async def test_ironclad_down_while_connecting(bare: Place, admin: Person) -> None:
    bare.ironclad.fault(path_prefix="/oauth", kind="500", times=-1)

    assert "Ironclad is not answering" in await connect(bare, admin)


async def test_only_admins_see_and_open_the_set_up(bare: Place, admin: Person) -> None:
    dana = bare.person("dana")
    await dana.open_home()
    await dana.wait_for(lambda p: p.home())

    assert "Set-up" not in dana.screen()
    assert "Ask a workspace owner or admin" in dana.screen()
    with pytest.raises(LookupError):
        await dana.find_button("Connect Ironclad", "home")


async def test_a_person_who_is_no_longer_admin_is_refused(bare: Place, admin: Person) -> None:
    button = await admin.find_button("Connect Ironclad", "home")
    member = bare.member("priya")
    member.is_admin = member.is_owner = False
    async with bare.app.database.transaction() as store:
        known = await store.people.get(bare.team, member.id)
        assert known is not None
        await store.people.put(replace(known, is_admin=False))

    await admin.press(button)

    assert "Only Slipway's admins can do this" in admin.screen()


async def test_disconnecting_deletes_the_secret(bare: Place, admin: Person) -> None:
    await connect(bare, admin)
    await admin.close()

    await admin.press("Disconnect", "home")
    await admin.wait_for(lambda p: "not connected" in p.screen())

    async with bare.app.database.reading() as store:
        assert await store.connections.current(bare.team) is None
    await bare.person("dana").command("/contract")
    assert "not connected to Ironclad" in bare.person("dana").screen()


async def test_choosing_a_channel_the_app_is_not_in_is_said_at_once(bare: Place, admin: Person) -> None:
    await connect(bare, admin)
    await admin.close()

    await admin.fill({"Choose a channel": "#legal"}, "home")
    await admin.wait_for(lambda p: "Invite it there" in p.screen())
