"""Brings notices about connections to people in Slack."""

from __future__ import annotations

from slack_sdk.errors import SlackApiError

from bot.slack.api import ChannelClosedError, SlackApi, code_of
from bot.slack.posts import Posts
from bot.usecases.languages import Languages
from bot.usecases.notices import Notice
from bot.usecases.ports import CannotTell, Homes
from bot.views import connections, notices
from storage import Connection, Database


class SlackTeller:
    """Direct messages, each posted once and edited from then on."""

    def __init__(self, database: Database, api: SlackApi, languages: Languages) -> None:
        self._database = database
        self._api = api
        self._languages = languages

    async def tell(self, notice: Notice) -> None:
        """See `bot.usecases.notices.Teller`."""
        posts = Posts(self._database, notice.team, self._api)
        try:
            texts = await self._languages.of(notice.team, notice.user)
            channel = await self._api.direct_channel(notice.team, notice.user)
            await posts.draw(notice.post, channel, notices.draw(notice, texts))
        except (SlackApiError, ChannelClosedError) as refused:
            raise CannotTell(
                code_of(refused) if isinstance(refused, SlackApiError) else str(refused)
            ) from refused


class SlackConnectionViews:
    """Shows how a connection stands in the modal that an admin has open."""

    def __init__(self, api: SlackApi, homes: Homes, languages: Languages) -> None:
        self._api = api
        self._homes = homes
        self._languages = languages

    async def checked(self, connection: Connection, view: str, user: str) -> None:
        """See `bot.usecases.ports.Views`."""
        wrong = sum(one.get("good") is False for one in connection.findings)
        texts = await self._languages.of(connection.team, user)
        note = texts.say("Checked: everything works.")
        if wrong:
            note = texts.count("Checked: {n} to look at.", "Checked: {n} to look at.", wrong)
        level = "warning" if wrong else "success"
        shown = connections.manage(connection, texts, note=note, level=level)
        await self._api.update_view(connection.team, view, shown)
        await self._homes.publish(connection.team, user)
