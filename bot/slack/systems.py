"""The modal of other systems, changed when work about it is done."""

from __future__ import annotations

from bot.slack.api import SlackApi
from bot.usecases.languages import Languages
from bot.views import systems as views
from storage import Database


class SlackSystems:
    """Draws the modal again; closing it early is normal."""

    def __init__(self, database: Database, api: SlackApi, languages: Languages, *, address: str) -> None:
        self._database = database
        self._api = api
        self._languages = languages
        self._address = address

    async def show(self, team: str, user: str, view: str, told: str) -> None:
        """See `bot.usecases.ports.SystemsScreen`."""
        async with self._database.reading() as store:
            keys, hook = await store.api_keys.in_use(team), await store.hooks.get(team)
        texts, shown = await self._languages.of(team, user), views.Systems(keys, hook, self._address)
        await self._api.update_view(team, view, views.systems(shown, texts, texts.of(told)))
