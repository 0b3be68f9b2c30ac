"""Files that Slipway sends to somebody."""

from __future__ import annotations

import aiohttp

from bot.slack.api import SlackApi
from bot.usecases.ports import TryLater

SECONDS = aiohttp.ClientTimeout(total=20)


class SlackSender:
    """Sends files as direct messages: asks for an address, sends the bytes there, says who gets them."""

    def __init__(self, api: SlackApi, session: aiohttp.ClientSession) -> None:
        self._api = api
        self._session = session

    async def send(self, team: str, user: str, name: str, content: bytes, title: str) -> None:
        """Send `content` to `user`. Raises `TryLater` when Slack does not take it now."""
        there = await self._api.read(
            team, "files.getUploadURLExternal", filename=name, length=str(len(content))
        )
        try:
            # The address itself is the permission: no token goes there.
            sent = self._session.post(
                str(there["upload_url"]), data=content, timeout=SECONDS, allow_redirects=False
            )
            async with sent as answer:
                if answer.status != 200:
                    raise TryLater(5)
        except (aiohttp.ClientError, TimeoutError) as broken:
            raise TryLater(5) from broken
        channel = await self._api.direct_channel(team, user)
        files = [{"id": str(there["file_id"]), "title": title}]
        await self._api.call(team, "files.completeUploadExternal", files=files, channel_id=channel)
