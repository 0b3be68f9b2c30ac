"""`python -m tests.sandbox`: both stand-ins and the real product on this machine; prints an address."""

import argparse
import asyncio
import contextlib
import fcntl
import os
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from tests.sandbox.check import JourneyFailedError, walk
from tests.sandbox.ironclad.demo_designs import OPS_ADMIN
from tests.sandbox.ironclad.server import build as ironclad_app
from tests.sandbox.ironclad.world import DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, IroncladWorld, demo_world
from tests.sandbox.product import ROOT, Product, ProductFailedError
from tests.sandbox.serving import LOOPBACK, NotLoopbackError, free_port, loopback, serving
from tests.sandbox.slack.demo import BOT_TOKEN, SIGNING_SECRET, demo_slack
from tests.sandbox.slack.workspace import Command, Shortcut
from tests.sandbox.slack.world import SlackWorld
from tests.sandbox.web_page import slack_with_page

FOLDER = ROOT / ".demo"
KEY_FILE, LOCK_FILE = "encryption.key", "lock"
PAGE_PORT, IRONCLAD_PORT, PRODUCT_PORT = 8400, 8401, 3000


class AlreadyRunningError(Exception):
    """Two sandboxes would share one database."""


@dataclass(frozen=True)
class Town:
    """Where everything is, once it is up."""

    slack: SlackWorld
    page_url: str
    ironclad_url: str
    product_url: str

    @property
    def team(self) -> str:
        """The id of the Slack workspace."""
        return next(iter(self.slack.workspaces.teams))

    def channel(self, name: str) -> str:
        """The id of a channel."""
        return next(one.id for one in self.slack.workspaces.channels.values() if one.name == name)

    def member(self, name: str) -> str:
        """The id of somebody, by the name they have in Slack."""
        return next(one.id for one in self.slack.workspaces.members.values() if one.name == name)

    @property
    def requester(self) -> str:
        """The id of Dana Ruiz, who asks for things."""
        return _requester(self.slack)


def main() -> None:
    """Run until Ctrl-C, or until something ends that should not."""
    options = _parsed(sys.argv[1:])
    try:
        code = asyncio.run(_until_stopped(options))
    except (KeyboardInterrupt, asyncio.CancelledError):
        code = 0
    except (ProductFailedError, JourneyFailedError, AlreadyRunningError, NotLoopbackError, OSError) as failed:
        print(failed, file=sys.stderr)
        code = 1
    raise SystemExit(code)


def _parsed(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=PAGE_PORT, help="port of the page (%(default)s; 0: any)")
    parser.add_argument("--host", default=LOOPBACK, help="another loopback address; no other is accepted")
    parser.add_argument(
        "--folder", type=Path, default=FOLDER, help="database and log of the product (.demo/)"
    )
    parser.add_argument("--keep", action="store_true", help="keep the product's database of the last run")
    parser.add_argument("--bare", action="store_true", help="connect nothing: try the admin's first steps")
    parser.add_argument("--smtp", default="", help="address of a mail server for approval links")
    parser.add_argument("--admin", default="", help="somebody who runs Slipway besides Priya, as in: lee")
    parser.add_argument("--check", action="store_true", help="launch one contract, print OK, and end")
    return parser.parse_args(arguments)


async def _until_stopped(options: argparse.Namespace) -> int:
    task = asyncio.current_task()
    if task is not None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    with _folder(options) as folder:
        async with _town(options) as town, _product(town, folder, options) as product:
            return await _show(town, product, options)


async def _show(town: Town, product: Product, options: argparse.Namespace) -> int:
    if not options.bare:
        await _connect(product, town)
    if options.check:
        print(f"OK: {await walk(town.page_url, town.ironclad_url, town.requester)}")
        return 0
    _tell(town, product, options)
    code = await product.end()
    print(
        f"Slipway ended by itself with {code}. Its last words:",
        product.last_words(),
        file=sys.stderr,
        sep="\n",
    )
    return 1


@contextlib.contextmanager
def _folder(options: argparse.Namespace) -> Iterator[Path]:
    """The product's working folder, for one sandbox at a time; a throw-away one for a check."""
    if options.check:
        with tempfile.TemporaryDirectory(prefix="slipway-check-") as throw_away:
            yield Path(throw_away)
        return
    folder: Path = options.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOCK_FILE).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunningError(f"A sandbox is already running in {folder}. Stop it first.") from None
        if not options.keep:
            _forget_last_run(folder)
        yield folder


def _forget_last_run(folder: Path) -> None:
    # By name, because the folder is the caller's choice and may hold what is none of ours.
    for file in (*folder.glob("slipway.sqlite*"), folder / "slipway.log", folder / KEY_FILE):
        file.unlink(missing_ok=True)


