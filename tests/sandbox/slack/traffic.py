"""What the app has sent: every Web API call, every body, every refusal; and the faults it is made to meet."""

import json
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from tests.sandbox.slack.errors import Json

FaultKind = Literal["ratelimited", "error", "slow", "drop", "act_then_drop"]


@dataclass(frozen=True)
class ApiCall:
    """One call of the Web API: what was asked and what came of it. `error` is None when it was done."""

    method: str
    args: Json
    status: int
    error: str | None
    at: float


@dataclass(frozen=True)
class Refusal:
    """Something Slack refused, shown on the page in red."""

    method: str
    error: str
    messages: list[str]
    at: float
    payload: Any


@dataclass
class Fault:
    """A method that misbehaves for some calls.

    `ratelimited` answers 429, `error` refuses with `error`, `slow` waits `retry_after` seconds and then acts,
    `drop` breaks the connection without acting, `act_then_drop` acts and breaks it within the answer.
    """

    method: str
    kind: FaultKind
    error: str = "internal_error"
    retry_after: float = 1.0
    times: int = 1


class Traffic:
    """The logs. `remember` bounds each of them, for load tests; None keeps everything."""

    def __init__(self, remember: int | None = None) -> None:
        self.calls: deque[ApiCall] = deque(maxlen=remember)
        self.refused: deque[Refusal] = deque(maxlen=remember)
        self.received: deque[tuple[str, Any]] = deque(maxlen=remember)
        """(where, decoded body) of everything that came from the app, answers to deliveries included."""

    def receive(self, where: str, body: Any) -> None:
        """Note a body that the app sent: arguments of a call, an answer, a post to a response_url."""
        self.received.append((where, body))

    def contains(self, text: str) -> bool:
        """Whether a text ever came from the app, also inside JSON that travelled as a string."""
        return any(text in one for _, body in self.received for one in strings_in(body))

    def calls_of(self, method: str) -> list[ApiCall]:
        """The calls of one method, oldest first."""
        return [call for call in self.calls if call.method == method]


def strings_in(value: Any) -> Iterator[str]:
    """Every string in a JSON value: keys, values, and what strings of JSON hold inside."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield str(key)
            yield from strings_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings_in(inner)
    elif isinstance(value, str):
        yield value
        if value[:1] in ("{", "["):
            yield from _strings_in_json(value)
    elif value is not None:
        yield str(value)


def _strings_in_json(text: str) -> Iterator[str]:
    try:
        inner = json.loads(text)
    except ValueError:
        return
    yield from strings_in(inner)


class Faults:
    """The misbehaviour that is switched on, oldest first."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Let the next `times` calls of the method meet this fault."""
        self._faults.append(fault)

    def take(self, method: str) -> Fault | None:
        """The fault this call meets, counted down; None for a call that goes well."""
        fault = next((one for one in self._faults if one.method == method), None)
        if fault is not None:
            fault.times -= 1
            if fault.times <= 0:
                self._faults.remove(fault)
        return fault

    def clear(self) -> None:
        """Everything behaves again."""
        self._faults.clear()

    @property
    def active(self) -> Sequence[Fault]:
        """What is switched on now."""
        return tuple(self._faults)
