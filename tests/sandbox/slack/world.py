"""The state of the Slack in a box. Everything else here reads it or changes it."""

import asyncio
import copy
import time
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from tests.sandbox.slack.blockkit import problems_in_home, problems_in_message, problems_in_view
from tests.sandbox.slack.elements import with_ids
from tests.sandbox.slack.errors import Json, SlackError
from tests.sandbox.slack.messages import Message, Messages
from tests.sandbox.slack.traffic import Faults, Refusal, Traffic
from tests.sandbox.slack.triggers import ResponseUrls, Triggers
from tests.sandbox.slack.views import Views
from tests.sandbox.slack.workspace import (
    App,
    Channel,
    ChannelKind,
    Enterprise,
    Grant,
    Installation,
    Member,
    StoredFile,
    Team,
    UserGroup,
    Workspaces,
)

if TYPE_CHECKING:
    from tests.sandbox.slack.sockets import Sockets

_TOASTS = 20


@dataclass
class Rules:
    """How strict and how patient this Slack is; tests shorten what would make them wait.

    Attributes:
        ack_seconds: how long the app has to acknowledge.
        trigger_seconds: how long a trigger_id can be used.
        retry_delays: seconds before the first, second and third retry of an event.
        token_seconds: how long a rotated token works.
        refresh_grace_seconds: how long a refresh token still works after its first use.
        validates: refuse bad Block Kit; off only where a load test measures something else.
    """

    ack_seconds: float = 3.0
    trigger_seconds: float = 3.0
    retry_delays: tuple[float, ...] = (0.0, 60.0, 300.0)
    validates: bool = True
    token_seconds: float = 43_200.0
    refresh_grace_seconds: float = 0.0


@dataclass
class Changes:
    """A version that grows with every change a person could see, and a way to wait for the next."""

    version: int = 1
    _next: asyncio.Event = field(default_factory=asyncio.Event)

    def touch(self) -> None:
        """Something changed: wake everybody who waits."""
        self.version += 1
        self._next.set()
        self._next = asyncio.Event()

    async def after(self, version: int, seconds: float) -> None:
        """Return once the version is newer than the given one, or when the time is over."""
        deadline = time.monotonic() + seconds
        while self.version <= version and (left := deadline - time.monotonic()) > 0:
            try:
                await asyncio.wait_for(self._next.wait(), left)
            except TimeoutError:
                return


