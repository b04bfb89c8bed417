"""Counts of open cases by several groupings that are read at once."""

from sqlalchemy import Engine, select, update

from models.database import reading, writing
from models.tables import case_rows, officers
from oversight.workload import GROUPS, grouped_workloads, total, workloads
from tests.web.web_office import TODAY, build_office, login_of


def test_groupings_read_at_once_are_those_that_are_read_singly(either_bind: Engine) -> None:
    office = build_office(either_bind)
    with writing(either_bind) as connection:
        officer = select(officers.c.id).where(officers.c.login == login_of("case_officer")).scalar_subquery()
        first = update(case_rows).where(case_rows.c.ref == office.first)
        connection.execute(first.values(officer_id=officer, stage="dissolution", legal_on=TODAY, due_on=TODAY))
    for district, cases in ((None, 4), ("HBG", 3)):
        with reading(either_bind) as connection:
            found = grouped_workloads(connection, tuple(GROUPS), TODAY, district=district)
            singly = {by: workloads(connection, by, TODAY, district=district) for by in GROUPS}
        assert found == singly
        assert {total(listed).open for listed in found.values()} == {cases}
        assert {work.key for work in found["stage"] if work.legal_soon} == {"dissolution"}
