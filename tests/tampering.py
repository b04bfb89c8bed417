"""Changes made past the program, by a person who can write the database and knows its triggers."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, select

from casework.ledger import facts_of
from models.log_triggers import drop_statements, install
from models.tables import case_rows, facts
from procedures.state_machine.chain import fact_hash


@contextmanager
def behind_the_program(bind: Engine) -> Iterator[Connection]:
    """A transaction in which the triggers are gone; afterwards they are there again, so that nothing shows."""
    with bind.connect().execution_options(coopcase_write=True) as connection, connection.begin():
        for statement in drop_statements(connection.dialect.name):
            connection.exec_driver_sql(statement)
        yield connection
        install(connection)


def rewrite_chain(connection: Connection, ref: str, **changes: Any) -> None:
    """Change the first fact of a case and compute every hash after it anew, head included."""
    case = connection.execute(select(case_rows.c.id).where(case_rows.c.ref == ref)).scalar_one()
    previous = ""
    for fact in facts_of(connection, case):
        content: dict[str, Any] = {
            "seq": fact.seq, "kind": fact.kind, "occurred_on": fact.occurred_on, "recorded_at": fact.recorded_at,
            "by": fact.by, "role": fact.role, "data": dict(fact.data), "evidence": list(fact.evidence),
            "annuls": fact.annuls,
        } | (changes if fact.seq == 1 else {})  # fmt: skip
        own = fact_hash(previous, case=ref, **content)
        values = content | {"previous": previous, "hash": own}
        connection.execute(facts.update().where(facts.c.case_id == case, facts.c.seq == fact.seq).values(**values))
        previous = own
    connection.execute(case_rows.update().where(case_rows.c.id == case).values(head=previous))
