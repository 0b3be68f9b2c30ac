"""Defaults that nobody chose are none; working hours are those of the reminders"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("workspace_settings") as batch_op:
        batch_op.drop_column("work_days")
        batch_op.drop_column("day_starts")
        batch_op.drop_column("day_ends")
    # Nobody could choose these yet: they were written along with the language.
    settings = sa.table(
        "workspace_settings", sa.column("currency", sa.Text()), sa.column("time_zone", sa.Text())
    )
    op.execute(settings.update().values(currency="", time_zone=""))


def downgrade() -> None:
    with op.batch_alter_table("workspace_settings") as batch_op:
        batch_op.add_column(sa.Column("work_days", sa.JSON(), server_default="[0, 1, 2, 3, 4]", nullable=False))
        batch_op.add_column(sa.Column("day_starts", sa.Text(), server_default="09:00", nullable=False))
        batch_op.add_column(sa.Column("day_ends", sa.Text(), server_default="17:00", nullable=False))
