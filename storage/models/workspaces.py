"""Workspaces and their people."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Row


class WorkspaceRow(Row):
    """Settings of a workspace, and the counter its request numbers come from."""

    __tablename__ = "workspaces"

    team: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    channel: Mapped[str | None]
    channel_set_by: Mapped[str | None]
    channel_problem: Mapped[str | None]
    requests_made: Mapped[int] = mapped_column(server_default="0")
    created_at: Mapped[datetime]


class PersonRow(Row):
    """Cache of a Slack profile."""

    __tablename__ = "people"

    team: Mapped[str] = mapped_column(primary_key=True)
    user: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    email: Mapped[str | None]
    is_admin: Mapped[bool]
    tz: Mapped[str | None]
    locale: Mapped[str | None]
    fetched_at: Mapped[datetime]
