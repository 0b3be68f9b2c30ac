"""Templates are offered to user groups, too, and their rules outlive being published again"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("template_rules") as batch_op:
        batch_op.add_column(sa.Column("name", sa.Text(), server_default=sa.text("''"), nullable=False))
        batch_op.add_column(sa.Column("groups", sa.JSON(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("template_rules") as batch_op:
        batch_op.drop_column("groups")
        batch_op.drop_column("name")
