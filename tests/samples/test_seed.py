"""The sample office: in the order of time, consistent, and with work for every role."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from typing import get_args

import pytest
from sqlalchemy import Connection, Engine, func, select

from casework.councils.seats import members_of
from casework.ledger import load_case
from casework.office.people import actor
from casework.upkeep.integrity import verify
from correspondence.joint import batches
from correspondence.paper_integrity import verify_papers
from models.database import engine, migrate, reading
from models.sample_cases import sample_cases
from models.settings import settings
from models.tables import (
    book_modes,
    case_rows,
    deadlines,
    earlier_paper_cases,
    effects,
    facts,
    incoming,
    letter_rows,
    obstacles,
    signed_papers,
)
from oversight.forecast import Verdict, forecasts
from oversight.taken_over import TakenOverCount, count_taken_over
from samples.dissolved_together import AT_WORK
from samples.histories import TODAY
from samples.seed import RECENT, seed_if_empty
from templates.situations import situations

SECOND = "second_complaint_to_the_city"


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    folder = tmp_path_factory.mktemp("sample")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COOPCASE_DATA", str(folder))
        patch.delenv("COOPCASE_DATABASE_URL", raising=False)
        settings.cache_clear()
        migrate()
        assert seed_if_empty()
        yield engine()
    settings.cache_clear()


@pytest.fixture
def connection(sample: Engine) -> Iterator[Connection]:
    with reading(sample) as connection:
        yield connection


def test_it_is_made_once(sample: Engine) -> None:
    assert not seed_if_empty(sample)


def test_it_is_sound(connection: Connection) -> None:
    assert list(verify(connection)) == []
    assert list(verify_papers(connection)) == []


def test_no_history_runs_backwards(connection: Connection) -> None:
    found = connection.execute(
        select(facts.c.case_id, facts.c.recorded_at).order_by(facts.c.case_id, facts.c.seq)
    ).all()
    backwards = [after for before, after in pairwise(found) if before[0] == after[0] and before[1] > after[1]]
    assert backwards == []


def test_nothing_happens_after_its_day(connection: Connection) -> None:
    assert (connection.scalar(select(func.max(facts.c.occurred_on))) or TODAY) <= TODAY


def test_pending_effects_are_recent(connection: Connection) -> None:
    pending = connection.scalars(select(effects.c.created_at).where(effects.c.status == "pending")).all()
    assert pending, "the worker finds something to do"
    assert min(pending).date() >= TODAY - timedelta(days=RECENT)


def test_cases_were_taken_over_and_one_waits_for_its_second_person(connection: Connection) -> None:
    assert count_taken_over(connection) == TakenOverCount(8, 8, 1)  # five of them are in batches


def test_there_is_a_closed_batch_one_at_work_and_their_council(connection: Connection) -> None:
    listed = batches.listed_batches(connection, actor(connection, "cv1.vbo"))
    assert [(row["cases"], row["closed"]) for row in listed] == [(3, 0), (2, 2)]
    assert {row["council_id"] for row in listed} == {1}
    papers = [row["template"] for row in batches.joint_letters(connection, listed[0]["id"]) if row["number"]]
    assert papers == ["submission_compulsory", "dissolution_decision", "creditor_notice", "newspaper_request"]
    rows = members_of(connection, 1)
    assert [row["seat"] for row in rows if not row["name"] and row["approved_by"] == "tp.vbo"] == [
        "board",
        "control_board",
    ]
    assert [row["seat"] for row in rows if row["to_on"] is not None] == ["line_agency"]


def test_one_pay_out_has_every_kind_of_row(connection: Connection) -> None:
    (case,) = [case for case in batches.cases_in(connection, 2) if case.unit_name == AT_WORK[0]]
    drafted = load_case(connection, case.ref).state.last("propose_compulsory_payout")
    assert drafted is not None
    lines = drafted.data["claims"]
    assert [line["rank"] for line in lines] == [1, 2, 2, 3, 4, 4, 4, 4, 5, 5, 5]
    assert [line["claimant"] for line in lines if line.get("set_aside")] == ["Công ty vật tư (mẫu)"]
    assert sum(line["paid"] for line in lines) == drafted.data["available"]


@pytest.mark.parametrize("status", ["draft", "submitted", "entered", "approved", "issued", "served", "undelivered"])
def test_there_are_letters_at_every_station(connection: Connection, status: str) -> None:
    assert connection.scalar(select(func.count()).where(letter_rows.c.status == status))


def test_there_is_work_of_every_kind(connection: Connection) -> None:
    stages = set(connection.scalars(select(case_rows.c.stage).where(case_rows.c.closed_on.is_(None))))
    assert stages == {"review", "proposal", "remediation", "dissolution", "closure"}
    for wanted in (
        select(case_rows.c.id).where(case_rows.c.closed_on.is_not(None)),
        select(obstacles.c.id).where(obstacles.c.lifted_on.is_(None)),
        select(deadlines.c.id).where(deadlines.c.status == "open", deadlines.c.ends_on < TODAY),
        select(incoming.c.id),
    ):
        assert connection.scalar(wanted.limit(1)) is not None, wanted


def test_the_heads_see_every_verdict_that_a_forecast_can_have(connection: Connection) -> None:
    found = forecasts(connection, TODAY)
    said = {one.verdict for item in found for one in (item.outlook, *item.by_district.values())}
    assert said == set(get_args(Verdict))


def test_a_book_is_kept_on_paper_and_one_signed_paper_waits(connection: Connection) -> None:
    entries = connection.execute(select(signed_papers.c.status).order_by(signed_papers.c.id)).scalars().all()
    assert entries == ["confirmed", "confirmed", "entered"]
    assert connection.execute(select(book_modes.c.mode)).scalars().all() == ["on_paper"]
    assert connection.scalar(select(func.count()).select_from(earlier_paper_cases)) == 4  # three of a take-over


def test_the_guide_leads_to_a_case_of_each_way_beside_the_usual_course(connection: Connection) -> None:
    found = {key: [load_case(connection, ref) for ref in refs] for key, refs in sample_cases(connection).items()}
    assert set(found) <= {item.key for group in situations() for item in group.situations}
    states = {key: [(one.state.state, one.state.outcome) for one in cases] for key, cases in found.items()}
    assert states == {
        "complaint_arrives": [("C4", None)],
        "complaint_verified": [("C4", None)],
        "second_complaint_to_the_city": [("C5", None)],
        "annulled_after_the_deletion": [("S9", "name_restored")],
        "cooperative_group": [("S9", "group_ended")],
        "credit_fund": [("S3", None)],
        "another_registry": [("S8", "transferred_out"), ("S0", None)],
    }
    first, second, fund = (found[key][0].state for key in ("complaint_verified", SECOND, "credit_fund"))
    assert ("complaint" in first.overlays, "appeal" in second.overlays) == (True, True)
    assert second.last("verify_second_complaint_above") is not None, "the city verifies it in the district's case"
    assert list(fund.obstacles) == ["state_bank"]
    assert (fund.level, fund.unit["kind"]) == ("city", "quy_tin_dung")
    assert found["cooperative_group"][0].state.unit["kind"] == "to_hop_tac"
    sent, received = (one.state for one in found["another_registry"])
    assert (sent.district, received.district) == ("TLG", "VBO")
    assert all("(mẫu)" in one.state.unit["name"] for cases in found.values() for one in cases)
