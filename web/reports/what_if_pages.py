"""What would change the forecast of a fixed date, for the heads: page and workbook."""

from functools import partial

from fastapi import APIRouter
from fastapi.responses import Response

from models.database import reading
from oversight.milestones import milestones
from oversight.remembered import AsMade
from oversight.what_if import WhatIf, what_if
from oversight.what_if_words import change_in_words, steps_in_words, where
from rulebook.versions import Versions
from templates.formats import date_vi
from templates.spreadsheet import Table, Value, columns_of
from templates.words import t
from web.lists import district_names
from web.rendering import page
from web.reports.hourly import changes_of, dates_ahead, oldest
from web.request_context import Here, Visit
from web.table_files import table_file

router = APIRouter()
WIDTHS = (70, 34, 16, 14, 10, 10, 14)


@router.get("/late/what-if")
def changes(here: Here, district: str = "", milestone: str = "") -> Response:
    """One fixed date at a time: the one asked for, else the nearest that has cases to be done."""
    scope = here.person.district or district or None
    with reading(here.bind) as connection:
        ahead = dates_ahead(connection, here, scope)
        dates = ahead.result
        chosen = next((item.key for item in dates if milestone in ("", item.key)), "")
        made: AsMade[WhatIf | None] = changes_of(connection, here, chosen, scope) if chosen else AsMade(None)
        found = made.result
        names, versions = district_names(connection), Versions(connection)
        return page(
            here, "reports/what_if.html", found=found, milestone=chosen, district=scope or "", districts=names,
            dates=[(item.key, item.label[here.lang]) for item in dates], versions=versions,
            words=partial(change_in_words, versions=versions, districts=names, today=here.today, lang=here.lang),
            where=partial(where, districts=names, lang=here.lang),
            unmeasured=steps_in_words(found.unmeasured, versions, here.lang) if found else "",
            made_at=oldest(ahead, made),
        )  # fmt: skip


@router.get("/late/what-if.xlsx")
@router.get("/late/what-if.csv")
def changes_file(here: Here, district: str = "", milestone: str = "") -> Response:
    scope = here.person.district or district or None
    with reading(here.bind) as connection:
        dates = [item.key for item in milestones(connection, here.today, district=scope) if item.waiting]
        chosen = next((key for key in dates if milestone in ("", key)), "")
        found = what_if(connection, here.today, chosen, district=scope) if chosen else None
        names, versions = district_names(connection), Versions(connection)
    office = names.get(scope or "", t("pages.city_office", here.lang))
    table = changes_sheet(here, found, office, names, versions)
    return table_file(here, f"thay-doi-{here.today:%Y-%m-%d}", table)


def changes_sheet(here: Visit, found: WhatIf | None, office: str, names: dict[str, str], versions: Versions) -> Table:
    """Every change that was tried for a fixed date; without rows where there is none, which its page header says."""
    lang, title = here.lang, t("whatif.title", here.lang)
    columns = columns_of(t("whatif.columns", lang).split("|"), WIDTHS)
    if found is None:
        return Table(title, t("whatif.none", lang), office, columns, [])
    kind = found.milestone
    rows: list[list[Value]] = [
        [
            change_in_words(found, one, versions, names, here.today, lang), versions.label("states", one.state, lang),
            names.get(one.district or "", ""),
            *(round(float(value), 1) for value in (one.difference, one.low, one.high)),
            t("whatif.yes" if one.gains else "whatif.no", lang),
        ]
        for one in found.gains
    ]  # fmt: skip
    base = t("whatif.base", lang, base=round(found.base), count=kind.waiting, day=date_vi(kind.on))
    return Table(title, f"{title}: {kind.label[lang]}", f"{office}. {base}", columns, rows)
