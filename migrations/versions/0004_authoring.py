"""authoring: versions, tags, reviews, uploads, drafts, packages, the search index"""

import sqlalchemy as sa
from alembic import op

import app.core.db


revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

# Not a model: each database has its own kind of index (app/courses/search.py writes and asks it).
SEARCH_SQLITE = (
    "CREATE VIRTUAL TABLE course_search USING fts5(title, tags, summary, body, tokenize='unicode61 remove_diacritics 2')",
    "INSERT INTO course_search (rowid, title, tags, summary, body)"
    " SELECT id, title, '', short_description, description FROM courses",
)
# Every word stands there as it is and by its stem.
LEXEMES = "setweight(to_tsvector('simple', {text}) || to_tsvector('indonesian', {text}), '{weight}')"
SEARCH_POSTGRESQL = (
    "CREATE TABLE course_search (course_id integer PRIMARY KEY REFERENCES courses(id) ON DELETE CASCADE,"
    " document tsvector NOT NULL)",
    "CREATE INDEX ix_course_search_document ON course_search USING gin (document)",
    "INSERT INTO course_search (course_id, document) SELECT id, "
    + " || ".join(
        LEXEMES.format(text=column, weight=weight)
        for column, weight in (("title", "A"), ("short_description", "C"), ("left(description, 50000)", "D"))
    )
    + " FROM courses",
)


