"""Objects: their parts are asked one by one, each under a label that names the object too."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeAlias

from slack_sdk.models.blocks import Block

from bot.forms.kinds.base import (
    Asking,
    FieldKind,
    Json,
    NotAnAnswerError,
    Typed,
    is_required,
    label_of,
    one_line,
    parts_of,
)
from bot.texts import phrase
from ironclad import Field, Required

KindOf: TypeAlias = Callable[[Field, int], FieldKind | None]


@dataclass(frozen=True)
class Objects:
    """Objects whose parts are asked as `kind_of` says of a part and the room for windows on top."""

    kind_of: KindOf

    @property
    def kind(self) -> FieldKind:
        """The kind of field that an object is."""
        return FieldKind(ask=self._ask, read=self._read, show=self._show, check=self._check)

    def _parts(self, field: Field, asking: Asking) -> Iterator[tuple[str, Field, FieldKind]]:
        """Each part that can be asked: its key, the part as a field of its own, its kind."""
        for part, inner in zip(field.fields, parts_of(field), strict=True):
            if kind := self.kind_of(part, asking.room):
                yield part.key, inner, kind

    def _ask(self, field: Field, answer: Json, asking: Asking) -> list[Block]:
        known = answer if isinstance(answer, Mapping) else {}
        blocks: list[Block] = []
        for key, part, kind in self._parts(field, asking):
            blocks += kind.ask(_as_needed(part, field), known.get(key), asking)
        return blocks

    def _read(self, typed: Typed) -> Json:
        known = typed.kept if isinstance(typed.kept, Mapping) else {}
        answer: dict[str, Json] = {}
        wrong: list[NotAnAnswerError] = []
        for key, part, kind in self._parts(typed.field, typed.asking):
            try:
                with _about(part):
                    one = kind.read(typed.within(_as_needed(part, typed.field), known.get(key)))
                    if one is not None:
                        kind.check(part, one, typed.asking)
                    answer[key] = one
            except NotAnAnswerError as problem:
                answer[key] = problem.good
                wrong += problem.every
        if wrong:
            raise _all_of(wrong, _filled(answer))
        return _filled(answer)

    def _show(self, field: Field, answer: Json, asking: Asking) -> str:
        known = answer if isinstance(answer, Mapping) else {}
        labels = {part.key: label_of(part) for part in field.fields}
        shown = [
            f"{labels[key]}: {kind.show(part, known[key], asking)}"
            for key, part, kind in self._parts(field, asking)
            if known.get(key) is not None
        ]
        return one_line(" · ".join(shown))

    def _check(self, field: Field, answer: Json, asking: Asking) -> None:
        known = answer if isinstance(answer, Mapping) else {}
        wrong: list[NotAnAnswerError] = []
        good = dict(known)
        for key, part, kind in self._parts(field, asking):
            try:
                with _about(part):
                    if known.get(key) is not None:
                        kind.check(part, known[key], asking)
                    elif is_required(part):
                        raise NotAnAnswerError(phrase("This part is needed, too. Fill it in."))
            except NotAnAnswerError as problem:
                good[key] = problem.good
                wrong += problem.every
        if wrong:
            raise _all_of(wrong, _filled(good))


def _all_of(wrong: Sequence[NotAnAnswerError], good: Json) -> NotAnAnswerError:
    """Several problems as one, the first of which speaks for all where there is room for one."""
    first = wrong[0]
    return NotAnAnswerError(first.what, first.part, first.field, good=good, also=wrong[1:])


def _filled(answer: Mapping[str, Json]) -> Json:
    """An object without its empty parts; None when all are."""
    return {key: one for key, one in answer.items() if one is not None} or None


def _as_needed(part: Field, whole: Field) -> Field:
    """A part of an object that may be left out may be left out, too."""
    return part if is_required(whole) else part.model_copy(update={"required": Required.NEVER})


@contextmanager
def _about(part: Field) -> Iterator[None]:
    """Says of a problem to which part of an object it belongs."""
    try:
        yield
    except NotAnAnswerError as wrong:
        first, *more = [NotAnAnswerError(one.what, one.part, one.field or part) for one in wrong.every]
        raise NotAnAnswerError(first.what, first.part, first.field, good=wrong.good, also=more) from None
