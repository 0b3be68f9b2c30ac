"""Conditional questions: what admins know of when they are needed, per template, version by version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from pydantic import ValidationError

from bot.forms.conditions import Rule
from bot.forms.rule_files import Imported, exported, imported
from bot.forms.rule_problems import Problem, problems_of
from bot.forms.suggestions import Asked, Evidence, Suggestion, contradicted, suggestions
from bot.texts import phrase
from bot.usecases.errors import Refusal
from bot.usecases.people import People
from ironclad import Field, fields_of
from storage import Database, QuestionRules, RulesMoved, Store, StoredTemplate

log = structlog.stdlib.get_logger("slipway.rules")

MISSING = "MISSING_PARAM"
VERSIONS_SHOWN = 20
LEARNT_FROM = 200  # refusals, and as many launches: what is older says little of the template of today


@dataclass(frozen=True)
class QuestionBook:
    """Everything that is known of one template's conditional questions."""

    template_id: str
    template_name: str
    fields: tuple[Field, ...]
    rules: tuple[Rule, ...]
    version: int
    changed_by: str
    changed_at: datetime | None
    suggestions: tuple[Suggestion, ...] = ()
    contradicted: Mapping[str, int] | None = None

    @property
    def problems(self) -> list[Problem]:
        """What no longer fits the template as it is published now."""
        return problems_of(self.rules, self.fields)

    def rule(self, rule_id: str) -> Rule:
        """One of the rules. Raises `Refusal` when it is gone."""
        found = next((rule for rule in self.rules if rule.id == rule_id), None)
        if found is None:
            raise Refusal(phrase("This rule is no longer there."), phrase("Look at the list again."))
        return found


@dataclass(frozen=True)
class Version:
    """The rules of a template as somebody left them."""

    number: int
    rules: tuple[Rule, ...]
    changed_by: str
    changed_at: datetime


@dataclass(frozen=True)
class History:
    """The rules of a template as they are, and its versions, the newest first."""

    book: QuestionBook
    known: tuple[Version, ...]

    @property
    def versions(self) -> tuple[Version, ...]:
        """Those that are shown; the one before the oldest of them is known for comparison."""
        return self.known[:VERSIONS_SHOWN]

    def changes(self, place: int) -> tuple[list[Rule], list[Rule]]:
        """Which rules a version brought, and which it took away."""
        now = self.known[place].rules
        before = self.known[place + 1].rules if place + 1 < len(self.known) else ()
        return [rule for rule in now if rule not in before], [rule for rule in before if rule not in now]


@dataclass(frozen=True)
class Standing:
    """How a workspace stands with its rules, for one line."""

    rules: int
    templates: int


class Ruling:
    """Keeps rules, judges nothing itself."""

    def __init__(self, database: Database, people: People) -> None:
        self._database = database
        self._people = people

    async def only_admins(self, team: str, user: str) -> None:
        """Raise `Refusal` unless `user` may change how Slipway is set up."""
        if not self._people.is_admin(await self._people.person(team, user)):
            raise Refusal(
                phrase("Only Slipway's admins can do this."), phrase("Ask a workspace owner or admin.")
            )

    # For the form ---------------------------------------------------------------------------------

    async def rules(self, team: str, template: StoredTemplate) -> tuple[Rule, ...]:
        """The rules by which a form of this template is asked."""
        async with self._database.reading() as store:
            kept = await store.conditions.of(team, template.id, template.name)
        return rules_of(kept)

    # For admins -----------------------------------------------------------------------------------

    async def templates(self, team: str) -> list[tuple[str, str]]:
        """The templates that were seen in Ironclad, as (id, name), the newest of each name."""
        async with self._database.reading() as store:
            return await store.templates.known(team)

    async def book(self, team: str, user: str, template_id: str) -> QuestionBook:
        """All about one template. Raises `Refusal` for who is no admin, and for a template that is gone."""
        await self.only_admins(team, user)
        async with self._database.reading() as store:
            return await _book(store, team, template_id)

    async def keep(
        self, team: str, user: str, template_id: str, rule: Rule, *, version: int, instead_of: str = ""
    ) -> list[Problem]:
        """Add a rule, or put it in the place of another. Gives what is wrong with it instead, if anything is.

        Raises `Refusal` when somebody else changed the rules since `version`.
        """
        await self.only_admins(team, user)
        async with self._database.transaction() as store:
            book = await _book(store, team, template_id)
            if instead_of:
                replaced = book.rule(instead_of)
                rules = tuple(rule if one == replaced else one for one in book.rules)
            else:
                rules = (*book.rules, rule)
            wrong = [problem for problem in problems_of(rules, book.fields) if problem.rule == rule]
            if not wrong:
                await _save(store, team, user, book, rules, version)
        return wrong

    async def remove(self, team: str, user: str, template_id: str, rule_id: str) -> None:
        """Forget a rule. Raises `Refusal` when it is gone already."""
        await self.only_admins(team, user)
        async with self._database.transaction() as store:
            book = await _book(store, team, template_id)
            gone = book.rule(rule_id)
            rules = tuple(rule for rule in book.rules if rule != gone)
            await _save(store, team, user, book, rules, book.version)

    async def answer(self, team: str, user: str, template_id: str, rule_id: str, *, accepted: bool) -> None:
        """Take a suggestion as a rule, or never show it again. Raises `Refusal` when it is gone."""
        await self.only_admins(team, user)
        async with self._database.transaction() as store:
            book = await _book(store, team, template_id)
            meant = next((one for one in book.suggestions if one.rule.id == rule_id), None)
            if meant is None:
                raise Refusal(
                    phrase("This suggestion is no longer there."), phrase("Look at the list again.")
                )
            if accepted:
                await _save(store, team, user, book, (*book.rules, meant.rule), book.version)
            else:
                await store.conditions.drop(team, book.template_name, rule_id, user)
                dropped = {"rule": meant.rule.model_dump(mode="json")}
                await store.audit.add(
                    team, user, "questions.suggestion_dropped", book.template_name, after=dropped
                )

    # Versions -------------------------------------------------------------------------------------

    async def history(self, team: str, user: str, template_id: str) -> History:
        """The rules of a template as they are, and how they came to be. Raises as `book`."""
        await self.only_admins(team, user)
        async with self._database.reading() as store:
            book = await _book(store, team, template_id)
            kept = await store.conditions.of(team, book.template_id, book.template_name)
            known = await store.conditions.versions(team, kept.id, VERSIONS_SHOWN + 1) if kept else []
        return History(book, tuple(_version(one) for one in known))

    async def restore(self, team: str, user: str, template_id: str, wanted: int, *, version: int) -> None:
        """Put the rules of an earlier version in force again, as a new version.

        Raises `Refusal` when it is gone, and when somebody else changed the rules since `version`.
        """
        await self.only_admins(team, user)
        async with self._database.transaction() as store:
            book = await _book(store, team, template_id)
            kept = await store.conditions.of(team, book.template_id, book.template_name)
            earlier = await store.conditions.at(team, kept.id, wanted) if kept else None
            if earlier is None:
                raise Refusal(
                    phrase("This version is not there any more."), phrase("Look at the list again.")
                )
            await _save(store, team, user, book, rules_of(earlier), version, restored=wanted)

    # Files ----------------------------------------------------------------------------------------

    async def bring_in(self, team: str, user: str, template_id: str, text: str, *, version: int) -> Imported:
        """Put the rules of a file in the place of all there are, unless something is wrong with them.

        Raises `Refusal` when somebody else changed the rules since `version`.
        """
        await self.only_admins(team, user)
        async with self._database.transaction() as store:
            book = await _book(store, team, template_id)
            read = imported(text, book.fields)
            if not read.problems:
                await _save(store, team, user, book, read.rules, version)
        return read


