"""What admins know about conditional questions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Row


class QuestionRulesRow(Row):
    """One version of a template's rules. A new version is a new row, so that two admins cannot overwrite each
    other and nothing is forgotten."""

    __tablename__ = "question_rules"
    __table_args__ = (
        Index("ix_question_rules_name", "team", "template_name"),
        Index("ix_question_rules_template", "team", "template_id"),
    )

    team: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    template_id: Mapped[str]
    template_name: Mapped[str]
    rules: Mapped[Any] = mapped_column(nullable=False)
    changed_by: Mapped[str]
    changed_at: Mapped[datetime]


class DroppedSuggestionRow(Row):
    """A suggested rule that an admin does not want to see again."""

    __tablename__ = "dropped_suggestions"

    team: Mapped[str] = mapped_column(primary_key=True)
    template_name: Mapped[str] = mapped_column(primary_key=True)
    rule_id: Mapped[str] = mapped_column(primary_key=True)
    dropped_by: Mapped[str]
    dropped_at: Mapped[datetime]
