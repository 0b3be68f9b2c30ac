"""What someone wants: the request, its tasks, who is asked, what they decided, and what happened when."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Row, Sealed

_REQUEST_STATES = (
    "state IN ('routing', 'approving', 'changes', 'contract', 'launched', 'rejected', 'cancelled')"
)

_TASK_STATES = "state IN ('waiting', 'open', 'approved', 'rejected', 'done', 'superseded', 'cancelled')"
_OPEN = text("state = 'open'")
_OF_REQUEST = (["team", "request_id"], ["requests.team", "requests.id"])
_OF_TASK = (["team", "task_id"], ["tasks.team", "tasks.id"])


class RequestRow(Row):
    """What someone wants."""

    __tablename__ = "requests"
    __table_args__ = (
        UniqueConstraint("team", "number"),
        UniqueConstraint("team", "origin_key"),
        CheckConstraint(_REQUEST_STATES, name="state"),
        Index(None, "team", "requester", "number"),
        Index(None, "team", "state", "number"),
    )

    team: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int]
    requester: Mapped[str]
    title: Mapped[str]
    state: Mapped[str]
    source: Mapped[str]
    origin_key: Mapped[str | None]  # what it came from, so that the same thing does not make two
    category: Mapped[str | None]
    details: Mapped[Sealed | None]
    revision: Mapped[int]
    version: Mapped[int]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class TaskRow(Row):
    """One step of a request: an approval, or launching the contract."""

    __tablename__ = "tasks"
    __table_args__ = (
        ForeignKeyConstraint(*_OF_REQUEST, ondelete="CASCADE"),
        CheckConstraint("kind IN ('approval', 'contract')", name="kind"),
        CheckConstraint(_TASK_STATES, name="state"),
        Index(None, "team", "request_id"),
        # Tasks run in order, so a request is at one of them at a time.
        Index("uq_tasks_open", "team", "request_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    team: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    request_id: Mapped[str]
    position: Mapped[int]
    kind: Mapped[str]
    stage: Mapped[str]
    name: Mapped[str]
    rule: Mapped[str]
    needed: Mapped[int]
    people: Mapped[Any] = mapped_column(nullable=False)
    again_on: Mapped[Any] = mapped_column(nullable=False)
    self_ok: Mapped[bool]
    note: Mapped[str]
    state: Mapped[str]
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]


class AskRow(Row):
    """Somebody whose turn it is, or was."""

    __tablename__ = "asks"
    __table_args__ = (
        ForeignKeyConstraint(*_OF_TASK, ondelete="CASCADE"),
        CheckConstraint("state IN ('open', 'decided', 'delegated', 'moot')", name="state"),
        Index(None, "team", "user", "state"),
        Index("ix_asks_remind_at", "remind_at", sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    team: Mapped[str] = mapped_column(primary_key=True)
    task_id: Mapped[str] = mapped_column(primary_key=True)
    user: Mapped[str] = mapped_column(primary_key=True)
    for_user: Mapped[str | None]
    state: Mapped[str]
    opened_at: Mapped[datetime]
    remind_at: Mapped[datetime | None]
    reminders: Mapped[int]
    escalated_at: Mapped[datetime | None]


class DecisionRow(Row):
    """What somebody decided; a second decision of the same person on the same task cannot be written."""

    __tablename__ = "decisions"
    __table_args__ = (
        ForeignKeyConstraint(*_OF_TASK, ondelete="CASCADE"),
        CheckConstraint("verdict IN ('approved', 'rejected')", name="verdict"),
    )

    team: Mapped[str] = mapped_column(primary_key=True)
    task_id: Mapped[str] = mapped_column(primary_key=True)
    user: Mapped[str] = mapped_column(primary_key=True)
    for_user: Mapped[str | None]
    verdict: Mapped[str]
    reason: Mapped[Sealed]
    revision: Mapped[int]
    at: Mapped[datetime]


class EventRow(Row):
    """What happened to a request, in order; some of it is told in its thread."""

    __tablename__ = "events"
    __table_args__ = (ForeignKeyConstraint(*_OF_REQUEST, ondelete="CASCADE"),)

    team: Mapped[str] = mapped_column(primary_key=True)
    request_id: Mapped[str] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    by: Mapped[str]
    task_id: Mapped[str | None]
    detail: Mapped[Sealed]
    at: Mapped[datetime]


class WordRow(Row):
    """A word by which a request is found. Fields that are private in the channel have none."""

    __tablename__ = "request_words"

    team: Mapped[str] = mapped_column(primary_key=True)
    word: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)


class RulebookRow(Row):
    """Rules of a workspace that admins edit as a whole; every version is kept, the last one counts."""

    __tablename__ = "rulebooks"

    team: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    body: Mapped[Any] = mapped_column(nullable=False)
    saved_by: Mapped[str]
    saved_at: Mapped[datetime]


class AbsenceRow(Row):
    """Somebody is away and named who decides meanwhile."""

    __tablename__ = "absences"

    team: Mapped[str] = mapped_column(primary_key=True)
    user: Mapped[str] = mapped_column(primary_key=True)
    since: Mapped[datetime]
    until: Mapped[datetime]
    delegate: Mapped[str]
