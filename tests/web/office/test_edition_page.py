"""The page of the country's days off: what a newer edition moves, who adopts it, and that it is done once."""

import re
from collections.abc import Callable
from datetime import date

from sqlalchemy import select, update

from models.database import reading
from models.tables import calendar_adoptions, deadlines
from procedures.legal_time.calendar import load_calendars
from procedures.legal_time.deadlines import end_of_sum
from tests.tampering import behind_the_program
from tests.web.office.test_rules_of_time import hidden, words
from tests.web.web_office import Office, Visitor

As = Callable[..., Visitor]
TOTAL = {"start": "2014-01-27", "term": "1 working day", "kind": "target", "seq": 1}


def by_the_first_edition(office: Office) -> None:
    """The office runs on the first edition, and every check of it was counted over Tết 2014."""
    with behind_the_program(office.bind) as connection:
        connection.execute(update(calendar_adoptions).values(edition=1))
        end = end_of_sum(TOTAL, load_calendars(edition=1))
        counted = update(deadlines).where(deadlines.c.key == "accept_target")
        connection.execute(counted.values(sum=TOTAL, starts_on=date(2014, 1, 27), ends_on=end))


def ends(office: Office) -> set[date | None]:
    with reading(office.bind) as connection:
        return set(connection.scalars(select(deadlines.c.ends_on).where(deadlines.c.key == "accept_target")))


def test_a_newer_edition_is_previewed_and_adopted_by_the_city(office: Office, as_role: As) -> None:
    by_the_first_edition(office)
    district = as_role("manager").get("/office/calendar")
    assert "2 thời hạn đang chạy sẽ dời" in words(district), "those of its own office"
    assert 'name="seen"' not in district.text
    assert as_role("manager").send("/office/calendar", {"seen": ""}).status_code == 403
    city = as_role("manager", None)
    seen = city.get("/office/calendar")
    assert "4 thời hạn đang chạy sẽ dời" in words(seen)
    assert "28/01/2014" in seen.text and "06/02/2014" in seen.text
    assert "law2012_open" not in seen.text, "working notes are for the person who keeps the calendar"
    assert ends(office) == {date(2014, 1, 28)}, "only previewed"
    assert city.send("/office/calendar", {"seen": "khác"}).status_code == 409
    assert ends(office) == {date(2014, 1, 28)}
    done = city.send("/office/calendar", {"seen": hidden(seen, "seen")})
    assert (done.status_code, done.headers["location"]) == (303, "/office/calendar?done=4")
    assert ends(office) == {date(2014, 2, 6)}
    after = city.get("/office/calendar?done=4")
    assert "4 thời hạn đã được tính lại" in words(after) and "bản lịch nghỉ mới nhất" in words(after)
    assert city.send("/office/calendar", {"seen": ""}).status_code == 403


def test_heads_see_on_the_page_of_closing_days_that_an_edition_waits(office: Office, as_role: As) -> None:
    assert 'class="note warn"' not in as_role("manager").get("/office/closings").text
    by_the_first_edition(office)
    assert re.search(
        r'class="note warn"[^>]*>\s*<a href="/office/calendar"', as_role("manager").get("/office/closings").text
    )


def test_the_calculator_names_the_edition(office: Office, as_role: As) -> None:
    ask = "/calculator?start=27/01/2014&amount=1&unit=working_days"
    assert "lịch nghỉ bản 2" in words(as_role("manager").get(ask))
    by_the_first_edition(office)
    page = words(as_role("manager").get(ask))
    assert "lịch nghỉ bản 1" in page and "28/01/2014" in page
    assert "chưa đối chiếu với văn bản chính thức" in page, "in the first edition 2014 was computed"
