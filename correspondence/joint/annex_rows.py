"""The cases of a joint letter as its annex lists them, by the names used in templates."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from casework.councils.bodies import council_of_case
from casework.councils.seats import chair_of, members_of, sitting
from casework.ledger import LoadedCase, load_cases
from letters.numbering import long_date
from models.tables import batch_cases, case_rows, dissolution_batches, letter_cases

OWN_VALUES = (
    "certificate",
    "address",
    "representative",
    "proof",
    "note",
)  # what may be typed of a case in place of the register
_PROVEN = ("prove_ground", "withdraw_certificate")


def council_input(connection: Connection, case_id: int, on: date) -> dict[str, Any]:
    """The council that serves a case as letters print it; empty for none."""
    council = council_of_case(connection, case_id)
    if council is None:
        return {}
    rows = members_of(connection, council["id"])
    members = [
        {"seat": row["seat"], "name": row["name"], "post": row["post"], "reason_missing": row["reason"]}
        for row in sitting(rows, on)
    ]
    return {
        "name": council["name"], "decision": council["decision"], "uses_seal": council["uses_seal"],
        "chair": chair_of(rows, on), "members": members,
    }  # fmt: skip


def chair_named(connection: Connection, case_id: int, on: date) -> str:
    """The chair, on a day, of the council that serves a case; empty for none."""
    council = council_of_case(connection, case_id)
    return chair_of(members_of(connection, council["id"]), on) if council is not None else ""


def shared_cases(connection: Connection, letter_id: int) -> dict[int, int | None]:
    """The cases of a joint letter, each with the fact that it follows from there."""
    columns = letter_cases.c
    found = select(columns.case_id, columns.fact_seq).where(columns.letter_id == letter_id)
    return dict(connection.execute(found.order_by(columns.case_id)).tuples().all())


def typed_values(connection: Connection, batch_id: int) -> dict[int, Mapping[str, Any]]:
    """What was typed of the cases of a batch, by case; of those that left it too."""
    columns = batch_cases.c
    found = select(columns.case_id, columns["values"]).where(columns.batch_id == batch_id).order_by(columns.id)
    return dict(connection.execute(found).tuples().all())


def batch_name(connection: Connection, batch_id: int) -> str:
    return str(connection.scalar(select(dissolution_batches.c.name).where(dissolution_batches.c.id == batch_id)))


def in_order(connection: Connection, case_ids: Sequence[int]) -> list[LoadedCase]:
    """Cases as annexes list them: by district's communes and names, as the worklist's unit names sort."""
    loaded = load_cases(connection, case_ids)
    names = select(case_rows.c.id).where(case_rows.c.id.in_(case_ids)).order_by(case_rows.c.unit_name, case_rows.c.id)
    return [loaded[number] for number in connection.scalars(names)]


def annex_row(loaded: LoadedCase, unit: Mapping[str, Any], commune: str, typed: Mapping[str, Any]) -> dict[str, Any]:
    """One line of an annex. `unit`: as letters know it; `typed`: of this case in place of the register."""
    ground = next((fact for verb in _PROVEN if (fact := loaded.state.last(verb)) is not None), None)
    given = dict(ground.data) if ground is not None else {}
    members = unit.get("members")
    explained = loaded.state.last("record_explanation")
    return {
        "unit": unit["name"],
        "certificate": typed.get("certificate") or _certificate(unit),
        "address": typed.get("address") or unit.get("address"),
        "commune": commune,
        "representative": typed.get("representative") or unit.get("representative"),
        "members": str(members) if members is not None else None,
        "ground": given.get("ground"),
        "from_on": given.get("from_on"),
        "proof": typed.get("proof") or given.get("proof") or given.get("reason"),
        "explained": bool(explained.data.get("answered")) if explained is not None else None,
        "explanation": (explained.data.get("content") or None) if explained is not None else None,
        "note": typed.get("note"),
        "ref": loaded.row["ref"],
    }


def _certificate(unit: Mapping[str, Any]) -> str | None:
    number, on = unit.get("certificate_number"), unit.get("certificate_on")
    if not number:
        return None
    return f"{number}, {long_date(on)}" if on else str(number)
