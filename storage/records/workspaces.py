"""Workspaces and their people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


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
