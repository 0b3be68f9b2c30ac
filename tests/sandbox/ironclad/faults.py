"""Misbehaviour on demand."""

import random
from collections.abc import Sequence
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

FaultKind = Literal[
    "refuse", "429", "500", "slow", "hang", "drop_before", "act_then_drop", "act_then_hang", "act_then_500"
]


class Fault(BaseModel):
    """What goes wrong, where and how often.

    `refuse` answers `status` with `body` (or an envelope with `code`); `429` and `500` answer so; `slow`
    waits `seconds` and then acts; `hang` never answers and does nothing; `drop_before` closes the connection
    and does nothing; `act_then_drop`, `act_then_hang` and `act_then_500` carry the request out first.

    Attributes:
        path_prefix: of the path without query.
        method: None for every method.
        times: how many requests meet it; -1 for all until it is removed.
        probability: the chance of a matching request to meet it.
    """

    model_config = ConfigDict(extra="forbid")

    path_prefix: str = "/"
    method: str | None = None
    kind: FaultKind
    times: int = Field(default=1, ge=-1)
    probability: float = Field(default=1.0, ge=0, le=1)
    seconds: float = Field(default=5.0, ge=0)
    status: int = Field(default=400, ge=400, le=599)
    code: str = "INVALID_PARAM"
    body: Any = None
    retry_after: int = 2

    def matches(self, method: str, path: str) -> bool:
        """Whether a request is one it is meant for."""
        return path.startswith(self.path_prefix) and self.method in (None, method)


class Faults:
    """The faults that are switched on, oldest first. The same seed makes the same choices."""

    def __init__(self, seed: int = 0) -> None:
        self._faults: list[Fault] = []
        self._random = random.Random(seed)

    def add(self, fault: Fault) -> Fault:
        """Switch one on."""
        self._faults.append(fault)
        return fault

    def clear(self) -> None:
        """Switch all of them off."""
        self._faults.clear()

    @property
    def active(self) -> Sequence[Fault]:
        """What is switched on now."""
        return tuple(self._faults)

    def take(self, method: str, path: str) -> Fault | None:
        """The fault that this request meets, counted down; None for a request that goes well."""
        for fault in self._faults:
            if fault.times != 0 and fault.matches(method, path) and self._random.random() < fault.probability:
                fault.times -= fault.times > 0
                self._faults = [one for one in self._faults if one.times != 0]
                return fault
        return None
