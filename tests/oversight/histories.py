"""Cases of the small office that live along the sample paths, act by act, each recorded on the day it happens."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Engine

from casework.evidence_store import keep
from casework.ledger import case_row
from casework.opening import open_case
from models.clock import FrozenClock
from models.database import writing
from models.tables import case_rows, facts
from procedures.definition.loader import load
from samples.path_step import Step
from samples.paths import PATHS
from tests.acting import apply_in
from tests.web.web_office import login_of, new_unit

FLAGGED = ("not_conforming",)


def flagged(bind: Engine, name: str, on: date, *, flags: Iterable[str] = FLAGGED, district: str = "HBG") -> str:
    """A case opened on a day for a unit with these flags; its reference."""
    with writing(bind) as connection:
        unit = new_unit(connection, name, district, flags=list(flags), status="B2")
        return open_case(connection, unit, by="clock", role="clock", clock=FrozenClock.on(on), on=on)


def act(bind: Engine, ref: str, step: Step, on: date, recorded: date | None = None) -> None:
    """One act of a path on its day; `recorded` when it was written down later."""
    clock = FrozenClock.on(recorded or on)
    with writing(bind) as connection:
        row = case_row(connection, ref)
        by = login_of(step.role, row["district_code"])
        proof = [keep(connection, row["id"], b"x", "x.txt", by=by, now=clock.now())] if step.proof else []
        apply_in(connection, ref, step.verb, by=by, clock=clock, data=step.fields(on), on=on, evidence=proof)


def live(bind: Engine, ref: str, path: str, first: date, until: str = "") -> date:
    """The acts of a path up to and with the verb `until` (all when it is empty); the day of the last one."""
    return live_together(bind, [ref], path, first, until)


def live_together(bind: Engine, refs: Sequence[str], path: str, first: date, until: str = "") -> date:
    """`live` for several cases side by side: their letters are numbered in one book, whose days never go back."""
    on = first
    for step in PATHS[path]:
        on += timedelta(days=step.after)
        for ref in refs:
            act(bind, ref, step, on)
        if step.verb == until:
            break
    return on


def chronicle(
    bind: Engine, lives: Iterable[tuple[date, date | None]], district: str = "HBG", first: int = 1,
    recorded: date | None = None,
) -> None:  # fmt: skip
    """Cases of flagged units given by the days on which they were opened and left for another office (None: open).

    Written straight into the tables, as it would take hours through the acts; recorded on the day it
    happened unless `recorded` says when.
    """
    with writing(bind) as connection:
        unit = new_unit(connection, f"HTX {district} {first}", district)["id"]
        for number, (opened, left) in enumerate(lives, first):
            row = {
                "ref": f"{district}-{number}", "unit_id": unit, "unit_name": "HTX", "district_code": district,
                "level": "district", "procedure": load().pin, "stage": "review", "state": "S0", "opened_on": opened,
                "overlays": [], "obstacles": [], "seq": 1, "head": "", "touched_at": _at(opened),
            }  # fmt: skip
            case = connection.execute(case_rows.insert().values(row).returning(case_rows.c.id)).scalar_one()
            snapshot = {"district": district, "level": "district", "flags": list(FLAGGED)}
            connection.execute(facts.insert().values(_fact(case, 1, "opened", opened, recorded, snapshot)))
            if left:
                connection.execute(facts.insert().values(_fact(case, 2, "transfer_out", left, recorded, {})))


def _fact(case: int, seq: int, kind: str, on: date, recorded: date | None, data: dict[str, Any]) -> dict[str, Any]:
    return {
        "case_id": case, "seq": seq, "kind": kind, "occurred_on": on, "recorded_at": _at(recorded or on), "by": "clock",
        "role": "clock", "data": data, "evidence": [], "previous": "", "hash": "",
    }  # fmt: skip


def _at(on: date) -> datetime:
    return FrozenClock.on(on).now()
