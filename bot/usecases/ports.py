"""What the use-cases need from the outside, in their own words. `bot.slack` implements these."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from bot.forms.kept import KeptFile
from bot.usecases.errors import Refusal
from bot.usecases.policy import Group
from storage import Connection, Draft, Install, Launch

if TYPE_CHECKING:
    from bot.usecases.courses import Picture


@dataclass(frozen=True)
class Where:
    """From where templates are asked for: the request that one of them will launch, and the channel."""

    request: str = ""
    channel: str = ""


@dataclass(frozen=True)
class Offered:
    """The templates that somebody may launch from where they are, as (id, name)."""

    items: tuple[tuple[str, str], ...]
    #: In Ironclad's demo.
    demo: bool = False
    #: More are offered to them in other channels.
    elsewhere: bool = False


@dataclass(frozen=True)
class Profile:
    """A Slack person, as Slack describes them."""

    name: str
    email: str
    is_admin: bool
    #: Empty where the profile names none.
    tz: str
    locale: str


@dataclass(frozen=True)
class Standing:
    """How the app stands to a channel: `problem` is what an admin has to know of it.

    `closed`: the app cannot post there.
    """

    name: str
    problem: str | None
    closed: bool = False


SETTLED_SECONDS = 1.0
"""How long Slack may take to draw the view we answered a submit with. A change sent sooner could be drawn
first and then be covered by that answer, and the person would wait before it for ever."""


class Profiles(Protocol):
    """Looks people up in Slack."""

    async def profile(self, team: str, user: str) -> Profile:
        """The person's profile. Raises `Refusal` when Slack does not show it."""
        ...

    async def admins(self, team: str) -> list[str]:
        """The owners and admins of a workspace, as Slack lists them."""
        ...


class Screens(Protocol):
    """Changes a modal that somebody has open. A modal closed meanwhile is not an error."""

    async def templates(self, team: str, user: str, view: str, offered: Offered, where: Where) -> None:
        """Show the template list in place of the loading view."""
        ...

    async def refused(self, team: str, user: str, view: str, refusal: Refusal, where: Where) -> None:
        """Say in the modal what happened and what to do."""
        ...

    async def launch(self, team: str, view: str, launch: Launch) -> None:
        """Show how a launch ended."""
        ...


class Views(Protocol):
    """Shows how a connection stands in a modal that an admin has open."""

    async def checked(self, connection: Connection, view: str, user: str) -> None:
        """Show what a check found, there and on Home."""
        ...


class Announcer(Protocol):
    """Tells people how a launch stands: card, thread, direct message."""

    async def announce(self, launch: Launch) -> None:
        """Bring every message about this launch up to date; each is posted once, then edited.

        Raises `TryLater` when Slack cannot take it now, `CannotTell` when it will not.
        """
        ...


class RequestAnnouncer(Protocol):
    """Tells people how a request stands: card, thread, direct messages."""

    async def announce(self, team: str, request_id: str) -> None:
        """Bring every message about this request up to date; raises as `Announcer.announce`."""
        ...


class Groups(Protocol):
    """Knows who is in a group."""

    async def members(self, team: str, kind: str, group: str) -> Sequence[str] | None:
        """The Slack ids of a group's members; None for a group that is not there.

        Raises `TryLater` when that cannot be found out now.
        """
        ...


class Reminder(Protocol):
    """Reminds people directly."""

    async def remind(self, team: str, user: str, key: str, shown: Sequence[Picture], *, late: str) -> None:
        """Say to `user`, once for each `key`, what waits: for them, or for `late`, of whom they are to hear.

        Raises `TryLater`.
        """
        ...


class GroupNames(Protocol):
    """Knows which groups there are."""

    async def all(self, team: str) -> Sequence[Group]:
        """Every group that a policy can name; those that cannot be listed now are left out."""
        ...

    async def lacking(self, team: str) -> Refusal | None:
        """Why Ironclad's groups are left out; None where they are not."""
        ...


class UserGroups(Protocol):
    """Knows Slack's user groups."""

    async def members(self, team: str, group: str) -> Sequence[str] | None:
        """The people in a user group; None for one that is not there. Raises `TryLater`."""
        ...

    async def all(self, team: str) -> Sequence[tuple[str, str]]:
        """Every user group as (id, name); none where Slack does not tell."""
        ...

    async def by_email(self, team: str, email: str) -> str | None:
        """The Slack id of whoever has this e-mail address; None for nobody. Raises `TryLater`."""


class DraftTeller(Protocol):
    """Tells somebody of their own draft, in one direct message that is edited from then on.

    Raises `TryLater` when Slack cannot take it now; a person who cannot be reached is not an error.
    """

    async def waiting(self, draft: Draft) -> None:
        """It was left, or will be deleted soon."""
        ...

    async def gone(self, team: str, user: str, draft_id: str, launch: Launch | None) -> None:
        """It became `launch`, or was deleted."""
        ...


