"""Which cases one letter type can be written to at once, and why the others cannot."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any, TypedDict

from sqlalchemy import Connection, func, select

from casework.acts import verb_label
from casework.ledger import LoadedCase, load_cases
from casework.lists.worklist import Filter, matching
from casework.office.people import Actor
from correspondence.composing import Composer, unfit
from correspondence.drafts import common_needs_of, require_drafter, typed_fields
from correspondence.letter_data import facts_by_verb, way_of
from correspondence.prepared_acts import acts_instead
from correspondence.reply_days import proposed_days
from correspondence.signing import seat_of, signing_body
from letters.catalogue import LetterType, TemplateError, letter_types
from letters.field_sources import from_facts
from letters.issuing_bodies import bodies
from models.errors import Refused, WrongInput
from models.folding import fold
from models.letter_links import with_cases
from models.tables import case_rows, letter_cases, letter_rows, officers, units
from models.typed_rows import all_rows
from models.typed_rows.case_shapes import CarriedCase
from procedures.former_names import all_names
from rulebook.versions import Versions
from templates.words import LANGUAGES

MOST = 2_000  # cases in one batch
LIVE = ("draft", "returned", "submitted", "approved")
OUT = ("issued", "undelivered", "served", "published")
REASONS = ("not_in_sight", "closed", "other_office", "has_live", "of_act", "missing", "does_not_fit")
_ROW = (
    case_rows.c.id, case_rows.c.ref, case_rows.c.unit_name, case_rows.c.district_code, case_rows.c.level,
    case_rows.c.closed_on, case_rows.c.procedure, case_rows.c.state, officers.c.name.label("officer_name"),
    units.c.commune, units.c.commune_code,
)  # fmt: skip


class ChosenCase(TypedDict):
    """_ROW of a case; of a reference that the person may not see, all but `ref` is empty and `id` 0."""

    id: int
    ref: str
    unit_name: str
    district_code: str
    level: str
    closed_on: date | None
    procedure: str
    state: str
    officer_name: str | None
    commune: str
    commune_code: str | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """The requested cases: those of a filter of the worklist, or those named by `refs`."""

    filter: Filter = field(default_factory=Filter)
    refs: tuple[str, ...] = ()

    def document(self) -> dict[str, Any]:
        """The request as JSON, stored with the batch; empty parts are left out."""
        kept = {name: value for name, value in asdict(self.filter).items() if value not in (None, (), False)}
        if self.filter.falls:
            kept["falls"] = [day.isoformat() for day in self.filter.falls]
        return {**kept, **({"refs": list(self.refs)} if self.refs else {})}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A case with why no letter can be written to it, or with what is written into the letter."""

    row: ChosenCase
    reason: str = ""  # one of REASONS; nothing: eligible
    what: Mapping[str, str] | str = ""  # the missing fields, or what the template says
    said: Mapping[str, Any] = field(default_factory=dict)  # the fields as the letter will print them
    missing: tuple[str, ...] = ()
    unverified: tuple[str, ...] = ()
    earlier: date | None = None  # when a letter of this type last went out
    verbs: tuple[str, ...] = ()  # the acts to be done in place of drafting
    draft: int | None = None  # the draft that an act of the case has made already, taken into the batch


@dataclass(frozen=True, slots=True)
class Selection:
    """The cases looked at, in the order in which their letters will be numbered."""

    kind: LetterType
    common: Mapping[str, Any]
    candidates: tuple[Candidate, ...]
    given: Mapping[str, int]  # by field: number of cases whose facts give it

    @property
    def eligible(self) -> tuple[Candidate, ...]:
        return tuple(item for item in self.candidates if not item.reason)

    @property
    def counts(self) -> dict[str, int]:
        """How many cases have each reason; the empty reason: eligible."""
        found = Counter(item.reason for item in self.candidates)
        return {name: found[name] for name in ("", *REASONS) if found[name]}


def types_for(person: Actor) -> list[LetterType]:
    """The letter types that the person's office writes itself, in the order of the catalogue."""
    found = [
        kind for kind in letter_types().values() if not (kind.incoming or kind.lists_cases) and _ours(kind, person)
    ]
    return sorted(found, key=lambda kind: (kind.document, kind.name))


