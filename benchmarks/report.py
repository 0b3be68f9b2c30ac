"""What was measured, as a small table."""

from __future__ import annotations

from collections.abc import Iterable
from statistics import median

from benchmarks.forms import Long
from benchmarks.measures import (
    CONNECTIONS,
    PER_ROUND,
    ROUNDS,
    SUBMITS,
    SUBMITS_PER_SECOND,
    Footprint,
    Measured,
    Pace,
    Submits,
    Turns,
)
from benchmarks.outside import QUESTIONS

Row = tuple[str, str, str, str, str]
_HEADINGS: Row = ("", "bare Bolt", "Slipway", "ratio", "target")


def table(measured: Measured) -> str:
    """The numbers beside their targets, as Markdown that also reads well in a terminal."""
    rows = [
        *_paces(measured.bare, measured.slipway),
        *_turns(measured.turns),
        *_long(measured.long),
        *_submits(measured.submits),
        *_footprint(measured.footprint),
    ]
    widths = [max(len(row[column]) for row in (_HEADINGS, *rows)) for column in range(len(_HEADINGS))]
    rule = f"|{'-' * (widths[0] + 2)}|" + "".join(f"{'-' * (width + 1)}:|" for width in widths[1:])
    return "\n".join([_line(_HEADINGS, widths), rule, *(_line(row, widths) for row in rows)])


def _line(row: Row, widths: list[int]) -> str:
    first, *others = (
        text.ljust(width) if column == 0 else text.rjust(width)
        for column, (text, width) in enumerate(zip(row, widths, strict=True))
    )
    return f"| {first} | " + " | ".join(others) + " |"


def _paces(bare: Pace, slipway: Pace) -> Iterable[Row]:
    rate, p99 = slipway.per_second / bare.per_second, slipway.p99 / bare.p99
    yield (
        f"`/contract` per second, {CONNECTIONS} connections, median of {ROUNDS} × {PER_ROUND:,}",
        f"{bare.per_second:,.0f}",
        f"{slipway.per_second:,.0f}",
        f"{rate:.2f}",
        _target("≥ 0.5", met=rate >= 0.5),
    )
    yield "`/contract` p50, ms", f"{bare.p50:.1f}", f"{slipway.p50:.1f}", f"{slipway.p50 / bare.p50:.2f}", ""
    yield (
        "`/contract` p99, ms",
        f"{bare.p99:.1f}",
        f"{slipway.p99:.1f}",
        f"{p99:.2f}",
        _target("≤ 2", met=p99 <= 2),
    )
    yield (
        "processor time for one, ms",
        f"{bare.processor:.2f}",
        f"{slipway.processor:.2f}",
        f"{slipway.processor / bare.processor:.2f}",
        "",
    )


def _turns(turns: Turns) -> Iterable[Row]:
    ratios = [slipway / bare for slipway, bare in zip(turns.slipway, turns.bare, strict=True)]
    names = (f"a page of {QUESTIONS} questions turned, p50, ms", "the same, p99, ms")
    for place, name in enumerate(names):
        target = _target("< 3", met=ratios[place] < 3) if place else ""
        yield (
            name,
            f"{turns.bare[place]:.1f}",
            f"{turns.slipway[place]:.1f}",
            f"{ratios[place]:.2f}",
            target,
        )


def _long(long: Long) -> Iterable[Row]:
    what = f"{QUESTIONS} questions"
    yield f"{what}: a page built, ms", "", f"{long.page:.1f}", "", _target("< 5", met=long.page < 5)
    yield f"{what}: every page built, ms", "", f"{long.every_page:.1f}", "", ""
    yield f"{what}: all read, ms", "", f"{long.read:.1f}", "", _target("< 5", met=long.read < 5)


def _submits(submits: Submits) -> Iterable[Row]:
    yield f"submits accepted, {SUBMITS_PER_SECOND} a second", "", f"{submits.accepted} of {SUBMITS}", "", ""
    yield "submit p50, ms", "", f"{submits.p50:.1f}", "", ""
    yield "submit p99, ms", "", f"{submits.p99:.1f}", "", _target("< 100", met=submits.p99 < 100)
    yield "submit, the slowest, ms", "", f"{submits.worst:.1f}", "", ""
    yield "seconds from the last submit to the last launch", "", f"{submits.launched_after:.1f}", "", ""


def _footprint(footprint: Footprint) -> Iterable[Row]:
    ready = median(footprint.to_ready)
    yield (
        f"start to ready, s, median of {len(footprint.to_ready)}",
        "",
        f"{ready:.2f}",
        "",
        _target("< 3", met=ready < 3),
    )
    yield (
        "memory after warm-up, MB",
        "",
        f"{footprint.warm:.0f}",
        "",
        _target("< 150", met=footprint.warm < 150),
    )
    yield (
        "memory after all load, MB",
        "",
        f"{footprint.loaded:.0f}",
        "",
        _target("< 150", met=footprint.loaded < 150),
    )


def _target(target: str, *, met: bool) -> str:
    return f"{target} {'met' if met else 'MISSED'}"
