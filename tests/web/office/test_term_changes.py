"""A term of law is changed in a new version: its cases read the new one everywhere, a case of version 1 the old one."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import update

from casework.ledger import load_case
from correspondence.composing import Composer
from letters.catalogue import letter_type
from letters.output.plain import plain
from models.database import reading, writing
from models.tables import case_rows
from procedures.definition.loader import load
from rulebook.shipped import Shipped, ShippedText, shipped
from rulebook.version_sync import put_in_force, sync_versions
from rulebook.versions import Versions
from tests.rule_changes.version_texts import NAME, text_of
from tests.web.web_office import CLOCK, Office, Visitor

As = Callable[..., Visitor]
FIRST, NEXT = f"{NAME}@1", f"{NAME}@9"
CERTIFICATE = 'en: "Issue the certificate"}, kind: legal, term: '
COUNCIL = 'of the compulsory council"}, kind: legal, term: '
ACCEPT = 'now: {vi: "Kiểm tra hồ sơ đăng ký có đúng do cơ quan mình giữ, rồi bắt đầu rà soát."'
LETTERS = ("demand_reregister", "receipt_note", "supplement_request")


@pytest.fixture
def changed(office: Office) -> Office:
    """Version 9 is in force with 10 working days for a certificate; the first case is under version 1."""
    text = text_of(
        "9",
        (f"{CERTIFICATE}5 working days", f"{CERTIFICATE}10 working days"),
        (f"{COUNCIL}60 days", f"{COUNCIL}90 days"),
        (ACCEPT, "now: {vi: \"Giấy chứng nhận có sau {{ term('certificate_term') }}.\""),
    )
    ours = shipped()
    release = Shipped(ShippedText(NEXT, text), {**ours.former, ours.current.pin: ours.current})
    with writing(office.bind) as connection:
        columns = case_rows.c
        connection.execute(update(case_rows).where(columns.ref == office.first).values(procedure=FIRST))
        sync_versions(connection, CLOCK.now(), release)
        connection.execute(update(case_rows).where(columns.ref != office.first).values(procedure=NEXT))
        put_in_force(connection, NEXT, CLOCK.now())
    return office


def letter(office: Office, ref: str, name: str) -> str:
    with reading(office.bind) as connection:
        composed = Composer(connection, date(2016, 3, 14)).letter(
            load_case(connection, ref), letter_type(name), None, {"received_on": "2016-03-10"}
        )
    return " ".join(plain(composed, 5).split())


@pytest.mark.parametrize("name", LETTERS)
def test_a_letter_says_the_term_of_its_cases_version(changed: Office, name: str) -> None:
    old, new = letter(changed, changed.first, name), letter(changed, changed.second, name)
    assert "trong thời hạn 05 ngày làm việc" in old
    assert "trong thời hạn 10 ngày làm việc" in new
    assert "10 ngày làm việc" not in old
    assert "05 ngày làm việc" not in new


def test_pages_say_it_too(changed: Office, as_role: As) -> None:
    visitor = as_role("case_officer")
    assert "Giấy chứng nhận có sau 10 ngày làm việc." in visitor.get(f"/cases/{changed.second}").text
    old = visitor.get(f"/cases/{changed.first}").text
    assert "Giấy chứng nhận có sau" not in old
    with reading(changed.bind) as connection:
        versions = Versions(connection)
        assert "trong 5 ngày làm việc" in versions.of(FIRST).states["R2F"].now.vi
        assert "within 10 working days" in versions.of(NEXT).states["R2F"].now.en


def test_the_guide_says_the_terms_in_force(changed: Office, as_role: As) -> None:
    guide = as_role("case_officer").get("/help").text
    assert "tự nguyện 60 ngày, bắt buộc 90 ngày" in guide
    assert "{{" not in guide
    assert load().deadlines["compulsory_council_term"].term == "60 days"
