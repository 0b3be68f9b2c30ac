"""Direct messages about one's own drafts."""

from __future__ import annotations

import structlog
from slack_sdk.errors import SlackApiError

from bot.slack.api import ChannelClosedError, SlackApi, code_of
from bot.slack.posts import Posts
from bot.usecases.drafting import note_key
from bot.usecases.languages import Languages
from bot.views import drafts
from bot.views.message import Message
from storage import Database, Draft, Launch

log = structlog.stdlib.get_logger("slipway.slack")


class SlackDraftTeller:
    """See `bot.usecases.ports.DraftTeller`."""

    def __init__(self, database: Database, api: SlackApi, languages: Languages) -> None:
        self._database = database
        self._api = api
        self._languages = languages

    async def waiting(self, draft: Draft) -> None:
        """See `bot.usecases.ports.DraftTeller`."""
        texts = await self._languages.of(draft.team, draft.user)
        await self._draw(draft.team, draft.user, draft.id, drafts.direct(draft, texts))

    async def gone(self, team: str, user: str, draft_id: str, launch: Launch | None) -> None:
        """See `bot.usecases.ports.DraftTeller`."""
        texts = await self._languages.of(team, user)
        await self._draw(team, user, draft_id, drafts.gone(launch, texts))

    async def _draw(self, team: str, user: str, draft_id: str, told: Message) -> None:
        posts = Posts(self._database, team, self._api)
        try:
            await posts.draw(note_key(draft_id), await self._api.direct_channel(team, user), told)
        except (ChannelClosedError, SlackApiError) as closed:
            # The draft is in the list all the same.
            why = code_of(closed) if isinstance(closed, SlackApiError) else str(closed)
            log.warning("could not tell somebody of their draft", team=team, draft=draft_id, why=why)