@dataclass(frozen=True)
class SharedFile:
    """A file in Slack: where its bytes are, whose it is, and in which channels it was shared."""

    file: KeptFile
    url: str
    owner: str
    channels: tuple[str, ...] = ()


class Sender(Protocol):
    """Hands files to people."""

    async def send(self, team: str, user: str, name: str, content: bytes, title: str) -> None:
        """Send `content` to `user` as a direct message. Raises `TryLater` when Slack does not take it now."""
        ...


class Files(Protocol):
    """Files that people shared in Slack."""

    async def file(self, team: str, file_id: str) -> SharedFile | None:
        """A file that the app sees; None for one that is gone or not shared with it.

        Raises `TryLater`, `FileUnreadable`.
        """
        ...

    async def shared_with(self, team: str, channel: str, ts: str) -> Sequence[str]:
        """The ids of the files of a message and of the thread under it.

        Raises `TryLater`, `FileUnreadable`.
        """
        ...

    async def in_thread(self, team: str, channel: str, ts: str) -> Sequence[SharedFile]:
        """The same files as far as their messages describe them. Raises as `shared_with`."""
        ...

    async def is_member(self, team: str, channel: str, user: str) -> bool:
        """Whether somebody is in a channel that the app sees. Raises `TryLater`."""
        ...

    def read(self, team: str, shared: SharedFile) -> AbstractAsyncContextManager[AsyncIterator[bytes]]:
        """The bytes of a file as they arrive. Raises `TryLater`, `FileUnreadable`."""
        ...


class FileUnreadable(Exception):
    """Slack does not give the file out; `what` says why and what to do."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class Homes(Protocol):
    """Draws the Home tab again."""

    async def publish(self, team: str, user: str) -> None:
        """Publish the Home tab as this user should see it."""
        ...


@dataclass(frozen=True)
class Renewed:
    """A bot token, and what replaces it when it ends."""

    bot_token: str = field(repr=False)
    refresh_token: str | None = field(repr=False)
    expires_at: datetime | None


@dataclass(frozen=True)
class Granted:
    """What an install gave us."""

    install: Install
    bot_token: str = field(repr=False)
    refresh_token: str | None = field(repr=False)


class Installer(Protocol):
    """Slack's side of installs. Its methods raise `Refusal`, and `TryLater` when Slack does not answer."""

    def consent_url(self, state: str) -> str:
        """Where somebody is asked to let the app in."""
        ...

    async def exchange(self, code: str) -> Granted:
        """What the consent behind `code` gives us."""
        ...

    async def renew(self, refresh_token: str) -> Renewed:
        """A new token. The refresh token is spent."""
        ...


class Channels(Protocol):
    """Knows where the app may post."""

    async def standing(self, team: str, channel: str) -> Standing:
        """How the app stands to `channel`."""
        ...


class Directory(Protocol):
    """Finds Slack people."""

    async def user_by_email(self, team: str, email: str) -> str | None:
        """The Slack id behind an e-mail address, or None. Raises `TryLater`."""
        ...


class Apps(Protocol):
    """Knows what Slack calls this app."""

    async def id_in(self, team: str) -> str:
        """Its id; empty where Slack does not say in time."""
        ...


class Permalinks(Protocol):
    """Knows the addresses of messages."""

    async def of(self, team: str, channel: str, ts: str) -> str | None:
        """The address of a message, if Slack gives one."""
        ...


class SystemsScreen(Protocol):
    """Changes the modal of other systems that an admin has open."""

    async def show(self, team: str, user: str, view: str, told: str) -> None:
        """Show it as it is now, with what there is to tell."""
        ...


class PeopleScreen(Protocol):
    """Changes the list of people that an admin has open, and tells those it is about."""

    async def show(self, team: str, user: str, view: str, told: str) -> None:
        """Show it as it is now, with what there is to tell."""
        ...

    async def linked(self, team: str, user: str, email: str) -> None:
        """Tell somebody who they are in Ironclad from now on. Raises `TryLater`."""
        ...


class Outgoing(Protocol):
    """Sends messages to addresses that people typed in."""

    def problem_of(self, url: str) -> str | None:
        """Why nothing is sent to this address; None when something may be."""
        ...

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> None:
        """Post a message of JSON. Raises `NotDelivered` unless it is taken."""
        ...


class NotDelivered(Exception):
    """A message was not taken; the text says why, `status` is what was answered, if anything was."""

    def __init__(self, why: str, status: int | None = None) -> None:
        super().__init__(why)
        self.status = status


class CannotTell(Exception):
    """Slack does not take a message: a mistake of ours, or of the set-up. Trying again may help later."""


class TryLater(Exception):
    """Slack cannot take it now; `seconds` is how long to wait."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"in {seconds:.0f} s")
        self.seconds = seconds
