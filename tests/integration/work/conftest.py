"""A database ready for work, on a SQLite file and on PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from storage.sealing import new_key
from tests.integration.work.desk import Desk, ready
from tests.postgres import running_server


@pytest.fixture
def key() -> str:
    return new_key()


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/slipway.sqlite"


@pytest.fixture
def postgres_url() -> Iterator[str]:
    """The address of an empty database that is this test's alone."""
    server = running_server()
    url = server.create()
    yield url
    server.drop(url)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest) -> str:
    """An empty database of each kind."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
async def desk(url: str, key: str) -> AsyncIterator[Desk]:
    """Work on each kind of database."""
    async with ready(url, key) as made:
        yield made


@pytest.fixture
async def sqlite_desk(sqlite_url: str, key: str) -> AsyncIterator[Desk]:
    """Work on a SQLite file."""
    async with ready(sqlite_url, key) as made:
        yield made
