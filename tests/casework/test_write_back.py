"""The outcome of a closed case becomes data of its unit; a case that is opened again takes them back."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, select

from casework.acts import annul, record
from casework.ledger import NewFact, load_case
from casework.register_corrections import corrections
from casework.write_back import changes_of_unit
from models.database import reading, writing
from models.tables import case_rows, units
from tests.web.web_office import CLOCK, TODAY, Office, build_office

CLOSES: tuple[tuple[str, Mapping[str, Any]], ...] = (("write_closing_report", {}), ("close_case", {}))


@pytest.fixture
def office(either_bind: Engine) -> Office:
    return build_office(either_bind)


def lived(office: Office, *acts: tuple[str, Mapping[str, Any]]) -> None:
    """Facts of the first case as older offices have them: recorded, whatever a guard would say today."""
    for verb, data in acts:
        with writing(office.bind) as connection:
            loaded = load_case(connection, office.first, lock=True)
            record(connection, loaded, NewFact(verb, TODAY, CLOCK.now(), "manager.hbg", "manager", data))


def unit(office: Office) -> Any:
    with reading(office.bind) as connection:
        number = select(case_rows.c.unit_id).where(case_rows.c.ref == office.first).scalar_subquery()
        return connection.execute(select(units).where(units.c.id == number)).one()


def test_a_dissolved_unit_is_closed_in_the_register_and_flagged_no_more(office: Office) -> None:
    lived(office, ("delete_name", {"deleted_on": "2016-03-01"}))
    assert unit(office).status == "B2"
    lived(office, *CLOSES)
    found = unit(office)
    assert (found.status, found.flags) == ("B8", [])
    with reading(office.bind) as connection:
        (change,) = changes_of_unit(connection, found.id)
    assert (change["ref"], change["outcome"]) == (office.first, "dissolved_compulsory")
    assert change["fields"] == {"status": {"old": "B2", "new": "B8"}}


def test_a_case_opened_again_takes_it_back(office: Office) -> None:
    lived(office, ("delete_name", {}), *CLOSES, ("reopen", {"reason": "x"}))
    found = unit(office)
    assert found.status == "B2"
    assert found.flags
    lived(office, ("delete_name", {}), *CLOSES)
    assert unit(office).status == "B8"


def test_what_was_changed_since_is_not_taken_back(office: Office) -> None:
    lived(office, ("delete_name", {}), *CLOSES)
    with writing(office.bind) as connection:
        connection.execute(units.update().where(units.c.id == unit(office).id).values(status="B7"))
    lived(office, ("reopen", {"reason": "x"}))
    assert unit(office).status == "B7"


def test_a_consolidated_unit_has_its_new_grade(office: Office) -> None:
    lived(office, ("record_rescore", {"grade": "kha"}), *CLOSES)
    assert (unit(office).grade, unit(office).status) == ("kha", "B2")


def test_a_reregistered_unit_has_its_new_certificate(office: Office) -> None:
    given = {"certificate_number": "0207000999", "issued_on": "2016-02-15"}
    lived(office, ("issue_certificate", given), *CLOSES)
    found = unit(office)
    assert (found.certificate_number, found.certificate_on) == ("0207000999", date(2016, 2, 15))
    assert (found.reregistered, found.status) == (True, "B1")


def test_an_error_changes_nothing(office: Office) -> None:
    before = unit(office)
    lived(office, ("close_as_error", {"reason": "x"}), *CLOSES)
    assert unit(office) == before


DIED = {"person": "ông Vũ Văn An", "died_on": "2016-02-20"}
NAMED = {"successor": "Đào Thị Nhàn", "phone": "0225 3 700 001", "chosen_by": "members", "chosen_on": "2016-03-10"}


def test_a_successor_represents_the_unit_in_register_and_case_at_once(office: Office) -> None:
    lived(office, ("record_representative_death", DIED), ("name_successor", NAMED))
    found = unit(office)
    assert (found.representative, found.phone) == ("Đào Thị Nhàn", "0225 3 700 001")
    with reading(office.bind) as connection:
        loaded = load_case(connection, office.first)
        (change,) = changes_of_unit(connection, found.id)
        assert corrections(connection, "HBG") == [], "the case has it already"
    assert loaded.state.unit["representative"] == "Đào Thị Nhàn"
    assert (change["outcome"], change["fields"]["representative"]["old"]) == ("name_successor", "ông Vũ Văn An")


@pytest.mark.parametrize(("changed_since", "then"), [(False, "ông Vũ Văn An"), (True, "bà Mai Thị Khác")])
def test_the_annulment_takes_it_back_as_far_as_nobody_changed_it(
    office: Office, changed_since: bool, then: str
) -> None:
    lived(office, ("record_representative_death", DIED), ("name_successor", NAMED))
    if changed_since:
        with writing(office.bind) as connection:
            connection.execute(units.update().where(units.c.id == unit(office).id).values(representative=then))
    with reading(office.bind) as connection:
        seq = load_case(connection, office.first).state.seq
    annul(office.bind, office.first, seq, by="manager.hbg", reason="Ghi nhầm", clock=CLOCK)
    assert unit(office).representative == then


def test_a_closed_case_that_named_a_successor_takes_back_its_outcome_alone(office: Office) -> None:
    lived(office, ("record_representative_death", DIED), ("name_successor", NAMED))
    lived(office, ("delete_name", {}), *CLOSES, ("reopen", {"reason": "x"}))
    assert (unit(office).status, unit(office).representative) == ("B2", "Đào Thị Nhàn")
