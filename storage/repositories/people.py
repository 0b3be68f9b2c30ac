"""Cached Slack profiles."""

from __future__ import annotations

from dataclasses import asdict

from sqlalchemy import bindparam, exists, or_, select

from storage.models import AdminRow, PersonRow
from storage.records import Person
from storage.repositories.base import Repository, columns_of, table_of

_PEOPLE = table_of(PersonRow)
_ADMINS = table_of(AdminRow)
#: Also true for those whom an admin named on Home.
_IS_ADMIN = or_(
    _PEOPLE.c.is_admin,
    exists().where(_ADMINS.c.team == _PEOPLE.c.team, _ADMINS.c.user == _PEOPLE.c.user),
).label("is_admin")

PERSON_COLUMNS = tuple(
    _IS_ADMIN if column.name == "is_admin" else column for column in columns_of(_PEOPLE, Person)
)
_ONE = select(*PERSON_COLUMNS).where(_PEOPLE.c.team == bindparam("team"), _PEOPLE.c.user == bindparam("user"))


class People(Repository):
    """One row per person we looked up; whoever reads decides how old is too old."""

    async def get(self, team: str, user: str) -> Person | None:
        """What we remember of a person, or None."""
        row = await self._first(_ONE, team=team, user=user)
        return None if row is None else Person(*row)

    async def put(self, person: Person) -> None:
        """Remember a person as Slack describes them now."""
        values = asdict(person)
        fresh = self._insert(_PEOPLE).values(values)
        await self._execution.execute(
            fresh.on_conflict_do_update(
                index_elements=["team", "user"],
                set_={name: value for name, value in values.items() if name not in ("team", "user")},
            )
        )
