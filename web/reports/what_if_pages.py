"""What would change the forecast of a fixed date, for the heads: page and workbook."""

from functools import partial

from fastapi import APIRouter
from fastapi.responses import Response

from letters.output.register_print import Cell, Sheet, register_xlsx
from models.database import reading
from oversight.milestones import milestones
from oversight.what_if import WhatIf, what_if
from oversight.what_if_words import change_in_words, where
from rulebook.versions import Versions
from templates.formats import date_vi
from templates.words import t
from web.cases.case_pages import attachment
from web.letters.book_pages import XLSX
from web.lists import district_names
from web.rendering import page
from web.request_context import Here, Visit

router = APIRouter()
WIDTHS = (70, 34, 16, 14, 10, 10, 14)


@router.get("/late/what-if")
def changes(here: Here, district: str = "", milestone: str = "") -> Response:
    """One fixed date at a time: the one asked for, else the nearest that has cases to be done."""
    scope = here.person.district or district or None
    with reading(here.bind) as connection:
        dates = [item for item in milestones(connection, here.today, district=scope) if item.waiting]
        chosen = next((item.key for item in dates if milestone in ("", item.key)), "")
        found = what_if(connection, here.today, chosen, district=scope) if chosen else None
        names, versions = district_names(connection), Versions(connection)
        return page(
            here, "reports/what_if.html", found=found, milestone=chosen, district=scope or "", districts=names,
            dates=[(item.key, item.label[here.lang]) for item in dates], versions=versions,
            words=partial(change_in_words, versions=versions, districts=names, today=here.today, lang=here.lang),
            where=partial(where, districts=names, lang=here.lang),
        )  # fmt: skip


@router.get("/late/what-if.xlsx")
def changes_file(here: Here, district: str = "", milestone: str = "") -> Response:
    scope = here.person.district or district or None
    with reading(here.bind) as connection:
        dates = [item.key for item in milestones(connection, here.today, district=scope) if item.waiting]
        chosen = next((key for key in dates if milestone in ("", key)), "")
        found = what_if(connection, here.today, chosen, district=scope) if chosen else None
        names, versions = district_names(connection), Versions(connection)
    office = names.get(scope or "", t("pages.city_office", here.lang))
    return attachment(
        register_xlsx(changes_sheet(here, found, office, names, versions)), f"thay-doi-{here.today:%Y-%m-%d}.xlsx", XLSX
    )


def changes_sheet(here: Visit, found: WhatIf | None, office: str, names: dict[str, str], versions: Versions) -> Sheet:
    """Every change that was tried for a fixed date; an empty sheet that says so where there is none."""
    lang = here.lang
    if found is None:
        return Sheet(t("whatif.none", lang), office, [], [])
    kind = found.milestone
    rows: list[list[Cell]] = [
        [
            change_in_words(found, one, versions, names, here.today, lang), versions.label("states", one.state, lang),
            names.get(one.district or "", ""), round(one.difference, 1), round(one.low, 1), round(one.high, 1),
            t("whatif.yes" if one.gains else "whatif.no", lang),
        ]
        for one in found.gains
    ]  # fmt: skip
    columns = list(zip(t("whatif.columns", lang).split("|"), WIDTHS, strict=True))
    base = t("whatif.base", lang, base=round(found.base), count=kind.waiting, day=date_vi(kind.on))
    return Sheet(f"{t('whatif.title', lang)}: {kind.label[lang]}", f"{office}. {base}", columns, rows)
