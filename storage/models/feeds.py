"""How news of workflows come in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.base import Row


class FeedRow(Row):
    """What is known of a connection's workflows, and up to when.

    `address` is the last part of the address that Ironclad's webhook calls: random, so that nobody finds it
    by guessing. `webhook` and `key` are Ironclad's: its own id, and the public key of its signatures.
    """

    __tablename__ = "feeds"
    __table_args__ = (
        ForeignKeyConstraint(
            ["team", "connection_id"], ["connections.team", "connections.id"], ondelete="CASCADE"
        ),
        UniqueConstraint("address"),
    )

    team: Mapped[str] = mapped_column(primary_key=True)
    connection_id: Mapped[str] = mapped_column(primary_key=True)
    read_until: Mapped[datetime | None]
    next_at: Mapped[datetime]
    quiet: Mapped[int]
    address: Mapped[str]
    webhook: Mapped[str | None]
    key: Mapped[str | None]
    heard_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    problem: Mapped[str | None]
