"""Every message and calendar entry of a trial office says so, in the reader's language; those of another do not."""

from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from icalendar import Calendar

from models.database import reading, writing
from models.office_kind import TRIAL, mark_database
from models.settings import settings
from notifications.feed import feed, renew
from notifications.message_texts import LONGEST_SUBJECT
from templates.trial_mark import mark_of, prefixed
from tests.notifications.desk import MANAGER, MONDAY, OFFICER, Desk, at

EMPTY = "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"


@pytest.fixture(params=[True, False], ids=["trial", "another"])
def trial(request: pytest.FixtureRequest, desk: Desk) -> bool:
    if request.param:
        with writing(desk.bind) as connection:
            mark_database(connection, TRIAL)
    return bool(request.param)


def mails(desk: Desk) -> list[EmailMessage]:
    """What goes out on a Monday: reminders and weekly messages, in both languages."""
    desk.person(OFFICER, email="vi@example.vn")
    desk.person(MANAGER, email="en@example.vn", lang="en")
    desk.climb(MONDAY)
    desk.remind(MONDAY)
    desk.send(at(MONDAY, 10))
    files = (settings().data / "outgoing").iterdir()
    return [message_from_bytes(path.read_bytes(), policy=policy.default) for path in files]  # type: ignore[misc]


def test_every_mail_says_so(desk: Desk, trial: bool) -> None:
    seen = set()
    for mail in mails(desk):
        lang = str(mail["To"].addresses[0].username)
        parts = {part.get_content_type(): part.get_content() for part in mail.walk() if not part.is_multipart()}
        begins, mark = prefixed("", True, lang), mark_of(True, lang)
        assert mail["Subject"].startswith(begins) is trial
        assert len(mail["Subject"]) <= LONGEST_SUBJECT
        assert parts["text/plain"].startswith(mark) is trial
        assert (mark in parts["text/html"]) is trial
        for entry in Calendar.from_ical(parts.get("text/calendar", EMPTY)).walk("VEVENT"):
            assert str(entry["summary"]).startswith(begins) is trial
        seen |= {lang, *parts}
    assert seen == {"vi", "en", "text/plain", "text/html", "text/calendar"}


def test_a_subscribed_calendar_says_so(desk: Desk, trial: bool) -> None:
    with writing(desk.bind) as connection:
        token = renew(connection, desk.person(OFFICER))
    with reading(desk.bind) as connection:
        calendar = Calendar.from_ical(feed(connection, token, MONDAY, at(MONDAY).now()))
    names = [str(calendar["x-wr-calname"]), *(str(entry["summary"]) for entry in calendar.walk("VEVENT"))]
    assert len(names) > 1
    assert {name.startswith(prefixed("", True, "vi")) for name in names} == {trial}