def _ours(kind: LetterType, person: Actor) -> bool:
    place = person.district or ""
    bodies_of = {signing_body(kind, level): level for level in ("city", "district")}
    seats = [
        seat_of(body, {"level": level, "district_code": place})
        for body, level in bodies_of.items()
        if bodies()[body].is_ours
    ]
    return person.district in seats


def choose(
    connection: Connection,
    wanted: Wanted,
    kind: LetterType,
    data: Mapping[str, Any],
    person: Actor,
    today: date,
    *,
    lock: bool = False,
) -> Selection:
    """Look at every case that is wanted; `data` are the fields typed once for all.

    Fields not typed come from the facts of each case. `lock` holds the cases until the transaction ends.

    Raises:
        Refused: drafting is not this person's. WrongInput: a field, or more cases than a batch holds.
    """
    require_drafter(person)
    typed = typed_fields(common_needs_of(kind), data, today).items()
    proposed = proposed_days(connection, Versions(connection).in_force, kind, person.district, today)
    common = {**proposed, **{name: value for name, value in typed if value not in (None, "")}}
    rows = _rows(connection, wanted, person, today)
    loaded = load_cases(connection, [row["id"] for row in rows if row["closed_on"] is None], lock=lock)
    looking = _Looking(connection, kind, common, person, today, [row["id"] for row in rows])
    found = [looking.at(row, loaded.get(row["id"])) for row in rows]
    return Selection(kind, common, (*found, *_unseen(rows, wanted)), looking.given)


def _rows(connection: Connection, wanted: Wanted, person: Actor, today: date) -> list[ChosenCase]:
    """In the order of communes and names, as letters are handed out."""
    found = (
        select(*_ROW)
        .outerjoin(officers, officers.c.id == case_rows.c.officer_id)
        .join(units, units.c.id == case_rows.c.unit_id)
        .where(case_rows.c.id.in_(_ids(wanted, person, today)))
        .limit(MOST + 1)
    )
    rows = all_rows(ChosenCase, connection.execute(found))
    if len(rows) > MOST:
        raise WrongInput("filter", "batch_too_large", limit=MOST)
    return sorted(rows, key=_place)


def _place(row: ChosenCase) -> tuple[str, ...]:
    return row["district_code"], fold(row["commune"]), fold(row["unit_name"]), row["ref"]


def _ids(wanted: Wanted, person: Actor, today: date) -> Any:
    if not wanted.refs:
        return matching(replace(wanted.filter, district=person.district or wanted.filter.district), today)
    named = select(case_rows.c.id).where(case_rows.c.ref.in_(wanted.refs))
    return named if person.district is None else named.where(case_rows.c.district_code == person.district)


def _unseen(rows: Sequence[ChosenCase], wanted: Wanted) -> Iterable[Candidate]:
    known = {row["ref"] for row in rows}
    for ref in wanted.refs:
        if ref not in known:
            unseen: ChosenCase = {
                "id": 0, "ref": ref, "unit_name": "", "district_code": "", "level": "", "closed_on": None,
                "procedure": "", "state": "", "officer_name": "", "commune": "", "commune_code": "",
            }  # fmt: skip
            yield Candidate(unseen, "not_in_sight")


