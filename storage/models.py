"""The tables. Constraints carry the rules: once, one current, one open.

Every key starts with the Slack workspace (`team`), and every reference includes it, so that a row
cannot even point at another workspace's. Sealed columns hold texts of `storage.sealing`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, CheckConstraint, ForeignKeyConstraint, Index, MetaData, UniqueConstraint, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from storage.columns import PlainText, UtcDateTime

_STATES = "state IN ('launching', 'launched', 'refused', 'asking', 'abandoned')"
_OUTCOMES = "outcome IN ('created', 'not_sent', 'refused', 'unknown', 'absent', 'adopted')"
_OPEN = text("outcome IS NULL OR outcome = 'unknown'")
_READY = text("state = 'ready'")


class Row(DeclarativeBase):
    """Base of every table; names constraints, so that migrations can address them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: PlainText,
        datetime: UtcDateTime,
        Any: JSON(none_as_null=True),
    }


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
    client_secret: Mapped[str]  # sealed
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
    access_token: Mapped[str | None]  # sealed
    refresh_token: Mapped[str | None]  # sealed
    expires_at: Mapped[datetime | None]
    scope: Mapped[str | None]
    lease_until: Mapped[datetime | None]


class TemplateRow(Row):
    """Cache of a launch schema."""

    __tablename__ = "templates"

    team: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    schema: Mapped[Any] = mapped_column(nullable=False)
    fingerprint: Mapped[str]
    fetched_at: Mapped[datetime]


class OfferRow(Row):
    """Which templates an acting user may launch, in the order shown."""

    __tablename__ = "template_offers"

    team: Mapped[str] = mapped_column(primary_key=True)
    acting_user: Mapped[str] = mapped_column(primary_key=True)
    items: Mapped[Any] = mapped_column(nullable=False)
    fetched_at: Mapped[datetime]


class DraftRow(Row):
    """A half-filled launch form."""

    __tablename__ = "drafts"
    __table_args__ = (Index(None, "team", "user", "updated_at"),)

    team: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    user: Mapped[str]
    template_id: Mapped[str]
    template_name: Mapped[str]
    launch_id: Mapped[str | None]
    answers: Mapped[str]  # sealed
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class RequestRow(Row):
    """What someone wants."""

    __tablename__ = "requests"
    __table_args__ = (UniqueConstraint("team", "number"),)

    team: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int]
    requester: Mapped[str]
    title: Mapped[str]
    created_at: Mapped[datetime]


class LaunchRow(Row):
    """One workflow to be made, and what became of it."""

    __tablename__ = "launches"
    __table_args__ = (
        ForeignKeyConstraint(["team", "request_id"], ["requests.team", "requests.id"]),
        UniqueConstraint("team", "workflow_id"),
        CheckConstraint(_STATES, name="state"),
        CheckConstraint("state <> 'launched' OR workflow_id IS NOT NULL", name="launched"),
        Index(None, "team", "request_id"),
        Index(None, "team", "ironclad_id"),
        Index(None, "team", "requester", "created_at"),
        Index(None, "team", "template_id", "acting_user", "digest"),
    )

    team: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    request_id: Mapped[str]
    requester: Mapped[str]
    connection_id: Mapped[str]  # no reference: the launch outlives its connection
    acting_user: Mapped[str]
    template_id: Mapped[str]
    template_name: Mapped[str]
    attributes: Mapped[str]  # sealed
    digest: Mapped[str]
    reference_key: Mapped[str | None]
    state: Mapped[str]
    revision: Mapped[int]
    workflow_id: Mapped[str | None]
    ironclad_id: Mapped[str | None]
    title: Mapped[str | None]
    step: Mapped[str | None]
    url: Mapped[str | None]
    problem: Mapped[Any] = mapped_column(nullable=True)
    candidates: Mapped[Any] = mapped_column(nullable=True)
    decided_by: Mapped[str | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class SubmittedDraftRow(Row):
    """Drafts that were submitted: each became one launch (or one correction of it), for ever."""

    __tablename__ = "submitted_drafts"
    __table_args__ = (
        # Deferred, because the draft is claimed before the launch is written: whoever comes second
        # then learns of the first without having written anything.
        ForeignKeyConstraint(
            ["team", "launch_id"],
            ["launches.team", "launches.id"],
            ondelete="CASCADE",
            deferrable=True,
            initially="DEFERRED",
        ),
    )

    team: Mapped[str] = mapped_column(primary_key=True)
    draft_id: Mapped[str] = mapped_column(primary_key=True)
    launch_id: Mapped[str]


class AttemptRow(Row):
    """One try at creating the workflow; at most one of a launch is open."""

    __tablename__ = "attempts"
    __table_args__ = (
        ForeignKeyConstraint(["team", "launch_id"], ["launches.team", "launches.id"], ondelete="CASCADE"),
        CheckConstraint(_OUTCOMES, name="outcome"),
        Index(
            "uq_attempts_open", "team", "launch_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN
        ),
    )

    team: Mapped[str] = mapped_column(primary_key=True)
    launch_id: Mapped[str] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)
    started_at: Mapped[datetime]
    not_after: Mapped[datetime]
    outcome: Mapped[str | None]
    detail: Mapped[str]


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
