"""Two companies and an organisation, none of which has the app yet, and a browser to install it with."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

from bot.app import Application
from tests.place import Blank, Place, opened, slack_of_the_manifest
from tests.sandbox.slack.workspace import App, Team
from tests.sandbox.slack.world import SlackWorld

PUBLIC_URL = "http://127.0.0.1:3000"
REDIRECT = f"{PUBLIC_URL}/slack/oauth_redirect"
CLIENT_SECRET = "sandbox-client-secret"


def company(world: SlackWorld, name: str, **more: Any) -> Team:
    """A workspace with an admin, a requester and the channels that every company has."""
    team = world.add_team(name, name.lower(), **more)
    admin = world.add_member(team, f"{name.lower()}-admin", "Ada Admin", is_admin=True, email="a@example.com")
    asks = world.add_member(team, f"{name.lower()}-dana", "Dana Ruiz", email="dana.ruiz@example.com")
    world.add_channel(team, "procurement", members=[admin.id, asks.id])
    world.add_channel(team, "general", members=[admin.id, asks.id])
    return team


def many_workspaces(**app: Any) -> tuple[SlackWorld, App]:
    """A Slack whose app is made for many workspaces; it is installed in none."""
    world = slack_of_the_manifest()
    installed = world.workspaces.installations[0]
    made = installed.app
    for name, value in {"redirect_urls": (REDIRECT,), "client_secret": CLIENT_SECRET, **app}.items():
        setattr(made, name, value)
    installed.is_active = False
    return world, made


@asynccontextmanager
async def for_many(
    blank: Blank, folder: Path, world: SlackWorld, app: App, **more: Any
) -> AsyncIterator[Place]:
    """Slipway for many workspaces."""
    settings = {
        "slack_bot_token": "",
        "slack_client_id": app.client_id,
        "slack_client_secret": app.client_secret,
        "public_url": PUBLIC_URL,
    }
    async with opened(blank, folder, slack=world, **{**settings, **more}) as place:
        yield place


class Browser:
    """Somebody's browser: it keeps cookies, and goes where it is sent."""

    def __init__(self, place: Place, app: Application | None = None) -> None:
        self._place = place
        transport = httpx.ASGITransport(app=(app or place.app).web)
        self.slipway = httpx.AsyncClient(transport=transport, base_url=PUBLIC_URL, follow_redirects=False)

    async def consent(self) -> dict[str, str]:
        """Open the install page; what its button asks Slack."""
        page = await self.slipway.get("/slack/install")
        assert page.status_code == 200
        link = page.text.split('href="')[1].split('"')[0].replace("&amp;", "&")
        assert link.startswith(f"{self._place.slack_url}/oauth/v2/authorize?")
        return {name: values[0] for name, values in parse_qs(urlsplit(link).query).items()}

    async def answer(self, asked: dict[str, str], team: str, answer: str = "allow") -> str:
        """Answer Slack's question; where Slack sends the browser back to."""
        sent = await self._place.client.post(
            "/oauth/v2/authorize", data={**asked, "team": team, "answer": answer}
        )
        assert sent.status_code == 302, sent.text
        return sent.headers["location"]

    async def install(self, team: str, answer: str = "allow") -> httpx.Response:
        """The whole way."""
        return await self.slipway.get(await self.answer(await self.consent(), team, answer))


def bot_of(world: SlackWorld, team: Team) -> Any:
    """The active installation of a team."""
    (found,) = world.workspaces.installed(team.id)
    return found


def invite(world: SlackWorld, team: Team) -> None:
    """Bring the bot into the team's channels."""
    bot = bot_of(world, team).bot_user_id
    for channel in world.workspaces.team_channels(team.id):
        if channel.kind == "public":
            channel.members.append(bot)
