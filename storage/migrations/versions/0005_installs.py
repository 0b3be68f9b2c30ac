"""Installs by OAuth"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('install_states',
    sa.Column('team', sa.Text(), nullable=False),
    sa.Column('digest', sa.Text(), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('team', 'digest', name=op.f('pk_install_states'))
    )
    op.create_table('installs',
    sa.Column('team', sa.Text(), nullable=False),
    sa.Column('enterprise', sa.Text(), nullable=True),
    sa.Column('org_wide', sa.Boolean(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('app_id', sa.Text(), nullable=False),
    sa.Column('bot_user', sa.Text(), nullable=False),
    sa.Column('scopes', sa.JSON(), nullable=False),
    sa.Column('bot_token', sa.Text(), nullable=False),
    sa.Column('refresh_token', sa.Text(), nullable=True),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('problem', sa.Text(), nullable=True),
    sa.Column('installed_by', sa.Text(), nullable=False),
    sa.Column('installed_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('team', name=op.f('pk_installs'))
    )
    op.create_table('org_workspaces',
    sa.Column('team', sa.Text(), nullable=False),
    sa.Column('enterprise', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('team', name=op.f('pk_org_workspaces'))
    )


def downgrade() -> None:
    op.drop_table('org_workspaces')
    op.drop_table('installs')
    op.drop_table('install_states')
