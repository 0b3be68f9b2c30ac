"""The mapping of each template: edited by admins, versioned, tried on real requests before it counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bot import mapping as maps
from bot.forms import reference_field
from bot.mapping import Rule, Source, Suggestion
from bot.texts import phrase
from bot.usecases.errors import Refusal
from bot.usecases.facts import FactFinder, custom_sources
from bot.usecases.people import People
from ironclad import Field, fields_of
from storage import Database, Request, Rulebook, Store, StoredTemplate

KIND = "mapping:"  #: of the rulebook; the template's id follows
VERSIONS_SHOWN = 20


@dataclass(frozen=True)
class Editing:
    """A template's mapping as of `version` (0: none yet), with all that decides about it."""

    template: StoredTemplate
    fields: tuple[Field, ...]
    sources: Mapping[str, Source]
    rules: maps.Mapping
    version: int
    #: The rules of a template of the same name that was published before, while this one has none.
    earlier: maps.Mapping = ()

    def rule_of(self, key: str) -> Rule | None:
        """The rule that fills a field."""
        return next((rule for rule in self.rules if rule.field == key), None)

    def problem_of(self, rule: Rule) -> str | None:
        """What is wrong with a rule by now."""
        return maps.problem_of(rule, self.fields, self.sources)

    @property
    def suggested(self) -> list[Suggestion]:
        """Suggestions for the fields that nothing fills yet."""
        taken = {rule.field for rule in self.rules}
        found = maps.suggestions(self.fields, self.sources)
        return [one for one in found if one.rule.field not in taken]


@dataclass(frozen=True)
class Preview:
    """What a mapping gives for a real request."""

    editing: Editing
    request: Request | None
    filled: maps.PreFill


@dataclass(frozen=True)
class Listed:
    """A template in the list: `version` 0 means that nothing is mapped."""

    id: str
    name: str
    mapped: int
    version: int


