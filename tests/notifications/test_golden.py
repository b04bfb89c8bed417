"""The main messages, word by word in both languages: `REWRITE=1 pytest …` writes them anew to be read through."""

import os
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from casework import acts
from flows.jobs.effects import drain
from models.tables import case_rows, obstacles
from notifications.delivery.mail_form import document
from notifications.message_texts import render
from templates.trial_mark import mark_of
from tests.notifications.desk import LEADER, MANAGER, MONDAY, OFFICER, Desk, at

GOLDEN = Path(__file__).parent / "golden"
ACTS = (
    ("accept_case", "case_officer", {"file_held": "true"}),
    (
        "receive_complaint",
        "clerk",
        {
            "received_on": "2016-03-02",
            "complainant": "Ông Ba",
            "against": "QĐ 12",
            "settler": "district_committee",
            "concerns": "dissolution",
        },
    ),
)


@pytest.fixture
def busy(desk: Desk) -> Desk:
    """An office with something of everything: late, due, an obstacle, a complaint, a person away or not reached."""
    for login in (OFFICER, MANAGER, LEADER):
        desk.person(login, email=f"{login}@example.vn")
    drain(desk.bind, at(date(2016, 3, 1)))
    for place, (verb, role, data) in enumerate(ACTS):
        desk.act(verb, date(2016, 3, 1 + place), role, **data)
    case_id = desk.case()["id"]
    desk.note(obstacles.insert().values(case_id=case_id, code="tax_debt", since_on=date(2016, 3, 1), note=""))
    desk.away(OFFICER, "second.hbg", date(2016, 3, 16), date(2016, 3, 18))
    return desk


def check(name: str, row: dict[str, Any]) -> None:
    text = f"{row['subject']}\n\n{row['body']}"
    path = GOLDEN / f"{name}.txt"
    if os.environ.get("REWRITE"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8"), f"{name} reads differently: read it through, then REWRITE=1"


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize(("role", "login"), [("officer", OFFICER), ("manager", MANAGER), ("leader", LEADER)])
def test_weekly_digests(busy: Desk, lang: str, role: str, login: str) -> None:
    busy.person(login, lang=lang)
    message = busy.plan(MONDAY)[login].message
    assert message is not None
    check(f"weekly_{role}_{lang}", asdict(message))


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_reminders_and_news(busy: Desk, lang: str) -> None:
    for login in (OFFICER, MANAGER, LEADER, "second.hbg"):
        busy.person(login, lang=lang)
    busy.climb(date(2016, 3, 16))
    mine = next(row for row in busy.rows(login=MANAGER, deadline_key="accept_target"))
    check(f"ladder_past_{lang}", mine)
    busy.climb(date(2016, 4, 5))
    check(f"ladder_before_{lang}", busy.rows(login=OFFICER, deadline_key="visit_target")[-1])
    clock = at(date(2016, 4, 5))
    acts.reassign(busy.bind, busy.ref, "second.hbg", by=MANAGER, reason="", clock=clock)
    drain(busy.bind, clock)
    check(f"notice_{lang}", busy.rows(login="second.hbg", kind="notice")[-1])


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_single_texts(busy: Desk, lang: str) -> None:
    case = {"ref": "HP-2016-0001", "unit": "HTX Bạch Đằng"}
    news = {
        **case, "news": "assigned", "what": "…", "who": "Bà Lan", "instead_of": "", "next": "…",
        "link": "/cases/HP-2016-0001", "open": "…",
    }  # fmt: skip
    for name, text in {
        "quiet": render("quiet", lang, day=MONDAY),
        "test": render("test", lang, label="Điện thoại"),
        "correction_now": _correction(case, "now", lang),
        "correction_gone": _correction(case, "gone", lang),
        "several": render("several", lang, items=[vars_of(render("notice", lang, **news))] * 2),
    }.items():
        check(f"{name}_{lang}", {"subject": text.subject, "body": text.body})


def _correction(case: dict[str, str], how: str, lang: str) -> Any:
    dates = {"announced_on": date(2016, 3, 15), "ends_on": date(2016, 3, 16)}
    return render("correction", lang, **case, **dates, deadline="…", change=how)


def vars_of(text: Any) -> dict[str, str]:
    return {"subject": text.subject, "body": text.body, "html": text.html}


def test_a_mail_is_whole_in_itself_and_safe(busy: Desk) -> None:
    message = busy.plan(MONDAY)[MANAGER].message
    assert message is not None
    page = document(message.html, "vi", mark_of(False, "vi"))
    assert page.startswith("<!doctype html>")
    for outside in ("<img", "<link", "<script", "<style", "url("):
        assert outside not in page
    assert 'href="/' not in page, "links lead to the product from anywhere"
    assert "class=" not in page, "every style is on its element"


def test_what_people_write_is_text_in_a_mail(desk: Desk) -> None:
    evil = '<script>alert(1)</script> & "Bạch Đằng"'
    desk.note(case_rows.update().where(case_rows.c.ref == desk.ref).values(unit_name=evil))
    message = desk.plan(MONDAY)[OFFICER].message
    assert message is not None
    page = document(message.html, "vi", mark_of(False, "vi"))
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &#34;Bạch Đằng&#34;" in page
    assert evil in message.body
