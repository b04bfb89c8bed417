"""Notes, instructions and documents of a case: who may do what, what comes back when, and that nothing is lost."""

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, select, update

from audit_log.log_faults import log_faults
from audit_log.sequencer import sequence
from casework.dossier import instructions, notes
from casework.dossier.documents import (
    Description,
    add_documents,
    chosen_documents,
    documents_of,
    named_documents,
    strike_document,
)
from casework.dossier.instructions import NewAnswer, NewInstruction
from casework.dossier.notes import NewNote
from casework.ledger import case_row
from casework.office.people import actor
from casework.transfers import open_at_receiver
from correspondence.case_proof import prove
from correspondence.searching import search
from models.clock import FrozenClock
from models.database import reading, writing
from models.errors import CoopcaseError, NotFound, Refused, WrongInput
from models.settings import settings
from models.tables import absences, case_rows, effects, officers
from tests.web.web_office import CLOCK, TODAY, Office, build_office, login_of

PDF = b"%PDF-1.4 bien ban"
PICTURE = b"\x89PNG\r\n\x1a\n anh"
OFFICER, SECOND, MANAGER, LEADER = login_of("case_officer"), "second.hbg", login_of("manager"), login_of("leader")
LATER = FrozenClock.on(date(2016, 3, 18))
NOTE = NewNote("Gọi lại ông giám đốc về sổ kế toán", "18/03/2016", [("bien-ban.pdf", PDF)])


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COOPCASE_DATA", str(tmp_path / "var"))
    settings.cache_clear()


@pytest.fixture
def office(bind: Engine) -> Office:
    return build_office(bind)


@pytest.fixture
def either_office(either_bind: Engine) -> Office:
    """Of what asks the database more than one row at a time: on both."""
    return build_office(either_bind)


def wrong_of(do: Callable[[], object]) -> dict[str, str]:
    """The code of each wrong field."""
    with pytest.raises(WrongInput) as caught:
        do()
    error: Any = caught.value
    return {item.field: item.code for item in (error, *error.params.get("also", ()))}


def code_of(do: Callable[[], object]) -> str:
    with pytest.raises(CoopcaseError) as caught:
        do()
    return caught.value.code


def ids(connection: Connection, *logins: str) -> list[int]:
    return [actor(connection, login).id for login in logins]


def test_a_note_comes_back_on_its_day_until_it_is_closed(office: Office) -> None:
    with writing(office.bind) as connection:
        who = actor(connection, OFFICER)
        number = notes.write_note(connection, office.first, NOTE, by=who, clock=CLOCK)
        (row,) = notes.notes_of(connection, case_row(connection, office.first)["id"])
        assert [one["name"] for one in documents_of(connection, row["case_id"])] == ["bien-ban.pdf"]
        assert row["files"] == [documents_of(connection, row["case_id"])[0]["sha256"]]
        assert notes.notes_to_see(connection, [who.id], TODAY) == []
        assert [one["id"] for one in notes.notes_to_see(connection, [who.id], LATER.today())] == [number]
        notes.close_note(connection, office.first, number, by=who, clock=LATER)
        assert notes.notes_to_see(connection, [who.id], LATER.today()) == []
        assert (
            code_of(lambda: notes.close_note(connection, office.first, number, by=who, clock=LATER)) == "note_settled"
        )


def test_an_officers_note_follows_the_case_and_another_persons_does_not(either_office: Office) -> None:
    with writing(either_office.bind) as connection:
        for login in (OFFICER, MANAGER):
            notes.write_note(connection, either_office.first, NOTE, by=actor(connection, login), clock=CLOCK)
        officer, second, manager = ids(connection, OFFICER, SECOND, MANAGER)
        own = case_rows.c.ref == either_office.first
        connection.execute(update(case_rows).where(own).values(officer_id=second))
        due = {one["author"]: one["person"] for one in notes.notes_to_see(connection, [second, manager], LATER.today())}
        assert due == {OFFICER: second, MANAGER: manager}
        assert notes.notes_to_see(connection, [officer], LATER.today()) == []
        connection.execute(update(officers).where(officers.c.id == manager).values(active=False))
        assert {one["person"] for one in notes.notes_to_see(connection, [second], LATER.today())} == {second}


