"""The suggestions hold up against labels that people really use."""

from __future__ import annotations

from collections import Counter

from bot.mapping import Shape, Source, catalogue
from bot.mapping.suggest import suggestion_for, suggestions
from ironclad import Field
from tests.mapping.measure import labels, score, wrong


def test_what_is_ticked_in_advance_is_right() -> None:
    chosen = labels()

    assert len(chosen) >= 60
    assert score(chosen, only_sure=True).precision >= 0.95, wrong(chosen, only_sure=True)
    assert score(chosen, only_sure=True).recall >= 0.85


def test_labels_published_by_others_too() -> None:
    published = [label for label in labels() if label.origin == "published"]

    assert len(published) >= 40
    assert score(published, only_sure=True).precision >= 0.95, wrong(published, only_sure=True)


def test_no_label_is_counted_twice() -> None:
    counted = Counter((one.field.label.casefold(), one.field.key, one.field.type) for one in labels())

    assert [what for what, times in counted.items() if times > 1] == []


def test_every_suggestion_has_a_reason_and_only_good_ones_are_sure() -> None:
    fields = [label.field for label in labels()]

    for suggestion in suggestions(fields, catalogue()):
        assert suggestion.reason
        assert suggestion.rule.transform
        assert suggestion.sure is (suggestion.score >= 96)


def test_a_field_of_ones_own_is_found_by_its_label() -> None:
    custom = [Source("custom.costCentre", "Cost centre", Shape.TEXT)]
    field = Field(key="costCentre", type="string", label="Cost Centre")

    found = suggestion_for(field, catalogue(custom))

    assert found is not None
    assert (found.rule.source, found.sure) == ("custom.costCentre", True)


def test_a_currency_in_the_label_becomes_part_of_the_rule() -> None:
    found = suggestion_for(Field(key="amount", type="number", label="Amount (USD)"), catalogue())

    assert found is not None
    assert (found.rule.transform, found.rule.option) == ("amount", "USD")