class Mappings:
    """Edits mappings. Every method raises `Refusal`, among others for who is no admin."""

    def __init__(self, database: Database, people: People, facts: FactFinder) -> None:
        self._database = database
        self._people = people
        self._facts = facts

    # Looking --------------------------------------------------------------------------------------

    async def listed(self, team: str, user: str) -> list[Listed]:
        """The templates that were seen, by name."""
        await self._people.only_admins(team, user)
        async with self._database.reading() as store:
            found = []
            for template_id, name in await store.templates.all(team):
                rules, version = rules_in(await store.rulebooks.current(team, KIND + template_id))
                found.append(Listed(template_id, name, len(rules), version))
        return found

    async def editing(self, team: str, user: str, template_id: str) -> Editing:
        """A template's mapping."""
        await self._people.only_admins(team, user)
        async with self._database.reading() as store:
            return await _editing(store, team, template_id)

    async def history(self, team: str, user: str, template_id: str) -> Sequence[Rulebook]:
        """The versions of a mapping, the newest first."""
        await self._people.only_admins(team, user)
        async with self._database.reading() as store:
            return await store.rulebooks.versions(team, KIND + template_id, VERSIONS_SHOWN)

    async def requests(self, team: str, user: str, words: str, limit: int) -> list[Request]:
        """Past requests to try a mapping on, the newest first."""
        await self._people.only_admins(team, user)
        asked = words.casefold().split()
        async with self._database.reading() as store:
            if len(asked) == 1 and asked[0].removeprefix("req-").isdigit():
                found = await store.requests.by_number(team, int(asked[0].removeprefix("req-")[:9]))
                return [found] if found else []
            return await store.requests.listed(team, limit, words=asked)

    async def preview(self, team: str, user: str, template_id: str, request_id: str = "") -> Preview:
        """What the mapping gives for a request; without one, for the newest."""
        editing = await self.editing(team, user, template_id)
        async with self._database.reading() as store:
            request = await store.requests.get(team, request_id) if request_id else None
            if request is None:
                request = next(iter(await store.requests.listed(team, 1)), None)
        facts = await self._facts.of_request(request) if request else maps.Facts()
        filled = maps.pre_fill(editing.rules, editing.fields, editing.sources, facts)
        return Preview(editing, request, filled)

    # Changing -------------------------------------------------------------------------------------

    async def put(self, team: str, user: str, template_id: str, rule: Rule, version: int) -> Editing:
        """Fill a field by this rule."""
        editing = await self.editing(team, user, template_id)
        problem = editing.problem_of(rule)
        if problem:
            raise Refusal(problem, "")

        def put(rules: maps.Mapping) -> maps.Mapping:
            return (*(one for one in rules if one.field != rule.field), rule)

        return await self._save(team, user, template_id, put, version)

    async def drop(self, team: str, user: str, template_id: str, key: str, version: int) -> Editing:
        """Let nothing fill a field."""
        return await self._save(
            team, user, template_id, lambda rules: tuple(one for one in rules if one.field != key), version
        )

    async def accept(
        self, team: str, user: str, template_id: str, keys: Sequence[str], version: int
    ) -> Editing:
        """Take the suggestions for these fields."""
        editing = await self.editing(team, user, template_id)
        chosen = tuple(one.rule for one in editing.suggested if one.rule.field in keys)
        return await self._save(team, user, template_id, lambda rules: (*rules, *chosen), version)

    async def take_over(self, team: str, user: str, template_id: str, version: int) -> Editing:
        """Take the rules of the template of the same name that was published before."""
        editing = await self.editing(team, user, template_id)
        return await self._save(team, user, template_id, lambda _: editing.earlier, version)

    async def undo(self, team: str, user: str, template_id: str, version: int) -> Editing:
        """Take the last change back; again, the one before."""
        await self._people.only_admins(team, user)
        async with self._database.reading() as store:
            now = await store.rulebooks.current(team, KIND + template_id)
        stands_for = _stands_for(now) if now else 0
        if stands_for < 1:
            raise Refusal(phrase("There is nothing to undo."), "")
        return await self.restore(team, user, template_id, stands_for - 1, version)

    async def restore(self, team: str, user: str, template_id: str, wanted: int, version: int) -> Editing:
        """Put an earlier version in force again, as a new one; 0 is the empty one."""
        await self._people.only_admins(team, user)
        async with self._database.reading() as store:
            earlier = await store.rulebooks.at(team, KIND + template_id, wanted) if wanted else None
        if wanted and earlier is None:
            raise Refusal(phrase("This version is not there any more."), phrase("Choose another one."))
        rules, _ = rules_in(earlier)
        return await self._save(team, user, template_id, lambda _: rules, version, stands_for=wanted)

    async def take_in(self, team: str, user: str, template_id: str, text: str, version: int) -> Editing:
        """Replace the mapping by the one in a file."""
        editing = await self.editing(team, user, template_id)
        try:
            rules = maps.parse(text, editing.fields)
        except maps.BadFileError as wrong:
            raise Refusal(wrong.what, phrase("Choose a file that Slipway exported.")) from wrong
        known = {field.key for field in editing.fields}
        wrong_ones = [
            problem for rule in rules if rule.field in known and (problem := editing.problem_of(rule))
        ]
        if wrong_ones:
            raise Refusal(
                phrase("The file does not fit this template: {problem}", problem=wrong_ones[0]),
                phrase("Correct the file."),
            )
        return await self._save(team, user, template_id, lambda _: rules, version)

    async def written(self, team: str, user: str, template_id: str) -> tuple[str, str]:
        """The mapping as a file: its name and its text."""
        editing = await self.editing(team, user, template_id)
        name = "".join(mark if mark.isalnum() else "-" for mark in editing.template.name.lower())[:60]
        return f"mapping-{name}.json", maps.export(editing.rules, editing.fields, editing.template.name)

    async def _save(
        self,
        team: str,
        user: str,
        template_id: str,
        change: Callable[[maps.Mapping], maps.Mapping],
        version: int,
        *,
        stands_for: int | None = None,
    ) -> Editing:
        await self._people.only_admins(team, user)
        async with self._database.transaction() as store:
            editing = await _editing(store, team, template_id)
            if editing.version != version:
                raise Refusal(
                    phrase("Somebody else changed this mapping meanwhile."), phrase("Open it again.")
                )
            order = {field.key: place for place, field in enumerate(editing.fields)}
            rules = sorted(change(editing.rules), key=lambda rule: order.get(rule.field, len(order)))
            written = [asdict(rule) for rule in rules]
            body: dict[str, Any] = {"template": editing.template.name, "rules": written}
            if stands_for is not None:
                body["stands_for"] = stands_for
            saved = await store.rulebooks.save(team, KIND + template_id, body, user, version + 1)
            if saved is None:
                raise Refusal(
                    phrase("Somebody else changed this mapping meanwhile."), phrase("Open it again.")
                )
            before, after = {"version": version}, {"version": version + 1, "fields": len(rules)}
            await store.audit.add(
                team, user, "mapping.saved", editing.template.name, before=before, after=after
            )
            return await _editing(store, team, template_id)


async def _editing(store: Store, team: str, template_id: str) -> Editing:
    template = await store.templates.get(team, template_id)
    if template is None:
        raise Refusal(
            phrase("This template is no longer known here."), phrase("Open the list of templates again.")
        )
    rules, version = rules_in(await store.rulebooks.current(team, KIND + template_id))
    sources = maps.catalogue(await custom_sources(store, team))
    fields = fields_of(template.schema)
    reference = reference_field(fields)  # Slipway fills this one with the request's number itself
    fields = tuple(one for one in fields if one is not reference)
    earlier = () if version else await _earlier(store, team, template.name, fields)
    return Editing(template, fields, sources, rules, version, earlier)


async def _earlier(store: Store, team: str, name: str, fields: Sequence[Field]) -> maps.Mapping:
    """The latest rules for a template of this name, as far as the fields are still there.

    Publishing a template again gives it a new id, and its mapping would be lost with the old one.
    """
    books = [one for one in await store.rulebooks.latest(team, KIND) if one.body.get("template") == name]
    if not books:
        return ()
    rules, _ = rules_in(max(books, key=lambda one: one.saved_at))
    known = {field.key for field in fields}
    return tuple(rule for rule in rules if rule.field in known)


def rules_in(book: Rulebook | None) -> tuple[maps.Mapping, int]:
    """The rules of a stored version, and its number."""
    if book is None:
        return (), 0
    return tuple(Rule(**rule) for rule in book.body.get("rules", ())), book.version


def _stands_for(book: Rulebook) -> int:
    """The version whose rules these are: an undone change stands for the version before it."""
    found: Any = book.body.get("stands_for", book.version)
    return int(found)
