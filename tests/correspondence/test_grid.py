"""One act for many cases: errors at their cells, all or none, and the undoing of it on the same day."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, func, select

from correspondence.grid.columns import Line
from correspondence.grid.operations import cases_in, listed, undo
from models.clock import FrozenClock
from models.database import reading, writing
from models.errors import Refused, WrongInput
from models.settings import settings
from models.tables import evidence
from tests.correspondence.grid_desk import GridDesk, more_cases
from tests.web.web_office import CLOCK, TODAY, build_office, new_case

VISIT = {"visited_on": "10/03/2016", "present": "Ông Năm", "findings": "Không hoạt động", "signed": "có"}


@pytest.fixture
def desk(either_bind: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> GridDesk:
    monkeypatch.setenv("COOPCASE_DATA", str(tmp_path / "var"))
    settings.cache_clear()
    office = build_office(either_bind)
    return GridDesk(either_bind, (office.first, office.second, *more_cases(either_bind, 2)))


def code_of(desk: GridDesk, *args: object, **more: object) -> tuple[str, str]:
    with pytest.raises((WrongInput, Refused)) as wrong, writing(desk.bind) as connection:
        undo(connection, *args, clock=more.pop("clock", CLOCK), **more)  # type: ignore[arg-type]
    return str(getattr(wrong.value, "field", "")), wrong.value.code


def test_constants_serve_all_and_a_cell_counts_for_its_case(desk: GridDesk) -> None:
    desk.do(desk.asked("accept_case", file_held="có", on="02/03/2016"))
    lines: dict[str, dict[str, Any]] = {ref: {} for ref in desk.refs} | {
        desk.refs[1]: {"visited_on": "09/03/2016", "on": "11/3/16"}
    }
    number = desk.do(desk.asked("record_visit", lines, **VISIT), proof=True)
    with reading(desk.bind) as connection:
        found = cases_in(connection, number)
        assert {case.ref for case in found} == set(desk.refs) and all(case.counts for case in found)
        assert connection.scalar(select(func.count()).select_from(evidence)) == len(desk.refs)
        (one,) = [item for item in listed(connection, desk.person()) if item.id == number]
        assert (one.verb, one.count, one.undone_by) == ("record_visit", 4, None)
    assert all(desk.kinds(ref) == ["opened", "accept_case", "record_visit"] for ref in desk.refs)


def test_what_is_wrong_is_reported_at_each_cell_and_nothing_is_recorded(desk: GridDesk) -> None:
    first, second, third, fourth = desk.refs
    desk.do(desk.asked("accept_case", file_held="có", on="02/03/2016"))
    lines = {
        first: {"visited_on": "31/02/2016"}, second: {"signed": "chưa biết", "visited_on": "01/01/2030"}, third: {},
        "HP-2016-9999": {},
    }  # fmt: skip
    asked = replace(desk.asked("record_visit", lines, **VISIT), files=(("a.pdf", b"%PDF-"),))
    assert desk.wrong(asked) == {
        f"visited_on.{first}": "not_a_date", f"visited_on.{second}": "date_in_future", f"signed.{second}": "not_yes_no",
        "case.HP-2016-9999": "no_such_case",
    }  # fmt: skip
    with pytest.raises(WrongInput) as wrong:
        desk.do(asked)
    assert len(wrong.value.every) == 4
    assert all(desk.kinds(ref) == ["opened", "accept_case"] for ref in desk.refs)
    assert desk.wrong(desk.asked("record_visit", {fourth: {}}, **VISIT)) == {f"case.{fourth}": "evidence_required"}


def test_a_case_twice_of_another_office_or_moved_meanwhile(desk: GridDesk) -> None:
    first, second, *_ = desk.refs
    asked = desk.asked("accept_case", {first: {}}, file_held="có")
    twice = replace(asked, lines=(Line(first, {}), Line(first, {})))
    assert desk.wrong(twice) == {f"case.{first}": "grid_case_twice"}
    assert desk.wrong(asked, "manager") == {f"case.{first}": "wrong_role"}
    stale = replace(asked, lines=(Line(first, {}, 1), Line(second, {}, 9)))
    assert desk.wrong(stale) == {f"case.{second}": "stale_case"}
    with writing(desk.bind) as connection:
        elsewhere = new_case(connection, "HTX An Hồng 2", "ADG")
    assert desk.wrong(replace(asked, lines=(Line(elsewhere, {}),))) == {f"case.{elsewhere}": "no_such_case"}
    with pytest.raises(WrongInput, match="grid_too_many"):
        desk.wrong(replace(asked, lines=tuple(Line(f"X-{number}", {}) for number in range(10_000))))
    with pytest.raises(WrongInput, match="grid_no_cases"):
        desk.wrong(replace(asked, lines=()))


def test_an_operation_is_undone_on_the_same_day(desk: GridDesk) -> None:
    number = desk.do(desk.asked("accept_case", file_held="có", on="02/03/2016"))
    officer, manager = desk.person(), desk.person("manager")
    assert code_of(desk, number, None, "", officer) == ("reason", "missing_field")
    assert code_of(desk, number, None, "Nhầm", desk.person("clerk"))[1] == "operation_not_yours"
    tomorrow = FrozenClock.on(TODAY.replace(day=TODAY.day + 1))
    assert code_of(desk, number, None, "Nhầm", officer, clock=tomorrow)[1] == "operation_not_today"
    with writing(desk.bind) as connection:
        undo(connection, number, None, "Ghi nhầm", manager, clock=CLOCK)
    assert all(desk.kinds(ref) == ["opened", "accept_case", "annulled"] for ref in desk.refs)
    assert code_of(desk, number, None, "Nhầm", officer)[1] == "operation_undone_already"


def test_what_rests_on_it_is_named_and_the_case_may_be_left_out(desk: GridDesk) -> None:
    number = desk.do(desk.asked("accept_case", file_held="có", on="02/03/2016"))
    first = desk.refs[0]
    did_visit = desk.asked("record_visit", {first: {}}, **VISIT)
    desk.do(did_visit, proof=True)
    assert code_of(desk, number, None, "Nhầm", desk.person()) == (f"case.{first}", "act_is_rested_on")
    assert all("annulled" not in desk.kinds(ref) for ref in desk.refs)
    with writing(desk.bind) as connection:
        made = undo(connection, number, set(desk.refs[1:]), "Nhầm", desk.person(), clock=CLOCK)
        assert {case.ref for case in cases_in(connection, made)} == set(desk.refs[1:])
    assert "annulled" not in desk.kinds(first)
