"""Lines of a grid out and back: a workbook, a CSV file, cells pasted from a spreadsheet; hostile ones are refused."""

import io
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import Engine

from correspondence.grid.acting import cases_of
from correspondence.grid.columns import columns_of
from correspondence.grid.reading import Read, pasted, read_file
from correspondence.grid.workbook import template
from models.database import reading
from models.errors import Refused, WrongInput
from models.settings import settings
from templates.trial_mark import mark_of
from tests.correspondence.grid_desk import GridDesk, more_cases
from tests.web.web_office import build_office


@pytest.fixture
def desk(bind: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> GridDesk:
    monkeypatch.setenv("COOPCASE_DATA", str(tmp_path / "var"))
    settings.cache_clear()
    office = build_office(bind)
    made = GridDesk(bind, (office.first, office.second, *more_cases(bind, 2)))
    made.do(made.asked("accept_case", file_held="có", on="02/03/2016"))
    return made


def form(desk: GridDesk, verb: str = "record_visit") -> bytes:
    with reading(desk.bind) as connection:
        cases = cases_of(connection, desk.refs, desk.person())
        return template(list(cases.values()), verb, "vi", mark_of(False, "vi"))


def read(desk: GridDesk, data: bytes, name: str = "a.xlsx", verb: str = "record_visit") -> Read:
    with reading(desk.bind) as connection:
        return read_file(connection, data, name, verb, desk.person())


def code(desk: GridDesk, data: bytes, name: str = "a.xlsx") -> str:
    with pytest.raises(WrongInput) as wrong:
        read(desk, data, name)
    return wrong.value.code


def test_the_workbook_goes_out_and_comes_back(desk: GridDesk) -> None:
    book = load_workbook(io.BytesIO(form(desk)))
    page = book.worksheets[0]
    keys = [cell.value for cell in page[3]]
    assert keys[:4] == ["#ref", "#name", "#on", "#visited_on"] and page.row_dimensions[3].hidden
    for row in range(4, 8):
        page.cell(row, keys.index("#visited_on") + 1, "31/02/2016" if row == 5 else "10/03/2016")
        page.cell(row, keys.index("#present") + 1, "Ông Năm")
        page.cell(row, keys.index("#findings") + 1, "Không hoạt động")
        page.cell(row, keys.index("#signed") + 1, "Có")
    out = io.BytesIO()
    book.save(out)
    found = read(desk, out.getvalue())
    asked = desk.asked("record_visit", {line.ref: dict(line.values) for line in found.lines})
    wrong = desk.wrong(asked)
    second = page.cell(5, 1).value
    assert wrong[f"visited_on.{second}"] == "not_a_date" and len(found.lines) == 4
    assert found.cells[f"visited_on.{second}"] == "D5" and found.cells[f"case.{second}"] == "A5"


def test_a_csv_is_known_by_its_headings(desk: GridDesk) -> None:
    text = f"Mã hồ sơ;Có mặt;visited_on\n{desk.refs[0]};Ông Năm;10/03/2016\n;;\n{desk.refs[1]};;\n"
    with reading(desk.bind) as connection:
        needs = columns_of(cases_of(connection, desk.refs, desk.person()).values(), "record_visit")
    label = next(need.label["vi"] for need in needs if need.name == "present")
    found = read(desk, text.replace("Có mặt", label).encode(), "a.csv")
    assert [(line.ref, dict(line.values)) for line in found.lines] == [
        (desk.refs[0], {"present": "Ông Năm", "visited_on": "10/03/2016"}), (desk.refs[1], {}),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a;b\n1;2\n", "grid_not_the_form"), ("ref;receipt\nX;1\n", "grid_unknown_column"),
        ("ref;on;on\nX;;\n", "grid_column_twice"), ("ref;on\n;02/03/2016\n", "grid_no_ref"),
        ("ref;on\nX;=1+1\n", "grid_formula"), ("ref;on\nX;#REF!\n", "grid_formula"), ("ref;on\n", "grid_no_cases"),
        ("ref;on\n" + "".join(f"X-{place};\n" for place in range(10_000)), "grid_too_many"),
    ],
)  # fmt: skip
def test_a_file_that_is_none_is_refused_by_what_is_wrong(desk: GridDesk, text: str, wanted: str) -> None:
    assert code(desk, text.replace("X;", f"{desk.refs[0]};").encode(), "a.csv") == wanted


def test_merged_cells_and_things_that_are_no_table_are_refused(desk: GridDesk) -> None:
    book = load_workbook(io.BytesIO(form(desk)))
    book.worksheets[0].merge_cells("D4:D6")
    out = io.BytesIO()
    book.save(out)
    assert code(desk, out.getvalue()) == "grid_merged"
    with pytest.raises(WrongInput):
        read(desk, b"PK\x03\x04 broken")
    with pytest.raises(Refused, match="no_such_verb"):
        form(desk, "dance")


def test_pasted_cells_are_matched_by_case_by_heading_or_by_order(desk: GridDesk) -> None:
    first, second, *_ = desk.refs
    with reading(desk.bind) as connection:
        needs = columns_of(cases_of(connection, desk.refs, desk.person()).values(), "record_visit")
    by_case = pasted(f"{second}\t02/03/2016\t01/03/2016\n", desk.refs, needs)
    assert by_case == {(second, "on"): "02/03/2016", (second, "visited_on"): "01/03/2016"}
    by_heading = pasted(f"visited_on\tref\n01/03/2016\t{first}\n", desk.refs, needs)
    assert by_heading == {(first, "visited_on"): "01/03/2016"}
    in_order = pasted('02/03/2016\t01/03/2016\t"Ông\nNăm"\n\t05/03/2016\n', desk.refs, needs)
    assert in_order[first, "on"] == "02/03/2016" and in_order[second, "visited_on"] == "05/03/2016"
    for text, wanted in (
        ("\n".join("abcde"), "grid_too_many_pasted"), ("ref\nNO-1", "grid_case_not_here"),
        ("\t".join("abcdefghijklmnop"), "grid_too_wide"), ("ref\tkhác\n", "grid_unknown_column"),
    ):  # fmt: skip
        with pytest.raises(WrongInput) as wrong:
            pasted(text, desk.refs, needs)
        assert wrong.value.code == wanted
