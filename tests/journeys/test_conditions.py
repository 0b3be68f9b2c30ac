"""An admin writes down when conditional questions are needed: in the Home tab's modals."""

from __future__ import annotations

from dataclasses import replace

from tests.journeys.steps import launch, open_form
from tests.place import Place
from tests.sandbox.slack.person import Person


async def open_rules(place: Place, template: str = "Simple Purchase") -> Person:
    """Priya, looking at the rules of a template that somebody has seen before."""
    dana, priya = place.person("dana"), place.person("priya")
    await open_form(dana)
    await dana.close()
    await priya.open_home()
    await priya.wait_for(lambda p: p.home())
    await priya.press("Open the rules", "home")
    await priya.fill({"Template": template})
    await priya.wait_for(lambda p: "Add a rule" in p.screen())
    return priya


async def write_rule(priya: Person) -> None:
    """Ask the cost centre above 10,000."""
    await priya.press("Add a rule")
    await priya.fill({"With which question": "Cost centre", "When this question": "Amount (USD)"})
    await priya.wait_for(lambda p: "Comparison" in p.screen())
    await priya.fill({"Comparison": "is over", "Value": "10000"})


async def test_a_rule_is_written_tried_and_saved(place: Place) -> None:
    priya = await open_rules(place)
    assert "There is no rule yet." in priya.screen()
    assert "Without a rule, asked under *May be needed*: Cost centre" in priya.screen()
    await write_rule(priya)

    await priya.press("Try it")
    await priya.fill({"Amount (USD)": "9500"})
    await priya.submit()
    assert "*Cost centre*: not asked" in priya.screen()
    await priya.fill({"Amount (USD)": "25000"})
    await priya.submit()
    assert "*Cost centre*: asked, an answer is required" in priya.screen()
    await priya.close()

    await priya.submit()
    await priya.wait_for(lambda p: "Saved" in p.screen())
    said = "Ask *Cost centre*, and require an answer, when *Amount (USD)* is over 10,000"
    assert said in priya.screen()
    assert "Version 1" in priya.screen()
    await priya.close()
    await priya.open_home()
    await priya.wait_for(lambda p: "1 rule says when they are asked" in p.screen())


async def test_what_is_missing_is_told_beside_its_input(place: Place) -> None:
    priya = await open_rules(place)
    await priya.press("Add a rule")
    await priya.press("Try it")
    assert "Choose the question that this rule is about." in priya.screen()

    await priya.fill({"With which question": "Cost centre", "When this question": "Cost centre"})
    await priya.fill({"Value": "CC-7"})
    await priya.submit()
    assert priya.errors() == {"Value": "A question cannot decide about itself."}


async def test_conditions_are_joined_and_a_rule_changed_and_removed(place: Place) -> None:
    priya = await open_rules(place)
    await write_rule(priya)
    await priya.press("Add a condition")
    await priya.wait_for(lambda p: "When these conditions hold" in p.screen())
    await priya.fill({"When these conditions hold": "Any of them", "2. When this question": "Department"})
    await priya.fill({"2. Value": "Legal"})
    await priya.press("Add another group of conditions")
    await priya.fill({"3. When this question": "Is it budgeted?", "3. Value": "No"})
    await priya.fill({"When these groups hold": "All of them"})
    await priya.submit()
    joined = "(*Amount (USD)* is over 10,000 or *Department* is “Legal”) and *Is it budgeted?* is No"
    await priya.wait_for(lambda p: joined in p.screen())

    await priya.press("Change")
    await priya.press("Remove condition 3")
    await priya.press("Remove condition 2")
    await priya.fill({"Value": "20000", "What to do": "Ask it; an answer is optional"})
    await priya.submit()
    said = "Ask *Cost centre*, optionally, when *Amount (USD)* is over 20,000"
    await priya.wait_for(lambda p: said in p.screen())
    assert "Version 2" in priya.screen()

    await priya.press("Remove")
    await priya.wait_for(lambda p: "There is no rule yet." in p.screen())


