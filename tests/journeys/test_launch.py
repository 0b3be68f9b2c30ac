"""From `/contract` to one workflow, seen by the people who take part."""

from __future__ import annotations

import asyncio

from tests.journeys.steps import PURCHASE, fill_and_submit, launch, open_form, thread
from tests.place import Place
from tests.sandbox.ironclad.templates import Template, choice, of_type, text


async def test_a_contract_is_launched_and_everybody_can_see_it(place: Place) -> None:
    dana, lee = place.person("dana"), place.person("lee")
    await open_form(dana, channel="#procurement")
    await fill_and_submit(dana)
    assert "Launching" in dana.screen()
    await place.idle()

    (workflow,) = place.ironclad.workflows
    assert workflow.title == "Simple Purchase with Lanternfish Ltd"
    assert workflow.creator.email == "dana.ruiz@example.com"
    assert workflow.attributes["amount"] == 9500
    assert workflow.attributes["budgeted"] is True
    assert workflow.attributes["department"] == "Engineering"
    assert str(workflow.attributes["neededBy"]).startswith("2026-12-24T00:00:00")
    assert workflow.attributes["requestNumber"] == "REQ-1"

    told = await thread(place, lee)
    assert "REQ-1 · Simple Purchase · Lanternfish Ltd" in told
    assert "Launched Simple Purchase with Lanternfish Ltd" in told.replace("*", "")
    assert f"{workflow.ironclad_id}" in told
    assert "step Review" in told
    assert "Open in Ironclad" in told
    assert len(lee.texts("#procurement")) == 1

    await dana.look()
    assert f"Launched as {workflow.ironclad_id}" in dana.screen()
    assert place.slack.traffic.refused == type(place.slack.traffic.refused)()


async def test_the_first_time_a_loading_window_opens_at_once(place: Place) -> None:
    place.ironclad.fault(path_prefix="/public/api/v1/workflow-schemas", kind="slow", seconds=0.6)
    dana = place.person("dana")

    told = await dana.command("/contract")

    assert told["ok"]
    assert told["ack_ms"] < 500
    assert "Loading your Ironclad templates" in dana.screen()
    await dana.wait_for(lambda p: "Choose a template" in p.screen() or "Template" in p.screen(), timeout=8)
    await dana.close()
    await dana.command("/contract")
    assert "Loading" not in dana.screen()


async def test_only_templates_one_may_launch_are_offered(place: Place) -> None:
    lee, dana = place.person("lee"), place.person("dana")

    for person, offered in ((lee, False), (dana, True)):
        await person.command("/contract")
        await person.wait_for(lambda p: "Template" in p.screen() and "Loading" not in p.screen())
        shown = {block["block_id"]: block for block in (person.view() or {})["blocks"]}
        options = [one["text"]["text"] for one in shown["template"]["element"]["options"]]
        assert "Simple Purchase" in options
        assert ("Board Resolution" in options) is offered


async def test_more_than_a_hundred_templates_are_searched(place: Place) -> None:
    for number in range(120):
        fields = (text("counterpartyName", "Vendor", "always"),)
        place.ironclad.add_template(Template(name=f"Order type {number:03}", fields=fields))
    dana = place.person("dana")
    await dana.command("/contract")
    await dana.wait_for(lambda p: "Template" in p.screen() and "Loading" not in p.screen())

    assert await dana.search_options("Template", "type 077") == ["Order type 077"]
    assert len(await dana.search_options("Template", "order")) == 100

    await dana.fill({"Template": "Order type 077"})
    await dana.submit()
    await dana.fill({"Vendor": "Acme"})
    await dana.submit()
    await place.idle()
    assert [w.title for w in place.ironclad.workflows] == ["Order type 077 with Acme"]


