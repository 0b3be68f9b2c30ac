"""The admins' list of people, changed when work about it is done."""

from __future__ import annotations

import structlog
from slack_sdk.errors import SlackApiError

from bot.slack.api import ChannelClosedError, SlackApi
from bot.slack.posts import Posts
from bot.usecases.identifying import SHOWN, Known
from bot.usecases.languages import Languages
from bot.views import identities as views
from storage import Database

log = structlog.stdlib.get_logger("slipway.slack")


class SlackPeople:
    """Draws the list again; closing it early is normal."""

    def __init__(self, database: Database, api: SlackApi, languages: Languages) -> None:
        self._database = database
        self._api = api
        self._languages = languages

    async def linked(self, team: str, user: str, email: str) -> None:
        """See `bot.usecases.ports.PeopleScreen`."""
        told = views.linked(email, await self._languages.of(team, user))
        try:
            channel = await self._api.direct_channel(team, user)
            await Posts(self._database, team, self._api).draw(f"linked:{user}", channel, told)
        except (ChannelClosedError, SlackApiError) as closed:
            # They see it the next time they type /contract.
            log.warning("could not tell somebody who they are", team=team, why=type(closed).__name__)

    async def show(self, team: str, user: str, view: str, told: str) -> None:
        """See `bot.usecases.ports.PeopleScreen`."""
        async with self._database.reading() as store:
            known = Known(
                unmatched=await store.identities.of_state(team, "unmatched", SHOWN),
                claimed=await store.identities.of_state(team, "claimed", SHOWN),
                linked=await store.identities.of_state(team, "linked", SHOWN),
            )
        texts = await self._languages.of(team, user)
        await self._api.update_view(team, view, views.people(known, texts, texts.of(told)))
