"""A value on its way from a request into a field of a template."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.mapping.sources import Facts
from ironclad import Field

Json = Any


class DoesNotFit(ValueError):
    """This value cannot go into this field; `what` is a `bot.texts.phrase` that says why."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


@dataclass(frozen=True)
class Given:
    """A value on its way: where it goes, and what the admin set for the way (a currency, perhaps)."""

    value: Json
    field: Field
    option: str
    facts: Facts

    @property
    def text(self) -> str:
        """The value as one text."""
        return " ".join(str(self.value).split()) if self.field.type != "string" else str(self.value).strip()
