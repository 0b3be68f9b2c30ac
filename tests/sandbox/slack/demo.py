"""A furnished Slack for the demo and the tests: the team Harbor Oak and its people."""

import time
from collections.abc import Callable, Iterable

from tests.sandbox.slack.workspace import App, Command, Shortcut
from tests.sandbox.slack.world import SlackWorld

SIGNING_SECRET = "sandbox-signing-secret-8f742231b10e8888"
BOT_TOKEN = "xoxb-sandbox-bot-token"
REQUEST_URL = "http://127.0.0.1:3000/slack/events"
SCOPES = (
    "app_mentions:read",
    "channels:history",
    "channels:join",
    "channels:read",
    "chat:write",
    "commands",
    "files:read",
    "files:write",
    "groups:history",
    "groups:read",
    "im:history",
    "im:read",
    "im:write",
    "team:read",
    "usergroups:read",
    "users:read",
    "users:read.email",
)
COMMANDS = (Command("/contract", "Start or find a contract", "[REQ-12 | status | resume | help]"),)
SHORTCUTS = (
    Shortcut("request_from_message", "Start a contract request", "message"),
    Shortcut("request", "Start a contract request", "global"),
)


def demo_slack(
    *,
    scopes: Iterable[str] = SCOPES,
    commands: tuple[Command, ...] = COMMANDS,
    shortcuts: tuple[Shortcut, ...] = SHORTCUTS,
    events: Iterable[str] = ("app_home_opened",),
    request_url: str = REQUEST_URL,
    signing_secret: str = SIGNING_SECRET,
    bot_token: str = BOT_TOKEN,
    clock: Callable[[], float] = time.time,
    remember: int | None = None,
) -> SlackWorld:
    """A world with one team, its people, its channels, and the app Slipway installed.

    Dana asks for things, Lee approves, Sam is in finance, Priya administers the workspace, and Noor has no
    account in Ironclad. The app is in #procurement, #general and the private #deal-desk, not in #legal.
    """
    world = SlackWorld(clock=clock, remember=remember)
    team = world.add_team("Harbor Oak", "harbor-oak")
    people = [
        world.add_member(team, "dana", "Dana Ruiz", "dana.ruiz@example.com").id,
        world.add_member(team, "lee", "Lee Wong", "lee.wong@example.com").id,
        world.add_member(team, "sam", "Sam Ito", "sam.ito@example.com").id,
        world.add_member(
            team, "priya", "Priya Nair", "priya.nair@example.com", is_admin=True, is_owner=True
        ).id,
        world.add_member(team, "noor", "Noor Haddad", "noor.haddad@example.com").id,
    ]
    app = App(
        id=world.workspaces.new_id("A"),
        name="Slipway",
        signing_secret=signing_secret,
        request_url=request_url,
        commands=commands,
        shortcuts=shortcuts,
        events=frozenset(events),
    )
    bot = world.install(team, app, token=bot_token, scopes=scopes).bot_user_id
    world.add_channel(team, "procurement", members=[*people, bot])
    world.add_channel(team, "general", members=[*people, bot])
    world.add_channel(team, "legal", members=people)
    world.add_channel(team, "old-vendors", members=[*people, bot], is_archived=True)
    world.add_channel(team, "deal-desk", kind="private", members=[*people[:4], bot])
    world.add_user_group(team, "Approvers", "approvers", people[1:3])
    return world
