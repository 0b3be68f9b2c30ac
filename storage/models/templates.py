"""What Ironclad offers, and what its refusals taught."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Row, Sealed


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


class VersionRow(Row):
    """Every version of a launch schema that was seen, so that it can be said what changed."""

    __tablename__ = "template_versions"
    __table_args__ = (Index(None, "team", "seen_at"),)

    team: Mapped[str] = mapped_column(primary_key=True)
    template_id: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    schema: Mapped[Any] = mapped_column(nullable=False)
    seen_at: Mapped[datetime]


class SightingRow(Row):
    """A template that Ironclad lists, or did until `gone_at`."""

    __tablename__ = "template_sightings"

    team: Mapped[str] = mapped_column(primary_key=True)
    template_id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    gone_at: Mapped[datetime | None]


class LookRow(Row):
    """When an admin last looked at what changed."""

    __tablename__ = "template_looks"

    team: Mapped[str] = mapped_column(primary_key=True)
    looked_at: Mapped[datetime]
    by: Mapped[str]


class LessonRow(Row):
    """A field that Ironclad missed or did not take in a launch, and the answers it was said of."""

    __tablename__ = "template_lessons"
    __table_args__ = (
        UniqueConstraint("team", "launch_id", "revision", "key"),
        Index(None, "team", "template_name", "learnt_at"),
    )

    team: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    launch_id: Mapped[str]
    revision: Mapped[int]
    key: Mapped[str]
    code: Mapped[str]
    template_id: Mapped[str]
    template_name: Mapped[str]
    answers: Mapped[Sealed]
    learnt_at: Mapped[datetime]
