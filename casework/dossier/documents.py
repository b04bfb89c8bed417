"""The documents of a case: added with or without an act, described, chosen by acts, struck out with a reason."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, select, update

from casework.case_view import find
from casework.dossier.rights import ADDERS, HEADS, day_of, required_text, seen_case
from casework.evidence_store import keep, media_type_of, plain_name
from casework.office.data_rights import clean_line
from casework.office.people import Actor
from models.clock import HANOI, Clock
from models.errors import InputErrors, NotFound, Refused, WrongInput
from models.letter_links import of_case
from models.tables import (
    case_notes,
    case_rows,
    evidence,
    facts,
    incoming,
    instructions,
    letter_rows,
    services,
    signed_papers,
)
from models.typed_rows import all_rows, first_row
from models.typed_rows.dossier_shapes import DocumentRow
from templates.words import both

KINDS = ("minutes", "letter", "decision", "certificate", "accounts", "list", "photo", "other")
PICTURES = ("image/png", "image/jpeg")
PDF = "application/pdf"
SHORT_ID = 8  # the least digits of a hash by which the command line may name a document
_E = evidence.c
Files = Sequence[tuple[str, bytes]]  # name and content


@dataclass(frozen=True, slots=True)
class Description:
    """What a document is, as it is typed."""

    kind: str = ""
    dated_on: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Added:
    """What became of the files: `new` and `known` are their hashes; known ones were in the case already."""

    new: Sequence[str]
    known: Sequence[str]


def documents_of(connection: Connection, case_id: int, *, struck: bool = True) -> list[DocumentRow]:
    """The documents of a case, the newest first; `struck`: also those that were struck out."""
    found = select(evidence).where(_E.case_id == case_id).order_by(_E.id.desc())
    if not struck:
        found = found.where(_E.struck_at.is_(None))
    return all_rows(DocumentRow, connection.execute(found))


def fresh_documents(connection: Connection, case_id: int, login: str, today: date) -> list[str]:
    """The hashes of what the person put on the case today and no act, letter or note rests on yet, the newest first."""
    listed = [
        row["sha256"]
        for row in documents_of(connection, case_id, struck=False)
        if row["by"] == login and row["added_at"].astimezone(HANOI).date() == today
    ]
    used = used_documents(connection, case_id) if listed else set[str]()
    return [sha for sha in listed if sha not in used]


def choosable_documents(connection: Connection, ref: str, person: Actor) -> list[DocumentRow]:
    """The documents that a form may take instead of a new file; none without a case that this person may see."""
    try:
        return documents_of(connection, find(connection, ref, person)["id"], struck=False) if ref else []
    except NotFound:
        return []


def documents_by_case(
    connection: Connection, refs: Iterable[str], media_types: Iterable[str]
) -> dict[str, list[DocumentRow]]:
    """The documents of several cases that have one of these media types and are not struck out, the newest first."""
    known = select(case_rows.c.id, case_rows.c.ref).where(case_rows.c.ref.in_(set(refs)))
    ref_of = dict(connection.execute(known).tuples().all())
    usable = (_E.case_id.in_(ref_of), _E.struck_at.is_(None), _E.media_type.in_(tuple(media_types)))
    found: dict[str, list[DocumentRow]] = {}
    for row in all_rows(DocumentRow, connection.execute(select(evidence).where(*usable).order_by(_E.id.desc()))):
        found.setdefault(ref_of[row["case_id"]], []).append(row)
    return found


def one_document(connection: Connection, case_id: int, sha: str) -> DocumentRow:
    """Raises NotFound."""
    found = select(evidence).where(_E.case_id == case_id, _E.sha256 == sha)
    row = first_row(DocumentRow, connection.execute(found))
    if row is None:
        raise NotFound("no_such_document")
    return row


def add_documents(
    connection: Connection, ref: str, files: Files, what: Description, *, by: Actor, clock: Clock
) -> Added:
    """Keep files with a case. One that the case has already is not kept twice; it gets the description it lacked.

    Raises:
        NotFound, Refused: the case or the act is not this person's.
        WrongInput: at its fields, all of them; nothing is kept.
    """
    case = seen_case(connection, ref, by, ADDERS, "document_not_yours")
    gathered = InputErrors()
    values = _described(what, clock.today(), gathered)
    with gathered:
        if not files:
            raise WrongInput("evidence", "document_no_file")
    for name, content in files:
        with gathered:
            media_type_of(content, plain_name(name))
    gathered.raise_if_any()
    before = {row["sha256"]: row for row in documents_of(connection, case["id"])}
    now = clock.now()
    kept = list(dict.fromkeys(keep(connection, case["id"], data, name, by=by.login, now=now) for name, data in files))
    for sha in kept:
        known = before.get(sha)
        lacking = {name: value for name, value in values.items() if value and not (known and known[name])}  # type: ignore[literal-required]
        if lacking:
            own = update(evidence).where(_E.case_id == case["id"], _E.sha256 == sha)
            connection.execute(own.values(**lacking))
    return Added([sha for sha in kept if sha not in before], [sha for sha in kept if sha in before])


def chosen_documents(connection: Connection, case_id: int | None, chosen: Iterable[str]) -> list[str]:
    """The hashes of documents of the case that were chosen instead of new files. Raises WrongInput."""
    wanted = list(dict.fromkeys(filter(None, chosen)))
    if not wanted:
        return []
    usable = {row["sha256"] for row in documents_of(connection, case_id, struck=False)} if case_id else set[str]()
    if not usable.issuperset(wanted):
        raise WrongInput("evidence", "document_not_of_case")
    return wanted


def named_documents(connection: Connection, case_id: int, names: Iterable[str]) -> list[str]:
    """Hashes of documents by the beginning of their hash, as the command line lists them. Raises WrongInput."""
    usable = [row["sha256"] for row in documents_of(connection, case_id, struck=False)]
    found: list[str] = []
    for name in names:
        fitting = [sha for sha in usable if len(name) >= SHORT_ID and sha.startswith(name.lower())]
        if len(fitting) != 1:
            raise WrongInput("--document", "document_not_named", value=name[:64])
        found += fitting
    return found


def strike_document(connection: Connection, ref: str, sha: str, reason: str, *, by: Actor, clock: Clock) -> None:
    """Strike out a document that does not belong there; it stays on record and no act can take it any more.

    Raises:
        NotFound, Refused: not this person's, struck out already, or an act, note or answer rests on it.
        WrongInput: no reason.
    """
    case = seen_case(connection, ref, by, ADDERS, "document_not_yours")
    row = one_document(connection, case["id"], sha)
    if not may_strike_document(row, by):
        raise Refused("document_not_yours")
    if row["struck_at"]:
        raise Refused("struck_already")
    if sha in used_documents(connection, case["id"]):
        raise Refused("document_is_used")
    said = required_text("reason", reason, "dossier.reason")
    struck = {"struck_by": by.login, "struck_at": clock.now(), "struck_reason": said}
    connection.execute(update(evidence).where(_E.id == row["id"]).values(**struck))


def may_strike_document(row: DocumentRow, by: Actor) -> bool:
    """The person who added it, and the heads."""
    return by.role in ADDERS and (by.role in HEADS or row["by"] == by.login)


def used_documents(connection: Connection, case_id: int) -> set[str]:
    """The hashes of documents that an act, a signed paper, a service, a note or an answer of the case rests on."""
    letters = select(letter_rows.c.id).where(of_case(case_id))
    wanted = (
        select(facts.c.evidence).where(facts.c.case_id == case_id),
        select(services.c.evidence).where(services.c.letter_id.in_(letters)),
        select(incoming.c.evidence).where(incoming.c.case_id == case_id),
        select(case_notes.c.files).where(case_notes.c.case_id == case_id, case_notes.c.struck_at.is_(None)),
        select(instructions.c.files).where(instructions.c.case_id == case_id),
    )
    signed = select(signed_papers.c.sha256).where(
        signed_papers.c.letter_id.in_(letters), signed_papers.c.status.in_(("entered", "confirmed"))
    )
    found = {sha for statement in wanted for shas in connection.scalars(statement) for sha in shas}
    return found | set(connection.scalars(signed))


def _described(what: Description, today: date, gathered: InputErrors) -> dict[str, Any]:
    values: dict[str, Any] = {"kind": what.kind}
    with gathered:
        if what.kind and what.kind not in KINDS:
            options = ", ".join(KINDS)
            raise WrongInput("kind", "not_an_option", label=both("dossier.kind"), value=what.kind[:40], options=options)
    with gathered:
        values["dated_on"] = _past_day(what.dated_on, today)
    with gathered:
        values["remark"] = clean_line("remark", what.remark, both("dossier.remark"), required=False)
    return values


def _past_day(text: str, today: date) -> date | None:
    day = day_of("dated_on", text, "dossier.dated_on")
    if day is not None and day > today:
        raise WrongInput("dated_on", "date_in_future", label=both("dossier.dated_on"), value=day.strftime("%d/%m/%Y"))
    return day
