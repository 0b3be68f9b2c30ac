"""Who runs Slipway in a workspace besides its owners and admins."""

from __future__ import annotations

from collections.abc import Sequence

from bot.usecases.people import People
from storage import Admin, Database


class Admins:
    """Named on the Home tab by those who are admins already."""

    def __init__(self, database: Database, people: People) -> None:
        self._database = database
        self._people = people

    async def named(self, team: str, user: str) -> Sequence[Admin]:
        """Those who are named. Raises `Refusal` unless `user` is an admin."""
        await self._people.only_admins(team, user)
        async with self._database.reading() as store:
            return await store.settings.admins(team)

    async def name(self, team: str, by: str, users: Sequence[str]) -> None:
        """Let exactly `users` be named. Raises `Refusal` unless `by` is an admin."""
        await self._people.only_admins(team, by)
        wanted = list(dict.fromkeys(users))
        async with self._database.transaction() as store:
            before = [admin.user for admin in await store.settings.admins(team)]
            for user in wanted:
                await store.settings.add_admin(team, user, by)
            for user in before:
                if user not in wanted:
                    await store.settings.remove_admin(team, user)
            if set(before) != set(wanted):
                await store.audit.add(
                    team, by, "admins.set", "Admins", before={"users": before}, after={"users": wanted}
                )