class SlackWorld:
    """Teams, people, channels, messages, views, apps, and a log of all that the app did.

    Args:
        clock: Unix seconds; a fixed one makes every timestamp the same in every run.
        remember: most entries per log, None for all of them.
    """

    def __init__(self, *, clock: Callable[[], float] = time.time, remember: int | None = None) -> None:
        self.clock = clock
        self.rules = Rules()
        self.base_url = "http://127.0.0.1:8400/"
        self.workspaces = Workspaces()
        self.sockets: Sockets | None = None
        self.apps: dict[str, App] = {}
        """The apps that exist, by client id, installed or not."""
        self.changes = Changes()
        self._remember = remember
        self._beginning: Workspaces | None = None
        self._background: set[asyncio.Task[Any]] = set()
        self._start()

    def _start(self) -> None:
        self.messages = Messages(self.clock)
        self.views = Views(self.workspaces.new_id, self.clock)
        self.triggers = Triggers(self.clock)
        self.response_urls = ResponseUrls(self.clock)
        self.traffic = Traffic(self._remember)
        self.faults = Faults()
        self.toasts: dict[str, list[Json]] = {}
        self.codes: dict[str, Grant] = {}
        self.uploads: dict[str, int] = {}

    # Furnishing

    def add_enterprise(self, name: str) -> Enterprise:
        """A new organisation."""
        enterprise = Enterprise(self.workspaces.new_id("E"), name)
        self.workspaces.enterprises[enterprise.id] = enterprise
        return enterprise

    def add_team(self, name: str, domain: str, enterprise: Enterprise | None = None) -> Team:
        """A new workspace."""
        team = Team(self.workspaces.new_id("T"), name, domain, enterprise.id if enterprise else None)
        self.workspaces.teams[team.id] = team
        return team

    def add_member(
        self, team: Team, name: str, real_name: str, email: str | None = None, **more: Any
    ) -> Member:
        """A new person; `more` are further fields of `Member`, for example `is_admin=True`."""
        member = Member(self.workspaces.new_id("U"), team.id, name, real_name, email, **more)
        member.color = self.workspaces.next_color()
        self.workspaces.members[member.id] = member
        for installation in self.workspaces.installed(team.id):
            self.direct(team.id, [installation.bot_user_id, member.id])
        return member

    def add_channel(
        self, team: Team, name: str, *, kind: ChannelKind = "public", members: Iterable[str] = (), **more: Any
    ) -> Channel:
        """A new channel; `more` are further fields of `Channel`, for example `is_archived=True`."""
        channel_id = self.workspaces.new_id("D" if kind == "im" else "C")
        channel = Channel(channel_id, team.id, name, kind, int(self.clock()), list(members), **more)
        self.workspaces.channels[channel.id] = channel
        return channel

    def install(
        self, team: Team, app: App, *, token: str, scopes: Iterable[str], org_wide: bool = False
    ) -> Installation:
        """Install an app: it gets a bot user and a direct conversation with everybody."""
        self.apps.setdefault(app.client_id, app)
        handle = app.name.lower().replace(" ", "-")
        bot = Member(self.workspaces.new_id("U"), team.id, handle, app.name, is_bot=True)
        bot.color = self.workspaces.next_color()
        people = [
            one.id for one in self.workspaces.members.values() if one.team_id == team.id and not one.is_bot
        ]
        self.workspaces.members[bot.id] = bot
        bot_id = self.workspaces.new_id("B")
        installation = Installation(app, team.id, bot_id, bot.id, token, frozenset(scopes))
        installation.enterprise = self.workspaces.enterprises.get(team.enterprise_id or "")
        installation.is_org_wide = org_wide
        self.workspaces.installations.append(installation)
        for person in people:
            self.direct(team.id, [bot.id, person])
        return installation

    def add_user_group(self, team: Team, name: str, handle: str, users: Iterable[str]) -> UserGroup:
        """A group of people."""
        group = UserGroup(self.workspaces.new_id("S"), team.id, name, handle, tuple(users))
        self.workspaces.user_groups.append(group)
        return group

    def add_file(self, owner: Member, name: str, mimetype: str, content: bytes) -> StoredFile:
        """Store an upload."""
        file_id = self.workspaces.new_id("F")
        stored = StoredFile(file_id, owner.team_id, owner.id, name, mimetype, content, int(self.clock()))
        self.workspaces.files[file_id] = stored
        return stored

    def fill_file(self, file_id: str, content: bytes) -> None:
        """The bytes of a file that was announced before."""
        self.workspaces.files[file_id] = replace(self.workspaces.files[file_id], content=content)

    def direct(self, team_id: str, people: list[str]) -> Channel:
        """The direct conversation of these people, made when there is none."""
        channel = self.workspaces.direct(people)
        if channel is None:
            kind: ChannelKind = "im" if len(set(people)) <= 2 else "mpim"
            channel = self.add_channel(self.workspaces.teams[team_id], "", kind=kind, members=people)
        return channel

    # Running

    def mark_beginning(self) -> None:
        """Remember the furniture as it is now, for `reset`."""
        self._beginning = copy.deepcopy(self.workspaces)

    def reset(self) -> None:
        """Back to the beginning: nothing said, nothing open, nothing logged."""
        if self._beginning is not None:
            # Installed apps stay the same objects: servers and tests hold on to them.
            installations = self.workspaces.installations
            self.workspaces = copy.deepcopy(self._beginning)
            self.workspaces.installations = installations
        self._start()
        self.changes.touch()

    def contains(self, text: str) -> bool:
        """Whether this text ever came from the app, in whatever call, answer or post."""
        return self.traffic.contains(text)

    def refuse(self, method: str, error: SlackError, payload: Any) -> None:
        """Put a refusal on the log and on the page."""
        self.traffic.refused.append(Refusal(method, error.code, error.messages, self.clock(), payload))
        self.changes.touch()

    def toast(self, user_id: str, text: str) -> None:
        """Show a passing notice to one person."""
        shown = self.toasts.setdefault(user_id, [])
        shown.append({"id": self.workspaces.new_id("n"), "text": text})
        del shown[:-_TOASTS]
        self.changes.touch()

    def check_view(self, view: Any, *, home: bool = False, pointer: str = "/view") -> None:
        """Raise `invalid_arguments` with pointers for a view that Slack would refuse."""
        find = problems_in_home if home else problems_in_view
        problems = find(view, pointer) if self.rules.validates else []
        if problems:
            raise SlackError("invalid_arguments", problems)

    def check_blocks(self, blocks: Any) -> None:
        """Raise `invalid_blocks` with pointers for blocks that Slack would not post."""
        problems = problems_in_message(blocks) if self.rules.validates else []
        if problems:
            raise SlackError("only_one_table_allowed" if _one_table(problems) else "invalid_blocks", problems)

    def post(self, channel: Channel, author: str, text: str, **more: Any) -> Message:
        """Put a message into a conversation; `more` are further fields of `Message`."""
        more["blocks"] = with_ids(more.get("blocks") or [], lambda: self.workspaces.new_id("b"))
        message = self.messages.add(Message(self.messages.next_ts(), channel.id, author, text, **more))
        self.changes.touch()
        return message

    def edit(self, message: Message, text: str, blocks: list[Json] | None) -> None:
        """Change a message in place; blocks of None keep those it has."""
        message.text = text
        message.edited_at = self.messages.next_ts()
        if blocks is not None:
            message.earlier_blocks.append(message.blocks)
            message.blocks = with_ids(blocks, lambda: self.workspaces.new_id("b"))
        self.changes.touch()

    def file_object(self, file_id: str) -> Json | None:
        """A file as Slack describes it, None when there is none with this id."""
        stored = self.workspaces.files.get(file_id)
        return stored.slack_object(self.base_url) if stored is not None else None

    def shared_in(self, file_id: str) -> list[Channel]:
        """The conversations in which a file was shared."""
        return [
            channel
            for channel in self.workspaces.channels.values()
            if any(file_id in message.files for message in self.messages.of(channel.id))
        ]

    # Background work

    def background(self, work: Coroutine[Any, Any, Any]) -> "asyncio.Task[Any]":
        """Run something that nobody waits for now; `settled` does."""
        task = asyncio.get_running_loop().create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)
        return task

    async def settled(self) -> None:
        """Wait until all events have been delivered or given up."""
        while self._background:
            await asyncio.gather(*self._background, return_exceptions=True)

    async def stop(self) -> None:
        """Drop what is still under way."""
        for task in tuple(self._background):
            task.cancel()
        await self.settled()


def _one_table(problems: list[str]) -> bool:
    return all("only_one_table_allowed" in one for one in problems)
