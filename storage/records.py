"""What leaves storage: frozen values. Rows, sessions and sealed texts stay inside.

Times are aware and in UTC. `team` is the Slack workspace id (``T…``), `user` and `requester` are Slack
user ids (``U…``), `channel` a Slack conversation id, `ts` and `thread_ts` Slack message timestamps.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

LaunchState = Literal["launching", "launched", "refused", "asking", "abandoned"]
AttemptOutcome = Literal["created", "not_sent", "refused", "unknown", "absent", "adopted"]
ConnectionState = Literal["checking", "ready", "failed"]


@dataclass(frozen=True, slots=True)
class Workspace:
    """A Slack workspace and its settings."""

    team: str
    name: str
    #: Where requests are posted; None until an admin chose.
    channel: str | None
    #: Why the channel cannot be posted to at present, for the admins' Home tab.
    channel_problem: str | None
    #: The ready connection to Ironclad, if there is one.
    connection_id: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Person:
    """What we remember of someone's Slack profile."""

    team: str
    user: str
    name: str
    #: None when the profile shows none.
    email: str | None
    is_admin: bool
    tz: str | None
    locale: str | None
    fetched_at: datetime


@dataclass(frozen=True, slots=True)
class Connection:
    """A workspace's way into Ironclad, without its secrets."""

    id: str
    team: str
    region: str
    #: ``client_credentials`` or ``authorization_code``.
    grant: str
    client_id: str
    #: E-mail that calls act as where no requester's own is used; None under ``authorization_code``.
    acting_user: str | None
    state: ConnectionState
    problem: str | None
    company_id: str | None
    company_name: str | None
    scopes: tuple[str, ...]
    created_by: str
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class StoredTokens:
    """A connection's tokens as of `version`; saving new ones names the version they replace."""

    version: int
    access_token: str | None = field(repr=False)
    refresh_token: str | None = field(repr=False)
    expires_at: datetime | None
    scope: str | None


@dataclass(frozen=True, slots=True)
class TemplateFacts:
    """One launch schema as Ironclad lists it to an acting user."""

    id: str
    name: str
    schema: dict[str, Any]
    may_launch: bool


@dataclass(frozen=True, slots=True)
class StoredTemplate:
    """A cached launch schema."""

    id: str
    name: str
    schema: dict[str, Any]
    #: Changes exactly when the schema does.
    fingerprint: str
    fetched_at: datetime


@dataclass(frozen=True, slots=True)
class Offer:
    """The templates an acting user may launch, as (template id, name), sorted by name."""

    fetched_at: datetime
    items: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Opening:
    """All that the first screen of `/contract` needs to know."""

    workspace: Workspace | None
    connection: Connection | None
    person: Person | None
    offer: Offer | None


@dataclass(frozen=True, slots=True)
class Draft:
    """A launch form as far as it is filled."""

    id: str
    team: str
    user: str
    template_id: str
    template_name: str
    #: The refused launch that this draft corrects, if any.
    launch_id: str | None
    answers: dict[str, Any]
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Request:
    """What someone wants to buy or sign."""

    id: str
    team: str
    number: int
    requester: str
    title: str
    created_at: datetime

    @property
    def label(self) -> str:
        """The number as people read it."""
        return f"REQ-{self.number}"


@dataclass(frozen=True, slots=True)
class Launch:
    """One workflow to be made in Ironclad, and what became of it."""

    id: str
    team: str
    #: The number of its request.
    number: int
    request_id: str
    requester: str
    connection_id: str
    acting_user: str
    template_id: str
    template_name: str
    attributes: dict[str, Any]
    #: The same for launches whose workflows could be mistaken for each other's.
    digest: str
    #: The template's field that carries our reference, where it has one.
    reference_key: str | None
    state: LaunchState
    #: 1 for the first submit, one more for each corrected one.
    revision: int
    workflow_id: str | None
    ironclad_id: str | None
    title: str | None
    step: str | None
    url: str | None
    problem: Any
    candidates: Any
    decided_by: str | None
    created_at: datetime
    updated_at: datetime
    finished_at: datetime | None

    @property
    def label(self) -> str:
        """The request's number as people read it."""
        return f"REQ-{self.number}"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try at creating the workflow; must not be sent at or after `not_after`."""

    launch_id: str
    n: int
    started_at: datetime
    not_after: datetime
    outcome: AttemptOutcome | None
    detail: str

    @property
    def open(self) -> bool:
        """Whether this try may have made a workflow that nobody has looked up yet."""
        return self.outcome in (None, "unknown")


@dataclass(frozen=True, slots=True)
class Post:
    """A Slack message that exists once: intended first, `ts` when Slack has it."""

    team: str
    key: str
    channel: str
    thread_ts: str | None
    ts: str | None
    #: Fingerprint of what the message shows at present.
    digest: str | None
    intended_at: datetime
