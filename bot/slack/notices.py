"""Brings notices about connections to people in Slack."""

from __future__ import annotations

from slack_sdk.errors import SlackApiError

from bot.slack.api import ChannelClosedError, SlackApi, code_of
from bot.slack.posts import Posts
from bot.usecases.notices import Notice
from bot.usecases.ports import CannotTell, Homes
from bot.views import connections, notices
from storage import Connection, Database


class SlackTeller:
    """Direct messages, each posted once and edited from then on."""

    def __init__(self, database: Database, api: SlackApi) -> None:
        self._database = database
        self._api = api

    async def tell(self, notice: Notice) -> None:
        """See `bot.usecases.notices.Teller`."""
        posts = Posts(self._database, notice.team, self._api)
        try:
            channel = await self._api.direct_channel(notice.team, notice.user)
            await posts.draw(notice.post, channel, notices.draw(notice))
        except (SlackApiError, ChannelClosedError) as refused:
            raise CannotTell(
                code_of(refused) if isinstance(refused, SlackApiError) else str(refused)
            ) from refused


class SlackConnectionViews:
    """Shows how a connection stands in the modal that an admin has open."""

    def __init__(self, api: SlackApi, homes: Homes) -> None:
        self._api = api
        self._homes = homes

    async def checked(self, connection: Connection, view: str, user: str) -> None:
        """See `bot.usecases.ports.Views`."""
        wrong = sum(one.get("good") is False for one in connection.findings)
        note = "Checked: everything works." if not wrong else f"Checked: {wrong} to look at."
        shown = connections.manage(connection, note=note, level="warning" if wrong else "success")
        await self._api.update_view(connection.team, view, shown)
        await self._homes.publish(connection.team, user)
