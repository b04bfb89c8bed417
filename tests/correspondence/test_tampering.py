"""Whatever is changed past the program is found by `verify`: the table that docs/security.md prints."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, func, select, text

from audit_log.checkpoints import kept_elsewhere
from audit_log.log_faults import log_faults
from audit_log.sequencer import latest, sequence
from casework.upkeep.integrity import verify
from casework.upkeep.rebuild import rebuild
from correspondence.paper_integrity import verify_papers
from models.database import reading, writing
from models.errors import CoopcaseError, Refused
from models.log_upgrade import settle
from models.settings import settings
from models.tables import (
    book_entries,
    books,
    case_rows,
    closings,
    delegations,
    evidence,
    facts,
    incoming,
    letter_rows,
    log_checkpoints,
    log_entries,
    log_leaves,
    officers,
    procedure_versions,
    services,
    unit_changes,
    units,
)
from tests.correspondence.paperwork import Paperwork
from tests.tampering import behind_the_program, rewrite_chain
from tests.web.web_office import build_office

TABLE = Path(__file__).parents[2] / "docs" / "security.md"
Harm = Callable[[Connection, Paperwork], None]


def ordered(papers: Paperwork) -> None:
    sequence(papers.bind, settings().data.resolve(), papers.clock.now())


def found(papers: Paperwork, against: str = "") -> set[str]:
    kept = kept_elsewhere(against) if against else None
    with reading(papers.bind) as connection:
        listed = [*verify(connection), *verify_papers(connection)]
        return {one.code for one in (*listed, *log_faults(connection, settings().data.resolve(), kept))}


def anchor(papers: Paperwork) -> str:
    """The checkpoint as a report prints it."""
    with reading(papers.bind) as connection:
        row = latest(connection)
        return f"{row.size}-{row.root[:16]}"


@pytest.fixture
def desk(either_bind: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Paperwork:
    """An office with two letters out and served, an incoming document, a delegation and a closing day; sound."""
    monkeypatch.setenv("COOPCASE_DATA", str(tmp_path / "var"))
    settings.cache_clear()
    papers = Paperwork(either_bind, build_office(either_bind).first)
    for _ in "12":
        papers.serve(papers.issued(papers.drafted(deleted_on="25/03/2016")), receiver="Bà Lan")
    with writing(either_bind) as connection:
        now = papers.clock.now()
        officer = select(officers.c.id).where(officers.c.login == "manager.hbg").scalar_subquery()
        connection.execute(delegations.insert().values(
            officer_id=officer, authority="TL", body="district_committee", from_on=date(2016, 3, 1), added_at=now
        ))  # fmt: skip
        connection.execute(incoming.insert().values(
            office="HBG", year=2016, number=1, from_body="Chi cục Thuế", received_on=papers.today, summary="Trả lời",
            evidence=[], files=[], recorded_by="clerk.hbg", recorded_at=now,
        ))  # fmt: skip
        connection.execute(closings.insert().values(
            on=date(2016, 5, 2), layer="city", reason="Nghỉ bù", decision="1/QĐ (thử)", adopted_by="admin",
            adopted_at=now,
        ))  # fmt: skip
        case = connection.execute(
            select(case_rows.c.id, case_rows.c.unit_id).where(case_rows.c.ref == papers.ref)
        ).one()
        connection.execute(unit_changes.insert().values(
            unit_id=case.unit_id, case_id=case.id, outcome="dissolved", by="clock", recorded_at=now,
            fields={"status": {"old": "B2", "new": "B6"}},
        ))  # fmt: skip
    ordered(papers)
    assert found(papers) == set()
    return papers


def last_fact(connection: Connection, papers: Paperwork) -> tuple[int, int]:
    case = connection.execute(select(case_rows.c.id, case_rows.c.seq).where(case_rows.c.ref == papers.ref)).one()
    return case.id, case.seq


def a_byte_in_a_fact(connection: Connection, papers: Paperwork) -> None:
    case, seq = last_fact(connection, papers)
    row = facts.c.case_id == case, facts.c.seq == seq
    data = dict(connection.execute(select(facts.c.data).where(*row)).scalar_one()) | {"way": "post"}
    connection.execute(facts.update().where(*row).values(data=data))


def recorded_a_day_earlier(connection: Connection, papers: Paperwork) -> None:
    _moved(connection, papers, timedelta(days=1))


def recorded_a_microsecond_earlier(connection: Connection, papers: Paperwork) -> None:
    _moved(connection, papers, timedelta(microseconds=1))


def _moved(connection: Connection, papers: Paperwork, by: timedelta) -> None:
    case, seq = last_fact(connection, papers)
    row = facts.c.case_id == case, facts.c.seq == seq
    then = connection.execute(select(facts.c.recorded_at).where(*row)).scalar_one()
    connection.execute(facts.update().where(*row).values(recorded_at=then - by))


def last_fact_deleted(connection: Connection, papers: Paperwork) -> None:
    case, seq = last_fact(connection, papers)
    connection.execute(facts.delete().where(facts.c.case_id == case, facts.c.seq == seq))


def last_fact_deleted_and_head_put_back(connection: Connection, papers: Paperwork) -> None:
    last_fact_deleted(connection, papers)
    case, seq = last_fact(connection, papers)
    head = select(facts.c.hash).where(facts.c.case_id == case, facts.c.seq == seq - 1).scalar_subquery()
    connection.execute(case_rows.update().where(case_rows.c.id == case).values(seq=seq - 1, head=head))


def chain_rewritten_whole(connection: Connection, papers: Paperwork) -> None:
    rewrite_chain(connection, papers.ref, by="nguoi.khac")


def case_deleted_with_its_facts(connection: Connection, papers: Paperwork) -> None:
    case = connection.execute(select(func.max(case_rows.c.id))).scalar_one()
    for table in ("deadline", "obstacle", "effect", "message", "fact"):
        connection.execute(text(f"DELETE FROM {table} WHERE case_id = {case}"))
    connection.execute(case_rows.delete().where(case_rows.c.id == case))


def files_of_two_letters_swapped(connection: Connection, papers: Paperwork) -> None:
    (one, first), (other, second) = (
        connection.execute(select(letter_rows.c.id, letter_rows.c.pdf_sha)).tuples().all()[:2]
    )
    connection.execute(letter_rows.update().where(letter_rows.c.id == one).values(pdf_sha=second))
    connection.execute(letter_rows.update().where(letter_rows.c.id == other).values(pdf_sha=first))


def letter_rewritten(connection: Connection, papers: Paperwork) -> None:
    row = connection.execute(select(letter_rows.c.id, letter_rows.c.data)).first()
    assert row is not None
    values = {"data": dict(row.data) | {"fields": {"deleted_on": "2016-04-25"}}}
    connection.execute(letter_rows.update().where(letter_rows.c.id == row.id).values(**values))


def another_signer(connection: Connection, papers: Paperwork) -> None:
    connection.execute(letter_rows.update().values(approved_by="nguoi.khac"))


def another_day_in_the_book(connection: Connection, papers: Paperwork) -> None:
    connection.execute(book_entries.update().values(issued_on=date(2016, 1, 4)))


def proof_of_service_deleted(connection: Connection, papers: Paperwork) -> None:
    connection.execute(services.delete().where(services.c.id == select(func.max(services.c.id)).scalar_subquery()))


def proof_of_service_moved(connection: Connection, papers: Paperwork) -> None:
    connection.execute(services.update().values(on=date(2016, 2, 1)))


def incoming_document_moved(connection: Connection, papers: Paperwork) -> None:
    connection.execute(incoming.update().values(received_on=date(2016, 2, 1)))


def evidence_row_deleted(connection: Connection, papers: Paperwork) -> None:
    connection.execute(evidence.delete())


def evidence_bytes_changed(_connection: Connection, papers: Paperwork) -> None:
    files = [path for path in (settings().data / "evidence").rglob("*") if path.is_file()]
    files[0].write_bytes(b"other")


def last_number_removed_with_its_counter(connection: Connection, papers: Paperwork) -> None:
    _remove_number(connection, int(connection.execute(select(func.max(book_entries.c.number))).scalar_one()))
    connection.execute(books.update().where(books.c.last > 0).values(last=books.c.last - 1))


def middle_number_removed(connection: Connection, papers: Paperwork) -> None:
    _remove_number(connection, 1)
    connection.execute(book_entries.update().values(number=1))
    connection.execute(books.update().values(last=1))
    connection.execute(letter_rows.update().values(number=1))


def _remove_number(connection: Connection, number: int) -> None:
    connection.execute(book_entries.delete().where(book_entries.c.number == number))
    connection.execute(letter_rows.update().where(letter_rows.c.number == number).values(number=None))


def procedure_text_changed(connection: Connection, papers: Paperwork) -> None:
    columns = procedure_versions.c
    connection.execute(procedure_versions.update().values(text=columns.text + "\n# 60 days\n"))


def role_raised(connection: Connection, papers: Paperwork) -> None:
    connection.execute(officers.update().where(officers.c.role == "case_officer").values(role="leader"))


def delegation_back_dated(connection: Connection, papers: Paperwork) -> None:
    connection.execute(delegations.update().values(from_on=date(2015, 1, 1)))


def calendar_changed(connection: Connection, papers: Paperwork) -> None:
    connection.execute(closings.update().values(on=date(2016, 5, 3)))


def register_rewritten(connection: Connection, papers: Paperwork) -> None:
    connection.execute(units.update().values(members=3))


def register_change_rewritten(connection: Connection, papers: Paperwork) -> None:
    connection.execute(unit_changes.update().values(outcome="", fields={"status": {"old": "B6", "new": "B2"}}))


def log_entry_changed(connection: Connection, papers: Paperwork) -> None:
    connection.execute(log_entries.update().where(log_entries.c.id == 1).values(digest="0" * 64))


def log_cut_off(connection: Connection, papers: Paperwork) -> None:
    last = connection.execute(select(func.max(log_leaves.c.position))).scalar_one()
    connection.execute(log_leaves.delete().where(log_leaves.c.position == last))


HARM: tuple[Harm, ...] = (
    a_byte_in_a_fact, recorded_a_day_earlier, recorded_a_microsecond_earlier, last_fact_deleted,
    last_fact_deleted_and_head_put_back, chain_rewritten_whole, case_deleted_with_its_facts,
    files_of_two_letters_swapped, letter_rewritten, another_signer, another_day_in_the_book, proof_of_service_deleted,
    proof_of_service_moved, incoming_document_moved, evidence_row_deleted, evidence_bytes_changed,
    last_number_removed_with_its_counter, middle_number_removed, procedure_text_changed, role_raised,
    delegation_back_dated, calendar_changed, register_rewritten, register_change_rewritten, log_entry_changed,
    log_cut_off,
)  # fmt: skip


def line_of(harm: Harm, codes: set[str]) -> str:
    """A line of the table in docs/security.md: what was done, and the faults that `verify` names."""
    named = sorted(code.removeprefix("fault_").replace("_", " ") for code in codes)
    return f"| {harm.__name__.replace('_', ' ')} | {', '.join(named)} |"


@pytest.mark.parametrize("harm", HARM, ids=lambda harm: harm.__name__)
def test_it_is_found_as_the_table_says(desk: Paperwork, harm: Harm) -> None:
    with behind_the_program(desk.bind) as connection:
        harm(connection, desk)
    codes = found(desk)
    assert codes
    assert line_of(harm, codes) in TABLE.read_text(encoding="utf-8").splitlines()


def test_the_table_has_no_other_line() -> None:
    shown = TABLE.read_text(encoding="utf-8").partition("| Tampering |")[2].partition("\n\n")[0].splitlines()[2:]
    assert [line.split(" | ")[0] for line in shown] == [f"| {harm.__name__.replace('_', ' ')}" for harm in HARM]


@pytest.mark.parametrize("harm", [last_fact_deleted_and_head_put_back, case_deleted_with_its_facts])
def test_a_rebuild_covers_no_trace(desk: Paperwork, harm: Harm) -> None:
    with behind_the_program(desk.bind) as connection:
        harm(connection, desk)
    with pytest.raises(Refused) as refused:
        list(rebuild(desk.bind, desk.clock))
    assert refused.value.code == "facts_missing"
    assert "fault_log_gone" in found(desk)


def test_a_log_rewritten_with_its_key_is_found_against_a_checkpoint_kept_elsewhere(desk: Paperwork) -> None:
    kept = anchor(desk)
    assert found(desk, kept) == set()
    with behind_the_program(desk.bind) as connection:
        rewrite_chain(connection, desk.ref, by="nguoi.khac")
        for table in (log_checkpoints, log_leaves, log_entries):
            connection.execute(table.delete())
        settle(connection, None, migrated=True)
    ordered(desk)
    assert found(desk) == set(), "the whole log was made anew by one who has the key"
    assert found(desk, kept) & {"fault_log_against", "fault_log_short"}


def test_what_is_recorded_later_continues_the_checkpoint(desk: Paperwork) -> None:
    kept = anchor(desk)
    desk.issued(desk.drafted(deleted_on="26/03/2016"))
    ordered(desk)
    assert anchor(desk) != kept
    assert found(desk, kept) == set()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE fact SET by = 'x'", "DELETE FROM fact", "UPDATE log_entry SET digest = 'x'", "DELETE FROM log_leaf",
        "UPDATE closing SET reason = 'x'", "DELETE FROM log_checkpoint",
    ],
)  # fmt: skip
def test_the_database_itself_refuses(desk: Paperwork, statement: str) -> None:
    quoted = statement.replace("SET by", 'SET "by"')
    with pytest.raises(Exception, match="append_only"), writing(desk.bind) as connection:
        connection.exec_driver_sql(quoted)


def test_a_row_changed_past_the_program_with_the_triggers_on_is_named(desk: Paperwork) -> None:
    with desk.bind.connect().execution_options(coopcase_write=True) as connection, connection.begin():
        connection.execute(officers.update().where(officers.c.login == "legal.hbg").values(role="leader"))
    desk.issued(desk.drafted(deleted_on="26/03/2016"))
    assert {"fault_log_outside", "fault_log_changed"} <= found(desk)


@pytest.mark.parametrize("text_of_it", ["", "12", "12-zz", "12-00ff", "x\ny\nz\n"])
def test_what_is_no_checkpoint_is_said(text_of_it: str) -> None:
    with pytest.raises(CoopcaseError) as wrong:
        kept_elsewhere(text_of_it)
    assert wrong.value.code == "not_a_checkpoint"
