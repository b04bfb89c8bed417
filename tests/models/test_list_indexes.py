"""The lists of a large office are read from the indexes that were made for them, by SQLite's own word."""

import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.dialects import sqlite

from models.database import reading
from models.letter_tables import WAITING
from models.tables import case_rows, deadlines, letter_rows, messages, units

_C, _D, _L, _M = case_rows.c, deadlines.c, letter_rows.c, messages.c
READ_FROM = {
    "letter_waiting": select(_L.id).where(text(WAITING)),
    "letter_of_district": select(_L.status, func.count()).where(_L.district_code == "HBG").group_by(_L.status),
    "letter_of_kind": select(_L.id).where(_L.district_code == "HBG", _L.template == "a").order_by(_L.id),
    "letter_unanswered": select(_L.id).where(_L.template.in_(["a"]), ~_L.answered, _L.district_code == "HBG"),
    "unit_of_district": select(units.c.id).where(units.c.district_code == "HBG").order_by(units.c.sort_key),
    "message_of_officer": select(_M.status, _M.attempts).where(_M.officer_id == 1),
    "letter_of_case": select(_L.status, _L.template, _L.issued_on).where(_L.case_id == 1),
    "coop_case_outcome": select(_C.id).where(_C.outcome.in_(["dissolved_voluntary"]), _C.district_code == "HBG"),
    "coop_case_district": select(_C.opened_on, _C.legal_on).where(_C.district_code == "HBG", _C.closed_on.is_not(None)),
    "coop_case_open": select(_C.state, _C.due_on).where(_C.district_code == "HBG", _C.closed_on.is_(None)),
    "deadline_ended": select(_D.kind, _D.ends_on).where(_D.status == "met", _D.ended_on > "2016-03-01"),
    "deadline_unserved": select(_D.case_id).where(_D.unserved),
}


@pytest.mark.parametrize("index", READ_FROM)
def test_a_list_reads_its_index(bind: Engine, index: str) -> None:
    said = READ_FROM[index].compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True})
    with reading(bind) as connection:
        plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {said}")]
    assert any(f"INDEX {index}" in step for step in plan), plan
