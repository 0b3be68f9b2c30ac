"""What admins decide once for everybody takes effect: currency, time zone, the channels of categories."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from bot.usecases.calendar import Reminders, next_digest, zone_of
from tests.journeys.steps import open_form, thread
from tests.journeys.test_administration import admin_at_home
from tests.journeys.test_requests import ask
from tests.place import Place
from tests.requests.desk import enforce, stage, wish
from tests.requests.test_reminders import reminded

CURRENCY = "Currency that amounts begin with"


async def audited(place: Place, action: str) -> list[tuple[Any, Any]]:
    """Before and after of the entries about something."""
    async with place.app.database.reading() as store:
        return [
            (one.before, one.after) for one in await store.audit.onward(place.team) if one.action == action
        ]


def initial(view: dict[str, Any] | None, label: str) -> str:
    """What a select begins with."""
    blocks = (view or {}).get("blocks", [])
    found = next(one["element"] for one in blocks if one.get("label", {}).get("text") == label)
    return str((found.get("initial_option") or {}).get("text", {}).get("text", ""))


async def test_amounts_begin_in_the_currency_that_an_admin_chose(place: Place) -> None:
    admin, dana = await admin_at_home(place), place.person("dana")
    assert "currency of each person's country" in admin.screen()

    await admin.press("Change defaults", "home")
    await admin.fill({CURRENCY: "CZK · Czech Koruna"})
    await admin.submit()
    await admin.wait_for(lambda p: "Amounts begin in CZK" in p.screen())

    await dana.command("/contract new")
    assert initial(dana.view(), "Currency") == "CZK"
    await dana.close()
    await open_form(dana, "Software Order Form")
    assert initial(dana.view(), "Annual Fee: currency").startswith("CZK")
    chosen = {"currency": "CZK", "time_zone": ""}
    assert await audited(place, "defaults.set") == [({"currency": "", "time_zone": ""}, chosen)]

    await admin.press("Change defaults", "home")
    await admin.submit()
    assert len(await audited(place, "defaults.set")) == 1, "nothing was changed"
    assert [refusal.error for refusal in place.slack.traffic.refused] == []


async def test_who_names_no_time_zone_is_reminded_in_that_of_the_workspace(place: Place) -> None:
    lee = place.person("lee")
    place.member("lee").tz = ""
    admin = await admin_at_home(place)
    await admin.press("Change defaults", "home")
    assert await admin.search_options("Time zone", "tokyo") == ["Asia/Tokyo (UTC+09:00)"]
    await admin.fill({"Time zone": "Asia/Tokyo (UTC+09:00)"})
    await admin.submit()
    await admin.wait_for(lambda p: "Asia/Tokyo" in p.screen())
    await enforce(place, stage("Manager", lee.id))
    await wish(place, place.member("dana").id, "one")
    await place.idle()

    look, now = place.app.nudging.look_at, datetime.now().astimezone()
    await look(now + timedelta(minutes=5))
    await look(next_digest(now + timedelta(days=5), Reminders(), zone_of("UTC")) + timedelta(hours=4))
    assert await reminded(place, lee, "still waits for you") == [], "past their evening"
    await look(next_digest(now + timedelta(days=8), Reminders(), zone_of("Asia/Tokyo")))
    assert len(await reminded(place, lee, "still waits for you")) == 1


async def test_a_category_gets_a_channel_of_its_own(place: Place) -> None:
    admin, dana, lee = await admin_at_home(place), place.person("dana"), place.person("lee")
    await admin.press("Channels by category", "home")
    await admin.fill({"Hardware": "#legal", "Services": "#general"})
    await admin.submit()
    assert "Slipway cannot post there" in admin.errors()["Hardware"]
    assert await audited(place, "category_channels.set") == []

    await admin.fill({"Hardware": "#general", "Services": None})
    await admin.submit()
    await admin.wait_for(lambda p: "1 category goes elsewhere" in p.screen())
    await ask(dana)
    await ask(dana, but={"Category": "Services"})
    await place.idle()
    assert "REQ-1 · Fifty laptops" in await thread(place, lee, "#general")
    assert "REQ-2 · Fifty laptops" in await thread(place, lee)

    await admin.press("Channels by category", "home")
    await admin.fill({"Hardware": None})
    await admin.submit()
    await admin.wait_for(lambda p: "goes elsewhere" not in p.screen())
    changes = await audited(place, "category_channels.set")
    general = place.channel("general")
    assert changes == [({"Hardware": ""}, {"Hardware": general}), ({"Hardware": general}, {"Hardware": ""})]


async def test_who_is_no_admin_any_more_decides_nothing(bare: Place) -> None:
    async with bare.app.database.transaction() as store:
        await store.settings.add_admin(bare.team, bare.member("dana").id, "U1")
    dana = await admin_at_home(bare, "dana")
    await dana.press("Change defaults", "home")
    await dana.fill({CURRENCY: "EUR · Euro"})
    async with bare.app.database.transaction() as store:
        await store.settings.remove_admin(bare.team, bare.member("dana").id)

    await dana.submit()

    assert "Only Slipway's admins can do this" in dana.screen()
    assert await audited(bare, "defaults.set") == []
