"""Who and what there is: teams, members, channels, installed apps, user groups, files."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from tests.sandbox.slack.errors import Json

ChannelKind = Literal["public", "private", "im", "mpim"]

_COLORS = ("4a154b", "0b7261", "b3541e", "2f5aa8", "8a2846", "5b6e1d", "6a4fa3", "19727f")


@dataclass(frozen=True)
class Team:
    """One workspace."""

    id: str
    name: str
    domain: str
    enterprise_id: str | None = None


@dataclass(frozen=True)
class Enterprise:
    """An organisation with several workspaces."""

    id: str
    name: str


@dataclass
class Member:
    """A person or a bot user of a team."""

    id: str
    team_id: str
    name: str
    real_name: str
    email: str | None = None
    is_admin: bool = False
    is_owner: bool = False
    is_bot: bool = False
    is_restricted: bool = False
    deleted: bool = False
    tz: str = "America/New_York"
    tz_offset: int = -18000
    locale: str = "en-US"
    color: str = "4a154b"


@dataclass
class Channel:
    """A conversation of any kind; direct messages are channels as well, as in Slack."""

    id: str
    team_id: str
    name: str
    kind: ChannelKind
    created: int
    members: list[str] = field(default_factory=list)
    is_archived: bool = False
    is_ext_shared: bool = False

    @property
    def scope(self) -> str:
        """The first half of the scopes that open it: `channels:read`, `groups:history`, …"""
        return {"public": "channels", "private": "groups", "im": "im", "mpim": "mpim"}[self.kind]


@dataclass(frozen=True)
class Command:
    """A slash command, with its leading slash."""

    command: str
    description: str = ""
    usage_hint: str = ""


@dataclass(frozen=True)
class Shortcut:
    """An entry of the lightning menu (`global`) or of a message's own menu (`message`)."""

    callback_id: str
    name: str
    type: Literal["global", "message"]


@dataclass
class App:
    """A Slack app as its owner configured it."""

    id: str
    name: str
    signing_secret: str
    request_url: str
    commands: tuple[Command, ...] = ()
    shortcuts: tuple[Shortcut, ...] = ()
    events: frozenset[str] = frozenset()
    home_enabled: bool = True
    verification_token: str = "sandbox-verification-token"
    client_id: str = "8888.9999"
    client_secret: str = "sandbox-client-secret"
    redirect_urls: tuple[str, ...] = ()
    rotates_tokens: bool = False
    app_token: str | None = None
    """Set: Socket Mode is on, and nothing is sent to the request URL (facts page A.9)."""


@dataclass
class Installation:
    """An app in a team: its bot user, its token, what it may do."""

    app: App
    team_id: str
    bot_id: str
    bot_user_id: str
    token: str
    scopes: frozenset[str]
    is_active: bool = True
    enterprise: Enterprise | None = None
    is_org_wide: bool = False
    """One of an organisation's workspaces: they all share one token."""
    refresh_token: str | None = None
    expires_at: float | None = None
    earlier: dict[str, float] = field(default_factory=dict)
    """Tokens that were replaced, and until when they still work."""
    spent_refresh: dict[str, float] = field(default_factory=dict)
    """Refresh tokens that were used, and until when they still are taken."""

    def knows(self, token: str) -> bool:
        """Whether this token was ever this installation's."""
        return token == self.token or token in self.earlier

    def has_expired(self, token: str, now: float) -> bool:
        """Whether a token is past its time."""
        until = self.expires_at if token == self.token else self.earlier.get(token, 0.0)
        return until is not None and now >= until


@dataclass(frozen=True)
class Grant:
    """What a code stands for. `team_id` is the organisation's id when all of it was meant."""

    app: App
    team_id: str
    user_id: str
    scopes: tuple[str, ...]
    redirect_uri: str
    issued: float


@dataclass(frozen=True)
class UserGroup:
    """A group people can be mentioned by."""

    id: str
    team_id: str
    name: str
    handle: str
    users: tuple[str, ...]


@dataclass(frozen=True)
class StoredFile:
    """An uploaded file with its bytes."""

    id: str
    team_id: str
    user_id: str
    name: str
    mimetype: str
    content: bytes
    created: int

    def slack_object(self, base_url: str) -> Json:
        """The file as Slack describes it in payloads and in `files.info`; `base_url` ends in a slash."""
        extension = self.name.rpartition(".")[2].lower() if "." in self.name else ""
        address = f"{base_url}files-pri/{self.id}/{self.name}"
        return {
            "id": self.id,
            "created": self.created,
            "timestamp": self.created,
            "name": self.name,
            "title": self.name,
            "mimetype": self.mimetype,
            "filetype": extension,
            "pretty_type": extension.upper(),
            "user": self.user_id,
            "user_team": self.team_id,
            "size": len(self.content),
            "mode": "hosted",
            "is_external": False,
            "url_private": address,
            "url_private_download": f"{base_url}files-pri/{self.id}/download/{self.name}",
        }


class Workspaces:
    """Everything of the kinds above, by id. Ids are counted, so a world built twice is the same twice."""

    def __init__(self) -> None:
        self.teams: dict[str, Team] = {}
        self.enterprises: dict[str, Enterprise] = {}
        self.members: dict[str, Member] = {}
        self.channels: dict[str, Channel] = {}
        self.installations: list[Installation] = []
        self.user_groups: list[UserGroup] = []
        self.files: dict[str, StoredFile] = {}
        self._ids = 0

    def new_id(self, letter: str) -> str:
        """A fresh id in Slack's manner: `U00000007`."""
        self._ids += 1
        return f"{letter}{self._ids:08d}"

    def next_color(self) -> str:
        """Avatars are told apart by colour."""
        return _COLORS[len(self.members) % len(_COLORS)]

    def team_channels(self, team_id: str) -> Iterator[Channel]:
        """The channels of one team, oldest first."""
        return (channel for channel in self.channels.values() if channel.team_id == team_id)

    def installed(self, team_id: str) -> list[Installation]:
        """The active apps of a team, oldest first."""
        return [one for one in self.installations if one.team_id == team_id and one.is_active]

    def by_token(self, token: str, team_id: str | None = None) -> Installation | None:
        """The installation a bot token belongs to, revoked ones included.

        The token of an organisation belongs to one in each of its workspaces: `team_id` says which is meant.
        """
        known = [one for one in self.installations if token and one.knows(token)]
        return next((one for one in known if one.team_id == team_id), known[0] if known else None)

    def of_bot(self, user_id: str) -> Installation | None:
        """The installation behind a bot user."""
        return next((one for one in self.installations if one.bot_user_id == user_id), None)

    def channel_named(self, team_id: str, name: str) -> Channel | None:
        """A named channel of a team, with or without `#`."""
        wanted = name.removeprefix("#")
        named = (one for one in self.team_channels(team_id) if one.kind in ("public", "private"))
        return next((one for one in named if one.name == wanted), None)

    def direct(self, people: Iterable[str]) -> Channel | None:
        """The direct conversation of exactly these people, if there is one."""
        wanted = set(people)
        directs = (one for one in self.channels.values() if one.kind in ("im", "mpim"))
        return next((one for one in directs if set(one.members) == wanted), None)
