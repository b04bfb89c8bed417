"""The outbox by hand, two senders at once, and whatever falls between claiming, sending and noting."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as trials
from hypothesis import strategies as some

from models.database import engine, reading, writing
from models.errors import NotFound, WrongInput
from models.settings import settings
from notifications.delivery.message_queue import VIEWS, ListedMessage, counts, listed, retry
from notifications.delivery.sending import claim, deliver, note_delivery
from notifications.delivery.unreachable_people import unreached
from tests.conftest import free_port
from tests.notifications.desk import LEADER, MANAGER, MONDAY, OFFICER, Desk, at
from tests.notifications.mail_server import Postbox, post_office
from tests.web.web_office import build_office

TEN = at(MONDAY, 10)


def with_mail(desk: Desk, *logins: str) -> None:
    for login in logins or (OFFICER, MANAGER, LEADER):
        desk.person(login, email=f"{login}@example.vn")


def dead_one(desk: Desk) -> int:
    with_mail(desk)
    desk.climb(MONDAY)
    number = int(desk.rows(login=OFFICER, status="pending")[0]["id"])
    desk.change_message(number, status="dead_letter", attempts=12, note="no_answer", message_id="<a@coopcase>")
    return number


def again(desk: Desk, number: int, district: str | None = "HBG") -> None:
    with writing(desk.bind) as connection:
        retry(connection, number, by=MANAGER, district=district, now=TEN.now())


def view(desk: Desk, name: str, district: str | None = "HBG") -> list[ListedMessage]:
    with reading(desk.bind) as connection:
        return listed(connection, name, district)


def test_a_given_up_message_is_retried_by_hand_under_its_old_message_id(either_desk: Desk) -> None:
    number = dead_one(either_desk)
    assert [row["id"] for row in view(either_desk, "dead_letter")] == [number]
    again(either_desk, number)
    (row,) = [row for row in either_desk.rows(login=OFFICER) if row["id"] == number]
    assert (row["status"], row["attempts"], row["message_id"]) == ("pending", 0, "<a@coopcase>")
    assert (row["handled_by"], row["handled_at"]) == (MANAGER, TEN.now())
    either_desk.send(TEN)
    assert next(row for row in either_desk.rows() if row["id"] == number)["status"] == "sent"


def test_what_went_as_one_is_retried_as_one(desk: Desk) -> None:
    number = dead_one(desk)
    mate = int(desk.rows(login=MANAGER)[0]["id"])
    desk.change_message(mate, status="dead_letter", message_id="<a@coopcase>", officer_id=desk.person(OFFICER))
    again(desk, number)
    assert {row["id"] for row in desk.rows(message_id="<a@coopcase>", status="pending")} == {number, mate}


def test_a_dropped_message_stays_with_its_reason(either_desk: Desk) -> None:
    number = dead_one(either_desk)
    either_desk.drop(number, "  Người nhận đã nghỉ  ", TEN)
    (row,) = view(either_desk, "dropped")
    assert (row["id"], row["note"], row["handled_by"]) == (number, "Người nhận đã nghỉ", MANAGER)
    either_desk.send(TEN)
    assert view(either_desk, "dropped"), "and is never sent"


def test_a_drop_needs_a_reason(desk: Desk) -> None:
    number = dead_one(desk)
    with pytest.raises(WrongInput):
        desk.drop(number, "   ", TEN)
    assert view(desk, "dead_letter")


@pytest.mark.parametrize("district", ["ADG", "HBG"])
def test_a_message_of_another_office_is_not_there(desk: Desk, district: str) -> None:
    number = dead_one(desk)
    if district == "ADG":
        with pytest.raises(NotFound):
            again(desk, number, district)
        assert view(desk, "dead_letter", "ADG") == []
    else:
        again(desk, number, district)


def test_what_is_not_given_up_cannot_be_retried(desk: Desk) -> None:
    number = dead_one(desk)
    desk.change_message(number, status="sent")
    with pytest.raises(NotFound):
        again(desk, number)


def test_the_counts_are_the_lists(desk: Desk) -> None:
    dead_one(desk)
    desk.remind(MONDAY)
    with reading(desk.bind) as connection:
        for place in ("HBG", "ADG", None):
            counted = counts(connection, place)
            assert counted == {name: len(listed(connection, name, place)) for name in VIEWS}
            assert sum(counted.values()) or place == "ADG"


def test_who_cannot_be_reached_and_why(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    with_mail(desk)
    desk.channel(MANAGER, f"json://127.0.0.1:{free_port()}/x", "Điện thoại")
    monkeypatch.setenv("COOPCASE_MAIL", f"mailto://127.0.0.1:{free_port()}?from=coopcase@example.vn")
    settings.cache_clear()
    desk.climb(MONDAY)
    desk.send(TEN)
    with reading(desk.bind) as connection:
        found = {item.login: (item.why, item.label) for item in unreached(connection, "HBG")}
        order = [item.failing for item in unreached(connection)]
    assert found[MANAGER] == ("not_accepted", "Điện thoại")
    assert found[OFFICER] == ("no_connection", "")
    assert found["second.hbg"] == ("no_channel", "")
    assert "case_officer.adg" not in found
    assert order == sorted(order, reverse=True), "failing ones first"


def test_two_senders_at_once_send_each_message_once(either_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    with_mail(either_desk, OFFICER, "second.hbg", MANAGER, LEADER)
    with post_office() as box:
        monkeypatch.setenv("COOPCASE_MAIL", box.address())
        settings.cache_clear()
        either_desk.climb(MONDAY)
        pending = len(either_desk.rows(status="pending"))
        assert pending >= 6
        with ThreadPoolExecutor(2) as two:
            done = list(two.map(lambda _: either_desk.send(TEN), range(2)))
    assert sum(item.get("sent", 0) for item in done) == pending
    assert len(box.ids) == len(set(box.ids)) == pending


@pytest.mark.parametrize("ended", [False, True])
def test_a_claim_holds_until_its_lease_ends(desk: Desk, ended: bool) -> None:
    with_mail(desk, OFFICER)
    desk.climb(MONDAY)
    first = []
    while (bundle := claim(desk.bind, TEN)) is not None:
        first.append(bundle)
    assert first
    if ended:
        desk.end_leases()
    taken_over = claim(desk.bind, TEN)
    assert (taken_over is not None) is ended
    if taken_over is not None:
        assert taken_over.mail.message_id == first[0].mail.message_id


CRASHES = some.lists(some.sampled_from(["claimed", "sent", "busy", "hang_up", "noted"]), max_size=6)


@trials(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(CRASHES)
def test_whatever_falls_between_nothing_is_lost_and_a_second_copy_has_the_same_id(
    sqlite_form: Path, monkeypatch: pytest.MonkeyPatch, crashes: list[str]
) -> None:
    """At each try the sender dies after claiming, dies after sending, is refused, is cut off, or lives."""
    with TemporaryDirectory() as folder, post_office() as box:
        desk = _one_message(sqlite_form, Path(folder), monkeypatch, box)
        clock = TEN
        for fall in [*crashes, "noted"]:
            _try(desk, box, clock, fall)
            clock = type(clock)(clock.at + timedelta(hours=1) if clock.at < at(MONDAY, 16).at else clock.at + LATER)
            desk.end_leases()
        (row,) = [row for row in desk.rows(login=OFFICER) if row["deadline_key"] == "accept_target"]
        desk.bind.dispose()
        assert row["status"] == "sent"
        assert box.ids, "never lost"
        assert set(box.ids) == {row["message_id"]}


LATER = timedelta(minutes=6)


def _one_message(form: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, box: Postbox) -> Desk:
    shutil.copy(form, folder / "coopcase.db")
    monkeypatch.setenv("COOPCASE_DATA", str(folder))
    monkeypatch.setenv("COOPCASE_MAIL", box.address())
    settings.cache_clear()
    bind = engine(f"sqlite:///{folder / 'coopcase.db'}")
    desk = Desk(bind, build_office(bind))
    with_mail(desk, OFFICER)
    desk.climb(MONDAY)
    return desk


def _try(desk: Desk, box: Postbox, clock: object, fall: str) -> None:
    box.mood = fall if fall in ("busy", "hang_up") else "take"
    bundle = claim(desk.bind, clock)  # type: ignore[arg-type]
    if bundle is None or fall == "claimed":
        return
    delivery = deliver(desk.bind, bundle, settings(), 5.0)
    if fall != "sent":
        note_delivery(desk.bind, bundle, delivery, clock.now())  # type: ignore[attr-defined]
