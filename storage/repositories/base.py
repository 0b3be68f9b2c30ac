"""What every repository stands on."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from sqlalchemy import (
    Column,
    ColumnElement,
    Executable,
    Row,
    Table,
    bindparam,
    func,
    literal,
    select,
    type_coerce,
)
from sqlalchemy.dialects import postgresql, sqlite

from storage import models
from storage.columns import UtcDateTime
from storage.execution import Execution
from storage.sealing import Owner, Sealing

#: A row of any width.
Found = Row[*tuple[Any, ...]]


def new_id() -> str:
    """A random, url-safe id of 16 characters: 96 bits, so it cannot be guessed."""
    return secrets.token_urlsafe(12)


def table_of(row: type[models.Row]) -> Table:
    """The table of a model. Statements are built on tables: they skip the ORM's work per query."""
    return cast(Table, row.__table__)


def columns_of(table: Table, record: type[Any], *, but: Sequence[str] = ()) -> list[Column[Any]]:
    """The columns that fill `record`, in the order of its fields."""
    return [table.c[field.name] for field in fields(record) if field.name not in but]


def split(row: Sequence[Any], *lengths: int) -> list[Sequence[Any]]:
    """Cut a row of several tables into parts of these lengths, and one with the rest."""
    parts, place = [], 0
    for length in lengths:
        parts.append(row[place : place + length])
        place += length
    return [*parts, row[place:]]


def owner_of(column: Column[Any], team: str, *rest: str) -> Owner:
    """Whom a sealed value belongs to: the row with that workspace and `rest` of the primary key.

    Rotating the keys goes by this rule, so every repository that seals must.
    """
    return Owner(team, str(column.table.name), column.name, ":".join(rest))


def clock(execution: Execution, ahead: float = 0) -> ColumnElement[datetime]:
    """The present plus `ahead` seconds, within a statement: by the clock that all replicas share."""
    if execution.dialect == "postgresql":
        # Not now(): that stands still for the whole transaction. This stands still for the statement.
        moment = func.statement_timestamp() + timedelta(seconds=ahead)
        return type_coerce(moment, UtcDateTime())
    return literal(datetime.now(UTC) + timedelta(seconds=ahead), UtcDateTime())


def moment(dialect: str) -> ColumnElement[datetime]:
    """The same present for a statement that is built once, and executed with the parameters of `present`."""
    if dialect == "postgresql":
        return type_coerce(func.statement_timestamp(), UtcDateTime())
    return bindparam("now", type_=UtcDateTime())


def present(execution: Execution) -> dict[str, datetime]:
    """What a statement with a `moment` is executed with."""
    return {} if execution.dialect == "postgresql" else {"now": datetime.now(UTC)}


async def now(execution: Execution) -> datetime:
    """The present by the same clock as `clock`."""
    if execution.dialect == "postgresql":
        found: datetime = (await execution.execute(select(clock(execution)))).scalar_one()
        return found
    return datetime.now(UTC)


class Repository:
    """Statements on one connection, with the means to seal."""

    def __init__(self, execution: Execution, sealing: Sealing) -> None:
        self._execution = execution
        self._sealing = sealing

    async def _first(self, statement: Executable, **parameters: Any) -> Found | None:
        return (await self._execution.execute(statement, parameters)).first()

    async def _rows(self, statement: Executable, **parameters: Any) -> Sequence[Found]:
        return (await self._execution.execute(statement, parameters)).all()

    async def _changed(self, statement: Executable, **parameters: Any) -> bool:
        return (await self._execution.execute(statement, parameters or None)).rowcount > 0

    def _insert(self, table: Table) -> postgresql.Insert | sqlite.Insert:
        return postgresql.insert(table) if self._execution.dialect == "postgresql" else sqlite.insert(table)

    def _now(self, ahead: float = 0) -> ColumnElement[datetime]:
        return clock(self._execution, ahead)

    def _seal(self, owner: Owner, value: str | None) -> str | None:
        return None if value is None else self._sealing.seal(owner, value)

    def _open(self, owner: Owner, sealed: str | None) -> str | None:
        return None if sealed is None else self._sealing.open(owner, sealed)

    def _seal_json(self, owner: Owner, value: dict[str, Any]) -> str:
        return self._sealing.seal(owner, json.dumps(value, separators=(",", ":")))

    def _open_json(self, owner: Owner, sealed: str) -> dict[str, Any]:
        return cast(dict[str, Any], json.loads(self._sealing.open(owner, sealed)))
