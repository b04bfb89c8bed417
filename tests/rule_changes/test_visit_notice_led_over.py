"""A visit notice of version 5, whose act took effect without it, is led over to where the act is its paper."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, update

from casework.case_view import case_document
from casework.ledger import load_case
from casework.upkeep.contradictions import contradictions
from casework.upkeep.integrity import verify
from correspondence.ink.act_papers import ActPaper, confirm_act_paper, enter_act_paper
from models.database import reading, writing
from models.tables import case_rows
from procedures.definition.loader import load
from procedures.state_machine.closing import UNISSUED, paper_holds
from rule_changes.version_migration import Approval, Migration
from tests.casework.desk import CITY_MANAGER
from tests.correspondence.paperwork import Paperwork
from tests.web.web_office import TODAY, build_office

BEFORE = f"{load().procedure}@5"
NOTICE = "send_visit_notice"
SCAN = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.fixture
def desk(bind: Engine) -> Paperwork:
    """The visit was announced under version 5, and the notice is a draft still, when the case is led over."""
    papers = Paperwork(bind, build_office(bind).first)
    with writing(papers.bind) as connection:
        connection.execute(update(case_rows).where(case_rows.c.ref == papers.ref).values(procedure=BEFORE))
    papers.do("accept_case", file_held=True)
    act = papers.do(NOTICE, visit_on=(TODAY + timedelta(days=5)).isoformat(), place="Trụ sở")
    papers.requested("visit_notice", act)
    with writing(papers.bind) as connection:
        approval = Approval(CITY_MANAGER, papers.person("legal"), papers.clock)
        migration = Migration(connection, load(), approval, [papers.ref])
        migration.write()
        assert migration.change().stuck == ()
    return papers


def duties(desk: Paperwork) -> list[tuple[str, bool]]:
    with reading(desk.bind) as connection:
        listed = case_document(connection, desk.ref, today=TODAY)["papers_to_enter"]
    return [(item["verb"], item["entered"]) for item in listed]


def unissued(desk: Paperwork) -> set[str]:
    with reading(desk.bind) as connection:
        loaded = load_case(connection, desk.ref)
        assert loaded.row["procedure"] == load().pin
        found = {hold.key for hold in paper_holds(loaded.procedure, loaded.state) if hold.reason.code == UNISSUED}
        assert list(verify(connection)) == []
    return found


def test_the_notice_holds_the_closing_and_not_the_step(desk: Paperwork) -> None:
    assert (duties(desk), unissued(desk)) == ([(NOTICE, False)], {"visit_notice"})
    with reading(desk.bind) as connection:
        assert "contradiction_no_paper" in {item.code for item in contradictions(connection, desk.ref)}
        state = load_case(connection, desk.ref).state
    assert (state.state, [fact.kind for fact in state.done[NOTICE]]) == ("S1", [NOTICE])
    said = {"present": "Ban quản trị", "findings": "Không còn dịch vụ", "signed": "false", "witness": "Bà Hoa"}
    desk.today += timedelta(days=5)
    desk.do("record_visit", proven=True, visited_on=desk.today.isoformat(), **said)
    desk.do("classify", grade="yeu", status="B3", cause="Không có vốn", responsible="Phòng TC-KH")
    assert duties(desk) == [(NOTICE, False)]


def test_its_draft_is_issued_as_its_paper_and_the_act_is_not_done_twice(desk: Paperwork) -> None:
    (act,) = desk.facts(NOTICE)
    desk.issued(desk.filled(desk.requested("visit_notice", act["seq"])))
    assert (duties(desk), unissued(desk)) == ([], set())
    assert len(desk.facts(NOTICE)) == 1


def test_or_its_paper_is_entered_from_the_scan(desk: Paperwork) -> None:
    (act,) = desk.facts(NOTICE)
    paper = ActPaper("05/TB-TCKH", TODAY, desk.person("manager").name, file=("tb05.pdf", SCAN))
    with writing(desk.bind) as connection:
        entry = enter_act_paper(connection, desk.ref, act["seq"], paper, desk.person("case_officer"), clock=desk.clock)
    assert duties(desk) == [(NOTICE, True)]
    with writing(desk.bind) as connection:
        confirm_act_paper(connection, desk.ref, entry, desk.person("clerk"), clock=desk.clock)
    assert (duties(desk), unissued(desk)) == ([], set())
