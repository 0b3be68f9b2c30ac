"""Leave to do something in a browser."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Row


class TicketRow(Row):
    """Leave to do one thing in a browser, once: an approval link, or the way back from Ironclad's consent."""

    __tablename__ = "tickets"
    __table_args__ = (
        ForeignKeyConstraint(
            ["team", "connection_id"], ["connections.team", "connections.id"], ondelete="CASCADE"
        ),
        CheckConstraint("purpose IN ('connect', 'reconnect', 'sign_in')", name="purpose"),
        CheckConstraint("stage IN ('link', 'consent')", name="stage"),
        Index(None, "team", "connection_id"),
    )

    team: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    purpose: Mapped[str]
    stage: Mapped[str]
    connection_id: Mapped[str]
    user: Mapped[str]
    digest: Mapped[str]  # of the secret that only the address holds
    session: Mapped[str | None]  # digest of the cookie of the browser that may come back
    details: Mapped[Any] = mapped_column(nullable=False)
    issued_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
