"""What a form holds before anybody types: from the request, the mapping, and one's last launch."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot import forms
from bot import mapping as maps
from bot.forms import Origin, Origins, Unfit
from bot.mapping.suggest import suggestion_for
from bot.texts import Texts, phrase
from bot.usecases.facts import FactFinder, custom_sources
from bot.usecases.mappings import KIND, rules_in
from ironclad import Field, fields_of
from storage import Database, Person

Json = Any
YOUR_LAST = phrase("your last launch")
TEMPLATES_DEFAULT = phrase("the template's default")
#: Not remembered: amounts and dates are of one contract only, files and records too.
_REMEMBERED = frozenset({"string", "boolean", "duration", "array"})
_COUNTERPARTY = "counterpartyName"


@dataclass(frozen=True)
class Ahead:
    """Answers known beforehand, with where each is from, and what does not fit."""

    answers: Mapping[str, Json] = field(default_factory=dict)
    filled: Mapping[str, Origin] = field(default_factory=dict)
    unfit: Mapping[str, Unfit] = field(default_factory=dict)

    def origins_in(self, answers: Mapping[str, Json], texts: Texts) -> Origins:
        """The origins of what a form took over; the rest of its answers are the template's defaults.

        Why something does not fit is kept in the words of whoever begins the form.
        """
        filled = {
            key: self.filled.get(key) or Origin(TEMPLATES_DEFAULT, answer) for key, answer in answers.items()
        }
        refused = {
            key: Unfit(one.said, maps.shown(one.value), texts.of(_why(one.value)))
            for key, one in self.filled.items()
            if answers.get(key) != one.value and one.said != YOUR_LAST
        }
        unfit = {key: replace(one, why=texts.of(one.why)) for key, one in self.unfit.items()}
        return Origins(filled, {**unfit, **refused})


class PreFilling:
    """Gathers what is known before a form is opened."""

    def __init__(self, database: Database, facts: FactFinder) -> None:
        self._database = database
        self._facts = facts

    async def ahead(self, person: Person, template_id: str, request_id: str) -> Ahead:
        """What is known for this template, of `request_id` if it is given."""
        team = person.team
        async with self._database.reading() as store:
            template = await store.templates.get(team, template_id)
            rules, _ = rules_in(await store.rulebooks.current(team, KIND + template_id))
            request = await store.requests.get(team, request_id) if request_id else None
            remembered = await store.memories.get(team, person.user, template_id)
            sources = maps.catalogue(await custom_sources(store, team))
        if template is None or not (rules or remembered):
            return Ahead()
        fields = fields_of(template.schema)
        facts = await (self._facts.of_request(request) if request else self._facts.of_person(person))
        found = maps.pre_fill(rules, fields, sources, facts)
        filled = {one.key: Origin(one.source, one.value, one.locked) for one in found.filled}
        ruled = {rule.field for rule in rules}
        known = {one.key for one in fields if may_remember(one)}
        for key, value in remembered.items():
            if key in known and key not in filled and not (request and key in ruled):
                filled[key] = Origin(YOUR_LAST, value)
        unfit = {one.key: Unfit(one.source, one.text, one.why) for one in found.misfits}
        return Ahead({key: one.value for key, one in filled.items()}, filled, unfit)


def _why(value: Json) -> str:
    if isinstance(value, list) and any(isinstance(one, Mapping) for one in value):
        return phrase("Slipway has no more than its address. Attach the file here.")
    return phrase("Ironclad does not take this here.")


def worth_remembering(content: forms.Content, asked: Collection[str]) -> dict[str, Json]:
    """The answers to `asked` that somebody typed and did not clear."""
    found = {}
    for key in asked:
        answer = content.answers.get(key)
        origin = content.origins.of(key, content.answers)
        if answer is not None and (origin is None or origin.said == YOUR_LAST):
            found[key] = answer
    return found


def may_remember(one: Field) -> bool:
    """Whether people are likely to answer this alike again: it is about nothing that a request would say."""
    if one.type not in _REMEMBERED or one.key == _COUNTERPARTY:
        return False
    if one.type == "array" and (one.element is None or one.element.type != "string"):
        return False
    return suggestion_for(one, maps.catalogue()) is None
