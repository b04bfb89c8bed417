"""Irregularities for the heads: the list with one confirmation for many, and the acceptance of one in writing."""

from collections.abc import Sequence

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from casework.case_view import load_seen, officer_names
from casework.irregularities import CaseIrregularity, accept, confirm, may_confirm, of_case, unsettled
from models.database import reading
from models.errors import NotFound, Refused, WrongInput
from web.lists import district_names
from web.rendering import error_text, page, sentences, status_of
from web.request_context import Here, Sent, Typed, Visit

router = APIRouter()
FIELDS = ("paper", "paper_on", "body")


@router.get("/irregularities")
def irregularities(here: Here, district: str = "", done: str = "") -> Response:
    return _list(here, district, done=int(done) if done.isdecimal() else 0)


@router.post("/irregularities")
def irregularities_now(here: Here, sent: Sent) -> Response:
    try:
        done = confirm(
            here.bind, _chosen(sent.texts("chosen")), by=here.person.login, reason=sent.text("reason"), clock=here.clock
        )
    except (WrongInput, Refused) as error:
        return _list(here, sent.text("district"), sent, error)
    return RedirectResponse(f"/irregularities?done={len(done)}", 303)


@router.get("/cases/{ref}/irregularities/{seq:int}/accept")
def irregularity_accept(here: Here, ref: str, seq: int) -> Response:
    return _accept_form(here, ref, seq)


@router.post("/cases/{ref}/irregularities/{seq:int}/accept")
def irregularity_accept_now(here: Here, sent: Sent, ref: str, seq: int) -> Response:
    try:
        done = accept(
            here.bind, ref, seq, by=here.person.login, clock=here.clock,
            paper=sent.text("paper"), paper_on=sent.text("paper_on"), body=sent.text("body"),
        )  # fmt: skip
    except (WrongInput, Refused) as error:
        return _accept_form(here, ref, seq, sent, error)
    return RedirectResponse(f"/cases/{ref}?done={done}", 303)


def _chosen(marks: Sequence[str]) -> list[tuple[str, int]]:
    """The ticked entries, each `REF:SEQ`. Raises WrongInput for anything else."""
    found = []
    for mark in marks:
        ref, _, seq = mark.rpartition(":")
        if not ref or not seq.isdecimal() or len(seq) > 6:
            raise WrongInput("chosen", "irregularities_none_chosen")
        found.append((ref, int(seq)))
    return found


def _list(
    here: Visit, district: str, sent: Typed | None = None, error: WrongInput | Refused | None = None, done: int = 0
) -> Response:
    with reading(here.bind) as connection:
        rows = unsettled(connection, here.person, district or None)
        names = officer_names(connection, [item.by for item in rows])
        districts = district_names(connection)
    wrong = sentences(error, here.lang) if isinstance(error, WrongInput) else {}
    return page(
        here, "cases/irregularities.html", status=status_of(error), rows=rows, names=names, districts=districts,
        mine={(item.ref, item.seq) for item in rows if may_confirm(item, here.person)}, district=district, done=done,
        ticked=sent.texts("chosen") if sent else [], reason=sent.text("reason") if sent else "", wrong=wrong,
        message=error_text(error, here.lang) if error is not None and not wrong else "",
    )  # fmt: skip


def _accept_form(
    here: Visit, ref: str, seq: int, sent: Typed | None = None, error: WrongInput | Refused | None = None
) -> Response:
    with reading(here.bind) as connection:
        item = _one(of_case(load_seen(connection, ref, here.person)), ref, seq)
    wrong = sentences(error, here.lang) if isinstance(error, WrongInput) else {}
    return page(
        here, "cases/irregularity.html", status=status_of(error), item=item, wrong=wrong,
        typed={name: sent.text(name) if sent else "" for name in FIELDS},
        message=error_text(error, here.lang) if error is not None and not wrong else "",
    )  # fmt: skip


def _one(listed: Sequence[CaseIrregularity], ref: str, seq: int) -> CaseIrregularity:
    found = next((item for item in listed if item.seq == seq), None)
    if found is None:
        raise NotFound("no_such_irregularity", ref=ref, seq=seq)
    return found
