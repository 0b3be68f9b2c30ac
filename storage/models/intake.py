"""The tables of what other systems and Ironclad know about a workspace: API keys, the webhook, identities."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Double, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Row, Sealed


class ApiKeyRow(Row):
    """A key of the intake API. The key itself is nowhere: `digest` recognises it."""

    __tablename__ = "api_keys"

    team: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    digest: Mapped[str]
    made_by: Mapped[str]
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_by: Mapped[str | None]
    revoked_at: Mapped[datetime | None]
    # GCRA: until when what was asked for so far uses the allowance up, in seconds since 1970.
    spent_until: Mapped[float] = mapped_column(Double, server_default="0")


class HookRow(Row):
    """Where a workspace wants to be told what happens to its requests."""

    __tablename__ = "hooks"

    team: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str]
    url: Mapped[str]
    secret: Mapped[Sealed]
    enabled: Mapped[bool]
    set_by: Mapped[str]
    set_at: Mapped[datetime]
    failures: Mapped[int]
    failing_since: Mapped[datetime | None]
    problem: Mapped[str | None]
    delivered_at: Mapped[datetime | None]


class IdentityRow(Row):
    """Who somebody is in Ironclad, where that is not simply their Slack e-mail."""

    __tablename__ = "identities"
    __table_args__ = (
        CheckConstraint("state IN ('unmatched', 'claimed', 'linked')", name="state"),
        Index(None, "team", "state"),
    )

    team: Mapped[str] = mapped_column(primary_key=True)
    user: Mapped[str] = mapped_column(primary_key=True)
    email: Mapped[str]
    state: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]


class MemoryRow(Row):
    """What somebody last typed into a template's form, sealed."""

    __tablename__ = "memories"

    team: Mapped[str] = mapped_column(primary_key=True)
    user: Mapped[str] = mapped_column(primary_key=True)
    template_id: Mapped[str] = mapped_column(primary_key=True)
    answers: Mapped[Sealed]
    updated_at: Mapped[datetime]
