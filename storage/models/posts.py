"""Messages to Slack."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Row


class PostRow(Row):
    """An outgoing Slack message, by the key that makes it one message."""

    __tablename__ = "posts"

    team: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    channel: Mapped[str]
    thread_ts: Mapped[str | None]
    ts: Mapped[str | None]
    digest: Mapped[str | None]
    intended_at: Mapped[datetime]
