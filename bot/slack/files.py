"""Files in Slack: what they are, who sees them, and their bytes as they arrive.

Private files are read with the app's token. Slack has two traps here: a token that may not read files gets
its login page with status 200, and files move to hosts that must never see the token.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any
from urllib.parse import urljoin, urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.forms.kept import KeptFile
from bot.slack.api import ChannelClosedError, SlackApi, code_of
from bot.slack.tokens import BotTokens
from bot.texts import phrase
from bot.usecases.ports import FileUnreadable, SharedFile, TryLater

SECONDS = aiohttp.ClientTimeout(total=None, sock_connect=10, sock_read=20)
MOST_REDIRECTS = 4
PAGE = 200
MOST_PAGES = 25  # of a channel's members: there has to be an end before Slack's patience has one
THREAD_PAGES = 5  # of a thread: a thousand messages, the oldest first
_CHUNK = 64 * 1024
_SLACKS = ("slack.com", "slack-files.com", "slack-edge.com", "slack-gov.com")


class SlackFiles:
    """Files through Slack's Web API and its file hosts; `home` is the host of the Web API."""

    def __init__(
        self, api: SlackApi, tokens: BotTokens, session: aiohttp.ClientSession, *, api_url: str
    ) -> None:
        self._api = api
        self._tokens = tokens
        self._session = session
        self._home = urlsplit(api_url).netloc

    async def file(self, team: str, file_id: str) -> SharedFile | None:
        """As `Files.file`."""
        try:
            answer = await self._api.read(team, "files.info", file=file_id)
        except SlackApiError as error:
            if code_of(error) == "missing_scope":
                raise FileUnreadable(_no_access(phrase("this file"))) from error
            return None
        return _shared(answer.get("file") or {})

    async def shared_with(self, team: str, channel: str, ts: str) -> Sequence[str]:
        """As `Files.shared_with`."""
        return [str(file["id"]) for file in await self._thread(team, channel, ts)]

    async def in_thread(self, team: str, channel: str, ts: str) -> Sequence[SharedFile]:
        """As `Files.in_thread`."""
        found = [_shared(file) for file in await self._thread(team, channel, ts)]
        return [shared for shared in found if shared is not None]

    async def _thread(self, team: str, channel: str, ts: str) -> list[Mapping[str, Any]]:
        found: list[Mapping[str, Any]] = []
        try:
            async for page in self._pages(
                team, "conversations.replies", THREAD_PAGES, channel=channel, ts=ts
            ):
                files = [
                    file for message in page.get("messages") or [] for file in message.get("files") or []
                ]
                found += [file for file in files if isinstance(file, Mapping) and file.get("id")]
        except (SlackApiError, ChannelClosedError) as error:
            raise FileUnreadable(phrase("Slipway cannot read that conversation.")) from error
        return found

    async def is_member(self, team: str, channel: str, user: str) -> bool:
        """As `Files.is_member`."""
        try:
            async for page in self._pages(team, "conversations.members", MOST_PAGES, channel=channel):
                if user in (page.get("members") or []):
                    return True
        except (SlackApiError, ChannelClosedError):
            return False
        return False

    async def _pages(
        self, team: str, method: str, most: int, **arguments: Any
    ) -> AsyncIterator[Mapping[str, Any]]:
        cursor: dict[str, str] = {}
        for _ in range(most):
            answer = await self._api.read(team, method, limit=PAGE, **arguments, **cursor)
            yield answer
            following = str((answer.get("response_metadata") or {}).get("next_cursor") or "")
            if not following:
                break
            cursor = {"cursor": following}

    @asynccontextmanager
    async def read(self, team: str, shared: SharedFile) -> AsyncIterator[AsyncIterator[bytes]]:
        """As `Files.read`."""
        async with AsyncExitStack() as stack:
            try:
                response = await self._response(team, shared, stack)
            except (aiohttp.ClientError, TimeoutError) as error:
                raise TryLater(5) from error
            yield _chunks(response)

    async def _response(self, team: str, shared: SharedFile, stack: AsyncExitStack) -> aiohttp.ClientResponse:
        url = shared.url
        for _ in range(MOST_REDIRECTS + 1):
            headers = {"Authorization": f"Bearer {await self._tokens.of(team)}"} if self._ours(url) else {}
            asked = self._session.get(url, headers=headers, allow_redirects=False, timeout=SECONDS)
            response = await stack.enter_async_context(asked)
            if response.status not in (301, 302, 303, 307, 308):
                return _good(response, shared)
            url = urljoin(url, response.headers.get("Location", ""))
        raise FileUnreadable(_no_access(shared.file.name))

    def _ours(self, url: str) -> bool:
        """Whether a host is Slack's and may see the token, over a line that nobody else reads."""
        parts = urlsplit(url)
        host = parts.hostname or ""
        slack = parts.scheme == "https" and any(host == one or host.endswith(f".{one}") for one in _SLACKS)
        return slack or parts.netloc == self._home


def _no_access(name: str) -> str:
    return phrase(
        "Slack does not let Slipway read “{file}”. "
        "Ask an admin to reinstall Slipway with the permission files:read.",
        file=name,
    )


def _good(response: aiohttp.ClientResponse, shared: SharedFile) -> aiohttp.ClientResponse:
    if response.status == 429 or response.status >= 500:
        raise TryLater(10)
    login_page = response.content_type == "text/html" and shared.file.mimetype != "text/html"
    if response.status != 200 or login_page:
        raise FileUnreadable(_no_access(shared.file.name))
    return response


async def _chunks(response: aiohttp.ClientResponse) -> AsyncIterator[bytes]:
    try:
        async for chunk in response.content.iter_chunked(_CHUNK):
            yield chunk
    except (aiohttp.ClientError, TimeoutError) as error:
        raise TryLater(5) from error


def _shared(told: Mapping[str, Any]) -> SharedFile | None:
    url = told.get("url_private_download") or told.get("url_private")
    if not told.get("id") or not isinstance(url, str):
        return None  # a file kept elsewhere (Google Drive and the like), or one that was deleted
    size = told.get("size")
    file = KeptFile(
        id=str(told["id"]),
        name=str(told.get("name") or told.get("title") or "file"),
        size=size if isinstance(size, int) else 0,
        mimetype=str(told.get("mimetype") or "application/octet-stream"),
    )
    lists = [told.get(name) for name in ("channels", "groups", "ims")]
    return SharedFile(
        file=file,
        url=url,
        owner=str(told.get("user") or ""),
        channels=tuple(str(one) for some in lists if isinstance(some, list) for one in some),
    )
