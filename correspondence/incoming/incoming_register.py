"""The register of incoming documents: numbered by office and year, tied to cases and to the letters they answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypedDict

from sqlalchemy import ColumnElement, Connection, Select, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from casework.dossier.documents import chosen_documents
from casework.evidence_store import keep, media_type_of, plain_name
from casework.ledger import case_row
from casework.office.people import Actor, require_visible
from correspondence.drafts import one_letter
from correspondence.incoming.incoming_steps import kind_of, record
from correspondence.letter_files import keep_bytes, read_bytes
from letters.typed_text import check_text
from models.clock import Clock
from models.database import is_sqlite
from models.errors import CoopcaseError, NotFound, Refused, WrongInput
from models.search_query import found_by, page_found
from models.tables import books, case_rows, facts, incoming, letter_rows
from models.typed_rows import all_rows, first_row, one_row
from models.typed_rows.letter_shapes import IncomingRow

ORDERS, DOWN = ("number", "received", "from", "unit"), "-"  # of the list; the other way round
_OF_CASE = incoming.outerjoin(case_rows, case_rows.c.id == incoming.c.case_id)
MAY_REGISTER = frozenset({"clerk", "case_officer", "manager"})
File = tuple[str, bytes]  # name and content
_NEEDED = {"from_body": {"vi": "Nơi gửi", "en": "From"}, "summary": {"vi": "Trích yếu", "en": "Summary"}}


@dataclass(frozen=True, slots=True)
class Arrival:
    """A document that came in: who wrote it, its own number and date, what it says in short, what it answers."""

    from_body: str
    summary: str
    received_on: date
    symbol: str = ""
    dated_on: date | None = None
    ref: str = ""
    answers_letter: int | None = None
    kind: str = ""
    files: Sequence[File] = ()
    documents: Sequence[str] = ()  # by hash: those of the case that it is, instead of files


class Arrived(IncomingRow):
    """A line of the register with its case and the letter that it answers."""

    ref: str | None
    unit_name: str | None
    template: str | None
    stands: bool  # its fact on the case is not annulled


class Kept(TypedDict):
    """The files of a document: evidence of its case by hash, or its own where it has no case."""

    evidence: list[str]
    files: list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class Registered:
    """A registered document: its id, its number, the fact it recorded on the case, or why none was recorded."""

    id: int
    number: int
    seq: int | None = None
    left: CoopcaseError | None = None


def register_incoming(
    connection: Connection, person: Actor, arrival: Arrival, data: Mapping[str, Any] | None = None, *, clock: Clock
) -> Registered:
    """Give a document the next number of the office's register.

    With `data`, the fields of the step that the document is, that step is done in the same transaction if the person
    may do it now; if not, the document is registered all the same and the reason returned.

    Raises NotFound, Refused, WrongInput.
    """
    if person.role not in MAY_REGISTER:
        raise Refused("registering_not_yours")
    texts = _texts(arrival)
    _check_days(arrival, clock.today())
    ref, template = _place(connection, person, arrival)
    kind_of(connection, arrival.kind, ref)
    if data is not None and not ref:
        raise WrongInput("ref", "incoming_needs_case")
    case_id = int(case_row(connection, ref)["id"]) if ref else None
    office, year = person.office, arrival.received_on.year
    values = {
        **texts, "office": office, "year": year, "number": _next(connection, office, year),
        "dated_on": arrival.dated_on, "received_on": arrival.received_on, "kind": arrival.kind, "part": "",
        "case_id": case_id, "answers_letter_id": arrival.answers_letter, "fact_seq": None,
        **_kept(connection, case_id, arrival.files, person, clock, arrival.documents),
        "recorded_by": person.login, "recorded_at": clock.now(),
    }  # fmt: skip
    made = one_row(IncomingRow, connection.execute(incoming.insert().values(values).returning(incoming)))
    if data is None:
        return Registered(made["id"], made["number"])
    try:
        seq = _record(connection, person, made, ref, template, data, clock)
    except Refused as why:
        return Registered(made["id"], made["number"], left=why)
    return Registered(made["id"], made["number"], seq)


def record_step(
    connection: Connection,
    number: int,
    person: Actor,
    data: Mapping[str, Any],
    *,
    clock: Clock,
    files: Sequence[File] = (),
    documents: Sequence[str] = (),
) -> int:
    """Do the step of the case that a registered document is; returns the fact's seq.

    `files`, `documents`: what its register line lacked, new or by the hash of a document of the case.

    Raises NotFound, WrongInput, Refused: also when it was done already.
    """
    row = one_arrival(connection, number, person)
    if row["ref"] is None:
        raise WrongInput("ref", "incoming_needs_case")
    if row["stands"]:
        raise Refused("incoming_recorded_already", seq=row["fact_seq"])
    if files or documents:
        more = _kept(connection, row["case_id"], files, person, clock, documents)["evidence"]
        row["evidence"] = list(dict.fromkeys([*row["evidence"], *more]))
        connection.execute(update(incoming).where(incoming.c.id == number).values(evidence=row["evidence"]))
    return _record(connection, person, row, row["ref"], row["template"] or "", data, clock)


def tie_to_case(connection: Connection, number: int, person: Actor, ref: str, *, clock: Clock) -> None:
    """Say which case a document belongs to; its files are kept with that case. Raises NotFound, Refused, WrongInput."""
    if person.role not in MAY_REGISTER:
        raise Refused("registering_not_yours")
    row = one_arrival(connection, number, person)
    if row["ref"] is not None:
        raise Refused("incoming_tied_already", ref=row["ref"])
    if not ref:
        raise WrongInput("ref", "missing_field", label={"vi": "Hồ sơ", "en": "Case"})
    case = case_row(connection, ref)
    require_visible(person, case["district_code"], ref)
    files = [(item["name"], read_bytes(item["sha256"])) for item in row["files"]]
    values = {"case_id": case["id"], **_kept(connection, case["id"], files, person, clock)}
    connection.execute(update(incoming).where(incoming.c.id == number).values(**values))


def one_arrival(connection: Connection, number: int, person: Actor) -> Arrived:
    """A line with its case and the letter it answers; `stands`: its fact is not annulled. Raises NotFound."""
    row = first_row(Arrived, connection.execute(_lines(person).where(incoming.c.id == number)))
    if row is None:
        raise NotFound("no_such_arrival", number=number)
    return row


def known_order(asked: str) -> str:
    """The order that an address asks for; empty, newest first, for one that there is not."""
    return asked if asked.removeprefix(DOWN) in ORDERS else ""


def arrivals(
    connection: Connection,
    person: Actor,
    year: int,
    *,
    search: str = "",
    order: str = "",
    limit: int = 500,
    offset: int = 0,
) -> tuple[list[Arrived], int]:
    """A page of the lines of the person's own office for a year, newest first or in an order of ORDERS, and how many
    there are in all."""
    by = _order(order)
    own = [incoming.c.office == person.office, incoming.c.year == year]
    found = select(incoming.c.id).select_from(_OF_CASE).where(*own)
    if search:
        found = found.where(incoming.c.id.in_(found_by("incoming", search)))
        ids, total = page_found(connection, found, by, limit, offset)
    else:
        total = connection.scalar(select(func.count()).select_from(incoming).where(*own)) or 0
        ids = list(connection.scalars(found.order_by(*by).limit(limit).offset(offset)))
    lines = _lines(person).where(incoming.c.id.in_(ids)).order_by(*by)
    return all_rows(Arrived, connection.execute(lines)), total


def _order(asked: str) -> list[ColumnElement[Any]]:
    line, name, down = incoming.c, asked.removeprefix(DOWN), asked.startswith(DOWN)
    columns = {"received": line.received_on, "from": line.from_body, "unit": case_rows.c.unit_sort}
    if name not in columns:
        return [line.number if name == "number" and not down else line.number.desc()]
    column = columns[name]
    return [column.is_(None), column.desc() if down else column, line.number.desc()]


def arrived_file(connection: Connection, number: int, sha: str, person: Actor) -> tuple[bytes, str, str]:
    """(content, name, media type) of a file of a document without a case. Raises NotFound."""
    row = one_arrival(connection, number, person)
    found = next((item for item in row["files"] if item["sha256"] == sha), None)
    if found is None:
        raise NotFound("no_such_arrival", number=number)
    return read_bytes(sha), found["name"], found["media_type"]


def _lines(person: Actor) -> Select[Any]:
    """Lines of the office's register, with their case, letter and fact."""
    annulled = select(facts.c.id).where(facts.c.case_id == incoming.c.case_id, facts.c.annuls == incoming.c.fact_seq)
    stands = incoming.c.fact_seq.is_not(None) & ~annulled.exists()
    joined = _OF_CASE.outerjoin(letter_rows, letter_rows.c.id == incoming.c.answers_letter_id)
    columns = (case_rows.c.ref, case_rows.c.unit_name, letter_rows.c.template, stands.label("stands"))
    return select(incoming, *columns).select_from(joined).where(incoming.c.office == person.office)


