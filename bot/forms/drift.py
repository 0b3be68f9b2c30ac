"""What became of a form between two versions of its template, and of what was typed into it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as default

from bot.blockkit import clip
from bot.forms.content import Content
from bot.forms.kinds import Asking, NotAnAnswerError, kind_of, label_of, shown, values_of
from ironclad import Field, Required

MOST_SAID = 300  # characters of an answer that is repeated
ALIKE_ENOUGH = 0.7  # share of their questions that two templates have in common when one replaces the other


@dataclass(frozen=True)
class Drift:
    """The difference between two versions, by the labels of their questions.

    `required` must be answered now and need not before; `moved` are no longer always asked; `retyped` take
    another kind of answer; `narrowed` offer fewer choices; `renamed` pairs old and new labels. `keys` maps
    old keys to new ones, where a question is the same under another key.
    """

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()
    retyped: tuple[str, ...] = ()
    narrowed: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
    keys: Mapping[str, str] = default(default_factory=dict)

    def __bool__(self) -> bool:
        """Whether anything changed that a person would notice."""
        return self != replace(Drift(), keys=self.keys)


def compare(old: Sequence[Field], new: Sequence[Field]) -> Drift:
    """What changed from `old` to `new`."""
    pairs, added, removed = _matched(old, new)
    return Drift(
        added=_labels(added),
        removed=_labels(removed),
        required=_labels(b for a, b in pairs if _is(b, Required.ALWAYS) and not _is(a, Required.ALWAYS)),
        moved=_labels(b for a, b in pairs if a.required is not b.required and not _is(b, Required.ALWAYS)),
        retyped=_labels(b for a, b in pairs if _kind(a) != _kind(b)),
        narrowed=_labels(b for a, b in pairs if _kind(a) == _kind(b) and not _offers_all(a, b)),
        renamed=tuple((label_of(a), label_of(b)) for a, b in pairs if label_of(a) != label_of(b)),
        keys={a.key: b.key for a, b in pairs if a.key != b.key},
    )


def _matched(
    old: Sequence[Field], new: Sequence[Field]
) -> tuple[list[tuple[Field, Field]], list[Field], list[Field]]:
    """The questions that both have, those that are new, those that are gone.

    A question whose key is gone may be there under another key, with the same words and kind of answer.
    """
    by_key = {field.key: field for field in new}
    pairs = [(field, by_key[field.key]) for field in old if field.key in by_key]
    gone = [field for field in old if field.key not in by_key]
    known = {field.key for field in old}
    fresh = [field for field in new if field.key not in known]
    for field in list(gone):
        alike = [one for one in fresh if _words(one) == _words(field) and _kind(one) == _kind(field)]
        if len(alike) == 1:
            pairs.append((field, alike[0]))
            gone.remove(field)
            fresh.remove(alike[0])
    return pairs, fresh, gone


def similarity(old: Sequence[Field], new: Sequence[Field]) -> float:
    """How much of two forms is the same: 1 for all of it."""
    pairs, added, removed = _matched(old, new)
    whole = len(pairs) + len(added) + len(removed)
    return len(pairs) / whole if whole else 1.0


def carry(
    content: Content, old: Sequence[Field], new: Sequence[Field], asking: Asking
) -> tuple[Content, Drift]:
    """What was typed, as the new version takes it.

    Answers follow their questions. One that no longer fits is shown beside its question and must be given
    again; one whose question is gone is kept, and neither asked nor sent.
    """
    drift = compare(old, new)
    answers = dict(content.answers)
    for before, after in drift.keys.items():
        if before in answers:
            answers[after] = answers.pop(before)
    former = {drift.keys.get(field.key, field.key): field for field in old}
    marks = {key: mark for key, mark in content.marks.items() if any(field.key == key for field in new)}
    for field in new:
        answer = answers.get(field.key)
        if answer is not None and (reason := _unfit(field, answer, asking)):
            said = clip(shown(former.get(field.key, field), answer, asking) or str(answer), MOST_SAID)
            marks[field.key] = asking.texts.say("Your answer was “{answer}”. {why}", answer=said, why=reason)
            answers[field.key] = None
    asked = {*content.wanted, *marks}
    return replace(content, answers=answers, marks=marks, wanted=frozenset(asked)), drift


def _unfit(field: Field, answer: object, asking: Asking) -> str:
    """Why this question does not take the answer; empty if it does."""
    kind = kind_of(field)
    if kind is None:
        return ""
    try:
        kind.check(field, answer, asking)
    except NotAnAnswerError as wrong:
        return asking.texts.of(wrong.what)
    return ""


def _labels(fields: Iterator[Field] | Sequence[Field]) -> tuple[str, ...]:
    return tuple(label_of(field) for field in fields)


def _is(field: Field, required: Required) -> bool:
    return field.required is required


def _kind(field: Field) -> tuple[str, str]:
    return field.type, field.element.type if field.element else ""


def _words(field: Field) -> str:
    return " ".join(label_of(field).casefold().split())


def _offers_all(old: Field, new: Field) -> bool:
    """Whether every former choice can still be chosen."""
    offered = values_of(new)
    free = bool(new.options and new.options.free_text)
    return free or not offered or set(values_of(old)) <= set(offered)
