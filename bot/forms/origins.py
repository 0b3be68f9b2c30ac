"""Where the values come from that a form holds before anybody types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from dataclasses import field as default
from typing import Any

from slack_sdk.models.blocks import Block

from bot.blockkit import context, escape, exactly, section
from bot.forms.kinds import Asking, Json, kind_of, label_of, shown
from bot.texts import Texts
from ironclad import Field


@dataclass(frozen=True)
class Origin:
    """`said` is where `value` comes from, in words (*the request*); a `locked` one cannot be changed."""

    said: str
    value: Json
    locked: bool = False


@dataclass(frozen=True)
class Unfit:
    """A value that could not be filled in, because it does not fit the field: `text`, and `why`."""

    said: str
    text: str
    why: str


@dataclass(frozen=True)
class Origins:
    """What was filled in, and what was not because it does not fit, by field key."""

    filled: Mapping[str, Origin] = default(default_factory=dict)
    unfit: Mapping[str, Unfit] = default(default_factory=dict)

    @classmethod
    def load(cls, kept: Any) -> Origins:
        """As a draft keeps them. What an older version kept otherwise is left out."""
        found = kept if isinstance(kept, Mapping) else {}
        try:
            return cls(
                {str(key): Origin(**one) for key, one in (found.get("filled") or {}).items()},
                {str(key): Unfit(**one) for key, one in (found.get("unfit") or {}).items()},
            )
        except (TypeError, AttributeError):
            return cls()

    def state(self) -> dict[str, Any]:
        """For a draft to keep."""
        return {
            "filled": {key: asdict(one) for key, one in self.filled.items()},
            "unfit": {key: asdict(one) for key, one in self.unfit.items()},
        }

    def of(self, key: str, answers: Mapping[str, Json]) -> Origin | None:
        """Where the answer to a field comes from; None for one that somebody typed."""
        origin = self.filled.get(key)
        return origin if origin is not None and answers.get(key) == origin.value else None

    def locked(self, key: str, answers: Mapping[str, Json], marks: Mapping[str, str]) -> bool:
        """Whether nobody may change it. What Ironclad did not take must be changed, so it is not."""
        origin = self.of(key, answers)
        return origin is not None and origin.locked and key not in marks


def draw_locked(field: Field, answer: Json, origin: Origin, asking: Asking) -> list[Block]:
    """A value that is only shown."""
    value = shown(field, answer, asking) if kind_of(field) else str(answer)
    text = f"*{exactly(label_of(field), 200)}*\n{exactly(value, 2000)}"
    texts = asking.texts
    said = texts.say("From {origin} · cannot be changed here", origin=escape(texts.of(origin.said)))
    return [section(text), context(said)]


def draw_below(key: str, answers: Mapping[str, Json], origins: Origins, texts: Texts) -> list[Block]:
    """What is said under an input about where its value comes from."""
    if origin := origins.of(key, answers):
        return [context(texts.say("From {origin}", origin=escape(texts.of(origin.said))))]
    unfit = origins.unfit.get(key)
    if unfit is None or answers.get(key) is not None:
        return []
    said = texts.say(
        "From {origin}: “{text}”, which does not fit: {why}",
        origin=escape(texts.of(unfit.said)),
        text=exactly(unfit.text, 150),
        why=escape(unfit.why),
    )
    return [context(said)]
