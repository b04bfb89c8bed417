"""Alembic's entry: run on the engine that `models.database.migrate` hands over.

Afterwards the triggers of the office's log are as they should be, rows that a migration changed have entries, and
everything has the words it is found by.
"""

from alembic import context

from models.log_triggers import logged_columns, settle
from models.search_index import settle_search
from models.tables import metadata

with context.config.attributes["engine"].connect().execution_options(coopcase_write=True) as connection:
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
    with context.begin_transaction():
        before = logged_columns(connection)
        context.run_migrations()
        settle(connection, before)
        settle_search(connection)
    connection.commit()
