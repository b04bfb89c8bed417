"""The paper of an act on record without one is entered from its scan and confirmed by a second person."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from casework.acts import annul, record
from casework.case_view import case_document
from casework.ledger import NewFact, load_case
from casework.upkeep.contradictions import contradictions
from casework.upkeep.integrity import verify
from cli.app import app
from correspondence.ink.act_papers import (
    ActPaper,
    confirm_act_paper,
    enter_act_paper,
    entered_papers,
    return_act_paper,
)
from models.database import reading, writing
from models.errors import CoopcaseError, NotFound, Refused, WrongInput
from procedures.state_machine.closing import UNISSUED, paper_holds
from tests.command_line import CliRunner
from tests.correspondence.paperwork import Paperwork
from tests.web.typed import all_give_back
from tests.web.web_office import TODAY, Office, Visitor, document_on, login_of

As = Callable[..., Visitor]
SCAN = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
DAY = date(2016, 2, 10)


@pytest.fixture
def desk(office: Office) -> Paperwork:
    """A case whose dissolution was decided under an earlier version, without a paper here."""
    papers = Paperwork(office.bind, office.first)
    with writing(papers.bind) as connection:
        loaded = load_case(connection, papers.ref, lock=True)
        data = {"decided_on": "2016-02-10"}
        record(connection, loaded, NewFact("decide_dissolution", DAY, papers.clock.now(), "leader.hbg", "leader", data))
    return papers


def typed(desk: Paperwork, **changed: Any) -> ActPaper:
    said: dict[str, Any] = {
        "symbol": "48/QĐ-UBND",
        "signed_on": DAY,
        "signer": desk.person("leader").name,
        "file": ("qd48.pdf", SCAN),
    }
    return ActPaper(**said | changed)


def enter(desk: Paperwork, act: int = 2, by: str = "case_officer", **changed: Any) -> int:
    with writing(desk.bind) as connection:
        return enter_act_paper(connection, desk.ref, act, typed(desk, **changed), desk.person(by), clock=desk.clock)


def confirm(desk: Paperwork, entry: int, by: str = "clerk") -> int:
    with writing(desk.bind) as connection:
        return confirm_act_paper(connection, desk.ref, entry, desk.person(by), clock=desk.clock)


def send_back(desk: Paperwork, entry: int, remarks: str = "Sai số", by: str = "clerk") -> None:
    with writing(desk.bind) as connection:
        return_act_paper(connection, desk.ref, entry, desk.person(by), remarks, clock=desk.clock)


def duties(desk: Paperwork) -> list[tuple[int, bool]]:
    with reading(desk.bind) as connection:
        listed = case_document(connection, desk.ref, today=TODAY)["papers_to_enter"]
    return [(item["seq"], item["entered"]) for item in listed]


def code(call: Callable[..., Any], *args: Any, **more: Any) -> str:
    with pytest.raises(CoopcaseError) as error:
        call(*args, **more)
    return error.value.code


def test_the_duty_is_done_when_a_second_person_has_confirmed(desk: Paperwork) -> None:
    assert duties(desk) == [(2, False)]
    entry = enter(desk)
    assert duties(desk) == [(2, True)]
    assert code(confirm, desk, entry, "case_officer") == "ink_four_eyes"
    confirm(desk, entry)
    assert duties(desk) == []
    with reading(desk.bind) as connection:
        state, procedure = (loaded := load_case(connection, desk.ref)).state, loaded.procedure
        unissued = {hold.key for hold in paper_holds(procedure, state) if hold.reason.code == UNISSUED}
        assert "dissolution_decision" not in unissued and "creditor_notice" in unissued
        assert list(verify(connection)) == []
        assert "contradiction_no_paper" not in {item.code for item in contradictions(connection)}


def test_what_is_wrong_is_named_at_its_field_and_nothing_is_kept(desk: Paperwork) -> None:
    for changed, field in (
        ({"symbol": " "}, "symbol"), ({"signed_on": None}, "signed_on"),
        ({"signed_on": date(2016, 3, 15)}, "signed_on"),
        ({"signer": "Người Lạ"}, "signer"), ({"authority": "KT"}, "authority"), ({"file": None}, "file"),
        ({"file": ("qd.txt", b"abc")}, "file"),
    ):  # fmt: skip
        with pytest.raises(WrongInput) as wrong:
            enter(desk, **changed)
        assert wrong.value.field == field, changed
    assert duties(desk) == [(2, False)]


def test_who_may_enter_and_for_which_act(desk: Paperwork) -> None:
    assert code(enter, desk, by="legal") == "ink_not_yours"
    assert code(enter, desk, by="case_officer.adg") == "no_such_case"
    assert code(enter, desk, 1) == "act_lacks_no_paper"
    with pytest.raises(NotFound):
        enter(desk, 9)
    enter(desk)
    assert code(enter, desk, by="clerk") == "act_paper_entered"


def test_a_returned_entry_is_entered_anew_with_another_day(desk: Paperwork) -> None:
    entry = enter(desk)
    assert code(send_back, desk, entry, " ") == "missing_field"
    send_back(desk, entry)
    assert duties(desk) == [(2, False)]
    assert code(confirm, desk, entry) in ("ink_decided_already", "no_such_fact")
    again = enter(desk, signed_on=date(2016, 2, 9))
    done = confirm(desk, again)
    assert code(send_back, desk, again) == "ink_decided_already"
    with pytest.raises(Refused) as refused:
        annul(desk.bind, desk.ref, done, by=login_of("manager"), reason="x", clock=desk.clock)
    assert refused.value.code == "cannot_annul_this"


def test_one_number_has_one_day(desk: Paperwork, office: Office) -> None:
    confirm(desk, enter(desk))
    with writing(desk.bind) as connection:
        loaded = load_case(connection, office.second, lock=True)
        data = {"decided_on": "2016-02-10"}
        record(connection, loaded, NewFact("decide_dissolution", DAY, desk.clock.now(), "leader.hbg", "leader", data))
    desk.ref = office.second
    assert code(enter, desk, signed_on=date(2016, 2, 9)) == "act_paper_other_day"
    enter(desk)


def test_a_paper_later_than_its_act_is_a_contradiction(desk: Paperwork) -> None:
    confirm(desk, enter(desk, signed_on=date(2016, 2, 12)))
    with reading(desk.bind) as connection:
        assert "contradiction_paper_later" in {item.code for item in contradictions(connection)}


def test_what_was_typed_without_a_session_is_there_after_signing_in(desk: Paperwork, as_role: As) -> None:
    path = f"/cases/{desk.ref}/papers/2"
    assert all_give_back(as_role("case_officer"), path, login_of("case_officer")) == [path]
    enter(desk)
    assert all_give_back(as_role("clerk"), path, login_of("clerk")) == [f"{path}/return"]


def test_on_the_pages_from_the_case_to_the_confirmation(desk: Paperwork, as_role: As) -> None:
    officer, clerk = as_role("case_officer"), as_role("clerk")
    path = f"/cases/{desk.ref}/papers/2"
    assert f'href="{path}"' in officer.get(f"/cases/{desk.ref}").text
    sent = {"symbol": "48/QĐ-UBND", "signed_on": "10/02/2016", "signer": desk.person("leader").name}
    wrong = officer.send(path, sent)
    assert wrong.status_code == 422 and "48/QĐ-UBND" in wrong.text, "without a scan; what was typed stays"
    assert officer.send(path, sent, files={"file": ("qd48.pdf", SCAN)}).status_code == 303
    assert f'href="{path}"' in clerk.get("/letters/signed/confirm").text
    page = clerk.get(path).text
    assert "10/02/2016" in page and "48/QĐ-UBND" in page
    assert clerk.send(f"{path}/return", {"entry": "3"}).status_code == 422
    assert clerk.send(f"{path}/confirm", {"entry": "3"}).status_code == 303
    assert duties(desk) == []
    assert "48/QĐ-UBND" in officer.get(f"/cases/{desk.ref}").text


def test_a_scan_that_lies_on_the_case_is_its_paper(desk: Paperwork, as_role: As) -> None:
    officer, path = as_role("case_officer"), f"/cases/{desk.ref}/papers/2"
    kept = document_on(desk.bind, desk.ref, "qd48.pdf", SCAN)
    assert f'value="{kept}"' in officer.get(path).text
    sent = {"symbol": "48/QĐ-UBND", "signed_on": "10/02/2016", "signer": desk.person("leader").name, "document": kept}
    both = officer.send(path, sent, files={"file": ("qd48.pdf", SCAN)})
    assert both.status_code == 422 and "không dùng cả hai" in both.text and f'value="{kept}" selected' in both.text
    assert officer.send(path, sent | {"document": "0" * 64}).status_code == 422
    assert duties(desk) == [(2, False)]
    assert officer.send(path, sent).status_code == 303
    assert desk.facts("paper_entered")[0]["evidence"] == [kept]


def test_on_the_command_line(desk: Paperwork, tmp_path: Path) -> None:
    scan = tmp_path / "qd48.pdf"
    scan.write_bytes(SCAN)
    run, by = CliRunner(), ["--by", login_of("case_officer")]
    asked = ["--symbol", "48/QĐ-UBND", "--on", "10/02/2016", "--file", str(scan)]
    asked += ["--signer", desk.person("leader").name]
    done = run.invoke(app, ["act-paper-enter", desk.ref, "2", *asked, *by])
    assert done.exit_code == 0, done.output
    assert "48/QĐ-UBND" in run.invoke(app, ["act-papers", *by]).output
    done = run.invoke(app, ["act-paper-return", desk.ref, "3", "--remarks", "Sai", *by])
    assert done.exit_code == 0, done.output
    assert run.invoke(app, ["act-paper-enter", desk.ref, "2", *asked, *by]).exit_code == 0
    done = run.invoke(app, ["act-paper-confirm", desk.ref, "5", "--by", login_of("clerk"), "--json"])
    assert done.exit_code == 0, done.output
    with reading(desk.bind) as connection:
        assert entered_papers(connection, desk.person("clerk")) == []
    assert duties(desk) == []
