"""When a schedule comes back."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from storage.work import Later
from storage.work.schedules import Schedule

_NOON = datetime(2026, 3, 1, 12, 0, 30, tzinfo=UTC)


async def _nothing() -> None:
    """A handler."""


@pytest.mark.parametrize(
    ("cron", "seconds"),
    [("* * * * *", 30), ("5 12 * * *", 270), ("0 12 * * *", 86_370), ("* * * * * */10", 10)],
)
def test_the_next_moment_is_never_now(cron: str, seconds: float) -> None:
    assert Schedule("report", cron, _nothing).seconds_left(_NOON) == seconds


@pytest.mark.parametrize("cron", ["", "daily", "61 * * * *", "* * * *"])
def test_an_expression_that_is_none_is_refused(cron: str) -> None:
    with pytest.raises(ValueError, match="no valid cron"):
        Schedule("report", cron, _nothing)


def test_a_changed_expression_is_another_item() -> None:
    first, second = Schedule("report", "0 1 * * *", _nothing), Schedule("report", "0 2 * * *", _nothing)
    assert first.key != second.key
    assert first.kind == second.kind


async def test_it_comes_back_after_it_went_well() -> None:
    calls = []

    async def report() -> None:
        calls.append("report")

    later = await Schedule("report", "* * * * *", report).as_work()({})
    assert calls == ["report"]
    assert isinstance(later, Later)
    assert 0 <= later.seconds <= 60