class _Looking:
    """One letter type held against one case after the other."""

    def __init__(
        self,
        connection: Connection,
        kind: LetterType,
        common: Mapping[str, Any],
        person: Actor,
        today: date,
        case_ids: Sequence[int],
    ) -> None:
        self.kind, self.common, self.person = kind, common, person
        self.given: Counter[str] = Counter()
        self._composer = Composer(connection, today)
        templates = all_names(Versions(connection).adopted, "letters", [kind.name])
        self._live, self._earlier = _letters_of(connection, templates, case_ids)
        self._drafts = _drafts_of_acts(connection, templates, case_ids)

    def at(self, row: ChosenCase, loaded: LoadedCase | None) -> Candidate:
        earlier = self._earlier.get(row["id"])
        if loaded is None:
            return Candidate(row, "closed", earlier=earlier)
        key = signing_body(self.kind, row["level"], way_of(loaded.facts))
        carried: CarriedCase = {"level": row["level"], "district_code": row["district_code"]}
        if not bodies()[key].is_ours or seat_of(key, carried) != self.person.district:
            return Candidate(row, "other_office", earlier=earlier)
        draft, fact_seq = self._drafts.get(row["id"], (None, None))
        if row["id"] in self._live and draft is None:
            return Candidate(row, "has_live", earlier=earlier)
        verbs = acts_instead(loaded, self.kind.name) if draft is None else ()
        if verbs:
            return Candidate(row, "of_act", _labels(loaded, verbs), earlier=earlier, verbs=verbs)
        return replace(self._composed(row, loaded, fact_seq), earlier=earlier, draft=draft)

    def _composed(self, row: ChosenCase, loaded: LoadedCase, fact_seq: int | None) -> Candidate:
        own = said(self.kind, loaded, fact_seq, {})
        self.given.update(own.keys())
        try:
            letter = self._composer.letter(loaded, self.kind, fact_seq, self.common)
        except (TemplateError, Refused) as error:
            return Candidate(row, "does_not_fit", unfit(error))
        if letter.missing:
            names = {lang: ", ".join(item.label[lang] for item in letter.missing) for lang in ("vi", "en")}
            return Candidate(row, "missing", names, missing=tuple(item.name for item in letter.missing))
        return Candidate(row, said={**own, **self.common}, unverified=tuple(item.key for item in letter.unverified))


def _labels(loaded: LoadedCase, verbs: Sequence[str]) -> dict[str, str]:
    return {lang: "; ".join(verb_label(loaded, verb)[lang] for verb in verbs) for lang in LANGUAGES}


def said(kind: LetterType, loaded: LoadedCase, fact_seq: int | None, extra: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a letter that have a value: typed for it, else from the facts of its case."""
    facts = facts_by_verb(loaded, fact_seq)
    values = {name: extra.get(name) or from_facts(facts, item.from_) for name, item in kind.fields.items()}
    return {name: value for name, value in values.items() if value not in (None, "", [])}


def _letters_of(
    connection: Connection, templates: Collection[str], case_ids: Sequence[int]
) -> tuple[frozenset[int], dict[int, date]]:
    """Cases with a live letter of a type, and when one last went out."""
    columns = letter_rows.c
    case_id = letter_cases.c.case_id
    own = case_id.in_(case_ids), columns.template.in_(templates)
    live = with_cases(select(case_id).select_from(letter_rows)).where(*own, columns.status.in_(LIVE))
    out = with_cases(select(case_id, func.max(columns.issued_on)).select_from(letter_rows))
    out = out.where(*own, columns.status.in_(OUT)).group_by(case_id)
    return frozenset(connection.scalars(live)), dict(connection.execute(out).tuples().all())


def _drafts_of_acts(
    connection: Connection, templates: Collection[str], case_ids: Sequence[int]
) -> dict[int, tuple[int | None, int | None]]:
    """The one live letter of a type of each case, where it is the untouched draft of an act: its id and the fact."""
    columns = letter_rows.c
    found = select(columns.case_id, columns.id, columns.fact_seq, columns.status, columns.batch_id).where(
        columns.case_id.in_(case_ids), columns.template.in_(templates), columns.status.in_(LIVE),
        columns.joint_id.is_(None),
    )  # fmt: skip
    live: dict[int, list[Any]] = {}
    for row in connection.execute(found):
        live.setdefault(row.case_id, []).append(row)
    return {
        case: (rows[0].id, rows[0].fact_seq)
        for case, rows in live.items()
        if len(rows) == 1 and rows[0].status == "draft" and rows[0].batch_id is None and rows[0].fact_seq is not None
    }


def require_ours(kind: LetterType, person: Actor) -> None:
    """Raises Refused for a letter type that another office writes."""
    if kind.incoming or not _ours(kind, person):
        raise Refused("batch_type_not_ours", title=dict(kind.title))
