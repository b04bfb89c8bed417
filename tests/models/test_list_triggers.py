"""What lists are read by follows the rows that it is made of, whatever writes these, on both databases."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, select, update

from models.database import reading, writing
from models.list_triggers import settle_list_triggers
from models.log_triggers import installed
from models.tables import act_days, case_rows, facts, incoming, letter_rows
from tests.web.web_office import CLOCK, TODAY, Office, build_office


@pytest.fixture
def office(either_bind: Engine) -> Office:
    return build_office(either_bind)


def _case(connection: Connection, ref: str) -> int:
    return int(connection.execute(select(case_rows.c.id).where(case_rows.c.ref == ref)).scalar_one())


def _letter(connection: Connection, case: int) -> int:
    row = {
        "key": "t:1", "case_id": case, "template": "tax_inquiry", "status": "served", "drafted_for_on": TODAY,
        "drafted_at": CLOCK.now(), "drafted_by": "x", "data": {}, "missing": [], "unverified": [],
    }  # fmt: skip
    made = letter_rows.insert().values(row | dict.fromkeys(_TEXTS, "")).returning(letter_rows.c.id)
    return int(connection.execute(made).scalar_one())


_TEXTS = (
    "template_hash", "issuer", "remarks", "content_hash", "symbol", "pdf_sha", "docx_sha", "signed_sha",
)  # fmt: skip


def _kept(bind: Engine, letter: int) -> tuple[str, bool]:
    with reading(bind) as connection:
        own = select(letter_rows.c.district_code, letter_rows.c.answered).where(letter_rows.c.id == letter)
        district, answered = connection.execute(own).tuples().one()
    return str(district), bool(answered)


def test_a_letter_has_the_district_of_its_case(office: Office) -> None:
    with writing(office.bind) as connection:
        own, other = _case(connection, office.first), _case(connection, office.elsewhere)
        letter = _letter(connection, own)
    assert _kept(office.bind, letter) == ("HBG", False)
    with writing(office.bind) as connection:
        connection.execute(update(letter_rows).where(letter_rows.c.id == letter).values(case_id=other))
    assert _kept(office.bind, letter) == ("ADG", False)
    with writing(office.bind) as connection:
        connection.execute(update(case_rows).where(case_rows.c.id == other).values(district_code="LCH"))
    assert _kept(office.bind, letter) == ("LCH", False)


def test_a_letter_is_answered_as_long_as_a_document_answers_it(office: Office) -> None:
    with writing(office.bind) as connection:
        letter = _letter(connection, _case(connection, office.first))
        row = {
            "office": "HBG", "year": 2016, "number": 9001, "from_body": "Chi cục Thuế", "symbol": "", "dated_on": TODAY,
            "received_on": TODAY, "summary": "x", "kind": "", "part": "", "answers_letter_id": letter, "evidence": [],
            "files": [], "recorded_by": "x", "recorded_at": CLOCK.now(),
        }  # fmt: skip
        connection.execute(incoming.insert().values(row))
    assert _kept(office.bind, letter)[1]
    of_letter = incoming.c.answers_letter_id == letter
    with writing(office.bind) as connection:
        connection.execute(update(incoming).where(of_letter).values(answers_letter_id=None))
    assert not _kept(office.bind, letter)[1]
    with writing(office.bind) as connection:
        connection.execute(update(incoming).where(incoming.c.number == 9001).values(answers_letter_id=letter))
    assert _kept(office.bind, letter)[1]
    with writing(office.bind) as connection:
        connection.execute(incoming.delete().where(of_letter))
    assert not _kept(office.bind, letter)[1]


@pytest.mark.parametrize(
    ("data", "days"),
    [
        ({"visit_on": "2016-04-01", "note": "đến xã", "count": 3}, [("2016-04-01", "visit_on")]),
        ({"visit_on": "2016-03-14", "seen_on": "2016-03-13"}, [("2016-03-14", "visit_on")]),
        ({"visit_on": "2016-02-31", "other_on": "2016-05-99"}, [("2016-05-99", "other_on")]),
        ({"visit_on": "01/04/2016", "list": ["2016-04-01"], "none": None}, []),
    ],
)
def test_days_that_a_fact_names_are_found_by_the_day(
    office: Office, data: dict[str, Any], days: list[tuple[str, str]]
) -> None:
    with writing(office.bind) as connection:
        row = {
            "case_id": _case(connection, office.first), "seq": 900, "kind": "send_visit_notice", "data": data,
            "occurred_on": date(2016, 3, 14), "recorded_at": CLOCK.now(), "by": "x", "role": "x", "evidence": [],
            "previous": "", "hash": "",
        }  # fmt: skip
        connection.execute(facts.insert().values(row))
    with reading(office.bind) as connection:
        own = act_days.c.kind == "send_visit_notice"
        assert connection.execute(select(act_days.c.day, act_days.c.field).where(own)).tuples().all() == days


def test_triggers_that_are_missing_are_made(either_bind: Engine) -> None:
    name = "letter_insert_lists"
    with either_bind.begin() as connection:
        on_table = "" if connection.dialect.name == "sqlite" else " ON letter"
        connection.exec_driver_sql(f"DROP TRIGGER {name}{on_table}")
        assert name not in installed(connection)
        settle_list_triggers(connection)
        assert name in installed(connection)
