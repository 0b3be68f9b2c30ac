"""Cached Slack profiles."""

from __future__ import annotations

from dataclasses import asdict

from sqlalchemy import Update, bindparam, delete, exists, or_, select, update

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
_KNOWN_ADMINS = (
    select(_PEOPLE.c.user)
    .where(_PEOPLE.c.team == bindparam("team"), _IS_ADMIN.element)
    .order_by(_PEOPLE.c.user)
)


class People(Repository):
    """One row per person we looked up; whoever reads decides how old is too old."""

    async def get(self, team: str, user: str) -> Person | None:
        """What we remember of a person, or None."""
        row = await self._first(_ONE, team=team, user=user)
        return None if row is None else Person(*row)

    async def set_email(self, team: str, user: str, email: str) -> bool:
        """Somebody is another in Ironclad than Slack's e-mail says. False for one we never met."""
        return await self._changed(_of(team, user).values(email=email))

    async def forget(self, team: str, user: str) -> bool:
        """Let Slack be asked again at the next occasion. False for one we never met."""
        gone = delete(_PEOPLE).where(_PEOPLE.c.team == team, _PEOPLE.c.user == user)
        return await self._changed(gone)

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

    async def admins(self, team: str) -> list[str]:
        """Who runs Slipway, among the people we looked up."""
        return [row.user for row in await self._rows(_KNOWN_ADMINS, team=team)]


def _of(team: str, user: str) -> Update:
    return update(_PEOPLE).where(_PEOPLE.c.team == team, _PEOPLE.c.user == user)
