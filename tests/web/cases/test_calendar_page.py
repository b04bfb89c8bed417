"""The month calendar: each kind of date by day, of a person or the office, on both databases; and its page."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import Engine, func, select, update

from casework.lists.month_calendar import PER_DAY, month_dates, month_from, month_of
from casework.lists.worklist import Filter
from models.database import reading, writing
from models.tables import case_notes, case_rows, deadlines, facts, officers
from tests.command_line import CliRunner
from tests.web.web_office import CLOCK, TODAY, Office, Visitor, build_office, did, login_of, new_case

As = Callable[..., Visitor]
APRIL, MAY = month_of(date(2016, 4, 5)), month_of(date(2016, 5, 5))


def _ends(office: Office, ref: str, kind: str, on: date) -> None:
    """One date of a case is of this kind and ends on the day."""
    with writing(office.bind) as connection:
        case = select(case_rows.c.id).where(case_rows.c.ref == ref).scalar_subquery()
        own = connection.scalar(select(deadlines.c.id).where(deadlines.c.case_id == case, deadlines.c.status == "open"))
        connection.execute(update(deadlines).where(deadlines.c.id == own).values(kind=kind, ends_on=on))


def test_days_have_their_dates_by_kind(either_bind: Engine) -> None:
    office = build_office(either_bind)
    _ends(office, office.first, "legal", date(2016, 4, 1))
    _ends(office, office.second, "programme", date(2016, 4, 1))
    _ends(office, office.elsewhere, "period", date(2016, 4, 30))
    with writing(either_bind) as connection:
        case = connection.scalar(select(case_rows.c.id).where(case_rows.c.ref == office.second))
        note: dict[str, object] = {
            "case_id": case,
            "text": "Gọi lại cho xã",
            "come_back_on": date(2016, 4, 20),
            "files": [],
            "by": "x",
        }
        connection.execute(case_notes.insert().values(**note, written_at=CLOCK.now()))
        for number in range(PER_DAY):
            new_case(connection, f"HTX {number}", "ADG")
        others = select(case_rows.c.id).where(case_rows.c.district_code == "ADG", case_rows.c.ref != office.elsewhere)
        rows = deadlines.c.case_id.in_(others) & (deadlines.c.status == "open")
        connection.execute(update(deadlines).where(rows).values(ends_on=date(2016, 4, 29)))
    with reading(either_bind) as connection:
        found = month_dates(connection, Filter(), *APRIL, TODAY)
        own = month_dates(connection, Filter(district="HBG"), *APRIL, TODAY)
    assert [(item.kind, item.ref) for item in own.entries[date(2016, 4, 1)]] == [
        ("legal", office.first),
        ("plan", office.second),
    ]
    assert [item.kind for item in found.entries[date(2016, 4, 30)]] == ["period"]
    assert len(found.entries[date(2016, 4, 29)]) == PER_DAY < sum(found.counts[date(2016, 4, 29)].values())
    assert [(item.kind, item.key) for item in own.entries[date(2016, 4, 20)]] == [("note", "Gọi lại cho xã")]
    assert own.total("legal") == 1 and list(own.entries) == sorted(own.entries)


def _noted(office: Office, kind: str, data: dict[str, str], annuls: int | None = None) -> int:
    """A fact of the first case, as an act writes it; its number."""
    with writing(office.bind) as connection:
        case = connection.scalar(select(case_rows.c.id).where(case_rows.c.ref == office.first))
        seq = (connection.scalar(select(func.max(facts.c.seq)).where(facts.c.case_id == case)) or 0) + 1
        said = {"by": "x", "role": "case_officer", "previous": "", "hash": ""}
        own = {"case_id": case, "seq": seq, "kind": kind, "data": data, "recorded_at": CLOCK.now()}
        connection.execute(facts.insert().values(**own, **said, evidence=[], annuls=annuls, occurred_on=TODAY))
    return seq


def test_of_an_act_that_was_done_again_the_latest_day_counts(either_bind: Engine) -> None:
    office = build_office(either_bind)

    def days() -> list[tuple[date, str]]:
        with reading(either_bind) as connection:
            months = [month_dates(connection, Filter(district="HBG"), *month, TODAY) for month in (APRIL, MAY)]
        listed = [item for found in months for entries in found.entries.values() for item in entries]
        return [(item.on, item.key) for item in listed if item.kind == "set"]

    _noted(office, "send_visit_notice", {"visit_on": "2016-04-12"})
    assert days() == [(date(2016, 4, 12), "send_visit_notice.visit_on")]
    again = _noted(office, "send_visit_notice", {"visit_on": "2016-05-03"})
    assert days() == [(date(2016, 5, 3), "send_visit_notice.visit_on")], "no longer in April"
    _noted(office, "annulled", {}, annuls=again)
    assert days() == [(date(2016, 4, 12), "send_visit_notice.visit_on")]


def test_a_day_that_an_act_has_set_is_on_the_page(office: Office, as_role: As) -> None:
    did(office, office.first, "accept_case", file_held="true")
    with writing(office.bind) as connection:
        officer = select(officers.c.id).where(officers.c.login == login_of("case_officer")).scalar_subquery()
        connection.execute(case_rows.update().where(case_rows.c.ref == office.first).values(officer_id=officer))
    did(office, office.first, "receive_suspension", notified_on="2016-03-10", from_on="2016-04-12", to_on="2016-06-01")
    officer_ = as_role("case_officer")
    page = officer_.get("/calendar?month=2016-04").text
    day = re.search(r'id="d2016-04-12">(.*?)</div>\s*</div>', page, re.DOTALL)
    assert day is not None and "Tạm ngừng từ ngày" in day[1] and f"/cases/{office.first}" in day[1]
    assert "Lịch tháng 04/2016" in page and "month=2016-03" in page and "month=2016-05" in page
    assert "Giỗ Tổ" in page, "a day off of the calendar"
    assert "Lịch tháng 03/2016" in officer_.get("/calendar?month=nonsense").text
    assert office.elsewhere not in as_role("leader").get("/calendar?month=2016-03&district=ADG").text


@pytest.mark.parametrize(
    ("text", "found"),
    [("", date(2016, 3, 1)), ("04/2016", date(2016, 4, 1)), ("2016-12", date(2016, 12, 1)), ("13/2016", None),
     ("0001-01", None), ("x", None)],
)  # fmt: skip
def test_a_month_is_written_both_ways(text: str, found: date | None) -> None:
    assert month_from(text, TODAY) == found


def test_the_month_on_the_command_line(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    from cli.app import app

    _ends(office, office.first, "legal", date(2016, 4, 1))
    ran = CliRunner().invoke(app, ["calendar", "month", "04/2016", "--by", login_of("manager")])
    assert ran.exit_code == 0, ran.output
    assert "01/04/2016" in ran.output and office.first in ran.output and "Hạn luật định" in ran.output
    assert "errors" not in ran.output
