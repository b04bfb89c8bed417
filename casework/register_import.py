"""A register file comes in: a look at what it would do, then all of it in one transaction, cases included."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, select, update

from casework.office.communes import CommuneBook
from casework.office.heading_words import words_of_office
from casework.office.people import actor
from casework.office.unit_communes import find_communes
from casework.opening import open_case
from casework.unit_rows import FIELDS, codes_by_name, district_names, existing_units, table_row, values_of
from letters.typed_text import shown, unprintable
from models.clock import Clock
from models.database import one_import, reading, writing
from models.errors import Refused, WrongInput
from models.folding import fold
from models.office_clock import clock_of
from models.tables import case_rows, import_runs, units
from models.tracking import Track, silent
from models.typed_rows import all_rows
from models.typed_rows.case_shapes import RegisterRow
from procedures.facts import CLOCK
from register.communes import CommuneIndex
from register.findings import Finding, Severity
from register.flags import flags_of, is_exempt
from register.gate import UNDECIDED, Change, Decision, Plan, compare
from register.kept_readings import digest_of, forget, reading_of
from register.rows import ExistingUnit, UnitRow, UnitValues

PRINTED = (  # what letters say of a unit
    "name", "address", "commune", "certificate_number", "certificate_issuer", "tax_code", "representative", "phone",
)  # fmt: skip
PLACED = frozenset({"commune", "district"})  # a unit for which a file changes one lies elsewhere
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
        plan = _plan(connection, data, name, _importer(connection, by), today, decisions)
        reasons = Counter(_expected(connection, plan, today))
        return Preview(plan, reasons.pop("", 0), dict(reasons))


def commit(
    bind: Engine, data: bytes, name: str, *, by: str, clock: Clock, track: Track = silent,
    decisions: Decisions = UNDECIDED,
) -> Result:  # fmt: skip
    """Take the accepted rows in, all or none, and open a case for every flagged unit without an open one.

    Raises WrongInput and Refused as `preview`.
    """
    with writing(bind) as connection:
        one_import(connection)
        plan = _plan(connection, data, name, _importer(connection, by), clock.today(), decisions)
        reasons = Counter(_expected(connection, plan, clock.today()))
        reasons.pop("", 0)
        opened = _take_in(connection, plan, by=by, clock=clock, track=track)
        result = Result(plan, tuple(opened), dict(reasons))
        run = {
            "file_name": name[:200], "sha256": digest_of(data), "by": by, "recorded_at": clock.now(),
            "counts": plan.counts() | {"no_case": result.no_case, "by_sheet": plan.by_sheet()}, "cases": opened,
        }  # fmt: skip
        connection.execute(import_runs.insert(), run)
    forget(data)
    return result


def open_flagged(
    connection: Connection, unit_ids: Sequence[int], *, by: str, clock: Clock, track: Track = silent
) -> list[str]:
    """Open a case for each of these units that is flagged today and has none open."""
    today, names = clock.today(), district_names(connection)
    role = CLOCK if by == CLOCK else actor(connection, by).role
    busy = set(connection.scalars(select(case_rows.c.unit_id).where(case_rows.c.closed_on.is_(None))))
    free = frozenset(unit_ids) - busy
    opened = []
    rows = all_rows(RegisterRow, connection.execute(select(units).order_by(units.c.id)))
    for row in track(rows, len(rows)):
        flags = flags_of(values_of(row, names[row["district_code"]]), today) if row["id"] in free else ()
        if flags:
            row["flags"] = list(flags)
            opened.append(open_case(connection, row, by=by, role=role, clock=clock, on=today))
    return opened


def _importer(connection: Connection, by: str) -> str | None:
    """The district whose units this person may bring in; none means all."""
    if by == CLOCK:
        return None
    person = actor(connection, by)
    if person.role not in MAY_IMPORT:
        raise Refused("import_not_yours")
    return person.district


def _plan(
    connection: Connection, data: bytes, name: str, district: str | None, today: date, decisions: Decisions
) -> Plan:
    read = reading_of(data, name, today=today, words=words_of_office(connection, district))
    names = district_names(connection)
    codes = codes_by_name(names)
    rows = [_printable(_placed(row, codes, district)) for row in read.rows]
    plan = compare(rows, existing_units(connection, names), read.of_sheets, skipped=read.skipped, decisions=decisions)
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
    busy = set(connection.scalars(select(case_rows.c.unit_id).where(case_rows.c.closed_on.is_(None))))
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


def changed_unit(change: Change) -> ExistingUnit:
    """The unit as it is after the change: what the file is silent about stays."""
    fields: dict[str, Any] = {item.field: item.after for item in change.fields}
    return replace(change.unit, **fields)


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


def _take_in(connection: Connection, plan: Plan, *, by: str, clock: Clock, track: Track) -> list[str]:
    codes = codes_by_name(district_names(connection))
    today = clock.today()
    fresh = [table_row(row, codes[fold(row.district)], flags_of(row, today)) for row in plan.new]
    touched = [change.unit.unit_id for change in plan.changed]
    if fresh:
        inserted = connection.execute(units.insert().returning(units.c.id, sort_by_parameter_order=True), fresh)
        touched += list(inserted.scalars())
    if plan.changed:
        _change(connection, plan.changed, codes, today)
    moved = [int(change.unit.unit_id) for change in plan.changed if any(item.field in PLACED for item in change.fields)]
    find_communes(connection, moved)
    return open_flagged(connection, [int(identity) for identity in touched], by=by, clock=clock, track=track)


def _change(connection: Connection, changes: Sequence[Change], codes: Mapping[str, str], today: date) -> None:
    """Every changed unit written whole: what the file is silent about stays as it was."""
    names = (*FIELDS, "district_code", "search", "sort_key", "flags")
    values: dict[str, Any] = {name: bindparam(f"v_{name}") for name in names}
    statement = update(units).where(units.c.id == bindparam("unit_id")).values(values)
    connection.execute(statement, [_changed(change, codes, today) for change in changes])


def _changed(change: Change, codes: Mapping[str, str], today: date) -> dict[str, Any]:
    unit = changed_unit(change)
    row = table_row(unit, codes[fold(unit.district)], flags_of(unit, today))
    row.pop("is_sample")
    return {"unit_id": change.unit.unit_id, **{f"v_{name}": value for name, value in row.items()}}
