"""Connecting Ironclad step by step, as these tests do again and again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.journeys.browsing import Browser, link_of
from tests.place import Place
from tests.sandbox.ironclad.world import DEMO_CLIENT_ID
from tests.sandbox.slack.person import Person

SECRET = "correct-horse-battery-staple-9000"


def registered(place: Place, **changes: Any) -> None:
    """Change the demo's app as its owner would in Ironclad."""
    clients = place.ironclad.oauth.clients
    clients[DEMO_CLIENT_ID] = replace(clients[DEMO_CLIENT_ID], **changes)


async def at_home(place: Place, name: str) -> Person:
    """Somebody with Slipway's Home open."""
    person = place.person(name)
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


async def save(place: Place, admin: Person, **changes: Any) -> str:
    """Fill in the modal and continue; gives the link that comes."""
    await admin.press("Connect Ironclad", "home")
    await admin.fill(typed(**changes))
    await admin.submit()
    await place.idle()
    await admin.look()
    assert "Saved. One step is left" in admin.screen(), admin.screen()
    await admin.close()
    return await link_of(admin)


async def connect(place: Place, admin: Person, **changes: Any) -> str:
    """All of it with client credentials; gives what the last page says."""
    link = await save(place, admin, **changes)
    browser = Browser(place)
    await browser.open(link)
    told = await browser.press("approve", link)
    await place.idle(timeout=40)
    await admin.look()
    return told


async def no_longer_admin(place: Place, name: str) -> None:
    """Slack took the role away, and the hour for which it is remembered is over."""
    member = place.member(name)
    member.is_admin = member.is_owner = False
    async with place.app.database.transaction() as store:
        known = await store.people.get(place.team, member.id)
        assert known is not None
        await store.people.put(replace(known, is_admin=False))
