"""What Ironclad offers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Row


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
