"""Cases that the sample office transferred are opened at the receiving office, as the worker does it in a real one."""

from datetime import date

from sqlalchemy import Connection, select, update

from casework.transfers import open_at_receiver
from models.clock import FrozenClock
from models.tables import effects


def open_at_receivers(connection: Connection, on: date) -> None:
    """Open what the acts of a day ask for."""
    asked = select(effects).where(effects.c.kind == "open_case", effects.c.status == "pending")
    for row in list(connection.execute(asked.order_by(effects.c.id)).mappings()):
        clock = FrozenClock.on(on, 16)
        open_at_receiver(connection, row["case_id"], row["payload"]["office"], clock)
        connection.execute(update(effects).where(effects.c.id == row["id"]).values(status="done", done_at=clock.now()))
