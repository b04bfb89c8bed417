"""Versions of the procedure: which are known, what one would do to the open cases, and its way into force."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import Connection

from casework.case_view import officer_names
from casework.upkeep.open_cases import count_elsewhere
from models.database import reading, writing
from models.errors import Conflict, CoopcaseError, NotFound, Refused, WrongInput
from models.typed_rows.office_shapes import VersionRow
from procedures.definition.difference import differences
from procedures.definition.loader import ProcedureBroken
from rule_changes import version_proposals
from rule_changes.golden_replay import replay
from rule_changes.version_impact import Change, preview
from rulebook.version_sync import differing
from rulebook.versions import Versions
from templates.words import t
from web.access import may_open
from web.background_previews import LongLooks
from web.cases.case_pages import attachment
from web.office.version_view import change_shown, differences_shown, replayed_shown
from web.rendering import error_text, page, status_of
from web.request_context import Here, Sent, Typed, Visit, scanned

router = APIRouter()
LONGEST_FILE = 1_000_000  # bytes
LOOKED_AT_ONCE = 2_000  # cases; more are looked through beside the page, about a second for every two thousand


@router.get("/office/versions")
def versions(here: Here) -> Response:
    return _list(here)


@router.post("/office/versions")
def versions_now(here: Here, sent: Sent) -> Response:
    try:
        name, text = _file(sent)
        with writing(here.bind) as connection:
            pin = version_proposals.add(connection, text, name, by=here.person.login, clock=here.clock)
    except ProcedureBroken as broken:
        problems = [t(f"errors.{item.code}", here.lang, **item.params) for item in broken.problems]
        return _list(here, problems=problems, status=422)
    except (WrongInput, Refused) as error:
        return _list(here, error_text(error, here.lang), status=status_of(error))
    return RedirectResponse(f"/office/versions/{pin}", 303)


@router.get("/office/versions/{pin}")
def version(here: Here, pin: str, case: str = "", replayed: bool = False, done: str = "") -> Response:
    return _one(here, pin, case=case[:40], replayed=replayed, done=done)


@router.get("/office/versions/{pin}/file")
def version_file(here: Here, pin: str) -> Response:
    with reading(here.bind) as connection:
        text = version_proposals.text_of(connection, pin)
    return attachment(text.encode(), f"{pin}.yaml", "application/yaml")


@router.post("/office/versions/{pin}/{act}")
def version_now(here: Here, sent: Sent, pin: str, act: str) -> Response:
    if act not in ACTS:
        raise NotFound("no_such_page")
    try:
        ACTS[act](here, sent, pin)
    except (WrongInput, Refused, Conflict) as error:
        typed = {name: sent.text(name) for name in ("note", "reason")}
        return _one(here, pin, case=sent.text("case"), error=error, typed=typed)
    return RedirectResponse(f"/office/versions/{pin}" + ("" if act == "look" else f"?done={act}"), 303)


def _looks(here: Visit) -> LongLooks:
    found: LongLooks = here.request.app.state.looks
    return found


def _look(here: Visit, _sent: Typed, pin: str) -> None:
    with reading(here.bind) as connection:
        version_proposals.version(connection, pin)
    _looks(here).begin(here.bind, pin, here.clock)


def _propose(here: Visit, sent: Typed, pin: str) -> None:
    with writing(here.bind) as connection:
        version_proposals.propose(connection, pin, by=here.person.login, note=sent.text("note"), clock=here.clock)


def _withdraw(here: Visit, _sent: Typed, pin: str) -> None:
    with writing(here.bind) as connection:
        version_proposals.withdraw(connection, pin, by=here.person.login, clock=here.clock)


def _return(here: Visit, sent: Typed, pin: str) -> None:
    with writing(here.bind) as connection:
        version_proposals.send_back(connection, pin, by=here.person.login, reason=sent.text("reason"), clock=here.clock)


def _approve(here: Visit, sent: Typed, pin: str) -> None:
    version_proposals.approve(here.bind, pin, by=here.person.login, seen=_seen(sent), clock=here.clock)
    _looks(here).forget()


def _move(here: Visit, sent: Typed, pin: str) -> None:
    with reading(here.bind) as connection:
        if Versions(connection).in_force.pin != pin:
            raise NotFound("no_such_page")
    refs = [sent.text("case")] if sent.text("case") else []
    version_proposals.move_remaining(here.bind, by=here.person.login, seen=_seen(sent), clock=here.clock, refs=refs)
    _looks(here).forget()


ACTS = {
    "look": _look,
    "propose": _propose,
    "withdraw": _withdraw,
    "return": _return,
    "approve": _approve,
    "move": _move,
}


def _seen(sent: Typed) -> str:
    """The mark under the tick. Raises WrongInput when it was not ticked."""
    if not sent.text("seen"):
        raise WrongInput("seen", "tick_what_was_seen")
    return sent.text("seen")


def _file(sent: Typed) -> tuple[str, str]:
    found = scanned(sent.files("file"))
    if not found:
        raise WrongInput("file", "procedure_no_file")
    name, content = found[0]
    if len(content) > LONGEST_FILE:
        raise WrongInput("file", "procedure_file_long", limit=LONGEST_FILE // 1000)
    try:
        return name, content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise WrongInput("file", "procedure_not_text") from None


def _list(here: Visit, message: str = "", problems: Iterable[str] = (), status: int = 200) -> Response:
    with reading(here.bind) as connection:
        rows = version_proposals.versions(connection)
        names = _names(connection, rows)
        unlike = differing(connection)
    return page(
        here, "office/versions.html", status=status, rows=rows, names=names, message=message, problems=list(problems),
        may=version_proposals.may_propose(here.person), differing=unlike,
    )  # fmt: skip


def _one(
    here: Visit,
    pin: str,
    *,
    case: str = "",
    error: CoopcaseError | None = None,
    typed: Mapping[str, str] | None = None,
    replayed: bool = False,
    done: str = "",
) -> Response:
    with reading(here.bind) as connection:
        row, known = version_proposals.version(connection, pin), Versions(connection)
        new, own = known.of(pin), known.in_force
        many = 0 if case else count_elsewhere(connection, pin)
        look = _looks(here).of(pin) if many > LOOKED_AT_ONCE else None
        change = look.change if look else None
        if many <= LOOKED_AT_ONCE:
            change = preview(connection, new, here.today, [case] if case else [])
        content: dict[str, Any] = {
            "may": _may(here, row, change), "many": many, "long_look": look,
            "may_look": may_open("version_now", here.person.role, here.person.district),
            "names": _names(connection, [row]), "own": own.pin,
            "change": change_shown(change, here.lang) if change else None,
            "differences": [] if own.pin == pin else differences_shown(differences(own, new), here.lang),
            "replayed": replayed_shown(replay(connection, new), here.lang) if replayed else None,
        }  # fmt: skip
    return page(
        here, "office/version.html", status=status_of(error), row=row, history=_history(row),
        message=error_text(error, here.lang) if error else "", typed=typed or {}, case=case,
        done=done if done in ACTS and done != "look" else "", **content,
    )  # fmt: skip


def _may(here: Visit, row: VersionRow, change: Change | None) -> frozenset[str]:
    """What this person may do with the version now; what nobody has looked at is not approved."""
    found, status = set[str](), row["status"]
    if version_proposals.may_propose(here.person):
        found |= (
            {"propose"} if status in version_proposals.UNDECIDED else {"withdraw"} if status == "proposed" else set()
        )
    if version_proposals.may_decide(here.person, row):
        found |= {"return"} if status == "proposed" else set()
        found |= {"approve"} if status == "proposed" and change else set()
        found |= {"move"} if status == "in_force" and change and change.cases else set()
    return frozenset(found)


def _names(connection: Connection, rows: Iterable[VersionRow]) -> Mapping[str, str]:
    logins = {login for row in rows for login in (row["added_by"], row["proposed_by"], row["decided_by"]) if login}
    logins |= {item["by"] for row in rows for item in row["history"]}
    return officer_names(connection, sorted(logins))


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """What was done with a version; `act` a code of `procedure.act_`."""

    act: str
    by: str
    at: datetime
    text: str


def _history(row: VersionRow) -> list[HistoryEntry]:
    return [
        HistoryEntry(item["act"], item["by"], datetime.fromisoformat(item["at"]), item.get("text", ""))
        for item in reversed(row["history"])
    ]
