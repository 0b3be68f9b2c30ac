"""Drafts know how they stand; refusals are remembered"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_MOMENTS = ("saved_at", "left_at", "warned_at", "submitted_at")


def upgrade() -> None:
    with op.batch_alter_table("drafts") as batch_op:
        batch_op.add_column(sa.Column("state", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("fingerprint", sa.Text(), nullable=True))
        for moment in _MOMENTS:
            batch_op.add_column(sa.Column(moment, sa.DateTime(timezone=True), nullable=True))
    # What was in a draft until now had been typed by somebody, or came from a refused launch.
    op.execute("UPDATE drafts SET saved_at = updated_at")
    op.execute(
        "UPDATE drafts SET submitted_at = updated_at WHERE EXISTS (SELECT 1 FROM submitted_drafts"
        " WHERE submitted_drafts.team = drafts.team AND submitted_drafts.draft_id = drafts.id)"
    )

    op.create_table(
        "template_lessons",
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("launch_id", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("template_id", sa.Text(), nullable=False),
        sa.Column("template_name", sa.Text(), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("learnt_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("team", "id", name=op.f("pk_template_lessons")),
        sa.UniqueConstraint(
            "team", "launch_id", "revision", "key", name=op.f("uq_template_lessons_team_launch_id_revision_key")
        ),
    )
    with op.batch_alter_table("template_lessons") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_template_lessons_team_template_name_learnt_at"),
            ["team", "template_name", "learnt_at"],
            unique=False,
        )


def downgrade() -> None:
    op.drop_table("template_lessons")
    with op.batch_alter_table("drafts") as batch_op:
        for moment in reversed(_MOMENTS):
            batch_op.drop_column(moment)
        batch_op.drop_column("fingerprint")
        batch_op.drop_column("state")
