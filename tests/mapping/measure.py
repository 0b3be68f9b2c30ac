"""How good the suggestions are, on labels from real vocabulary.

`labels.csv` holds what people write over the fields of launch forms, and what each means: a source, or `-`
where nothing in a request says it. Most labels were written for this set, by who wrote the word lists, so
they flatter; every second one (by a checksum) was at least not looked at while tuning. Those of the origin
`published` were taken afterwards from the request and contract forms that ServiceNow, Conga, Tropic,
LegalClarity and ContractLogix publish, and nothing was tuned on them.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

from bot.mapping import catalogue
from bot.mapping.suggest import suggestion_for
from ironclad import Field, Options

LABELS = Path(__file__).with_name("labels.csv")
_SOME = Options(values=("EUR", "USD", "Engineering", "Legal"))


@dataclass(frozen=True)
class Label:
    """A field as an admin meets it; `means` is the right source, or empty."""

    field: Field
    means: str
    origin: str

    @property
    def kept_apart(self) -> bool:
        """Whether it was kept out of tuning."""
        return bool(crc32(self.field.label.encode()) % 2)


@dataclass(frozen=True)
class Score:
    """`right` of `made` suggestions were right; `wanted` labels have a right answer."""

    right: int
    made: int
    wanted: int

    @property
    def precision(self) -> float:
        """Of those made, how many were right."""
        return self.right / self.made if self.made else 1.0

    @property
    def recall(self) -> float:
        """Of those with an answer, how many got it."""
        return self.right / self.wanted if self.wanted else 1.0

    def __str__(self) -> str:
        return (
            f"precision {self.precision:.3f} ({self.right} of {self.made}), "
            f"recall {self.recall:.3f} ({self.right} of {self.wanted})"
        )


def labels() -> list[Label]:
    """The labelled set."""
    with LABELS.open(newline="") as file:
        return [
            Label(_field(row["label"], row["key"], row["type"]), row["means"].strip("-"), row["origin"])
            for row in csv.DictReader(file)
        ]


def _field(label: str, key: str, kind: str) -> Field:
    item = {"choices": "string", "documents": "document", "table": "object"}.get(kind)
    return Field(
        key=key,
        type="array" if item else {"choice": "string"}.get(kind, kind),
        label=label,
        options=_SOME if kind in ("choice", "choices") else None,
        element=Field(key=key, type=item) if item else None,
    )


def score(chosen: Sequence[Label], *, only_sure: bool) -> Score:
    """How the suggestions for these labels compare with what they mean."""
    sources = catalogue()
    right = made = 0
    for label in chosen:
        suggestion = suggestion_for(label.field, sources)
        if suggestion is None or (only_sure and not suggestion.sure):
            continue
        made += 1
        right += suggestion.rule.source == label.means
    return Score(right, made, sum(bool(label.means) for label in chosen))


def wrong(chosen: Sequence[Label], *, only_sure: bool) -> list[str]:
    """What was suggested wrongly, one line each."""
    found = [(label, suggestion_for(label.field, catalogue())) for label in chosen]
    return [
        f"{label.field.label!r} ({label.field.type}): {s.rule.source} instead of {label.means or 'nothing'}"
        for label, s in found
        if s and (s.sure or not only_sure) and s.rule.source != label.means
    ]
