"""Acts that take effect by a paper, through the doors: prepared, signed, issued, taken back; alone and in a batch."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError

from casework import acts
from casework.upkeep.integrity import verify
from correspondence import drafts
from correspondence.effective_papers import act, withdraw
from letters.catalogue import letter_type
from models.database import reading, writing
from models.errors import Conflict, Refused
from models.settings import settings
from models.tables import book_entries, case_rows
from samples.paperwork import typed_for
from tests.correspondence.batches import Batches
from tests.correspondence.paperwork import Paperwork
from tests.oversight.histories import live
from tests.web.web_office import build_office, login_of

OPENED = date(2016, 3, 1)


def ready(bind: Engine, ref: str) -> date:
    """The measure is drafted, consulted on and checked: only its submission is left. Returns the day reached."""
    return live(bind, ref, "consolidated", OPENED, until="check_legality") + timedelta(days=1)


@pytest.fixture
def case(papers: Paperwork) -> Paperwork:
    papers.today = ready(papers.bind, papers.ref)
    return papers


def state_of(papers: Paperwork) -> str:
    with reading(papers.bind) as connection:
        return str(papers.case(connection)["state"])


def draft_of(papers: Paperwork) -> int:
    """The letter that the prepared act waits for, filled in."""
    with reading(papers.bind) as connection:
        (prepared,) = papers.case(connection)["prepared"]
    row = papers.row(prepared["letter"])
    fields = dict(typed_for(letter_type(row["template"]), row["missing"], papers.today))
    return papers.filled(row["id"], **fields) if fields else int(row["id"])


def test_preparing_drafts_the_letter_in_the_same_commit_and_moves_nothing(case: Paperwork) -> None:
    before = state_of(case)
    case.do("submit_measure")
    letter = draft_of(case)
    assert (case.row(letter)["template"], case.status(letter)) == ("submission_measure", "draft")
    assert state_of(case) == before == "S3"
    with pytest.raises(Refused) as twice:
        case.do("submit_measure")
    assert twice.value.code == "act_prepared_already"


def test_issuing_moves_the_case_with_the_number_of_its_paper(case: Paperwork) -> None:
    case.do("submit_measure")
    letter = draft_of(case)
    case.today += timedelta(days=2)
    case.issued(letter)
    assert state_of(case) == "S4"
    (fact,) = case.facts("submit_measure")
    row = case.row(letter)
    assert fact["occurred_on"] == case.today
    assert fact["data"]["paper"]["symbol"].endswith(row["symbol"])
    assert fact["data"]["paper"]["signer"] == "Người manager.hbg"
    assert row["fact_seq"] == fact["seq"]
    (issued,) = case.facts("letter_issued")[-1:]
    assert issued["data"]["follows"] == fact["seq"]
    with reading(case.bind) as connection:
        assert list(verify(connection)) == []


def test_a_case_that_moved_meanwhile_refuses_the_issue(case: Paperwork) -> None:
    case.do("submit_measure")
    letter = case.approved(draft_of(case))
    acts.apply(
        case.bind, case.ref, "send_back_to_review", by=login_of("legal"), clock=case.clock,
        data={"reason": "Thiếu biên bản"},
    )  # fmt: skip
    with pytest.raises(Refused) as refused:
        case.issue(letter)
    assert refused.value.code == "wrong_state"
    assert (case.status(letter), case.row(letter)["number"]) == ("approved", None)


def test_its_draft_is_not_discarded_but_withdrawn_with_the_act(case: Paperwork) -> None:
    case.do("submit_measure")
    letter = draft_of(case)
    with pytest.raises(Refused) as refused, writing(case.bind) as connection:
        drafts.discard(connection, letter, case.person("case_officer"), "Nhầm")
    assert refused.value.code == "withdraw_act_first"
    with pytest.raises(Refused) as other:
        withdraw(case.bind, case.ref, "submit_measure", "Nhầm", by="second.hbg", clock=case.clock)
    assert other.value.code == "withdraw_not_yours"
    withdraw(case.bind, case.ref, "submit_measure", "Nhầm", by=login_of("case_officer"), clock=case.clock)
    assert case.status(letter) == "cancelled"
    case.do("submit_measure")
    assert draft_of(case) != letter


def test_a_cancelled_number_takes_the_act_back(case: Paperwork) -> None:
    case.do("submit_measure")
    letter = case.issued(draft_of(case))
    case.cancelled(letter, "Sai nội dung")
    assert state_of(case) == "S3"
    case.do("submit_measure")
    assert draft_of(case) != letter


def test_a_number_is_not_cancelled_under_a_later_step(case: Paperwork) -> None:
    case.do("submit_measure")
    letter = case.issued(draft_of(case))
    case.do("return_measure", remarks="Bổ sung")
    with pytest.raises(Refused) as refused:
        case.cancelled(letter, "Sai nội dung")
    assert refused.value.code == "act_is_rested_on"
    assert case.status(letter) == "issued"


def test_facts_of_an_act_by_paper_are_not_annulled_by_hand(case: Paperwork) -> None:
    seq = case.do("submit_measure")
    case.issued(draft_of(case))
    (fact,) = case.facts("submit_measure")
    for number, code in ((seq, "withdraw_instead"), (fact["seq"], "cancel_number_instead")):
        with pytest.raises(Refused) as refused:
            acts.annul(case.bind, case.ref, number, by=login_of("manager"), reason="x", clock=case.clock)
        assert refused.value.code == code


def prepared(batches: Batches) -> int:
    """A signed batch of the submissions that two cases wait for."""
    for ref in batches.refs:
        batches.today = ready(batches.bind, ref)
        act(batches.bind, ref, "submit_measure", by=login_of("case_officer"), clock=batches.clock)
    with reading(batches.bind) as connection:
        row = connection.execute(case_rows.select().where(case_rows.c.ref == batches.refs[0])).one()
        assert row.state == "S3"
    made = batches.drafted("Trình", "submission_measure", refs=batches.refs, data={})
    assert made.made == len(batches.refs), "the drafts of the acts are taken over"
    return batches.carried(made.batch)


def states(batches: Batches) -> set[Any]:
    with reading(batches.bind) as connection:
        found = connection.execute(case_rows.select().where(case_rows.c.ref.in_(batches.refs)))
        return {row.state for row in found}


def test_a_batch_adopts_the_drafts_of_acts_and_moves_all_their_cases(batches: Batches) -> None:
    batches.issued(prepared(batches))
    assert states(batches) == {"S4"}


def test_a_batch_moves_none_of_its_cases_when_one_is_refused(batches: Batches) -> None:
    batch = prepared(batches)
    before = batches.book()
    acts.apply(
        batches.bind, batches.refs[1], "send_back_to_review", by=login_of("legal"), clock=batches.clock,
        data={"reason": "Thiếu"},
    )  # fmt: skip
    with pytest.raises(Refused) as refused:
        batches.issued(batch)
    assert (refused.value.code, refused.value.params["ref"]) == ("batch_act_refused", batches.refs[1])
    assert states(batches) == {"S3", "S1"}
    assert batches.book() == before


@pytest.fixture
def either_case(either_bind: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Paperwork:
    monkeypatch.setenv("COOPCASE_DATA", str(tmp_path / "var"))
    settings.cache_clear()
    office = build_office(either_bind)
    papers = Paperwork(office.bind, office.first)
    papers.today = ready(papers.bind, papers.ref)
    return papers


def outcome(papers: Paperwork, letter: int, by: str) -> str:
    try:
        papers.issue(letter, by)
    except (Refused, Conflict) as error:
        return error.code
    return "issued"


def lines(papers: Paperwork, letter: int) -> list[int]:
    with reading(papers.bind) as connection:
        found = connection.scalars(select(book_entries.c.number).where(book_entries.c.letter_id == letter))
        return list(found)


def test_two_who_issue_the_paper_of_an_act_at_once_do_it_once(either_case: Paperwork) -> None:
    either_case.do("submit_measure")
    letter = either_case.approved(draft_of(either_case))
    with ThreadPoolExecutor(2) as pool:
        both = list(pool.map(lambda by: outcome(either_case, letter, by), ("clerk", "manager")))
    assert sorted(both) == ["issued", "letter_not_in_status"]
    assert len(either_case.facts("submit_measure")) == len(lines(either_case, letter)) == 1
    assert state_of(either_case) == "S4"
    with reading(either_case.bind) as connection:
        assert list(verify(connection)) == []


def test_cut_off_between_its_number_and_the_act_neither_is_there(case: Paperwork) -> None:
    case.do("submit_measure")
    letter = case.approved(draft_of(case))
    cut = "CREATE TRIGGER cut BEFORE INSERT ON fact WHEN NEW.kind = 'submit_measure' "
    cut += "BEGIN SELECT RAISE(ABORT, 'cut'); END"
    with writing(case.bind) as connection:
        connection.exec_driver_sql(cut)
    with pytest.raises(IntegrityError):
        case.issue(letter)
    assert (case.status(letter), lines(case, letter), state_of(case)) == ("approved", [], "S3")
    with writing(case.bind) as connection:
        connection.exec_driver_sql("DROP TRIGGER cut")
    case.issue(letter)
    assert (lines(case, letter), state_of(case)) == ([2], "S4"), "after the notice of the visit"
