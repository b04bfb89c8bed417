"""Lists as of a day: every one equal to what the office's own lists showed on that day."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select

from casework.acts import annul, record
from casework.as_of import NOW, AsOf
from casework.evidence_store import keep
from casework.ledger import NewFact, case_row, load_case
from casework.lists.as_of_tables import lists_as_of
from casework.lists.listed_case import ListedCase
from casework.lists.upcoming import running_dates
from casework.lists.worklist import NO_OFFICER, Filter, how_many, light_counts, worklist
from casework.sums.awaited_service import unserved_of
from models.clock import FrozenClock
from models.database import reading, writing
from models.errors import WrongInput
from models.settings import settings
from models.tables import case_rows, closings, obstacles
from oversight import late_items
from oversight.lights import LIGHTS
from oversight.milestones import milestones
from oversight.workload import workloads
from procedures.definition.loader import load
from rule_changes.closing_days import NewClosing, adopt, revoke_closing
from rule_changes.rulings import rule
from samples.histories import Happening
from samples.other_kinds import FUND_PATHS
from samples.path_step import Step
from samples.path_step import day as day_of
from samples.paths import PATHS
from tests.acting import apply_in
from tests.casework.desk import LATER, NEXT, Desk
from tests.rule_changes.version_texts import RELABELLED
from tests.web.web_office import CLOCK, TODAY, Office, build_office, did, login_of

GROUPS = ("district", "officer", "stage")
FILTERS = (
    Filter(closed=None), Filter(), Filter(district="HBG"), Filter(late=True), Filter(closed=True),
    Filter(officer=login_of("case_officer")), Filter(unserved=True), Filter(stage="action"), Filter(state="proposed"),
    Filter(obstacle="tax_debt"), Filter(search="song cam"), Filter(held=True), Filter(late=True, held=False),
    Filter(deadlines=("treatment_by", "review_by")), Filter(who="case_officer"), Filter(who="manager", late=True),
    Filter(officer=NO_OFFICER), *(Filter(light=name) for name in LIGHTS),
)  # fmt: skip
SERVED = {  # a letter whose proof of service comes the day after
    "decide_dissolution": Step(
        "record_paper_service",
        data={"deadline": "complaint_period", "symbol": "7/QĐ-UBND", "way": "hand", "served_on": day_of},
        proof=True,
    )
}


@pytest.fixture(autouse=True)
def evidence(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COOPCASE_DATA", str(tmp_path / "var"))
    settings.cache_clear()


@dataclass
class Lists:
    """Everything that the two lists show."""

    bind: Engine
    day: date

    @property
    def coming(self) -> Filter:
        return Filter(falls=(self.day, self.day + timedelta(days=12)))

    def shown(self, at: AsOf = NOW) -> dict[str, Any]:
        with reading(self.bind) as connection, lists_as_of(connection, at):
            return {
                "pages": [[_shown(row) for row in worklist(connection, item, self.day).rows] for item in FILTERS],
                "counts": light_counts(connection, Filter(), self.day),
                "coming": [_shown(row) for row in worklist(connection, self.coming, self.day).rows],
                "coming_count": how_many(connection, self.coming, self.day),
                "running": running_dates(connection, list(connection.scalars(select(case_rows.c.id)))),
                "unserved_of": unserved_of(connection, list(connection.scalars(select(case_rows.c.id)))),
                "groups": [workloads(connection, by, self.day) for by in GROUPS],
                "blocked": late_items.obstacle_counts(connection, self.day),
                "awaited": late_items.awaited(connection, self.day),
                "unserved": late_items.unserved(connection),
                "milestones": milestones(connection, self.day),
            }


def _shown(row: ListedCase) -> dict[str, Any]:
    return asdict(row)


def happenings(refs: Mapping[str, Sequence[Step]]) -> list[tuple[str, Happening]]:
    """Each case along its path, day by day and case beside case."""
    found: list[tuple[str, Happening]] = []
    for ref, path in refs.items():
        day = TODAY
        for step in path:
            day += timedelta(days=step.after)
            found.append((ref, Happening(day, step)))
            if step.verb in SERVED:
                found.append((ref, Happening(day + timedelta(days=1), SERVED[step.verb])))
    return sorted(found, key=lambda pair: pair[1].on)


def do(bind: Engine, ref: str, item: Happening) -> None:
    step, clock = item.step, FrozenClock.on(item.on)
    with writing(bind) as connection:
        row = case_row(connection, ref)
        by = login_of(step.role, row["district_code"] if row["level"] == "district" else None)
        proof = [keep(connection, row["id"], b"x", "x.txt", by=by, now=clock.now())] if step.proof else []
        apply_in(connection, ref, step.verb, by=by, clock=clock, data=step.fields(item.on), evidence=proof)


def test_every_list_is_what_it_was_on_its_day(either_bind: Engine) -> None:
    office = build_office(either_bind)
    paths = {
        office.first: PATHS["dissolved_compulsory"],
        office.second: PATHS["reregistered_after_supplement"],
        office.elsewhere: PATHS["dissolved_compulsory_after_complaint"],
        office.city: FUND_PATHS["consolidated"],
    }
    seen: dict[date, dict[str, Any]] = {}
    for ref, item in happenings(paths):
        do(either_bind, ref, item)
        seen[item.on] = Lists(either_bind, item.on).shown()
    assert len(seen) > 40
    assert any(lists["unserved"] for lists in seen.values())
    assert {lists["coming_count"] for lists in seen.values()} >= {0, 1, 2}
    few = 3 if either_bind.dialect.name == "postgresql" else 1  # the same statements: there every third day
    for day, lists in list(seen.items())[::few]:
        lists_then = Lists(either_bind, day)
        assert lists_then.shown(AsOf(as_of=day)) == lists, day
        assert lists_then.shown(AsOf(known_on=day)) == lists, day
        assert lists_then.shown(AsOf(as_of=day, known_on=day)) == lists, day


def row_of(office: Office, at: AsOf, ref: str = "") -> ListedCase | None:
    """The case of a reference (the first unless given) in the list as of a day; None where it is in no list."""
    with reading(office.bind) as connection, lists_as_of(connection, at):
        rows = worklist(connection, Filter(closed=None), at.day(TODAY)).rows
    return next((row for row in rows if row.ref == (ref or office.first)), None)


def dates_of(office: Office, at: AsOf) -> tuple[date | None, date | None]:
    """(target_on, legal_on) of the first case as of a day."""
    row = row_of(office, at)
    assert row is not None
    return row.target_on, row.legal_on


@pytest.fixture
def office(bind: Engine) -> Office:
    return build_office(bind)


def test_before_it_was_opened_a_case_is_in_no_list(office: Office) -> None:
    """Opened on 1 March, and entered on the 14th."""
    day = timedelta(days=1)
    for at, listed in (
        (AsOf(as_of=date(2016, 3, 1) - day), False),
        (AsOf(as_of=date(2016, 3, 1)), True),
        (AsOf(known_on=TODAY - day), False),
        (AsOf(known_on=TODAY), True),
        (AsOf(as_of=date.min), False),
        (AsOf(known_on=date(1900, 1, 1), as_of=date.max), False),
    ):
        assert (row_of(office, at) is not None) == listed, at


def test_closing_days_count_from_when_they_were_known(office: Office) -> None:
    """The certificate went out on 22 July: ten working days for the closing, with a storm between or without."""
    for ref, item in happenings({office.first: PATHS["reregistered"]}):
        if item.on <= date(2016, 7, 22):
            do(office.bind, ref, item)
    plain, moved = date(2016, 8, 5), date(2016, 8, 8)
    adopted, back = date(2016, 7, 29), date(2016, 8, 2)
    storm = NewClosing(date(2016, 7, 28), "office", "HBG", "Bão", "1/QĐ")
    adopt(office.bind, [storm], by=login_of("manager"), clock=FrozenClock.on(adopted))
    with reading(office.bind) as connection:
        number = connection.scalars(select(closings.c.id)).one()
    revoke_closing(office.bind, number, reason="Nhầm", by=login_of("manager"), clock=FrozenClock.on(back))
    day = timedelta(days=1)
    for known, expected in ((adopted - day, plain), (adopted, moved), (back - day, moved), (back, plain)):
        assert dates_of(office, AsOf(known_on=known))[0] == expected, known
    assert dates_of(office, AsOf(as_of=adopted))[0] == plain


def test_a_ruling_counts_from_when_it_was_made(office: Office) -> None:
    """Sixty days of the council, or a clock suspended while the complaint is open."""
    for kind, day in (("decide_dissolution", (2, 1)), ("receive_complaint", (3, 10)), ("accept_complaint", (3, 11))):
        new = NewFact(kind, date(2016, *day), CLOCK.now(), "x", "leader", {})
        with writing(office.bind) as connection:
            record(connection, load_case(connection, office.first), new)
    ruled = TODAY + timedelta(days=3)
    rule(
        office.bind,
        "complaint_and_compulsory_60",
        "stops",
        reason="CV 5",
        by=login_of("legal"),
        clock=FrozenClock.on(ruled),
    )
    before, after = AsOf(known_on=ruled - timedelta(days=1)), AsOf(known_on=ruled)
    assert dates_of(office, before)[1] == date(2016, 4, 1)
    assert dates_of(office, after)[1] == date(2016, 4, 11), "the thirty days of the complaint"


def test_what_was_annulled_is_known_until_then_and_had_not_happened(office: Office) -> None:
    seq = did(office, office.first, "name_obstacle", obstacle="tax_debt", note="x")
    later = TODAY + timedelta(days=4)
    annul(office.bind, office.first, seq, by=login_of("case_officer"), reason="Nhầm", clock=FrozenClock.on(later))
    for at, standing in (
        (AsOf(known_on=TODAY), [("tax_debt", TODAY)]),
        (AsOf(known_on=later), []),
        (AsOf(as_of=TODAY), []),
        (AsOf(as_of=TODAY, known_on=TODAY), [("tax_debt", TODAY)]),
    ):
        with reading(office.bind) as connection, lists_as_of(connection, at):
            found = select(obstacles.c.code, obstacles.c.since_on).join(
                case_rows, case_rows.c.id == obstacles.c.case_id
            )
            assert connection.execute(found.where(case_rows.c.ref == office.first)).tuples().all() == standing, at


def test_a_case_is_read_by_the_version_that_it_was_under(office: Office) -> None:
    desk = Desk(office)
    desk.brought(RELABELLED)
    desk.approve()
    before, after = LATER.today() - timedelta(days=1), LATER.today()
    assert procedure_of(office, AsOf(known_on=before)) == load().pin
    assert procedure_of(office, AsOf(known_on=after)) == NEXT
    assert procedure_of(office, AsOf(as_of=before)) == load().pin


def procedure_of(office: Office, at: AsOf) -> str:
    row = row_of(office, at)
    assert row is not None
    return row.procedure


def test_a_light_that_is_none_is_refused(office: Office) -> None:
    wrong: Any = "blue"
    with reading(office.bind) as connection, pytest.raises(WrongInput):
        worklist(connection, Filter(light=wrong), TODAY)


def test_a_connection_that_read_a_day_reads_today_again(either_bind: Engine) -> None:
    """Also where the driver has prepared the statements before, and after an error within the block."""
    office = build_office(either_bind)
    before = AsOf(as_of=date(2016, 2, 1))
    with reading(either_bind) as connection:

        def counted() -> tuple[int, int]:
            return how_many(connection, Filter(), TODAY), len(running_dates(connection, [1, 2, 3, 4]))

        connection.exec_driver_sql("CREATE TEMPORARY TABLE of_something_else (id INTEGER)")
        now = [counted() for _ in range(12)]
        assert set(now) == {(4, 4)}
        for _ in range(3):
            with lists_as_of(connection, before):
                assert [counted() for _ in range(8)] == [(0, 0)] * 8
            assert [counted() for _ in range(8)] == [(4, 4)] * 8
        with pytest.raises(ZeroDivisionError), lists_as_of(connection, before):
            raise ZeroDivisionError
        assert counted() == (4, 4)
    with reading(either_bind) as connection:
        assert counted() == (4, 4)
    assert row_of(office, AsOf(as_of=TODAY)) is not None


def test_a_day_of_one_district_has_its_cases_alone(either_bind: Engine) -> None:
    office, at = build_office(either_bind), AsOf(as_of=TODAY)
    with reading(either_bind) as connection, lists_as_of(connection, at, "ADG"):
        assert [row.ref for row in worklist(connection, Filter(), TODAY).rows] == [office.elsewhere]


def test_nothing_of_a_day_is_kept(office: Office) -> None:
    with writing(office.bind) as connection, lists_as_of(connection, AsOf(as_of=date(2016, 2, 1))):
        pass
    with reading(office.bind) as connection:
        assert how_many(connection, Filter(), TODAY) == 4