def upgrade() -> None:
    op.create_table('tags',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(length=60), nullable=False),
    sa.Column('name', sa.String(length=50), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tags')),
    sa.UniqueConstraint('slug', name=op.f('uq_tags_slug'))
    )
    op.create_table('edit_drafts',
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('subject', sa.String(length=10), nullable=False),
    sa.Column('subject_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('fields', sa.JSON(), nullable=False),
    sa.Column('saved_at', app.core.db.UTCDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_edit_drafts_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', 'subject', 'subject_id', name=op.f('pk_edit_drafts'))
    )
    op.create_table('uploads',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('owner_id', sa.Integer(), nullable=False),
    sa.Column('purpose', sa.String(length=20), nullable=False),
    sa.Column('file_name', sa.String(length=255), nullable=False),
    sa.Column('size', sa.BigInteger(), nullable=False),
    sa.Column('received', sa.BigInteger(), nullable=False),
    sa.Column('created_at', app.core.db.UTCDateTime(timezone=True), nullable=False),
    sa.CheckConstraint('received BETWEEN 0 AND size', name=op.f('ck_uploads_received_range')),
    sa.ForeignKeyConstraint(['owner_id'], ['users.id'], name=op.f('fk_uploads_owner_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_uploads'))
    )
    op.create_index(op.f('ix_uploads_owner_id'), 'uploads', ['owner_id'], unique=False)

    op.create_table('course_imports',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('owner_id', sa.Integer(), nullable=False),
    sa.Column('file_name', sa.String(length=255), nullable=False),
    sa.Column('stored_name', sa.String(length=100), nullable=False),
    sa.Column('title', sa.String(length=255), nullable=False),
    sa.Column('origin', sa.String(length=32), nullable=False),
    sa.Column('problem', sa.String(length=500), nullable=True),
    sa.Column('course_id', sa.Integer(), nullable=True),
    sa.Column('task_id', sa.Uuid(), nullable=True),
    sa.Column('created_at', app.core.db.UTCDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['course_id'], ['courses.id'], name=op.f('fk_course_imports_course_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['owner_id'], ['users.id'], name=op.f('fk_course_imports_owner_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['task_id'], ['tasks.id'], name=op.f('fk_course_imports_task_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_course_imports')),
    sa.UniqueConstraint('stored_name', name=op.f('uq_course_imports_stored_name'))
    )
    op.create_index(op.f('ix_course_imports_course_id'), 'course_imports', ['course_id'], unique=False)
    op.create_index(op.f('ix_course_imports_origin'), 'course_imports', ['origin'], unique=False)
    op.create_index(op.f('ix_course_imports_owner_id'), 'course_imports', ['owner_id'], unique=False)
    op.create_index(op.f('ix_course_imports_task_id'), 'course_imports', ['task_id'], unique=False)

    op.create_table('course_import_lessons',
    sa.Column('import_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('title', sa.String(length=255), nullable=False),
    sa.Column('fields', sa.JSON(), nullable=False),
    sa.Column('problem', sa.String(length=500), nullable=True),
    sa.Column('lesson_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['import_id'], ['course_imports.id'], name=op.f('fk_course_import_lessons_import_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['lesson_id'], ['lessons.id'], name=op.f('fk_course_import_lessons_lesson_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('import_id', 'number', name=op.f('pk_course_import_lessons'))
    )
    op.create_index(op.f('ix_course_import_lessons_lesson_id'), 'course_import_lessons', ['lesson_id'], unique=False)

    op.create_table('course_reviews',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('rating', sa.Integer(), nullable=False),
    sa.Column('text', sa.String(length=1000), nullable=False),
    sa.Column('created_at', app.core.db.UTCDateTime(timezone=True), nullable=False),
    sa.Column('updated_at', app.core.db.UTCDateTime(timezone=True), nullable=False),
    sa.CheckConstraint('rating BETWEEN 1 AND 5', name=op.f('ck_course_reviews_stars')),
    sa.ForeignKeyConstraint(['course_id'], ['courses.id'], name=op.f('fk_course_reviews_course_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_course_reviews_user_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_course_reviews')),
    sa.UniqueConstraint('user_id', 'course_id', name=op.f('uq_course_reviews_user_id_course_id'))
    )
    op.create_index(op.f('ix_course_reviews_course_id'), 'course_reviews', ['course_id'], unique=False)

    op.create_table('course_tags',
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('tag_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['course_id'], ['courses.id'], name=op.f('fk_course_tags_course_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['tag_id'], ['tags.id'], name=op.f('fk_course_tags_tag_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('course_id', 'tag_id', name=op.f('pk_course_tags'))
    )
    op.create_index(op.f('ix_course_tags_tag_id'), 'course_tags', ['tag_id'], unique=False)

    op.create_table('lesson_images',
    sa.Column('lesson_id', sa.Integer(), nullable=False),
    sa.Column('media_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['lesson_id'], ['lessons.id'], name=op.f('fk_lesson_images_lesson_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['media_id'], ['media.id'], name=op.f('fk_lesson_images_media_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('lesson_id', 'media_id', name=op.f('pk_lesson_images'))
    )
    op.create_index(op.f('ix_lesson_images_media_id'), 'lesson_images', ['media_id'], unique=False)

    with op.batch_alter_table('course_sections', schema=None) as batch_op:
        batch_op.add_column(sa.Column('deleted_at', app.core.db.UTCDateTime(timezone=True), nullable=True))

    with op.batch_alter_table('courses', schema=None) as batch_op:
        batch_op.add_column(sa.Column('submitted_at', app.core.db.UTCDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('submitted_by', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('rating_count', sa.Integer(), nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('rating_sum', sa.Integer(), nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('public_id', sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column('imported_from', sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column('version', sa.Integer(), nullable=False, server_default='1'))
        batch_op.add_column(sa.Column('updated_at', app.core.db.UTCDateTime(timezone=True), nullable=False, server_default=sa.func.now()))
        batch_op.add_column(sa.Column('updated_by', sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f('ix_courses_imported_from'), ['imported_from'], unique=False)
        batch_op.create_index(batch_op.f('ix_courses_submitted_by'), ['submitted_by'], unique=False)
        batch_op.create_index(batch_op.f('ix_courses_updated_by'), ['updated_by'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_courses_submitted_by'), 'users', ['submitted_by'], ['id'], ondelete='SET NULL')
        batch_op.create_foreign_key(batch_op.f('fk_courses_updated_by'), 'users', ['updated_by'], ['id'], ondelete='SET NULL')

    postgres = op.get_bind().dialect.name == 'postgresql'
    made = "substr(md5(random()::text || id::text), 1, 22)" if postgres else "lower(hex(randomblob(11)))"
    op.execute(f"UPDATE courses SET public_id = {made}")
    with op.batch_alter_table('courses', schema=None) as batch_op:
        batch_op.alter_column('public_id', existing_type=sa.String(length=32), nullable=False)
        batch_op.create_unique_constraint(batch_op.f('uq_courses_public_id'), ['public_id'])

    with op.batch_alter_table('lessons', schema=None) as batch_op:
        batch_op.add_column(sa.Column('version', sa.Integer(), nullable=False, server_default='1'))
        batch_op.add_column(sa.Column('updated_at', app.core.db.UTCDateTime(timezone=True), nullable=False, server_default=sa.func.now()))
        batch_op.add_column(sa.Column('updated_by', sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f('ix_lessons_updated_by'), ['updated_by'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_lessons_updated_by'), 'users', ['updated_by'], ['id'], ondelete='SET NULL')

    with op.batch_alter_table('media', schema=None) as batch_op:
        batch_op.add_column(sa.Column('sha256', sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column('pages', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('seconds', sa.Integer(), nullable=True))
        batch_op.alter_column('size',
               existing_type=sa.INTEGER(),
               type_=sa.BigInteger(),
               existing_nullable=False)

    with op.batch_alter_table('certificates', schema=None) as batch_op:
        batch_op.add_column(sa.Column('size', sa.Integer(), nullable=True))

    for statement in SEARCH_POSTGRESQL if postgres else SEARCH_SQLITE:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE course_search")
    with op.batch_alter_table('certificates', schema=None) as batch_op:
        batch_op.drop_column('size')

    with op.batch_alter_table('media', schema=None) as batch_op:
        batch_op.alter_column('size',
               existing_type=sa.BigInteger(),
               type_=sa.INTEGER(),
               existing_nullable=False)
        batch_op.drop_column('seconds')
        batch_op.drop_column('pages')
        batch_op.drop_column('sha256')

    with op.batch_alter_table('lessons', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_lessons_updated_by'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_lessons_updated_by'))
        batch_op.drop_column('updated_by')
        batch_op.drop_column('updated_at')
        batch_op.drop_column('version')

    with op.batch_alter_table('courses', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_courses_updated_by'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_courses_submitted_by'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('uq_courses_public_id'), type_='unique')
        batch_op.drop_index(batch_op.f('ix_courses_updated_by'))
        batch_op.drop_index(batch_op.f('ix_courses_submitted_by'))
        batch_op.drop_index(batch_op.f('ix_courses_imported_from'))
        batch_op.drop_column('updated_by')
        batch_op.drop_column('updated_at')
        batch_op.drop_column('version')
        batch_op.drop_column('imported_from')
        batch_op.drop_column('public_id')
        batch_op.drop_column('rating_sum')
        batch_op.drop_column('rating_count')
        batch_op.drop_column('submitted_by')
        batch_op.drop_column('submitted_at')

    with op.batch_alter_table('course_sections', schema=None) as batch_op:
        batch_op.drop_column('deleted_at')

    op.drop_index(op.f('ix_lesson_images_media_id'), 'lesson_images')

    op.drop_table('lesson_images')
    op.drop_index(op.f('ix_course_tags_tag_id'), 'course_tags')

    op.drop_table('course_tags')
    op.drop_index(op.f('ix_course_reviews_course_id'), 'course_reviews')

    op.drop_table('course_reviews')
    op.drop_index(op.f('ix_course_import_lessons_lesson_id'), 'course_import_lessons')

    op.drop_table('course_import_lessons')
    op.drop_index(op.f('ix_course_imports_task_id'), 'course_imports')
    op.drop_index(op.f('ix_course_imports_owner_id'), 'course_imports')
    op.drop_index(op.f('ix_course_imports_origin'), 'course_imports')
    op.drop_index(op.f('ix_course_imports_course_id'), 'course_imports')

    op.drop_table('course_imports')
    op.drop_index(op.f('ix_uploads_owner_id'), 'uploads')

    op.drop_table('uploads')
    op.drop_table('edit_drafts')
    op.drop_table('tags')
