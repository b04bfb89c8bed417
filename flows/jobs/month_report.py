"""The work of the monthly report, without Prefect: the flow of cases of the month before, kept with the run."""

from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import Engine

from flows.jobs.duties import once
from models.clock import Clock
from models.database import reading
from oversight.case_flow import flows_of, month_of, outcomes, total
from oversight.taken_over import count_taken_over


def report(bind: Engine, day: date, clock: Clock) -> dict[str, Any]:
    """The monthly report of a day. Returns its figures, which contain `already` when it was done before."""
    return once(bind, "monthly_report", day, clock, work)


def work(bind: Engine, day: date, clock: Clock) -> dict[str, Any]:
    """Opening + new − closed = closing, by district and in all, with its outcomes, and cases taken over from paper."""
    first, last = month_of(day)
    with reading(bind) as connection:
        flows = flows_of(connection, first, last)
        ended = outcomes(connection, first, last)
        taken = count_taken_over(connection, since=first, until=last)
    return {
        "first": first.isoformat(),
        "last": last.isoformat(),
        "districts": [asdict(flow) for flow in flows],
        "total": asdict(total(flows)),
        "outcomes": dict(ended),
        "taken_over": asdict(taken),
    }