def _record(
    connection: Connection,
    person: Actor,
    row: IncomingRow | Arrived,
    ref: str,
    template: str,
    data: Mapping[str, Any],
    clock: Clock,
) -> int:
    seq = record(connection, person, row, ref, template, data, clock=clock)
    kind = kind_of(connection, row["kind"], ref)
    field = kind.parts(template)[0] if kind else ""
    values = {"fact_seq": seq, "part": str(data.get(field, "")) if field else ""}
    connection.execute(update(incoming).where(incoming.c.id == row["id"]).values(**values))
    return seq


def _texts(arrival: Arrival) -> dict[str, str]:
    names = ("from_body", "summary", "symbol")
    texts = {name: " ".join(check_text(getattr(arrival, name), name).split()) for name in names}
    wrong = [WrongInput(name, "missing_field", label=label) for name, label in _NEEDED.items() if not texts[name]]
    if wrong:
        wrong[0].params["also"] = wrong[1:]
        raise wrong[0]
    return texts


def _check_days(arrival: Arrival, today: date) -> None:
    if arrival.received_on > today:
        raise WrongInput("received_on", "arrived_in_future")
    if arrival.dated_on is not None and arrival.dated_on > arrival.received_on:
        raise WrongInput("dated_on", "dated_after_arrival", received=arrival.received_on.strftime("%d/%m/%Y"))


