"""Two versions at once: a case whose state, step, deadline and obstacle the version in force does not know."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Connection, select, update

from casework.clock_acts import due_by_itself
from casework.lists.at_risk import date_risks
from casework.upkeep.integrity import verify
from cli.app import app
from models.clock import FrozenClock
from models.database import reading, writing
from models.tables import case_rows, deadlines, effects, messages, officers
from models.typed_rows import all_rows
from models.typed_rows.message_shapes import EffectRow
from notifications.feed import feed, renew
from notifications.ladder import climb
from notifications.notices import post_notice
from notifications.weekly.digest import weekly, write
from oversight.milestones import milestones
from procedures.definition.loader import load
from rule_changes import version_proposals
from rule_changes.version_impact import preview
from rulebook.versions import Versions
from tests.acting import apply
from tests.command_line import CliRunner
from tests.rule_changes import version_texts as made
from tests.rule_changes.version_texts import NAME
from tests.web.web_office import CLOCK, COMPLAINT, TODAY, Office, Visitor, login_of

As = Callable[..., Visitor]
NEXT = f"{NAME}@9"
MONDAY = date(2016, 3, 21)
LATER = FrozenClock.on(MONDAY)


def other_words() -> str:
    """The first state, its deadline and its step by other keys and names; no lost seals any more."""
    text = re.sub(r"\bS0\b", "T0", made.without_line("  lost_seal:"))
    text = re.sub(r"\baccept_target\b", "check_target", text)
    text = re.sub(r"\baccept_case\b", "take_case", text)
    text = re.sub(r"\bflag_conversion_overdue\b", "flag_late", text)
    changes = (
        ('vi: "Mới vào danh sách"', 'vi: "Vừa ghi nhận"'), ('vi: "Nhận hồ sơ, bắt đầu rà soát"', 'vi: "Tiếp nhận"'),
        ('vi: "Kiểm tra hồ sơ đăng ký", en', 'vi: "Soát sổ", en'),
        ("treatment_done: {on: 2016-12-31", "treatment_done: {on: 2017-06-30"),
        ("review_done: {on: 2014-12-31", "review_done: {on: 2016-12-15"),
    )  # fmt: skip
    return made.text_of("9", *changes, base=text)


@pytest.fixture
def mixed(office: Office) -> Office:
    """The first case has lost its seal and stays behind; the others have gone over."""
    by, data = login_of("case_officer"), {"obstacle": "lost_seal", "note": "x"}
    apply(office.bind, office.first, "name_obstacle", by=by, clock=CLOCK, data=data)
    with writing(office.bind) as connection:
        version_proposals.add(connection, other_words(), "9.yaml", by=login_of("manager", None), clock=CLOCK)
        version_proposals.propose(connection, NEXT, by=login_of("manager", None), clock=CLOCK)
        mark = preview(connection, Versions(connection).of(NEXT), TODAY).mark
    version_proposals.approve(office.bind, NEXT, by=login_of("legal", None), seen=mark, clock=CLOCK)
    with reading(office.bind) as connection:
        states = dict(connection.execute(select(case_rows.c.ref, case_rows.c.state)).tuples().all())
    assert [states[ref] for ref in (office.first, office.second)] == ["S0", "T0"]
    return office


def test_lists_and_sheets_speak_of_each_case_in_its_own_words(mixed: Office, as_role: As) -> None:
    visitor = as_role("manager")
    for path in ("/work?scope=office", "/register", "/register/1"):
        assert "Mới vào danh sách" in visitor.get(path).text, path
    for path in ("/work?scope=office", "/register", "/register/2"):
        assert "Vừa ghi nhận" in visitor.get(path).text, path
    page = visitor.get("/work?scope=office&obstacle=lost_seal").text
    assert "Mất con dấu" in page
    assert mixed.first in page
    assert mixed.second not in page


def test_the_late_page_names_obstacles_and_dates_of_every_version(mixed: Office, as_role: As) -> None:
    page = as_role("manager", None).get("/late")
    assert page.status_code == 200
    assert "Mất con dấu" in page.text


def test_a_case_goes_on_by_its_own_version(mixed: Office, as_role: As) -> None:
    visitor = as_role("case_officer")
    page = visitor.get(f"/cases/{mixed.first}").text
    numbers = (f"bản số {load().pin.rpartition('@')[2]}", f"bản đang áp dụng: bản số {NEXT.rpartition('@')[2]}")
    for words in ("Mới vào danh sách", "Kiểm tra hồ sơ đăng ký", "Nhận hồ sơ, bắt đầu rà soát", *numbers):
        assert words in page
    assert visitor.get(f"/cases/{mixed.first}/acts/take_case").status_code == 404
    answer = visitor.send(f"/cases/{mixed.first}/acts/accept_case", {"f.file_held": "yes"})
    assert answer.status_code == 303
    other = visitor.get(f"/cases/{mixed.second}").text
    for words in ("Vừa ghi nhận", "Soát sổ", "Tiếp nhận"):
        assert words in other
    assert visitor.send(f"/cases/{mixed.second}/acts/take_case", {"f.file_held": "yes"}).status_code == 303
    with reading(mixed.bind) as connection:
        assert list(verify(connection)) == []


def test_an_act_on_an_older_view_is_refused_in_the_words_of_the_case(mixed: Office, as_role: As) -> None:
    visitor = as_role("case_officer")
    apply(mixed.bind, mixed.first, "accept_case", by="second.hbg", clock=CLOCK, data={"file_held": "yes"})
    answer = visitor.send(f"/cases/{mixed.first}/acts/send_visit_notice", {"f.visit_on": "20/03/2016", "seen": "2"})
    assert answer.status_code == 409
    assert "Đã nhận hồ sơ rà soát" in answer.text


def subjects(connection: Connection, kind: str) -> list[tuple[str, str, str]]:
    found = select(case_rows.c.ref, messages.c.subject, messages.c.body).outerjoin_from(
        messages, case_rows, case_rows.c.id == messages.c.case_id
    )
    return list(connection.execute(found.where(messages.c.kind == kind)).tuples().all())


def test_reminders_name_the_deadline_as_the_cases_version_does(mixed: Office) -> None:
    climb(mixed.bind, date(2016, 3, 15), now=CLOCK.now())
    with reading(mixed.bind) as connection:
        sent = subjects(connection, "ladder")
    of_first = [body for ref, _, body in sent if ref == mixed.first]
    of_second = [body for ref, _, body in sent if ref == mixed.second]
    assert any("Kiểm tra hồ sơ đăng ký" in body for body in of_first)
    assert any("Soát sổ" in body for body in of_second)


def test_the_digest_and_the_calendar_do_so_too(mixed: Office) -> None:
    with writing(mixed.bind) as connection:
        write(connection, weekly(connection, MONDAY, now=LATER.now(), risks=date_risks), now=LATER.now())
        bodies = "\n".join(body for _, _, body in subjects(connection, "digest"))
        officer = select(officers.c.id).join(case_rows, case_rows.c.officer_id == officers.c.id)
        token = renew(connection, connection.scalars(officer.where(case_rows.c.ref == mixed.first)).one())
        calendar = feed(connection, token, TODAY, CLOCK.now())
    for words in ("Kiểm tra hồ sơ đăng ký", "Soát sổ", "Mất con dấu"):
        assert words in bodies
    assert "Kiểm tra hồ sơ đăng ký" in calendar


def test_news_of_an_act_uses_the_words_of_the_case(mixed: Office) -> None:
    apply(mixed.bind, mixed.first, "receive_complaint", by=login_of("clerk"), clock=CLOCK, data=COMPLAINT)
    with writing(mixed.bind) as connection:
        pending = select(effects).join(case_rows, case_rows.c.id == effects.c.case_id)
        of_case = pending.where(effects.c.kind == "notice", case_rows.c.ref == mixed.first).order_by(effects.c.id)
        post_notice(connection, all_rows(EffectRow, connection.execute(of_case))[-1], now=CLOCK.now(), today=TODAY)
        sent = [body for ref, _, body in subjects(connection, "notice") if ref == mixed.first]
    assert any("Đã nhận khiếu nại" in body for body in sent)


def test_programme_dates_are_counted_by_the_version_of_each_case(mixed: Office) -> None:
    with reading(mixed.bind) as connection:
        found = {(item.key, item.on): item.waiting for item in milestones(connection, TODAY)}
    assert found["review_done", date(2016, 12, 15)] == 3, "those that went over; the other's date is long past"
    assert ("review_done", date(2014, 12, 31)) not in found
    assert found["treatment_done", date(2017, 6, 30)] == 3, "bound whatever their step"
    assert found["treatment_done", date(2016, 12, 31)] == 1


def test_the_clock_answers_by_the_version_of_each_case(mixed: Office) -> None:
    past = {"key": "conversion_by", "kind": "legal", "ends_on": TODAY, "status": "open"}
    with writing(mixed.bind) as connection:
        for ref in (mixed.first, mixed.second):
            case = connection.scalar(select(case_rows.c.id).where(case_rows.c.ref == ref))
            changed = update(deadlines).where(deadlines.c.case_id == case, deadlines.c.key == "review_by")
            connection.execute(changed.values(past))
        found = due_by_itself(connection, MONDAY)
    assert found == [(mixed.first, "flag_conversion_overdue"), (mixed.second, "flag_late")]


COMMANDS: Sequence[Sequence[str]] = (
    ("cases",), ("case", "{first}"), ("explain", "{first}"), ("choices", "{first}", "--by", "case_officer.hbg"),
    ("interpretations",), ("verify",), ("procedure", "list"), ("procedure", "preview", NEXT),
    ("procedure", "diff", load().pin, NEXT), ("replay-check",), ("procedure", "show", NEXT),
)  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("more", [(), ("--json",)], ids=["text", "json"])
def test_the_command_line_does_not_stumble(mixed: Office, command: Sequence[str], more: Any) -> None:
    arguments = [part.format(first=mixed.first) for part in (*command, *more)]
    result = CliRunner().invoke(app, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
