"""The words of durable work: what is promised, by which handler, and how it stands.

An item of work is known by its *key* and done in *turns*: turn 0 is the first call of its handler,
each `Later` and each failure leads to the next.
"""

from __future__ import annotations

import math
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal, TypeAlias

JSON: TypeAlias = "bool | int | float | str | Sequence[JSON] | Mapping[str, JSON] | None"

#: What a handler is told: ids and small facts, not documents.
Payload: TypeAlias = Mapping[str, Any]

#: ``later``: not before it is due · ``queued``: as soon as there is room · ``running``: in a handler, or
#: held by a process that knows no handler for it · ``stuck``: the engine gave up; taken up again within
#: the hour and at each start.
State = Literal["later", "queued", "running", "stuck"]

_SEPARATOR = "#"
_LONGEST_KEY = 250
_FIRST_RETRY_SECONDS = 1.0
_LONGEST_RETRY_SECONDS = 300.0


class AlreadyRunning(Exception):
    """The work of this database is being done elsewhere already, and must not be done twice."""


class NotMigrated(Exception):
    """The database lacks what durable work needs, or has an older form of it."""


@dataclass(frozen=True)
class Later:
    """A handler's answer: call me again in `seconds`. Raises ValueError unless finite and not negative."""

    seconds: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.seconds) and self.seconds >= 0):
            raise ValueError(f"work cannot be called again in {self.seconds} seconds")


#: Does one turn. Returns None when all is done. It may be called again after a crash at any point,
#: and on PostgreSQL very rarely even while an earlier call, cut off from the database, still runs.
Handler: TypeAlias = Callable[[Payload], Awaitable["Later | None"]]


@dataclass(frozen=True)
class WorkItem:
    """One promise that is still open."""

    key: str
    kind: str
    state: State
    #: When its next turn begins, or should have begun (UTC).
    due: datetime
    #: Turns that failed or were cut off since the last one that went well.
    attempts: int


@dataclass(frozen=True)
class Turn:
    """One call of a handler, as the engine keeps it. `sealed` is the payload, sealed for `key`."""

    kind: str
    key: str
    number: int
    sealed: str
    failures: int

    @property
    def id(self) -> str:
        """Its name in the engine: no two turns share one, which is what makes a start happen once."""
        return f"{self.key}{_SEPARATOR}{self.number}"

    def after_success(self, sealed: str) -> Turn:
        """The next turn, asked for by the handler."""
        return replace(self, number=self.number + 1, sealed=sealed, failures=0)

    def after_failure(self) -> Turn:
        """The next turn, to try again."""
        return replace(self, number=self.number + 1, failures=self.failures + 1)


@dataclass(frozen=True)
class Next:
    """What follows a turn: another, `seconds` from now."""

    turn: Turn
    seconds: float


def check_key(key: str) -> None:
    """Raise ValueError unless `key` can name an item."""
    if not key.strip() or _SEPARATOR in key or len(key) > _LONGEST_KEY:
        raise ValueError(f"a key of work has 1 to {_LONGEST_KEY} characters and no {_SEPARATOR!r}: {key!r}")


def turns_of(key: str) -> str:
    """How the ids of every turn of `key`, and of no other key, begin."""
    return f"{key}{_SEPARATOR}"


def split_id(turn_id: str) -> tuple[str, int]:
    """The key and number in a turn's id."""
    key, _, number = turn_id.rpartition(_SEPARATOR)
    return key, int(number)


def retry_seconds(failures: int) -> float:
    """How long to wait after so many failures in a row: doubling from 1 s to 5 min.

    Up to half of it is taken off at random, so that what failed together does not return together.
    """
    doubled = _FIRST_RETRY_SECONDS * 2.0 ** min(failures, 16)
    return min(doubled, _LONGEST_RETRY_SECONDS) * random.uniform(0.5, 1)  # noqa: S311 - nothing secret
