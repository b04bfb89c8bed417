"""Batches of cases: made, joined until the submission is handed in, left with a reason, listed and looked at."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select, update

from casework.councils.bodies import assign_council, council_of_case, office_key, own_council
from casework.ledger import LoadedCase, case_row, load_cases
from casework.office.data_rights import clean_line
from casework.office.people import CITY_OFFICE, Actor, require_visible
from correspondence.grid_lines import in_line
from correspondence.joint.annex_rows import OWN_VALUES
from correspondence.joint.shares import open_batch_of
from correspondence.letter_rights import UNSENT
from models.clock import Clock
from models.errors import CoopcaseError, InputErrors, NotFound, Refused, WrongInput
from models.tables import batch_cases, batch_steps, case_rows, dissolution_batches, letter_rows
from models.typed_rows import all_rows, first_row
from models.typed_rows.council_shapes import BatchCaseRow, BatchStepRow, DissolutionBatchRow
from models.typed_rows.letter_shapes import LetterRow
from procedures.councils import batch_rules
from procedures.facts import Choice
from procedures.former_names import letter_name
from procedures.state_machine.engine import available, why_not
from rulebook.office_calendar import office_of
from templates.words import both, say

EDITORS = frozenset({"case_officer", "manager"})
MOST = 200  # cases in one batch
NAMED = 3  # cases that the history names where lines of an annex are changed
_B, _C, _S = dissolution_batches.c, batch_cases.c, batch_steps.c


class ListedBatch(DissolutionBatchRow):
    """A batch with how many cases are in it, and how many of those are closed."""

    cases: int
    closed: int


@dataclass(frozen=True, slots=True)
class CaseInBatch:
    """A case of a batch as it is now; `loaded`: none of one that left."""

    row: BatchCaseRow
    ref: str
    unit_name: str
    state: str
    closed: bool
    loaded: LoadedCase | None = None


@dataclass(frozen=True, slots=True)
class CommonAct:
    """An act that is open on several cases of a batch, and on which."""

    choice: Choice
    refs: tuple[str, ...]


def create_batch(connection: Connection, name: str, council: int | None, *, by: Actor, clock: Clock) -> int:
    """Make a batch of the person's office; returns its number. Raises Refused, WrongInput, NotFound."""
    _require_editor(by)
    line = clean_line("name", name, both("batches.name"))
    office = office_key(by)
    if connection.scalar(select(_B.id).where(_B.office == office, _B.name == line)) is not None:
        raise WrongInput("name", "dissolution_batch_name_taken", name=line)
    if council is not None:
        _require_own_council(connection, council, office, by)
    made = {"office": office, "name": line, "council_id": council, "recorded_by": by.login, "recorded_at": clock.now()}
    number = int(connection.execute(dissolution_batches.insert().values(**made).returning(_B.id)).scalar_one())
    record_step(connection, number, "created", by, clock.now(), 0)
    return number


def own_batch(connection: Connection, number: int, person: Actor) -> DissolutionBatchRow:
    """A batch of the person's office; the city sees every one. Raises NotFound."""
    row = first_row(DissolutionBatchRow, connection.execute(select(dissolution_batches).where(_B.id == number)))
    if row is None or (person.district is not None and row["office"] != person.district):
        raise NotFound("no_such_dissolution_batch", batch=number)
    return row


def batch_of_case(connection: Connection, case_id: int) -> DissolutionBatchRow | None:
    """The batch that a case is in."""
    number = open_batch_of(connection, case_id)
    if number is None:
        return None
    return first_row(DissolutionBatchRow, connection.execute(select(dissolution_batches).where(_B.id == number)))


def listed_batches(connection: Connection, person: Actor) -> list[ListedBatch]:
    """The batches that a person may see, the latest first."""
    mine = (_C.batch_id == _B.id, _C.left_at.is_(None))
    inside = select(func.count()).select_from(batch_cases.join(case_rows, case_rows.c.id == _C.case_id)).where(*mine)
    found = select(
        dissolution_batches,
        inside.scalar_subquery().label("cases"),
        inside.where(case_rows.c.closed_on.is_not(None)).scalar_subquery().label("closed"),
    )
    if person.district is not None:
        found = found.where(_B.office == person.district)
    return all_rows(ListedBatch, connection.execute(found.order_by(_B.id.desc())))


def join_cases(connection: Connection, number: int, refs: Sequence[str], *, by: Actor, clock: Clock) -> int:
    """Let cases join, all or none; returns how many. Raises NotFound, Refused naming the case, WrongInput."""
    _require_editor(by)
    batch = own_batch(connection, number, by)
    wanted = list(dict.fromkeys(refs))
    if not wanted:
        raise WrongInput("cases", "missing_field", label=both("batches.cases"))
    if len(wanted) + len(cases_in(connection, number)) > MOST:
        raise WrongInput("cases", "dissolution_batch_too_large", most=MOST)
    if submission_sent(connection, number):
        raise Refused("dissolution_batch_submitted")
    for ref in sorted(wanted):
        _join(connection, batch, ref, by, clock)
    record_step(connection, number, "joined", by, clock.now(), len(wanted))
    return len(wanted)


