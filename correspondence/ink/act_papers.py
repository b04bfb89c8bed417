"""The paper of an act that is on record without one: entered from its scan by one person, confirmed by another.

Such acts were recorded under an earlier version of the procedure, which did not ask for their paper. The paper keeps
the number it bears; it has no place in a number book.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from sqlalchemy import Connection, select

from casework.acts import annul_in, record, verb_label
from casework.evidence_store import keep, media_type_of, plain_name
from casework.ledger import LoadedCase, NewFact, load_case
from casework.office.data_rights import clean_line
from casework.office.people import Actor, require_visible
from correspondence.ink.competence import competent_signer
from correspondence.ink.signed_papers import SCANS, File, scan_given
from correspondence.letter_rights import ENTERERS
from correspondence.signing import require_ours, seat_of
from letters.catalogue import LetterType, letter_type
from letters.typed_text import check_text
from models.clock import Clock
from models.errors import InputErrors, NotFound, Refused, WrongInput
from models.tables import case_rows, facts
from models.typed_rows.case_shapes import CarriedCase
from procedures.facts import FactView
from procedures.former_names import letter_name
from procedures.state_machine.acts_on_paper import entries_to_confirm, paper_of, without_paper
from procedures.state_machine.field_values import one_line
from templates.formats import date_vi
from templates.words import both


@dataclass(frozen=True, slots=True)
class ActPaper:
    """A paper as it is typed. `symbol`: number and symbol; `authority`: empty for the head, KT, TL, TUQ or Q."""

    symbol: str
    signed_on: date | None
    signer: str
    authority: str = ""
    file: File | None = None  # the scan
    document: str = ""  # by hash: a document of the case that is the scan, instead of a file


@dataclass(frozen=True, slots=True)
class EnteredPaper:
    """A paper that waits for a second person: its entry, and the act that it is the paper of."""

    ref: str
    unit_name: str
    entry: FactView
    act: FactView
    label: dict[str, str]

    @property
    def signed_on(self) -> date:
        return date.fromisoformat(self.entry.data["signed_on"])


def enter_act_paper(connection: Connection, ref: str, act: int, paper: ActPaper, person: Actor, *, clock: Clock) -> int:
    """Enter the paper of an act; returns the seq of the entry, which another person confirms.

    Raises:
        NotFound. Refused: not this person's to enter, the act has its paper, or its entry waits already.
        WrongInput: every wrong field at once.
    """
    loaded = _loaded(connection, ref, person)
    fact, kind = _lacking(loaded, act)
    case = _require_may(connection, loaded, kind, person)
    data, scan = _checked(connection, kind, case, loaded.row["id"], paper, clock.today())
    _require_one_day(connection, loaded, kind, data)
    sha = keep(connection, loaded.row["id"], scan[1], scan[0], by=person.login, now=clock.now())
    data |= {"act": fact.seq, "letter": kind.name}
    new = NewFact("paper_entered", clock.today(), clock.now(), person.login, person.role, data, (sha,))
    return record(connection, loaded, new).seq


def confirm_act_paper(connection: Connection, ref: str, entry: int, person: Actor, *, clock: Clock) -> int:
    """Confirm from its scan that a paper is as entered: the act has its paper from then on.

    Raises NotFound; Refused, WrongInput: entered by this person, decided already, the signer is not entitled.
    """
    loaded = _loaded(connection, ref, person)
    found = _entry(loaded, entry)
    kind = letter_type(str(found.data["letter"]))
    case = _require_may(connection, loaded, kind, person)
    if found.by == person.login:
        raise Refused("ink_four_eyes", paper=entry)
    day = date.fromisoformat(found.data["signed_on"])
    competent_signer(connection, kind, case, found.data["signer"], found.data["authority"], day)
    data = {"entered": entry, "act": found.data["act"]}
    new = NewFact("paper_confirmed", clock.today(), clock.now(), person.login, person.role, data)
    return record(connection, loaded, new).seq


def return_act_paper(
    connection: Connection, ref: str, entry: int, person: Actor, remarks: str, *, clock: Clock
) -> None:
    """Undo an entry that is not confirmed: the paper has to be entered again. Raises NotFound, Refused."""
    loaded = _loaded(connection, ref, person)
    kind = letter_type(str(_entry(loaded, entry).data["letter"]))
    _require_may(connection, loaded, kind, person)
    text = check_text(remarks, "remarks").strip()
    if not text:
        raise WrongInput("remarks", "missing_field", label=both("ink.remarks"))
    annul_in(connection, ref, entry, by=person.login, role=person.role, reason=text, on=clock.today(), now=clock.now())


def entered_papers(connection: Connection, person: Actor) -> list[EnteredPaper]:
    """The papers of acts that wait for a second person in the cases that a person may see, by case."""
    if person.role not in ENTERERS:
        return []
    found = select(case_rows.c.ref).join(facts, facts.c.case_id == case_rows.c.id)
    found = found.where(facts.c.kind == "paper_entered").distinct().order_by(case_rows.c.ref)
    if person.district is not None:
        found = found.where(case_rows.c.district_code == person.district)
    cases = (load_case(connection, ref) for ref in connection.scalars(found).all())
    return [item for loaded in cases for item in entered_in(loaded)]


def entered_in(loaded: LoadedCase) -> list[EnteredPaper]:
    """The papers of a case's acts that wait for a second person."""
    by_seq = {fact.seq: fact for fact in loaded.facts}
    listed = ((entry, by_seq[entry.data["act"]]) for entry in entries_to_confirm(loaded.state))
    return [
        EnteredPaper(loaded.row["ref"], loaded.row["unit_name"], entry, act, verb_label(loaded, act.kind))
        for entry, act in listed
    ]


