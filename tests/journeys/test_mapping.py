"""An admin says once which field of a template is filled from which part of a request."""

from __future__ import annotations

import json

import pytest

from tests.journeys.steps import open_form
from tests.place import Place
from tests.sandbox.slack.controls import Control, Surface, buttons
from tests.sandbox.slack.person import Person


@pytest.fixture
async def editor(place: Place) -> Person:
    """Priya, with the mapping of *Simple Purchase* before her."""
    await open_form(place.person("dana"))
    await place.person("dana").close()
    priya = place.person("priya")
    await priya.open_home()
    await priya.wait_for(lambda p: p.home())
    await priya.press("Edit mappings", "home")
    await priya.fill({"Choose a template": "Simple Purchase · nothing mapped"})
    return priya


def beside(person: Person, label: str) -> Control:
    """The button beside a field."""
    view = person.view() or {}
    block = next(one for one in view["blocks"] if label in one.get("text", {}).get("text", ""))
    return next(buttons(Surface([block], "the modal", view_id=view["id"])))


async def test_suggestions_are_shown_with_reasons_and_count_once_they_are_added(editor: Person) -> None:
    assert "0 of 8 fields filled" in editor.screen()
    assert "Left to the person" in editor.screen()

    await editor.press("Suggestions (6)")
    screen = editor.screen()
    assert "Vendor ← Counterparty" in screen
    assert "Ironclad's own field for the other party" in str(editor.view())
    assert "Amount (USD) ← Amount with currency" in screen
    await editor.submit()

    assert "added." in editor.screen()
    assert "← Amount with currency, the amount alone (USD)" in editor.screen()
    assert "version 1" in editor.screen()
    await editor.press("Undo")
    assert "0 of 8 fields filled" in editor.screen()


async def test_one_field_is_filled_by_hand_with_what_is_wrong_beside_it(editor: Person) -> None:
    await editor.press(beside(editor, "What do you need, and why?"))
    await editor.fill({"Filled from": "A text with values in it"})
    await editor.fill({"Text": "{nothing} – {what}"})
    await editor.submit()
    assert editor.errors() == {"Text": "There is nothing called {nothing}."}

    await editor.fill(
        {
            "Text": "{counterparty} – {what}",
            "In the form": ["Locked: the person sees it and cannot change it"],
        }
    )
    await editor.submit()

    assert "← “{counterparty} – {what}” · locked" in editor.screen()
    await editor.press("Change")
    await editor.fill({"Filled from": None})
    await editor.submit()
    assert "0 of 8 fields filled" in editor.screen()


async def test_two_admins_at_once_do_not_overwrite_each_other(place: Place, editor: Person) -> None:
    stale = await editor.find_button("Undo") if "Undo" in editor.screen() else None
    assert stale is None
    await editor.press("Suggestions (6)")
    first = editor.view() or {}
    await editor.submit()
    body = {"as": editor.id, "view_id": first["id"], "state": {}}
    assert "version 1" in editor.screen()
    await place.client.post("/client/submit", json=body)
    await editor.look()
    assert "version 1" in editor.screen()


async def test_a_version_is_restored_and_a_file_goes_out(place: Place, editor: Person) -> None:
    await editor.press("Suggestions (6)")
    await editor.submit()
    await editor.press("Undo")
    await editor.press("History")
    assert "Version 2 · in force" in editor.screen().replace("*", "")
    await editor.press("Restore")
    assert "Version 1 is in force again" in editor.screen()

    await editor.press("Export as a file")
    assert "in your messages with Slipway" in editor.screen()
    (sent,) = [one for one in editor.messages(editor.dm_id()) if one["files"]]
    stored = place.slack.workspaces.files[sent["files"][0]["id"]]
    written = json.loads(stored.content)
    assert (written["slipway"], written["template"]) == ("mapping", "Simple Purchase")
    first = written["rules"][0]
    assert (first["field"], first["source"]) == ("counterpartyName", "request.counterparty")

    await editor.press("Back to the mapping")
    for content, wrong in ((b"{}", "not a mapping of Slipway"), (b"\xff\xfe", "not text")):
        await editor.press("Import a file")
        await editor.fill({"A file that Slipway exported": [("mapping.json", content)]})
        await editor.submit()
        assert wrong in editor.errors()["A file that Slipway exported"]
        written["rules"] = written["rules"][:2]
        good = [("mapping.json", json.dumps(written).encode())]
        await editor.fill({"A file that Slipway exported": good})
        await editor.submit()
        assert "2 of 8 fields filled" in editor.screen()


async def test_only_admins_come_here(place: Place, editor: Person) -> None:
    dana = place.person("dana")
    button = await editor.find_button("Suggestions (6)")
    forged = {"as": dana.id, **button.address(), "value": button.value, "state": {}}
    answer = (await place.client.post("/client/action", json=forged)).json()
    await dana.look()

    assert not answer.get("ok") or "Counterparty" not in dana.screen()


async def test_a_template_that_is_published_again_takes_its_mapping_over(
    place: Place, editor: Person
) -> None:
    await editor.press("Suggestions (6)")
    await editor.submit()
    await editor.close()
    place.ironclad.republish(place.ironclad.template("Simple Purchase"))
    async with place.app.database.transaction() as store:
        await store.templates.outdate(place.team)
    dana = place.person("dana")
    await open_form(dana)
    await dana.close()

    await editor.press("Edit mappings", "home")
    await editor.fill({"Choose a template": "Simple Purchase · nothing mapped"})
    await editor.press("Take over 6 from before")

    assert "6 of 8 fields filled" in editor.screen()


async def test_the_preview_shows_what_a_real_request_leaves_open(place: Place, editor: Person) -> None:
    await editor.press("Preview")
    assert "Vendor is required, and nothing is mapped to it" in editor.screen().replace("*", "")
    await editor.press("Back to the mapping")
    await editor.press("Suggestions (6)")
    await editor.submit()
    dana = place.person("dana")
    await dana.command("/contract new")
    await dana.fill({"What do you need?": "Chairs", "Counterparty": "Oak Ltd"})
    await dana.submit()
    await place.idle()

    await editor.press("Preview")

    screen = editor.screen().replace("*", "")
    assert "REQ-1 Chairs" in str(editor.view())
    assert "Vendor Oak Ltd (the request)" in screen
    assert "Amount (USD) is required, and this request leaves it empty" in screen
    assert "Is it budgeted? is required, and nothing is mapped to it" in screen
