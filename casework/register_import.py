"""A register file comes in: a look at what it would do, then all of it in one transaction, cases included."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError

from casework.office.communes import CommuneBook
from casework.office.heading_words import words_of_office
from casework.office.people import actor
from casework.staged_import import (
    PLACED,
    Mark,
    Overtaken,
    Stage,
    StagedImport,
    changed_unit,
    claim,
    units_with_case,
    write,
    write_words_after,
)
from casework.unit_rows import as_compared, codes_by_name, district_names, whole_register
from letters.typed_text import shown, unprintable
from models.clock import Clock
from models.database import apart, reading, refresh_statistics, writing_on
from models.errors import Refused, WrongInput
from models.folding import fold
from models.office_clock import clock_of
from models.tables import import_runs
from models.tracking import Track, silent
from models.typed_rows.case_shapes import RegisterRow
from procedures.facts import CLOCK
from register.collector import paused_collector
from register.communes import CommuneIndex
from register.findings import Finding, Severity
from register.flags import flags_of, is_exempt
from register.gate import UNDECIDED, Decision, Plan, compare
from register.kept_readings import digest_of, forget, reading_of
from register.rows import UnitRow, UnitValues

PRINTED = (  # what letters say of a unit
    "name", "address", "commune", "certificate_number", "certificate_issuer", "tax_code", "representative", "phone",
)  # fmt: skip
_MANY = 500  # cases with which SQLite chooses its indexes by other statistics
_TRIES = 2  # made ready again when others changed the register meanwhile, then before all others
Decisions = Mapping[tuple[str, int], Decision]
MAY_IMPORT = frozenset({"manager", "admin", "case_officer", CLOCK})


@dataclass(frozen=True, slots=True)
class Result:
    """What an import did, and what it left: the plan that was carried out, the references of the cases that it opened,
    and for the other units that came in or changed how many have no case for which reason (`register.no_case.*`)."""

    plan: Plan
    cases: tuple[str, ...]
    no_case: Mapping[str, int]

    def counts(self) -> dict[str, int]:
        return self.plan.counts()


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file would do, how many cases it would open, and why the other units get none."""

    plan: Plan
    cases: int
    no_case: Mapping[str, int]


def preview(
    bind: Engine, data: bytes, name: str, *, by: str, clock: Clock | None = None, decisions: Decisions = UNDECIDED
) -> Preview:
    """What the file would do; nothing is changed. `decisions`: what the person says of rows that wait.

    Raises:
        WrongInput: the file cannot be read, or a decision is about a row that does not wait for it.
        Refused: the person may not import.
    """
    with reading(bind) as connection:
        today = (clock or clock_of(connection)).today()
        district, known = _importer(connection, by), whole_register(connection)
        plan = _plan(connection, known, data, name, district, today, decisions)
        reasons = Counter(_expected(connection, plan, today))
        return Preview(plan, reasons.pop("", 0), dict(reasons))


@paused_collector()
def commit(
    bind: Engine, data: bytes, name: str, *, by: str, clock: Clock, track: Track = silent,
    decisions: Decisions = UNDECIDED,
) -> Result:  # fmt: skip
    """Take the accepted rows in, all or none, and open a case for every flagged unit without an open one.

    Other people work on meanwhile: everything is made ready first, and written in a short transaction unless what it
    was made from was changed; then it is made anew. Raises WrongInput and Refused as `preview`.
    """
    asked = _Asked(data, name, by, clock, track, decisions)
    with apart(bind) as connection:
        made = _unhindered(connection, asked) or _before_all_others(connection, asked)
        write_words_after(connection, made.staged)
    result = Result(made.plan, tuple(made.staged.refs), made.no_case)
    if len(result.cases) >= _MANY:
        with suppress(OperationalError):  # the daily watch does so again
            refresh_statistics(bind)
    forget(data)
    return result


@dataclass(frozen=True, slots=True)
class _Asked:
    """An import that was asked for."""

    data: bytes
    name: str
    by: str
    clock: Clock
    track: Track
    decisions: Decisions


@dataclass(frozen=True, slots=True)
class _Ready:
    """An import whose rows are made."""

    plan: Plan
    no_case: Mapping[str, int]
    staged: StagedImport


def _unhindered(connection: Connection, asked: _Asked) -> _Ready | None:
    """Make the import ready while others write. None: each time others changed what it was made from."""
    for _ in range(_TRIES):
        with writing_on(connection, rules=True):
            mark = Mark.now(connection)
        with connection.begin():
            made = _made_ready(connection, asked)
        with suppress(Overtaken), writing_on(connection):
            claim(connection, made.staged, mark)
            _write(connection, asked, made)
            return made
    return None


def _before_all_others(connection: Connection, asked: _Asked) -> _Ready:
    """Nobody writes meanwhile, so that an import in a busy office comes to its end."""
    with writing_on(connection, rules=True):
        mark, made = Mark.now(connection), _made_ready(connection, asked)
        claim(connection, made.staged, mark)
        _write(connection, asked, made)
        return made


