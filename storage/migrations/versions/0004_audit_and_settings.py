"""The audit log, and what admins decide on Home"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "admins",
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("team", "user", name=op.f("pk_admins")),
    )
    op.create_table(
        "audit_entries",
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.Column("previous", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "origin IN ('slack', 'cli', 'api', 'ironclad', 'web', 'system')",
            name=op.f("ck_audit_entries_origin"),
        ),
        sa.PrimaryKeyConstraint("team", "n", name=op.f("pk_audit_entries")),
    )
    with op.batch_alter_table("audit_entries") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_audit_entries_team_action_n"), ["team", "action", "n"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_audit_entries_team_actor_n"), ["team", "actor", "n"], unique=False
        )

    op.create_table(
        "audit_heads",
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("seal", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("team", name=op.f("pk_audit_heads")),
    )
    op.create_table(
        "category_channels",
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("team", "category", name=op.f("pk_category_channels")),
    )
    op.create_table(
        "template_rules",
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("template_id", sa.Text(), nullable=False),
        sa.Column("hidden", sa.Boolean(), nullable=False),
        sa.Column("users", sa.JSON(), nullable=False),
        sa.Column("channels", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("team", "template_id", name=op.f("pk_template_rules")),
    )
    op.create_table(
        "workspace_settings",
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("work_days", sa.JSON(), nullable=False),
        sa.Column("day_starts", sa.Text(), nullable=False),
        sa.Column("day_ends", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("team", name=op.f("pk_workspace_settings")),
    )


def downgrade() -> None:
    op.drop_table("workspace_settings")
    op.drop_table("template_rules")
    op.drop_table("category_channels")
    op.drop_table("audit_heads")
    with op.batch_alter_table("audit_entries") as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_entries_team_actor_n"))
        batch_op.drop_index(batch_op.f("ix_audit_entries_team_action_n"))

    op.drop_table("audit_entries")
    op.drop_table("admins")
