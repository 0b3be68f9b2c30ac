"""Every sealed value there is: which key it needs, and sealing it anew with the first.

The columns are found by their type, and whom a value belongs to by the rule of `owner_of`: a new sealed
column is looked after from its first row on.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, and_, func, or_, select, tuple_, update

from storage.columns import SealedText
from storage.models import Row
from storage.records import KeyUse, Resealed
from storage.repositories.base import Found, Repository, owner_of
from storage.sealing import SealedValueError

_KEY_AT, _KEY_LENGTH = 4, 12  # v1.<key id>.<…>


def sealed_columns() -> dict[Table, list[Column[Any]]]:
    """The sealed columns of each table that has any, in the order in which tables refer to each other."""
    found = {
        table: [column for column in table.columns if isinstance(column.type, SealedText)]
        for table in Row.metadata.sorted_tables
    }
    return {table: columns for table, columns in found.items() if columns}


class SealedValues(Repository):
    """Of all workspaces: for operators and for the rotation of keys, never for what a person asked."""

    async def uses(self) -> list[KeyUse]:
        """How many values of each column need which key."""
        found: list[KeyUse] = []
        for table, columns in sealed_columns().items():
            for column in columns:
                key = func.substr(column, _KEY_AT, _KEY_LENGTH)
                counting = select(key, func.count()).where(column.is_not(None)).group_by(key)
                place = f"{table.name}.{column.name}"
                found += [KeyUse(place, str(row[0]), row[1]) for row in await self._rows(counting)]
        return found

    async def reseal(self, table_name: str, after: Sequence[Any], limit: int) -> Resealed:
        """Seal the next values of a table that need another key than the first.

        `after` is where the last call ended. What does not open is left as it is and counted.
        """
        table = Row.metadata.tables[table_name]
        columns = sealed_columns()[table]
        keys = list(table.primary_key.columns)
        statement = select(*keys, *columns).where(or_(*(self._outdated(column) for column in columns)))
        if after:
            statement = statement.where(tuple_(*keys) > tuple_(*after))
        rows = await self._rows(statement.order_by(*keys).limit(limit))
        done = unreadable = 0
        for row in rows:
            for column in columns:
                changed = await self._anew(row, keys, column)
                done, unreadable = done + (changed is True), unreadable + (changed is None)
        last = tuple(rows[-1][: len(keys)]) if len(rows) == limit else None
        return Resealed(done, unreadable, last)

    async def _anew(self, row: Found, keys: Sequence[Column[Any]], column: Column[Any]) -> bool | None:
        """Whether one value was sealed anew; None when it does not open."""
        sealed = row._mapping[column]
        if sealed is None or not self._needs(sealed):
            return False
        team, *rest = (row._mapping[key] for key in keys)
        owner = owner_of(column, team, *(str(part) for part in rest))
        try:
            fresh = self._sealing.seal_bytes(owner, self._sealing.open_bytes(owner, sealed))
        except SealedValueError:
            return None
        # Only if it is still the value that was read: whoever replaced it used the first key.
        same = and_(*(key == row._mapping[key] for key in keys), column == sealed)
        return await self._changed(update(column.table).where(same).values({column.name: fresh}))

    def _needs(self, sealed: str) -> bool:
        return not sealed.startswith(self._sealing.prefix)

    def _outdated(self, column: Column[Any]) -> ColumnElement[bool]:
        return and_(column.is_not(None), column.not_like(f"{self._sealing.prefix}%"))
