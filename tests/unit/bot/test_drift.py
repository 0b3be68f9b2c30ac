"""What changed between two versions of a template, and what becomes of answers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, given, settings

from bot import forms
from bot.texts import ENGLISH, Catalogue
from bot.usecases.form import Replaced
from bot.usecases.overview import Overview
from bot.usecases.versions import Change
from bot.views import changes, drift, home
from ironclad import Field, Options, Required
from storage import StoredTemplate
from tests.sandbox.slack.blockkit import problems_in_home, problems_in_view
from tests.unit.bot.schemas import a_form, schemas
from tests.unit.bot.values import THEN

LAWS = Options(values=("California", "Delaware"), free_text=False)


def a_field(key: str, label: str = "", type: str = "string", **more: Any) -> Field:
    return Field(key=key, type=type, label=label or key, **{"required": Required.NEVER, **more})


OLD = [
    a_field("vendor", "Vendor", required=Required.ALWAYS),
    a_field("law", "Law", options=LAWS),
    a_field("custom1", "Notice period"),
    a_field("note", "Note"),
    a_field("copies", "Copies"),
    a_field("old", "Old question"),
]
NEW = [
    a_field("vendor", "Supplier", required=Required.ALWAYS),
    a_field("law", "Law", options=Options(values=("Delaware",), free_text=False)),
    a_field("noticePeriod", "Notice  period"),
    a_field("note", "Note", required=Required.ALWAYS),
    a_field("copies", "Copies", "number"),
    a_field("new", "New question"),
]


def test_every_kind_of_change_is_named() -> None:
    found = forms.compare(OLD, NEW)

    assert found.added == ("New question",)
    assert found.removed == ("Old question",)
    assert found.required == ("Note",)
    assert found.retyped == ("Copies",)
    assert found.narrowed == ("Law",)
    assert found.renamed == (("Vendor", "Supplier"), ("Notice period", "Notice  period"))
    assert found.keys == {"custom1": "noticePeriod"}
    assert not forms.compare(OLD, OLD)


def test_answers_follow_their_questions_and_what_no_longer_fits_is_shown() -> None:
    content = forms.Content(
        {"vendor": "Acme", "law": "California", "custom1": "30 days", "copies": "three", "old": "kept"}
    )

    carried, _ = forms.carry(content, OLD, NEW, forms.Asking())

    assert carried.answers["vendor"] == "Acme"
    assert carried.answers["noticePeriod"] == "30 days"
    assert carried.answers["law"] is None
    assert "Your answer was “California”" in carried.marks["law"]
    assert carried.answers["copies"] is None
    assert "Your answer was “three”" in carried.marks["copies"]
    german, _ = forms.carry(content, OLD, NEW, forms.Asking(locale="de-DE", texts=Catalogue().texts("de-DE")))
    assert german.marks["copies"] == "Deine Antwort war „three“. Gib eine Zahl ein, zum Beispiel 1.250,5"
    assert carried.answers["old"] == "kept"
    assert "old" not in forms.to_send(forms.lay_out(NEW), carried)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(schemas(12), schemas(12))
def test_any_two_versions_can_be_compared_and_shown(old: list[Field], new: list[Field]) -> None:
    form = a_form(old)
    carried, found = forms.carry(form.content, old, new, form.asking)
    change = Change("<!channel>", THEN, True, found)

    assert problems_in_view(changes.listed([change, replace(change, gone=True)] * 15, ENGLISH)) == []
    seen = Overview(True, None, None, [], changes=[change, replace(change, gone=True)] * 3)
    assert problems_in_home(home.build_home(seen)) == []
    successor = StoredTemplate("t2", "Order <2>", "{}", "f2", THEN)
    for gone in (Replaced(form, successor), Replaced(form, None)):
        assert problems_in_view(changes.replaced(gone)) == []
    assert "<!channel>" not in str(drift.in_a_form(found, ENGLISH))
    assert forms.lay_out(new, wanted=carried.wanted).pages
    assert 0 <= forms.similarity(old, new) <= 1