def _place(connection: Connection, person: Actor, arrival: Arrival) -> tuple[str, str]:
    """The case a document belongs to and the kind of letter it answers."""
    if arrival.answers_letter is not None:
        letter = one_letter(connection, arrival.answers_letter, person)
        if letter["issued_on"] is None:
            raise WrongInput("answers", "answers_unissued", letter=letter["id"])
        if arrival.received_on < letter["issued_on"]:
            raise WrongInput("received_on", "answers_before_issue", issued=letter["issued_on"].strftime("%d/%m/%Y"))
        if arrival.ref and arrival.ref != letter["ref"]:
            raise WrongInput("ref", "answers_another_case", ref=letter["ref"])
        return letter["ref"], letter["template"]
    if arrival.ref:
        require_visible(person, case_row(connection, arrival.ref)["district_code"], arrival.ref)
    return arrival.ref, ""


def _kept(
    connection: Connection,
    case_id: int | None,
    files: Sequence[File],
    person: Actor,
    clock: Clock,
    documents: Sequence[str] = (),
) -> Kept:
    """Files of a case are evidence of it; of a document without one, kept with the document. Raises WrongInput."""
    chosen = chosen_documents(connection, case_id, documents)
    if case_id is not None:
        kept = [keep(connection, case_id, data, name, by=person.login, now=clock.now()) for name, data in files]
        return {"evidence": list(dict.fromkeys(chosen + kept)), "files": []}
    listed = [
        {"name": plain_name(name), "media_type": media_type_of(data, plain_name(name)), "sha256": keep_bytes(data)}
        for name, data in files
    ]
    return {"evidence": [], "files": listed}


def _next(connection: Connection, office: str, year: int) -> int:
    module = sqlite if is_sqlite(connection) else postgresql
    counter = module.insert(books).values(issuer=office, series="incoming", year=year, last=1)
    counter = counter.on_conflict_do_update(
        index_elements=["issuer", "series", "year"], set_={"last": books.c.last + 1}
    )
    return int(connection.execute(counter.returning(books.c.last)).scalar_one())
