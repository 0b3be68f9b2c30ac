"""Forms of many pages: turned in any order, saved, reviewed, launched."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from tests.journeys.steps import launch, open_form
from tests.place import Place
from tests.sandbox.ironclad.templates import Field, Template, choice, of_type, text
from tests.sandbox.slack.person import Person
from tests.sandbox.slack.traffic import Fault


def thirty() -> Template:
    """Fourteen required questions, fourteen optional ones, two that may be needed."""
    fields: list[Field] = [text("counterpartyName", "Vendor", "always")]
    fields += [text(f"must{n}", f"Must {n}", "always") for n in range(12)]
    fields += [of_type("email", "contact", "Contact", "always")]
    fields += [text(f"may{n}", f"May {n}") for n in range(13)]
    fields += [of_type("number", "copies", "Copies")]
    fields += [text("perhaps", "Perhaps", "conditional"), text("maybe", "Maybe", "conditional")]
    return Template(name="Thirty questions", fields=tuple(fields))


def labels(person: Person) -> list[str]:
    return [block["label"]["text"] for block in (person.view() or {})["blocks"] if block["type"] == "input"]


async def fill_page(person: Person, **but: str) -> dict[str, str]:
    """Type something into every input of the page."""
    typed = {label: but.get(label, f"about {label}") for label in labels(person)}
    await person.fill(typed)
    return typed


@pytest.fixture
async def long(place: Place) -> Place:
    """With the template of thirty questions."""
    place.ironclad.add_template(thirty())
    return place


async def test_a_long_form_is_turned_page_by_page_and_reviewed(long: Place) -> None:
    dana = long.person("dana")
    await open_form(dana, "Thirty questions")
    assert "Page 1 of 4 · Required · 14 required left" in dana.screen()
    first = await fill_page(dana)
    await dana.submit()
    assert "Page 2 of 4 · Required · 7 required left" in dana.screen()
    second = await fill_page(dana, Contact="sam@example.com")
    await dana.submit()
    assert "Page 3 of 4 · Optional · nothing required left" in dana.screen()
    await dana.submit()
    await dana.fill({"Copies": "3"})
    await dana.submit()

    screen = dana.screen()
    assert "this is what Ironclad gets" in screen
    for label, value in {**first, **second, "Copies": "3"}.items():
        assert f"*{label}:* {value}" in screen
    await dana.submit()
    await long.idle()

    (workflow,) = long.ironclad.workflows
    sent = {
        one.label: workflow.attributes[one.key] for one in thirty().fields if one.key in workflow.attributes
    }
    assert sent == {**first, **second, "Copies": 3}


async def test_pages_are_turned_in_any_order_and_nothing_is_lost(long: Place) -> None:
    dana = long.person("dana")
    await open_form(dana, "Thirty questions")
    await dana.fill({"Vendor": "Lanternfish Ltd"})
    await dana.press("All questions")
    assert "13 required left" in dana.screen()
    await dana.press(await dana.find_button("Review"))
    assert "*Vendor:* Lanternfish Ltd" in dana.screen()
    assert "13 questions need a look before this can be launched" in dana.screen()
    assert "[Launch]" not in dana.screen()

    await dana.press("Go to the first problem")
    assert "Page 1 of 4" in dana.screen()
    assert "Lanternfish Ltd" in dana.screen()
    await dana.fill({"Vendor": "Acme", "Must 3": "three"})
    await dana.press("All questions")
    assert "Page 1 · Required · 5 required left, 2 of 7 answered" in dana.screen().replace("*", "")
    await dana.press("Review")
    assert "*Vendor:* Acme" in dana.screen()
    assert "*Must 3:* three" in dana.screen()


async def test_what_cannot_be_read_yet_survives_turning_back(long: Place) -> None:
    dana = long.person("dana")
    await open_form(dana, "Thirty questions")
    await fill_page(dana)
    await dana.submit()
    await dana.fill({"Contact": "sam@", "Must 7": "kept"})
    await dana.press("Back")
    await dana.submit()

    assert "sam@" in dana.screen()
    assert "kept" in dana.screen()
    await dana.submit()
    assert "Contact" in dana.errors()


async def test_a_question_is_found_by_its_name(long: Place) -> None:
    dana = long.person("dana")
    await open_form(dana, "Thirty questions")
    await dana.press("All questions")
    view = dana.view() or {}
    place = {"as": dana.id, "view_id": view["id"], "block_id": "goto", "action_id": "form.go_to"}
    offered = (await long.client.post("/client/options", json={**place, "query": "may 12"})).json()["options"]
    assert [one["text"]["text"] for one in offered] == ["May 12"]

    await long.client.post("/client/action", json={**place, "value": offered[0], "state": {}})
    await dana.look()

    assert "Page 4 of 4" in dana.screen()
    assert "May 12" in labels(dana)


async def test_questions_that_may_be_needed_are_folded_away(long: Place) -> None:
    dana = long.person("dana")
    await open_form(dana, "Thirty questions")
    await dana.fill({"Vendor": "Lanternfish Ltd"})
    await dana.press("Show 2 questions that may be needed")

    assert "Page 5 of 5 · May be needed" in dana.screen()
    assert labels(dana) == ["Perhaps", "Maybe"]
    await dana.fill({"Perhaps": "so"})
    await dana.press("All questions")
    await dana.press("Review")
    assert "*Perhaps:* so" in dana.screen()
    assert "*Vendor:* Lanternfish Ltd" in dana.screen()


async def test_a_draft_is_saved_and_the_page_stays_as_it_is(long: Place) -> None:
    dana = long.person("dana")
    await open_form(dana, "Thirty questions")
    assert "Slack does not tell Slipway what you typed on this page" in dana.screen()
    await dana.fill({"Vendor": "Lanternfish Ltd", "Must 1": "one"})
    await dana.press("Save draft")

    assert "Saved." in dana.screen()
    assert "Lanternfish Ltd" in dana.screen()
    async with long.app.database.reading() as store:
        (draft,) = await store.drafts.mine(long.team, dana.id)
    assert (draft.answers["counterpartyName"], draft.answers["must1"]) == ("Lanternfish Ltd", "one")
    assert b"Lanternfish" not in long.bytes_at_rest()


async def test_a_click_that_something_newer_overtook_is_dropped(long: Place) -> None:
    dana = long.person("dana")
    await open_form(dana, "Thirty questions")
    await fill_page(dana)
    await dana.submit()
    long.slack.faults.add(Fault(method="views.update", kind="error", error="hash_conflict"))
    await dana.fill({"Must 7": "kept"})

    told = await dana.press("Back")

    assert told["ok"]
    assert "Page 2 of 4" in dana.screen()
    assert dana.toasts() == []


async def test_a_form_nobody_typed_into_is_forgotten_when_it_is_closed(long: Place) -> None:
    dana = long.person("dana")
    for looked_around in (False, True):
        await open_form(dana, "Thirty questions")
        (view,) = dana._state["views"]
        draft_id = json.loads(view["private_metadata"])["d"]
        if looked_around:
            await dana.press("All questions")
            await dana.press("Review")
        await dana.close()
        await long.idle()

        async with long.app.database.reading() as store:
            assert await store.drafts.get(long.team, draft_id) is None
    await dana.look()
    assert dana.dm() == []


async def test_a_launched_draft_is_gone(long: Place) -> None:
    dana = long.person("dana")
    await launch(dana)
    await long.idle()

    assert long.ironclad.workflows
    async with long.app.database.reading() as store:
        assert await store.drafts.untouched(long.team, datetime.now(UTC) + timedelta(days=1)) == []


async def test_three_hundred_questions_eighty_of_them_required(place: Place) -> None:
    fields = [text("counterpartyName", "Vendor", "always")]
    fields += [text(f"must{n}", f"Must {n}", "always") for n in range(79)]
    fields += [choice(f"pick{n}", f"Pick {n}", ("Yes", "No", "Later", "Never", "Ask")) for n in range(220)]
    place.ironclad.add_template(Template(name="Three hundred", fields=tuple(fields)))
    dana = place.person("dana")
    await open_form(dana, "Three hundred")
    assert "Page 1 of 26 · Required · 80 required left" in dana.screen()
    typed: dict[str, str] = {}
    while " · Required" in dana.screen():
        typed |= await fill_page(dana)
        await dana.submit()
    await dana.press("All questions")
    assert "300 questions · nothing required left" in dana.screen()
    await dana.press("Review")
    assert "Screen" not in dana.screen()
    await dana.submit()
    await place.idle()

    (workflow,) = place.ironclad.workflows
    labelled = {one.key: one.label for one in fields}
    assert {labelled[key]: value for key, value in workflow.attributes.items() if key in labelled} == typed
    assert len(typed) == 80
