"""The outcome of a closed case becomes data of its unit in the register; a case opened again takes them back. So does
what an act says of the unit, such as who represents it now.

Which outcome and which act change what is data of the procedure (`unit`). Each change is kept in `unit_change`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypedDict

from sqlalchemy import Connection, select, update

from casework.ledger import LoadedCase, NewFact
from casework.unit_rows import district_names, values_of
from models.clock import HANOI
from models.tables import case_rows, unit_changes, units
from models.typed_rows import all_rows, one_row
from models.typed_rows.case_shapes import RegisterRow
from procedures.facts import OF_TAKE_OVER, CaseState
from procedures.former_names import own_name
from procedures.schema import FromFact, Procedure
from register.flags import flags_of
from register.rows import DATE_FIELDS


class UnitChangeOfCase(TypedDict):
    """A change of a unit by a case, as lists show it. `outcome`: of the case, or the act; empty: taken back."""

    ref: str
    procedure: str
    outcome: str
    fields: dict[str, Any]
    by: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Before:
    """What a case was before a fact: closed or not, and its data of the unit."""

    closed: bool
    unit: Mapping[str, Any]

    @classmethod
    def of(cls, state: CaseState) -> "Before":
        return cls(state.closed_on is not None, state.unit)


def write_back(connection: Connection, loaded: LoadedCase, was: Before, new: NewFact) -> None:
    """Bring the register up to a case that the last fact has closed or opened again, or whose act names unit data."""
    closed, acts = loaded.state.closed_on is not None, _acts_on_unit(loaded, new)
    said = _said(loaded, acts, was.unit)
    if closed == was.closed and not said:
        return
    unit = one_row(RegisterRow, connection.execute(select(units).where(units.c.id == loaded.row["unit_id"])))
    because, wanted = (acts[-1], said) if said and new.annuls is None else ("", _unchanged(said, was.unit, unit))
    if closed and not was.closed:
        because, wanted = loaded.state.outcome or "", wanted | effect_of(loaded.procedure, loaded.state)
    elif was.closed and not closed:
        wanted |= _before(connection, loaded, unit)
    before: Mapping[str, Any] = unit
    changed = {name: value for name, value in wanted.items() if before[name] != value}
    if not changed:
        return
    district = district_names(connection)[unit["district_code"]]
    flags = list(flags_of(values_of({**unit, **changed}, district), new.recorded_at.astimezone(HANOI).date()))
    connection.execute(update(units).where(units.c.id == unit["id"]).values(**changed, flags=flags))
    fields = {name: {"old": _plain(before[name]), "new": _plain(value)} for name, value in changed.items()}
    kept = {"unit_id": unit["id"], "case_id": loaded.row["id"], "outcome": because, "fields": fields}
    connection.execute(unit_changes.insert().values(**kept, by=new.by, recorded_at=new.recorded_at))


def _acts_on_unit(loaded: LoadedCase, new: NewFact) -> list[str]:
    """The verbs of a fact, or of the one that it annuls, that write data of the unit; a take-over lists several."""
    fact = next((fact for fact in loaded.facts if fact.seq == new.annuls), new)
    kinds = [act["verb"] for act in fact.data["acts"]] if fact.kind in OF_TAKE_OVER else [fact.kind]
    own = (own_name(loaded.procedure, "verbs", kind) for kind in kinds)
    return [kind for kind in own if (verb := loaded.procedure.verbs.get(kind)) is not None and verb.unit]


def _said(loaded: LoadedCase, acts: Sequence[str], before: Mapping[str, Any]) -> dict[str, Any]:
    """What the case has otherwise than before of the fields that these acts write."""
    names = sorted({name for kind in acts for name in loaded.procedure.verbs[kind].unit})
    return {name: now for name in names if (now := loaded.state.unit.get(name)) != before.get(name)}


def _unchanged(wanted: Mapping[str, Any], before: Mapping[str, Any], unit: RegisterRow) -> dict[str, Any]:
    """Of what an annulment takes back, what nobody has changed in the register since."""
    now: Mapping[str, Any] = unit
    return {name: value for name, value in wanted.items() if now[name] == before.get(name)}


def changes_of_unit(connection: Connection, unit_id: int) -> list[UnitChangeOfCase]:
    """What cases changed of a unit, the latest first."""
    columns = unit_changes.c
    found = select(
        case_rows.c.ref, case_rows.c.procedure, columns.outcome, columns.fields, columns.by, columns.recorded_at
    )
    found = found.join(case_rows, case_rows.c.id == columns.case_id).where(columns.unit_id == unit_id)
    return all_rows(UnitChangeOfCase, connection.execute(found.order_by(columns.id.desc())))


def effect_of(procedure: Procedure, state: CaseState) -> dict[str, Any]:
    """The fields of the unit that the outcome of a case sets; a value that no fact has is left as it is."""
    outcome = procedure.outcomes.get(state.outcome or "")
    said = {name: _value(state, value) for name, value in outcome.unit.items()} if outcome else {}
    return {
        name: date.fromisoformat(value) if name in DATE_FIELDS and isinstance(value, str) else value
        for name, value in said.items()
        if value not in (None, "")
    }


def _value(state: CaseState, value: bool | str | FromFact) -> Any:
    if not isinstance(value, FromFact):
        return value
    fact = state.last(value.verb)
    return fact.data.get(value.field) if fact else None


def _before(connection: Connection, loaded: LoadedCase, unit: RegisterRow) -> dict[str, Any]:
    """What the unit had before the case was closed, of fields that nobody has changed since."""
    columns = unit_changes.c
    latest = select(columns.fields).where(
        columns.case_id == loaded.row["id"], columns.outcome.in_(loaded.procedure.outcomes)
    )
    fields: Mapping[str, Any] = connection.scalar(latest.order_by(columns.id.desc()).limit(1)) or {}
    now: Mapping[str, Any] = unit
    return {
        name: date.fromisoformat(change["old"]) if name in DATE_FIELDS and change["old"] else change["old"]
        for name, change in fields.items()
        if _plain(now[name]) == change["new"]
    }


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
