"""A town for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.cli.town import Town, town
from tests.place import Blank


@pytest.fixture
async def bare(tmp_path: Path) -> AsyncIterator[Town]:
    """Stand-ins and settings; Slipway has no database yet."""
    async with town(tmp_path) as made:
        yield made


@pytest.fixture
async def ready(bare: Town, blank: Blank) -> Town:
    """The same with an empty, migrated database."""
    bare.database(blank)
    return bare
