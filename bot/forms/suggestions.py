"""Rules that may be true: guessed from what Ironclad refused and accepted, and from how questions are named.

A guess is shown to an admin with its reason and does nothing by itself.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from bot.forms.conditions import (
    NO,
    YES,
    Answers,
    Comparison,
    Effect,
    Group,
    Operator,
    Rule,
    amount,
    choices_of,
    is_empty,
    manner_of,
    outlook,
)
from bot.forms.rule_problems import label_of, problems_of
from bot.texts import Phrase, phrase
from ironclad import Field, Required

_CHOSEN = ("choice", "several", "boolean")
_MEASURED = ("number", "monetaryAmount")
_SPECIFY = re.compile(r"\b(if )?others?\b.*\b(specify|describe|explain|which|please)\b|^if others?\b", re.I)
_IF_TRUTH = re.compile(r"^if (?P<truth>yes|no)\b", re.I)
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_SHORTEST = 4  # letters of an option that says something when it begins a name


@dataclass(frozen=True)
class Asked:
    """A launch that Ironclad refused because `key` was missing, and what was sent."""

    key: str
    answers: Answers


@dataclass(frozen=True)
class Evidence:
    """What Ironclad has said about a template so far."""

    refused: Sequence[Asked] = ()
    accepted: Sequence[Answers] = ()


@dataclass(frozen=True)
class Suggestion:
    """A rule that may be true, and why."""

    rule: Rule
    reason: Phrase


def suggestions(
    fields: Sequence[Field], rules: Sequence[Rule], evidence: Evidence, dropped: Collection[str]
) -> list[Suggestion]:
    """One guess at most for each conditional question that no rule shows or hides yet."""
    decided = {rule.target for rule in rules if rule.effect is not Effect.REQUIRE}
    found = []
    for target in fields:
        if target.key in decided or target.required is Required.ALWAYS:
            continue
        guesses = [*_from_evidence(target, fields, evidence), *_from_names(target, fields)]
        fitting = (one for one in guesses if one.rule.id not in dropped)
        sound = (one for one in fitting if not problems_of([*rules, one.rule], fields))
        if guess := next(sound, None):
            found.append(guess)
    return found


def contradicted(rules: Sequence[Rule], fields: Sequence[Field], evidence: Evidence) -> dict[str, int]:
    """How often Ironclad asked for a field that the rules say was not needed, by the field's key."""
    times: dict[str, int] = {}
    for asked in evidence.refused:
        if asked.key in outlook(rules, fields, asked.answers).hidden:
            times[asked.key] = times.get(asked.key, 0) + 1
    return times


# From what Ironclad said --------------------------------------------------------------------------


def _from_evidence(target: Field, fields: Sequence[Field], evidence: Evidence) -> Iterator[Suggestion]:
    asked = [one.answers for one in evidence.refused if one.key == target.key]
    not_asked = [answers for answers in evidence.accepted if is_empty(answers.get(target.key))]
    if not asked or not not_asked:
        return  # with one side alone, every other question would explain it
    for field in sorted(fields, key=lambda field: -_kinship(target, field)):
        if field.key == target.key:
            continue
        if manner_of(field) in _CHOSEN:
            yield from _by_choice(target, field, asked, not_asked)
        elif manner_of(field) in _MEASURED:
            yield from _by_amount(target, field, asked, not_asked)


def _kinship(target: Field, field: Field) -> int:
    """How many words two questions share: related ones are named alike."""
    return len(set(_words_of(target)) & set(_words_of(field)))


def _by_choice(
    target: Field, field: Field, asked: Sequence[Answers], not_asked: Sequence[Answers]
) -> Iterator[Suggestion]:
    when = [_chosen(answers, field) for answers in asked]
    otherwise = {value for answers in not_asked for value in _chosen(answers, field)}
    values = [value for value in _choices(field) if any(value in chosen for chosen in when)]
    if not all(when) or not otherwise or otherwise & set(values):
        return
    operator = Operator.IS if len(values) == 1 and manner_of(field) != "several" else Operator.ONE_OF
    reason = phrase(
        "Launches that Ironclad refused without it: {asked}, each with {field} = {values}. "
        "Accepted without it: {others}, none with that answer.",
        asked=len(asked),
        field=label_of(field),
        values=_in_words(field, values),
        others=len(not_asked),
    )
    yield Suggestion(_rule(target, field, operator, values), reason)


