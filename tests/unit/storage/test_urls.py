"""Which addresses of databases are taken."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage.database import Database
from storage.errors import BadDatabaseUrlError
from storage.sealing import Sealing, new_key

SEALING = Sealing([new_key()])


@pytest.mark.parametrize("scheme", ["sqlite", "sqlite+aiosqlite"])
async def test_a_sqlite_file(scheme: str, tmp_path: Path) -> None:
    database = Database(f"{scheme}:///{tmp_path}/a.sqlite", SEALING)
    assert database.is_sqlite
    assert database.sqlite_path == tmp_path / "a.sqlite"
    assert database.url == f"sqlite:///{tmp_path}/a.sqlite"
    assert not (tmp_path / "a.sqlite").exists()


def test_a_relative_file_is_pinned_down() -> None:
    assert Database("sqlite:///a.sqlite", SEALING).sqlite_path == Path.cwd() / "a.sqlite"


@pytest.mark.parametrize("scheme", ["postgresql", "postgresql+psycopg"])
def test_postgresql(scheme: str) -> None:
    database = Database(f"{scheme}://slip:p%40ss@db.example:5433/way", SEALING)
    assert not database.is_sqlite
    assert database.sqlite_path is None
    assert database.url == "postgresql+psycopg://slip:p%40ss@db.example:5433/way"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "nonsense-hunter2",
        "mysql://root:hunter2@db/way",
        "postgresql+asyncpg://slip:hunter2@db/way",
        "postgresql://slip:hunter2@db:port/way",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///file:hunter2?uri=true",
    ],
)
def test_other_addresses_are_refused_without_repeating_them(url: str) -> None:
    with pytest.raises(BadDatabaseUrlError, match="sqlite:///") as refused:
        Database(url, SEALING)
    assert "hunter2" not in str(refused.value)


def test_a_database_does_not_show_its_password() -> None:
    database = Database("postgresql://slip:hunter2@db/way", SEALING)
    assert "hunter2" not in repr(database)
    assert "hunter2" not in repr(vars(database))
