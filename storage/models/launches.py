"""From a half-filled form to a workflow."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Row, Sealed

_STATES = "state IN ('launching', 'launched', 'refused', 'asking', 'abandoned')"
_OUTCOMES = "outcome IN ('created', 'not_sent', 'refused', 'unknown', 'absent', 'adopted')"
_NOT_GIVEN_UP = text("state <> 'abandoned'")
_OPEN = text("outcome IS NULL OR outcome = 'unknown'")
#: Launches whose workflow may still move: what nobody has looked up yet counts as moving.
_RUNNING = text("state = 'launched' AND (status IS NULL OR status IN ('active', 'paused'))")


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
    request_id: Mapped[str | None]
    answers: Mapped[Sealed]
    state: Mapped[Sealed | None]
    fingerprint: Mapped[str | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    saved_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]
    warned_at: Mapped[datetime | None]
    submitted_at: Mapped[datetime | None]


class LaunchRow(Row):
    """One workflow to be made, and what became of it."""

    __tablename__ = "launches"
    __table_args__ = (
        ForeignKeyConstraint(["team", "request_id"], ["requests.team", "requests.id"]),
        UniqueConstraint("team", "workflow_id"),
        CheckConstraint(_STATES, name="state"),
        CheckConstraint("state <> 'launched' OR workflow_id IS NOT NULL", name="launched"),
        Index(None, "team", "request_id"),
        Index(
            "uq_launches_request",
            "team",
            "request_id",
            unique=True,
            sqlite_where=_NOT_GIVEN_UP,
            postgresql_where=_NOT_GIVEN_UP,
        ),
        Index(None, "team", "ironclad_id"),
        Index(None, "team", "requester", "created_at"),
        Index(None, "team", "template_id", "acting_user", "digest"),
        Index(
            "ix_launches_running",
            "team",
            "demo",
            "looked_at",
            sqlite_where=_RUNNING,
            postgresql_where=_RUNNING,
        ),
    )

    team: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    request_id: Mapped[str]
    requester: Mapped[str]
    connection_id: Mapped[str]  # no reference: the launch outlives its connection
    acting_user: Mapped[str]
    template_id: Mapped[str]
    template_name: Mapped[str]
    attributes: Mapped[Sealed]
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
    demo: Mapped[bool] = mapped_column(server_default=false())
    status: Mapped[str | None]
    step_since: Mapped[datetime | None]
    changed_at: Mapped[datetime | None]
    looked_at: Mapped[datetime | None]


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
