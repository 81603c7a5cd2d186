"""Runs migrations on the app's engine: `flask db upgrade`, `flask db downgrade`."""

from alembic import context
from flask import current_app

target_db = current_app.extensions["migrate"].db


def include_object(item, name, kind, reflected, compare_to):
    return not (kind == "table" and name and name.startswith(("sqlite_", "course_search")))


def run() -> None:
    arguments = dict(current_app.extensions["migrate"].configure_args)
    with target_db.engine.connect() as connection:
        # SQLite rebuilds tables to change them; foreign keys would stand in the way.
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("ROLLBACK")
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.exec_driver_sql("BEGIN")
        context.configure(
            connection=connection,
            target_metadata=target_db.metadata,
            include_object=include_object,
            user_module_prefix="app.core.db.",
            **arguments,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("ROLLBACK")
            connection.exec_driver_sql("PRAGMA foreign_keys=ON")


run()
