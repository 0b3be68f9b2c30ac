"""Where the app is installed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Install:
    """The app in a workspace, or (`org_wide`) in every workspace of an organisation."""

    #: ``T…``, or ``E…`` when it is org-wide.
    team: str
    enterprise: str | None
    org_wide: bool
    name: str
    app_id: str
    bot_user: str
    scopes: tuple[str, ...]
    #: None unless Slack rotates the tokens.
    expires_at: datetime | None
    #: Why the token cannot be renewed, if it cannot.
    problem: str | None
    installed_by: str
    installed_at: datetime


@dataclass(frozen=True, slots=True)
class BotToken:
    """The token of an install as of `version`; renewing it names the version it replaces."""

    team: str
    version: int
    text: str = field(repr=False)
    refresh_token: str | None = field(repr=False)
    expires_at: datetime | None