def test_only_the_writer_and_the_heads_strike_a_note_and_it_stays(office: Office) -> None:
    with writing(office.bind) as connection:
        who = {login: actor(connection, login) for login in (OFFICER, SECOND, MANAGER, login_of("commune"))}
        number = notes.write_note(connection, office.first, NOTE, by=who[OFFICER], clock=CLOCK)
        strike = notes.strike_note
        for login in (SECOND, login_of("commune")):
            assert (
                code_of(
                    lambda by=who[login]: strike(connection, office.first, number, "x", by=by, clock=CLOCK)  # type: ignore[misc]
                )
                == "note_not_yours"
            )
        assert wrong_of(lambda: strike(connection, office.first, number, " ", by=who[MANAGER], clock=CLOCK)) == {
            "reason": "missing_field"
        }
        strike(connection, office.first, number, "Ghi nhầm hồ sơ", by=who[MANAGER], clock=CLOCK)
        (row,) = notes.notes_of(connection, case_row(connection, office.first)["id"])
        assert (row["text"], row["struck_by"], row["struck_reason"]) == (NOTE.text, MANAGER, "Ghi nhầm hồ sơ")
        assert notes.notes_to_see(connection, ids(connection, OFFICER), LATER.today()) == []
    with reading(office.bind) as connection:
        assert search(connection, None, "goi lai so ke toan") == []


def test_every_wrong_field_of_a_note_is_named_and_nothing_is_kept(office: Office) -> None:
    bad = NewNote("", "13/03/2016", [("x.exe", b"MZ")], ["0" * 64])
    with reading(office.bind) as connection:
        who = actor(connection, OFFICER)
    with writing(office.bind) as connection:
        assert wrong_of(lambda: notes.write_note(connection, office.first, bad, by=who, clock=CLOCK)) == {
            "text": "missing_field", "come_back_on": "day_is_past", "evidence": "evidence_kind",
        }  # fmt: skip
        odd = replace(NOTE, come_back_on="31/02/2016", text="a\u202eb")
        assert wrong_of(lambda: notes.write_note(connection, office.first, odd, by=who, clock=CLOCK)) == {
            "text": "hidden_character", "come_back_on": "not_a_date",
        }  # fmt: skip
        assert notes.notes_of(connection, case_row(connection, office.first)["id"]) == []
        elsewhere = lambda: notes.write_note(connection, office.elsewhere, NOTE, by=who, clock=CLOCK)  # noqa: E731
        assert code_of(elsewhere) == "no_such_case"


def test_an_instruction_is_given_answered_and_notified(either_office: Office) -> None:
    with writing(either_office.bind) as connection:
        manager, officer, second = (actor(connection, login) for login in (MANAGER, OFFICER, SECOND))
        give = NewInstruction(OFFICER, "Xác minh trụ sở", "18/03/2016")
        number = instructions.give_instruction(connection, either_office.first, give, by=manager, clock=CLOCK)
        assert [row["id"] for row in instructions.to_answer(connection, [officer.id])] == [number]
        assert [row["id"] for row in instructions.given_by(connection, manager.id)] == [number]
        answer = NewAnswer("Đã đến, trụ sở đóng cửa", [("anh.png", PICTURE)])
        done = instructions.answer_instruction
        stranger = lambda: done(connection, either_office.first, number, answer, by=second, clock=CLOCK)  # noqa: E731
        assert code_of(stranger) == "instruction_not_to_you"
        away = {"officer_id": officer.id, "substitute_id": second.id, "from_on": TODAY, "to_on": TODAY, "reason": ""}
        connection.execute(absences.insert().values(**away))
        done(connection, either_office.first, number, answer, by=second, clock=CLOCK)
        assert code_of(stranger) == "instruction_settled"
        (row,) = instructions.instructions_of(connection, case_row(connection, either_office.first)["id"])
        assert (row["answered_by"], row["answer"], len(row["files"])) == (SECOND, answer.text, 1)
        assert instructions.to_answer(connection, [officer.id]) == []
        notices = connection.scalars(select(effects.c.payload).where(effects.c.kind == "instruction"))
        assert [item["news"] for item in notices] == ["given", "answered"]


