"""Papers that an office issued before it used the software: a list of their own, never in the sequence of a book."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Select, func, select
from sqlalchemy.dialects import postgresql, sqlite

from casework.evidence_store import media_type_of, plain_name
from casework.ledger import case_row
from casework.office.data_rights import clean_line
from casework.office.people import Actor, require_visible
from correspondence.letter_files import keep_bytes, read_bytes
from letters.catalogue import letter_types
from models.clock import Clock
from models.database import is_sqlite
from models.errors import InputErrors, NotFound, Refused, WrongInput
from models.search_query import found_by
from models.tables import case_rows, earlier_paper_cases, earlier_papers
from models.typed_rows import all_rows, first_row
from models.typed_rows.paper_shapes import EarlierPaperRow
from templates.words import both

MAY_RECORD = frozenset({"clerk", "case_officer", "manager"})
TEXTS = ("body", "symbol", "summary", "signer")
_E = earlier_papers.c


@dataclass(frozen=True, slots=True)
class EarlierPaper:
    """A paper as it is typed: issuer, number and symbol, day, summary; `refs` the cases it is about."""

    body: str
    symbol: str
    issued_on: date | None
    summary: str
    signer: str = ""
    template: str = ""  # the letter type it corresponds to
    refs: Sequence[str] = ()
    file: tuple[str, bytes] | None = None  # name and content of its scan


class ListedPaper(EarlierPaperRow):
    """A line of the list with its cases."""

    refs: list[tuple[str, str]]  # reference and name of the unit


def record_earlier(connection: Connection, paper: EarlierPaper, *, by: Actor, clock: Clock) -> int:
    """Record a paper on the list of the person's office; returns its number there.

    Raises:
        Refused: not this person's to record.
        NotFound: a case that there is not.
        WrongInput: a wrong field; the paper is on the list already (`paper` of the error's parameters is its number).
    """
    if by.role not in MAY_RECORD:
        raise Refused("earlier_not_yours")
    values = _checked(paper, clock.today())
    cases = [_case(connection, by, ref) for ref in dict.fromkeys(paper.refs)]
    values |= {"office": by.office, "recorded_by": by.login, "recorded_at": clock.now()}
    module = sqlite if is_sqlite(connection) else postgresql
    statement = module.insert(earlier_papers).values(values).on_conflict_do_nothing().returning(_E.id)
    made = connection.execute(statement).scalar_one_or_none()
    if made is None:
        raise WrongInput("symbol", "earlier_known", symbol=values["symbol"], paper=_known(connection, values))
    _tie(connection, made, cases)
    return int(made)


def tie_earlier(connection: Connection, number: int, ref: str, *, by: Actor) -> None:
    """Record that a paper is about a case too. Raises NotFound, Refused."""
    if by.role not in MAY_RECORD:
        raise Refused("earlier_not_yours")
    _one(connection, number, by)
    _tie(connection, number, [_case(connection, by, ref)])


def earlier(
    connection: Connection, person: Actor, *, search: str = "", limit: int = 500, offset: int = 0
) -> list[ListedPaper]:
    """The papers on the list of the person's office, the latest day first; the city sees all."""
    found = _found(select(earlier_papers), person, search).order_by(_E.issued_on.desc(), _E.id.desc())
    return _with_cases(connection, all_rows(EarlierPaperRow, connection.execute(found.limit(limit).offset(offset))))


def earlier_count(connection: Connection, person: Actor, search: str = "") -> int:
    return connection.scalar(_found(select(func.count()).select_from(earlier_papers), person, search)) or 0


def earlier_of(connection: Connection, case_id: int) -> list[EarlierPaperRow]:
    """The papers from before the software that are about a case, in the order of their days."""
    links = earlier_paper_cases.c
    about = _E.id.in_(select(links.paper_id).where(links.case_id == case_id))
    found = select(earlier_papers).where(about).order_by(_E.issued_on, _E.id)
    return all_rows(EarlierPaperRow, connection.execute(found))


def earlier_file(connection: Connection, number: int, person: Actor) -> tuple[bytes, str, str]:
    """(content, name, media type) of a paper's scan. Raises NotFound."""
    row = _one(connection, number, person)
    if not row["sha256"]:
        raise NotFound("no_such_earlier", number=number)
    return read_bytes(row["sha256"]), row["name"], row["media_type"]


def _one(connection: Connection, number: int, person: Actor) -> EarlierPaperRow:
    own = _found(select(earlier_papers), person, "").where(_E.id == number)
    row = first_row(EarlierPaperRow, connection.execute(own))
    if row is None:
        raise NotFound("no_such_earlier", number=number)
    return row


def _found(found: Select[Any], person: Actor, search: str) -> Select[Any]:
    if person.district is not None:
        found = found.where(_E.office == person.district)
    if search:
        found = found.where(_E.id.in_(found_by("earlier", search)))
    return found


def _with_cases(connection: Connection, rows: Sequence[EarlierPaperRow]) -> list[ListedPaper]:
    links = earlier_paper_cases.c
    found = (
        select(links.paper_id, case_rows.c.ref, case_rows.c.unit_name)
        .join(case_rows, case_rows.c.id == links.case_id)
        .where(links.paper_id.in_([row["id"] for row in rows]))
        .order_by(case_rows.c.ref)
    )
    refs: dict[int, list[tuple[str, str]]] = {}
    for paper, ref, name in connection.execute(found).tuples():
        refs.setdefault(paper, []).append((ref, name))
    return [{**row, "refs": refs.get(row["id"], [])} for row in rows]


def _checked(paper: EarlierPaper, today: date) -> dict[str, Any]:
    """The columns of a paper. Raises WrongInput at its fields, all of them."""
    gathered, values = InputErrors(), dict[str, Any]()
    for name in TEXTS:
        with gathered:
            label = both(f"earlier.{name}")
            values[name] = clean_line(name, getattr(paper, name), label, required=name != "signer")
    with gathered:
        values["issued_on"] = _day(paper.issued_on, today)
    with gathered:
        if paper.template and paper.template not in letter_types():
            raise WrongInput("template", "no_such_letter_type", name=paper.template[:40])
        values["template"] = paper.template
    with gathered:
        values |= _kept(paper.file)
    gathered.raise_if_any()
    return values


def _day(day: date | None, today: date) -> date:
    if day is None:
        raise WrongInput("issued_on", "missing_field", label=both("earlier.issued_on"))
    if day > today:
        raise WrongInput("issued_on", "issue_in_future")
    return day


def _kept(file: tuple[str, bytes] | None) -> dict[str, str]:
    if file is None:
        return dict.fromkeys(("sha256", "name", "media_type"), "")
    name = plain_name(file[0])
    media_type = media_type_of(file[1], name, "file")
    return {"sha256": keep_bytes(file[1]), "name": name, "media_type": media_type}


def _case(connection: Connection, by: Actor, ref: str) -> int:
    row = case_row(connection, ref.strip().upper())
    require_visible(by, row["district_code"], ref)
    return int(row["id"])


def _known(connection: Connection, values: dict[str, Any]) -> int:
    same = [_E[name] == values[name] for name in ("office", "body", "symbol", "issued_on")]
    return int(connection.execute(select(_E.id).where(*same)).scalar_one())


def _tie(connection: Connection, number: int, cases: Sequence[int]) -> None:
    module = sqlite if is_sqlite(connection) else postgresql
    rows = [{"paper_id": number, "case_id": case} for case in cases]
    if rows:
        connection.execute(module.insert(earlier_paper_cases).on_conflict_do_nothing(), rows)
