"""Cases that began before Coopcase: taken over with what is known, gaps confirmed by a second person, many at once."""

import io
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import Connection, Engine, func, select

from casework.acts import annul
from casework.ledger import load_case
from casework.office.people import actor
from casework.takeover.gaps import confirm_gaps, taken_over
from casework.takeover.known import Known, fact_of, items_of
from casework.takeover.taking_over import Request, look, take_over
from casework.takeover.workbook import candidates, template
from casework.takeover.workbook_reading import commit, preview
from casework.upkeep.contradictions import contradiction_text, contradictions
from casework.upkeep.integrity import verify
from correspondence.ink.earlier_papers import earlier
from models.clock import FrozenClock
from models.database import reading, writing
from models.errors import CoopcaseError, NotFound, Refused, WrongInput
from models.tables import case_rows, facts
from oversight.case_histories import histories
from oversight.event_log import event_log
from oversight.taken_over import TakenOverCount, count_taken_over
from procedures.definition.loader import load
from procedures.facts import CaseState
from procedures.state_machine.earlier_acts import Step, acts_before, step_named, steps
from templates.trial_mark import mark_of
from tests.acting import apply
from tests.web.web_office import TODAY, Office, build_office, login_of, new_unit

CLOCK = FrozenClock.on(TODAY)
OFFICER, MANAGER, LEADER = (login_of(role) for role in ("case_officer", "manager", "leader"))
PROCEDURE = load()
DECISION = "decide_dissolution"
COUNCIL_TERM, COMPLAINT_PERIOD = (
    next(start.deadline for start in PROCEDURE.verbs[DECISION].starts if bool(start.served) is served)
    for served in (False, True)
)
DECIDED = {
    "decide_measure": "02/03/2015", "prove_ground": "20/04/2015", "prove_ground.ground": "a",
    "submit_dossier": "04/05/2015", "submit_dossier.paper": "12/TTr-TCKH", DECISION: "02/06/2015",
    f"{DECISION}.paper": "214/QĐ-UBND", f"{DECISION}.issuer": "UBND quận", f"{DECISION}.served": "10/06/2015",
}  # fmt: skip


@pytest.fixture
def office(bind: Engine) -> Office:
    return build_office(bind)


@pytest.fixture
def both(either_bind: Engine) -> Office:
    return build_office(either_bind)


def unit(office: Office, name: str = "HTX Cũ", district: str = "HBG", **fields: Any) -> int:
    with writing(office.bind) as connection:
        return new_unit(connection, name, district, **fields)["id"]


def taken(
    office: Office, values: Mapping[str, Any] = DECIDED, *, step: str = "C4", by: str = OFFICER, **more: Any
) -> str:
    request = Request(more.get("unit") or unit(office), Known(step, more.get("source", "bản lưu"), values))
    return take_over(office.bind, request, by=by, clock=CLOCK).ref


def state(office: Office, ref: str) -> CaseState:
    with reading(office.bind) as connection:
        return load_case(connection, ref).state


def count(office: Office) -> int:
    with reading(office.bind) as connection:
        return connection.scalar(select(func.count()).select_from(facts)) or 0


def test_the_step_is_entered_and_clocks_run_from_the_days_that_are_known(office: Office) -> None:
    found = state(office, taken(office))
    assert (found.state, found.stage) == ("C4", "dissolution")
    assert found.clocks[COUNCIL_TERM].starts_on == date(2015, 6, 2)
    assert found.clocks[COMPLAINT_PERIOD].starts_on == date(2015, 6, 10)
    fact = found.last(DECISION)
    assert fact is not None
    assert (fact.occurred_on, fact.source, fact.data["paper"]["symbol"]) == (date(2015, 6, 2), "bản lưu", "214/QĐ-UBND")
    with reading(office.bind) as connection:
        assert list(verify(connection)) == []


def test_what_is_unknown_is_not_invented(office: Office) -> None:
    found = state(office, taken(office, {}))
    assert (found.clocks[COUNCIL_TERM].status, found.clocks[COUNCIL_TERM].starts_on) == ("unknown", None)
    assert found.clocks[COMPLAINT_PERIOD].status == "waiting"
    assert set(found.gaps) == {act.verb for act in acts_before(PROCEDURE, Step("C4")) if act.asked}
    assert found.last(DECISION) is None
    fixed = [key for key, clock in found.clocks.items() if PROCEDURE.deadlines[key].until]
    assert fixed
    assert {found.clocks[key].status for key in fixed} == {"open"}


