"""Admins look at the audit log, and name other admins; nobody else can."""

from __future__ import annotations

import csv
import json

import pytest

from tests.place import Place
from tests.sandbox.slack.person import Person


async def admin_at_home(place: Place, name: str = "priya") -> Person:
    person = place.person(name)
    await person.open_home()
    await person.wait_for(lambda p: p.home())
    return person


async def fill_log(place: Place, count: int) -> None:
    async with place.app.database.transaction() as store:
        for n in range(count):
            user = place.member("dana" if n % 2 else "lee").id
            await store.audit.add(place.team, user, "policy.set", f"Policy {n}", after={"n": n})


async def test_the_log_shows_what_was_changed(bare: Place) -> None:
    admin = await admin_at_home(bare)
    await admin.fill({"Choose a channel": "#procurement"}, "home")
    await admin.wait_for(lambda p: "until then each requester" not in p.screen())

    await admin.press("See the log", "home")

    screen = admin.screen()
    assert "set the procurement channel" in screen
    assert "Priya Nair" in screen or admin.id in screen
    assert bare.channel("procurement") in screen or "#procurement" in screen


async def test_an_empty_log_says_so(bare: Place) -> None:
    admin = await admin_at_home(bare)
    await admin.press("See the log", "home")
    assert "Nothing was changed yet." in admin.screen()


async def test_pages_and_filters(bare: Place) -> None:
    await fill_log(bare, 20)
    admin = await admin_at_home(bare)
    await admin.press("See the log", "home")
    assert "Policy 19" in admin.screen()
    assert "Policy 11" not in admin.screen()

    await admin.press("Older")
    assert "Policy 11" in admin.screen()
    assert "Policy 19" not in admin.screen()
    await admin.press("Older")
    assert "Policy 0" in admin.screen()
    await admin.press("Newer")
    await admin.press("Newer")
    assert "Policy 19" in admin.screen()

    await admin.fill({"Anybody": "Dana Ruiz"})
    assert "Policy 19" in admin.screen()
    assert "Policy 18" not in admin.screen()
    await admin.press("Anybody")
    assert "Policy 18" in admin.screen()
    assert [refusal.error for refusal in bare.slack.traffic.refused] == []


async def test_the_log_comes_as_a_file(bare: Place) -> None:
    await fill_log(bare, 12)
    admin = await admin_at_home(bare)
    await admin.press("See the log", "home")
    await admin.fill({"Anybody": "Dana Ruiz"})

    await admin.press("Export as CSV")
    assert "comes as a direct message" in admin.screen()
    await bare.idle()
    await admin.press("Export as JSON lines")
    await bare.idle()

    files = {one.name: one.content.decode() for one in bare.slack.workspaces.files.values()}
    rows = list(csv.DictReader(files["slipway-audit-log.csv"].splitlines()))
    assert [row["subject"] for row in rows] == [f"Policy {n}" for n in range(1, 12, 2)]
    lines = [json.loads(line) for line in files["slipway-audit-log.jsonl"].splitlines()]
    assert [entry["n"] for entry in lines] == list(range(2, 13, 2))
    assert [refusal.error for refusal in bare.slack.traffic.refused] == []


async def test_hostile_text_in_the_log_is_text(bare: Place) -> None:
    async with bare.app.database.transaction() as store:
        changed = {"<!here>": "<!channel>", "list": ["<@U1>"] * 9, **{f"k{n}": "x" * 5000 for n in range(9)}}
        await store.audit.add(bare.team, "<!channel>", "<!channel>", "<!channel>" * 300, after=changed)
    admin = await admin_at_home(bare)

    await admin.press("See the log", "home")

    view = admin.view()
    assert view is not None
    sections = [block for block in view["blocks"] if block["type"] == "section"]
    assert "&lt;!channel&gt;" in str(sections)
    assert not any(mention in str(sections) for mention in ("<!channel>", "<!here>", "<@U1>"))
    assert [refusal.error for refusal in bare.slack.traffic.refused] == []


async def test_an_admin_names_another_who_then_sees_the_set_up(bare: Place) -> None:
    admin, dana = await admin_at_home(bare), await admin_at_home(bare, "dana")
    assert "Set-up" not in dana.screen()

    await admin.press("Name admins", "home")
    await admin.fill({"Admins besides them": ["Dana Ruiz"]})
    await admin.submit()

    dana = await admin_at_home(bare, "dana")
    await dana.wait_for(lambda p: "Set-up" in p.screen())
    await admin.press("Name admins", "home")
    await admin.fill({"Admins besides them": []})
    await admin.submit()
    await dana.open_home()
    await dana.wait_for(lambda p: "Set-up" not in p.screen())
    async with bare.app.database.reading() as store:
        entries = await store.audit.onward(bare.team)
    assert [entry.action for entry in entries] == ["admins.set", "admins.set"]
    assert entries[0].after == {"users": [bare.member("dana").id]}


async def test_who_is_no_admin_any_more_sees_nothing(bare: Place) -> None:
    await fill_log(bare, 20)
    async with bare.app.database.transaction() as store:
        await store.settings.add_admin(bare.team, bare.member("dana").id, "U1")
    dana = await admin_at_home(bare, "dana")
    await dana.press("See the log", "home")
    async with bare.app.database.transaction() as store:
        await store.settings.remove_admin(bare.team, bare.member("dana").id)

    await dana.press("Older")

    assert "Only Slipway's admins can do this" in dana.screen()
    assert "Policy" not in dana.screen()


@pytest.mark.parametrize("button", ["See the log", "Name admins"])
async def test_the_buttons_are_for_admins(bare: Place, button: str) -> None:
    dana = await admin_at_home(bare, "dana")
    with pytest.raises(LookupError):
        await dana.press(button, "home")


async def test_the_log_says_what_rules_were_before(bare: Place) -> None:
    admin = await admin_at_home(bare)
    for most in ("3", "4"):
        await admin.press("Edit reminders", "home")
        await admin.fill({"At most": most})
        await admin.submit()
    await admin.press("See the log", "home")

    assert "changed the reminders" in admin.screen()
    async with bare.app.database.reading() as store:
        first, second = await store.audit.onward(bare.team)
    assert (first.before, (first.after or {})["at_most"]) == (None, 3)
    assert ((second.before or {})["at_most"], (second.after or {})["at_most"]) == (3, 4)
