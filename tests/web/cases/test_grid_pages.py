"""The table of one act for many cases: opened from a list or a form, pasted into, previewed, done, undone."""

import html
import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from models.database import reading, writing
from models.tables import case_rows, facts, operations
from tests.correspondence.grid_desk import more_cases
from tests.web.typed import forms_of
from tests.web.web_office import Office, Visitor, did

As = Callable[..., Visitor]
SCAN = {"evidence": ("bien-ban.pdf", b"%PDF-1.4 minutes", "application/pdf")}
VISIT = {
    "on": "14/03/2016", "f.visited_on": "10/03/2016", "f.present": "Ông Năm", "f.findings": "Không hoạt động",
    "f.signed": "yes",
}  # fmt: skip


def kinds(office: Office, ref: str) -> list[str]:
    with reading(office.bind) as connection:
        case = select(case_rows.c.id).where(case_rows.c.ref == ref).scalar_subquery()
        return list(connection.scalars(select(facts.c.kind).where(facts.c.case_id == case).order_by(facts.c.seq)))


def as_data(values: list[tuple[str, str]]) -> dict[str, list[str]]:
    data: dict[str, list[str]] = {}
    for name, value in values:
        data.setdefault(name, []).append(value)
    return data


def address(verb: str, *refs: str) -> str:
    return f"/grid?verb={verb}&case={','.join(refs)}"


@pytest.fixture
def accepted(office: Office) -> Office:
    for ref in (office.first, office.second):
        did(office, ref, "accept_case", file_held="true")
    return office


def test_the_form_of_a_case_opens_the_table_with_what_was_typed(office: Office, as_role: As) -> None:
    officer = as_role("case_officer")
    with writing(office.bind) as connection:
        connection.execute(case_rows.update().values(officer_id=1))
    page = officer.get(f"/cases/{office.first}/acts/accept_case").text
    assert f'formaction="/grid?verb=accept_case&amp;like={office.first}"' in page
    typed = {"on": "13/03/2016", "f.file_held": "yes", "more": "grid"}
    answer = officer.send(f"/grid?verb=accept_case&like={office.first}", typed)
    assert answer.status_code == 200 and 'value="13/03/2016"' in answer.text
    assert {office.first, office.second} <= set(re.findall(r'name="line"\s+value="([^"]+)" checked', answer.text))
    assert office.elsewhere not in answer.text


def test_cases_without_an_act_lead_to_the_acts_that_are_open(accepted: Office, as_role: As) -> None:
    page = as_role("case_officer").get(f"/grid?case={accepted.first}&case={accepted.second}").text
    assert f"verb=record_visit&amp;case={accepted.first}%2C{accepted.second}" in page
    assert "2 trong 2 hồ sơ" in page
    officer = as_role("case_officer")
    ticked = officer.get(f"/bulk?do=act&case={accepted.first}&case={accepted.second}").headers["location"]
    assert ticked == f"/grid?case={accepted.first},{accepted.second}"
    obstacle = officer.get(f"/bulk?do=obstacle&case={accepted.first}").headers["location"]
    assert officer.get(obstacle).status_code == 200 and "name_obstacle" in obstacle


def test_wrong_cells_are_named_at_their_place_and_nothing_is_recorded(accepted: Office, as_role: As) -> None:
    officer, first, second = as_role("case_officer"), accepted.first, accepted.second
    where, both = address("record_visit", first, second), [first, second]
    typed = VISIT | {"line": both, f"f.visited_on.{second}": "31/02/2016"}
    for step in ({"more": "preview"}, {}):
        answer = officer.send(where, typed | step, files=SCAN)
        said = html.unescape(answer.text)
        assert answer.status_code == 422 and f'href="#f.visited_on.{second}"' in said
        assert f'name="f.visited_on.{second}" value="31/02/2016"' in said
        assert said.count(f'id="f.visited_on.{second}"') == 1
    assert kinds(accepted, first) == kinds(accepted, second) == ["opened", "accept_case"]


