"""Who changed what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

AuditOrigin = Literal["slack", "cli", "api", "ironclad", "web", "system"]


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One change: `actor` (a Slack user id, or a name like ``command line``) did `action` to `subject`."""

    team: str
    #: 1, 2, 3 … within the workspace, without gaps.
    n: int
    at: datetime
    actor: str
    #: By which way it came: Slack, the command line, the API, Ironclad, a page in the browser, or Slipway.
    origin: AuditOrigin
    #: A dotted name whose first part is the topic: ``channel.set``.
    action: str
    subject: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    #: The digest of the entry before; empty for the first.
    previous: str
    digest: str


@dataclass(frozen=True, slots=True)
class AuditFault:
    """Something about the log that is not as it was written; `n` is the entry it is about."""

    team: str
    n: int
    what: str


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which entries are wanted; an empty text and None mean all. `action` may name a topic."""

    actor: str = ""
    action: str = ""
    since: datetime | None = None
    until: datetime | None = None
