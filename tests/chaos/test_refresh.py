"""Tokens of three seconds, shared by many: nobody's call fails, and no refresh token is used twice.

`python -m tests.chaos.refreshers` runs the same for a minute.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chaos.refreshers import Outcome, migrated_storm
from tests.postgres import postgres, postgres_url

__all__ = ["postgres", "postgres_url"]
pytestmark = pytest.mark.chaos
SECONDS = 7.0  # two renewals at least


def unharmed(outcome: Outcome) -> bool:
    return outcome.failed == 0 and outcome.reuses == 0 and outcome.renewals >= 2 and outcome.calls > 50


async def test_twenty_coroutines_on_sqlite(tmp_path: Path) -> None:
    outcome = await migrated_storm(f"sqlite:///{tmp_path / 'slipway.sqlite'}", processes=1, seconds=SECONDS)

    assert unharmed(outcome), outcome


@pytest.mark.postgres
async def test_three_processes_of_twenty_on_postgresql(postgres_url: str) -> None:
    outcome = await migrated_storm(postgres_url, processes=3, seconds=SECONDS)

    assert unharmed(outcome), outcome
