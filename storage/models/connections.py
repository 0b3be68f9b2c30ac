"""Ways into Ironclad."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Row, Sealed

_READY = text("state = 'ready'")


class ConnectionRow(Row):
    """A way into Ironclad; at most one of a workspace is ready."""

    __tablename__ = "connections"
    __table_args__ = (
        CheckConstraint("\"grant\" IN ('client_credentials', 'authorization_code')", name="grant"),
        CheckConstraint("state IN ('checking', 'ready', 'failed')", name="state"),
        Index("uq_connections_ready", "team", unique=True, sqlite_where=_READY, postgresql_where=_READY),
    )

    team: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    region: Mapped[str]
    grant: Mapped[str]
    client_id: Mapped[str]
    client_secret: Mapped[Sealed]
    acting_user: Mapped[str | None]
    state: Mapped[str]
    problem: Mapped[str | None]
    company_id: Mapped[str | None]
    company_name: Mapped[str | None]
    scopes: Mapped[Any] = mapped_column(nullable=False)
    created_by: Mapped[str]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class TokensRow(Row):
    """The tokens of a connection; replaced by compare-and-set on `version`."""

    __tablename__ = "connection_tokens"
    __table_args__ = (
        ForeignKeyConstraint(
            ["team", "connection_id"], ["connections.team", "connections.id"], ondelete="CASCADE"
        ),
    )

    team: Mapped[str] = mapped_column(primary_key=True)
    connection_id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    access_token: Mapped[Sealed | None]
    refresh_token: Mapped[Sealed | None]
    expires_at: Mapped[datetime | None]
    scope: Mapped[str | None]
    lease_until: Mapped[datetime | None]
