"""A form asks its conditional questions when the rules say so, and Ironclad has the last word."""

from __future__ import annotations

import pytest

from bot.forms.conditions import Comparison, Effect, Group, Operator, Rule
from tests.journeys.steps import PURCHASE, open_form
from tests.place import Place
from tests.sandbox.ironclad.templates import Condition, Template, choice, of_type, text
from tests.sandbox.slack.person import Person

LAPTOPS = {key: value for key, value in PURCHASE.items() if key != "Amount (USD)"}


def rule(target: str, field: str, op: Operator, *values: str, effect: Effect = Effect.ASK) -> Rule:
    return Rule(
        target=target, effect=effect, groups=(Group(tests=(Comparison(field=field, op=op, values=values),)),)
    )


async def write(place: Place, template: str, *rules: Rule) -> None:
    """Rules in force, as an admin would have written them."""
    known = place.ironclad.template(template)
    async with place.app.database.transaction() as store:
        await store.conditions.save(
            place.team, known.id, template, [one.model_dump(mode="json") for one in rules], by="U9", version=0
        )


@pytest.fixture
def wanted(place: Place) -> None:
    """A template whose purpose Ironclad wants to know for EMEA, and then who is to be told."""
    place.ironclad.add_template(
        Template(
            name="Disclosure",
            fields=(
                text("counterpartyName", "Counterparty", "always"),
                choice("region", "Region", ("AMER", "EMEA"), "always"),
                text("purpose", "Purpose of disclosure", "conditional"),
                of_type("boolean", "told", "Is the works council told?", "conditional"),
                text("when", "Since when?", "conditional"),
            ),
            conditions=(
                Condition("purpose", lambda given: given.get("region") == "EMEA"),
                Condition("told", lambda given: given.get("region") == "EMEA"),
                Condition("when", lambda given: given.get("told") is True),
            ),
        )
    )


async def open_disclosure(place: Place) -> Person:
    await write(
        place,
        "Disclosure",
        rule("purpose", "region", Operator.IS, "EMEA"),
        rule("told", "region", Operator.IS, "EMEA"),
        rule("when", "told", Operator.IS, "true"),
    )
    dana = place.person("dana")
    await open_form(dana, "Disclosure")
    return dana


@pytest.mark.usefixtures("wanted")
async def test_questions_come_and_go_as_answers_change(place: Place) -> None:
    dana = await open_disclosure(place)
    assert "Purpose of disclosure" not in dana.screen()
    await dana.fill({"Counterparty": "Acme", "Region": "EMEA"})
    await dana.wait_for(lambda p: "Purpose of disclosure" in p.screen())
    assert "Acme" in dana.screen()
    assert "Since when?" not in dana.screen()
    await dana.fill({"Purpose of disclosure": "Audit", "Is the works council told?": "Yes"})
    await dana.wait_for(lambda p: "Since when?" in p.screen())
    await dana.fill({"Since when?": "June"})

    await dana.fill({"Region": "AMER"})
    await dana.wait_for(lambda p: "Since when?" not in p.screen())
    assert "Purpose of disclosure" not in dana.screen()
    await dana.fill({"Region": "EMEA"})
    await dana.wait_for(lambda p: "Since when?" in p.screen())
    assert "Audit" in dana.screen()
    assert "June" in dana.screen()

    await dana.submit()
    await place.idle()
    (workflow,) = place.ironclad.workflows
    assert workflow.attributes["purpose"] == "Audit"
    assert workflow.attributes["told"] is True
    assert workflow.attributes["when"] == "June"


@pytest.mark.usefixtures("wanted")
async def test_what_is_hidden_is_not_sent(place: Place) -> None:
    dana = await open_disclosure(place)
    await dana.fill({"Counterparty": "Acme", "Region": "EMEA"})
    await dana.fill({"Purpose of disclosure": "Audit", "Region": "AMER"})
    await dana.wait_for(lambda p: "Purpose of disclosure" not in p.screen())
    await dana.submit()
    await place.idle()

    (workflow,) = place.ironclad.workflows
    assert "purpose" not in workflow.attributes


async def test_a_number_brings_questions_up_before_anything_is_sent(place: Place) -> None:
    await write(place, "Simple Purchase", rule("costCentre", "amount", Operator.OVER, "10000"))
    dana = place.person("dana")
    await open_form(dana)
    await dana.fill({**LAPTOPS, "Amount (USD)": "25000"})
    await dana.submit()

    await dana.wait_for(lambda p: "Cost centre" in p.screen())
    assert "Fifty laptops" in dana.screen()
    await dana.fill({"Cost centre": "CC-7"})
    await dana.submit()
    await place.idle()
    (workflow,) = place.ironclad.workflows
    assert workflow.attributes["costCentre"] == "CC-7"


async def test_ironclad_has_the_last_word_and_the_rule_is_marked(place: Place) -> None:
    await write(place, "Simple Purchase", rule("costCentre", "amount", Operator.OVER, "99000"))
    dana, priya = place.person("dana"), place.person("priya")
    await open_form(dana)
    await dana.fill({**LAPTOPS, "Amount (USD)": "25000"})
    await dana.submit()
    await place.idle()
    assert place.ironclad.workflows == []

    await dana.press("Edit and resubmit", "modal")
    await dana.wait_for(lambda p: "Cost centre" in p.screen())
    await dana.fill({"Cost centre": "CC-7"})
    await dana.submit()
    await place.idle()
    assert place.ironclad.workflows[0].attributes["costCentre"] == "CC-7"

    await priya.open_home()
    await priya.wait_for(lambda p: p.home())
    await priya.press("Open the rules", "home")
    await priya.fill({"Template": "Simple Purchase"})
    await priya.wait_for(lambda p: "Ironclad asked for it 1 time when this rule said no." in p.screen())


async def test_rules_survive_when_the_template_is_published_again(place: Place) -> None:
    await write(place, "Simple Purchase", rule("costCentre", "amount", Operator.OVER, "10000"))
    place.ironclad.republish(place.ironclad.template("Simple Purchase"))
    dana = place.person("dana")
    await open_form(dana)
    await dana.fill({**LAPTOPS, "Amount (USD)": "25000"})
    await dana.submit()

    await dana.wait_for(lambda p: "Cost centre" in p.screen())