def test_who_may_instruct_whom(office: Office) -> None:
    with reading(office.bind) as connection:
        row = case_row(connection, office.first)
        people = {
            login: set(instructions.addressees(connection, row, actor(connection, login)))
            for login in (MANAGER, LEADER, login_of("manager", None))
        }
        first = next(iter(instructions.addressees(connection, row, actor(connection, MANAGER))))
    own = {OFFICER, SECOND, login_of("legal"), login_of("clerk")}
    assert people[MANAGER] == own
    assert people[LEADER] == own | {MANAGER}
    assert people[login_of("manager", None)] >= own | {MANAGER, login_of("case_officer", None)}
    assert first == OFFICER, "the officer of the case comes first"
    with writing(office.bind) as connection:
        manager, officer = actor(connection, MANAGER), actor(connection, OFFICER)
        bad = NewInstruction(LEADER, "", "13/03/2016")
        give = instructions.give_instruction
        assert wrong_of(lambda: give(connection, office.first, bad, by=manager, clock=CLOCK)) == {
            "to": "instruction_to_nobody", "text": "missing_field", "due_on": "day_is_past",
        }  # fmt: skip
        assert (
            wrong_of(lambda: give(connection, office.first, replace(bad, due_on=""), by=manager, clock=CLOCK))["due_on"]
            == "missing_field"
        )
        assert code_of(lambda: give(connection, office.first, bad, by=officer, clock=CLOCK)) == "instruction_not_yours"


def test_documents_are_described_not_kept_twice_and_chosen(office: Office) -> None:
    with writing(office.bind) as connection:
        who, case = actor(connection, OFFICER), case_row(connection, office.first)["id"]
        what = Description("minutes", "12/03/2016", "Biên bản làm việc tại trụ sở")
        files = [("bien-ban.pdf", PDF), ("anh.png", PICTURE)]
        done = add_documents(connection, office.first, files, what, by=who, clock=CLOCK)
        assert (len(done.new), done.known) == (2, [])
        again = add_documents(connection, office.first, files[:1], Description("other"), by=who, clock=CLOCK)
        assert (again.new, len(again.known)) == ([], 1)
        row = documents_of(connection, case)[-1]
        assert (row["kind"], row["dated_on"], row["remark"]) == ("minutes", date(2016, 3, 12), what.remark)
        assert chosen_documents(connection, case, [row["sha256"], "", row["sha256"]]) == [row["sha256"]]
        assert named_documents(connection, case, [row["sha256"][:8]]) == [row["sha256"]]
        assert wrong_of(lambda: named_documents(connection, case, ["ab"])) == {"--document": "document_not_named"}
        other = case_row(connection, office.second)["id"]
        assert wrong_of(lambda: chosen_documents(connection, other, [row["sha256"]])) == {
            "evidence": "document_not_of_case"
        }
        bad = Description("memoir", "15/03/2016", "x" * 201)
        assert wrong_of(
            lambda: add_documents(connection, office.first, [("x.pdf", b"x")], bad, by=who, clock=CLOCK)
        ) == {"kind": "not_an_option", "dated_on": "date_in_future", "remark": "office_text_too_long",
              "evidence": "evidence_kind"}  # fmt: skip
        assert wrong_of(lambda: add_documents(connection, office.first, [], what, by=who, clock=CLOCK)) == {
            "evidence": "document_no_file"
        }
        admin = actor(connection, login_of("admin"))
        with pytest.raises(Refused):
            add_documents(connection, office.first, files, what, by=admin, clock=CLOCK)


