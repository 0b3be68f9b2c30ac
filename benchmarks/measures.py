"""What is measured."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median, quantiles

from benchmarks.forms import Long, long_form
from benchmarks.http1 import Answer, Load, closed_loop, open_loop
from benchmarks.place import Place
from benchmarks.requests import Requests
from benchmarks.servers import Server

STARTS = 3
CONNECTIONS = 8
ROUNDS, PER_ROUND = 7, 2_000
SUBMITS_PER_SECOND, SUBMITS = 50, 600
FORMS, TURN_ROUNDS, TURNS = 50, 5, 500


@dataclass(frozen=True)
class Pace:
    """How `/contract` was acknowledged: medians over the rounds, times in milliseconds."""

    per_second: float
    p50: float
    p99: float
    processor: float

    @classmethod
    def over(cls, rounds: Sequence[Pace]) -> Pace:
        """The median of each number."""
        return cls(
            median(one.per_second for one in rounds),
            median(one.p50 for one in rounds),
            median(one.p99 for one in rounds),
            median(one.processor for one in rounds),
        )


@dataclass(frozen=True)
class Submits:
    """How forms were accepted, in milliseconds, and how many seconds later all were launched."""

    accepted: int
    p50: float
    p99: float
    worst: float
    launched_after: float


@dataclass(frozen=True)
class Turns:
    """How a submitted page of a long form was answered with the next one, in milliseconds."""

    bare: tuple[float, float]
    slipway: tuple[float, float]


@dataclass(frozen=True)
class Footprint:
    """Seconds to ready of a few starts; resident megabytes after warm-up and after all load."""

    to_ready: tuple[float, ...]
    warm: float
    loaded: float


@dataclass(frozen=True)
class Measured:
    """Everything."""

    bare: Pace
    slipway: Pace
    turns: Turns
    long: Long
    submits: Submits
    footprint: Footprint


def measure(place: Place) -> Measured:
    """One run, about two minutes. Raises RuntimeError or TimeoutError when something did not work."""
    requests = Requests()
    starts = [_seconds_to_ready(place) for _ in range(STARTS - 1)]
    with place.slipway() as slipway, place.bare_bolt() as bare:
        starts.append(slipway.seconds_to_ready)
        _warm_up(place, requests, slipway, bare)
        warm = slipway.megabytes
        of_bare, of_slipway = _in_turn(place, requests, bare, slipway)
        turns = _turn(place, requests, bare, slipway)
        submits = _submit(place, requests, slipway)
        footprint = Footprint(tuple(starts), warm, slipway.megabytes)
    return Measured(of_bare, of_slipway, turns, long_form(), submits, footprint)


def _seconds_to_ready(place: Place) -> float:
    with place.slipway() as slipway:
        return slipway.seconds_to_ready


def _warm_up(place: Place, requests: Requests, slipway: Server, bare: Server) -> None:
    """The first `/contract` fetches the templates; the next ones find them."""
    place.apart(closed_loop, slipway.port, [requests.contract()], 1)
    place.wait_until(lambda seen: bool(seen["calls"].get("views.update")), seconds=20)
    for server in (slipway, bare):
        _contracts(place, requests, server, 300)


def _in_turn(place: Place, requests: Requests, bare: Server, slipway: Server) -> tuple[Pace, Pace]:
    """Both, in turn, so that whatever else the machine does falls on both."""
    rounds = [
        [_contracts(place, requests, server, PER_ROUND) for server in (bare, slipway)] for _ in range(ROUNDS)
    ]
    of_bare, of_slipway = zip(*rounds, strict=True)
    return Pace.over(of_bare), Pace.over(of_slipway)


def _contracts(place: Place, requests: Requests, server: Server, times: int) -> Pace:
    """`/contract` so many times; each must be acknowledged and have opened its modal."""
    commands = [requests.contract() for _ in range(times)]
    opened, used = place.seen()["calls"].get("views.open", 0), server.processor_seconds
    load = place.apart(closed_loop, server.port, commands, CONNECTIONS)
    used = server.processor_seconds - used
    opened = place.seen()["calls"]["views.open"] - opened
    if opened != times or any(answer.status != 200 or answer.body for answer in load.answers):
        said = Counter((answer.status, answer.body) for answer in load.answers).most_common(3)
        raise RuntimeError(f"{times} commands to {server} opened {opened} modals: {said}")
    waited = _milliseconds(load.answers)
    return Pace(times / load.seconds, median(waited), _p99(waited), used / times * 1000)


def _turn(place: Place, requests: Requests, bare: Server, slipway: Server) -> Turns:
    """Submit first pages of a long form: each is read, its draft kept, and the second page drawn."""
    picked = [requests.picked(place.seen()["long"]) for _ in range(FORMS)]
    opened = place.apart(closed_loop, slipway.port, picked, CONNECTIONS).answers
    pages = [json.loads(answer.body)["view"] for answer in opened]
    waited: dict[Server, list[tuple[float, float]]] = {bare: [], slipway: []}
    for _ in range(TURN_ROUNDS):
        for server, rounds in waited.items():
            turned = [requests.filled(pages[number % FORMS]) for number in range(TURNS)]
            load = place.apart(closed_loop, server.port, turned, 1)
            if any(answer.status != 200 or b'"update"' not in answer.body for answer in load.answers):
                raise RuntimeError(f"{server} did not answer a page with the next: {load.answers[0]}")
            milliseconds = _milliseconds(load.answers)
            rounds.append((median(milliseconds), _p99(milliseconds)))
    of_bare, of_slipway = (
        (median(p50 for p50, _ in rounds), median(p99 for _, p99 in rounds)) for rounds in waited.values()
    )
    return Turns(of_bare, of_slipway)


def _submit(place: Place, requests: Requests, slipway: Server) -> Submits:
    """Submit forms, each with a draft of its own, while their launches go on beside."""
    picked = [requests.picked(place.seen()["template"]) for _ in range(SUBMITS)]
    forms = place.apart(closed_loop, slipway.port, picked, CONNECTIONS).answers
    filled = [requests.filled(json.loads(form.body)["view"]) for form in forms]
    load: Load = place.apart(open_loop, slipway.port, filled, float(SUBMITS_PER_SECOND))
    accepted = sum(map(_accepted, load.answers))
    if accepted != SUBMITS:
        raise RuntimeError(f"{accepted} of {SUBMITS} forms were accepted")
    waited = _milliseconds(load.answers)
    after = place.wait_until(lambda seen: bool(seen["workflows"] >= SUBMITS), seconds=90)
    return Submits(accepted, median(waited), _p99(waited), max(waited), after)


def _accepted(answer: Answer) -> bool:
    """Accepted forms are answered with the modal that shows their progress."""
    if answer.status != 200 or not answer.body:
        return False
    said = json.loads(answer.body)
    return said.get("response_action") == "update" and "Launching" in json.dumps(said["view"])


def _milliseconds(answers: Sequence[Answer]) -> list[float]:
    return [answer.seconds * 1000 for answer in answers]


def _p99(waited: Sequence[float]) -> float:
    return quantiles(waited, n=100)[98]
