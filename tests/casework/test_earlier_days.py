"""The rules on days apply to what is taken over: impossible days are refused, unlawful ones are an irregularity."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from casework.acts import record
from casework.evidence_store import keep
from casework.irregularities import confirm, of_case
from casework.ledger import NewFact, load_case
from casework.takeover.gaps import confirm_gaps
from casework.takeover.known import Known, fact_of
from casework.takeover.taking_over import Request, look
from casework.upkeep.contradictions import contradictions
from models.database import reading, writing
from models.errors import WrongInput
from tests.acting import apply
from tests.casework.test_taking_over import (
    CLOCK,
    DECIDED,
    DECISION,
    MANAGER,
    OFFICER,
    PROCEDURE,
    count,
    office,
    state,
    taken,
    unit,
    wrong_days,
)
from tests.web.web_office import TODAY, Office

__all__ = ["office"]

POSTED_AGAIN: Mapping[str, Any] = {
    "posted_from_on": "01/02/2016", "posted_to_on": "20/02/2016", "place": "UBND xã", "witness": "Đào Văn Phong"
}  # fmt: skip
UNLAWFUL = {"record_posting": "10/06/2015", "record_posting.posted_to_on": "12/06/2015"}


def test_impossible_days_of_earlier_acts_are_refused_with_both_days(office: Office) -> None:
    before = count(office)
    with pytest.raises(WrongInput) as caught:
        taken(office, DECIDED | {"notify_creditors": "05/06/2015", "notify_creditors.claims_until_on": "01/06/2015"})
    error = caught.value
    assert (error.field, error.code) == ("notify_creditors.claims_until_on", "day_after")
    assert (error.params["day"], error.params["other_day"]) == (date(2015, 6, 1), date(2015, 6, 5))
    assert count(office) == before


def test_unlawful_days_of_earlier_acts_come_in_as_one_irregularity_with_their_source(office: Office) -> None:
    number = unit(office)
    (seen,) = look(office.bind, [Request(number, Known("C4", "sổ", DECIDED | UNLAWFUL))], by=OFFICER, clock=CLOCK)
    assert [day.field for day in seen.irregular] == ["posted_to_on"]
    ref = taken(office, DECIDED | UNLAWFUL, unit=number, source="sổ niêm yết")
    with reading(office.bind) as connection:
        loaded = load_case(connection, ref)
        (item,) = of_case(loaded)
        assert wrong_days(connection, ref) == []
    assert (item.status, item.reason, item.by) == ("open", "sổ niêm yết", OFFICER)
    assert "12/06/2015" in item.days[0].text["vi"]
    assert loaded.state.proven("record_posting") == []
    assert len(loaded.state.proven(DECISION)) == 1
    confirm(office.bind, [(ref, item.seq)], by=MANAGER, reason="Đã xem sổ", clock=CLOCK)
    with writing(office.bind) as connection:
        minutes = keep(connection, loaded.row["id"], b"%PDF-1.4 ", "bb.pdf", by=OFFICER, now=CLOCK.now())
    apply(office.bind, ref, "record_posting", by=OFFICER, clock=CLOCK, data=POSTED_AGAIN, evidence=[minutes])
    found = state(office, ref)
    assert found.irregularities[item.seq].status == "cured"
    assert len(found.proven("record_posting")) == 1


def test_a_case_taken_over_before_days_were_checked_is_named_by_verify(office: Office) -> None:
    data = fact_of(PROCEDURE, Known("C4", "sổ", DECIDED | UNLAWFUL), TODAY)
    for act in data["acts"]:
        act.pop("irregularities", None)
    with writing(office.bind) as connection:
        loaded = load_case(connection, office.first, lock=True)
        record(connection, loaded, NewFact("taken_over", TODAY, CLOCK.now(), OFFICER, "case_officer", data))
    with reading(office.bind) as connection:
        (named,) = wrong_days(connection, office.first)
    assert "12/06/2015" in named


def test_a_paper_confirmed_as_not_on_file_contradicts_nothing(office: Office) -> None:
    known = {key: value for key, value in DECIDED.items() if not key.endswith((".paper", ".served"))}
    ref = taken(office, known)
    for codes in ({"contradiction_no_paper"}, set()):
        with reading(office.bind) as connection:
            assert {one.code for one in contradictions(connection, ref)} == codes
        confirm_gaps(office.bind, [ref], by=MANAGER, clock=CLOCK)
