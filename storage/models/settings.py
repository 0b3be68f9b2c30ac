"""What the admins of a workspace decide on its Home tab."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Row


class SettingsRow(Row):
    """The defaults of a workspace; no row means that nobody changed any."""

    __tablename__ = "workspace_settings"

    team: Mapped[str] = mapped_column(primary_key=True)
    currency: Mapped[str]
    time_zone: Mapped[str]
    language: Mapped[str | None]


class CategoryChannelRow(Row):
    """Requests of this category go to a channel of their own."""

    __tablename__ = "category_channels"

    team: Mapped[str] = mapped_column(primary_key=True)
    category: Mapped[str] = mapped_column(primary_key=True)
    channel: Mapped[str]


class TemplateRuleRow(Row):
    """To whom a template is offered, and where; no row means to everybody, everywhere."""

    __tablename__ = "template_rules"

    team: Mapped[str] = mapped_column(primary_key=True)
    template_id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(server_default=text("''"))
    hidden: Mapped[bool]
    users: Mapped[Any] = mapped_column(nullable=False)
    groups: Mapped[Any] = mapped_column(nullable=True)
    channels: Mapped[Any] = mapped_column(nullable=False)


class AdminRow(Row):
    """Somebody who runs Slipway here without being an admin of the Slack workspace."""

    __tablename__ = "admins"

    team: Mapped[str] = mapped_column(primary_key=True)
    user: Mapped[str] = mapped_column(primary_key=True)
    added_by: Mapped[str]
    added_at: Mapped[datetime]