def test_it_is_previewed_done_and_undone(accepted: Office, as_role: As) -> None:
    officer, first, second = as_role("case_officer"), accepted.first, accepted.second
    where = address("record_visit", first, second)
    (form,) = [form for form in forms_of(officer.get(where).text, where) if form.action.startswith("/grid")]
    values = [(name, VISIT.get(name, value)) for name, value in form.values] + [("f.signed", "yes")]
    looked = officer.client.post(form.action, data=as_data([*values, ("more", "preview")]), files=SCAN)
    assert looked.status_code == 200 and "Chưa ghi gì" in looked.text
    assert kinds(accepted, first) == ["opened", "accept_case"]
    (form,) = [form for form in forms_of(looked.text, where) if form.action.startswith("/grid")]
    assert form.of("kept_file"), "the proof of the preview serves when it is done"
    done = officer.client.post(form.action, data=as_data(form.values), follow_redirects=False)
    assert done.status_code == 303, done.text
    path = done.headers["location"]
    shown = officer.get(path).text
    assert shown.count("còn hiệu lực") == 2 and "Đã thực hiện cho 2 hồ sơ" in shown
    assert officer.send(f"{path}/undo", {"line": [first, second], "reason": ""}).status_code == 422
    assert as_role("commune").send(f"{path}/undo", {"line": [first], "reason": "x"}).status_code == 403
    undone = officer.send(f"{path}/undo", {"line": [first, second], "reason": "Nhầm ngày"})
    assert undone.status_code == 303 and "Nhầm ngày" in officer.get(undone.headers["location"]).text
    assert kinds(accepted, first)[-1] == kinds(accepted, second)[-1] == "annulled"
    assert "Đã hủy" in officer.get("/operations").text or "đã hủy" in officer.get("/operations").text


def test_a_case_that_moved_meanwhile_is_named(accepted: Office, as_role: As) -> None:
    officer, first, second = as_role("case_officer"), accepted.first, accepted.second
    typed = VISIT | {"line": [first, second], "seen": f"{first}:2 {second}:1"}
    answer = officer.send(address("record_visit", first, second), typed, files=SCAN)
    assert answer.status_code == 422 and f'href="#f.case.{second}"' in answer.text
    with reading(accepted.bind) as connection:
        assert connection.scalar(select(operations.c.id)) is None


def test_cells_of_a_spreadsheet_fill_the_table(accepted: Office, as_role: As) -> None:
    officer, first, second = as_role("case_officer"), accepted.first, accepted.second
    where = address("record_visit", first, second)
    answer = officer.send(
        where, {"line": [first, second], "more": "paste", "paste": f"{second}\t12/03/2016\t09/03/2016"}
    )
    assert f'name="f.visited_on.{second}" value="09/03/2016"' in answer.text
    assert f'name="f.on.{second}" value="12/03/2016"' in answer.text
    wrong = officer.send(where, {"line": [first, second], "more": "paste", "paste": "ref\nKHÁC-1"})
    assert wrong.status_code == 422 and "KHÁC-1" in wrong.text


def test_the_workbook_fills_the_table(accepted: Office, as_role: As) -> None:
    officer, first, second = as_role("case_officer"), accepted.first, accepted.second
    sent = officer.get(f"/grid/form.xlsx?verb=record_visit&case={first},{second}")
    book = load_workbook(io.BytesIO(sent.content))
    page = book.worksheets[0]
    keys = {
        str(cell.value): cell.column or 0 for row in page.iter_rows() for cell in row if str(cell.value).startswith("#")
    }
    page.cell(page.max_row, keys["#visited_on"], "09/03/2016")
    out = io.BytesIO()
    book.save(out)
    files: dict[str, Any] = {"sheet": ("bang.xlsx", out.getvalue())}
    answer = officer.send(address("record_visit", first), VISIT | {"more": "file"}, files=files)
    assert re.search(r'name="f\.visited_on\.[^"]+" value="09/03/2016"', answer.text)
    assert "HTX" in answer.text and answer.status_code == 422  # the proof is lacking
    none = officer.send(address("record_visit", first), {"more": "file"}, files={"sheet": ("x.txt", b"abc")})
    assert none.status_code == 422


def test_a_table_of_a_hundred_stays_small(office: Office, as_role: As) -> None:
    refs = more_cases(office.bind, 100)
    page = as_role("case_officer").get(address("send_visit_notice", *refs))
    shown = page.text.count('name="line"')
    assert page.status_code == 200 and shown >= 40 and f"{100 - shown} hồ sơ cuối" in page.text
    assert len(page.content) < 100_000, len(page.content)
