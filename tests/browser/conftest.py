"""Chromium, the page on the real Slack stand-in, and an app of a few lines that shows the gallery."""

import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright, expect

from tests.browser.toy import ToyApp
from tests.sandbox.serving import free_port, serving
from tests.sandbox.slack.workspace import App, Command, Member, Shortcut
from tests.sandbox.slack.world import SlackWorld
from tests.sandbox.web_page import slack_with_page

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SCOPES = ("chat:write", "commands", "channels:read", "im:write", "users:read")


@dataclass(frozen=True)
class Sandbox:
    """The page's address, the world behind it, the app in it, and two of its people."""

    url: str
    world: SlackWorld
    toy: ToyApp
    dana: Member
    lee: Member
    channel: str


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """One browser for all tests."""
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("needs Chromium on the PATH (Debian: apt-get install chromium)")
    expect.set_options(timeout=60_000)  # only against hanging: a busy machine may take its time
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def sandbox() -> AsyncIterator[Sandbox]:
    """A fresh world on free ports."""
    slack_port = free_port(0)
    app_port = free_port(0)
    world = SlackWorld()
    team = world.add_team("Harbor Oak", "harbor-oak")
    dana = world.add_member(team, "dana.ruiz", "Dana Ruiz", "dana.ruiz@example.com")
    lee = world.add_member(team, "lee.wong", "Lee Wong", "lee.wong@example.com", is_admin=True)
    channel = world.add_channel(team, "procurement", members=[dana.id, lee.id])
    installed = world.install(team, _app(app_port), token="xoxb-toy", scopes=SCOPES)
    channel.members.append(installed.bot_user_id)
    async with httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{slack_port}/api/",
        headers={"authorization": "Bearer xoxb-toy"},
        trust_env=False,
    ) as slack:
        toy = ToyApp(slack)
        page = slack_with_page(world, opened_by=dana.id)
        async with serving(toy.web, app_port), serving(page, slack_port) as url:
            yield Sandbox(url, world, toy, dana, lee, channel.id)
            world.changes.touch()  # lets go of long polls, which the servers would wait for


def _app(port: int) -> App:
    return App(
        id="A1",
        name="Slipway",
        signing_secret="toy",
        request_url=f"http://127.0.0.1:{port}/slack/events",
        commands=(Command("/contract", "Launch a contract", "[REQ-12 | status | help]"),),
        shortcuts=(
            Shortcut("from_message", "Start a contract request", "message"),
            Shortcut("from_anywhere", "New contract", "global"),
        ),
        events=frozenset({"app_home_opened"}),
    )


@pytest_asyncio.fixture(loop_scope="session")
async def page(chromium: Browser, sandbox: Sandbox) -> AsyncIterator[Page]:
    """A tab on the page, opened by Dana; a script error or a refused script fails the test."""
    context = await chromium.new_context(viewport={"width": 1280, "height": 800}, locale="en-US")
    tab = await context.new_page()
    tab.set_default_timeout(10_000)
    problems: list[str] = []
    tab.on("pageerror", lambda error: problems.append(str(error)))
    tab.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
    await tab.goto(sandbox.url)
    await tab.get_by_role("heading", name="procurement").wait_for()
    yield tab
    await context.close()
    assert problems == []
