"""The first schema"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "connections",
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("grant", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("client_secret", sa.Text(), nullable=False),
        sa.Column("acting_user", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("company_id", sa.Text(), nullable=True),
        sa.Column("company_name", sa.Text(), nullable=True),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('checking', 'ready', 'failed')", name=op.f("ck_connections_state")),
        sa.CheckConstraint(
            "\"grant\" IN ('client_credentials', 'authorization_code')", name=op.f("ck_connections_grant")
        ),
        sa.PrimaryKeyConstraint("team", "id", name=op.f("pk_connections")),
    )
    with op.batch_alter_table("connections") as batch_op:
        batch_op.create_index(
            "uq_connections_ready",
            ["team"],
            unique=True,
            sqlite_where=sa.text("state = 'ready'"),
            postgresql_where=sa.text("state = 'ready'"),
        )

    op.create_table(
        "drafts",
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column("template_id", sa.Text(), nullable=False),
        sa.Column("template_name", sa.Text(), nullable=False),
        sa.Column("launch_id", sa.Text(), nullable=True),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("team", "id", name=op.f("pk_drafts")),
    )
    with op.batch_alter_table("drafts") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_drafts_team_user_updated_at"), ["team", "user", "updated_at"], unique=False
        )

    op.create_table(
        "people",
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("is_admin", sa.Boolean(), nullable=False),
        sa.Column("tz", sa.Text(), nullable=True),
        sa.Column("locale", sa.Text(), nullable=True),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("team", "user", name=op.f("pk_people")),
    )
    op.create_table(
        "posts",
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("thread_ts", sa.Text(), nullable=True),
        sa.Column("ts", sa.Text(), nullable=True),
        sa.Column("digest", sa.Text(), nullable=True),
        sa.Column("intended_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("team", "key", name=op.f("pk_posts")),
    )
    op.create_table(
        "requests",
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("requester", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("team", "id", name=op.f("pk_requests")),
        sa.UniqueConstraint("team", "number", name=op.f("uq_requests_team_number")),
    )
    op.create_table(
        "template_offers",
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("acting_user", sa.Text(), nullable=False),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("team", "acting_user", name=op.f("pk_template_offers")),
    )
    op.create_table(
        "templates",
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("schema", sa.JSON(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("team", "id", name=op.f("pk_templates")),
    )
    op.create_table(
        "workspaces",
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=True),
        sa.Column("channel_set_by", sa.Text(), nullable=True),
        sa.Column("channel_problem", sa.Text(), nullable=True),
        sa.Column("requests_made", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("team", name=op.f("pk_workspaces")),
    )
    op.create_table(
        "connection_tokens",
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("connection_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("access_token", sa.Text(), nullable=True),
        sa.Column("refresh_token", sa.Text(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("scope", sa.Text(), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["team", "connection_id"],
            ["connections.team", "connections.id"],
            name=op.f("fk_connection_tokens_connections"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("team", "connection_id", name=op.f("pk_connection_tokens")),
    )
    op.create_table(
        "launches",
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("requester", sa.Text(), nullable=False),
        sa.Column("connection_id", sa.Text(), nullable=False),
        sa.Column("acting_user", sa.Text(), nullable=False),
        sa.Column("template_id", sa.Text(), nullable=False),
        sa.Column("template_name", sa.Text(), nullable=False),
        sa.Column("attributes", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("reference_key", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("workflow_id", sa.Text(), nullable=True),
        sa.Column("ironclad_id", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("step", sa.Text(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("problem", sa.JSON(), nullable=True),
        sa.Column("candidates", sa.JSON(), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state <> 'launched' OR workflow_id IS NOT NULL", name=op.f("ck_launches_launched")
        ),
        sa.CheckConstraint(
            "state IN ('launching', 'launched', 'refused', 'asking', 'abandoned')",
            name=op.f("ck_launches_state"),
        ),
        sa.ForeignKeyConstraint(
            ["team", "request_id"], ["requests.team", "requests.id"], name=op.f("fk_launches_requests")
        ),
        sa.PrimaryKeyConstraint("team", "id", name=op.f("pk_launches")),
        sa.UniqueConstraint("team", "workflow_id", name=op.f("uq_launches_team_workflow_id")),
    )
    with op.batch_alter_table("launches") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_launches_team_ironclad_id"), ["team", "ironclad_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_launches_team_request_id"), ["team", "request_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_launches_team_requester_created_at"),
            ["team", "requester", "created_at"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_launches_team_template_id_acting_user_digest"),
            ["team", "template_id", "acting_user", "digest"],
            unique=False,
        )

    op.create_table(
        "attempts",
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("launch_id", sa.Text(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_after", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('created', 'not_sent', 'refused', 'unknown', 'absent', 'adopted')",
            name=op.f("ck_attempts_outcome"),
        ),
        sa.ForeignKeyConstraint(
            ["team", "launch_id"],
            ["launches.team", "launches.id"],
            name=op.f("fk_attempts_launches"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("team", "launch_id", "n", name=op.f("pk_attempts")),
    )
    with op.batch_alter_table("attempts") as batch_op:
        batch_op.create_index(
            "uq_attempts_open",
            ["team", "launch_id"],
            unique=True,
            sqlite_where=sa.text("outcome IS NULL OR outcome = 'unknown'"),
            postgresql_where=sa.text("outcome IS NULL OR outcome = 'unknown'"),
        )

    op.create_table(
        "submitted_drafts",
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("draft_id", sa.Text(), nullable=False),
        sa.Column("launch_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["team", "launch_id"],
            ["launches.team", "launches.id"],
            name=op.f("fk_submitted_drafts_launches"),
            ondelete="CASCADE",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("team", "draft_id", name=op.f("pk_submitted_drafts")),
    )


def downgrade() -> None:
    op.drop_table("submitted_drafts")
    with op.batch_alter_table("attempts") as batch_op:
        batch_op.drop_index(
            "uq_attempts_open",
            sqlite_where=sa.text("outcome IS NULL OR outcome = 'unknown'"),
            postgresql_where=sa.text("outcome IS NULL OR outcome = 'unknown'"),
        )

    op.drop_table("attempts")
    with op.batch_alter_table("launches") as batch_op:
        batch_op.drop_index(batch_op.f("ix_launches_team_template_id_acting_user_digest"))
        batch_op.drop_index(batch_op.f("ix_launches_team_requester_created_at"))
        batch_op.drop_index(batch_op.f("ix_launches_team_request_id"))
        batch_op.drop_index(batch_op.f("ix_launches_team_ironclad_id"))

    op.drop_table("launches")
    op.drop_table("connection_tokens")
    op.drop_table("workspaces")
    op.drop_table("templates")
    op.drop_table("template_offers")
    op.drop_table("requests")
    op.drop_table("posts")
    op.drop_table("people")
    with op.batch_alter_table("drafts") as batch_op:
        batch_op.drop_index(batch_op.f("ix_drafts_team_user_updated_at"))

    op.drop_table("drafts")
    with op.batch_alter_table("connections") as batch_op:
        batch_op.drop_index(
            "uq_connections_ready",
            sqlite_where=sa.text("state = 'ready'"),
            postgresql_where=sa.text("state = 'ready'"),
        )

    op.drop_table("connections")
