"""A town with a connected Slipway, not yet running."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.chaos.requesters import plain_order
from tests.cli.town import Town, town


@pytest.fixture
async def furnished(tmp_path: Path) -> AsyncIterator[Town]:
    """Stand-ins with a template of either kind."""
    async with town(tmp_path) as made:
        made.ironclad.add_template(plain_order())
        yield made