def _made_ready(connection: Connection, asked: _Asked) -> _Ready:
    district, today, known = _importer(connection, asked.by), asked.clock.today(), whole_register(connection)
    names, index = district_names(connection), CommuneBook(connection).index
    plan = _plan(connection, known, asked.data, asked.name, district, today, asked.decisions)
    reasons = Counter(_expected(connection, plan, today))
    reasons.pop("", 0)
    role = CLOCK if asked.by == CLOCK else actor(connection, asked.by).role
    stage = Stage(connection, plan, names, index, today)
    staged = stage.make(known, by=asked.by, role=role, clock=asked.clock, track=asked.track)
    return _Ready(plan, dict(reasons), staged)


def _write(connection: Connection, asked: _Asked, made: _Ready) -> None:
    write(connection, made.staged)
    counts = made.plan.counts() | {"no_case": made.no_case, "by_sheet": made.plan.by_sheet()}
    run = {
        "file_name": asked.name[:200], "sha256": digest_of(asked.data), "by": asked.by,
        "recorded_at": asked.clock.now(), "counts": counts, "cases": list(made.staged.refs),
    }  # fmt: skip
    connection.execute(import_runs.insert(), run)


def _importer(connection: Connection, by: str) -> str | None:
    """The district whose units this person may bring in; none means all."""
    if by == CLOCK:
        return None
    person = actor(connection, by)
    if person.role not in MAY_IMPORT:
        raise Refused("import_not_yours")
    return person.district


def _plan(
    connection: Connection, known: Sequence[RegisterRow], data: bytes, name: str, district: str | None, today: date,
    decisions: Decisions,
) -> Plan:  # fmt: skip
    read = reading_of(data, name, today=today, words=words_of_office(connection, district))
    names = district_names(connection)
    codes = codes_by_name(names)
    rows = [_printable(_placed(row, codes, district)) for row in read.rows]
    plan = compare(rows, as_compared(known, names), read.of_sheets, skipped=read.skipped, decisions=decisions)
    plan = _with_communes(plan, codes, CommuneBook(connection).index)
    if unasked := sorted(set(decisions) - plan.decided):
        sheet, row = unasked[0]
        raise WrongInput("decision", "register_nothing_to_decide", sheet=sheet, row=row)
    return plan


def _with_communes(plan: Plan, codes: Mapping[str, str], index: CommuneIndex) -> Plan:
    """The plan with a doubt beside each new or moved unit whose commune is not one of the office's list.

    A district without any commune in the list is left alone: `first_steps` reports the missing list.
    """
    listed = {commune.district for commune in index.by_code.values()}
    doubts: list[Finding] = []

    def looked_at(row: UnitRow) -> UnitRow:
        code = codes[fold(row.district)]
        candidates = index.candidates(code, row.commune) if row.commune and code in listed else ("",)
        if len(candidates) == 1:
            return row
        problem = "commune_unsure" if candidates else "commune_not_listed"
        doubts.append(Finding(row.sheet, row.row, "", row.commune, Severity.DOUBTFUL, problem, {"field": "commune"}))
        return replace(row, findings=(*row.findings, doubts[-1]))

    new = tuple(map(looked_at, plan.new))
    changed = tuple(
        replace(each, row=looked_at(each.row)) if any(item.field in PLACED for item in each.fields) else each
        for each in plan.changed
    )
    return replace(plan, new=new, changed=changed, findings=(*plan.findings, *doubts))


def _expected(connection: Connection, plan: Plan, today: date) -> Iterator[str]:
    """For each unit that comes in or changes why it gets no case (`register.no_case.*`); "" when it gets one."""
    busy = units_with_case(connection)
    for row in plan.new:
        yield _no_case(row, today)
    for change in plan.changed:
        yield "open_case" if change.unit.unit_id in busy else _no_case(changed_unit(change), today)


def _no_case(unit: UnitValues, today: date) -> str:
    if flags_of(unit, today):
        return ""
    if is_exempt(unit, today):
        return "closed"
    return "not_known" if unit.reregistered is None else "no_flag"


def _placed(row: UnitRow, codes: Mapping[str, str], district: str | None) -> UnitRow:
    """Rejected when the district is none of the city's; elsewhere when it is another one than the importer's own."""
    code = codes.get(fold(row.district))
    if code is not None and district in (None, code):
        return row
    problem = "district_unknown" if code is None else "district_of_another_office"
    severity = Severity.REJECTED if code is None else Severity.ELSEWHERE
    found = Finding(row.sheet, row.row, "", row.district, severity, problem)
    return replace(row, findings=(*row.findings, found))


def _printable(row: UnitRow) -> UnitRow:
    """Rejected when a letter about the unit could not be printed for a character in one of its texts."""
    for name in PRINTED:
        value = str(getattr(row, name))
        character = unprintable(value)
        if character:
            about = {"field": name, "character": shown(character)}
            found = Finding(row.sheet, row.row, "", value[:80], Severity.REJECTED, "character_not_in_font", about)
            row = replace(row, findings=(*row.findings, found))
    return row
