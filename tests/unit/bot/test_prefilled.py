"""The address of Ironclad's own form carries the texts that are answered, and nothing that it may misread."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

from bot import forms, ids
from bot.forms.prefilled import MOST_CHARACTERS
from bot.usecases.form import Form
from bot.views import filling as views
from ironclad import Field, Required
from tests.unit.bot.schemas import a_form

FORM = "https://ic.example/c/1"


def a_field(key: str, type: str = "string") -> Field:
    return Field(key=key, type=type, label=key, required=Required.NEVER)


def behind(address: str) -> dict[str, str]:
    """What Ironclad's form reads behind its address."""
    return dict(parse_qsl(urlsplit(address).fragment, strict_parsing=True))


def test_texts_come_back_exactly_whatever_is_in_them() -> None:
    answers = {"name": "Søn & <Daughters> #1 = 100%+ 法務", "e/mail": "sam+a@example.com"}
    fields = [a_field("name"), a_field("e/mail", "email")]

    address = forms.prefilled(FORM, fields, answers)

    assert behind(address) == answers
    assert address.startswith(f"{FORM}#")


def test_what_is_written_in_an_unknown_way_or_not_answered_is_left_out() -> None:
    fields = [a_field("price", "monetaryAmount"), a_field("on", "date"), a_field("empty"), a_field("name")]
    price = {"currency": "EUR", "amount": 5}

    assert behind(
        forms.prefilled(FORM, fields, {"price": price, "on": "2026-05-11", "empty": "", "name": "Acme"})
    ) == {"name": "Acme"}
    assert forms.prefilled(FORM, fields, {"price": price}) == FORM


def test_an_address_that_slack_would_refuse_is_not_made() -> None:
    fields = [a_field(f"q{number}") for number in range(9)]

    address = forms.prefilled(FORM, fields, {field.key: "ä" * 100 for field in fields})

    assert len(address) <= MOST_CHARACTERS + 1
    assert set(behind(address)) == {"q0", "q1", "q2", "q3"}


def the_link(form: Form) -> str:
    blocks = views.page(form, ids.FormState(draft="draft1"))["blocks"]
    (button,) = next(block["elements"] for block in blocks if block.get("block_id") == "ironclad_form")
    return str(button["url"])


def test_the_link_in_a_form_is_filled_with_what_was_typed() -> None:
    unknown = Field(key="seal", type="waxSeal", label="Seal", required=Required.NEVER)
    form = a_form([a_field("name"), unknown], forms.Content({"name": "Acme & Sons"}))

    assert the_link(form) == f"{FORM}#name=Acme%20%26%20Sons"
