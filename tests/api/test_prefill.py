"""From another system to a form that is already filled: every value says where it comes from."""

from __future__ import annotations

from typing import Any

from tests.api.conftest import LAPTOPS, Tool
from tests.journeys.steps import fill_and_submit, open_form
from tests.place import Place
from tests.sandbox.slack.controls import Control, Surface, buttons
from tests.sandbox.slack.person import Person


def beside(person: Person, label: str) -> Control:
    """The button beside a field."""
    view = person.view() or {}
    block = next(one for one in view["blocks"] if label in one.get("text", {}).get("text", ""))
    return next(buttons(Surface([block], "the modal", view_id=view["id"])))


async def map_purchase(place: Place) -> Person:
    """Priya takes every suggestion for *Simple Purchase*."""
    dana = place.person("dana")
    await open_form(dana)
    await dana.close()
    priya = place.person("priya")
    if priya.view():
        await priya.close()
    await priya.open_home()
    await priya.wait_for(lambda p: p.home())
    await priya.press("Edit mappings", "home")
    await priya.fill({"Choose a template": "Simple Purchase · nothing mapped"})
    await priya.press("Suggestions (6)")
    await priya.submit()
    return priya


async def open_request(place: Place, tool: Tool, **changes: Any) -> Person:
    """A request comes in, and Dana opens the form that launches it."""
    answer = await tool.post({**LAPTOPS, "description": "For the new office", "currency": "USD", **changes})
    assert answer.status_code == 201, answer.text
    await place.idle()
    dana = place.person("dana")
    await dana.press("Launch contract", "#procurement")
    await dana.wait_for(lambda p: p.view() and "Template" in p.screen() and "Loading" not in p.screen())
    await dana.fill({"Template": "Simple Purchase"})
    await dana.submit()
    return dana


async def test_a_form_is_filled_from_the_request_and_says_so(connected: Place, tool: Tool) -> None:
    await map_purchase(connected)

    dana = await open_request(connected, tool)

    screen = dana.screen()
    for filled in ("Lanternfish Ltd", "9,500.5", "For the new office", "sales@lanternfish.example"):
        assert filled in screen
    assert screen.count("From the request") >= 4
    await dana.fill({"Department": "Engineering", "Is it budgeted?": "Yes"})
    await dana.submit()
    await connected.idle()
    (workflow,) = connected.ironclad.workflows
    assert workflow.attributes["counterpartyName"] == "Lanternfish Ltd"
    assert workflow.attributes["amount"] == 9500.5
    assert workflow.attributes["requestNumber"] == "REQ-1"
    assert str(workflow.attributes["neededBy"]).startswith("2026-12-24")


async def test_what_does_not_fit_is_shown_beside_its_field(connected: Place, tool: Tool) -> None:
    await map_purchase(connected)

    dana = await open_request(connected, tool, currency="EUR", department="Falconry")

    screen = dana.screen()
    assert "The request is in EUR, this field is in USD" in screen
    assert "“Falconry”, which does not fit" in screen


async def test_all_this_is_said_in_the_language_of_whoever_fills_the_form(
    connected: Place, tool: Tool
) -> None:
    connected.member("dana").locale = "de-DE"
    await map_purchase(connected)
    dana = connected.person("dana")
    answer = await tool.post({**LAPTOPS, "description": "x", "currency": "EUR", "department": "Falconry"})
    assert answer.status_code == 201, answer.text
    await connected.idle()
    await dana.press("Launch contract", "#procurement")
    await dana.wait_for(lambda p: "Vorlage" in p.screen() and "geladen" not in p.screen())
    await dana.fill({"Vorlage": "Simple Purchase"})
    await dana.submit()

    screen = dana.screen()
    assert "Herkunft: die Anfrage" in screen
    assert "Die Anfrage ist in EUR, dieses Feld in USD." in screen
    wrong = "„Falconry“ passt nicht: „Falconry“ ist keine der Auswahlmöglichkeiten dieses Feldes."
    assert wrong in screen
    await dana.press("Prüfen")
    assert "_(Herkunft: die Anfrage)_" in dana.screen()


async def test_a_locked_value_is_shown_and_stays_whatever_is_sent(connected: Place, tool: Tool) -> None:
    priya = await map_purchase(connected)
    await priya.press(beside(priya, "Vendor*"))
    await priya.fill({"In the form": ["Locked: the person sees it and cannot change it"]})
    await priya.submit()
    assert "locked" in priya.screen()

    dana = await open_request(connected, tool)

    assert "cannot be changed here" in dana.screen()
    await dana.fill({"Department": "Engineering", "Is it budgeted?": "Yes"})
    view = dana.view() or {}
    typed = {**dana._typed[view["id"]], "f:counterpartyName": {"field": "Evil Corp"}}
    body = {"as": dana.id, "view_id": view["id"], "state": typed}
    await connected.client.post("/client/submit", json=body)
    await connected.idle()
    for workflow in connected.ironclad.workflows:
        assert workflow.attributes["counterpartyName"] == "Lanternfish Ltd"
    if not connected.ironclad.workflows:
        await dana.submit()
        await connected.idle()
        assert connected.ironclad.workflows[0].attributes["counterpartyName"] == "Lanternfish Ltd"


async def test_what_one_typed_last_comes_back_but_no_amount_date_or_counterparty(connected: Place) -> None:
    dana, lee = connected.person("dana"), connected.person("lee")
    await open_form(dana)
    await fill_and_submit(dana)
    await connected.idle()
    await dana.close()

    await open_form(dana)

    screen = dana.screen()
    assert "From your last launch" in screen
    assert "Lanternfish Ltd" not in screen
    assert "9500" not in screen
    assert "2026-12-24" not in screen
    await dana.close()
    await open_form(lee)
    assert "From your last launch" not in lee.screen()

    await dana.open_home()
    await dana.wait_for(lambda p: p.home() and "remembers" in p.screen())
    await dana.press("Forget", "home")
    await dana.wait_for(lambda p: "remembers" not in p.screen())
    await open_form(dana)
    assert "From your last launch" not in dana.screen()
