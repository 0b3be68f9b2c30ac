"""Rotating the encryption keys while everything goes on."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import structlog

from storage import Database, KeyUse
from storage.work import Later, Payload, Work

log = structlog.stdlib.get_logger("slipway.keys")

BATCH = 100  # rows of one transaction: short, so that people hardly wait for it
LOOK_AGAIN_SECONDS = 2.0  # a turn of work that failed meanwhile may have left a payload under the old key
PATIENCE_SECONDS = 3600.0  # for the last replica to be given the new key
KIND = "keys.rotate"


@dataclass(frozen=True)
class Standing:
    """Which keys are needed: `first` seals, `given` are all of the settings, the first one included."""

    first: str
    given: Sequence[str]
    uses: Sequence[KeyUse]

    @property
    def old(self) -> Sequence[KeyUse]:
        """What needs another key than the first."""
        return [use for use in self.uses if use.key_id != self.first]

    @property
    def lost(self) -> Sequence[KeyUse]:
        """What needs a key that is not given."""
        return [use for use in self.uses if use.key_id not in self.given]

    @property
    def waiting(self) -> int:
        """How many values can be sealed anew, and are not yet."""
        return total(use for use in self.old if use.key_id in self.given)


def total(uses: Iterable[KeyUse]) -> int:
    """How many values these are."""
    return sum(use.count for use in uses)


class Rotating:
    """Seals every value anew that needs another key than the first."""

    def __init__(self, database: Database, work: Work) -> None:
        self._database = database
        self._work = work

    async def standing(self) -> Standing:
        """Which keys are needed at present."""
        async with self._database.reading() as store:
            uses = await store.sealed.uses()
        first, *others = self._database.key_ids
        return Standing(first, [first, *others], [*uses, *await self._work.uses()])

    async def promise(self) -> None:
        """Let whoever performs durable work do it."""
        first = self._database.key_ids[0]
        async with self._database.transaction() as store:
            now = await store.now()
            key = f"rotate:{first}:{now.timestamp():.6f}"
            until = now.timestamp() + PATIENCE_SECONDS
            await self._work.start(store, KIND, key, {"to": first, "until": until})

    async def perform(self, payload: Payload) -> Later | None:
        """The durable work behind `promise`. Begun again after a crash, it finds what is left to do."""
        first = self._database.key_ids[0]
        if payload["to"] != first:
            # A process that was not given the new key yet would seal everything with the old one.
            log.warning("this process has another first key than the rotation", first=first)
            async with self._database.reading() as store:
                over = (await store.now()).timestamp() > payload["until"]
            return None if over else Later(LOOK_AGAIN_SECONDS)
        done, unreadable = await self.run()
        log.info("keys rotated", done=done, unreadable=unreadable)
        return Later(LOOK_AGAIN_SECONDS) if done else None

    async def run(self) -> tuple[int, int]:
        """Go through everything once: how many values were sealed anew, and how many do not open."""
        done = unreadable = 0
        for table in self._database.sealed_tables:
            last: tuple[object, ...] | None = ()
            while last is not None:
                async with self._database.transaction() as store:
                    step = await store.sealed.reseal(table, last, BATCH)
                done, unreadable, last = done + step.done, unreadable + step.unreadable, step.last
                await asyncio.sleep(0)
        more, broken = await self._work.reseal()
        return done + more, unreadable + broken
