"""The window in which an admin waits for how a mail went."""

from __future__ import annotations

from bot.slack.api import SlackApi
from bot.usecases.languages import Languages
from bot.views import upkeep


class SlackMailScreen:
    """Draws it again; closing it early is normal."""

    def __init__(self, api: SlackApi, languages: Languages) -> None:
        self._api = api
        self._languages = languages

    async def tried(self, team: str, user: str, view: str, to: str, problem: str) -> None:
        """See `bot.usecases.trying_mail.MailScreen`."""
        texts = await self._languages.of(team, user)
        await self._api.update_view(team, view, upkeep.mail_tried(to, problem, texts))
