"""assessments: questions and their versions, attempts, grades, statistics"""

import sqlalchemy as sa
from alembic import op

import app.core.db


revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('grading_phrases',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('text', sa.String(length=500), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_grading_phrases_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_grading_phrases')),
    sa.UniqueConstraint('user_id', 'text', name=op.f('uq_grading_phrases_user_id_text'))
    )
    op.create_table('assessments',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('owner_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('title', sa.String(length=255), nullable=False),
    sa.Column('description', sa.String(length=500), nullable=False),
    sa.Column('instructions', sa.Text(), nullable=False),
    sa.Column('time_limit_minutes', sa.Integer(), nullable=True),
    sa.Column('passing_score', sa.Integer(), nullable=False),
    sa.Column('max_attempts', sa.Integer(), nullable=False),
    sa.Column('shuffle_questions', sa.Boolean(), nullable=False),
    sa.Column('shuffle_options', sa.Boolean(), nullable=False),
    sa.Column('is_required', sa.Boolean(), nullable=False),
    sa.Column('show_score', sa.String(length=20), nullable=False),
    sa.Column('show_keys', sa.String(length=20), nullable=False),
    sa.Column('show_feedback', sa.String(length=20), nullable=False),
    sa.Column('status', sa.String(length=20), nullable=False),
    sa.Column('opens_at', app.core.db.UTCDateTime(timezone=True), nullable=True),
    sa.Column('closes_at', app.core.db.UTCDateTime(timezone=True), nullable=True),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('published_at', app.core.db.UTCDateTime(timezone=True), nullable=True),
    sa.Column('created_at', app.core.db.UTCDateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('updated_at', app.core.db.UTCDateTime(timezone=True), nullable=False),
    sa.Column('updated_by', sa.Integer(), nullable=True),
    sa.CheckConstraint('max_attempts BETWEEN 0 AND 10', name=op.f('ck_assessments_max_attempts_range')),
    sa.CheckConstraint('opens_at < closes_at', name=op.f('ck_assessments_window')),
    sa.CheckConstraint('passing_score BETWEEN 0 AND 100', name=op.f('ck_assessments_passing_score_range')),
    sa.CheckConstraint('time_limit_minutes BETWEEN 1 AND 360', name=op.f('ck_assessments_time_limit_range')),
    sa.ForeignKeyConstraint(['course_id'], ['courses.id'], name=op.f('fk_assessments_course_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['owner_id'], ['users.id'], name=op.f('fk_assessments_owner_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['updated_by'], ['users.id'], name=op.f('fk_assessments_updated_by'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assessments'))
    )
    op.create_index(op.f('ix_assessments_course_id'), 'assessments', ['course_id'], unique=False)
    op.create_index(op.f('ix_assessments_owner_id'), 'assessments', ['owner_id'], unique=False)
    op.create_index(op.f('ix_assessments_status'), 'assessments', ['status'], unique=False)
    op.create_index(op.f('ix_assessments_updated_by'), 'assessments', ['updated_by'], unique=False)

    op.create_table('questions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('type', sa.String(length=20), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('archived_at', app.core.db.UTCDateTime(timezone=True), nullable=True),
    sa.Column('created_at', app.core.db.UTCDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['course_id'], ['courses.id'], name=op.f('fk_questions_course_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_questions'))
    )
    op.create_index(op.f('ix_questions_course_id'), 'questions', ['course_id'], unique=False)

    op.create_table('assessment_extensions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('assessment_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('closes_at', app.core.db.UTCDateTime(timezone=True), nullable=True),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('given_by', sa.Integer(), nullable=True),
    sa.Column('given_at', app.core.db.UTCDateTime(timezone=True), nullable=False),
    sa.CheckConstraint('attempts BETWEEN 0 AND 10', name=op.f('ck_assessment_extensions_attempts_range')),
    sa.CheckConstraint('minutes BETWEEN 0 AND 360', name=op.f('ck_assessment_extensions_minutes_range')),
    sa.ForeignKeyConstraint(['assessment_id'], ['assessments.id'], name=op.f('fk_assessment_extensions_assessment_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['given_by'], ['users.id'], name=op.f('fk_assessment_extensions_given_by'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_assessment_extensions_user_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assessment_extensions')),
    sa.UniqueConstraint('assessment_id', 'user_id', name=op.f('uq_assessment_extensions_assessment_id_user_id'))
    )
    op.create_index(op.f('ix_assessment_extensions_given_by'), 'assessment_extensions', ['given_by'], unique=False)
    op.create_index(op.f('ix_assessment_extensions_user_id'), 'assessment_extensions', ['user_id'], unique=False)

    op.create_table('assessment_items',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('assessment_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('question_id', sa.Integer(), nullable=True),
    sa.Column('tag', sa.String(length=50), nullable=True),
    sa.Column('draw', sa.Integer(), nullable=False),
    sa.Column('points', sa.Numeric(precision=6, scale=2), nullable=True),
    sa.CheckConstraint('(question_id IS NULL) <> (tag IS NULL)', name=op.f('ck_assessment_items_question_or_tag')),
    sa.CheckConstraint('draw BETWEEN 1 AND 200', name=op.f('ck_assessment_items_draw_range')),
    sa.CheckConstraint('points >= 1', name=op.f('ck_assessment_items_points_worth')),
    sa.ForeignKeyConstraint(['assessment_id'], ['assessments.id'], name=op.f('fk_assessment_items_assessment_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['question_id'], ['questions.id'], name=op.f('fk_assessment_items_question_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assessment_items')),
    sa.UniqueConstraint('assessment_id', 'question_id', name=op.f('uq_assessment_items_assessment_id_question_id')),
    sa.UniqueConstraint('assessment_id', 'tag', name=op.f('uq_assessment_items_assessment_id_tag'))
    )
    op.create_index(op.f('ix_assessment_items_question_id'), 'assessment_items', ['question_id'], unique=False)

    op.create_table('question_tags',
    sa.Column('question_id', sa.Integer(), nullable=False),
    sa.Column('tag', sa.String(length=50), nullable=False),
    sa.ForeignKeyConstraint(['question_id'], ['questions.id'], name=op.f('fk_question_tags_question_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('question_id', 'tag', name=op.f('pk_question_tags'))
    )
    op.create_table('question_versions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('question_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('type', sa.String(length=20), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('points', sa.Numeric(precision=6, scale=2), nullable=False),
    sa.Column('feedback', sa.Text(), nullable=False),
    sa.Column('data', sa.JSON(), nullable=False),
    sa.Column('created_by', sa.Integer(), nullable=True),
    sa.Column('created_at', app.core.db.UTCDateTime(timezone=True), nullable=False),
    sa.CheckConstraint('points >= 1', name=op.f('ck_question_versions_points_worth')),
    sa.ForeignKeyConstraint(['created_by'], ['users.id'], name=op.f('fk_question_versions_created_by'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['question_id'], ['questions.id'], name=op.f('fk_question_versions_question_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_question_versions')),
    sa.UniqueConstraint('question_id', 'number', name=op.f('uq_question_versions_question_id_number'))
    )
    op.create_index(op.f('ix_question_versions_created_by'), 'question_versions', ['created_by'], unique=False)

    op.create_table('question_images',
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('media_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['media_id'], ['media.id'], name=op.f('fk_question_images_media_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['version_id'], ['question_versions.id'], name=op.f('fk_question_images_version_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('version_id', 'media_id', name=op.f('pk_question_images'))
    )
    op.create_index(op.f('ix_question_images_media_id'), 'question_images', ['media_id'], unique=False)

    op.create_table('question_options',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('text', sa.String(length=1000), nullable=False),
    sa.Column('is_key', sa.Boolean(), nullable=False),
    sa.Column('partner', sa.String(length=1000), nullable=True),
    sa.ForeignKeyConstraint(['version_id'], ['question_versions.id'], name=op.f('fk_question_options_version_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_question_options'))
    )
    op.create_index(op.f('ix_question_options_version_id'), 'question_options', ['version_id'], unique=False)

    op.create_table('question_statistics',
    sa.Column('assessment_id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('answers', sa.Integer(), nullable=False),
    sa.Column('difficulty', sa.Numeric(precision=5, scale=4), nullable=True),
    sa.Column('discrimination', sa.Numeric(precision=5, scale=4), nullable=True),
    sa.Column('choices', sa.JSON(), nullable=False),
    sa.Column('counted_at', app.core.db.UTCDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['assessment_id'], ['assessments.id'], name=op.f('fk_question_statistics_assessment_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['version_id'], ['question_versions.id'], name=op.f('fk_question_statistics_version_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('assessment_id', 'version_id', name=op.f('pk_question_statistics'))
    )
    op.create_index(op.f('ix_question_statistics_version_id'), 'question_statistics', ['version_id'], unique=False)

    op.create_table('assessment_attempts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=32), nullable=False),
    sa.Column('assessment_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('enrollment_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('status', sa.String(length=20), nullable=False),
    sa.Column('started_at', app.core.db.UTCDateTime(timezone=True), nullable=False),
    sa.Column('deadline_at', app.core.db.UTCDateTime(timezone=True), nullable=True),
    sa.Column('submitted_at', app.core.db.UTCDateTime(timezone=True), nullable=True),
    sa.Column('graded_at', app.core.db.UTCDateTime(timezone=True), nullable=True),
    sa.Column('graded_by', sa.Integer(), nullable=True),
    sa.Column('score', sa.Numeric(precision=8, scale=2), nullable=True),
    sa.Column('max_score', sa.Numeric(precision=8, scale=2), nullable=False),
    sa.Column('percentage', sa.Numeric(precision=5, scale=2), nullable=True),
    sa.Column('passed', sa.Boolean(), nullable=True),
    sa.Column('policy', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['assessment_id'], ['assessments.id'], name=op.f('fk_assessment_attempts_assessment_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['enrollment_id'], ['enrollments.id'], name=op.f('fk_assessment_attempts_enrollment_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['graded_by'], ['users.id'], name=op.f('fk_assessment_attempts_graded_by'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_assessment_attempts_user_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assessment_attempts')),
    sa.UniqueConstraint('assessment_id', 'user_id', 'number', name=op.f('uq_assessment_attempts_assessment_id_user_id_number')),
    sa.UniqueConstraint('public_id', name=op.f('uq_assessment_attempts_public_id'))
    )
    op.create_index(op.f('ix_assessment_attempts_assessment_id_status'), 'assessment_attempts', ['assessment_id', 'status'], unique=False)
    op.create_index(op.f('ix_assessment_attempts_enrollment_id'), 'assessment_attempts', ['enrollment_id'], unique=False)
    op.create_index(op.f('ix_assessment_attempts_graded_by'), 'assessment_attempts', ['graded_by'], unique=False)
    op.create_index(op.f('ix_assessment_attempts_user_id'), 'assessment_attempts', ['user_id'], unique=False)
    op.create_index('uq_assessment_attempts_open', 'assessment_attempts', ['assessment_id', 'user_id'], unique=True, sqlite_where=sa.text("status = 'in_progress'"), postgresql_where=sa.text("status = 'in_progress'"))

    op.create_table('attempt_answers',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('attempt_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('question_id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('points', sa.Numeric(precision=6, scale=2), nullable=False),
    sa.Column('drawn', sa.JSON(), nullable=False),
    sa.Column('response', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('media_id', sa.Integer(), nullable=True),
    sa.Column('sequence', sa.Integer(), nullable=False),
    sa.Column('saved_at', app.core.db.UTCDateTime(timezone=True), nullable=True),
    sa.Column('is_flagged', sa.Boolean(), nullable=False),
    sa.Column('score', sa.Numeric(precision=6, scale=2), nullable=True),
    sa.Column('feedback', sa.Text(), nullable=False),
    sa.Column('graded_by', sa.Integer(), nullable=True),
    sa.Column('graded_at', app.core.db.UTCDateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('claimed_by', sa.Integer(), nullable=True),
    sa.Column('claimed_at', app.core.db.UTCDateTime(timezone=True), nullable=True),
    sa.CheckConstraint('score >= 0 AND score <= points', name=op.f('ck_attempt_answers_score_range')),
    sa.ForeignKeyConstraint(['attempt_id'], ['assessment_attempts.id'], name=op.f('fk_attempt_answers_attempt_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['claimed_by'], ['users.id'], name=op.f('fk_attempt_answers_claimed_by'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['graded_by'], ['users.id'], name=op.f('fk_attempt_answers_graded_by'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['media_id'], ['media.id'], name=op.f('fk_attempt_answers_media_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['question_id'], ['questions.id'], name=op.f('fk_attempt_answers_question_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['version_id'], ['question_versions.id'], name=op.f('fk_attempt_answers_version_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attempt_answers')),
    sa.UniqueConstraint('attempt_id', 'position', name=op.f('uq_attempt_answers_attempt_id_position')),
    sa.UniqueConstraint('attempt_id', 'question_id', name=op.f('uq_attempt_answers_attempt_id_question_id'))
    )
    op.create_index(op.f('ix_attempt_answers_claimed_by'), 'attempt_answers', ['claimed_by'], unique=False)
    op.create_index(op.f('ix_attempt_answers_graded_by'), 'attempt_answers', ['graded_by'], unique=False)
    op.create_index(op.f('ix_attempt_answers_media_id'), 'attempt_answers', ['media_id'], unique=False)
    op.create_index(op.f('ix_attempt_answers_question_id'), 'attempt_answers', ['question_id'], unique=False)
    op.create_index(op.f('ix_attempt_answers_version_id'), 'attempt_answers', ['version_id'], unique=False)

    op.create_table('grade_changes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('answer_id', sa.Integer(), nullable=False),
    sa.Column('previous', sa.Numeric(precision=6, scale=2), nullable=True),
    sa.Column('score', sa.Numeric(precision=6, scale=2), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('changed_by', sa.Integer(), nullable=True),
    sa.Column('changed_at', app.core.db.UTCDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['answer_id'], ['attempt_answers.id'], name=op.f('fk_grade_changes_answer_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['changed_by'], ['users.id'], name=op.f('fk_grade_changes_changed_by'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_grade_changes'))
    )
    op.create_index(op.f('ix_grade_changes_answer_id'), 'grade_changes', ['answer_id'], unique=False)
    op.create_index(op.f('ix_grade_changes_changed_by'), 'grade_changes', ['changed_by'], unique=False)



def downgrade() -> None:
    op.drop_index(op.f('ix_grade_changes_changed_by'), 'grade_changes')
    op.drop_index(op.f('ix_grade_changes_answer_id'), 'grade_changes')

    op.drop_table('grade_changes')
    op.drop_index(op.f('ix_attempt_answers_version_id'), 'attempt_answers')
    op.drop_index(op.f('ix_attempt_answers_question_id'), 'attempt_answers')
    op.drop_index(op.f('ix_attempt_answers_media_id'), 'attempt_answers')
    op.drop_index(op.f('ix_attempt_answers_graded_by'), 'attempt_answers')
    op.drop_index(op.f('ix_attempt_answers_claimed_by'), 'attempt_answers')

    op.drop_table('attempt_answers')
    op.drop_index('uq_assessment_attempts_open', 'assessment_attempts', sqlite_where=sa.text("status = 'in_progress'"), postgresql_where=sa.text("status = 'in_progress'"))
    op.drop_index(op.f('ix_assessment_attempts_user_id'), 'assessment_attempts')
    op.drop_index(op.f('ix_assessment_attempts_graded_by'), 'assessment_attempts')
    op.drop_index(op.f('ix_assessment_attempts_enrollment_id'), 'assessment_attempts')
    op.drop_index(op.f('ix_assessment_attempts_assessment_id_status'), 'assessment_attempts')

    op.drop_table('assessment_attempts')
    op.drop_index(op.f('ix_question_statistics_version_id'), 'question_statistics')

    op.drop_table('question_statistics')
    op.drop_index(op.f('ix_question_options_version_id'), 'question_options')

    op.drop_table('question_options')
    op.drop_index(op.f('ix_question_images_media_id'), 'question_images')

    op.drop_table('question_images')
    op.drop_index(op.f('ix_question_versions_created_by'), 'question_versions')

    op.drop_table('question_versions')
    op.drop_table('question_tags')
    op.drop_index(op.f('ix_assessment_items_question_id'), 'assessment_items')

    op.drop_table('assessment_items')
    op.drop_index(op.f('ix_assessment_extensions_user_id'), 'assessment_extensions')
    op.drop_index(op.f('ix_assessment_extensions_given_by'), 'assessment_extensions')

    op.drop_table('assessment_extensions')
    op.drop_index(op.f('ix_questions_course_id'), 'questions')

    op.drop_table('questions')
    op.drop_index(op.f('ix_assessments_updated_by'), 'assessments')
    op.drop_index(op.f('ix_assessments_status'), 'assessments')
    op.drop_index(op.f('ix_assessments_owner_id'), 'assessments')
    op.drop_index(op.f('ix_assessments_course_id'), 'assessments')

    op.drop_table('assessments')
    op.drop_table('grading_phrases')
