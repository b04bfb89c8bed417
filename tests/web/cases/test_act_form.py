"""The form of an act: what is wrong leads to its field, nothing typed is lost."""

import html
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import event, select

from models.database import reading, writing
from models.errors import WrongInput
from models.tables import case_rows, facts, officers
from procedures.definition.loader import load
from procedures.facts import CaseState, Need
from procedures.state_machine.asked_fields import needs_of
from tests.web.web_office import TODAY, Office, Visitor, did, login_of
from web.forms import box_of, typed_as
from web.rendering import sentences

As = Callable[..., Visitor]


@pytest.fixture
def mine(office: Office) -> Office:
    """The two cases of Hồng Bàng are of one officer."""
    own = select(officers.c.id).where(officers.c.login == login_of("case_officer")).scalar_subquery()
    with writing(office.bind) as connection:
        of_district = case_rows.c.ref.in_([office.first, office.second])
        connection.execute(case_rows.update().where(of_district).values(officer_id=own))
    return office


def kinds(office: Office, ref: str) -> list[str]:
    with reading(office.bind) as connection:
        case = select(case_rows.c.id).where(case_rows.c.ref == ref).scalar_subquery()
        return list(connection.scalars(select(facts.c.kind).where(facts.c.case_id == case).order_by(facts.c.seq)))


def links_of(page: str) -> dict[str, str]:
    """The links of the summary of what is wrong: where each leads, and what it says."""
    summary = page.split('class="note bad"')[1].split("</div>")[0]
    return {where: html.unescape(text) for where, text in re.findall(r'<a href="#([^"]+)">([^<]+)</a>', summary)}


def test_an_act_reads_its_case_and_calendars_once(mine: Office, as_role: As) -> None:
    officer, read = as_role("case_officer"), list[str]()

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        read.append(statement)

    event.listen(mine.bind, "before_cursor_execute", note)
    sent = {"on": "14/03/2016", "f.file_held": "true", "seen": "1"}
    answer = officer.send(f"/cases/{mine.first}/acts/accept_case", sent)
    event.remove(mine.bind, "before_cursor_execute", note)
    assert answer.headers["location"] == f"/cases/{mine.first}?done=2"
    assert sum("FROM closing" in text for text in read) == 1
    assert sum("FROM coop_case LEFT OUTER JOIN officer" in text for text in read) == 1


def test_what_is_wrong_is_listed_with_links_to_inputs_that_exist(mine: Office, as_role: As) -> None:
    did(mine, mine.first, "accept_case", file_held="true")
    officer = as_role("case_officer")
    path = f"/cases/{mine.first}/acts/record_visit"
    answer = officer.send(path, {"on": "14/03/2016", "f.visited_on": "31/02/2016", "f.present": "Ông Năm"})
    assert answer.status_code == 422
    links = links_of(answer.text)
    assert set(links) == {"f.visited_on", "f.findings", "f.signed", "evidence"}
    for where in links:
        assert answer.text.count(f'id="{where}"') == 1, where
    assert 'value="31/02/2016"' in answer.text and "Ông Năm</textarea>" in answer.text
    described = r'id="f\.visited_on"[^>]*aria-describedby="h-visited_on e-visited_on" aria-invalid="true"'
    assert re.search(described, answer.text)
    both = links_of(officer.send(path, {"on": "32/03/2016", "f.present": "Ông Năm"}).text)
    assert both.keys() == {"on", "f.visited_on", "f.findings", "f.signed", "evidence"}  # all at once
    assert both["on"].startswith("Ngày xảy ra: «32/03/2016»") and both["f.findings"].startswith("Thiếu «Kết quả")
    full = {"f.visited_on": "14/03/2016", "f.present": "Ông Năm", "f.findings": "x", "f.signed": "yes"}
    assert links_of(officer.send(path, {"on": "32/03/2016", **full}).text).keys() == {"on", "evidence"}
    early = links_of(officer.send(path, {"f.visited_on": "01/01/2016", "f.present": "Ông Năm"}).text)
    assert early.keys() == {"f.visited_on", "f.findings", "f.signed", "evidence"}  # a day before the case is named too


@pytest.mark.parametrize(("accepted", "happened"), [("10/03/2016", date(2016, 3, 12)), ("14/03/2016", TODAY)])
def test_the_day_is_asked_once_and_is_today(mine: Office, as_role: As, accepted: str, happened: date) -> None:
    """The act is dated by the field, where its own day may be there: not before the case came to the step."""
    officer = as_role("case_officer")
    accept(officer, mine.first, on=accepted)
    path = f"/cases/{mine.first}/acts/record_visit"
    first, folded = officer.get(path).text.split('<details class="more-fields"')
    assert re.search(r'name="f\.visited_on" value="14/03/2016"', first) and 'name="on"' not in first
    assert re.search(r'name="on" value=""', folded) and 'name="photo"' in first and 'capture="environment"' in first
    assert first.count('class="field') == 6  # day, three answers, the witness asked only then, the file
    said = {"f.visited_on": "12/03/2016", "f.present": "Ông Năm", "f.findings": "Còn hoạt động", "f.signed": "yes"}
    answer = officer.send(path, said, files={"photo": ("anh.pdf", b"%PDF-1.4 anh", "application/pdf")})
    assert answer.status_code == 303
    with reading(mine.bind) as connection:
        on = connection.scalar(select(facts.c.occurred_on).where(facts.c.kind == "record_visit"))
    assert on == happened


