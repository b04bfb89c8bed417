"""Batches of dissolutions: the list, the page of one with its cases by step, and the form of an act for several."""

from collections.abc import Callable, Mapping
from typing import Any

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import Connection, select

from casework.case_view import officer_names
from casework.councils.bodies import ListedCouncil, listed_councils
from casework.lists.same_act_elsewhere import MOST
from casework.office.people import CITY_OFFICE, Actor
from correspondence.joint import batch_acts, batches
from correspondence.joint.annex_rows import OWN_VALUES
from correspondence.joint.batch_acts import AskedAct
from correspondence.joint.batches import EDITORS, CaseInBatch, CommonAct
from correspondence.joint.shares import has_joint_text
from correspondence.letter_rights import DRAFTERS
from models.clock import Clock
from models.database import reading, writing
from models.errors import CoopcaseError, NotFound, Refused, WrongInput
from models.settings import settings
from models.tables import batch_cases, case_rows
from models.typed_rows.council_shapes import DissolutionBatchRow
from procedures.councils import batch_rules, council_rules
from procedures.state_machine.field_values import parse_day
from rulebook.versions import Versions
from web.forms import data_of, form_fields
from web.rendering import error_content, page, sentences
from web.request_context import Here, Sent, Typed, Visit
from web.unfinished import MOST_FILES

router = APIRouter()


@router.get("/batches", name="batches")
def batch_list(here: Here) -> Response:
    return _list(here)


@router.post("/batches")
def batch_new(here: Here, sent: Sent) -> Response:
    try:
        with writing(here.bind) as connection:
            made = batches.create_batch(
                connection, sent.text("name"), sent.number("council"), by=here.person, clock=here.clock
            )
    except (WrongInput, Refused, NotFound) as error:
        return _list(here, sent, error)
    return RedirectResponse(f"/batches/{made}", 303)


@router.get("/batches/{number:int}", name="batch")
def batch(here: Here, number: int) -> Response:
    return _page(here, number)


@router.post("/batches/{number:int}/{act}")
def batch_now(here: Here, sent: Sent, number: int, act: str) -> Response:
    if act not in ACTS:
        raise NotFound("no_such_page")
    with reading(here.bind) as connection:
        batches.own_batch(connection, number, here.person)
    try:
        with writing(here.bind) as connection:
            letter = ACTS[act](connection, number, sent, here.person, here.clock)
    except (WrongInput, Refused, NotFound) as error:
        return _page(here, number, sent, error, act)
    return RedirectResponse(f"/letters/{letter}" if letter else f"/batches/{number}", 303)


@router.get("/batches/{number:int}/acts/{verb}")
def batch_act(here: Here, number: int, verb: str) -> Response:
    return _act_form(here, number, verb)


@router.post("/batches/{number:int}/acts/{verb}")
def batch_act_now(here: Here, sent: Sent, number: int, verb: str) -> Response:
    if sent.text("more"):
        return _act_form(here, number, verb, sent)
    try:
        with reading(here.bind) as connection:
            open_act = _open_act(connection, here, number, verb)
        data = data_of(open_act.choice.needs, sent)
        on = parse_day("on", sent.text("on")) if sent.text("on") else None
        refs = tuple(ref for ref in sent.texts("cases") if ref in open_act.refs) or open_act.refs
        table = council_rules().table_of(verb)
        asked = AskedAct(verb, {name: value for name, value in data.items() if name != table}, on, refs, None,
                         sent.files("evidence"))  # fmt: skip
        with writing(here.bind) as connection:
            done = batch_acts.act_on_batch(connection, number, asked, by=here.person, clock=here.clock)
    except (WrongInput, Refused) as error:
        return _act_form(here, number, verb, sent, error)
    return RedirectResponse(f"/letters/{done.letter}" if done.letter else f"/batches/{number}", 303)


def _join(connection: Connection, number: int, sent: Typed, by: Actor, clock: Clock) -> None:
    batches.join_cases(connection, number, sent.texts("cases"), by=by, clock=clock)


def _leave(connection: Connection, number: int, sent: Typed, by: Actor, clock: Clock) -> None:
    batch_acts.leave_batch(connection, number, sent.text("ref"), sent.text("reason"), by=by, clock=clock)


def _council(connection: Connection, number: int, sent: Typed, by: Actor, clock: Clock) -> None:
    batches.set_council(connection, number, sent.number("council") or 0, by=by, clock=clock)


def _draft(connection: Connection, number: int, sent: Typed, by: Actor, clock: Clock) -> int:
    return batch_acts.draft_for_batch(
        connection, number, sent.text("template"), sent.texts("cases"), by=by, clock=clock
    )


def _withdraw(connection: Connection, number: int, sent: Typed, by: Actor, clock: Clock) -> None:
    batch_acts.withdraw_from_batch(connection, number, sent.text("verb"), sent.text("reason"), by=by, clock=clock)


ACTS: Mapping[str, Callable[[Connection, int, Typed, Actor, Clock], int | None]] = {
    "join": _join, "leave": _leave, "council": _council, "draft": _draft, "withdraw": _withdraw,
}  # fmt: skip


def _own_councils(connection: Connection, here: Visit, office: str) -> list[ListedCouncil]:
    return [row for row in listed_councils(connection, here.person, here.today) if row["office"] == office]


