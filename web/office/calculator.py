"""The calculator of dates: a start, a term, suspensions, extensions; the answer with its sum and months."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from itertools import zip_longest
from typing import Annotated, TypeVar
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query
from fastapi.responses import RedirectResponse, Response

from casework.sums.sum_sentences import sum_in_words
from models.database import reading
from models.errors import WrongInput
from procedures.legal_time.calendar import Calendars
from procedures.legal_time.date_computation import ComputedDate, Extension, Suspension, compute_date, require_forwards
from procedures.legal_time.day_marks import MARKS, day_marks
from procedures.legal_time.terms import Term
from procedures.state_machine.field_values import clean_text, parse_day
from rulebook.office_calendar import calendars_of
from templates.formats import date_vi
from templates.words import t
from web.office.month_pictures import MonthPicture, month_pictures
from web.rendering import page
from web.request_context import Here, Visit

router = APIRouter()
UNITS = ("days", "working_days", "weeks", "months", "years")
KINDS, CALENDARS = ("legal", "target"), ("agency", "general")
MOST_PAUSES, MOST_DAYS = 20, 3650
FIRST_YEAR, LAST_YEAR = 1950, 2100
Texts = Annotated[list[str], Query()]
Taken = TypeVar("Taken")
_LABELS = {  # how the page calls its boxes
    "start": "start_day", "amount": "how_long", "term": "how_long", "pause_from": "pause_from", "pause_to": "pause_to",
    "extend": "extend_days", "decision": "decision_number",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed, as in the query of the address; `pauses` are (from, to), `to` empty while it lasts."""

    start: str = ""
    amount: str = ""
    unit: str = "days"
    kind: str = "legal"
    calendar: str = ""
    backwards: bool = False
    extend: str = ""
    decision: str = ""
    pauses: tuple[tuple[str, str], ...] = ()

    def address(self) -> str:
        """The shortest address that asks the same: what is empty or usual is left out."""
        usual = Asked()
        kept = [(name, getattr(self, name)) for name in _PLAIN if getattr(self, name) != getattr(usual, name)]
        pauses = [pair for first, last in self.pauses for pair in (("pause_from", first), ("pause_to", last))]
        typed = [(name, "true" if value is True else value) for name, value in [*kept, *pauses]]
        return "/calculator" + (f"?{urlencode(typed)}" if typed else "")


_PLAIN = ("start", "amount", "unit", "kind", "calendar", "backwards", "extend", "decision")


def asked_here(
    start: str = "", amount: str = "", unit: str = "", kind: str = "", calendar: str = "", backwards: bool = False,
    extend: str = "", decision: str = "", pause_from: Texts = [], pause_to: Texts = [],  # noqa: B006 - never changed
) -> Asked:  # fmt: skip
    """Of a choice that is none the usual one is taken."""
    pairs = [(first.strip(), last.strip()) for first, last in zip_longest(pause_from, pause_to, fillvalue="")]
    return Asked(
        start.strip(), amount.strip(), unit if unit in UNITS else "days", kind if kind in KINDS else "legal",
        calendar if calendar in CALENDARS else "", backwards, extend.strip(), decision.strip(),
        tuple(pair for pair in pairs if any(pair))[:MOST_PAUSES],
    )  # fmt: skip


@router.get("/calculator")
def calculator(here: Here, asked: Annotated[Asked, Depends(asked_here)]) -> Response:
    if "" in here.request.query_params.values() and asked.address() != _address_of(here):
        return RedirectResponse(
            asked.address(), 303
        )  # a form sends its empty boxes too: the address is to be passed on
    with reading(here.bind) as connection:
        calendars = calendars_of(connection, here.person.district)
    taken = _Taken(asked, here.lang)
    found = taken.computed(calendars) if asked.start or asked.amount else None
    months, left_out = _drawn(found, taken, calendars, here.today) if found is not None else ([], 0)
    return page(
        here, "office/calculator.html", status=422 if taken.wrong else 200, asked=asked, found=found, wrong=taken.wrong,
        units=UNITS, version=calendars.version, edition=calendars.edition,
        lines=sum_in_words(found, here.lang) if found else (), legend=MARKS,
        rows=[*asked.pauses, *[("", "")] * max(1, 2 - len(asked.pauses))], months=months, left_out=left_out,
    )  # fmt: skip


def _address_of(here: Visit) -> str:
    return f"/calculator?{urlencode(here.request.query_params.multi_items())}"


def _drawn(
    found: ComputedDate, taken: "_Taken", calendars: Calendars, today: date
) -> tuple[list[MonthPicture], int]:  # fmt: skip
    chosen = calendars.agency if found.calendar == "agency" else calendars.general
    return month_pictures(day_marks(found, taken.term(), chosen, taken.pauses()), chosen, today)


class _Taken:
    """What was typed, read box by box; `wrong` has the error texts by box."""

    def __init__(self, asked: Asked, lang: str) -> None:
        self.asked, self.lang = asked, lang
        self.wrong: dict[str, str] = {}

    def computed(self, calendars: Calendars) -> ComputedDate | None:
        """Nothing when a box is wrong."""
        start, term = self._box("start", self.start), self._box("amount", self.term)
        pauses, extensions = self.pauses(), self._box("extend", self.extensions)
        if term is not None:
            self._box("amount", lambda: require_forwards(term, [*pauses, *(extensions or ())]))
        if self.wrong or start is None or term is None:
            return None
        return compute_date(
            start, term, calendars, kind="target" if self.asked.kind == "target" else "legal",
            calendar=self.asked.calendar or None, suspensions=pauses, extensions=extensions or (),
        )  # fmt: skip

    def start(self) -> date:
        day = parse_day("start", self.asked.start)
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise WrongInput("start", "not_a_date", value=self.asked.start[:40])
        return day

    def term(self) -> Term:
        term = Term(self._number("amount", self.asked.amount), self.asked.unit)  # type: ignore[arg-type]
        return replace(term, backwards=self.asked.backwards)

    def extensions(self) -> tuple[Extension, ...]:
        if not self.asked.extend:
            return ()
        days, decision = self._number("extend", self.asked.extend), clean_text("decision", self.asked.decision)
        if days > MOST_DAYS:
            raise WrongInput("extend", "out_of_range", low=0, high=MOST_DAYS)
        if days and not decision:
            raise WrongInput("decision", "extension_needs_decision")
        return (Extension(days, decision),) if days else ()

    def pauses(self) -> tuple[Suspension, ...]:
        found = [
            self._box(f"pause_{place}", partial(self._pause, *pair)) for place, pair in enumerate(self.asked.pauses)
        ]
        return tuple(item for item in found if item is not None)

    def _pause(self, first: str, last: str) -> Suspension:
        start = parse_day("pause_from", first)
        end = parse_day("pause_to", last) if last else None
        if end is not None and end < start:
            raise WrongInput("pause_to", "suspension_reversed", start=date_vi(start), end=date_vi(end))
        return Suspension(start, end)

    def _number(self, field: str, text: str) -> int:
        if not text.isdecimal() or not text.isascii() or len(text) > 6:
            raise WrongInput(field, "not_a_number", value=text[:40])
        return int(text)

    def _box(self, box: str, read: Callable[[], Taken]) -> Taken | None:
        try:
            return read()
        except WrongInput as error:
            self.wrong[error.field if error.field == "decision" else box] = _said(error, self.lang)
            return None


def _said(error: WrongInput, lang: str) -> str:
    label = t(f"pages.{_LABELS[error.field]}", lang)
    return t(f"errors.{error.code}", lang, **{**error.params, "field": label})