def exported_book(book: QuestionBook) -> tuple[str, str]:
    """The rules of a template as a file: its name and its text."""
    words = "".join(one if one.isalnum() else "-" for one in book.template_name.casefold())[:60].strip("-")
    return f"rules-{words or 'template'}.yaml", exported(book.template_name, book.rules, book.fields)


def rules_of(kept: QuestionRules | None) -> tuple[Rule, ...]:
    """The rules as they were written down; one of a newer version is left out rather than guessed at."""
    found = []
    for written in kept.rules if kept else ():
        try:
            found.append(Rule.model_validate(written))
        except ValidationError:
            log.warning("a rule was written by another version", template=kept.template_name if kept else "")
    return tuple(found)


async def _book(store: Store, team: str, template_id: str) -> QuestionBook:
    template = await store.templates.get(team, template_id)
    if template is None:
        raise Refusal(phrase("This template is no longer offered."), phrase("Pick another one."))
    kept = await store.conditions.of(team, template.id, template.name)
    rules, fields = rules_of(kept), fields_of(template.schema)
    evidence = await _evidence(store, team, template.name)
    dropped = await store.conditions.dropped(team, template.name)
    return QuestionBook(
        template_id=template.id,
        template_name=template.name,
        fields=fields,
        rules=rules,
        version=kept.version if kept else 0,
        changed_by=kept.changed_by if kept else "",
        changed_at=kept.changed_at if kept else None,
        suggestions=tuple(suggestions(fields, rules, evidence, dropped)),
        contradicted=contradicted(rules, fields, evidence),
    )


async def _evidence(store: Store, team: str, template_name: str) -> Evidence:
    lessons = await store.lessons.of(team, template_name, limit=LEARNT_FROM)
    return Evidence(
        refused=[Asked(one.key, one.answers) for one in lessons if one.code == MISSING],
        accepted=await store.launches.accepted(team, template_name, limit=LEARNT_FROM),
    )


async def _save(
    store: Store,
    team: str,
    user: str,
    book: QuestionBook,
    rules: Sequence[Rule],
    version: int,
    *,
    restored: int | None = None,
) -> None:
    written = _written(rules)
    try:
        await store.conditions.save(
            team, book.template_id, book.template_name, written, by=user, version=version
        )
    except RulesMoved:
        raise Refusal(
            phrase("Somebody else changed these rules meanwhile."),
            phrase("Look at the list again, then make your change once more."),
        ) from None
    await store.audit.add(
        team,
        user,
        "questions.changed",
        book.template_name,
        before={"version": version, "rules": _written(book.rules)},
        after={"version": version + 1, "rules": written, **({"restored": restored} if restored else {})},
    )


def _version(kept: QuestionRules) -> Version:
    return Version(kept.version, rules_of(kept), kept.changed_by, kept.changed_at)


def _written(rules: Sequence[Rule]) -> list[dict[str, Any]]:
    return [rule.model_dump(mode="json") for rule in rules]
