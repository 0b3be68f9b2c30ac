"""Who changed what: a chain of entries, and the sealed end of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Row, Sealed


class AuditEntryRow(Row):
    """One change. Nothing in the code alters or deletes one."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        CheckConstraint("origin IN ('slack', 'cli', 'api', 'ironclad', 'web', 'system')", name="origin"),
        Index(None, "team", "actor", "n"),
        Index(None, "team", "action", "n"),
    )

    team: Mapped[str] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[str]
    origin: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str]
    before: Mapped[Any] = mapped_column(nullable=True)
    after: Mapped[Any] = mapped_column(nullable=True)
    previous: Mapped[str]
    digest: Mapped[str]


class AuditHeadRow(Row):
    """The last entry of a workspace. Its row is what appends wait for; `seal` shows a cut-off end."""

    __tablename__ = "audit_heads"

    team: Mapped[str] = mapped_column(primary_key=True)
    n: Mapped[int]
    digest: Mapped[str]
    seal: Mapped[Sealed | None]
