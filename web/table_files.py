"""Tables as files for the reader: one definition of what an address ending in .xlsx or .csv gives."""

from fastapi.responses import Response

from templates.spreadsheet import Table, table_csv, tables_xlsx, tables_zip
from templates.trial_mark import mark_of
from web.cases.case_pages import attachment
from web.request_context import Visit

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def table_file(here: Visit, stem: str, *tables: Table, lang: str = "") -> Response:
    """By the ending of the address: a workbook, or CSV, which for several tables is a ZIP of one file each.

    `lang`: of tables that are in one language for every reader.
    """
    mark = mark_of(here.trial, lang or here.lang)
    if here.request.url.path.endswith(".xlsx"):
        return attachment(tables_xlsx(*tables, mark=mark), f"{stem}.xlsx", XLSX)
    if len(tables) == 1:
        return attachment(table_csv(tables[0], mark), f"{stem}.csv", "text/csv; charset=utf-8")
    return attachment(tables_zip(*tables, mark=mark), f"{stem}-csv.zip", "application/zip")
