"""An admin connects Ironclad from the Home tab, and nobody ever sees the secret again."""

from __future__ import annotations

import pytest

from tests.journeys.browsing import Browser, link_of
from tests.journeys.connecting import SECRET, at_home, connect, no_longer_admin, registered, save, typed
from tests.journeys.steps import launch
from tests.journeys.test_defaults import audited
from tests.place import Place, logging_to_text
from tests.sandbox.ironclad.world import DEMO_CLIENT_ID
from tests.sandbox.slack.person import Person


@pytest.fixture
async def admin(bare: Place) -> Person:
    registered(bare, secret=SECRET)
    return await at_home(bare, "priya")


@pytest.fixture
def browser(bare: Place) -> Browser:
    return Browser(bare)


async def test_from_nothing_to_the_first_contract(bare: Place, admin: Person, browser: Browser) -> None:
    assert "not connected" in admin.screen()

    link = await save(bare, admin)
    assert "to approve the link" in admin.screen()
    page = await browser.open(link)
    assert "Priya Nair asked to connect" in page
    assert "DEMO" in page
    assert "public.workflows.createWorkflows" in page
    assert bare.ironclad.oauth.exchanges == {}
    assert "Ironclad is connected" in await browser.press("approve", link)
    assert "Harbor Oak" in browser.text
    await bare.idle()

    await admin.look()
    assert any("is connected" in text for text in admin.dm())
    assert not any("Open the approval page" in text for text in admin.dm())
    await admin.fill({"Choose a channel": "#procurement"}, "home")
    await admin.wait_for(lambda p: "until then each requester" not in p.screen())
    assert "connected to Harbor Oak" in admin.screen()
    assert "DEMO, not production" in admin.screen().replace("*", "")

    await launch(bare.person("dana"))
    await bare.idle()
    assert len(bare.ironclad.workflows) == 1


async def test_permissions_are_shown_before_anything_is_typed(bare: Place, admin: Person) -> None:
    await admin.press("Connect Ironclad", "home")

    screen = admin.screen()
    twelve = bare.ironclad.oauth.clients[DEMO_CLIENT_ID].scopes
    for scope in twelve:
        assert scope in screen or scope == "public.records.applyContractAction" or "pause" in scope
    assert screen.index("public.workflows.createWorkflows") < screen.index("Client ID")


async def test_the_secret_is_nowhere_afterwards(bare: Place, admin: Person) -> None:
    # Something has to go wrong, or there would be no log line to search.
    fault = {"method": "views.publish", "kind": "error", "error": "invalid_arguments", "times": 1}
    with logging_to_text(bare.settings.secrets) as logged:
        link = await save(bare, admin)
        await bare.client.post("/client/fault", json=fault)
        await Browser(bare).press("approve", link)
        await bare.idle()
        await launch(bare.person("dana"))
        await bare.idle()

    assert len(bare.ironclad.workflows) == 1
    assert SECRET.encode() not in bare.bytes_at_rest()
    assert not bare.slack.contains(SECRET)
    assert SECRET not in logged.getvalue()
    assert "slipway.work" in logged.getvalue()
    token = link.rpartition("/")[2]
    assert token not in logged.getvalue()
    assert token.encode() not in bare.bytes_at_rest()
    tokens = list(bare.ironclad.oauth._access)
    assert tokens
    for token in tokens:
        assert token.encode() not in bare.bytes_at_rest()


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"Client secret": "wrong"}, "did not accept the client ID and secret"),
        ({"Client ID": "not-a-uuid"}, "does not know this client ID in this form"),
        ({"Acting user": "Noor Haddad"}, "Ironclad does not let noor.haddad@example.com in"),
    ],
)
async def test_what_is_wrong_is_said_and_can_be_corrected(
    bare: Place, admin: Person, changes: dict[str, str], told: str
) -> None:
    page = await connect(bare, admin, **changes)

    assert told in page
    assert SECRET not in page
    assert told in admin.screen()
    await admin.press("Correct it", admin.dm_id())
    assert told in admin.screen()
    await admin.fill(typed())
    await admin.submit()
    await bare.idle()
    browser = Browser(bare)
    assert "Ironclad is connected" in await browser.press("approve", await link_of(admin))


async def test_a_typed_secret_is_kept_while_the_rest_is_corrected(
    bare: Place, admin: Person, browser: Browser
) -> None:
    await connect(bare, admin, **{"Acting user": "Noor Haddad"})

    await admin.press("Correct it", admin.dm_id())
    await admin.fill({"Acting user": "Priya Nair"})
    await admin.submit()
    await bare.idle()

    assert "Ironclad is connected" in await browser.press("approve", await link_of(admin))


