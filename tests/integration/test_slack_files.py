"""Reading files from Slack: its login page, its redirects, its hosts that must not see the token."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import aiohttp
import pytest
import pytest_asyncio
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.forms.kept import KeptFile
from bot.slack.api import SlackApi
from bot.slack.files import SlackFiles
from bot.slack.tokens import OneToken
from bot.usecases.ports import FileUnreadable, SharedFile, TryLater
from tests.sandbox.serving import free_port, serving

TOKEN = "xoxb-secret"
PDF = SharedFile(KeptFile("F1", "a.pdf", 8, "application/pdf"), url="", owner="U1")


class Host:
    """Slack's file host, and another one that Slack redirects to; remembers which tokens it was shown."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, str | None]] = []
        self.elsewhere = ""

    def app(self) -> Starlette:
        """Every path answers in its own way."""
        return Starlette(routes=[Route("/{path:path}", self.answer)])

    async def answer(self, request: Request) -> Response:
        """What Slack might."""
        path = request.path_params["path"]
        self.seen.append((path, request.headers.get("authorization")))
        match path:
            case "login":
                return HTMLResponse("<html>Sign in</html>")
            case "moved":
                return RedirectResponse(f"{self.elsewhere}/file")
            case "circle":
                return RedirectResponse("/circle")
            case "busy":
                return PlainTextResponse("", status_code=503)
        return Response(b"%PDF-1.7", media_type="application/pdf")


@pytest_asyncio.fixture
async def slack() -> AsyncIterator[tuple[SlackFiles, Host, str]]:
    """Files of a Slack on this machine, its host, and the host's address."""
    host, other = Host(), Host()
    async with (
        serving(host.app(), free_port(0)) as url,
        serving(other.app(), free_port(0)) as elsewhere,
        aiohttp.ClientSession() as session,
    ):
        host.elsewhere = elsewhere
        host.seen = other.seen
        tokens = OneToken(TOKEN)
        api = SlackApi(AsyncWebClient(base_url=f"{url}/api/", session=session), tokens)
        yield SlackFiles(api, tokens, session, api_url=f"{url}/api/"), host, url


async def content(files: SlackFiles, url: str) -> bytes:
    async with files.read("T1", replace(PDF, url=url)) as chunks:
        return b"".join([chunk async for chunk in chunks])


async def test_a_file_is_read_with_the_token(slack: tuple[SlackFiles, Host, str]) -> None:
    files, host, url = slack

    assert await content(files, f"{url}/file") == b"%PDF-1.7"
    assert host.seen == [("file", f"Bearer {TOKEN}")]


async def test_another_host_is_not_shown_the_token(slack: tuple[SlackFiles, Host, str]) -> None:
    files, host, url = slack

    assert await content(files, f"{url}/moved") == b"%PDF-1.7"
    assert host.seen == [("moved", f"Bearer {TOKEN}"), ("file", None)]


@pytest.mark.parametrize("path", ["login", "circle"])
async def test_a_login_page_is_no_file(slack: tuple[SlackFiles, Host, str], path: str) -> None:
    files, _, url = slack

    with pytest.raises(FileUnreadable, match="files:read"):
        await content(files, f"{url}/{path}")


async def test_a_busy_host_is_asked_later(slack: tuple[SlackFiles, Host, str]) -> None:
    files, _, url = slack

    with pytest.raises(TryLater):
        await content(files, f"{url}/busy")
