"""What launch schemas were like before"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "template_versions",
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("template_id", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("schema", sa.JSON(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("team", "template_id", "fingerprint", name=op.f("pk_template_versions")),
    )
    with op.batch_alter_table("template_versions") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_template_versions_team_seen_at"), ["team", "seen_at"], unique=False
        )
    # The versions known today, so that the next change can be told from them.
    op.execute(
        "INSERT INTO template_versions (team, template_id, fingerprint, name, schema, seen_at)"
        " SELECT team, id, fingerprint, name, schema, fetched_at FROM templates"
    )
    op.create_table(
        "template_looks",
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("team", name=op.f("pk_template_looks")),
    )


def downgrade() -> None:
    op.drop_table("template_looks")
    op.drop_table("template_versions")
