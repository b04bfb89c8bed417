"""What contradicts in the cases of older offices: named by the rules of this release, apart from broken chains."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from casework.acts import record
from casework.ledger import NewFact, load_case
from casework.office.people import actor
from casework.upkeep.contradictions import Contradiction, contradiction_text, contradictions
from cli.app import app
from correspondence.drafts import draft_by_hand
from models.database import reading, writing
from models.tables import letter_rows
from procedures.definition.loader import load
from tests.command_line import CliRunner
from tests.correspondence.paperwork import Paperwork
from tests.web.web_office import CLOCK, TODAY, Office, Visitor, login_of

CONTRARY = 7
BACKWARDS = {"posted_from_on": "2016-01-05", "posted_to_on": "2016-01-01", "place": "UBND", "witness": "Ông A"}


def lived(office: Office, *acts: tuple[str, str, Mapping[str, Any]]) -> None:
    """Facts of the first case as older offices have them: recorded, whatever a guard would say today."""
    for verb, on, data in acts:
        with writing(office.bind) as connection:
            loaded = load_case(connection, office.first, lock=True)
            day = date.fromisoformat(on)
            record(connection, loaded, NewFact(verb, day, CLOCK.now(), "manager.hbg", "manager", data))


def found(office: Office, **asked: Any) -> list[Contradiction]:
    with reading(office.bind) as connection:
        return list(contradictions(connection, **asked))


def codes(office: Office, **asked: Any) -> list[str]:
    return [item.code for item in found(office, **asked)]


def test_a_lawful_office_has_none(office: Office) -> None:
    assert found(office) == []


def test_a_case_that_closed_without_its_decision_issued_is_named(office: Office) -> None:
    lived(office, ("decide_dissolution", "2016-01-05", {"decided_on": "2016-01-05"}))
    assert "contradiction_closed" not in codes(office)
    lived(office, ("delete_name", "2016-02-05", {"deleted_on": "2016-02-05"}), ("close_case", "2016-02-08", {}))
    closed = {item.seq for item in found(office, district="HBG") if item.code == "contradiction_closed"}
    assert closed == {2, 3}
    assert codes(office, district="ADG") == []


def test_an_act_of_an_open_case_that_depends_on_a_paper_has_one(office: Office) -> None:
    by_paper = [name for name, verb in load().verbs.items() if verb.takes_effect_by]
    for name in by_paper:
        lived(office, (name, "2016-01-05", {}))
    named = {item.seq for item in found(office) if item.code == "contradiction_no_paper"}
    assert len(named) >= bool(by_paper)


def test_days_that_go_back_name_both(office: Office) -> None:
    counted = ("record_inventory", "2016-02-10", {"taken_on": "2016-02-10"})
    lived(office, counted, ("record_completion", "2016-02-12", {"completed_on": "2015-01-05"}))
    days = [contradiction_text(item, "vi") for item in found(office) if item.code == "contradiction_days"]
    assert any("05/01/2015" in text and "10/02/2016" in text for text in days), days


def test_data_against_a_rule_are_named_with_the_rule(office: Office) -> None:
    row = {"rank": 4, "claimant": "Ngân hàng", "claim": 10, "paid": 900}
    lived(office, ("propose_payout", "2016-02-10", {"available": 900, "claims": [row]}))
    rule = next(item for item in found(office) if item.code == "contradiction_rule")
    assert rule.seq == 2


def test_a_numbered_letter_with_a_blank_is_named(office: Office) -> None:
    with writing(office.bind) as connection:
        person = actor(connection, login_of("case_officer"))
        letter = draft_by_hand(connection, office.first, "name_deletion_notice", person, now=CLOCK.now(), today=TODAY)
        changed = letter_rows.update().where(letter_rows.c.id == letter)
        connection.execute(changed.values(number=5, symbol="TB-TCKH", status="issued", missing=["deleted_on"]))
    assert [(item.code, item.letter) for item in found(office)] == [("contradiction_blank", letter)]


def test_a_signed_letter_with_a_blank_is_named_before_it_has_a_number(office: Office) -> None:
    letter = Paperwork(office.bind, office.first).signed_with_blank()
    assert [(item.code, item.letter) for item in found(office)] == [("contradiction_signed_blank", letter)]


def test_verify_prints_them_apart_and_ends_with_its_own_code(office: Office) -> None:
    run = CliRunner()
    assert run.invoke(app, ["verify", office.first]).exit_code == 0
    lived(office, ("record_posting", "2016-01-05", BACKWARDS))
    done = run.invoke(app, ["verify", office.first])
    assert done.exit_code == CONTRARY
    assert office.first in done.stdout
    document = run.invoke(app, ["verify", office.first, "--json"])
    assert document.exit_code == CONTRARY
    assert '"sound": true' in document.stdout
    assert "contradiction_days" in document.stdout
    assert "posted_to_on" not in document.stdout


@pytest.mark.parametrize("role", ["manager", "leader"])
def test_heads_see_the_list_with_links(office: Office, as_role: Any, role: str) -> None:
    lived(office, ("record_posting", "2016-01-05", BACKWARDS))
    visitor: Visitor = as_role(role)
    assert "/late/contradictions" in visitor.get("/late").text
    assert f'href="/cases/{office.first}#fact-2"' in visitor.get("/late/contradictions").text
