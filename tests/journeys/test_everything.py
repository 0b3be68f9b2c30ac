"""A template with one of every type, filled as a person would, and what Ironclad then received."""

from __future__ import annotations

import email
import hashlib
import json
from collections.abc import Mapping
from functools import partial
from typing import Any

from tests.journeys.steps import open_form, thread
from tests.place import Place
from tests.sandbox.slack.person import Person

EVERYTHING = "One of Everything"
PAPER = b"PK\x03\x04 their paper"
ANSWERS: Mapping[str, Any] = {
    "Counterparty Name": "Lanternfish <Ltd> & Söhne",
    "Whose paper?": "Counterparty paper",
    "Upload the counterparty's paper": [("their paper.docx", PAPER)],
    "Counterparty Signer Name": "Sam Poe",
    "Counterparty Signer Email": "sam@lanternfish.example",
    "Description of the Services": "Two lines\nof text 👩🏽‍⚖️",
    "Region": "EMEA",
    "Offices Served": ["Dublin", "Tokyo"],
    "Personal data?": "Yes",
    "Headcount": "12",
    "Start Date": "2026-12-24",
    "Contract Value": "12,500.75",
    "Contract Value: currency": "EUR · Euro",
    "Initial Term": "1 year and 6 months",
    "Vendor Address: street": "1 Quay St\nFloor 2",
    "Vendor Address: town or city": "Dublin",
    "Vendor Address: postcode": "D01",
    "Vendor Address: country": "Ireland",
}
ROWS = (
    {"SKU": "X1", "Quantity": "2", "Price": "5", "Price: currency": "EUR · Euro"},
    {"SKU": "X2", "Quantity": "1.5"},
    {"SKU": "X3", "Quantity": "7", "Price": "1,000", "Price: currency": "USD · US Dollar"},
)


def labels(person: Person) -> set[str]:
    view = person.view() or {"blocks": []}
    return {block["label"]["text"] for block in view["blocks"] if block["type"] == "input"}


async def fill_page(person: Person, answers: Mapping[str, Any] = ANSWERS) -> None:
    """Fill what of the answers is asked on this page; a choice may bring up more."""
    done: set[str] = set()
    while todo := [label for label in answers if label in labels(person) - done]:
        await person.fill({todo[0]: answers[todo[0]]})
        done.add(todo[0])
        await person.look()


def shows(person: Person, text: str) -> bool:
    return text in person.screen()


def moved_on(person: Person, before: str) -> bool:
    return bool((person.view() or {"hash": ""})["hash"] != before)


async def add_rows(person: Person) -> None:
    for row in ROWS:
        await person.press("Add a row")
        await person.wait_for(lambda p: (p.view() or {})["callback_id"] == "row.form")
        await person.fill(row)
        await person.submit()
        await person.wait_for(partial(shows, text=f"SKU: {row['SKU']}"))


async def fill_everything(person: Person) -> None:
    """Page by page, to the review."""
    while (person.view() or {})["callback_id"] == "launch.form":
        before = (person.view() or {})["hash"]
        if "Line Items" in person.screen() and "SKU: X3" not in person.screen():
            await add_rows(person)
        await fill_page(person)
        if "Related Record" in labels(person):
            found = await person.search_options("Related Record", "IC-1")
            await person.fill({"Related Record": found[0]})
        await person.submit()
        assert person.errors() == {}
        await person.wait_for(partial(moved_on, before=before))


async def to_the_review(person: Person) -> None:
    await open_form(person, EVERYTHING)
    await person.wait_for(lambda p: "Counterparty Name" in p.screen())
    await fill_everything(person)


async def launch_it(place: Place, person: Person) -> None:
    while (person.view() or {}).get("callback_id") == "launch.review":
        await person.submit()
    await place.idle()


def received(place: Place) -> tuple[dict[str, Any], dict[str, tuple[str, bytes]]]:
    """The newest launch as Ironclad received it: its JSON, and its files by part."""
    order = place.ironclad.requests.of("POST", "/public/api/v1/workflows")[-1]
    kind = order.headers["content-type"]
    message = email.message_from_bytes(f"Content-Type: {kind}\r\n\r\n".encode() + order.body)
    parts: dict[str, Any] = {
        str(part.get_param("name", header="content-disposition")): part for part in message.walk()
    }
    data = json.loads(parts.pop("data").get_payload(decode=True))
    del parts["None"]  # the message as a whole
    return data, {name: (part.get_filename(), part.get_payload(decode=True)) for name, part in parts.items()}


async def test_everything_arrives_exactly_as_typed(place: Place) -> None:
    await place.connect()
    dana = place.person("dana")

    await to_the_review(dana)
    await launch_it(place, dana)
    # Nobody is assigned to one approver role by default, which Ironclad says only now.
    await dana.wait_for(lambda p: "Edit and resubmit" in p.screen())
    await dana.press("Edit and resubmit", where="modal")
    await dana.wait_for(lambda p: "Approver" in p.screen())
    await dana.fill({"Approver": "Priya Nair"})
    await dana.submit()
    await place.idle()

    data, files = received(place)
    (workflow,) = place.ironclad.workflows
    (approver,) = [role.id for role in workflow.template.roles if role.approves]
    signer_name, signer_email = (one.key for one in workflow.template.fields if one.key.startswith("role"))
    assert data == {
        "template": workflow.template.id,
        "attributes": {
            "counterpartyName": "Lanternfish <Ltd> & Söhne",
            "paperSource": "Counterparty paper",
            "draft": [{"file": "file_1"}],
            signer_name: "Sam Poe",
            signer_email: "sam@lanternfish.example",
            "description": "Two lines\nof text 👩🏽‍⚖️",
            "region": "EMEA",
            "offices": ["Dublin", "Tokyo"],
            "personalData": True,
            "headcount": 12,
            "startDate": "2026-12-24T00:00:00-05:00",
            "contractValue": {"currency": "EUR", "amount": 12500.75},
            "initialTerm": {"years": 1, "months": 6},
            "vendorAddress": {
                "lines": ["1 Quay St", "Floor 2"],
                "locality": "Dublin",
                "postcode": "D01",
                "country": "Ireland",
            },
            "lineItems": [
                {"sku": "X1", "quantity": 2, "price": {"currency": "EUR", "amount": 5}},
                {"sku": "X2", "quantity": 1.5},
                {"sku": "X3", "quantity": 7, "price": {"currency": "USD", "amount": 1000}},
            ],
            "relatedRecord": "IC-1",
            approver: "priya.nair@example.com",
        },
    }
    assert files == {"file_1": ("their paper.docx", PAPER)}
    assert hashlib.sha256(PAPER).hexdigest()[:12] in await thread(place, dana)
