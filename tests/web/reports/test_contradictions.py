"""What contradicts in the cases of older offices: named by the rules of this release, apart from broken chains."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from casework.acts import annul, record
from casework.ledger import NewFact, load_case
from casework.office.people import actor
from casework.upkeep.checked_content import A_DAY, KnownContradictions, known_contradictions
from casework.upkeep.contradictions import Contradiction, contradiction_text, contradictions
from cli.app import app
from correspondence.drafts import draft_by_hand
from flows.jobs.night import night
from models.clock import FrozenClock
from models.database import reading, writing
from models.settings import settings
from models.tables import letter_rows
from procedures.definition.loader import load
from tests.command_line import CliRunner
from tests.correspondence.paperwork import Paperwork
from tests.web.web_office import CLOCK, TODAY, Office, Visitor, build_office, login_of

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


class TestKnown:
    """What a page lists without looking at every case is what a look at every case finds."""

    def known(self, bind: Engine, district: str | None = None) -> KnownContradictions:
        with reading(bind) as connection:
            return known_contradictions(connection, district, 100)

    def same(self, office: Office) -> bool:
        known = self.known(office.bind).found
        whole = sorted(found(office), key=lambda item: item.ref)
        return [contradiction_text(item, "vi") for item in known] == [contradiction_text(item, "vi") for item in whole]

    @pytest.fixture
    def contrary(self, either_bind: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
        """A case with a contradiction in its facts, and one in a letter."""
        monkeypatch.setenv("COOPCASE_DATA", str(tmp_path / "var"))
        settings.cache_clear()
        either_office = build_office(either_bind)
        lived(either_office, ("record_posting", "2016-01-05", BACKWARDS))
        Paperwork(either_office.bind, either_office.second).signed_with_blank()
        return either_office

    def test_before_and_after_the_nightly_check(self, contrary: Office) -> None:
        assert {item.ref for item in self.known(contrary.bind).found} == {contrary.first, contrary.second}
        assert self.same(contrary)
        done = night(contrary.bind, TODAY, FrozenClock.on(TODAY, 3))["contradictions"]
        assert (done["case"], done["letter"]) == (4, 1)
        assert self.same(contrary)
        again = night(contrary.bind, TODAY + A_DAY, FrozenClock.on(TODAY + A_DAY, 3))["contradictions"]
        assert again.keys() == {"ok", "rules"}, "nothing has changed"
        assert self.same(contrary)

    def test_what_changed_since_is_looked_at_at_once(self, contrary: Office) -> None:
        night(contrary.bind, TODAY, FrozenClock.on(TODAY, 3))
        lived(contrary, ("record_posting", "2016-01-06", BACKWARDS))
        lived(replace(contrary, first=contrary.elsewhere), ("record_posting", "2016-01-06", BACKWARDS))
        Paperwork(contrary.bind, contrary.first).signed_with_blank()
        refs = {item.ref for item in self.known(contrary.bind).found}
        assert refs == {contrary.first, contrary.second, contrary.elsewhere}
        assert self.same(contrary)

    def test_what_was_settled_is_not_listed(self, contrary: Office) -> None:
        night(contrary.bind, TODAY, FrozenClock.on(TODAY, 3))
        with writing(contrary.bind) as connection:
            connection.execute(letter_rows.update().values(status="cancelled"))
        annul(contrary.bind, contrary.first, 2, by=login_of("manager"), reason="Ghi nhầm", clock=CLOCK)
        assert self.known(contrary.bind) == KnownContradictions([], {"case": 0, "letter": 0})

    def test_an_office_sees_its_own(self, contrary: Office) -> None:
        for number in (0, 1):
            assert {item.ref for item in self.known(contrary.bind, "HBG").found} == {contrary.first, contrary.second}
            assert self.known(contrary.bind, "ADG").found == []
            night(contrary.bind, TODAY + number * A_DAY, FrozenClock.on(TODAY + number * A_DAY, 3))

    def test_other_rules_have_everything_looked_at_anew(
        self, contrary: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        night(contrary.bind, TODAY, FrozenClock.on(TODAY, 3))
        monkeypatch.setattr("casework.upkeep.checked_content.CHECKS", 1_000)
        monkeypatch.setattr("casework.upkeep.checked_content.LOOKED_AT_NOW", 1)
        assert self.known(contrary.bind).unseen == {"case": 3, "letter": 0}
        monkeypatch.setattr("casework.upkeep.checked_content.LOOKED_AT_NOW", 50)
        assert self.same(contrary)

    def test_the_page_names_what_was_not_looked_at(
        self, office: Office, as_role: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        visitor: Visitor = as_role("manager")
        assert "chưa rà" not in visitor.get("/late/contradictions").text
        monkeypatch.setattr("casework.upkeep.checked_content.LOOKED_AT_NOW", 1)
        assert "chưa rà" in visitor.get("/late/contradictions").text
