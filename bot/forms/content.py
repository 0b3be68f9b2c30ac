"""What a launch form holds while it is being filled: what a draft keeps of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from dataclasses import field as default
from typing import Any

from bot.forms.kinds import Json, State
from bot.forms.origins import Origins

Answers = Mapping[str, Json]
"""Field key → answer, as `bot.forms.kinds.base.FieldKind` says. None: asked, and left empty."""


@dataclass(frozen=True)
class Content:
    """Answers, and what else must survive page turns, errors, closing and a changed template.

    `typed` is the raw state of inputs that could not be read, by block id without epoch: a number that is
    none, half an address. `marks` are sentences about fields, by key: what Ironclad said of them. `wanted`
    are the keys of questions that are asked although nobody knows whether they are needed; with `unfolded`
    they all are. `origins` say where values come from that nobody typed. `rows` are what the windows of rows
    hold that are open on top of the form, by the rows' ids: nothing of it is in a table before it is saved.
    """

    answers: Answers = default(default_factory=dict)
    typed: State = default(default_factory=dict)
    marks: Mapping[str, str] = default(default_factory=dict)
    wanted: frozenset[str] = frozenset()
    unfolded: bool = False
    origins: Origins = default(default_factory=Origins)
    rows: Mapping[str, Content] = default(default_factory=dict)

    @classmethod
    def load(cls, answers: Answers, state: Mapping[str, Any]) -> Content:
        """The content of a draft. What an older version kept otherwise is left out, never an error."""
        return cls(
            answers=answers,
            typed=_mapping(state.get("typed")),
            marks=_mapping(state.get("marks")),
            wanted=frozenset(str(key) for key in state.get("wanted") or ()),
            unfolded=bool(state.get("unfolded")),
            origins=Origins.load(state.get("origins")),
            rows={key: _row(one) for key, one in _mapping(state.get("rows")).items()},
        )

    def state(self) -> dict[str, Any]:
        """Everything but the answers, as a draft keeps it."""
        return {
            "typed": self.typed,
            "marks": self.marks,
            "wanted": sorted(self.wanted),
            "unfolded": self.unfolded,
            "origins": self.origins.state(),
            "rows": {key: {"answers": one.answers, **one.state()} for key, one in self.rows.items()},
        }

    def has(self, key: str) -> bool:
        """Whether this field is answered."""
        return self.answers.get(key) is not None

    @property
    def is_empty(self) -> bool:
        """Whether nothing was answered, typed or begun."""
        return not (any(one is not None for one in self.answers.values()) or self.typed or self.rows)

    def asked_for(self, marks: Mapping[str, str]) -> Content:
        """The same with these fields marked, and asked in any case."""
        return replace(self, marks={**self.marks, **marks}, wanted=self.wanted | frozenset(marks))

    def without(self, keys: Iterable[str]) -> Content:
        """The same without the answers to these fields."""
        gone = set(keys)
        return replace(self, answers={key: one for key, one in self.answers.items() if key not in gone})


def _row(state: Any) -> Content:
    return Content.load(_mapping(_mapping(state).get("answers")), _mapping(state))


def _mapping(value: Any) -> dict[str, Any]:
    return dict(value) if isinstance(value, Mapping) else {}
