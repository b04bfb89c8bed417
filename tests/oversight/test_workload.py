"""Counts of open cases by several groupings that are read at once."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, and_, func, select, update

from models.database import reading, writing
from models.tables import case_rows, obstacles, officers
from oversight.lights import cut_offs, is_open
from oversight.workload import GROUPS, grouped_workloads, held_up, total, workloads
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


@pytest.mark.parametrize("by", sorted(GROUPS))
def test_figures_count_what_the_lights_and_the_obstacles_say(either_bind: Engine, by: str) -> None:
    """Each figure against the condition that lists choose the same cases by."""
    build_office(either_bind)
    cuts = cut_offs(TODAY)
    days = [(TODAY - timedelta(days=1), None), (None, TODAY - timedelta(days=1)), (cuts.soon, None), (None, cuts.soon)]
    with writing(either_bind) as connection:
        ids = connection.scalars(select(case_rows.c.id).order_by(case_rows.c.id)).all()
        for case_id, (legal, target) in zip(ids, days, strict=True):
            dates = {"legal_on": legal, "target_on": target, "due_on": legal or target, "officer_id": None}
            connection.execute(update(case_rows).where(case_rows.c.id == case_id).values(dates))
        held = [{"case_id": number, "code": "tax_debt", "since_on": TODAY} for number in ids[:2]]
        connection.execute(obstacles.insert(), held)
    lights = {name: cuts.where(name) for name in ("past_legal", "legal_soon", "late", "due_soon")}
    conditions = {
        "open": is_open(), **lights, "blocked": held_up(), "unassigned": case_rows.c.officer_id.is_(None),
        "blocked_past_legal": and_(cuts.where("past_legal"), held_up()),
        "blocked_late": and_(cuts.where("late"), held_up()),
    }  # fmt: skip
    with reading(either_bind) as connection:
        found = total(workloads(connection, by, TODAY)).counts
        counted = {
            name: connection.scalar(select(func.count()).select_from(case_rows).where(is_open(), condition))
            for name, condition in conditions.items()
        }
    assert found == counted
    assert min(found.values()) > 0
