"""Alembic's entry: run on the engine that `models.database.migrate` hands over."""

from alembic import context

from models.tables import metadata

with context.config.attributes["engine"].connect().execution_options(coopcase_write=True) as connection:
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
