"""Fixtures that more than one folder of tests uses."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.place import Blank, Place, opened

# The same examples in every run, so that a red run is about the change at hand. To look for new ones:
# `pytest --hypothesis-profile=wandering`.
settings.register_profile("steady", derandomize=True)
settings.register_profile("wandering", derandomize=False)
settings.load_profile("steady")


@pytest.fixture(scope="session", autouse=True)
def _no_settings_from_outside() -> None:
    """What is set on this machine is nobody's business here."""
    for name in [name for name in os.environ if name.startswith("SLIPWAY_")]:  # noqa: TID251
        del os.environ[name]  # noqa: TID251


@pytest.fixture(scope="session")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Blank:
    """An empty database at the newest revision."""
    return asyncio.run(Blank.make(tmp_path_factory.mktemp("blank")))


@pytest.fixture
async def bare(blank: Blank, tmp_path: Path) -> AsyncIterator[Place]:
    """Slipway as it is right after installing: nothing connected, no channel."""
    async with opened(blank, tmp_path) as place:
        yield place


@pytest.fixture
async def place(bare: Place) -> Place:
    """Slipway with Ironclad connected and #procurement chosen."""
    await bare.connect()
    return bare
