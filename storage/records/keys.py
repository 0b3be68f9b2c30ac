"""Which keys are needed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class KeyUse:
    """How many values of a place (``table.column``) need a key."""

    place: str
    key_id: str
    count: int


@dataclass(frozen=True, slots=True)
class Resealed:
    """What one step of a rotation did; `last` is where the next begins, None at the end of the table."""

    done: int
    unreadable: int
    last: tuple[Any, ...] | None