async def test_rules_go_out_as_a_file_and_come_back(place: Place) -> None:
    priya = await open_rules(place)
    await write_rule(priya)
    await priya.submit()
    await priya.press("Export")
    await priya.wait_for(lambda p: "are in your messages with Slipway" in p.screen())
    (sent,) = [one for one in priya.messages(priya.dm_id()) if one["files"]]
    stored = place.slack.workspaces.files[sent["files"][0]["id"]]
    assert stored.name == "rules-simple-purchase.yaml"
    assert b"- ask: costCentre  # Cost centre" in stored.content
    await priya.close()

    await priya.press("Import")
    wrong = stored.content.replace(b"amount", b"amout").replace(b"costCentre", b"price")
    for content, told in (
        (
            wrong,
            [
                "Line 5: The template has no question “price”.",
                "Line 6: The template has no question “amout”.",
            ],
        ),
        (b"\xff\xfe\x00", ["The file is not text."]),
        (b"#" * 900_000, ["This is not a file of that kind."]),
    ):
        await priya.fill({"File of rules": [("rules.yaml", content)]})
        await priya.submit()
        assert all(one in priya.errors()["File of rules"] for one in told)
    await priya.fill({"File of rules": [("rules.yaml", stored.content.replace(b"10000", b"15000"))]})
    await priya.submit()
    await priya.wait_for(lambda p: "Imported 1 rule." in p.screen())
    assert "is over 15,000" in priya.screen()


async def test_an_earlier_version_of_the_rules_is_put_in_force_again(place: Place) -> None:
    priya = await open_rules(place)
    assert "History" not in priya.screen()
    await write_rule(priya)
    await priya.submit()
    await priya.wait_for(lambda p: "Version 1" in p.screen())
    await priya.press("Remove")
    await priya.wait_for(lambda p: "There is no rule yet." in p.screen())

    await priya.press("History")
    said = "Ask *Cost centre*, and require an answer, when *Amount (USD)* is over 10,000"
    assert f"Gone: {said}" in priya.screen()
    assert f"New: {said}" in priya.screen()
    assert "*Version 2* · in force · 0 rules" in priya.screen()
    await priya.press("Restore")
    assert "Version 1 is in force again." in priya.screen()
    assert "*Version 3* · in force · 1 rule" in priya.screen()
    await priya.close()
    assert said in priya.screen()

    dana = place.person("dana")
    await open_form(dana)
    await dana.wait_for(lambda p: "Amount (USD)" in p.screen())
    assert "may be needed" not in dana.screen()


async def test_two_admins_cannot_overwrite_each_other(place: Place) -> None:
    place.member("sam").is_admin = True
    priya = await open_rules(place)
    await write_rule(priya)
    sam = place.person("sam")
    await sam.open_home()
    await sam.wait_for(lambda p: p.home())
    await sam.press("Open the rules", "home")
    await sam.fill({"Template": "Simple Purchase"})
    await write_rule(sam)
    await sam.fill({"Value": "500"})
    await sam.submit()
    await sam.wait_for(lambda p: "is over 500" in p.screen())

    await priya.submit()

    assert "Somebody else changed these rules meanwhile." in priya.screen()


async def test_only_admins_see_and_change_rules(place: Place) -> None:
    priya = await open_rules(place)
    await write_rule(priya)
    place.member("priya").is_admin = place.member("priya").is_owner = False
    async with place.app.database.transaction() as store:
        known = await store.people.get(place.team, priya.id)
        assert known is not None
        await store.people.put(replace(known, is_admin=False))

    await priya.submit()

    assert "Only Slipway's admins can do this." in priya.screen()


async def test_what_ironclad_asks_for_becomes_a_suggestion(place: Place) -> None:
    dana = place.person("dana")
    for amount in ("9500", "25000"):
        await launch(dana, {"Amount (USD)": amount})
        await place.idle()
        await dana.close()
    priya = await open_rules(place)
    guess = "Ask *Cost centre*, and require an answer, when *Amount (USD)* is over 10,000"
    assert guess in priya.screen()
    assert "The limit between the two is a guess." in priya.screen()
    assert "There is no rule yet." in priya.screen()

    await priya.press("Accept")
    await priya.wait_for(lambda p: "the rule is in use" in p.screen())
    assert "Version 1" in priya.screen()
    await priya.press("Remove")
    await priya.press("Drop")
    await priya.wait_for(lambda p: "Dropped for good." in p.screen())
    assert guess not in priya.screen()
