"""Rules of conditional questions"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "question_rules",
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("template_id", sa.Text(), nullable=False),
        sa.Column("template_name", sa.Text(), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("team", "id", "version", name=op.f("pk_question_rules")),
    )
    with op.batch_alter_table("question_rules") as batch_op:
        batch_op.create_index("ix_question_rules_name", ["team", "template_name"])
        batch_op.create_index("ix_question_rules_template", ["team", "template_id"])

    op.create_table(
        "dropped_suggestions",
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("template_name", sa.Text(), nullable=False),
        sa.Column("rule_id", sa.Text(), nullable=False),
        sa.Column("dropped_by", sa.Text(), nullable=False),
        sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("team", "template_name", "rule_id", name=op.f("pk_dropped_suggestions")),
    )


def downgrade() -> None:
    op.drop_table("dropped_suggestions")
    op.drop_table("question_rules")
