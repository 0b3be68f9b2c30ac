"""Which processor core does what, so that the load does not take the time of what it measures."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True)
class Cores:
    """One core for the server; the others for the load and the outside."""

    server: frozenset[int]
    rest: frozenset[int]

    @classmethod
    def of_this_machine(cls) -> Cores:
        """As the machine has them. With one core, or where cores cannot be chosen, everybody shares."""
        if not hasattr(os, "sched_getaffinity"):
            return cls(frozenset(), frozenset())
        first, *others = sorted(os.sched_getaffinity(0))
        return cls(frozenset({first}), frozenset(others or {first}))


def stay_on(cores: Collection[int]) -> None:
    """Keep this process, and what it starts, on these cores; on any when there are none."""
    if cores:
        os.sched_setaffinity(0, cores)


@contextmanager
def starting_on(cores: Collection[int]) -> Iterator[None]:
    """What is started within the block stays on these cores."""
    before = os.sched_getaffinity(0) if cores else frozenset()
    stay_on(cores)
    try:
        yield
    finally:
        stay_on(before)
