"""A whole Slipway in one process: the real application between the two stand-ins, for tests."""

from __future__ import annotations

import asyncio
import io
import logging
import random
import shutil
import time
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import structlog
import yaml

from bot.app import Application, running
from bot.logs import configure_logs
from bot.settings import Settings
from storage import Database, Sealing, new_key
from storage.work import Work
from tests.sandbox.ironclad.demo_designs import OPS_ADMIN
from tests.sandbox.ironclad.server import build as ironclad_app
from tests.sandbox.ironclad.world import DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, IroncladWorld, demo_world
from tests.sandbox.serving import free_port, serving
from tests.sandbox.slack.demo import BOT_TOKEN, SIGNING_SECRET, demo_slack
from tests.sandbox.slack.person import Person
from tests.sandbox.slack.server import build as slack_app
from tests.sandbox.slack.workspace import Command, Member, Shortcut
from tests.sandbox.slack.world import SlackWorld

ROOT = Path(__file__).parent.parent
MANIFEST: dict[str, Any] = yaml.safe_load((ROOT / "manifest.yml").read_text())
KEY = new_key()


@dataclass
class Place:
    """What a test needs at hand. `slack` and `ironclad` are the stand-ins' own state."""

    slack: SlackWorld
    ironclad: IroncladWorld
    app: Application
    settings: Settings
    client: httpx.AsyncClient
    slack_url: str
    ironclad_url: str
    folder: Path
    #: Where people's browsers find Slipway.
    bot_url: str = ""
    _people: dict[str, Person] = field(default_factory=dict)

    @property
    def team(self) -> str:
        """The id of the Slack workspace."""
        return next(iter(self.slack.workspaces.teams))

    def member(self, name: str) -> Member:
        """Somebody, by the name they have in Slack: dana, lee, sam, priya, noor."""
        return next(one for one in self.slack.workspaces.members.values() if one.name == name)

    def person(self, name: str) -> Person:
        """That somebody at their Slack."""
        if name not in self._people:
            self._people[name] = Person(self.client, self.member(name).id)
        return self._people[name]

    def channel(self, name: str) -> str:
        """The id of a channel."""
        return next(one.id for one in self.slack.workspaces.channels.values() if one.name == name)

    async def connect(self, *groups: str, channel: str | None = "procurement") -> None:
        """What an admin does first: Ironclad connected, the procurement channel chosen.

        `groups` are permissions beyond what launching takes.
        """
        from bot.usecases.credentials import Credentials
        from bot.usecases.permissions import scopes_of

        typed = Credentials(DEMO_CLIENT_ID, "demo", OPS_ADMIN, DEMO_CLIENT_SECRET, wanted=scopes_of(groups))
        connection = await self.app.connecting.keep(self.team, "test", typed)
        await self.app.connecting.adopt(connection)
        if channel:
            await self.app.connecting.set_channel(self.team, "test", self.channel(channel))

    async def idle(self, timeout: float = 20) -> None:
        """Wait until no durable work is under way."""
        deadline = time.monotonic() + timeout
        while under_way := [
            one for one in await self.app.work.waiting() if not one.kind.startswith("every:")
        ]:
            if time.monotonic() > deadline:
                raise TimeoutError(f"still waiting: {under_way}")
            await asyncio.sleep(0.03)

    def bytes_at_rest(self) -> bytes:
        """Everything the database has written to disk."""
        return b"".join(path.read_bytes() for path in self.folder.glob("slipway.sqlite*"))


@dataclass(frozen=True)
class Blank:
    """A migrated, empty database, made once and copied for every test."""

    file: Path

    @classmethod
    async def make(cls, folder: Path) -> Blank:
        """Make it in `folder`."""
        file = folder / "blank.sqlite"
        database = Database(f"sqlite:///{file}", Sealing([KEY]))
        await database.migrate()
        await Work.migrate(database)
        await database.close()
        return cls(file)


@contextmanager
def logging_to_text(secrets: Iterable[str]) -> Iterator[io.StringIO]:
    """Everything that is logged meanwhile, at the most talkative level, as the product writes it."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    out = io.StringIO()
    configure_logs(secrets, level="DEBUG", stream=out)
    try:
        yield out
    finally:
        root.handlers[:] = before
        root.setLevel(level)
        structlog.reset_defaults()


def slack_of_the_manifest(**more: Any) -> SlackWorld:
    """The demo's Slack with exactly what manifest.yml asks for."""
    features = MANIFEST["features"]
    return demo_slack(
        scopes=MANIFEST["oauth_config"]["scopes"]["bot"],
        commands=tuple(
            Command(one["command"], one["description"], one["usage_hint"])
            for one in features["slash_commands"]
        ),
        shortcuts=tuple(
            Shortcut(one["callback_id"], one["name"], one["type"]) for one in features["shortcuts"]
        ),
        events=MANIFEST["settings"]["event_subscriptions"]["bot_events"],
        **more,
    )


def settings_of(database_url: str, **more: Any) -> Settings:
    """Settings for a test, read from nowhere; what settles in a minute elsewhere settles at once.

    Nothing is asked of Ironclad that the test did not begin: it looks after workflows when it says so.
    """
    values = {
        "database_url": database_url,
        "encryption_keys": KEY,
        "slack_signing_secret": SIGNING_SECRET,
        "slack_bot_token": BOT_TOKEN,
        "launch_settle_seconds": 0.5,
        "follow_seconds": 0,
    }
    return Settings(_env_file=None, **{**values, **more})


class SlowWayBack(httpx.ASGITransport):
    """The way to Slipway and back; the way back takes a while."""

    def __init__(self, app: Any, seconds: float) -> None:
        super().__init__(app=app)
        self._seconds = seconds

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await super().handle_async_request(request)
        await asyncio.sleep(self._seconds)
        return response


@asynccontextmanager
async def opened(
    blank: Blank | None,
    folder: Path,
    *,
    slack: SlackWorld | None = None,
    ironclad: IroncladWorld | None = None,
    answers_travel: float = 0,
    **more: Any,
) -> AsyncIterator[Place]:
    """Slipway up and running in `folder`; `more` are further settings.

    Without `blank` it goes on with the database that is there, or that `database_url` names.

    `answers_travel` is how many seconds Slipway's answers take to reach Slack.
    """
    slack, ironclad = slack or slack_of_the_manifest(), ironclad or demo_world()
    origin = slack.workspaces.installations[0].app.request_url.removesuffix("/slack/events")
    if blank:
        shutil.copy(blank.file, folder / "slipway.sqlite")
    ports = [free_port(random.randrange(20000, 50000)) for _ in range(2)]
    slack_url, ironclad_url = (f"http://127.0.0.1:{port}" for port in ports)
    ironclad.public_url = ironclad_url
    settings = settings_of(
        more.pop("database_url", f"sqlite:///{folder / 'slipway.sqlite'}"),
        slack_api_url=f"{slack_url}/api/",
        ironclad_url=ironclad_url,
        **{"public_url": origin, **more},
    )
    async with serving(ironclad_app(ironclad), ports[1]), running(settings) as app:
        bot = httpx.AsyncClient(transport=SlowWayBack(app.web, answers_travel), base_url=origin)
        async with (
            serving(slack_app(slack, client=bot), ports[0]),
            httpx.AsyncClient(base_url=slack_url, timeout=60) as client,  # only against hanging
        ):
            yield Place(slack, ironclad, app, settings, client, slack_url, ironclad_url, folder, origin)
            slack.changes.touch()