@contextlib.asynccontextmanager
async def _town(options: argparse.Namespace) -> AsyncIterator[Town]:
    """Both stand-ins, serving."""
    host = loopback(options.host)
    page_port = _port("the page", options.port, host)
    # Any port for the page means any for the others: several sandboxes may be starting at once.
    ironclad_port = _port("Ironclad", max(IRONCLAD_PORT, page_port + 1) if options.port else 0, host)
    product_port = _port("Slipway", PRODUCT_PORT if options.port else 0, LOOPBACK)
    product_url = f"http://{LOOPBACK}:{product_port}"
    slack = demo_slack(request_url=f"{product_url}/slack/events", **_manifest())
    ironclad = demo_world()
    ironclad.public_url = f"http://{host}:{ironclad_port}"
    _register(ironclad, f"{product_url}/ironclad/callback")
    page = slack_with_page(slack, opened_by=_requester(slack), ironclad_url=ironclad.public_url)
    async with (
        serving(ironclad_app(ironclad), ironclad_port, host=host) as ironclad_url,
        serving(page, page_port, host=host) as page_url,
    ):
        yield Town(slack, page_url, ironclad_url, product_url)
        slack.changes.touch()  # lets go of the page's long polls, which the server would wait for


def _register(ironclad: IroncladWorld, callback: str) -> None:
    """Register the product's redirect address, wherever its port is."""
    app = ironclad.oauth.clients[DEMO_CLIENT_ID]
    ironclad.oauth.add(replace(app, redirect_uris=(*app.redirect_uris, callback)))


def _requester(slack: SlackWorld) -> str:
    return next(one.id for one in slack.workspaces.members.values() if one.name == "dana")


def _port(name: str, first: int, host: str) -> int:
    port = free_port(first, host=host)
    if first and port != first:
        print(f"Port {first} is taken; {name} is on {port}.")
    return port


def _manifest() -> dict[str, Any]:
    """What the product's own manifest asks Slack for, as the stand-in takes it."""
    manifest = yaml.safe_load((ROOT / "manifest.yml").read_text())
    features = manifest["features"]
    commands = tuple(
        Command(one["command"], one.get("description", ""), one.get("usage_hint", ""))
        for one in features.get("slash_commands", [])
    )
    shortcuts = tuple(
        Shortcut(one["callback_id"], one["name"], one["type"]) for one in features.get("shortcuts", [])
    )
    return {
        "scopes": manifest["oauth_config"]["scopes"]["bot"],
        "commands": commands,
        "shortcuts": shortcuts,
        "events": manifest["settings"]["event_subscriptions"]["bot_events"],
    }


@contextlib.asynccontextmanager
async def _product(town: Town, folder: Path, options: argparse.Namespace) -> AsyncIterator[Product]:
    """The product, migrated and ready."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("SLIPWAY_")}
    product = Product(folder, inherited)
    product = product.with_settings(
        database_url=f"sqlite:///{folder / 'slipway.sqlite'}",
        encryption_keys=await _key(product, folder / KEY_FILE),
        public_url=town.product_url,
        port=town.product_url.rpartition(":")[2],
        slack_signing_secret=SIGNING_SECRET,
        slack_bot_token=BOT_TOKEN,
        slack_api_url=f"{town.page_url}/api/",
        ironclad_url=town.ironclad_url,
        launch_settle_seconds="5",
        follow_seconds="2",
    )
    if options.smtp:
        product = product.with_settings(smtp_url=options.smtp, mail_from="Slipway <slipway@example.com>")
    if options.admin:
        product = product.with_settings(admins=town.member(options.admin))
    await product.run("migrate")
    try:
        await product.serve(town.product_url)
        yield product
    finally:
        await product.stop()


async def _key(product: Product, file: Path) -> str:
    """The encryption key of this database: made with it, kept with it."""
    return _stored(file) or _store(file, await product.run("keys", "new"))


def _stored(file: Path) -> str:
    return file.read_text() if file.exists() else ""


def _store(file: Path, key: str) -> str:
    file.touch(mode=0o600)
    file.write_text(key)
    return key


async def _connect(product: Product, town: Town) -> None:
    await product.run(
        *("connect", "--team", town.team, "--region", "demo"),
        *("--client-id", DEMO_CLIENT_ID, "--as-user", OPS_ADMIN),
        stdin=DEMO_CLIENT_SECRET + "\n",
    )
    await product.run("channel", "--team", town.team, "--channel", town.channel("procurement"))


def _tell(town: Town, product: Product, options: argparse.Namespace) -> None:
    print(f"\n  Open {town.page_url}\n")
    if options.bare:
        print("  Act as Priya Nair (top right), open Slipway's Home, press Connect Ironclad. Region: Demo.")
        print(f"  Client ID: {DEMO_CLIENT_ID}\n  Client secret: {DEMO_CLIENT_SECRET}")
    else:
        print("  Type /contract in #procurement.")
    print(f"  Ctrl-C stops everything. The product's log: {product.log}", flush=True)


if __name__ == "__main__":
    main()
