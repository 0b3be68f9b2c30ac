"""Drafts: closed, found again, resumed, deleted, expired."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text as sql

from bot.usecases.drafting import KEPT_FOR, WARNED_BEFORE
from tests.journeys.steps import PURCHASE, open_form
from tests.journeys.test_long_form import fill_page, thirty
from tests.place import Blank, Place, opened, slack_of_the_manifest
from tests.sandbox.ironclad.world import demo_world
from tests.sandbox.slack.person import Person


@pytest.fixture
async def long(place: Place) -> Place:
    """With the template of thirty questions."""
    place.ironclad.add_template(thirty())
    return place


async def to_page_three(person: Person) -> dict[str, str]:
    """Two pages filled, the third turned to."""
    await open_form(person, "Thirty questions")
    typed = await fill_page(person)
    await person.submit()
    typed |= await fill_page(person, Contact="sam@example.com")
    await person.submit()
    return typed


async def age(place: Place, by: timedelta) -> None:
    """Let every draft be older."""
    async with place.app.database.transaction() as store:
        (draft,) = await store.drafts.mine(place.team, place.person("dana").id)
        moment = draft.updated_at - by
        await store.connection.execute(
            sql("UPDATE drafts SET updated_at = :moment"), {"moment": moment.replace(tzinfo=None)}
        )


async def test_closed_on_page_three_the_server_gone_nothing_is_lost(blank: Blank, tmp_path: Path) -> None:
    slack, ironclad = slack_of_the_manifest(), demo_world()
    ironclad.add_template(thirty())
    async with opened(blank, tmp_path, slack=slack, ironclad=ironclad) as place:
        await place.connect()
        dana = place.person("dana")
        typed = await to_page_three(dana)
        await dana.fill({"May 0": "typed and never turned"})
        await dana.close()
        await place.idle()
        await dana.look()
        assert "You closed *Thirty questions · about Vendor* before it was launched" in dana.dm()[-1]
        assert "Slack does not tell Slipway" in dana.dm()[-1]

    async with opened(None, tmp_path, slack=slack, ironclad=ironclad) as place:
        dana = place.person("dana")
        await dana.command("/contract resume")
        assert "Thirty questions · about Vendor" in dana.screen()
        await dana.press("Resume")
        assert "Page 3 of 4" in dana.screen()
        await dana.submit()
        await dana.submit()
        for label, value in typed.items():
            assert f"*{label}:* {value}" in dana.screen()
        await dana.submit()
        await place.idle()

        assert len(ironclad.workflows) == 1
        await dana.look()
        assert "This draft became REQ-1" in dana.dm()[-1]
        assert all("You closed" not in said for said in dana.dm())


async def test_the_message_resumes_in_a_new_window_and_tells_the_truth_later(long: Place) -> None:
    dana = long.person("dana")
    typed = await to_page_three(dana)
    await dana.close(clear=True)
    await long.idle()
    await dana.look()

    await dana.press("Resume", dana.dm_id())
    assert "Page 3 of 4" in dana.screen()
    await dana.press("Back")
    assert typed["Contact"] in dana.screen()
    await dana.close()
    await long.idle()
    await dana.look()
    assert len(dana.dm()) == 1

    old = await dana.find_button("Resume", dana.dm_id())
    await dana.press("Delete", dana.dm_id())
    await long.idle()
    await dana.look()
    assert "This draft was deleted" in dana.dm()[0]
    await dana.press(old)
    assert dana.view() is None
    assert any("no longer open" in said for said in dana.dm())


async def test_drafts_are_listed_with_what_tells_them_apart(long: Place) -> None:
    dana, lee = long.person("dana"), long.person("lee")
    for vendor in ("Acme", "<!channel> & Sons"):
        await open_form(dana)
        await dana.fill({"Vendor": vendor})
        await dana.press("Save draft")
        await dana.close()
    await dana.command("/contract resume")

    assert "Simple Purchase · Acme" in dana.screen()
    assert "Simple Purchase · &lt;!channel&gt; &amp; Sons" in dana.screen()
    assert "Saved" in dana.screen()
    first = next(block for block in (dana.view() or {})["blocks"] if block["type"] == "actions")
    await long.client.post(
        "/client/action",
        json={
            "as": dana.id,
            "view_id": (dana.view() or {})["id"],
            "block_id": first["block_id"],
            "action_id": "draft.delete",
            "value": None,
        },
    )
    await dana.look()
    assert "Draft deleted." in dana.screen()
    assert "Sons" not in dana.screen()
    assert "Simple Purchase · Acme" in dana.screen()

    await lee.command("/contract resume")
    assert "You have no drafts" in lee.screen()


async def test_home_lists_drafts_and_resumes_them(long: Place) -> None:
    dana = long.person("dana")
    await open_form(dana)
    await dana.fill({"Vendor": "Acme"})
    await dana.press("Save draft")
    await dana.close()
    await dana.open_home()
    await dana.wait_for(lambda p: "Your drafts" in p.screen())
    assert "Simple Purchase · Acme" in dana.screen()

    await dana.press("Resume", "home")
    assert "Acme" in dana.screen()
    await dana.close()
    await dana.press("Delete", "home")
    assert "Your drafts" not in dana.screen()


async def test_a_launched_draft_cannot_be_resumed(long: Place) -> None:
    dana = long.person("dana")
    await open_form(dana)
    await dana.fill({"Vendor": "Acme"})
    await dana.press("Save draft")
    await dana.close()
    await long.idle()
    await dana.command("/contract resume")
    old = await dana.find_button("Resume", "modal")
    await dana.press("Resume")
    await dana.fill(PURCHASE)
    await dana.submit()
    await long.idle()
    await dana.close()
    await dana.command("/contract resume")
    assert "You have no drafts" in dana.screen()
    assert old.caption == "Resume"


async def test_a_draft_nobody_touches_is_announced_and_then_deleted(long: Place) -> None:
    dana = long.person("dana")
    await open_form(dana)
    await dana.fill({"Vendor": "Acme"})
    await dana.press("Save draft")
    await dana.close()
    await long.idle()

    await long.app.reminding.look_through()
    await long.idle()
    await dana.look()
    assert "will be deleted" not in dana.dm()[-1]

    await age(long, KEPT_FOR - WARNED_BEFORE + timedelta(hours=1))
    for _ in range(2):
        await long.app.reminding.look_through()
        await long.idle()
    await dana.look()
    (told,) = dana.dm()
    assert "Your draft *Simple Purchase · Acme* will be deleted" in told
    assert "Resume" in told

    await age(long, WARNED_BEFORE)
    await long.app.reminding.look_through()
    await long.idle()
    await dana.look()
    (told,) = dana.dm()
    assert "This draft was deleted" in told
    await dana.command("/contract resume")
    assert "You have no drafts" in dana.screen()


async def test_touching_a_draft_gives_it_its_time_back(long: Place) -> None:
    dana = long.person("dana")
    await open_form(dana)
    await dana.fill({"Vendor": "Acme"})
    await dana.press("Save draft")
    await age(long, KEPT_FOR - WARNED_BEFORE + timedelta(hours=1))
    await long.app.reminding.look_through()
    await dana.press("Save draft")
    await long.app.reminding.look_through()

    async with long.app.database.reading() as store:
        (draft,) = await store.drafts.mine(long.team, dana.id)
    assert draft.warned_at is None
