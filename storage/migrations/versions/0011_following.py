"""Workflows are followed after their launch: how each stands, and how news of them come in"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

RUNNING = sa.text("state = 'launched' AND (status IS NULL OR status IN ('active', 'paused'))")


def upgrade() -> None:
    with op.batch_alter_table("launches") as batch_op:
        batch_op.add_column(sa.Column("status", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("step_since", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(
            "ix_launches_running",
            ["team", "demo", "looked_at"],
            unique=False,
            sqlite_where=RUNNING,
            postgresql_where=RUNNING,
        )
    op.create_table(
        "feeds",
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("connection_id", sa.Text(), nullable=False),
        sa.Column("read_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("quiet", sa.Integer(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("webhook", sa.Text(), nullable=True),
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["team", "connection_id"],
            ["connections.team", "connections.id"],
            name=op.f("fk_feeds_connections"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("team", "connection_id", name=op.f("pk_feeds")),
        sa.UniqueConstraint("address", name=op.f("uq_feeds_address")),
    )


def downgrade() -> None:
    op.drop_table("feeds")
    with op.batch_alter_table("launches") as batch_op:
        batch_op.drop_index("ix_launches_running")
        for name in ("looked_at", "changed_at", "step_since", "status"):
            batch_op.drop_column(name)