def _list(here: Visit, sent: Typed | None = None, error: CoopcaseError | None = None) -> Response:
    with reading(here.bind) as connection:
        rows = batches.listed_batches(connection, here.person)
        councils = _own_councils(connection, here, here.person.district or CITY_OFFICE)
    return page(
        here, "cases/batches.html", rows=rows, councils=councils, may=here.person.role in EDITORS, sent=sent,
        **error_content(error, here.lang),
    )  # fmt: skip


def _page(
    here: Visit, number: int, sent: Typed | None = None, error: CoopcaseError | None = None, act: str = ""
) -> Response:
    with reading(here.bind) as connection:
        row = batches.own_batch(connection, number, here.person)
        cases = batches.cases_in(connection, number, load=True)
        versions = Versions(connection)
        letters = batches.joint_letters(connection, number)
        councils = _own_councils(connection, here, row["office"])
        history = batches.steps_of(connection, number)
        left = batches.cases_in(connection, number, left=True)
        logins = [*(step["by"] for step in history), *(case.row["left_by"] for case in left)]
        content: dict[str, Any] = {
            "left": left, "history": history, "names": officer_names(connection, logins),
            "joinable": _joinable(connection, row, here) if here.person.role in EDITORS else [],
            "sent_already": batches.submission_sent(connection, number),
        }  # fmt: skip
    pins = {case.ref: case.loaded.row["procedure"] for case in cases if case.loaded is not None}
    first = next(iter(pins.values()), "")
    return page(
        here, "cases/batch.html", batch=row, cases=cases, letters=letters, sent=sent, act=act,
        stages=[(count, versions.label("states", state, here.lang, first)) for state, count in batches.by_state(cases)],
        steps={case.ref: versions.label("states", case.state, here.lang, pins.get(case.ref, "")) for case in cases},
        acts=batches.common_acts(cases, here.person), councils=councils, values=OWN_VALUES,
        council=next((one for one in councils if one["id"] == row["council_id"]), None),
        prepared=_prepared(cases, versions, here.lang),
        verbs={step["verb"]: versions.label("verbs", step["verb"], here.lang, first)
               for step in history if step["verb"]},
        may=here.person.role in EDITORS, drafts=here.person.role in DRAFTERS,
        templates=[name for name in batch_rules().letters if name not in PAPERS_OF_ACTS],
        **content, **error_content(error, here.lang),
    )  # fmt: skip


PAPERS_OF_ACTS = ("submission_compulsory", "dissolution_decision")  # drafted by doing the act


def _prepared(cases: list[CaseInBatch], versions: Versions, lang: str) -> list[tuple[str, str, int]]:
    """The acts that wait for their joint paper: verb, label and in how many cases."""
    found: dict[str, int] = {}
    pin = ""
    for case in cases:
        if case.loaded is not None:
            pin = case.loaded.row["procedure"]
            for verb, fact in case.loaded.state.prepared.items():
                if has_joint_text(str(fact.data["letter"])):
                    found[verb] = found.get(verb, 0) + 1
    return [(verb, versions.label("verbs", verb, lang, pin), count) for verb, count in found.items()]


def _joinable(connection: Connection, row: DissolutionBatchRow, here: Visit) -> list[tuple[str, str]]:
    """Open cases of the office at the steps where a case may join, in no batch."""
    columns = case_rows.c
    inside = select(batch_cases.c.case_id).where(batch_cases.c.left_at.is_(None))
    found = select(columns.ref, columns.unit_name).where(
        columns.closed_on.is_(None), columns.state.in_(batch_rules().joins), columns.id.not_in(inside),
        columns.level == ("city" if row["office"] == CITY_OFFICE else "district"),
    )  # fmt: skip
    if row["office"] != CITY_OFFICE:
        found = found.where(columns.district_code == row["office"])
    return [(ref, name) for ref, name in connection.execute(found.order_by(columns.unit_name).limit(MOST)).tuples()]


def _open_act(connection: Connection, here: Visit, number: int, verb: str) -> CommonAct:
    """The act with the cases that allow it now. Raises NotFound, Refused: none does."""
    batches.own_batch(connection, number, here.person)
    found = batches.open_act(batches.cases_in(connection, number, load=True), here.person, verb)
    if found is None:
        raise Refused("batch_no_case_allows")
    return found


def _act_form(
    here: Visit, number: int, verb: str, sent: Typed | None = None, error: CoopcaseError | None = None
) -> Response:
    with reading(here.bind) as connection:
        row = batches.own_batch(connection, number, here.person)
        try:
            open_act = _open_act(connection, here, number, verb)
        except Refused as none:
            return _page(here, number, sent, error or none)
        names = {case.ref: case.unit_name for case in batches.cases_in(connection, number)}
    table = council_rules().table_of(verb)
    needs = [need for need in open_act.choice.needs if need.name != table]
    shown = error_content(error, here.lang)
    if isinstance(error, WrongInput):
        shown["wrong"] = sentences(error, here.lang, needs)
    return page(
        here, "cases/batch_act.html", batch=row, choice=open_act.choice, refs=open_act.refs, names=names,
        fields=form_fields(needs, sent, here.lang), ticked=sent.texts("cases") if sent else open_act.refs,
        on=sent.text("on") if sent else here.today.strftime("%d/%m/%Y"), table=table, sent=sent,
        joint=[name for name in open_act.choice.paper if has_joint_text(name)], largest=settings().max_upload_mb,
        most_files=MOST_FILES, **shown,
    )  # fmt: skip
