"""Ways into Ironclad."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, false, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Row, Sealed

_READY = text("state = 'ready'")
_VERIFIED = text("state IN ('ready', 'standby')")
_CONNECTION_STATES = "state IN ('review', 'returned', 'checking', 'ready', 'standby', 'failed')"


class ConnectionRow(Row):
    """A way into Ironclad; at most one of a workspace is ready, and one verified of each environment."""

    __tablename__ = "connections"
    __table_args__ = (
        CheckConstraint("\"grant\" IN ('client_credentials', 'authorization_code')", name="grant"),
        CheckConstraint(_CONNECTION_STATES, name="state"),
        Index("uq_connections_ready", "team", unique=True, sqlite_where=_READY, postgresql_where=_READY),
        Index(
            "uq_connections_verified",
            "team",
            "demo",
            unique=True,
            sqlite_where=_VERIFIED,
            postgresql_where=_VERIFIED,
        ),
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
    demo: Mapped[bool] = mapped_column(server_default=false())
    wanted: Mapped[Any] = mapped_column(nullable=True)
    reviewed_by: Mapped[str | None]
    revision: Mapped[int] = mapped_column(server_default="1")
    broken_at: Mapped[datetime | None]
    checked_at: Mapped[datetime | None]
    findings: Mapped[Any] = mapped_column(nullable=True)


class TokensRow(Row):
    """The tokens of a connection, or of somebody who signed in over it (`holder`, a Slack user id).

    Replaced by compare-and-set on `version`. `account` is the e-mail of who consented in Ironclad.
    """

    __tablename__ = "connection_tokens"
    __table_args__ = (
        ForeignKeyConstraint(
            ["team", "connection_id"], ["connections.team", "connections.id"], ondelete="CASCADE"
        ),
    )

    team: Mapped[str] = mapped_column(primary_key=True)
    connection_id: Mapped[str] = mapped_column(primary_key=True)
    holder: Mapped[str] = mapped_column(primary_key=True, server_default=text("''"))
    version: Mapped[int]
    access_token: Mapped[Sealed | None]
    refresh_token: Mapped[Sealed | None]
    expires_at: Mapped[datetime | None]
    scope: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    account: Mapped[str | None]
    problem: Mapped[str | None]
