"""Where a batch of letters begins: which cases, which letter type, who is eligible, what is typed once for all."""

from dataclasses import asdict, dataclass, fields, replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import Connection

from casework.lists.worklist import worklist
from correspondence.bulk.bulk_choice import MOST, Selection, Wanted, choose, require_ours, types_for
from correspondence.bulk.bulk_letters import draft_batch
from correspondence.drafts import common_needs_of
from letters.catalogue import LetterType, letter_type
from models.database import reading, writing
from models.errors import Refused, WrongInput
from oversight.lights import OPEN_LIGHTS
from rulebook.versions import Versions
from templates.formats import date_vi
from templates.words import pick
from web.cases.asked_cases import AskedCases
from web.commune_labels import with_commune
from web.forms import data_of, form_fields, typed_as
from web.lists import PAGE, district_names, officers_of, pages_of
from web.rendering import error_content, page, sentences
from web.request_context import Here, Sent, Typed, Visit

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Asked(AskedCases):
    """The cases of the worklist that one comes from, and the letter that is to be written to them."""

    template: str = ""


CARRIED = tuple(field.name for field in fields(Asked) if field.type is str)
TICKED = ("late", "unserved", "coming")


@router.get("/letters/bulk/new")
def bulk_new(here: Here, asked: Annotated[Asked, Depends()]) -> Response:
    return _page(here, asked, None)


@router.post("/letters/bulk/new")
def bulk_new_now(here: Here, sent: Sent) -> Response:
    said: dict[str, Any] = {name: sent.text(name) for name in CARRIED}
    asked = Asked(**said | {name: bool(sent.text(name)) for name in TICKED})
    if sent.text("do") != "draft":
        return _page(here, asked, sent)
    try:
        with writing(here.bind) as connection:
            kind = letter_type(asked.template)
            done = draft_batch(
                connection, sent.text("name"), asked.template, _wanted(connection, here, asked),
                data_of(common_needs_of(kind), sent), here.person, now=here.clock.now(), today=here.today,
            )  # fmt: skip
    except (WrongInput, Refused) as error:
        return _page(here, asked, sent, error)
    return RedirectResponse(f"/letters/bulk/{done.batch}", 303)


def _wanted(connection: Connection, here: Visit, asked: Asked) -> Wanted:
    return Wanted(asked.wanted(connection, here.person, here.today))


def _page(here: Visit, asked: Asked, sent: Typed | None, error: WrongInput | Refused | None = None) -> Response:
    with reading(here.bind) as connection:
        wanted = _wanted(connection, here, asked)
        total = worklist(connection, wanted.filter, here.today, limit=1).total
        content: dict[str, Any] = {
            "kinds": types_for(here.person), "versions": (versions := Versions(connection)), "lights": OPEN_LIGHTS,
            "procedure": versions.in_force, "districts": district_names(connection),
            "officers": officers_of(connection, wanted.filter.district, besides=asked.officer),
            "total": total, "limit": MOST,
        }  # fmt: skip
        if asked.template and total <= MOST:
            kind = letter_type(asked.template)
            require_ours(kind, here.person)
            found, error = _selection(connection, here, wanted, kind, sent, error)
            content |= _looked_at(here, kind, found, sent)
            shown = with_commune(connection, here.lang)
            content["rows"] = [replace(item, row=shown(item.row)) for item in content["rows"]]
    needs = common_needs_of(content["kind"]) if "kind" in content else ()
    wrong = sentences(error, here.lang, needs) if isinstance(error, WrongInput) else {}
    return page(
        here, "letters/bulk_new.html", asked=asdict(asked), mine=asked.only_own(here.person),
        **error_content(error, here.lang, wrong), **{"kind": None, **content},
    )  # fmt: skip


def _selection(
    connection: Connection,
    here: Visit,
    wanted: Wanted,
    kind: LetterType,
    sent: Typed | None,
    error: WrongInput | Refused | None,
) -> tuple[Selection, WrongInput | Refused | None]:
    """The cases held against what was typed; where that cannot be taken, against nothing, with what is wrong."""
    data = data_of(common_needs_of(kind), sent) if sent else {}
    try:
        return choose(connection, wanted, kind, data, here.person, here.today), error
    except WrongInput as wrong:
        return choose(connection, wanted, kind, {}, here.person, here.today), wrong


def _looked_at(here: Visit, kind: LetterType, found: Selection, sent: Typed | None) -> dict[str, Any]:
    """Who is eligible and why the others are not, what keeps the most of them back first."""
    open_cases = max((len(found.candidates) - found.counts.get("closed", 0)), 1)
    show = _shown(found, sent)
    listed = [item for item in found.candidates if item.reason == show]
    number = (sent.number("p") if sent and show == sent.text("at") else None) or 1
    pages = pages_of(number, len(listed))
    needs = [
        replace(
            need,
            required=need.name in kind.fields
            and kind.fields[need.name].required
            and found.given.get(need.name, 0) < open_cases,
        )
        for need in common_needs_of(kind)
    ]
    name = sent.text("name") if sent else f"{pick(kind.title, 'vi')} {date_vi(here.today)}"
    return {
        "kind": kind, "counts": found.counts, "eligible": len(found.eligible), "show": show, "name": name,
        "rows": listed[(pages.number - 1) * PAGE : pages.number * PAGE], "pages": pages,
        "fields": form_fields(needs, sent or typed_as(needs, found.common), here.lang),
        "told": found.given, "looked": len(found.candidates),
        "unverified": sorted({key for item in found.eligible for key in item.unverified}),
    }  # fmt: skip


def _shown(found: Selection, sent: Typed | None) -> str:
    """The group that is listed: the one asked for, else the largest that is not eligible, else the eligible."""
    counts = found.counts
    asked = (sent.text("show") or sent.text("at")) if sent else ""
    asked = "" if asked == "eligible" else asked
    if sent and (sent.text("show") or sent.text("at")) and (asked in counts):
        return asked
    held_back = {reason: count for reason, count in counts.items() if reason}
    return max(held_back, key=lambda reason: held_back[reason], default="")
