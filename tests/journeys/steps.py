"""What people do again and again in these tests."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from tests.place import Place
from tests.sandbox.slack.person import Person

PURCHASE: Mapping[str, Any] = {
    "Vendor": "Lanternfish Ltd",
    "What do you need, and why?": "Fifty laptops for the new office",
    "Department": "Engineering",
    "Is it budgeted?": "Yes",
    "Amount (USD)": "9500",
    "Vendor Email": "sales@lanternfish.example",
    "Needed by": "2026-12-24",
}


async def open_form(person: Person, template: str = "Simple Purchase", channel: str = "#general") -> None:
    """`/contract`, then the template, up to its empty form."""
    await person.command("/contract", channel)
    block = await person.wait_for(_template_list)
    await person.fill({block["label"]["text"]: template})
    await person.submit()


def _template_list(person: Person) -> Any:
    """The input of the template list, in whatever language, once it is there."""
    blocks = (person.view() or {}).get("blocks", [])
    return next((block for block in blocks if block["block_id"] == "template"), None)


async def fill_and_submit(person: Person, **changes: Any) -> None:
    """A good purchase, with changes by label."""
    await person.fill({**PURCHASE, **changes.pop("but", {}), **changes})
    await person.submit()


async def launch(person: Person, but: Mapping[str, Any] | None = None) -> None:
    """From `/contract` to a submitted purchase."""
    await open_form(person)
    await fill_and_submit(person, but=dict(but or {}))


async def card(place: Place, person: Person, channel: str = "#procurement") -> str:
    """The timestamp of the newest card."""
    await person.arrive()
    await person.look()
    return str([one for one in person.messages(channel) if one["thread_ts"] is None][-1]["ts"])


async def thread(place: Place, person: Person, channel: str = "#procurement") -> str:
    """What the newest card and its thread say."""
    return "\n".join(person.thread(channel, await card(place, person, channel)))


async def look_at_ironclad(place: Place) -> None:
    """The moment at which Slipway asks Ironclad for news."""
    async with place.app.database.transaction() as store:
        connection = await store.connections.current(place.team)
        assert connection is not None
        past = await store.now() - timedelta(seconds=1)
        await store.feeds.note(place.team, connection.id, {"next_at": past})
    await place.app.following.look()
    await place.idle()


async def until(condition: Any, timeout: float = 10) -> None:
    """Wait for a condition on the stand-ins' state."""
    deadline = time.monotonic() + timeout
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError("it did not come to that")
        await asyncio.sleep(0.02)
