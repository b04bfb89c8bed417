"""Alembic's entry: run on the engine that `models.database.migrate` hands over.

Afterwards the triggers of the office's log are as they should be, rows that a migration changed have entries (those
that agreed with the log before it), everything has the words it is found by, and lists what they are read by.
"""

from alembic import context

from models.list_triggers import settle_list_triggers
from models.log_upgrade import settle, stored
from models.search_index import settle_search
from models.tables import metadata

with context.config.attributes["engine"].connect().execution_options(coopcase_write=True) as connection:
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
    with context.begin_transaction():
        behind = context.get_context().get_current_revision() != context.get_head_revision()
        before = stored(connection) if behind else None
        context.run_migrations()
        settle(connection, before, migrated=behind)
        settle_search(connection)
        settle_list_triggers(connection)
    connection.commit()
