"""One act for many cases: a table in which each case has a line, looked at first, then done for all or none."""

from collections.abc import Mapping, Sequence
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import Connection
from starlette.datastructures import FormData

from casework.case_view import load_seen
from casework.ledger import LoadedCase
from casework.lists.same_act_elsewhere import acts_open_in, others_for
from correspondence.grid.acting import MOST, Looked, cases_of, do, look
from correspondence.grid.columns import ON, Asked, columns_of
from correspondence.grid.reading import pasted, read_file
from correspondence.grid.workbook import template
from models.database import reading, writing
from models.errors import CoopcaseError, InputErrors, NotFound, Refused, WrongInput
from models.settings import settings
from procedures.day_vocabulary import REASON
from procedures.facts import Need
from procedures.schema import Verb
from procedures.state_machine.own_day import own_day_of
from templates.formats import date_vi
from templates.trial_mark import mark_of
from templates.words import pick, t
from web.cases.case_pages import attachment
from web.cases.grid_form import LINE, asked_of_form, closed_to, of_lines, rows_of, seen_of, with_cells, wrong_cells
from web.forms import form_fields
from web.rendering import error_text, page, status_of
from web.request_context import Here, Sent, Typed, Visit, scanned
from web.table_files import XLSX
from web.unfinished import MOST_FILES

router = APIRouter()
SHOWN = 100  # lines of the page; a file on the command line has more
FEWEST, MOST_CELLS = 40, 360  # lines of a wide table, cells of a long one: a page that a slow line still brings
SHEET = "sheet"  # the field of the workbook that is filled in
Refs = Annotated[list[str] | None, Query(alias="case")]


@router.get("/grid", name="grid")
def grid(here: Here, verb: str = "", case: Refs = None, like: str = "", of: str = "") -> Response:
    """`of`: how many cases the list has that these were taken from, where it has more."""
    with reading(here.bind) as connection:
        refs = _like(connection, here, verb, like) if like and verb else _refs(case)
        if not verb or not refs:
            return _choose(connection, here, refs)
    total = int(of) if of.isdecimal() and len(of) < 7 else 0
    return _grid(here, verb, refs, beyond=max(total - len(refs), 0))


@router.post("/grid", name="grid_now")
def grid_now(here: Here, sent: Sent, verb: str = "", case: Refs = None, like: str = "") -> Response:
    if like:
        return _opened_from(here, sent, verb, like)
    refs = list(dict.fromkeys([*_refs(case), *sent.texts(LINE)]))[:SHOWN]
    step = sent.text("more")
    try:
        if step == "file":
            return _from_file(here, sent, verb)
        with reading(here.bind) as connection:
            needs = columns_of(cases_of(connection, refs, here.person).values(), verb)
        if step == "paste":
            sent = with_cells(sent, pasted(sent.text("paste"), refs, needs))
            here.request.state.form = sent.form  # what is kept, and put back into the page
            return _grid(here, verb, refs, sent)
        asked = asked_of_form(sent, verb, needs)
        if step:
            return _previewed(here, asked, refs, sent)
        with writing(here.bind) as connection:
            number = do(connection, asked, here.person, clock=here.clock)
    except (WrongInput, Refused) as error:
        return _grid(here, verb, refs, sent, error=error)
    return RedirectResponse(f"/operations/{number}", 303)


def _opened_from(here: Visit, sent: Typed, verb: str, ref: str) -> Response:
    """The table, opened from the form of one case with what was typed there."""
    with reading(here.bind) as connection:
        refs = _like(connection, here, verb, ref)
    typed = Typed(FormData([*sent.items(), *((LINE, one) for one in refs)]))
    here.request.state.form = FormData([])  # the table is another form: nothing is put back into it
    return _grid(here, verb, refs, typed)


@router.get("/grid/form.xlsx", name="grid_form")
def grid_form(here: Here, verb: str, case: Refs = None) -> Response:
    with reading(here.bind) as connection:
        cases = list(cases_of(connection, _refs(case, MOST), here.person).values())
    data = template(cases, verb, here.lang, mark_of(here.trial, here.lang))
    return attachment(data, f"{verb}-{here.today:%Y-%m-%d}.xlsx", XLSX)


def _refs(case: Sequence[str] | None, most: int = SHOWN) -> list[str]:
    """The references of an address, `case=A&case=B` or `case=A,B`, each once."""
    found = (ref.strip() for text in case or () for ref in text.split(","))
    return list(dict.fromkeys(ref for ref in found if ref))[:most]


def _like(connection: Connection, here: Visit, verb: str, ref: str) -> list[str]:
    """The case, and those at the same step that allow the act too."""
    row = load_seen(connection, ref, here.person).row
    return [ref, *(other.ref for other in others_for(connection, row, verb, here.person))][:SHOWN]


