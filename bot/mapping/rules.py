"""What an admin decided for a template, whether it makes sense, and what it gives for one request."""

from __future__ import annotations

import re
from collections.abc import Mapping as Map
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.mapping.given import DoesNotFit, Given
from bot.mapping.sources import FIXED, TEXT, Facts, Shape, Source
from bot.mapping.targets import Target, target_of
from bot.mapping.transforms import Transform, transforms_for
from bot.texts import phrase
from ironclad import Field, Required

Json = Any
_PLACE = re.compile(r"\{([^{}]*)\}")
_LOOSE_ENDS = " \t–—-,:;/|·"
MAX_VALUE = 3000
NOT_TYPED = phrase("Nothing can be mapped to this kind of field.")


@dataclass(frozen=True)
class Rule:
    """One decision: `field` is filled from `source`.

    `transform` names the way from the source's type to the field's (empty: the usual one). `value` is the
    fixed value, or the text with sources in braces. `option` is the transform's setting. A `locked` field
    cannot be changed in the form.
    """

    field: str
    source: str
    transform: str = ""
    value: str = ""
    option: str = ""
    locked: bool = False


Mapping = tuple[Rule, ...]  #: the decisions for one template, at most one for each field


@dataclass(frozen=True)
class Filled:
    """A field that the mapping filled; `source` says from what, in words."""

    key: str
    value: Json
    source: str
    locked: bool = False


@dataclass(frozen=True)
class Misfit:
    """A value that does not go into its field: shown, not dropped. `text` is the value, `why` the reason."""

    key: str
    source: str
    text: str
    why: str


@dataclass(frozen=True)
class PreFill:
    """What a mapping gives for one request; `missing` are required fields that stay empty, by key."""

    filled: tuple[Filled, ...] = ()
    misfits: tuple[Misfit, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def answers(self) -> dict[str, Json]:
        """The filled values by field key."""
        return {one.key: one.value for one in self.filled}


def problem_of(rule: Rule, fields: Sequence[Field], sources: Map[str, Source]) -> str | None:
    """What is wrong with a rule, so that it is not saved; None for a good one."""
    field = next((one for one in fields if one.key == rule.field), None)
    if field is None:
        return phrase("The template has no such field any more.")
    source = sources.get(rule.source)
    if source is None:
        return phrase("This source does not exist any more.")
    if target_of(field) is Target.OTHER:
        return NOT_TYPED
    way = way_of(rule, source, field)
    if way is None:
        return phrase("{source} does not go into a field of this type.", source=source.label)
    if way.id == "in_currency" and not re.fullmatch(r"[A-Z]{3}", rule.option):
        return phrase("Say in which currency, for example EUR.")
    if rule.source in (FIXED, TEXT):
        return _problem_of_value(rule, field, way, sources)
    return None


def _problem_of_value(rule: Rule, field: Field, way: Transform, sources: Map[str, Source]) -> str | None:
    if not rule.value.strip():
        return phrase("Fill in the value.")
    if len(rule.value) > MAX_VALUE:
        return phrase("At most {n} characters fit.", n=MAX_VALUE)
    if rule.source == TEXT:
        unknown = [name for name in _PLACE.findall(rule.value) if _named(name, sources) is None]
        return phrase("There is nothing called {name}.", name=f"{{{unknown[0][:40]}}}") if unknown else None
    try:
        way.apply(Given(rule.value, field, rule.option, Facts()))
    except DoesNotFit as wrong:
        return wrong.what
    return None


def way_of(rule: Rule, source: Source, field: Field) -> Transform | None:
    """The transform of a rule: the one it names if that still fits, else the usual one if it names none."""
    ways = transforms_for(source.shape, target_of(field))
    if not rule.transform:
        return ways[0] if ways else None
    return next((way for way in ways if way.id == rule.transform), None)


def pre_fill(mapping: Mapping, fields: Sequence[Field], sources: Map[str, Source], facts: Facts) -> PreFill:
    """Fill a template's fields for one request. Never raises: what does not fit is a `Misfit`."""
    filled: list[Filled] = []
    misfits: list[Misfit] = []
    by_key = {field.key: field for field in fields}
    for rule in mapping:
        field = by_key.get(rule.field)
        source = sources.get(rule.source)
        if field is None or source is None:
            continue  # the editor shows such rules; there is nothing a requester could do about them
        said = said_of(rule, source)
        raw = _raw(rule, sources, facts)
        if raw in (None, "", [], {}):
            continue
        try:
            value = _converted(rule, source, field, facts, raw)
        except DoesNotFit as wrong:
            misfits.append(Misfit(field.key, said, shown(raw), wrong.what))
            continue
        filled.append(Filled(field.key, value, said, rule.locked))
    have = {one.key for one in filled}
    missing = [f.key for f in fields if f.required is Required.ALWAYS and f.key not in have]
    return PreFill(tuple(filled), tuple(misfits), tuple(missing))


def _converted(rule: Rule, source: Source, field: Field, facts: Facts, raw: Json) -> Json:
    way = way_of(rule, source, field)
    if way is None:
        raise DoesNotFit(phrase("The field's type has changed: an admin has to look at the mapping."))
    return way.apply(Given(raw, field, rule.option, facts))


def said_of(rule: Rule, source: Source) -> str:
    """Where a value comes from, in a few words for the person in the form."""
    if rule.source in (FIXED, TEXT):
        return phrase("the mapping")
    if rule.source.startswith(("request.", "custom.")):
        return phrase("the request")
    others = {"approvers": phrase("the approvals"), "today": phrase("today's date")}
    return others.get(rule.source) or phrase("the requester's profile")


def _raw(rule: Rule, sources: Map[str, Source], facts: Facts) -> Json:
    if rule.source == FIXED:
        return rule.value
    return _written(rule.value, sources, facts) if rule.source == TEXT else facts.get(rule.source)


def _written(text: str, sources: Map[str, Source], facts: Facts) -> str:
    """The text with its places filled. A place without a value takes the dash beside it along."""
    used = 0

    def value(found: re.Match[str]) -> str:
        nonlocal used
        source = _named(found[1], sources)
        written = shown(facts.get(source.key)) if source else ""
        used += bool(written)
        return written

    written = _PLACE.sub(value, text)
    if not used and _PLACE.search(text):
        return ""
    return " ".join(written.split()).strip(_LOOSE_ENDS) if "{" in text else written


def _named(name: str, sources: Map[str, Source]) -> Source | None:
    """The source meant by a name in braces: ``counterparty`` is short for ``request.counterparty``."""
    name = name.strip()
    found = sources.get(f"request.{name}") or sources.get(name) or sources.get(f"custom.{name}")
    return None if found is None or found.key in (FIXED, TEXT) or found.shape is Shape.FILES else found


def shown(value: Json) -> str:
    """Any value as a person reads it."""
    if isinstance(value, Map):
        if "amount" in value:
            return f"{value.get('currency') or ''} {value['amount']}".strip()
        if "name" in value or "email" in value:
            return str(value.get("name") or value.get("email") or "")
        parts = [f"{n} {unit if n != 1 else str(unit)[:-1]}" for unit, n in value.items() if n]
        return " ".join(parts)
    if isinstance(value, list):
        return ", ".join(filter(None, (shown(one) for one in value)))
    return "" if value is None else str(value)
