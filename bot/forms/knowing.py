"""From rules to a form: which questions are asked now, beside which answer, and which must be answered."""

from __future__ import annotations

from collections.abc import Sequence

from bot.forms.conditions import Rule, holds, outlook
from bot.forms.content import Content
from bot.forms.pages import Known
from ironclad import Field


def known_by(rules: Sequence[Rule], fields: Sequence[Field], content: Content) -> Known:
    """What rules say of a form with this content.

    A question that Ironclad itself asked for is asked, whatever a rule says: only Ironclad knows for certain.
    """
    if not rules:
        return Known()
    seen = outlook(rules, fields, content.answers)
    asked_for = content.wanted | content.marks.keys()
    hidden = seen.hidden - asked_for
    shown = {key: _decider(key, rules, fields, content) for key in seen.shown}
    return Known(shown=shown, required=seen.required, hidden=hidden, deciding=seen.deciders)


def _decider(key: str, rules: Sequence[Rule], fields: Sequence[Field], content: Content) -> str:
    """The question beside which this one appears: one whose answer brings it up."""
    known = {field.key: field for field in fields}
    tests = [test for rule in rules if rule.target == key for test in rule.tests if test.field in known]
    passed = (t.field for t in tests if holds(t, known[t.field], content.answers.get(t.field)))
    return next(passed, "")