def test_a_document_is_struck_unless_something_rests_on_it(office: Office) -> None:
    with writing(office.bind) as connection:
        who, case = actor(connection, OFFICER), case_row(connection, office.first)["id"]
        notes.write_note(connection, office.first, NOTE, by=who, clock=CLOCK)
        (used,) = documents_of(connection, case)
        loose = add_documents(connection, office.first, [("a.png", PICTURE)], Description(), by=who, clock=CLOCK).new[0]
        strike = strike_document
        assert (
            code_of(lambda: strike(connection, office.first, used["sha256"], "nhầm", by=who, clock=CLOCK))
            == "document_is_used"
        )
        second = actor(connection, SECOND)
        assert (
            code_of(lambda: strike(connection, office.first, loose, "nhầm", by=second, clock=CLOCK))
            == "document_not_yours"
        )
        strike(connection, office.first, loose, "Của hồ sơ khác", by=who, clock=CLOCK)
        assert [row["sha256"] for row in documents_of(connection, case, struck=False)] == [used["sha256"]]
        assert len(documents_of(connection, case)) == 2
        add_documents(connection, office.first, [("a.png", PICTURE)], Description(), by=who, clock=CLOCK)
        assert len(documents_of(connection, case, struck=False)) == 2, "brought again, it counts again"
        with pytest.raises(NotFound):
            strike(connection, office.first, "0" * 64, "x", by=who, clock=CLOCK)


def test_notes_are_found_proved_logged_and_go_with_a_transferred_case(either_office: Office) -> None:
    with writing(either_office.bind) as connection:
        who = actor(connection, OFFICER)
        notes.write_note(connection, either_office.first, NOTE, by=who, clock=CLOCK)
        give = NewInstruction(OFFICER, "Xác minh con dấu", "18/03/2016")
        instructions.give_instruction(connection, either_office.first, give, by=actor(connection, MANAGER), clock=CLOCK)
    with reading(either_office.bind) as connection:
        assert list(log_faults(connection, settings().data.resolve())) == []
        own = {group.kind: [hit.ref for hit in group.hits] for group in search(connection, who, "goi lai giam doc")}
        assert own == {"note": [either_office.first]}
        assert [group.kind for group in search(connection, who, "xac minh con dau")] == ["instruction"]
        stranger = actor(connection, login_of("case_officer", "ADG"))
        assert search(connection, stranger, "goi lai giam doc") == []
    with writing(either_office.bind) as connection:
        case = case_row(connection, either_office.first)["id"]
        connection.execute(update(case_rows).where(case_rows.c.id == case).values(closed_on=TODAY))
        ref = open_at_receiver(connection, case, "ADG", CLOCK)
        assert ref is not None
        theirs = case_row(connection, ref)["id"]
        (note,) = notes.notes_of(connection, theirs)
        assert (note["text"], note["by"], note["origin"] is not None) == (NOTE.text, OFFICER, True)
        assert [row["name"] for row in documents_of(connection, theirs)] == ["bien-ban.pdf"]
        assert instructions.instructions_of(connection, theirs) == []


def test_the_proof_of_a_case_has_its_notes(office: Office) -> None:
    with writing(office.bind) as connection:
        notes.write_note(connection, office.first, NOTE, by=actor(connection, OFFICER), clock=CLOCK)
    sequence(office.bind, settings().data.resolve(), CLOCK.now())
    with reading(office.bind) as connection:
        made = prove(connection, office.first, settings().data.resolve(), CLOCK.now(), "vi")
    with zipfile.ZipFile(io.BytesIO(made.content)) as file:
        assert NOTE.text in file.read("index.html").decode()
        records = json.loads(file.read("case.json"))["records"]
    assert {"case_note", "evidence"} <= {one["entity"] for one in records}
