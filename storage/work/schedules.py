"""Schedules: work that comes back by the calendar, one item per schedule."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from croniter import croniter  # type: ignore[import-untyped]

from storage.work.items import Handler, Later, Payload

#: How the kinds and keys of schedules begin, and no others.
RESERVED = "every:"


@dataclass(frozen=True)
class Schedule:
    """`handler` at every moment that `cron` names, in UTC.

    Raises ValueError when `cron` is no cron expression (five fields, or six with seconds last).
    """

    name: str
    cron: str
    handler: Callable[[], Awaitable[None]]

    def __post_init__(self) -> None:
        if not croniter.is_valid(self.cron):
            raise ValueError(f"the schedule {self.name!r} has no valid cron expression: {self.cron!r}")

    @property
    def kind(self) -> str:
        """The kind of its work."""
        return f"{RESERVED}{self.name}"

    @property
    def key(self) -> str:
        """The key of its one item. A changed expression is another item, and the old one is dropped."""
        return f"{RESERVED}{self.name} {self.cron}"

    def seconds_left(self, now: datetime) -> float:
        """From `now` to the next moment. Moments that passed meanwhile are not made up one by one."""
        following: datetime = croniter(self.cron, now).get_next(datetime)
        return (following - now).total_seconds()

    def as_work(self) -> Handler:
        """Its handler, coming back by the calendar when it went well."""

        async def occur(_payload: Payload) -> Later:
            await self.handler()
            return Later(self.seconds_left(datetime.now(UTC)))

        return occur
