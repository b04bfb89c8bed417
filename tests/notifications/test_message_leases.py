"""Workers whose clocks differ, and workers that come back after their lease: nothing is lost and nothing doubled."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import func, select

from flows.jobs.effects import drain
from models.clock import FrozenClock
from models.database import reading
from models.settings import settings
from models.tables import effects, letter_rows
from notifications.delivery.sending import Bundle, Delivery, claim, note_delivery
from tests.acting import apply
from tests.notifications.desk import LEADER, MANAGER, MONDAY, OFFICER, Desk, at
from tests.notifications.mail_server import post_office

TEN = at(MONDAY, 10)
APART = [timedelta(seconds=30), timedelta(minutes=6), timedelta(hours=2)]


def off_by(difference: timedelta) -> FrozenClock:
    return FrozenClock(TEN.at + difference)


@pytest.fixture
def claimed(either_desk: Desk) -> tuple[Desk, Bundle]:
    """The only message that waits, claimed by a worker."""
    either_desk.person(OFFICER, email=f"{OFFICER}@example.vn")
    either_desk.climb(MONDAY)
    (mine,) = either_desk.rows(login=OFFICER, deadline_key="accept_target", status="pending")
    for row in either_desk.rows(status="pending"):
        if row["id"] != mine["id"]:
            either_desk.change_message(row["id"], status="inbox")
    first = claim(either_desk.bind, TEN)
    assert first is not None
    return either_desk, first


def noted(desk: Desk, bundle: Bundle, outcome: str, why: str = "") -> str:
    return note_delivery(desk.bind, bundle, Delivery(outcome, why), TEN.now())


def row_of(desk: Desk, bundle: Bundle) -> dict[str, Any]:
    return next(row for row in desk.rows() if row["id"] == bundle.ids[0])


@pytest.mark.parametrize("difference", [sign * apart for apart in APART for sign in (-1, 1)], ids=str)
def test_no_clock_makes_a_claim_of_another_free(claimed: tuple[Desk, Bundle], difference: timedelta) -> None:
    assert claim(claimed[0].bind, off_by(difference)) is None


@pytest.mark.parametrize("apart", APART[:2], ids=str)
def test_two_senders_with_different_clocks_send_each_message_once(
    either_desk: Desk, monkeypatch: pytest.MonkeyPatch, apart: timedelta
) -> None:
    for login in (OFFICER, "second.hbg", MANAGER, LEADER):
        either_desk.person(login, email=f"{login}@example.vn")
    with post_office() as box:
        monkeypatch.setenv("COOPCASE_MAIL", box.address())
        settings.cache_clear()
        either_desk.climb(MONDAY)
        pending = len(either_desk.rows(status="pending"))
        with ThreadPoolExecutor(2) as two:
            done = list(two.map(either_desk.send, (off_by(apart), off_by(-apart))))
    assert pending >= 6
    assert sum((Counter(one) for one in done), Counter[str]()) == {"sent": pending}
    assert len(box.ids) == len(set(box.ids)) == pending


def test_two_workers_with_different_clocks_do_each_effect_once(either_desk: Desk) -> None:
    refs = [either_desk.office.first, either_desk.office.second]
    for ref in refs:
        do = partial(apply, either_desk.bind, ref, by=OFFICER, clock=at(MONDAY))
        do("accept_case", data={"file_held": "true"})
        do("ask_agencies", data={"tax_period": "2010-2014"})
    with reading(either_desk.bind) as connection:
        pending = connection.scalar(select(func.count()).select_from(effects).where(effects.c.status == "pending"))
    with ThreadPoolExecutor(2) as two:
        clocks = (off_by(timedelta(seconds=15)), off_by(timedelta(seconds=-15)))
        done = list(two.map(lambda clock: drain(either_desk.bind, clock), clocks))
    columns = letter_rows.c
    with reading(either_desk.bind) as connection:
        drafted = connection.execute(select(columns.case_id, columns.fact_seq, columns.template)).all()
        letters = connection.scalar(select(func.count()).select_from(effects).where(effects.c.kind == "letter"))
        assert connection.scalars(select(effects.c.id).where(effects.c.status != "done")).all() == []
    assert sum(one.get("done", 0) for one in done) == pending
    assert len(drafted) == len(set(drafted)) == letters
    assert pending and letters and letters >= len(refs)


@pytest.mark.parametrize(("outcome", "why"), [("sent", ""), ("retry", "no_answer"), ("inbox", "no_channel")])
def test_who_comes_back_after_another_has_claimed_notes_nothing(
    claimed: tuple[Desk, Bundle], outcome: str, why: str
) -> None:
    desk, late = claimed
    desk.end_leases()
    newer = claim(desk.bind, off_by(timedelta(seconds=-30)))
    assert newer is not None
    assert newer.mail.message_id == late.mail.message_id, "mail programs show it once"
    held = row_of(desk, late)
    assert (noted(desk, late, outcome, why), row_of(desk, late)) == ("superseded", held)
    assert noted(desk, newer, "retry", "refused") == "retry"
    after = row_of(desk, late)
    assert (after["status"], after["attempts"], after["note"]) == ("pending", 1, "refused")
    assert (noted(desk, late, outcome, why), row_of(desk, late)) == ("superseded", after)


def test_who_comes_back_before_another_has_claimed_notes_the_result(claimed: tuple[Desk, Bundle]) -> None:
    desk, late = claimed
    desk.end_leases()
    assert noted(desk, late, "sent") == "sent"
    assert row_of(desk, late)["status"] == "sent"
    assert claim(desk.bind, TEN) is None


def test_what_was_dropped_while_it_was_sent_stays_dropped(claimed: tuple[Desk, Bundle]) -> None:
    desk, bundle = claimed
    desk.drop(bundle.ids[0], "Người nhận đã nghỉ", TEN)
    assert noted(desk, bundle, "sent") == "superseded"
    assert row_of(desk, bundle)["status"] == "dropped"


def test_what_a_worker_is_sending_is_not_withdrawn_whatever_the_clock_of_another(claimed: tuple[Desk, Bundle]) -> None:
    desk, bundle = claimed
    desk.change_message(bundle.ids[0], attempts=1)
    desk.act("accept_case", MONDAY + timedelta(days=1), file_held="true")
    desk.climb(MONDAY + timedelta(days=1))
    assert row_of(desk, bundle)["status"] == "pending"
    assert noted(desk, bundle, "sent") == "sent"
