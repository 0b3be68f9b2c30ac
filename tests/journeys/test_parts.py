"""Parts of a form with screens of their own, and questions that hang together."""

from __future__ import annotations

import json

from tests.journeys.steps import open_form
from tests.journeys.test_everything import shows
from tests.place import Place
from tests.sandbox.ironclad.templates import Template, choice, of_type, paper_questions, table, text
from tests.sandbox.slack.person import Person

ITEMS = table("items", "Items", (text("sku", "SKU", "always"), text("note", "Note")), "always")


async def the_form(place: Place, person: Person) -> None:
    fields = (text("counterpartyName", "Vendor", "always"), *paper_questions(), ITEMS)
    place.ironclad.add_template(Template(name="Order", fields=(*fields, choice("law", "Law", "AB"))))
    await place.connect()
    await open_form(person, "Order")
    await person.wait_for(lambda p: "Items" in p.screen())
    await person.fill({"Vendor": "Acme"})


async def add(person: Person, sku: str) -> None:
    await person.press("Add a row")
    await person.fill({"SKU": sku})
    await person.submit()
    await person.wait_for(lambda p: shows(p, f"SKU: {sku}"))


async def test_rows_are_added_edited_and_removed_and_nothing_typed_below_is_lost(place: Place) -> None:
    dana = place.person("dana")
    await the_form(place, dana)

    await dana.press("Add a row")
    await dana.fill({"Note": "no number"})
    await dana.submit()
    assert dana.errors() == {"SKU": "Please complete this required field."}
    await dana.close()
    assert "Acme" in dana.screen()
    assert "No rows yet." in dana.screen()

    await add(dana, "X1")
    await dana.press("Edit")
    await dana.wait_for(lambda p: "Edit a row" in p.screen())
    await dana.fill({"SKU": "X1b"})
    await dana.submit()
    await dana.wait_for(lambda p: "SKU: X1b" in p.screen())
    await dana.press("Remove")
    await dana.wait_for(lambda p: "No rows yet." in p.screen())
    await add(dana, "X2")

    assert "1.* SKU: X2" in dana.screen()
    assert "Acme" in dana.screen()


async def test_many_rows_become_lines_with_one_list_to_edit_them(place: Place) -> None:
    dana = place.person("dana")
    await the_form(place, dana)
    for number in range(1, 8):
        await add(dana, f"X{number}")

    assert "7.* SKU: X7" in dana.screen()
    view = dana.view() or {}
    below = next(block for block in view["blocks"] if block["block_id"].endswith(":rows"))
    options = below["elements"][1]["options"]
    assert [option["text"]["text"] for option in options][6] == "7. SKU: X7"


async def test_whose_paper_decides_whether_a_draft_is_asked(place: Place) -> None:
    dana = place.person("dana")
    await the_form(place, dana)
    draft = "Upload the counterparty's paper"
    assert draft not in dana.screen()

    await dana.fill({"Whose paper?": "Counterparty paper"})
    await dana.wait_for(lambda p: draft in p.screen())
    assert "Acme" in dana.screen()

    await dana.fill({"Whose paper?": "Our paper"})
    await dana.wait_for(lambda p: draft not in p.screen())


async def test_a_record_is_found_by_its_name(bare: Place) -> None:
    bare.ironclad.add_template(
        Template(
            name="Amendment",
            fields=(
                text("counterpartyName", "Counterparty", "always"),
                of_type("linkedRecord", "amended", "Amended contract", "always"),
            ),
        )
    )
    await bare.connect("records")
    dana = bare.person("dana")
    await open_form(dana, "Amendment")
    await dana.wait_for(lambda p: "Amended contract" in p.screen())

    assert "permission to read records" not in dana.screen()
    found = await dana.search_options("Amended contract", "nda SABLE")
    assert found == ["IC-3 · Mutual NDA with Sable & Finch"]
    assert await dana.search_options("Amended contract", "nobody at all") == []
    await dana.fill({"Counterparty": "Sable & Finch", "Amended contract": found[0]})
    await dana.submit()
    await bare.idle()

    (order,) = bare.ironclad.requests.of("POST", "/public/api/v1/workflows")
    assert json.loads(order.body)["attributes"] == {"counterpartyName": "Sable & Finch", "amended": "IC-3"}


async def test_without_the_permission_a_record_is_named_by_its_number(bare: Place) -> None:
    template = Template(
        name="Amendment", fields=(of_type("linkedRecord", "amended", "Amended contract", "always"),)
    )
    bare.ironclad.add_template(template)
    await bare.connect()
    dana = bare.person("dana")
    await open_form(dana, "Amendment")
    await dana.wait_for(lambda p: "Amended contract" in p.screen())

    assert "was not given the permission to read records" in dana.screen()
    (note,) = await dana.search_options("Amended contract", "sable")
    assert note == "Records cannot be searched here: type an IC number, such as IC-68"
    await dana.fill({"Amended contract": note})
    await dana.submit()
    assert "That was a note, not a record." in dana.errors()["Amended contract"]
    assert await dana.search_options("Amended contract", "ic-3") == ["IC-3 · as typed"]
