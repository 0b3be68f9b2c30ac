"""Sends reminders: each once, as a direct message."""

from __future__ import annotations

from collections.abc import Sequence

import structlog
from slack_sdk.errors import SlackApiError

from bot.slack.api import ChannelClosedError, SlackApi
from bot.slack.posts import Posts
from bot.usecases.courses import Picture
from bot.usecases.languages import Languages
from bot.views import reminders
from storage import Database

log = structlog.stdlib.get_logger("slipway.reminders")


class SlackReminder:
    """Tells people directly what waits for them."""

    def __init__(self, database: Database, api: SlackApi, languages: Languages) -> None:
        self._database = database
        self._api = api
        self._languages = languages

    async def remind(self, team: str, user: str, key: str, shown: Sequence[Picture], *, late: str) -> None:
        """See `bot.usecases.ports.Reminder`."""
        posts = Posts(self._database, team, self._api)
        link = None
        card = await posts.known(f"card:{shown[0].request.id}") if len(shown) == 1 else None
        if card is not None and card.ts:
            link = await self._api.permalink(team, card.channel, card.ts)
        told = reminders.reminder(shown, await self._languages.of(team, user), late=late, link=link)
        try:
            await posts.draw(key, await self._api.direct_channel(team, user), told)
        except (SlackApiError, ChannelClosedError) as unreachable:
            log.warning("could not remind a person", key=key, why=type(unreachable).__name__)
