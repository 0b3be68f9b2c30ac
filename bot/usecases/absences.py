"""Being away: from a day to a day, with somebody who decides meanwhile."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from bot.texts import phrase
from bot.usecases.calendar import zone_of
from bot.usecases.errors import Refusal
from bot.usecases.people import People
from storage import Absence, Database


class Absences:
    """What people say about being away."""

    def __init__(self, database: Database, people: People) -> None:
        self._database = database
        self._people = people

    async def mine(self, team: str, user: str) -> Absence | None:
        """When somebody is away; None once it is over."""
        async with self._database.reading() as store:
            absence, now = await store.absences.get(team, user), await store.now()
        return absence if absence is not None and absence.until > now else None

    async def leave(self, team: str, user: str, first: date, last: date, delegate: str) -> None:
        """Let `delegate` decide from the first day until the end of the last. Raises `Refusal`."""
        if delegate == user:
            raise Refusal(phrase("That is yourself."), phrase("Choose somebody else."))
        if last < first:
            raise Refusal(phrase("The last day is before the first."), phrase("Choose a later one."))
        zone = zone_of((await self._people.person(team, user)).tz)
        await self._people.person(team, delegate)
        since = datetime.combine(first, time(), zone)
        until = datetime.combine(last + timedelta(days=1), time(), zone)
        async with self._database.transaction() as store:
            if until <= await store.now():
                raise Refusal(phrase("Those days are over."), phrase("Choose later ones."))
            await store.absences.put(team, user, since, until, delegate)

    async def back(self, team: str, user: str) -> None:
        """Somebody is back."""
        async with self._database.transaction() as store:
            await store.absences.end(team, user)
