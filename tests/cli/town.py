"""The stand-ins of Slack and Ironclad, listening, and the settings that lead a Slipway process to them."""

from __future__ import annotations

import random
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.cli.terminal import Terminal
from tests.place import KEY, Blank, slack_of_the_manifest
from tests.sandbox.ironclad.demo_designs import OPS_ADMIN
from tests.sandbox.ironclad.server import build as ironclad_app
from tests.sandbox.ironclad.world import DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, IroncladWorld, demo_world
from tests.sandbox.serving import LOOPBACK, free_port, serving
from tests.sandbox.slack.demo import BOT_TOKEN, SIGNING_SECRET
from tests.sandbox.slack.person import Person
from tests.sandbox.slack.server import build as slack_app
from tests.sandbox.slack.world import SlackWorld

SECRETS = (KEY, SIGNING_SECRET, BOT_TOKEN, DEMO_CLIENT_SECRET)


@dataclass(frozen=True)
class Town:
    """Both stand-ins, a place on the network for Slipway, and a terminal set up to start it there."""

    slack: SlackWorld
    ironclad: IroncladWorld
    terminal: Terminal
    client: httpx.AsyncClient
    slack_url: str
    ironclad_url: str
    url: str

    @property
    def team(self) -> str:
        """The id of the Slack workspace."""
        return next(iter(self.slack.workspaces.teams))

    def person(self, name: str) -> Person:
        """Somebody at their Slack, by the name they have there."""
        return Person(
            self.client, next(one.id for one in self.slack.workspaces.members.values() if one.name == name)
        )

    def channel(self, name: str) -> str:
        """The id of a channel."""
        return next(one.id for one in self.slack.workspaces.channels.values() if one.name == name)

    def database(self, blank: Blank) -> Path:
        """Put an empty, migrated database where the settings say, and give its path."""
        return Path(shutil.copy(blank.file, self.terminal.folder / "slipway.sqlite"))

    async def connect(self) -> None:
        """What an operator does first: Ironclad connected, #procurement chosen."""
        connected = await self.terminal.run(*self.connecting(), stdin=f"{DEMO_CLIENT_SECRET}\n")
        assert connected.code == 0, connected.err
        chosen = await self.terminal.run(*self.choosing("procurement"))
        assert chosen.code == 0, chosen.err

    def connecting(self, **changes: str) -> list[str]:
        """The arguments of a good `slipway connect`; changes by the name of the option."""
        options = {"team": self.team, "region": "demo", "client-id": DEMO_CLIENT_ID, "as-user": OPS_ADMIN}
        options |= {name.replace("_", "-"): value for name, value in changes.items()}
        return ["connect", *(part for name, value in options.items() for part in (f"--{name}", value))]

    def choosing(self, channel: str) -> list[str]:
        """The arguments of `slipway channel`."""
        return ["channel", "--team", self.team, "--channel", self.channel(channel)]


@asynccontextmanager
async def town(folder: Path) -> AsyncIterator[Town]:
    """The stand-ins while the block runs. `folder` is the working folder of the terminal."""
    first = random.randrange(20000, 30000)
    port = free_port(first)
    ironclad_port = free_port(port + 1)
    slack_port = free_port(ironclad_port + 1)
    url = f"http://{LOOPBACK}:{port}"
    slack, ironclad = slack_of_the_manifest(request_url=f"{url}/slack/events"), demo_world()
    # A busy machine must not look like a late answer: how late it may be is measured elsewhere.
    slack.rules.ack_seconds = slack.rules.trigger_seconds = 30
    ironclad.public_url = f"http://{LOOPBACK}:{ironclad_port}"
    async with (
        serving(ironclad_app(ironclad), ironclad_port) as ironclad_url,
        serving(slack_app(slack), slack_port) as slack_url,
        httpx.AsyncClient(base_url=slack_url, trust_env=False) as client,
    ):
        settings = {
            "database_url": f"sqlite:///{folder / 'slipway.sqlite'}",
            "encryption_keys": KEY,
            "public_url": url,
            "slack_signing_secret": SIGNING_SECRET,
            "slack_bot_token": BOT_TOKEN,
            "slack_api_url": f"{slack_url}/api/",
            "ironclad_url": ironclad_url,
            "port": str(port),
            "launch_settle_seconds": "3",
            "follow_seconds": "0",
        }
        yield Town(slack, ironclad, Terminal(folder, settings), client, slack_url, ironclad_url, url)
        slack.changes.touch()  # lets go of long polls, which the server would wait for
