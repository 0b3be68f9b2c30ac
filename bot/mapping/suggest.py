"""Suggestions for a mapping: from a field's label, key and type to the source it most likely means.

Words are made comparable first (camelCase split, small words dropped, *supplier*, *seller* and *vendor* all
one word). What is left is compared with the ways people name each source. A word that no phrase explains
counts against a match, because such words change the meaning: a *renewal* date is not the end, a *monthly*
fee is not the amount. Only a suggestion without such words is `sure`, which means ticked in advance.
"""

from __future__ import annotations

import re
from collections.abc import Mapping as Map
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

from bot.mapping.rules import Rule
from bot.mapping.sources import Shape, Source
from bot.mapping.targets import Target, target_of
from bot.mapping.transforms import transforms_for
from bot.texts import phrase
from ironclad import Field

SURE = 96.0
WORTH_SHOWING = 80.0

_SPLIT = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+")
_SOMEBODY_ELSE = re.compile(r"\b(signers?|signator(y|ies)|guarantor)\b", re.I)
_MADE_UP_KEY = re.compile(r"(role|custom|dynamicProperty|signer|approver)[0-9a-f]{32}")
_CURRENCIES = frozenset({"usd", "eur", "gbp", "chf", "jpy", "cad", "aud", "inr", "sek", "nok", "dkk", "pln"})
_SMALL = frozenset(
    [
        "a",
        "an",
        "the",
        "of",
        "for",
        "to",
        "is",
        "this",
        "that",
        "it",
        "at",
        "in",
        "on",
        "by",
        "with",
        "your",
        "our",
        "my",
        "you",
        "we",
        "and",
        "or",
        "be",
        "will",
        "was",
        "are",
        "please",
        "enter",
        "provide",
        "select",
        "choose",
        "state",
        "specify",
        "full",
    ]
)
_SAME_WORD = {
    **dict.fromkeys(
        [
            "vendor",
            "supplier",
            "seller",
            "counterparty",
            "counterpart",
            "partner",
            "processor",
            "reseller",
            "provider",
            "contractor",
        ],
        "party",
    ),
    **dict.fromkeys(["requestor", "submitter"], "requester"),
    **dict.fromkeys(["e-mail", "mail"], "email"),
    **dict.fromkeys(["value", "cost", "price", "spend", "fee", "total", "tcv", "sum"], "amount"),
    **dict.fromkeys(["agreement", "subscription", "service", "services", "deal"], "contract"),
    **dict.fromkeys(["order", "buy"], "purchase"),
    **dict.fromkeys(["begin", "begins", "commencement", "effective", "starting", "starts"], "start"),
    **dict.fromkeys(["expiry", "expiration", "expires", "ends", "ending"], "end"),
    **dict.fromkeys(["duration", "length"], "term"),
    **dict.fromkeys(["dept", "team", "unit", "division"], "department"),
    **dict.fromkeys(["describe", "details", "detail", "summary"], "description"),
    **dict.fromkeys(["attachment", "attachments", "document", "documents", "file", "files"], "document"),
    **dict.fromkeys(["id", "no", "ref", "reference"], "number"),
    **dict.fromkeys(["kind", "type", "categories"], "category"),
    **dict.fromkeys(["need", "required"], "needed"),
    **dict.fromkeys(["organisation", "organization", "firm", "corporation"], "company"),
    **dict.fromkeys(["products", "goods"], "product"),
}

_PHRASES: Map[str, tuple[str, ...]] = {
    "request.counterparty": (
        "party", "party name", "party company name", "party legal name", "party company", "third party",
        "other party", "who other side", "other side", "name other party", "third party name",
    ),
    "request.contact_name": ("party contact", "party contact name", "contact name", "contact person party",
                             "contact person", "party contact person"),
    "request.contact_email": ("party contact email", "party email", "contact email", "contact person email"),
    "request.amount": ("amount", "contract amount", "purchase amount", "amount amount", "how much cost",
                       "how much amount", "net amount"),
    "request.currency": ("currency", "contract currency", "payment currency", "amount currency"),
    "request.start": ("start", "start date", "contract start", "contract start date", "when does start",
                      "when start"),
    "request.end": ("end", "end date", "contract end", "contract end date", "when does end", "when end"),
    "request.term": ("term", "initial term", "contract term", "term contract", "contract initial term",
                     "term months", "term years", "term days", "contract term months"),
    "request.category": ("category", "amount category", "purchase category", "request category"),
    "request.department": ("department", "business department", "requesting department", "which department",
                           "department name"),
    "request.owner": ("business owner", "contract owner", "internal owner", "business owner name",
                      "business owner email", "contract owner email", "internal owner email"),
    "request.needed_by": ("needed", "needed date", "date needed", "when do needed", "needed deadline",
                          "requested completion date", "target date", "target completion date",
                          "target signature date"),
    "request.description": ("description", "description contract", "request description",
                            "contract description", "business justification", "justification",
                            "what do needed why", "what why",
                            "description request", "scope work", "business reason"),
    "request.what": ("what", "what buying", "what do needed", "product", "product name", "product contract",
                     "contract title", "contract name", "project name", "item", "request title"),
    "request.files": ("document", "supporting document", "quote", "upload quote", "upload document",
                      "additional document", "purchase form"),
    "request.number": ("request number", "procurement number", "procurement request number",
                       "slipway number", "slipway request number"),
    "requester.name": ("requester", "requester name", "requested"),
    "requester.email": ("requester email", "requested email"),
    "requester.department": ("requester department",),
    "approvers": ("approvers", "approved", "approver names", "approvers names"),
    "today": ("request date", "date request", "submission date", "today", "today date", "date submission"),
}  # fmt: skip

