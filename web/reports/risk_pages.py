"""The cases at risk of missing a fixed date, and the last useful days to sign, file or notify: page and workbook."""

from collections.abc import Sequence

from fastapi import APIRouter
from fastapi.responses import Response

from casework.lists.at_risk import RiskCase, RiskList, risk_lists
from casework.lists.risk_words import RiskWords, miss_in_words
from models.database import reading
from oversight.milestones import Milestone
from rulebook.versions import Versions
from templates.formats import date_vi
from templates.spreadsheet import Table, Value, columns_of
from templates.words import t
from web.lists import district_names
from web.rendering import page
from web.reports.hourly import risks
from web.request_context import Here, Visit
from web.table_files import table_file

router = APIRouter()
SHOWN = 12  # cases of each date on the page; the file has all
DAY_WIDTHS, CASE_WIDTHS = (12, 60, 40, 14, 14), (14, 40, 16, 34, 22, 12, 50, 12, 10, 60, 90)


@router.get("/late/risk")
def risk(here: Here, district: str = "", milestone: str = "") -> Response:
    scope = here.person.district or district or None
    with reading(here.bind) as connection:
        made = risks(connection, here, scope)
        every = made.result
        return page(
            here, "reports/risk.html", lists=[item for item in every if milestone in ("", item.milestone.key)],
            dates=[(item.milestone.key, item.milestone.label[here.lang]) for item in every], milestone=milestone,
            district=scope or "", districts=district_names(connection), shown=SHOWN, miss=miss_in_words,
            words=RiskWords(Versions(connection), here.lang), made_at=made.made_at,
        )  # fmt: skip


@router.get("/late/risk.xlsx")
@router.get("/late/risk.csv")
def risk_file(here: Here, district: str = "", milestone: str = "") -> Response:
    scope = here.person.district or district or None
    with reading(here.bind) as connection:
        found = risk_lists(connection, here.today, district=scope, milestone=milestone or None)
        words, names = RiskWords(Versions(connection), here.lang), district_names(connection)
        office = names.get(scope or "", t("pages.city_office", here.lang))
        sheets = [sheet for item in found for sheet in risk_sheets(here, item, words, office, names)]
    if not sheets:
        sheets = [
            _table(t("risk.title", here.lang), "cases", CASE_WIDTHS, [], t("risk.no_dates", here.lang), here.lang)
        ]
    return table_file(here, f"nguy-co-{here.today:%Y-%m-%d}", *sheets)


def risk_sheets(here: Visit, item: RiskList, words: RiskWords, office: str, names: dict[str, str]) -> list[Table]:
    """The last useful days of acts for a fixed date, and its cases."""
    lang, kind = here.lang, item.milestone
    title = t("risk.heading", lang, label=kind.label[lang], day=date_vi(kind.on))
    days: list[list[Value]] = [
        [one.act.on, words.act(one.act.verb, one.procedure), words.roles(one.roles, one.procedure), one.cases, one.next]
        for one in item.last_days
    ]
    cases = [_row(here, kind, case, words, names) for case in item.cases]
    return [
        _table(title, "days", DAY_WIDTHS, days, office, lang),
        _table(title, "cases", CASE_WIDTHS, cases, office, lang),
    ]


def _table(
    title: str, kind: str, widths: Sequence[int], rows: Sequence[Sequence[Value]], office: str, lang: str
) -> Table:  # fmt: skip
    columns = columns_of(t(f"risk.columns_{kind}", lang).split("|"), widths)
    return Table(t(f"risk.sheet_{kind}", lang), title, office, columns, rows)


def _row(here: Visit, kind: Milestone, case: RiskCase, words: RiskWords, names: dict[str, str]) -> list[Value]:
    way, pin = case.way, case.procedure
    lines = [f"{line.text} ({line.article})" if line.article else line.text for line in words.lines(kind, case)]
    return [
        case.ref, case.unit_name, names.get(case.district, case.district),
        words.versions.label("states", case.state, here.lang, pin), case.officer,
        None if case.chance is None else round(100 * (1 - case.chance)),
        words.act(way.next.verb, pin) if way else None, way.on if way else None, case.days_left(here.today),
        "; ".join(words.awaits(case)), "; ".join(lines),
    ]  # fmt: skip