def _join(connection: Connection, batch: DissolutionBatchRow, ref: str, by: Actor, clock: Clock) -> None:
    row = case_row(connection, ref, lock=True)
    require_visible(by, row["district_code"], ref)
    if (office_of(row) or CITY_OFFICE) != batch["office"]:
        raise Refused("batch_of_other_office", ref=ref)
    if row["state"] not in batch_rules().joins:
        raise Refused("batch_case_elsewhere", ref=ref, steps=", ".join(batch_rules().joins))
    other = open_batch_of(connection, row["id"])
    if other is not None:
        raise Refused("batch_case_taken", ref=ref, batch=other)
    made = {"batch_id": batch["id"], "case_id": row["id"], "values": {}, "joined_by": by.login, "left_by": ""}
    connection.execute(batch_cases.insert().values(**made, joined_at=clock.now(), left_reason=""))
    if batch["council_id"] is not None and council_of_case(connection, row["id"]) is None:
        assign_council(connection, batch["council_id"], ref, by=by, clock=clock)


def set_council(connection: Connection, number: int, council: int, *, by: Actor, clock: Clock) -> None:
    """Let a council serve the cases of a batch, those that another serves excepted. Raises NotFound, Refused."""
    _require_editor(by)
    batch = own_batch(connection, number, by)
    _require_own_council(connection, council, batch["office"], by)
    connection.execute(update(dissolution_batches).where(_B.id == number).values(council_id=council))
    for case in cases_in(connection, number):
        if not case.closed and council_of_case(connection, case.row["case_id"]) is None:
            assign_council(connection, council, case.ref, by=by, clock=clock)


def _require_own_council(connection: Connection, council: int, office: str, by: Actor) -> None:
    if own_council(connection, council, by)["office"] != office:
        raise NotFound("no_such_council", council=council)


def set_values(
    connection: Connection, number: int, typed: Mapping[str, Mapping[str, str]], *, by: Actor, clock: Clock
) -> int:
    """Record what annexes print of cases in place of the register, by reference and name; empty: the register's.

    Returns in how many cases something changed.

    Raises NotFound, Refused. WrongInput: what is wrong at each cell (`note.VBO-2016-0001`), all at once.
    """
    _require_editor(by)
    own_batch(connection, number, by)
    gathered, changed = InputErrors(), list[str]()
    known = {case.ref: case for case in cases_in(connection, number)}
    for ref, values in typed.items():
        if ref not in known:
            raise NotFound("batch_has_no_case", ref=ref[:40], batch=number)
        with gathered, in_line(ref, "case"):
            before = known[ref].row["values"]
            kept = {name: text for name, text in {**before, **_checked_values(values)}.items() if text}
            if kept != before:
                mine = update(batch_cases).where(_C.id == known[ref].row["id"])
                connection.execute(mine.values({"values": kept}))
                changed.append(ref)
    gathered.raise_if_any()
    if changed:
        record_step(connection, number, "values", by, clock.now(), len(changed), reason=", ".join(changed[:NAMED]))
    return len(changed)


def _checked_values(typed: Mapping[str, str]) -> dict[str, str]:
    gathered, values = InputErrors(), dict[str, str]()
    for name, text in typed.items():
        with gathered:
            if name not in OWN_VALUES:
                raise WrongInput(name[:40], "not_an_option", value=name[:40], options=", ".join(OWN_VALUES))
            values[name] = clean_line(name, text, both(f"batches.value_{name}"), required=False)
    gathered.raise_if_any()
    return values


def mark_left(connection: Connection, case: CaseInBatch, text: str, *, by: Actor, now: datetime) -> None:
    """End a case's time in its batch."""
    left = {"left_by": by.login, "left_at": now, "left_reason": text}
    connection.execute(update(batch_cases).where(_C.id == case.row["id"]).values(**left))
    record_step(connection, case.row["batch_id"], "left", by, now, 1, reason=f"{case.ref}: {text}")


def case_of_batch(connection: Connection, number: int, ref: str) -> CaseInBatch:
    """A case that is in a batch. Raises NotFound."""
    found = next((case for case in cases_in(connection, number) if case.ref == ref), None)
    if found is None:
        raise NotFound("batch_has_no_case", ref=ref, batch=number)
    return found