_MAY_GO_INTO: Map[str, frozenset[Target]] = {
    "request.counterparty": frozenset({Target.TEXT}),
    "request.contact_name": frozenset({Target.TEXT}),
    "request.contact_email": frozenset({Target.EMAIL, Target.TEXT}),
    "request.amount": frozenset({Target.MONEY, Target.NUMBER}),
    "request.currency": frozenset({Target.CHOICE, Target.TEXT}),
    "request.start": frozenset({Target.DATE}),
    "request.end": frozenset({Target.DATE}),
    "request.term": frozenset({Target.DURATION, Target.NUMBER, Target.CHOICE}),
    "request.needed_by": frozenset({Target.DATE}),
    "request.what": frozenset({Target.TEXT}),
    "request.description": frozenset({Target.TEXT}),
    "request.number": frozenset({Target.TEXT}),
    "requester.name": frozenset({Target.TEXT}),
    "requester.email": frozenset({Target.EMAIL, Target.TEXT}),
    "today": frozenset({Target.DATE}),
    "approvers": frozenset({Target.TEXT}),
}


@dataclass(frozen=True)
class Suggestion:
    """A rule worth considering. `sure` ones are ticked in advance; `reason` says what it rests on."""

    rule: Rule
    score: float
    reason: str

    @property
    def sure(self) -> bool:
        """Whether it may be ticked in advance. Nothing is ever applied without the admin."""
        return self.score >= SURE


def suggestions(fields: Sequence[Field], sources: Map[str, Source]) -> list[Suggestion]:
    """The best suggestion for each field that has a good one, in the order of the fields."""
    found = (suggestion_for(field, sources) for field in fields)
    return [one for one in found if one is not None]


def suggestion_for(field: Field, sources: Map[str, Source]) -> Suggestion | None:
    """The best suggestion for one field, or None."""
    scored = [(_score(field, source), source) for source in sources.values() if _goes(source, field)]
    score, source = max(scored, key=lambda one: one[0], default=(0.0, None))
    if source is None or score < WORTH_SHOWING:
        return None
    way = _usual(source, field)
    rule = Rule(
        field.key, source.key, transform=way, option=_currency_in(field.label) if way == "amount" else ""
    )
    return Suggestion(rule, score, _reason(field, source, score))


def _goes(source: Source, field: Field) -> bool:
    target = target_of(field)
    allowed = _MAY_GO_INTO.get(source.key)
    if _SOMEBODY_ELSE.search(field.label):
        return False  # a request does not say who signs, and a wrong name here would be signed
    return bool(transforms_for(source.shape, target)) and (allowed is None or target in allowed)


def _score(field: Field, source: Source) -> float:
    if field.key == "counterpartyName":
        return 100.0 if source.key == "request.counterparty" else 0.0  # Ironclad's own key for it
    if source.key.startswith("custom."):
        return fuzz.token_sort_ratio(" ".join(words_of(field.label)), " ".join(words_of(source.label)))
    phrases = _PHRASES.get(source.key, ())
    by_label = _closest(field.label, phrases)
    if by_label >= SURE or not field.label:
        return by_label if field.label else min(_closest_key(field, phrases), SURE - 1)
    # The key was once made from a label: where both point the same way it helps, but is never enough.
    return max(by_label, min((by_label + _closest_key(field, phrases)) / 2, SURE - 1))


def _closest_key(field: Field, phrases: tuple[str, ...]) -> float:
    return 0.0 if _MADE_UP_KEY.fullmatch(field.key) else _closest(field.key, phrases)


@lru_cache(16_384)  # every submit asks this of the same few labels
def _closest(text: str, phrases: tuple[str, ...]) -> float:
    words = " ".join(words_of(text))
    return max((fuzz.token_sort_ratio(words, phrase) for phrase in phrases), default=0.0) if words else 0.0


def words_of(text: str) -> list[str]:
    """The words that carry meaning, each in the form that stands for all its synonyms."""
    text = re.sub(r"\be-?mail\b", "email", text, flags=re.I)
    text = re.sub(r"^(your|my)\b", "requester", text, flags=re.I)
    words = [word.lower() for word in _SPLIT.split(text) if word]
    kept = [word for word in words if word not in _SMALL and word not in _CURRENCIES]
    same = [_SAME_WORD.get(word, word) for word in (kept or words)]
    return list(dict.fromkeys(same))


def _usual(source: Source, field: Field) -> str:
    target = target_of(field)
    words = set(words_of(field.label))
    if source.shape is Shape.DURATION and target is Target.NUMBER:
        return next((unit for unit in ("years", "days") if unit in words), "months")
    if source.shape is Shape.PERSON and target is Target.TEXT and "email" in words:
        return "person_email"
    return transforms_for(source.shape, target)[0].id


def _currency_in(label: str) -> str:
    found = re.search(r"\b([A-Z]{3})\b", label)
    return found[1] if found and found[1].lower() in _CURRENCIES else ""


def _reason(field: Field, source: Source, score: float) -> str:
    """Why, in the 75 characters that a screen has for it."""
    if field.key == "counterpartyName":
        return phrase("Ironclad's own field for the other party")
    if score >= SURE:
        return phrase("Means the same as “{source}”, and the types fit", source=source.label)
    return phrase("Perhaps, close to “{source}”, and the types fit", source=source.label)