@pytest.mark.parametrize("step", [step.key for step in steps(PROCEDURE)])
def test_every_step_can_be_taken_over_with_nothing_and_with_everything(office: Office, step: str) -> None:
    chosen = step_named(PROCEDURE, step)
    assert chosen is not None
    everything = {
        item.key: {"date": "05/01/2015", "choice": next(iter(item.need.options), ""), "text": "12"}.get(
            item.need.type, "1"
        )
        for item in items_of(PROCEDURE, chosen)
    }
    for values in ({}, lawful(chosen, everything)):
        found = state(office, taken(office, values, step=step))
        assert found.state == chosen.state
        assert not [clock for clock in found.clocks.values() if clock.ended]
    assert found.gaps == {}
    with reading(office.bind) as connection:
        assert list(verify(connection)) == []
        assert wrong_days(connection) == []


def wrong_days(connection: Connection, ref: str | None = None) -> list[str]:
    found = contradictions(connection, ref)
    return [contradiction_text(one, "vi") for one in found if one.code == "contradiction_days"]


def lawful(step: Step, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values with each impossible day moved to the nearest possible one, as the refusal names it."""
    moved = dict(values)
    for _ in range(100):
        try:
            fact_of(PROCEDURE, Known(step.key, "sổ", moved), TODAY)
        except WrongInput as error:
            moved[error.field] = error.params["limit"].isoformat()  # type: ignore[attr-defined]
        else:
            return moved
    raise AssertionError(moved)


def test_a_step_is_entered_only_by_what_lies_before_it(office: Office) -> None:
    before = count(office)
    with pytest.raises(WrongInput) as caught:
        taken(office, {"delete_name": "01/01/2016", "classify": "32/01/2015", DECISION: "03/04/2017"}, source=" ")
    wrong = [caught.value, *caught.value.params["also"]]  # type: ignore[misc]
    assert {(error.field, error.code) for error in wrong} == {
        ("source", "missing_field"), ("delete_name", "takeover_not_before"), ("classify", "not_a_date"),
        (DECISION, "date_in_future"),
    }  # fmt: skip
    assert count(office) == before


def test_days_of_moves_do_not_go_back(office: Office) -> None:
    with pytest.raises(WrongInput) as caught:
        taken(office, DECIDED | {"submit_dossier": "04/05/2014"})
    assert (caught.value.field, caught.value.code) == ("submit_dossier", "day_not_before")
    older = PROCEDURE.model_copy(update={"own_days": None})
    with pytest.raises(WrongInput) as caught:
        fact_of(older, Known("C4", "sổ", DECIDED | {"submit_dossier": "04/05/2014"}), TODAY)
    assert (caught.value.field, caught.value.code) == ("submit_dossier", "takeover_disordered")


def test_later_acts_rest_on_what_is_known(office: Office) -> None:
    ref = taken(office)
    with pytest.raises(Refused, match="too_few_issues"):
        apply(office.bind, ref, "start_compulsory_payout", by=OFFICER, clock=CLOCK)
    others = {"record_posting": "10/06/2015", "record_posting.posted_to_on": "01/07/2015", "close_branches": "1/8/2015"}
    second = state(office, taken(office, DECIDED | others, unit=unit(office, "HTX Hai")))
    assert second.count("record_posting", second.latest([DECISION])) == 1


def test_a_second_person_confirms_the_gaps_of_many_at_once(office: Office) -> None:
    refs = [taken(office, DECIDED, unit=unit(office, f"HTX {name}")) for name in "AB"]
    with pytest.raises(Refused, match="gaps_four_eyes"):
        confirm_gaps(office.bind, refs, by=OFFICER, clock=CLOCK)
    with pytest.raises(NotFound):
        confirm_gaps(office.bind, refs, by=login_of("manager", "ADG"), clock=CLOCK)
    with reading(office.bind) as connection:
        assert count_taken_over(connection, "HBG") == TakenOverCount(2, 2, 2)
        assert [bool(one.open) for one in taken_over(connection, "HBG")] == [True, True]
        assert taken_over(connection, "ADG") == []
    assert confirm_gaps(office.bind, refs, by=MANAGER, clock=CLOCK) == 2
    assert confirm_gaps(office.bind, refs, by=MANAGER, clock=CLOCK) == 0
    with reading(office.bind) as connection:
        assert count_taken_over(connection, "HBG") == TakenOverCount(2, 2, 0)
        assert count_taken_over(connection, "ADG") == TakenOverCount(0, 0, 0)


def test_an_act_that_is_not_on_file_is_passed_only_once_that_is_confirmed(office: Office) -> None:
    known = {"decide_measure": "02/03/2015", "prove_ground": "20/04/2015", "prove_ground.ground": "a"}
    ref = taken(office, known, step="C2")
    with pytest.raises(Refused, match="gap_open"):
        apply(office.bind, ref, "check_legality", by=login_of("legal"), clock=CLOCK, data={"note": "Đủ"})
    confirm_gaps(office.bind, [ref], by=MANAGER, clock=CLOCK)
    apply(office.bind, ref, "check_legality", by=login_of("legal"), clock=CLOCK, data={"note": "Đủ"})


def test_who_takes_over(office: Office) -> None:
    for who in (LEADER, login_of("clerk"), login_of("manager", None)):
        with pytest.raises(Refused):
            taken(office, by=who)
    with pytest.raises(NotFound):
        taken(office, by=login_of("case_officer", "ADG"))
    city = unit(office, "Quỹ Cũ", kind="quy_tin_dung")
    with pytest.raises(Refused, match="takeover_other_office"):
        taken(office, unit=city)
    assert taken(office, unit=city, by=login_of("case_officer", None))


def test_a_case_in_which_something_was_done_is_not_taken_over(office: Office) -> None:
    apply(office.bind, office.first, "accept_case", by=OFFICER, clock=CLOCK, data={"file_held": "có"})
    with reading(office.bind) as connection:
        number = connection.scalar(select(case_rows.c.unit_id).where(case_rows.c.ref == office.first))
    with pytest.raises(Refused, match="takeover_too_late"):
        taken(office, unit=number)
    ref = taken(office)
    with reading(office.bind) as connection:
        again = connection.scalar(select(case_rows.c.unit_id).where(case_rows.c.ref == ref))
    with pytest.raises(Refused, match="taken_over_already"):
        taken(office, unit=again)


def test_a_wrong_take_over_is_annulled_and_made_anew(office: Office) -> None:
    number = unit(office)
    ref = taken(office, unit=number)
    annul(office.bind, ref, state(office, ref).seq, by=OFFICER, reason="Nhầm bước", clock=CLOCK)
    assert state(office, ref).state == PROCEDURE.start
    known = {"decide_measure": "02/03/2015"}
    assert taken(office, known, step="C1", unit=number) == ref
    assert state(office, ref).state == "C1"


def test_one_unit_is_taken_over_once_by_two_at_the_same_time(both: Office) -> None:
    number = unit(both)

    def once(by: str) -> str:
        try:
            return taken(both, unit=number, by=by)
        except CoopcaseError as error:
            return error.code

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(once, (OFFICER, "second.hbg")))
    assert "taken_over_already" in answers
    with reading(both.bind) as connection:
        listed = select(func.count()).where(case_rows.c.unit_id == number)
        assert connection.scalar(listed) == 1


def test_forecasts_see_a_case_from_its_take_over_on(office: Office) -> None:
    later = FrozenClock.on(date(2016, 3, 20))
    request = Request(unit(office), Known("C4", "bản lưu", DECIDED))
    ref = take_over(office.bind, request, by=OFFICER, clock=later).ref
    with reading(office.bind) as connection:
        found = next(item for item in histories(connection, date(2016, 4, 1)) if item.ref == ref)
    assert found.path == [("C4", date(2016, 3, 20))]
    log = event_log([found], date(2016, 4, 1))
    assert log.day(date(2016, 3, 20)) == 0


def test_its_papers_are_on_the_list_of_earlier_papers_once(office: Office) -> None:
    refs = [taken(office, unit=unit(office, f"HTX {name}")) for name in "AB"]
    with reading(office.bind) as connection:
        listed = earlier(connection, actor(connection, OFFICER))
    assert {(paper["symbol"], paper["body"], paper["issued_on"]) for paper in listed} == {
        ("214/QĐ-UBND", "UBND quận", date(2015, 6, 2)), ("12/TTr-TCKH", "", date(2015, 5, 4)),
    }  # fmt: skip
    assert [[ref for ref, _ in paper["refs"]] for paper in listed] == [refs, refs]


# ------------------------------------------------------------------ the workbook

FORTY = 40
TYPED: Mapping[
    str, Mapping[str, Any]
] = {  # what an officer has at hand of half-done cases of 2014 and 2015, by their step
    "C4": DECIDED,
    "C2": {
        "decide_measure": date(2015, 3, 2),
        "prove_ground": "20/04/2015",
        "prove_ground.ground": PROCEDURE.grounds["a"].label["vi"],
    },
    "V2": {"resolve_dissolution": "12/05/2015", "notify_registrar": "20/05/2015"},
    "R2": {"decide_measure": "02/12/2014", "decide_measure.paper": "88/QĐ-UBND"},
    "S2": {"record_visit": "03/11/2014", "classify": "10/12/2014"},
}


SOURCE_OF_ALL = "sổ văn bản"


def form(office: Office, by: str = OFFICER) -> bytes:
    with reading(office.bind) as connection:
        found = candidates(connection, actor(connection, by), PROCEDURE, TODAY)
    return template(PROCEDURE, found, (), "vi", mark_of(False, "vi"))


def filled(data: bytes, typed: Mapping[str, tuple[str, Mapping[str, Any]]]) -> tuple[bytes, list[str]]:
    """The workbook with lines filled in, by the unit's name: its step and items; and what was typed, cell by cell.

    The source is typed once on each sheet: the lines below have it too.
    """
    book, cells = load_workbook(io.BytesIO(data)), list[str]()
    left = dict(typed)
    for page in (page for page in book.worksheets if page.sheet_state == "visible"):
        columns = {str(cell.value).removeprefix("#"): int(cell.column or 0) for cell in page[4]}
        source = {"source": SOURCE_OF_ALL}
        for row in page.iter_rows(min_row=5):
            step, values = left.get(str(row[1].value), ("", {}))
            if step and values.keys() - {f"{DECISION}.issuer"} <= columns.keys():
                del left[str(row[1].value)]
                for key, value in {"step": step, **source, **values}.items():
                    if key in columns:
                        cells.append(str(value))
                        page.cell(row[0].row or 0, columns[key], value)
                source = {}
    assert not left
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue(), cells


def test_forty_cases_of_a_workbook_come_in_by_one_form_and_one_confirmation(both: Office) -> None:
    lines = {f"HTX số {number:02}": list(TYPED.items())[number % len(TYPED)] for number in range(FORTY)}
    for name in lines:
        unit(both, name)
    data, cells = filled(form(both), lines)
    assert len(cells) / FORTY <= 5  # a minute and a half for each, the looking up included
    found = preview(both.bind, data, "cu.xlsx", by=OFFICER, clock=CLOCK)
    assert [cell.error.code for one in found for cell in one.wrong] == []
    assert {one.line.request.known.source for one in found} == {SOURCE_OF_ALL}, "typed once on each sheet"
    refs = commit(both.bind, data, "cu.xlsx", by=OFFICER, clock=CLOCK)
    assert len(set(refs)) == FORTY
    assert {state(both, ref).state for ref in refs} == set(TYPED)
    assert confirm_gaps(both.bind, refs, by=MANAGER, clock=CLOCK) == FORTY
    with reading(both.bind) as connection:
        assert count_taken_over(connection, "HBG") == TakenOverCount(FORTY, FORTY, 0)
        assert list(verify(connection)) == []
        left = candidates(connection, actor(connection, OFFICER), PROCEDURE, TODAY)
        assert not {one.name for one in left} & lines.keys()


def test_a_wrong_cell_is_named_and_nothing_comes_in(office: Office) -> None:
    for name in ("HTX Đúng", "HTX Sai"):
        unit(office, name)
    good, bad = ("C4", DECIDED), ("C4", DECIDED | {"classify": "31/02/2014", "submit_dossier": "x"})
    data, _ = filled(form(office), {"HTX Đúng": good, "HTX Sai": bad})
    before = count(office)
    found = preview(office.bind, data, "cu.xlsx", by=OFFICER, clock=CLOCK)
    wrong = [(cell.place, cell.error.code) for one in found for cell in one.wrong]
    book = load_workbook(io.BytesIO(data))
    cells = [place.rpartition("!")[::2] for place, _ in wrong]
    assert sorted(str(book[sheet][cell].value) for sheet, cell in cells) == ["31/02/2014", "x"]
    with pytest.raises(WrongInput, match="takeover_lines_wrong"):
        commit(office.bind, data, "cu.xlsx", by=OFFICER, clock=CLOCK)
    assert count(office) == before


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a;b\n1;2\n", "takeover_not_the_form"),
        ("#unit;#step;#source\n1;;\n", "takeover_nothing_filled"),
        ("#unit;#step;#source;#classify\n1;;;01/01/2015\n", "takeover_step_missing"),
        ("#unit;#step;#source\nx;C4;sổ\n", "takeover_unit_missing"),
    ],
)
def test_a_file_that_cannot_be_taken_over(office: Office, text: str, code: str) -> None:
    with pytest.raises(WrongInput, match=code):
        preview(office.bind, text.encode(), "cu.csv", by=OFFICER, clock=CLOCK)


def test_a_csv_file_does_as_well_and_a_unit_has_one_line(office: Office) -> None:
    number = unit(office)
    text = f"#unit;#step;#source;#classify\n{number};S2;sổ văn bản;10/12/2014\n{number};S3;sổ;\n999;S2;sổ;\n"
    found = preview(office.bind, text.encode(), "cu.csv", by=OFFICER, clock=CLOCK)
    assert [[cell.place for cell in one.wrong] for one in found] == [[], ["A3"], ["A4"]]
    one = text.splitlines()
    assert len(commit(office.bind, "\n".join(one[:2]).encode(), "cu.csv", by=OFFICER, clock=CLOCK)) == 1


def test_a_look_changes_nothing(office: Office) -> None:
    number, before = unit(office), count(office)
    (seen,) = look(office.bind, [Request(number, Known("C4", "sổ", DECIDED))], by=OFFICER, clock=CLOCK)
    assert (seen.errors, seen.ref, count(office)) == ([], "", before)
    assert "classify" in seen.gaps
