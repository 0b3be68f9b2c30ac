"""Connections are reviewed, verified by a link, stand side by side; people sign in as themselves"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

#: What every connection made before asked Ironclad for; it was not written down.
CORE = (
    "public.workflows.readSchemas",
    "public.workflows.createWorkflows",
    "public.workflows.readWorkflows",
    "scim.users.readUsers",
)
VERIFIED = sa.text("state IN ('ready', 'standby')")


def upgrade() -> None:
    with op.batch_alter_table("connections") as batch_op:
        batch_op.add_column(sa.Column("demo", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("wanted", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("reviewed_by", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("revision", sa.Integer(), server_default="1", nullable=False))
        batch_op.add_column(sa.Column("broken_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("findings", sa.JSON(), nullable=True))
        batch_op.drop_constraint(op.f("ck_connections_state"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_connections_state"),
            "state IN ('review', 'returned', 'checking', 'ready', 'standby', 'failed')",
        )
        batch_op.create_index(
            "uq_connections_verified",
            ["team", "demo"],
            unique=True,
            sqlite_where=VERIFIED,
            postgresql_where=VERIFIED,
        )
    connections = sa.table(
        "connections",
        sa.column("region", sa.Text()),
        sa.column("demo", sa.Boolean()),
        sa.column("wanted", sa.JSON()),
        sa.column("scopes", sa.JSON()),
    )
    op.execute(connections.update().values(demo=connections.c.region == "demo"))
    op.execute(connections.update().values(wanted=list(CORE), scopes=list(CORE)))

    with op.batch_alter_table("connection_tokens") as batch_op:
        batch_op.add_column(sa.Column("holder", sa.Text(), server_default=sa.text("''"), nullable=False))
        batch_op.add_column(sa.Column("account", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("problem", sa.Text(), nullable=True))
        batch_op.drop_constraint(op.f("pk_connection_tokens"), type_="primary")
        batch_op.create_primary_key(op.f("pk_connection_tokens"), ["team", "connection_id", "holder"])
    # Sealed texts name the whole primary key, so these no longer open. Client credentials fetch new ones.
    op.execute("UPDATE connection_tokens SET access_token = NULL, refresh_token = NULL, expires_at = NULL")

    with op.batch_alter_table("launches") as batch_op:
        batch_op.add_column(sa.Column("demo", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.execute(
        "UPDATE launches SET demo = (SELECT connections.demo FROM connections"
        " WHERE connections.team = launches.team AND connections.id = launches.connection_id)"
        " WHERE EXISTS (SELECT 1 FROM connections"
        " WHERE connections.team = launches.team AND connections.id = launches.connection_id)"
    )

    op.create_table(
        "tickets",
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("connection_id", sa.Text(), nullable=False),
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("session", sa.Text(), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("purpose IN ('connect', 'reconnect', 'sign_in')", name=op.f("ck_tickets_purpose")),
        sa.CheckConstraint("stage IN ('link', 'consent')", name=op.f("ck_tickets_stage")),
        sa.ForeignKeyConstraint(
            ["team", "connection_id"],
            ["connections.team", "connections.id"],
            name=op.f("fk_tickets_connections"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("team", "id", name=op.f("pk_tickets")),
    )
    with op.batch_alter_table("tickets") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_tickets_team_connection_id"), ["team", "connection_id"], unique=False
        )


def downgrade() -> None:
    op.drop_table("tickets")
    with op.batch_alter_table("launches") as batch_op:
        batch_op.drop_column("demo")
    op.execute("DELETE FROM connection_tokens WHERE holder <> ''")
    with op.batch_alter_table("connection_tokens") as batch_op:
        batch_op.drop_constraint(op.f("pk_connection_tokens"), type_="primary")
        batch_op.create_primary_key(op.f("pk_connection_tokens"), ["team", "connection_id"])
        batch_op.drop_column("problem")
        batch_op.drop_column("account")
        batch_op.drop_column("holder")
    op.execute("DELETE FROM connections WHERE state NOT IN ('checking', 'ready', 'failed')")
    with op.batch_alter_table("connections") as batch_op:
        batch_op.drop_index("uq_connections_verified")
        batch_op.drop_constraint(op.f("ck_connections_state"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_connections_state"), "state IN ('checking', 'ready', 'failed')"
        )
        for name in ("findings", "checked_at", "broken_at", "revision", "reviewed_by", "wanted", "demo"):
            batch_op.drop_column(name)
