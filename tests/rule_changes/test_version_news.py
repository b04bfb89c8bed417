"""Who is notified of a version: deciders, the proposer, and officers whose cases moved."""

from typing import Any

import pytest
from sqlalchemy import Engine, select

from casework.lists.at_risk import date_risks
from flows.jobs.effects import drain, drain_office
from models.database import reading, writing
from models.tables import messages, officers
from notifications.weekly.digest import weekly
from rule_changes import version_proposals
from rule_changes.version_impact import preview
from rulebook.versions import Versions
from tests.rule_changes.version_texts import NAME, text_of
from tests.web.web_office import CLOCK, TODAY, build_office, login_of

NEXT = f"{NAME}@9"
MANAGER, LEADER, LEGAL = (login_of(role, None) for role in ("manager", "leader", "legal"))


@pytest.fixture
def office(bind: Engine) -> Engine:
    """A version proposed by the city's leader."""
    build_office(bind)
    drain(bind, CLOCK)
    with writing(bind) as connection:
        version_proposals.add(connection, text_of("9"), "9.yaml", by=LEADER, clock=CLOCK)
        version_proposals.propose(connection, NEXT, by=LEADER, note="Theo <b>công văn 12</b>", clock=CLOCK)
    return bind


def notified(bind: Engine) -> dict[str, dict[str, Any]]:
    """The messages that are new, by login."""
    drain_office(bind, CLOCK)
    found = select(officers.c.login, messages).join(officers, officers.c.id == messages.c.officer_id)
    with reading(bind) as connection:
        rows = connection.execute(found.where(messages.c.kind == "version").order_by(messages.c.id)).mappings().all()
    return {row["login"]: dict(row) for row in rows}


def test_those_who_may_decide_are_notified_of_a_proposal(office: Engine) -> None:
    found = notified(office)
    assert set(found) == {LEGAL}, "the leader proposed it"
    message = found[LEGAL]
    assert message["subject"] == f"Đề nghị áp dụng thủ tục {NEXT}"
    assert "Theo <b>công văn 12</b>" in message["body"]
    assert "&lt;b&gt;" in message["html"]
    assert message["link"] == f"/office/versions/{NEXT}"
    assert set(notified(office)) == {LEGAL}, "notified once"


def test_the_proposer_is_notified_that_it_was_returned(office: Engine) -> None:
    with writing(office) as connection:
        version_proposals.send_back(connection, NEXT, by=LEGAL, reason="Thiếu căn cứ", clock=CLOCK)
    message = notified(office)[LEADER]
    assert message["subject"].startswith("Trả lại đề nghị")
    assert "Thiếu căn cứ" in message["body"]


def test_officers_of_cases_that_moved_are_notified_once_with_their_number(office: Engine) -> None:
    with reading(office) as connection:
        mark = preview(connection, Versions(connection).of(NEXT), TODAY).mark
    version_proposals.approve(office, NEXT, by=LEGAL, seen=mark, clock=CLOCK)
    found = notified(office)
    assert LEADER in found
    numbers = {
        login: row["body"].split(" hồ sơ mở")[0][-1] for login, row in found.items() if "hồ sơ mở" in row["body"]
    }
    assert numbers.pop(login_of("manager")) == "2"
    assert numbers.pop(login_of("manager", "ADG")) == "1"
    assert numbers.pop(MANAGER) == "1"
    assert sum(int(count) for count in numbers.values()) == 4, "each case's own officer"
    with reading(office) as connection:
        digest = [item for item in weekly(connection, TODAY, now=CLOCK.now(), risks=date_risks) if item.message]
    assert not any("bản thủ tục mới" in item.message.body for item in digest if item.message)
