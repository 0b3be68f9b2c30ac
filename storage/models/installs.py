"""Where the app is installed, and the installs that somebody has begun."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Row, Sealed


class InstallRow(Row):
    """The app in a workspace (``T…``), or in a whole organisation (`team` is then ``E…``)."""

    __tablename__ = "installs"

    team: Mapped[str] = mapped_column(primary_key=True)
    enterprise: Mapped[str | None]
    org_wide: Mapped[bool]
    name: Mapped[str]
    app_id: Mapped[str]
    bot_user: Mapped[str]
    scopes: Mapped[Any] = mapped_column(nullable=False)
    bot_token: Mapped[Sealed]
    refresh_token: Mapped[Sealed | None]
    expires_at: Mapped[datetime | None]
    version: Mapped[int]
    lease_until: Mapped[datetime | None]
    problem: Mapped[str | None]
    installed_by: Mapped[str]
    installed_at: Mapped[datetime]


class OrgWorkspaceRow(Row):
    """A workspace that was met under an organisation's install."""

    __tablename__ = "org_workspaces"

    team: Mapped[str] = mapped_column(primary_key=True)
    enterprise: Mapped[str]


class InstallStateRow(Row):
    """An install that was begun: the digest of what the browser has to bring back. `team` is ``-``."""

    __tablename__ = "install_states"

    team: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(primary_key=True)
    expires_at: Mapped[datetime]