async def test_a_problem_is_told_beside_its_field_and_nothing_typed_is_lost(place: Place) -> None:
    # Slack cannot see that one of two inputs is needed, so this is ours to say.
    office = choice("office", "Office", ("Berlin", "Tokyo"), "always", free_text=True)
    fields = (text("counterpartyName", "Vendor", "always"), office)
    place.ironclad.add_template(Template(name="Office order", fields=fields))
    dana = place.person("dana")
    await open_form(dana, "Office order")
    await dana.fill({"Vendor": "Lanternfish Ltd"})
    await dana.submit()

    assert dana.errors() == {"Office": "Ironclad always asks for this. Fill it in."}
    assert "Lanternfish Ltd" in dana.screen()
    assert place.ironclad.workflows == []

    await dana.fill({"Office: something else": "Accra"})
    await dana.submit()
    await place.idle()
    assert place.ironclad.workflows[0].attributes["office"] == "Accra"


async def test_a_hidden_condition_comes_back_with_everything_typed(place: Place) -> None:
    dana, lee = place.person("dana"), place.person("lee")
    await launch(dana, {"Amount (USD)": "25000"})
    await place.idle()

    assert place.ironclad.workflows == []
    told = await thread(place, lee)
    assert "Not launched" in told
    assert "Cost centre" in told
    await dana.look()
    assert any("Cost centre" in text for text in dana.dm())
    async with place.app.database.reading() as store:
        (lesson,) = await store.lessons.of(place.team, "Simple Purchase")
    assert (lesson.key, lesson.code, lesson.answers["amount"]) == ("costCentre", "MISSING_PARAM", 25000)

    await dana.close()
    await dana.press("Edit and resubmit", "#procurement")
    screen = dana.screen()
    for typed in ("Lanternfish Ltd", "Fifty laptops", "25,000", "sales@lanternfish.example"):
        assert typed in screen
    asked = [block["label"]["text"] for block in (dana.view() or {})["blocks"] if block["type"] == "input"]
    assert asked == ["Cost centre"]
    assert "Ironclad asks for this here" in screen
    await dana.fill({"Cost centre": "CC-7"})
    await dana.submit()
    await place.idle()

    (workflow,) = place.ironclad.workflows
    assert workflow.attributes["costCentre"] == "CC-7"
    assert workflow.attributes["requestNumber"] == "REQ-1"
    assert "Launched" in await thread(place, lee)
    assert len(lee.texts("#procurement")) == 1
    await dana.look()
    assert not any("Not launched" in text for text in dana.dm())


async def test_a_stale_edit_button_tells_the_truth(place: Place) -> None:
    dana = place.person("dana")
    await launch(dana, {"Amount (USD)": "25000"})
    await place.idle()
    await dana.close()
    old = await dana.find_button("Edit and resubmit", "#procurement")
    await dana.press(old)
    await dana.fill({"Cost centre": "CC-7"})
    await dana.submit()
    await place.idle()
    await dana.close()

    await dana.press(old)

    assert "was launched already as IC-" in await thread(place, dana)
    assert len(place.ironclad.workflows) == 1


async def test_somebody_else_cannot_edit_it(place: Place) -> None:
    dana, lee = place.person("dana"), place.person("lee")
    await launch(dana, {"Amount (USD)": "25000"})
    await place.idle()

    await lee.press("Edit and resubmit", "#procurement")

    assert lee.view() is None
    assert "Only the person who launched this" in await thread(place, lee)


async def test_a_double_click_makes_one_workflow(place: Place) -> None:
    dana = place.person("dana")
    await open_form(dana)
    await dana.fill(PURCHASE)
    view = dana.view() or {}
    state = dana._typed[view["id"]]
    body = {"as": dana.id, "view_id": view["id"], "state": state}

    answers = await asyncio.gather(*(place.client.post("/client/submit", json=body) for _ in range(5)))
    await place.idle()

    assert any(answer.json()["ok"] for answer in answers)
    assert len(place.ironclad.workflows) == 1
    await dana.look()
    assert len(dana.texts("#procurement")) == 1


