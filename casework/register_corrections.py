"""Corrections of the register reach open cases: what differs from a case's own data of its unit is offered, and taken
into the ticked cases by the fact `register_corrected`. Letters not signed yet print the case's data as they are then.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, func, select, update

from casework.acts import record
from casework.ledger import LoadedCase, NewFact, load_case
from casework.office.people import doer_of
from casework.opening import snapshot_of
from letters.typed_text import check_values
from models.clock import Clock
from models.database import writing
from models.errors import Conflict, NotFound, Refused, WrongInput
from models.letter_links import with_cases
from models.tables import case_rows, facts, letter_cases, letter_rows, units
from models.typed_rows import all_rows, one_row
from models.typed_rows.case_shapes import CaseRow, RegisterRow
from procedures.facts import Doer
from procedures.schema import Procedure
from procedures.state_machine.field_values import clean_text
from register.annotation import show_value
from register.rows import DATE_FIELDS
from rulebook.office_calendar import office_of
from rulebook.versions import Versions, procedure_of
from templates.formats import date_vi
from templates.words import both

BRINGS_OVER = frozenset({"case_officer", "manager"})
OF_ITS_DAY = frozenset({"flags"})  # what follows from the day the case was opened is no correction
KINDS = ("opened", "register_corrected")
UNSIGNED, SIGNED = ("draft", "submitted", "returned"), ("approved",)


@dataclass(frozen=True, slots=True)
class FieldCorrection:
    """A field of the unit: as the case has it, and as the register has it now."""

    name: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class Correction:
    """What the register says otherwise than an open case. `unsigned`: letters that will print the new data; `signed`:
    those signed and not issued that print the old. `mark` names exactly these changes."""

    ref: str
    unit_id: int
    unit_name: str
    fields: Sequence[FieldCorrection]
    unsigned: int
    signed: int

    @property
    def mark(self) -> str:
        said = [[item.name, item.old, item.new] for item in self.fields]
        return hashlib.sha256(json.dumps(said, ensure_ascii=False, default=str).encode()).hexdigest()[:12]


def corrections(connection: Connection, district: str | None, unit_id: int | None = None) -> list[Correction]:
    """The open cases of a district (None: of all) whose unit has other data in the register than in the case."""
    open_cases: list[ColumnElement[bool]] = [case_rows.c.closed_on.is_(None)]
    if district is not None:
        open_cases.append(case_rows.c.district_code == district)
    if unit_id is not None:
        open_cases.append(case_rows.c.unit_id == unit_id)
    cases = all_rows(CaseRow, connection.execute(select(case_rows).where(*open_cases).order_by(case_rows.c.id)))
    of_unit = select(units).where(units.c.id.in_(select(case_rows.c.unit_id).where(*open_cases)))
    by_id = {row["id"]: row for row in all_rows(RegisterRow, connection.execute(of_unit))}
    known, letters = _known(connection, open_cases), _letters(connection, open_cases)
    versions = {pin: procedure_of(connection, pin) for pin in {row["procedure"] for row in cases}}
    found = (
        (row, list(_differences(versions[row["procedure"]], by_id[row["unit_id"]], known[row["id"]]))) for row in cases
    )
    return [
        Correction(
            row["ref"], row["unit_id"], row["unit_name"], fields, letters[row["id"], True], letters[row["id"], False]
        )
        for row, fields in found
        if fields
    ]


def bring_over(bind: Engine, marks: Mapping[str, str], source: str, *, by: str, clock: Clock) -> int:
    """Take the register's data into these cases, all in one commit; returns how many changed.

    Args:
        marks: by case, the mark of the changes that the person saw; empty: whatever differs now.
        source: where the correction comes from: a file, a decision, a certificate.

    Raises:
        Conflict: the register was changed since the person looked.
        NotFound, Refused, WrongInput: nothing was changed.
    """
    text = clean_text("source", source)
    if not text:
        raise WrongInput("source", "missing_field", label=both("takeover.part_source"))
    check_values({"source": text})
    if not marks:
        raise WrongInput("ref", "nothing_ticked")
    with writing(bind) as connection:
        doer = doer_of(connection, by)
        return sum(_bring_over(connection, ref, marks[ref], text, doer, clock) for ref in sorted(marks))


def value_text(name: str, value: object, lang: str) -> str:
    """A value of a correction in words; empty for nothing."""
    if value in (None, ""):
        return ""
    if name in DATE_FIELDS and isinstance(value, str):
        return date_vi(date.fromisoformat(value))
    return show_value(name, value, lang)


def _bring_over(connection: Connection, ref: str, mark: str, source: str, doer: Doer, clock: Clock) -> int:
    loaded = load_case(connection, ref, lock=True)
    if doer.district not in (None, loaded.row["district_code"]):
        raise NotFound("no_such_case", ref=ref)
    if doer.role not in BRINGS_OVER or doer.district != office_of(loaded.row):
        raise Refused("correction_not_yours")
    if loaded.row["closed_on"] is not None:
        raise Refused("case_closed")
    unit = one_row(RegisterRow, connection.execute(select(units).where(units.c.id == loaded.row["unit_id"])))
    fields = list(_differences(loaded.procedure, unit, loaded.state.unit))
    if not fields:
        return 0
    if mark and mark != Correction(ref, unit["id"], "", fields, 0, 0).mark:
        raise Conflict("correction_changed", ref=ref)
    _record(connection, loaded, unit, fields, source, doer, clock)
    return 1


def _record(
    connection: Connection, loaded: LoadedCase, unit: RegisterRow, fields: Sequence[FieldCorrection], source: str,
    doer: Doer, clock: Clock,
) -> None:  # fmt: skip
    data = {"fields": {item.name: {"old": item.old, "new": item.new} for item in fields}, "source": source}
    record(connection, loaded, NewFact("register_corrected", clock.today(), clock.now(), doer.login, doer.role, data))
    name = update(case_rows).where(case_rows.c.id == loaded.row["id"])
    connection.execute(name.values(unit_name=unit["name"], unit_sort=unit["sort_key"]))


def _differences(procedure: Procedure, unit: RegisterRow, known: Mapping[str, Any]) -> Iterator[FieldCorrection]:
    for name, now in snapshot_of(procedure, unit).items():
        if name not in OF_ITS_DAY and (now or None) != (known.get(name) or None):
            yield FieldCorrection(name, known.get(name), now)


def _known(connection: Connection, open_cases: Iterable[ColumnElement[bool]]) -> dict[int, dict[str, Any]]:
    """By case: the data of its unit as it was opened with and corrected since."""
    columns = (facts.c.case_id, facts.c.seq, facts.c.kind, facts.c.data)
    found = select(*columns).join(case_rows, case_rows.c.id == facts.c.case_id)
    annulled = select(facts.c.case_id, facts.c.annuls).join(case_rows, case_rows.c.id == facts.c.case_id)
    gone = set(connection.execute(annulled.where(*open_cases, facts.c.annuls.is_not(None))).tuples())
    acts = _writing_acts(connection)
    kinds = facts.c.kind.in_((*KINDS, *acts))
    rows = connection.execute(found.where(*open_cases, kinds).order_by(facts.c.case_id, facts.c.seq))
    known: dict[int, dict[str, Any]] = defaultdict(dict)
    for case_id, seq, kind, data in rows.tuples():
        if (case_id, seq) in gone:
            continue
        if kind in acts:
            known[case_id] |= {name: data[field] for name, field in acts[kind].items() if data.get(field)}
        else:
            known[case_id] |= data if kind == "opened" else {key: one["new"] for key, one in data["fields"].items()}
    return known


def _writing_acts(connection: Connection) -> dict[str, Mapping[str, str]]:
    """The acts of any version that say something of the unit: fields of the register, each with that of the act."""
    listed = (procedure.verbs.items() for procedure in Versions(connection).adopted)
    return {
        key: {str(name): field for name, field in verb.unit.items()}
        for verbs in listed
        for key, verb in verbs
        if verb.unit
    }


def _letters(
    connection: Connection, open_cases: Iterable[ColumnElement[bool]]
) -> defaultdict[tuple[int, bool], int]:  # fmt: skip
    """How many letters of each case, joint ones with it, are not signed (True), and signed but not issued (False)."""
    columns, about = letter_rows.c, letter_cases.c.case_id
    found = with_cases(select(about, columns.status.in_(UNSIGNED), func.count()).select_from(letter_rows))
    found = found.join(case_rows, case_rows.c.id == about)
    found = found.where(*open_cases, columns.status.in_((*UNSIGNED, *SIGNED))).group_by(about, columns.status)
    counts: defaultdict[tuple[int, bool], int] = defaultdict(int)
    for case_id, unsigned, count in connection.execute(found).tuples():
        counts[case_id, bool(unsigned)] += count
    return counts
