"""The closing report lists the days against the rules: who confirmed them, and how they were cured."""

from sqlalchemy import Engine

from casework.evidence_store import keep
from casework.irregularities import confirm
from casework.ledger import load_case
from casework.takeover.known import Known
from casework.takeover.taking_over import Request, take_over
from correspondence.letter_data import LetterData
from letters.catalogue import letter_types
from letters.field_sources import value_of
from models.clock import FrozenClock
from models.database import reading, writing
from tests.acting import apply
from tests.web.web_office import TODAY, Office, build_office, login_of, new_unit

CLOCK = FrozenClock.on(TODAY)
OFFICER, MANAGER = login_of("case_officer"), login_of("manager")
KNOWN = {
    "decide_dissolution": "02/06/2015", "record_posting": "10/06/2015", "record_posting.posted_to_on": "12/06/2015",
}  # fmt: skip
AGAIN = {"posted_from_on": "01/02/2016", "posted_to_on": "20/02/2016", "place": "UBND xã", "witness": "Đào Văn Phong"}


def rows(office: Office, ref: str) -> list[dict[str, str]]:
    """The table of the closing report, as it is filled from the case; empty where the report leaves it out."""
    kind = letter_types()["closing_report"]
    with reading(office.bind) as connection:
        data = LetterData(connection).of(load_case(connection, ref), None, {}, kind)
    return value_of(data, "irregularities", kind.fields["irregularities"]) or []


def test_each_day_is_in_the_closing_report_with_who_confirmed_it_and_its_cure(bind: Engine) -> None:
    office = build_office(bind)
    assert rows(office, office.first) == []
    with writing(bind) as connection:
        number = new_unit(connection, "HTX Cũ", "HBG")["id"]
    done = take_over(bind, Request(number, Known("C4", "sổ", KNOWN)), by=OFFICER, clock=CLOCK)
    (row,) = rows(office, done.ref)
    assert (row["act"], row["day"]) == ("Ghi việc niêm yết", "12/06/2015")
    assert "10/06/2015" in row["rule"]
    assert (row["confirmed"], row["settled"]) == ("chưa xác nhận", "chưa khắc phục")
    confirm(bind, [(done.ref, done.seq)], by=MANAGER, reason="Đã xem sổ", clock=CLOCK)
    with writing(bind) as connection:
        case_id = load_case(connection, done.ref).row["id"]
        minutes = keep(connection, case_id, b"%PDF-1.4 ", "bb.pdf", by=OFFICER, now=CLOCK.now())
    apply(bind, done.ref, "record_posting", by=OFFICER, clock=CLOCK, data=AGAIN, evidence=[minutes])
    (row,) = rows(office, done.ref)
    assert row["confirmed"] == f"Người {MANAGER}, {TODAY:%d/%m/%Y}"
    assert row["settled"] == f"đã khắc phục ngày {TODAY:%d/%m/%Y}"