async def test_two_windows_of_the_same_correction_make_one_workflow(place: Place) -> None:
    dana = place.person("dana")
    await launch(dana, {"Amount (USD)": "25000"})
    await place.idle()
    await dana.close()
    for _ in range(2):
        await dana.press("Edit and resubmit", "#procurement")
    first, second = dana._state["views"][-1]["id"], dana._state["views"][0]["id"]
    state = {"f:costCentre": {"field": "CC-7"}}
    for view in {first, second}:
        await place.client.post("/client/submit", json={"as": dana.id, "view_id": view, "state": state})
    await place.idle()

    assert len(place.ironclad.workflows) == 1


async def test_hostile_names_are_text(place: Place) -> None:
    dana, lee = place.person("dana"), place.person("lee")
    await launch(dana, {"Vendor": "<!channel> *Ltd* <@U1>"})
    await place.idle()

    assert place.ironclad.workflows[0].attributes["counterpartyName"] == "<!channel> *Ltd* <@U1>"
    await lee.arrive()
    await lee.look()
    raw = str(lee.messages("#procurement"))
    assert "&lt;!channel&gt;" in raw
    assert "<!channel>" not in raw
    shown = lee.messages("#procurement")[0]
    assert "<!date^00000000^{_}|*>Ltd<!date^00000000^{_}|*>" in str(shown["blocks"])  # keeps its stars
    assert " *Ltd* " in shown["text"]
    await dana.command("/contract status")
    assert "&lt;!channel&gt; *Ltd* &lt;@U1&gt;>" in dana.texts("#general")[-1]  # the label of a link


async def test_what_cannot_be_asked_is_said_with_a_way_out(place: Place) -> None:
    dana = place.person("dana")
    entity = of_type("entity", "sellingEntity", "Selling Entity", "always")
    fields = (text("counterpartyName", "Reseller", "always"), entity, of_type("formula", "net", "Net Price"))
    template = place.ironclad.add_template(Template(name="Reseller Order", fields=fields))
    await open_form(dana, "Reseller Order")

    screen = dana.screen()
    assert "Selling Entity (required)" in screen
    assert "Net Price" in screen
    assert "Open Ironclad's form" in screen
    buttons = [e for b in (dana.view() or {})["blocks"] if b["type"] == "actions" for e in b["elements"]]
    assert buttons[0]["url"] == place.ironclad.launch_form(place.ironclad.company, template.id)


async def test_help_status_and_words_it_does_not_know(place: Place) -> None:
    dana, lee = place.person("dana"), place.person("lee")
    await dana.command("/contract help")
    assert any("/contract status" in text for text in dana.texts("#general"))
    await dana.command("/contract status")
    assert any("You have not launched anything yet" in text for text in dana.texts("#general"))
    for word in ("dance", "payload"):  # Bolt's own parser takes the second for the name of a form's field
        await dana.command(f"/contract {word}")
        assert any(f"does not know “{word}”" in text for text in dana.texts("#general"))

    await launch(dana)
    await place.idle()
    await dana.close()
    for asked in ("/contract status", "/contract status REQ-1", "/contract status req-1"):
        await dana.command(asked)
        assert "Launched as IC-" in dana.texts("#general")[-1]
    ironclad_id = place.ironclad.workflows[0].ironclad_id
    await dana.command(f"/contract status {ironclad_id}")
    assert "REQ-1" in dana.texts("#general")[-1]
    await lee.command("/contract status REQ-1")
    assert "Nothing of yours is called REQ-1" in lee.texts("#general")[-1]
    await place.person("priya").command("/contract status REQ-1")
    assert "REQ-1" in place.person("priya").texts("#general")[-1]


async def test_home_lists_ones_own_launches(place: Place) -> None:
    dana = place.person("dana")
    await launch(dana)
    await place.idle()
    await dana.close()
    await dana.open_home()
    await dana.wait_for(lambda p: "Your launches" in p.screen())

    assert "REQ-1 · Simple Purchase · Lanternfish Ltd" in dana.screen()
    assert "Set-up" not in dana.screen()

    await dana.press("Launch a contract", "home")
    assert "Template" in dana.screen()
