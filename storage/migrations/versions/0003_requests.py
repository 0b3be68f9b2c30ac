"""Requests with fields, tasks and decisions"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('absences',
    sa.Column('team', sa.Text(), nullable=False),
    sa.Column('user', sa.Text(), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=False),
    sa.Column('delegate', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('team', 'user', name=op.f('pk_absences'))
    )
    op.create_table('request_words',
    sa.Column('team', sa.Text(), nullable=False),
    sa.Column('word', sa.Text(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('team', 'word', 'number', name=op.f('pk_request_words'))
    )
    op.create_table('rulebooks',
    sa.Column('team', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('body', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('saved_by', sa.Text(), nullable=False),
    sa.Column('saved_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('team', 'kind', 'version', name=op.f('pk_rulebooks'))
    )
    op.create_table('events',
    sa.Column('team', sa.Text(), nullable=False),
    sa.Column('request_id', sa.Text(), nullable=False),
    sa.Column('n', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('by', sa.Text(), nullable=False),
    sa.Column('task_id', sa.Text(), nullable=True),
    sa.Column('detail', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['team', 'request_id'], ['requests.team', 'requests.id'], name=op.f('fk_events_requests'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('team', 'request_id', 'n', name=op.f('pk_events'))
    )
    op.create_table('tasks',
    sa.Column('team', sa.Text(), nullable=False),
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('request_id', sa.Text(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('stage', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('rule', sa.Text(), nullable=False),
    sa.Column('needed', sa.Integer(), nullable=False),
    sa.Column('people', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('again_on', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('self_ok', sa.Boolean(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("kind IN ('approval', 'contract')", name=op.f('ck_tasks_kind')),
    sa.CheckConstraint("state IN ('waiting', 'open', 'approved', 'rejected', 'done', 'superseded', 'cancelled')", name=op.f('ck_tasks_state')),
    sa.ForeignKeyConstraint(['team', 'request_id'], ['requests.team', 'requests.id'], name=op.f('fk_tasks_requests'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('team', 'id', name=op.f('pk_tasks'))
    )
    with op.batch_alter_table('tasks') as batch_op:
        batch_op.create_index(batch_op.f('ix_tasks_team_request_id'), ['team', 'request_id'], unique=False)
        batch_op.create_index('uq_tasks_open', ['team', 'request_id'], unique=True, sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))

    op.create_table('asks',
    sa.Column('team', sa.Text(), nullable=False),
    sa.Column('task_id', sa.Text(), nullable=False),
    sa.Column('user', sa.Text(), nullable=False),
    sa.Column('for_user', sa.Text(), nullable=True),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('remind_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reminders', sa.Integer(), nullable=False),
    sa.Column('escalated_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state IN ('open', 'decided', 'delegated', 'moot')", name=op.f('ck_asks_state')),
    sa.ForeignKeyConstraint(['team', 'task_id'], ['tasks.team', 'tasks.id'], name=op.f('fk_asks_tasks'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('team', 'task_id', 'user', name=op.f('pk_asks'))
    )
    with op.batch_alter_table('asks') as batch_op:
        batch_op.create_index('ix_asks_remind_at', ['remind_at'], unique=False, sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))
        batch_op.create_index(batch_op.f('ix_asks_team_user_state'), ['team', 'user', 'state'], unique=False)

    op.create_table('decisions',
    sa.Column('team', sa.Text(), nullable=False),
    sa.Column('task_id', sa.Text(), nullable=False),
    sa.Column('user', sa.Text(), nullable=False),
    sa.Column('for_user', sa.Text(), nullable=True),
    sa.Column('verdict', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("verdict IN ('approved', 'rejected')", name=op.f('ck_decisions_verdict')),
    sa.ForeignKeyConstraint(['team', 'task_id'], ['tasks.team', 'tasks.id'], name=op.f('fk_decisions_tasks'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('team', 'task_id', 'user', name=op.f('pk_decisions'))
    )
    with op.batch_alter_table('drafts') as batch_op:
        batch_op.add_column(sa.Column('request_id', sa.Text(), nullable=True))

    with op.batch_alter_table('launches') as batch_op:
        batch_op.create_index('uq_launches_request', ['team', 'request_id'], unique=True, sqlite_where=sa.text("state <> 'abandoned'"), postgresql_where=sa.text("state <> 'abandoned'"))

    with op.batch_alter_table('requests') as batch_op:
        for name in ('state', 'source', 'origin_key', 'category', 'details'):
            batch_op.add_column(sa.Column(name, sa.Text(), nullable=True))
        for name in ('revision', 'version'):
            batch_op.add_column(sa.Column(name, sa.Integer(), nullable=True))
        for name in ('updated_at', 'closed_at'):
            batch_op.add_column(sa.Column(name, sa.DateTime(timezone=True), nullable=True))

    # Until now every request was one launch of its own.
    launched = (
        "EXISTS (SELECT 1 FROM launches WHERE launches.team = requests.team "
        "AND launches.request_id = requests.id AND launches.state = 'launched')"
    )
    op.execute(
        "UPDATE requests SET source = 'launch', revision = 1, version = 1, updated_at = created_at, "
        f"state = CASE WHEN {launched} THEN 'launched' ELSE 'contract' END, "
        f"closed_at = CASE WHEN {launched} THEN created_at END"
    )
    with op.batch_alter_table('requests') as batch_op:
        for name in ('state', 'source'):
            batch_op.alter_column(name, existing_type=sa.Text(), nullable=False)
        for name in ('revision', 'version'):
            batch_op.alter_column(name, existing_type=sa.Integer(), nullable=False)
        batch_op.alter_column('updated_at', existing_type=sa.DateTime(timezone=True), nullable=False)
        batch_op.create_check_constraint(
            op.f('ck_requests_state'),
            "state IN ('routing', 'approving', 'changes', 'contract', 'launched', 'rejected', 'cancelled')",
        )
        batch_op.create_index(batch_op.f('ix_requests_team_requester_number'), ['team', 'requester', 'number'], unique=False)
        batch_op.create_index(batch_op.f('ix_requests_team_state_number'), ['team', 'state', 'number'], unique=False)
        batch_op.create_unique_constraint(batch_op.f('uq_requests_team_origin_key'), ['team', 'origin_key'])


def downgrade() -> None:
    with op.batch_alter_table('requests') as batch_op:
        batch_op.drop_constraint(batch_op.f('uq_requests_team_origin_key'), type_='unique')
        batch_op.drop_constraint(op.f('ck_requests_state'), type_='check')
        batch_op.drop_index(batch_op.f('ix_requests_team_state_number'))
        batch_op.drop_index(batch_op.f('ix_requests_team_requester_number'))
        batch_op.drop_column('closed_at')
        batch_op.drop_column('updated_at')
        batch_op.drop_column('version')
        batch_op.drop_column('revision')
        batch_op.drop_column('details')
        batch_op.drop_column('category')
        batch_op.drop_column('origin_key')
        batch_op.drop_column('source')
        batch_op.drop_column('state')

    with op.batch_alter_table('launches') as batch_op:
        batch_op.drop_index('uq_launches_request', sqlite_where=sa.text("state <> 'abandoned'"), postgresql_where=sa.text("state <> 'abandoned'"))

    with op.batch_alter_table('drafts') as batch_op:
        batch_op.drop_column('request_id')

    op.drop_table('decisions')
    with op.batch_alter_table('asks') as batch_op:
        batch_op.drop_index(batch_op.f('ix_asks_team_user_state'))
        batch_op.drop_index('ix_asks_remind_at', sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))

    op.drop_table('asks')
    with op.batch_alter_table('tasks') as batch_op:
        batch_op.drop_index('uq_tasks_open', sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))
        batch_op.drop_index(batch_op.f('ix_tasks_team_request_id'))

    op.drop_table('tasks')
    op.drop_table('events')
    op.drop_table('rulebooks')
    op.drop_table('request_words')
    op.drop_table('absences')
