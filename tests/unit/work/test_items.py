"""The words of durable work: answers, keys, ids, waits."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.work import Later
from storage.work.items import Turn, check_key, retry_seconds, split_id, turns_of


@pytest.mark.parametrize("seconds", [-1, -0.001, math.nan, math.inf])
def test_an_impossible_wait_is_refused(seconds: float) -> None:
    with pytest.raises(ValueError, match="cannot be called again"):
        Later(seconds)


@pytest.mark.parametrize("key", ["", "  ", "launch#1", "x" * 251])
def test_a_malformed_key_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="a key of work"):
        check_key(key)


@given(st.text(st.characters(exclude_characters="#"), min_size=1), st.integers(0, 10**6))
def test_a_turn_is_found_by_its_id(key: str, number: int) -> None:
    turn = Turn("launch", key, number, sealed="v1", failures=0)
    assert split_id(turn.id) == (key, number)
    assert turn.id.startswith(turns_of(key))


def test_success_forgets_failures_and_failure_counts_them() -> None:
    turn = Turn("launch", "launch:1", 4, sealed="old", failures=2)
    assert turn.after_failure() == Turn("launch", "launch:1", 5, sealed="old", failures=3)
    assert turn.after_success("new") == Turn("launch", "launch:1", 5, sealed="new", failures=0)


@pytest.mark.parametrize(
    ("failures", "least", "most"),
    [(0, 0.5, 1), (1, 1, 2), (2, 2, 4), (8, 128, 256), (9, 150, 300), (10_000, 150, 300)],
)
def test_waits_double_up_to_five_minutes_with_jitter(failures: int, least: float, most: float) -> None:
    waits = {retry_seconds(failures) for _ in range(200)}
    assert all(least <= wait <= most for wait in waits)
    assert len(waits) > 100