def cases_in(connection: Connection, number: int, *, left: bool = False, load: bool = False) -> list[CaseInBatch]:
    """The cases of a batch by name, or those that left it; `load`: with their facts folded."""
    named = select(batch_cases, case_rows.c.ref, case_rows.c.unit_name, case_rows.c.state, case_rows.c.closed_on)
    found = named.join(case_rows, case_rows.c.id == _C.case_id).where(
        _C.batch_id == number, _C.left_at.is_not(None) if left else _C.left_at.is_(None)
    )
    rows = connection.execute(found.order_by(case_rows.c.unit_name, case_rows.c.id)).mappings().all()
    loaded = load_cases(connection, [row["case_id"] for row in rows]) if load and rows else {}
    return [_in_batch(dict(row), loaded) for row in rows]


def _in_batch(row: dict[str, Any], loaded: Mapping[int, LoadedCase]) -> CaseInBatch:
    ref, unit, state, closed = (row.pop(name) for name in ("ref", "unit_name", "state", "closed_on"))
    return CaseInBatch(BatchCaseRow(**row), ref, unit, state, closed is not None, loaded.get(row["case_id"]))  # type: ignore[typeddict-item]


def joint_letters(connection: Connection, number: int) -> list[LetterRow]:
    """The joint letters of a batch, without cancelled ones."""
    mine = (letter_rows.c.joint_id == number, letter_rows.c.status != "cancelled")
    return all_rows(LetterRow, connection.execute(select(letter_rows).where(*mine).order_by(letter_rows.c.id)))


def submission_sent(connection: Connection, number: int) -> bool:
    """Whether the submission of a batch is handed in: from then on no case joins."""
    sent = (row["status"] not in UNSENT for row in joint_letters(connection, number) if _is_submission(row))
    return any(sent)


def _is_submission(row: LetterRow) -> bool:
    return letter_name(row["template"]) == "submission_compulsory"


def common_acts(cases: Sequence[CaseInBatch], person: Actor) -> list[CommonAct]:
    """The acts that a person may do now on cases of a batch: those of the step before those of any time, rare ones
    last, and those open on the most cases first."""
    refs: dict[str, list[str]] = {}
    choices: dict[str, Choice] = {}
    for case in cases:
        if case.loaded is None or case.closed:
            continue
        for choice in available(case.loaded.procedure, case.loaded.state, person.doer()):
            if choice.allowed and not choice.prepared:
                refs.setdefault(choice.verb, []).append(case.ref)
                choices.setdefault(choice.verb, choice)
    ordered = sorted(refs, key=lambda verb: (choices[verb].rare, not choices[verb].here, -len(refs[verb])))
    return [CommonAct(choices[verb], tuple(refs[verb])) for verb in ordered]


def open_act(cases: Sequence[CaseInBatch], person: Actor, verb: str) -> CommonAct | None:
    """An act with the cases of a batch on which a person may do it now; None without such a case."""
    free = [
        case for case in cases if case.loaded is not None and not case.closed and _allows(case.loaded, verb, person)
    ]
    first = free[0].loaded if free else None
    if first is None:
        return None
    listed = available(first.procedure, first.state, person.doer())
    return CommonAct(next(one for one in listed if one.verb == verb), tuple(case.ref for case in free))


def _allows(loaded: LoadedCase, verb: str, person: Actor) -> bool:
    known = verb in loaded.procedure.verbs and verb not in loaded.state.prepared
    return known and why_not(loaded.procedure, loaded.state, verb, person.doer()) is None


def by_state(cases: Sequence[CaseInBatch]) -> list[tuple[str, int]]:
    """How many cases are at each step, the most first."""
    return Counter(case.state for case in cases).most_common()


def steps_of(connection: Connection, number: int) -> list[BatchStepRow]:
    """What was done once for cases of a batch, the latest first."""
    found = select(batch_steps).where(_S.batch_id == number).order_by(_S.id.desc())
    return all_rows(BatchStepRow, connection.execute(found))


def record_step(
    connection: Connection,
    number: int,
    kind: str,
    by: Actor,
    now: datetime,
    count: int,
    *,
    verb: str = "",
    letter: int | None = None,
    reason: str = "",
) -> None:
    """Record a step that was taken once for several cases."""
    made = {"batch_id": number, "kind": kind, "verb": verb, "letter_id": letter, "count": count, "reason": reason}
    connection.execute(batch_steps.insert().values(**made, by=by.login, at=now))


def _require_editor(person: Actor) -> None:
    if person.role not in EDITORS:
        raise Refused("dissolution_batch_not_yours")


def naming(ref: str, error: CoopcaseError) -> Refused:
    """The error of one case as a refusal of the whole that names it."""
    return Refused("refused_on_another", ref=ref, why={lang: say(error, lang) for lang in ("vi", "en")})