def lacking_act(loaded: LoadedCase, act: int) -> tuple[FactView, LetterType]:
    """An act that lacks its paper, and the letter that its paper is. Raises NotFound, Refused."""
    fact = next((fact for fact in loaded.facts if fact.seq == act), None)
    if fact is None:
        raise NotFound("no_such_fact", seq=act)
    verbs = loaded.procedure.verbs
    found = next((item for item in without_paper(loaded.procedure, loaded.state) if item.seq == act), None)
    spec = paper_of(verbs[found.kind], found.data) if found is not None else None
    if found is None or spec is None:
        raise Refused("act_lacks_no_paper", act=verb_label(loaded, fact.kind), seq=act)
    if found.source:  # of before a take-over: several acts bear the number of its fact
        raise Refused("act_paper_of_take_over", act=verb_label(loaded, found.kind))
    return found, letter_type(letter_name(spec.letter))


def _lacking(loaded: LoadedCase, act: int) -> tuple[FactView, LetterType]:
    if any(item.act.seq == act for item in entered_in(loaded)):
        raise Refused("act_paper_entered", seq=act)
    return lacking_act(loaded, act)


def _loaded(connection: Connection, ref: str, person: Actor) -> LoadedCase:
    loaded = load_case(connection, ref, lock=True)
    require_visible(person, loaded.row["district_code"], ref)
    return loaded


def _entry(loaded: LoadedCase, entry: int) -> FactView:
    found = next((item for item in entries_to_confirm(loaded.state) if item.seq == entry), None)
    if found is not None:
        return found
    if any(fact.seq == entry and fact.kind == "paper_entered" for fact in loaded.facts):
        raise Refused("ink_decided_already", paper=entry)
    raise NotFound("no_such_fact", seq=entry)


def _require_may(connection: Connection, loaded: LoadedCase, kind: LetterType, person: Actor) -> CarriedCase:
    """The case as its signers are looked up. Raises Refused unless the person enters papers where it is signed."""
    row = loaded.row
    known = {"district_code": row["district_code"], "level": row["level"], "case_id": row["id"], "fact_seq": None}
    case = cast(CarriedCase, known)
    if person.role not in ENTERERS:
        raise Refused("ink_not_yours")
    if person.district != seat_of(require_ours(connection, kind, case), case):
        raise Refused("ink_of_another_office")
    return case


def _checked(
    connection: Connection, kind: LetterType, case: CarriedCase, case_id: int, paper: ActPaper, today: date
) -> tuple[dict[str, Any], File]:
    """What the entry says, and its scan. Raises WrongInput at each wrong field."""
    gathered, day, data = InputErrors(), today, dict[str, Any]()
    scan: File = ("", b"")
    with gathered:
        data["symbol"] = clean_line("symbol", paper.symbol, both("earlier.symbol"))
    with gathered:
        day = _day(paper.signed_on, today)
    with gathered:
        scan = _checked_scan(scan_given(connection, case_id, paper.file, paper.document))
    with gathered:
        name = clean_line("signer", paper.signer, both("ink.signer"))
        signer = competent_signer(connection, kind, case, name, paper.authority, day)
        data |= {"signer": signer.name, "authority": signer.authority}
    gathered.raise_if_any()
    return data | {"signed_on": day.isoformat()}, scan


def _day(day: date | None, today: date) -> date:
    if day is None:
        raise WrongInput("signed_on", "missing_field", label=both("ink.signed_on"))
    if day > today:
        raise WrongInput("signed_on", "issue_in_future")
    return day


def _checked_scan(file: File | None) -> File:
    if file is None:
        raise WrongInput("file", "ink_needs_scan")
    name = plain_name(file[0])
    if media_type_of(file[1], name, "file") not in SCANS:
        raise WrongInput("file", "ink_scan_kind", name=name)
    return file


def _require_one_day(connection: Connection, loaded: LoadedCase, kind: LetterType, data: dict[str, Any]) -> None:
    """One paper may be that of several cases, but a number of a year has one day. Raises WrongInput."""
    later = facts.alias()
    found = (
        select(facts.c.data, case_rows.c.ref)
        .join(case_rows, case_rows.c.id == facts.c.case_id)
        .outerjoin(later, (later.c.case_id == facts.c.case_id) & (later.c.annuls == facts.c.seq))
        .where(facts.c.kind == "paper_entered", later.c.id.is_(None))
        .where(case_rows.c.district_code == loaded.row["district_code"])
    )
    for other, ref in connection.execute(found).tuples():
        same = other["letter"] == kind.name and one_line(other["symbol"]) == data["symbol"]
        if same and other["signed_on"][:4] == data["signed_on"][:4] and other["signed_on"] != data["signed_on"]:
            on = date_vi(date.fromisoformat(other["signed_on"]))
            raise WrongInput("symbol", "act_paper_other_day", symbol=data["symbol"], ref=ref, on=on)
