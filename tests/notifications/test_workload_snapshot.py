"""The workload of every office, kept from one weekly run to the next."""

import json
from dataclasses import fields, replace
from datetime import date

from sqlalchemy import insert

from models.clock import FrozenClock
from models.database import reading, writing
from models.tables import case_rows, day_runs
from notifications.workload_snapshot import KEPT, LEDGER, KeptSnapshot, Snapshot, kept, of_document, snapshot
from oversight.workload import FIGURES, Workload, total, workloads
from tests.notifications.desk import MANAGER, MONDAY, Desk
from tests.web.web_office import did

FORMER: KeptSnapshot = {  # as the office of the former `main` kept it
    "cases": [
        {"district": "HBG", "officer_id": 1, "open": 7, "past_legal": 2, "late": 3, "due_soon": 1, "unassigned": 0},
        {"district": "HBG", "officer_id": None, "open": 1, "past_legal": 0, "late": 1, "due_soon": 0, "unassigned": 0},
    ],
    "obstacles": [
        {"district": "HBG", "code": "tax_debt", "cases": 2, "past_legal": 1, "late": 0, "since": "2016-02-01"},
    ],
}  # fmt: skip


def counted(desk: Desk) -> Snapshot:
    with reading(desk.bind) as connection:
        return snapshot(connection, MONDAY)


def keep(desk: Desk, day: date, document: KeptSnapshot) -> None:
    now = FrozenClock.on(day).now()
    row = {"name": LEDGER, "day": day, "started_at": now, "done_at": now, "counts": {KEPT: document}}
    with writing(desk.bind) as connection:
        connection.execute(insert(day_runs).values(row))


def test_what_is_kept_is_read_as_it_was_counted(either_desk: Desk) -> None:
    did(either_desk.office, either_desk.ref, "name_obstacle", obstacle="tax_debt", note="x")
    either_desk.note(case_rows.update().where(case_rows.c.ref == either_desk.office.second).values(officer_id=None))
    now = counted(either_desk)
    assert now.obstacles
    assert any(item.officer_id is None and item.work.unassigned for item in now.workloads)
    assert of_document(json.loads(json.dumps(now.document()))) == now


def test_every_figure_is_counted_added_up_and_kept(desk: Desk) -> None:
    """A figure is a field of Workload; nothing else names it."""
    assert tuple(item.name for item in fields(Workload) if item.name != "key") == FIGURES
    one = Workload("a", **{name: place for place, name in enumerate(FIGURES, 1)})
    assert total([one, one]) == Workload(None, **{name: 2 * count for name, count in one.counts.items()})
    for item in counted(desk).document()["cases"]:
        assert item.keys() == {"district", "officer_id", *FIGURES}
    with reading(desk.bind) as connection:
        by_stage, by_officer = (total(workloads(connection, by, MONDAY)) for by in ("stage", "officer"))
    assert by_stage == by_officer == total(item.work for item in counted(desk).workloads)


def test_the_week_that_the_former_main_kept_is_compared_with(desk: Desk) -> None:
    keep(desk, date(2016, 3, 7), FORMER)
    person = desk.plan(MONDAY)[MANAGER].person
    with reading(desk.bind) as connection:
        before = kept(connection, MONDAY)
    assert before is not None
    assert before.total(person) == {"past": 2, "late": 4, "blocked": 2}
    groups = before.groups(person)
    assert [(officer, work.open) for officer, work in groups] == [(1, 7), (None, 1)]
    message = desk.plan(MONDAY)[MANAGER].message
    assert message is not None
    assert "2 → 0" in message.body, "past the legal limit, a week before and now"


def test_a_figure_that_is_no_longer_counted_is_left_out() -> None:
    document = KeptSnapshot(cases=[item | {"of_old": 3} for item in FORMER["cases"]], obstacles=FORMER["obstacles"])
    assert of_document(document) == of_document(FORMER)
    assert replace(of_document(FORMER).workloads[0].work, key=None) == Workload(
        None, open=7, past_legal=2, late=3, due_soon=1
    )
