"""One page for the leader's meeting, and the lists as files: what the heads see, to print and to hand on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import Response
from sqlalchemy import Connection

from audit_log.sequencer import printed
from casework.lists.at_risk import RiskList
from casework.lists.list_order import known_order
from casework.lists.risk_words import RiskWords, miss_in_words
from casework.lists.worklist import Filter, worklist
from models.database import reading
from models.errors import WrongInput
from models.settings import settings
from oversight.case_flow import Flow, flows_of, month_of, outcomes
from oversight.case_flow import total as total_of
from oversight.forecast import Forecast, Outlook
from oversight.kept_forecasts import keep
from oversight.late_items import ObstacleCount, obstacle_counts
from oversight.office_health import health
from oversight.on_time import Met, met_in
from oversight.outstanding import counts_of, outstanding
from oversight.taken_over import TakenOverCount, count_taken_over
from oversight.what_if import Gain, WhatIf
from oversight.what_if_words import change_in_words
from oversight.workload import Workload, total, workloads
from procedures.state_machine.field_values import parse_day
from rulebook.versions import Versions
from templates.formats import date_vi, moment_vi, span
from templates.spreadsheet import Table, Value, columns_of
from templates.words import t
from web.cases.asked_cases import AskedCases
from web.cases.case_columns import EVERY_FILE_COLUMN, ON_PAGE, file_columns
from web.cases.case_rows import decorate
from web.cases.case_table import case_table
from web.labels import lifter_of
from web.list_options import list_choice
from web.lists import district_names
from web.rendering import error_text, page
from web.reports.hourly import changes_of, dates_ahead, foretold, oldest, risks
from web.reports.risk_pages import risk_sheets
from web.reports.what_if_pages import changes_sheet
from web.request_context import Here, Visit
from web.table_files import table_file

router = APIRouter()
WORST = 10  # cases on the page; the file has all
AT_RISK, LAST_DAYS, CHANGES = 5, 3, 3  # on the page; the file has all
RECOVERED = ("returned", "waived", "cancelled", "missing")  # columns of the things of dissolved units
MOST_AT_RISK = 500  # cases whose last days are counted for the report


@dataclass(frozen=True, slots=True)
class Report:
    """The state of an office, or of all, today, and what came and went in a period."""

    first: date
    last: date
    flows: Sequence[Flow]
    met: Sequence[Met]
    outcomes: dict[str, int]
    workloads: Sequence[Workload]
    forecasts: Sequence[Forecast]
    blocked: Sequence[ObstacleCount]
    taken_over: TakenOverCount
    recovered: dict[str, dict[str, int]]  # by thing of dissolved units: oversight.outstanding
    risk: RiskList | None
    changes: WhatIf | None
    made_at: datetime | None  # of forecasts, risks and changes, where that may be a while ago

    @property
    def flow(self) -> Flow:
        return total_of(self.flows)

    @property
    def all(self) -> Workload:
        return total(self.workloads)


@router.get("/late/report")
def report(here: Here, district: str = "", from_on: str = "", to_on: str = "") -> Response:
    scope, (first, last), message = _asked(here, district, from_on, to_on)
    with reading(here.bind) as connection:
        found = _report(connection, here, scope, first, last)
        worst = worklist(connection, Filter(district=scope, late=True), here.today, limit=WORST)
        content: dict[str, Any] = {
            "versions": Versions(connection),
            "rows": decorate(connection, worst.rows, here),
            "districts": district_names(connection),
            "checkpoint": printed(connection),
            "health": health(connection, settings()),
            **_in_words(connection, here, found),
        }
    if here.clock_jump is None:
        keep(here.bind, here.today, scope, found.forecasts, found.made_at or here.clock.now())
    return page(
        here, "reports/report.html", status=422 if message else 200, found=found, district=scope or "", message=message,
        asked={"from_on": from_on or date_vi(first), "to_on": to_on or date_vi(last)}, **content,
    )  # fmt: skip


def _in_words(connection: Connection, here: Visit, found: Report) -> dict[str, Any]:
    """The risks and the changes of the nearest fixed date as the page shows them."""
    words, names = RiskWords(Versions(connection), here.lang), district_names(connection)
    days = found.risk.ahead(here.today)[:LAST_DAYS] if found.risk else []
    gaining: list[tuple[Gain, str]] = []
    if (changes := found.changes) is not None:
        said = partial(change_in_words, versions=words.versions, districts=names, today=here.today, lang=here.lang)
        gaining = [(one, said(changes, one)) for one in changes.gaining[:CHANGES]]
    return {
        "words": words, "miss": miss_in_words, "at_risk": found.risk.cases[:AT_RISK] if found.risk else (),
        "last_days": [(one, words.act(one.act.verb, one.procedure)) for one in days], "gaining": gaining,
    }  # fmt: skip


@router.get("/late/report.xlsx")
@router.get("/late/report.csv")
def report_file(here: Here, district: str = "", from_on: str = "", to_on: str = "") -> Response:
    scope, (first, last), _ = _asked(here, district, from_on, to_on)
    with reading(here.bind) as connection:
        names, versions = district_names(connection), Versions(connection)
        found = _report(connection, here, scope, first, last)
        late = case_table(connection, here, Filter(district=scope, late=True))
        words = RiskWords(versions, here.lang)
    office = names.get(scope or "", t("pages.city_office", here.lang))
    sheets = [*_sheets(found, office, here, names, versions), late]
    office = f"{office}, {moment_vi(found.made_at)}" if found.made_at else office
    if found.risk and found.risk.cases:
        sheets += risk_sheets(here, found.risk, words, office, names)
    if found.changes:
        sheets.append(changes_sheet(here, found.changes, office, names, versions))
    return table_file(here, f"bao-cao-{here.today:%Y-%m-%d}", *sheets)


@router.get("/work.xlsx")
@router.get("/work.csv")
def work_file(here: Here, asked: Annotated[AskedCases, Depends()], sort: str = "", cols: str = "") -> Response:
    """The list as it is asked for and looked at, at most as many rows as a file has; every column if none is chosen."""
    with reading(here.bind) as connection:
        choice = list_choice(connection, here, "cases", ON_PAGE, sort=known_order(sort), cols=cols)
        keys = EVERY_FILE_COLUMN if choice.is_usual else file_columns(choice.keys)
        cases = case_table(connection, here, asked.wanted(connection, here.person, here.today), keys, choice.sort)
    return table_file(here, f"ho-so-{here.today:%Y-%m-%d}", cases)


def _asked(here: Visit, district: str, from_on: str, to_on: str) -> tuple[str | None, tuple[date, date], str]:
    """The office and the period asked for; the month before unless it is said, or said wrongly."""
    scope, usual = here.person.district or district or None, month_of(here.today)
    try:
        first = parse_day("from_on", from_on) if from_on.strip() else usual[0]
        last = parse_day("to_on", to_on) if to_on.strip() else usual[1]
        if last < first:
            raise WrongInput("to_on", "period_reversed")
    except WrongInput as error:
        return scope, usual, error_text(error, here.lang)
    return scope, (first, last), ""


def _report(connection: Connection, here: Visit, scope: str | None, first: date, last: date) -> Report:
    today, made = here.today, foretold(connection, here, scope)
    risk, changes, since = _nearest(connection, here, scope)
    return Report(
        first,
        last,
        flows_of(connection, first, last, district=scope),
        met_in(connection, first, last, district=scope),
        dict(outcomes(connection, first, last, district=scope)),
        workloads(connection, "officer" if scope else "district", today, district=scope),
        made.result.forecasts,
        obstacle_counts(connection, today, district=scope),
        count_taken_over(connection, scope, first, last),
        counts_of(outstanding(connection, scope)),
        risk,
        changes,
        min((at for at in (made.made_at, since) if at is not None), default=None),
    )


def _nearest(
    connection: Connection, here: Visit, scope: str | None
) -> tuple[RiskList | None, WhatIf | None, datetime | None]:
    """The nearest fixed date that has cases to be done: those at risk, what would change it, and when that was made."""
    ahead = dates_ahead(connection, here, scope)
    if not ahead.result:
        return None, None, ahead.made_at
    key = ahead.result[0].key
    listed = risks(connection, here, scope, key, MOST_AT_RISK)
    changes = changes_of(connection, here, key, scope)
    return next(iter(listed.result), None), changes.result, oldest(ahead, listed, changes)


def _sheets(found: Report, office: str, here: Visit, names: dict[str, str], versions: Versions) -> list[Table]:
    lang = here.lang
    period = f"{office}, {date_vi(found.first)} – {date_vi(found.last)}"
    flows = [
        (names.get(item.district, item.district), item.opening, item.opened, item.closed, item.closing)
        for item in found.flows
    ]
    ahead = [
        (
            item.milestone.label[lang], item.milestone.on, item.outlook.bound, item.milestone.blocked,
            item.released, *_range(item.outlook), t(f"late.verdict_{item.verdict}", lang),
            *_latest_trial(item.outlook),
        )
        for item in found.forecasts
    ]  # fmt: skip
    held = [
        (
            versions.label("obstacles", item.code, lang),
            lifter_of(versions, item.code, lang),
            item.cases,
            item.past_legal,
            item.late,
        )
        for item in found.blocked
    ]
    on = moment_vi(found.made_at) or date_vi(here.today)
    recovered: list[Sequence[Value]] = [
        (t(f"outstanding.kind_{kind}", lang), *(numbers[name] for name in RECOVERED))
        for kind, numbers in found.recovered.items()
    ]
    return [
        _sheet(here, "flows", (24, 12, 12, 12, 12), flows, period),
        _sheet(here, "dates", (44, 12, 12, 12, 12, 12, 12, 40, 12, 12, 12), ahead, f"{office}, {on}"),
        _sheet(here, "obstacles", (34, 40, 12, 20, 20), held, f"{office}, {date_vi(here.today)}"),
        *_if_any(here, "recovered", (34, 14, 14, 14, 14), recovered, f"{office}, {date_vi(here.today)}"),
    ]


def _if_any(here: Visit, name: str, widths: Sequence[int], rows: Sequence[Sequence[Value]], office: str) -> list[Table]:
    return [_sheet(here, name, widths, rows, office)] if rows else []


def _range(said: Outlook) -> tuple[int | None, int | None]:
    """Nothing where no forecast may be given."""
    return (None, None) if said.low is None or said.high is None else (said.low, said.high)


def _latest_trial(said: Outlook) -> tuple[Value, Value, Value]:
    """The day of the newest trial, what was said on it, and what came."""
    one = next(iter(said.trials), None)
    return (one.on, span(one.low, one.high), one.came) if one else (None, None, None)


def _sheet(here: Visit, name: str, widths: Sequence[int], rows: Sequence[Sequence[Value]], office: str) -> Table:
    title = t(f"report.title_{name}", here.lang)
    return Table(title, title, office, columns_of(t(f"report.columns_{name}", here.lang).split("|"), widths), rows)