async def test_a_kept_secret_does_not_follow_to_another_client(bare: Place, admin: Person) -> None:
    await connect(bare, admin, **{"Acting user": "Noor Haddad"})

    await admin.press("Correct it", admin.dm_id())
    await admin.fill({"Client ID": "11111111-2222-4333-8444-555555555555", "Acting user": "Priya Nair"})
    await admin.submit()

    assert admin.errors() == {"Client secret": "The client secret is missing. Paste it again."}


async def test_a_missing_permission_is_named(bare: Place, admin: Person) -> None:
    registered(bare, scopes=("public.workflows.readWorkflows", "public.workflows.readSchemas"))

    page = await connect(bare, admin)

    assert "lacks a permission" in page
    assert "public.workflows.createWorkflows" in page
    assert "public.workflows.readSchemas" not in page


async def test_a_missing_permission_beside_the_core_switches_off_what_needs_it(
    bare: Place, admin: Person
) -> None:
    every = bare.ironclad.oauth.clients[DEMO_CLIENT_ID].scopes
    registered(bare, scopes=tuple(one for one in every if "cancel" not in one and "Actions" not in one))

    page = await connect(bare, admin)

    assert "Ironclad is connected" in page
    assert "stays switched off" in page
    assert "public.workflows.cancel" in page
    assert "applyContract" not in page  # the other spelling was granted
    await admin.press("Manage", "home")
    assert (
        "~cancel workflows~ switched off: `public.workflows.cancel` not granted by Ironclad" in admin.screen()
    )


async def test_permissions_may_be_left_out(bare: Place, admin: Person) -> None:
    await admin.press("Connect Ironclad", "home")
    await admin.fill({**typed(), "Besides launching, Slipway may": ["cancel workflows"]})
    await admin.submit()
    await bare.idle()
    await Browser(bare).press("approve", await link_of(admin))
    await bare.idle()

    async with bare.app.database.reading() as store:
        current = await store.connections.current(bare.team)
    assert current is not None
    assert sorted(current.scopes) == [
        "public.workflows.cancel",
        "public.workflows.createWorkflows",
        "public.workflows.readSchemas",
        "public.workflows.readWorkflows",
        "scim.users.readUsers",
    ]


async def test_ironclad_down_while_connecting_leaves_the_link_good(
    bare: Place, admin: Person, browser: Browser
) -> None:
    link = await save(bare, admin)
    bare.ironclad.fault(path_prefix="/oauth", kind="500", times=1)

    assert "Ironclad is not answering" in await browser.press("approve", link)
    assert "Try again" in browser.text
    assert "Ironclad is connected" in await browser.press("approve", link)


async def test_not_me_connects_nothing_and_says_so(bare: Place, admin: Person, browser: Browser) -> None:
    link = await save(bare, admin)

    assert "Nothing was connected" in await browser.press("decline", link)
    await bare.idle()
    await admin.look()
    assert "said that they did not ask for this connection" in admin.screen()
    assert "already used" in await browser.press("approve", link)
    assert bare.ironclad.oauth.exchanges == {}
    assert await audited(bare, "connection.declined") == [(None, {"link": "connect"})]


async def test_a_link_is_used_once_and_replaced_by_a_newer_one(
    bare: Place, admin: Person, browser: Browser
) -> None:
    first = await save(bare, admin)
    await admin.press("Manage", "home")
    await admin.press("Send the link again")
    await bare.idle()
    second = await link_of(admin)

    assert first != second
    assert "no longer" in await browser.open(first) or "over" in browser.text
    assert "Ironclad is connected" in await browser.press("approve", second)
    assert "already used" in await browser.press("approve", second)
    assert "already used" in await browser.open(second)


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
    await no_longer_admin(bare, "priya")

    await admin.press(button)

    assert "Only Slipway's admins can do this" in admin.screen()


async def test_disconnecting_deletes_the_secret(bare: Place, admin: Person) -> None:
    await connect(bare, admin)

    await admin.press("Manage", "home")
    await admin.press("Disconnect")
    await admin.close()
    await admin.wait_for(lambda p: "not connected" in p.screen())

    async with bare.app.database.reading() as store:
        assert await store.connections.all(bare.team) == []
    await bare.person("dana").command("/contract")
    assert "not connected to Ironclad" in bare.person("dana").screen()


async def test_choosing_a_channel_the_app_is_not_in_is_said_at_once(bare: Place, admin: Person) -> None:
    await connect(bare, admin)

    await admin.fill({"Choose a channel": "#legal"}, "home")
    await admin.wait_for(lambda p: "Invite it there" in p.screen())
