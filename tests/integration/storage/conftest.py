"""Every test here runs on a SQLite file and on PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from storage.database import Database
from storage.sealing import Sealing, new_key
from tests.postgres import Postgres, running_server


@pytest.fixture
def sealing() -> Sealing:
    return Sealing([new_key()])


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/slipway.sqlite"
        return
    server: Postgres = running_server()
    address = server.create()
    yield address
    server.drop(address)


@pytest.fixture
async def empty(url: str, sealing: Sealing) -> AsyncIterator[Database]:
    """A database without tables."""
    database = Database(url, sealing)
    yield database
    await database.close()


@pytest.fixture
async def database(empty: Database) -> Database:
    """A database with tables, and nothing in them."""
    await empty.migrate()
    return empty