def test_an_act_that_asks_for_nothing_is_done_with_the_next(mine: Office, as_role: As) -> None:
    did(mine, mine.first, "accept_case", file_held="true")
    officer, path = as_role("case_officer"), f"/cases/{mine.first}/acts/start_proposal"
    said = {"f.visited_on": "12/03/2016", "f.present": "Ông Năm", "f.findings": "Còn hoạt động", "f.signed": "yes"}
    proof = {"evidence": ("anh.pdf", b"%PDF-1.4 anh", "application/pdf")}
    assert officer.send(f"/cases/{mine.first}/acts/record_visit", said, files=proof).status_code == 303
    did(mine, mine.first, "classify", grade="yeu", status="B3", cause="x", responsible="y")
    page = officer.get(path).text
    assert 'name="f.measure"' in page and 'name="then" value="propose_measure"' in page
    wrong = officer.send(path, {"then": "propose_measure", "f.reasons": "Không còn hoạt động"})
    assert wrong.status_code == 422 and links_of(wrong.text).keys() == {"f.measure"}
    assert "Không còn hoạt động</textarea>" in wrong.text and kinds(mine, mine.first)[-1] == "classify"
    done = officer.send(path, {"then": "propose_measure", "f.reasons": "x", "f.measure": "dissolve_voluntary"})
    assert done.status_code == 303 and kinds(mine, mine.first)[-2:] == ["start_proposal", "propose_measure"]


def test_missing_evidence_is_named_at_its_field(mine: Office, as_role: As) -> None:
    did(mine, mine.first, "accept_case", file_held="true")
    said = {"f.visited_on": "14032016", "f.present": "Ông Năm", "f.findings": "Còn hoạt động", "f.signed": "yes"}
    answer = as_role("case_officer").send(f"/cases/{mine.first}/acts/record_visit", said)
    assert answer.status_code == 403 and set(links_of(answer.text)) == {"evidence"}


def test_a_cell_of_a_table_is_led_to() -> None:
    assert [box_of(name) for name in ("on", "file", "cause", "claims[2].claim")] == [
        "on", "evidence", "f.cause", "f.claims.1.claim",
    ]  # fmt: skip


def test_a_cell_of_a_table_is_called_by_its_line() -> None:
    procedure = load()
    verb = next(verb for verb in procedure.verbs.values() if "claims" in verb.needs)
    wrong = WrongInput("claims[2].claim", "not_a_number", value="x")
    (text,) = sentences(wrong, "vi", needs_of(procedure, verb, CaseState())).values()
    assert ", dòng 2, " in text and "claim" not in text


def test_limits_of_files_are_shown_before_one_is_chosen(mine: Office, as_role: As) -> None:
    page = as_role("case_officer").get(f"/cases/{mine.first}/acts/accept_case").text
    assert re.search(r"nhiều nhất 20 tệp, tổng cộng \d+ MB", page)
    assert page.count(" autofocus") == 1 and 'id="f.file_held" autofocus' in page


def accept(officer: Visitor, ref: str, **also: Any) -> Any:
    return officer.send(f"/cases/{ref}/acts/accept_case", {"on": "14/3/16", "f.file_held": "yes"} | also)


@pytest.mark.parametrize("stranger", ["elsewhere", "city", "unknown"])
def test_a_case_out_of_sight_is_not_touched(mine: Office, as_role: As, stranger: str) -> None:
    ref = {"elsewhere": mine.elsewhere, "city": mine.city, "unknown": "HP-1999-0001"}[stranger]
    typed = {"on": "14/3/16", "f.file_held": "yes", "line": [mine.first, ref]}
    answer = as_role("case_officer").send(f"/grid?verb=accept_case&case={mine.first},{ref}", typed)
    assert answer.status_code == 422 and f'href="#f.case.{ref}"' in answer.text
    assert kinds(mine, mine.first) == ["opened"] and "accept_case" not in kinds(mine, ref)


def test_own_texts_of_the_same_act_are_offered_again(mine: Office, as_role: As) -> None:
    for number, ref in enumerate((mine.first, mine.second)):
        did(mine, ref, "accept_case", file_held="true")
        did(mine, ref, "name_obstacle", obstacle="lost_file", note="Đã hỏi <UBND> phường")
        did(mine, ref, "lift_obstacle", obstacle="lost_file", note=f"Tìm thấy lần {number}")
    path, offered = f"/cases/{mine.first}/acts/name_obstacle", 'data-fills="f.note" value="Đã hỏi &lt;UBND&gt; phường"'
    assert as_role("case_officer").get(path).text.count(offered) == 1
    assert "data-fills" not in as_role("manager").get(path).text
    lifted = as_role("case_officer").get(f"/cases/{mine.first}/acts/lift_obstacle").text
    assert lifted.index('value="Tìm thấy lần 1"') < lifted.index('value="Tìm thấy lần 0"'), "the latest first"


def test_known_values_are_shown_as_pages_show_them() -> None:
    """An amount has its thousands apart, a day its usual order, in the cells of a table too."""

    def need(name: str, kind: str, *columns: Need) -> Need:
        return Need(name, kind, True, {"vi": name, "en": name}, columns=columns)

    rows = need(
        "rows", "table", need("due", "money"), need("apart", "boolean"), need("on", "date"), need("note", "text")
    )
    known = {"sum": 12000000, "rows": [{"due": 1500000, "apart": False, "on": "2016-03-14", "note": ""}]}
    assert dict(typed_as([need("sum", "money"), rows], known).items()) == {
        "f.sum": "12.000.000", "f.rows.0.due": "1.500.000", "f.rows.0.apart": "no", "f.rows.0.on": "14/03/2016",
    }  # fmt: skip
