"""people: requests, devices, two steps, imports, long tasks, whom a fact is about"""

import sqlalchemy as sa
from alembic import op

import app.core.db


revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

# Columns come and go by ALTER TABLE, not by Alembic's batch: a table that is made anew loses its triggers on SQLite,
# and dropping `users` would cascade.


def upgrade() -> None:
    op.create_table('tasks',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(length=50), nullable=False),
    sa.Column('params', sa.JSON(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('done', sa.Integer(), nullable=False),
    sa.Column('total', sa.Integer(), nullable=False),
    sa.Column('report', sa.JSON(), nullable=False),
    sa.Column('requested_by', sa.Integer(), nullable=True),
    sa.Column('created_at', app.core.db.UTCDateTime(timezone=True), nullable=False),
    sa.Column('finished_at', app.core.db.UTCDateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tasks'))
    )
    op.create_table('account_requests',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('purpose', sa.String(length=10), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('previous_email', sa.String(length=254), nullable=True),
    sa.Column('token_hash', sa.String(length=64), nullable=True),
    sa.Column('created_at', app.core.db.UTCDateTime(timezone=True), nullable=False),
    sa.Column('used_at', app.core.db.UTCDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_account_requests_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account_requests')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_account_requests_token_hash'))
    )
    op.create_index(op.f('ix_account_requests_user_id_purpose'), 'account_requests', ['user_id', 'purpose'], unique=False)

    op.create_table('known_devices',
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('device_hash', sa.String(length=64), nullable=False),
    sa.Column('created_at', app.core.db.UTCDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_known_devices_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', 'device_hash', name=op.f('pk_known_devices'))
    )
    op.create_table('people_imports',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('file_name', sa.String(length=255), nullable=False),
    sa.Column('uploaded_by', sa.Integer(), nullable=True),
    sa.Column('created_at', app.core.db.UTCDateTime(timezone=True), nullable=False),
    sa.Column('task_id', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['task_id'], ['tasks.id'], name=op.f('fk_people_imports_task_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['uploaded_by'], ['users.id'], name=op.f('fk_people_imports_uploaded_by'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_people_imports'))
    )
    op.create_index(op.f('ix_people_imports_task_id'), 'people_imports', ['task_id'], unique=False)
    op.create_index(op.f('ix_people_imports_uploaded_by'), 'people_imports', ['uploaded_by'], unique=False)

    op.create_table('recovery_codes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('code_hash', sa.String(length=64), nullable=False),
    sa.Column('used_at', app.core.db.UTCDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_recovery_codes_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recovery_codes')),
    sa.UniqueConstraint('user_id', 'code_hash', name=op.f('uq_recovery_codes_user_id_code_hash'))
    )
    op.create_table('two_factors',
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('secret', sa.String(length=255), nullable=False),
    sa.Column('created_at', app.core.db.UTCDateTime(timezone=True), nullable=False),
    sa.Column('confirmed_at', app.core.db.UTCDateTime(timezone=True), nullable=True),
    sa.Column('last_step', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_two_factors_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', name=op.f('pk_two_factors'))
    )
    op.create_table('people_import_rows',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('import_id', sa.Uuid(), nullable=False),
    sa.Column('line', sa.Integer(), nullable=False),
    sa.Column('cells', sa.JSON(), nullable=False),
    sa.Column('verdict', sa.String(length=10), nullable=False),
    sa.Column('problems', sa.JSON(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('outcome', sa.String(length=10), nullable=True),
    sa.ForeignKeyConstraint(['import_id'], ['people_imports.id'], name=op.f('fk_people_import_rows_import_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_people_import_rows_user_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_people_import_rows')),
    sa.UniqueConstraint('import_id', 'line', name=op.f('uq_people_import_rows_import_id_line'))
    )
    op.create_index(op.f('ix_people_import_rows_user_id'), 'people_import_rows', ['user_id'], unique=False)

    op.add_column('event_store', sa.Column('subject_id', sa.Integer(), nullable=True))
    op.create_index(op.f('ix_event_store_subject_id_seq'), 'event_store', ['subject_id', 'seq'], unique=False)

    with op.batch_alter_table('outgoing_mails', schema=None) as batch_op:
        batch_op.add_column(sa.Column('request_id', sa.Integer(), nullable=True))
        batch_op.alter_column('notification_id',
               existing_type=sa.INTEGER(),
               nullable=True)
        batch_op.create_index(batch_op.f('ix_outgoing_mails_request_id'), ['request_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_outgoing_mails_request_id'), 'account_requests', ['request_id'], ['id'], ondelete='CASCADE')

    op.add_column('sessions', sa.Column('awaits_code', sa.Boolean(), nullable=False, server_default=sa.false()))

    op.add_column('users', sa.Column('last_seen_at', app.core.db.UTCDateTime(timezone=True), nullable=True))
    op.add_column('users', sa.Column('email_verified_at', app.core.db.UTCDateTime(timezone=True), nullable=True))
    op.add_column('users', sa.Column('initial_key', sa.String(length=32), nullable=True))
    op.add_column('users', sa.Column('anonymized_at', app.core.db.UTCDateTime(timezone=True), nullable=True))
    op.execute("UPDATE users SET email_verified_at = created_at WHERE email IS NOT NULL")


def downgrade() -> None:
    op.drop_column('users', 'anonymized_at')
    op.drop_column('users', 'initial_key')
    op.drop_column('users', 'email_verified_at')
    op.drop_column('users', 'last_seen_at')

    op.drop_column('sessions', 'awaits_code')

    op.execute("DELETE FROM outgoing_mails WHERE notification_id IS NULL")
    with op.batch_alter_table('outgoing_mails', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_outgoing_mails_request_id'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_outgoing_mails_request_id'))
        batch_op.alter_column('notification_id',
               existing_type=sa.INTEGER(),
               nullable=False)
        batch_op.drop_column('request_id')

    op.drop_index(op.f('ix_event_store_subject_id_seq'), 'event_store')
    op.drop_column('event_store', 'subject_id')

    op.drop_index(op.f('ix_people_import_rows_user_id'), 'people_import_rows')

    op.drop_table('people_import_rows')
    op.drop_table('two_factors')
    op.drop_table('recovery_codes')
    op.drop_index(op.f('ix_people_imports_uploaded_by'), 'people_imports')
    op.drop_index(op.f('ix_people_imports_task_id'), 'people_imports')

    op.drop_table('people_imports')
    op.drop_table('known_devices')
    op.drop_index(op.f('ix_account_requests_user_id_purpose'), 'account_requests')

    op.drop_table('account_requests')
    op.drop_table('tasks')
