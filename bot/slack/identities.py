"""The admins' list of people, changed when work about it is done."""

from __future__ import annotations

from bot.slack.api import SlackApi
from bot.usecases.identifying import SHOWN, Known
from bot.views import identities as views
from storage import Database


class SlackPeople:
    """Draws the list again; closing it early is normal."""

    def __init__(self, database: Database, api: SlackApi) -> None:
        self._database = database
        self._api = api

    async def show(self, team: str, user: str, view: str, told: str) -> None:
        """See `bot.usecases.ports.PeopleScreen`."""
        async with self._database.reading() as store:
            known = Known(
                unmatched=await store.identities.of_state(team, "unmatched", SHOWN),
                claimed=await store.identities.of_state(team, "claimed", SHOWN),
                linked=await store.identities.of_state(team, "linked", SHOWN),
            )
        await self._api.update_view(team, view, views.people(known, told))