def _by_amount(
    target: Field, field: Field, asked: Sequence[Answers], not_asked: Sequence[Answers]
) -> Iterator[Suggestion]:
    high = [amount(field, answers.get(field.key)) for answers in asked]
    low = [amount(field, answers.get(field.key)) for answers in not_asked]
    if None in high or None in low:
        return
    least, most = min(one for one in high if one is not None), max(one for one in low if one is not None)
    if least <= most:
        return
    limit = _roundest(most, least)
    reason = phrase(
        "Launches that Ironclad refused without it: {asked}, with {field} from {least}. Accepted without it: "
        "{others}, with {field} up to {most}. The limit between the two is a guess.",
        asked=len(asked),
        field=label_of(field),
        least=f"{least:f}",
        most=f"{most:f}",
        others=len(not_asked),
    )
    yield Suggestion(_rule(target, field, Operator.OVER, [f"{limit:f}"]), reason)


def _roundest(low: Decimal, high: Decimal) -> Decimal:
    """The number with the most zeros from `low` up to, not including, `high`."""
    for exponent in range(max(high.adjusted(), 0) + 1, min(low.adjusted(), 0) - 3, -1):
        step = Decimal(10) ** exponent
        candidate = (low / step).to_integral_value(ROUND_CEILING) * step + 0  # never -0
        if low <= candidate < high:
            return candidate
    return low


def _chosen(answers: Answers, field: Field) -> set[str]:
    answer = answers.get(field.key)
    if isinstance(answer, bool):
        return {YES if answer else NO}
    items = answer if isinstance(answer, list) else [answer]
    return {item for item in items if isinstance(item, str) and item}


def _in_words(field: Field, values: Sequence[str]) -> str:
    if manner_of(field) == "boolean":
        return phrase("Yes") if values[0] == YES else phrase("No")
    return ", ".join(values)


def _choices(field: Field) -> tuple[str, ...]:
    return (YES, NO) if manner_of(field) == "boolean" else choices_of(field)


# From names ---------------------------------------------------------------------------------------


def _from_names(target: Field, fields: Sequence[Field]) -> Iterator[Suggestion]:
    if target.required is not Required.CONDITIONAL:
        return
    before = [field for field in fields if field.key != target.key]
    place = next(n for n, field in enumerate(fields) if field.key == target.key)
    nearest = [*reversed(before[:place]), *before[place:]]
    yield from _draft(target, nearest)
    yield from _other(target, nearest)
    yield from _truth(target, nearest)
    yield from _named_after_a_choice(target, nearest)


def _draft(target: Field, fields: Iterable[Field]) -> Iterator[Suggestion]:
    """A template for both papers asks for the draft when it is the counterparty's (facts §4.4)."""
    theirs = "Counterparty paper"
    for field in fields:
        if target.key == "draft" and field.key == "paperSource" and theirs in choices_of(field):
            reason = phrase("A template for both papers asks for the draft when it is the counterparty's.")
            yield Suggestion(_rule(target, field, Operator.IS, [theirs]), reason)


def _other(target: Field, fields: Iterable[Field]) -> Iterator[Suggestion]:
    if not _SPECIFY.search(label_of(target)):
        return
    for field in fields:
        other = next((one for one in choices_of(field) if one.strip().casefold() in ("other", "others")), "")
        if other:
            operator = Operator.ONE_OF if manner_of(field) == "several" else Operator.IS
            reason = phrase(
                "Its name asks to specify something else, and {field} offers “{option}”.",
                field=label_of(field),
                option=other,
            )
            yield Suggestion(_rule(target, field, operator, [other]), reason)
            return


def _truth(target: Field, fields: Iterable[Field]) -> Iterator[Suggestion]:
    found = _IF_TRUTH.match(label_of(target))
    if not found:
        return
    wanted = found["truth"].casefold()
    for field in fields:
        value = next((one for one in choices_of(field) if one.strip().casefold() == wanted), "")
        if manner_of(field) == "boolean":
            value = YES if wanted == "yes" else NO
        if value:
            reason = phrase(
                "Its name begins with “{words}”, and {field} comes before it.",
                words=found[0],
                field=label_of(field),
            )
            yield Suggestion(_rule(target, field, Operator.IS, [value]), reason)
            return


def _named_after_a_choice(target: Field, fields: Iterable[Field]) -> Iterator[Suggestion]:
    names = [_words(target.key), _words(label_of(target))]
    for field in fields:
        for option in choices_of(field):
            words = _words(option)
            if len(option) >= _SHORTEST and any(name[: len(words)] == words != name for name in names):
                operator = Operator.ONE_OF if manner_of(field) == "several" else Operator.IS
                reason = phrase(
                    "Its name begins like “{option}”, a choice of {field}.",
                    option=option,
                    field=label_of(field),
                )
                yield Suggestion(_rule(target, field, operator, [option]), reason)


def _rule(target: Field, field: Field, operator: Operator, values: Sequence[str]) -> Rule:
    test = Comparison(field=field.key, op=operator, values=tuple(values))
    return Rule(target=target.key, groups=(Group(tests=(test,)),))


def _words_of(field: Field) -> list[str]:
    return [word for word in [*_words(field.key), *_words(label_of(field))] if len(word) >= _SHORTEST]


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORDS.findall(text)]
