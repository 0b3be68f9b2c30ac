"""Who somebody is: their name, their e-mail (who they are in Ironclad), whether they are an admin."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

from bot.usecases.errors import Refusal
from bot.usecases.ports import Profiles
from storage import Database, Person

MOST_ADMINS = 20  # to ask or to name; more would be a message to everybody
FRESH = timedelta(hours=1)  # a changed e-mail or a new admin is noticed within the hour


class People:
    """Slack's people, remembered for an hour so that opening a form waits on nobody."""

    def __init__(self, database: Database, profiles: Profiles, admins: Collection[str]) -> None:
        self._database = database
        self._profiles = profiles
        self._admins = frozenset(admins)

    async def person(self, team: str, user: str) -> Person:
        """The person behind a Slack id. Raises `Refusal` when Slack does not show them."""
        async with self._database.reading() as store:
            known, now = await store.people.get(team, user), await store.now()
        return await self.known(known, now) or await self._met(team, user, now)

    async def known(self, person: Person | None, now: datetime) -> Person | None:
        """The person, if what is remembered of them is of the last hour."""
        if person is None or now - person.fetched_at >= FRESH:
            return None
        return await self._somewhere(person)

    async def _met(self, team: str, user: str, now: datetime) -> Person:
        profile = await self._profiles.profile(team, user)
        person = Person(
            team=team,
            user=user,
            name=profile.name,
            email=profile.email,
            is_admin=profile.is_admin,
            tz=profile.tz,
            locale=profile.locale,
            fetched_at=now,
        )
        async with self._database.transaction() as store:
            await store.people.put(person)
            identity = await store.identities.get(team, user)
            if identity is not None and identity.state == "linked":
                await store.people.set_email(team, user, identity.email)
            person = await store.people.get(team, user) or person
        return await self._somewhere(person)

    async def usual_zone(self, team: str) -> str:
        """The time zone of people of whom Slack tells none; empty when nobody chose one."""
        async with self._database.reading() as store:
            return (await store.settings.get(team)).time_zone

    async def _somewhere(self, person: Person) -> Person:
        return person if person.tz else replace(person, tz=await self.usual_zone(person.team))

    def is_admin(self, person: Person) -> bool:
        """Whether this person runs Slipway here: a workspace owner or admin, or named one.

        Named on the Home tab or in the deployment's settings.
        """
        return person.is_admin or person.user in self._admins

    async def only_admins(self, team: str, user: str) -> None:
        """Raise `Refusal` unless `user` may change how Slipway is set up."""
        if not self.is_admin(await self.person(team, user)):
            raise Refusal("Only Slipway's admins can do this.", "Ask a workspace owner or admin.")

    async def admins(self, team: str, *, but: str = "") -> list[str]:
        """Who runs Slipway in a workspace, except `but`; twenty at most. Raises `TryLater`."""
        async with self._database.reading() as store:
            known = self.known_admins(await store.people.admins(team))
        found = dict.fromkeys([*known, *await self._profiles.admins(team)])
        return [user for user in found if user != but][:MOST_ADMINS]

    def known_admins(self, seen: Collection[str]) -> list[str]:
        """Who runs Slipway, as far as it is known without asking Slack: those named, and those `seen`."""
        return list(dict.fromkeys([*sorted(self._admins), *seen]))[:MOST_ADMINS]
