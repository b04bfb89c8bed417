"""Many open cases with one deadline each: most of them count the day that is to be closed."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import Engine

from casework.ledger import case_row
from models.database import writing
from models.tables import case_rows, deadlines
from procedures.legal_time.calendar import load_calendars
from procedures.legal_time.deadlines import end_of_sum
from tests.web.web_office import TODAY, Office

STORM = date(2016, 3, 22)
TERMS = ("30 working days", "40 working days", "45 working days", "12 months")


def fill(bind: Engine, office: Office, count: int) -> None:
    """So many open cases of the first one's office; three in four of their deadlines are moved by the storm."""
    with writing(bind) as connection:
        row = dict(case_row(connection, office.first))
        row = {column.name: row[column.name] for column in case_rows.c if column.name != "id"}
        made = connection.execute(
            case_rows.insert().returning(case_rows.c.id, sort_by_parameter_order=True),
            [row | {"ref": f"HP-2015-{place + 10_000}"} for place in range(count)],
        )
        connection.execute(
            deadlines.insert(), [_deadline(number, place) for place, number in enumerate(made.scalars())]
        )


def _deadline(case_id: int, place: int) -> dict[str, Any]:
    start, term = TODAY - timedelta(days=place % 25), TERMS[place % len(TERMS)]
    total = {"start": start.isoformat(), "kind": "target", "seq": 1, "term": term}
    return {
        "case_id": case_id, "key": "visit_target", "kind": "target", "starts_on": start,
        "ends_on": end_of_sum(total, load_calendars()), "status": "open", "ended_on": None, "who": "case_officer",
        "article": "", "confidence": "", "sum": total, "calendar": "",
    }  # fmt: skip
