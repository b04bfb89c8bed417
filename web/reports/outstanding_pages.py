"""What dissolved units have not handed in: the list, its files, and recording what became of a thing."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import RedirectResponse, Response

from casework.outstanding_entries import CONFIRMERS, ENTERERS, OUTCOMES, Entry, confirm, enter, take_back
from models.database import reading, writing
from models.errors import CoopcaseError, NotFound, Refused, WrongInput
from oversight.outstanding import KINDS, STATUSES, Outstanding, Wanted, counts_of, outstanding
from procedures.state_machine.field_values import parse_day
from templates.formats import date_vi
from templates.spreadsheet import PLAIN, Table, Value, columns_of
from templates.words import t
from web.lists import district_names, pages_of
from web.rendering import error_content, error_text, page, sentences, status_of
from web.request_context import Here, Sent, Typed, Visit
from web.table_files import table_file

router = APIRouter()
PAGE = 100
HEADINGS = ("unit", "ref", "commune", "kind", "status", "on", "paper", "holder", "reason", "closed_on", "year")
WIDTHS = (36, 14, 20, 20, 26, 12, 20, 26, 36, 12, 8)


@dataclass(frozen=True, slots=True)
class Asked:
    kind: str = ""
    status: str = ""
    commune: str = ""
    year: str = ""
    district: str = ""
    p: int = 1

    @property
    def wanted(self) -> Wanted:
        year = int(self.year) if self.year.isdecimal() and len(self.year) == 4 else None
        return Wanted(self.kind if self.kind in KINDS else "", self.status, self.commune, year)

    def scope(self, here: Visit) -> str | None:
        return here.person.district or self.district or None


@router.get("/outstanding", name="outstanding")
def outstanding_list(here: Here, asked: Annotated[Asked, Depends()]) -> Response:
    return _listed(here, asked)


@router.get("/outstanding.xlsx", name="outstanding_file")
@router.get("/outstanding.csv", name="outstanding_file")
def outstanding_file(here: Here, asked: Annotated[Asked, Depends()]) -> Response:
    with reading(here.bind) as connection:
        items, names = outstanding(connection, asked.scope(here)), district_names(connection)
    office = names.get(asked.scope(here) or "", t("pages.city_office", here.lang))
    table = Table(
        t("outstanding.sheet", here.lang), t("outstanding.title", here.lang), office,
        columns_of((t(f"outstanding.{name}", here.lang) for name in HEADINGS), WIDTHS, [PLAIN] * len(WIDTHS)),
        list(_rows([item for item in items if asked.wanted.takes(item)], here.lang)),
    )  # fmt: skip
    return table_file(here, f"chua-thu-hoi-{here.today:%Y-%m-%d}", table)


@router.get("/outstanding/cases/{ref}", name="outstanding_case")
def outstanding_case(here: Here, ref: str, kind: str = "") -> Response:
    return _form(here, ref, kind)


@router.post("/outstanding/cases/{ref}", name="outstanding_now")
def outstanding_now(here: Here, sent: Sent, ref: str) -> Response:
    try:
        on = parse_day("on", sent.text("on")) if sent.text("on") else here.today
        said = {name: sent.text(name) for name in ("kind", "outcome", "paper", "holder", "reason")}
        with writing(here.bind) as connection:
            enter(connection, ref, Entry(on=on, files=sent.files("evidence"), **said), here.person, clock=here.clock)
    except (WrongInput, Refused) as error:
        return _form(here, ref, sent.text("kind"), sent, error)
    return RedirectResponse(f"/outstanding/cases/{ref}", 303)


@router.post("/outstanding/{number:int}/{act}", name="outstanding_answer")
def outstanding_answer(here: Here, sent: Sent, number: int, act: str) -> Response:
    try:
        with writing(here.bind) as connection:
            if act == "confirm":
                confirm(connection, number, here.person, clock=here.clock)
            elif act == "back":
                take_back(connection, number, sent.text("reason"), here.person, clock=here.clock)
            else:
                raise NotFound("no_such_page")
    except (WrongInput, Refused) as error:
        return _listed(here, Asked(status="all"), error)
    return RedirectResponse("/outstanding", 303)


def _listed(here: Visit, asked: Asked, error: CoopcaseError | None = None) -> Response:
    with reading(here.bind) as connection:
        items, districts = outstanding(connection, asked.scope(here)), district_names(connection)
    found = [item for item in items if asked.wanted.takes(item)]
    pages = pages_of(asked.p, len(found), PAGE)
    first = (max(asked.p, 1) - 1) * PAGE
    return page(
        here, "reports/outstanding.html", items=found[first : first + PAGE], pages=pages, asked=asked,
        counts=counts_of(items), kinds=KINDS, statuses=STATUSES, districts=districts,
        communes=sorted({(item.commune_code, item.commune) for item in items if item.commune_code}, key=_name),
        years=sorted({item.year for item in items if item.year}, reverse=True),
        may_enter=here.person.role in ENTERERS, may_confirm=here.person.role in CONFIRMERS,
        status=status_of(error),
        message=error_text(error, here.lang) if error else "",
    )  # fmt: skip


def _name(commune: tuple[str | None, str]) -> str:
    return commune[1]


def _form(here: Visit, ref: str, kind: str, sent: Typed | None = None, error: CoopcaseError | None = None) -> Response:
    with reading(here.bind) as connection:
        items = outstanding(connection, here.person.district, ref)
    if not items:
        raise NotFound("no_such_case", ref=ref)
    wrong = sentences(error, here.lang, besides=_labels(here.lang)) if isinstance(error, WrongInput) else None
    typed = {name: sent.text(name) for name in ("on", "outcome", "paper", "holder", "reason")} if sent else {}
    return page(
        here, "reports/outstanding_case.html", items=items, kind=kind, kinds=KINDS, outcomes=OUTCOMES,
        typed={"on": date_vi(here.today), **typed}, may_enter=here.person.role in ENTERERS,
        **error_content(error, here.lang, wrong),
    )  # fmt: skip


def _labels(lang: str) -> dict[str, str]:
    names = ("kind", "outcome", "on", "paper", "holder", "reason")
    return {**{name: t(f"outstanding.{name}", lang) for name in names}, "evidence": t("outstanding.proof", lang)}


def _rows(items: Sequence[Outstanding], lang: str) -> Iterator[list[Value]]:
    for item in items:
        said = asdict(item) | {
            "unit": item.unit_name, "year": item.year, "kind": t(f"outstanding.kind_{item.kind}", lang),
            "status": t(f"outstanding.status_{item.status}", lang),
        }  # fmt: skip
        yield [said[name] for name in HEADINGS]