def _choose(connection: Connection, here: Visit, refs: Sequence[str]) -> Response:
    """Which act: those that are open in the cases, the commonest first."""
    cases = cases_of(connection, refs, here.person)
    verbs = [
        (label, count, _address("/grid", verb, refs))
        for verb, label, count in acts_open_in(cases.values(), here.person.doer(), here.lang)
    ]
    return page(here, "cases/grid_choice.html", verbs=verbs, count=len(cases))


def _address(path: str, verb: str, refs: Sequence[str]) -> str:
    return f"{path}?{urlencode({'verb': verb, 'case': ','.join(refs)})}"


def _previewed(here: Visit, asked: Asked, refs: Sequence[str], sent: Typed) -> Response:
    with reading(here.bind) as connection:
        found = look(connection, asked, here.person, clock=here.clock)
    errors = InputErrors()
    for one in found:
        for wrong in one.errors:
            with errors:
                raise wrong
    error = errors.wrong[0] if errors.wrong else None
    if error is not None:
        error.params["also"] = errors.wrong[1:]
    return _grid(here, asked.verb, refs, sent, error=error, looked={one.line.ref: one for one in found})


def _from_file(here: Visit, sent: Typed, verb: str) -> Response:
    """The table with the lines of a file in it: what is wrong is corrected there."""
    files = scanned(sent.files(SHEET))
    if not files:
        raise WrongInput(SHEET, "no_file_chosen")
    name, data = files[0]
    with reading(here.bind) as connection:
        try:
            read = read_file(connection, data, name, verb, here.person)
        except WrongInput as wrong:
            wrong.field = SHEET
            raise
    if len(read.lines) > SHOWN:
        raise WrongInput(SHEET, "grid_too_many", limit=SHOWN, count=len(read.lines))
    typed = of_lines(read.lines, sent)
    here.request.state.form = FormData([])  # another table than the one it came from: nothing is put back into it
    return _previewed(here, _asked_of(here, typed, verb), [line.ref for line in read.lines], typed)


def _asked_of(here: Visit, typed: Typed, verb: str) -> Asked:
    with reading(here.bind) as connection:
        needs = columns_of(cases_of(connection, typed.texts(LINE), here.person).values(), verb)
    return asked_of_form(typed, verb, needs)


def _grid(
    here: Visit,
    verb: str,
    refs: Sequence[str],
    sent: Typed | None = None,
    *,
    error: CoopcaseError | None = None,
    looked: Mapping[str, Looked] | None = None,
    beyond: int = 0,
) -> Response:
    with reading(here.bind) as connection:
        cases = cases_of(connection, refs, here.person)
    needs, refusal = _columns(cases, verb, error)
    shown = refs[: max(FEWEST, MOST_CELLS // (len(needs) + 1))]
    wrong = wrong_cells(error.every, needs, here.lang) if isinstance(error, WrongInput) else {}
    closed = closed_to(cases, verb, here.person.doer(), here.lang) if sent is None and not wrong else {}
    message = error_text(refusal, here.lang) if refusal is not None and not wrong else ""
    spec = _verb(cases, verb)
    ready = looked is not None and error is None
    return page(
        here, "cases/grid.html", status=status_of(error or refusal), verb=spec, needs=needs, message=message,
        wrong=wrong,
        rows=rows_of(shown, cases, needs, verb, sent, looked or {}, wrong or closed, here.lang),
        seen=seen_of(cases.values()), labels={need.name: pick(need.label, here.lang) for need in needs}
        | {ON: t("grid.day", here.lang)},
        fields=form_fields(needs, sent, here.lang), on=sent.text("on") if sent else _usual_day(spec, needs, here),
        reason=sent.text(f"f.{REASON}") if sent else "", ready=ready, count=len(sent.texts(LINE) if sent else shown),
        asks_reason=any(key.startswith(REASON) for key in wrong), action=_address("/grid", verb, shown),
        left=len(refs) - len(shown) + beyond,
        form=_address("/grid/form.xlsx", verb, refs), most=SHOWN, largest=settings().max_upload_mb,
        most_files=MOST_FILES, paste=sent.text("paste") if sent else "", proof=spec.evidence, today=here.today,
    )  # fmt: skip


def _columns(
    cases: Mapping[str, LoadedCase], verb: str, error: CoopcaseError | None
) -> tuple[list[Need], CoopcaseError | None]:  # fmt: skip
    try:
        return columns_of(cases.values(), verb), error
    except Refused as refused:
        return [], error or refused


def _verb(cases: Mapping[str, LoadedCase], verb: str) -> Verb:
    """Raises NotFound: none of the cases is the person's, or none knows the act."""
    for case in cases.values():
        if verb in case.procedure.verbs:
            return case.procedure.verbs[verb]
    raise NotFound("no_such_page")


def _usual_day(verb: Verb, needs: Sequence[Need], here: Visit) -> str:
    """Today; nothing for an act that is dated by one of its fields."""
    return "" if own_day_of(verb, needs) else date_vi(here.today)
