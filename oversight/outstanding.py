"""What dissolved units have not handed in: seal, certificate and what else was recorded, by thing, commune and year.

The acts of a case say what became of its seal and certificate; entries beside it (`outstanding_entry`) say the rest,
and what comes to light after the closing.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select, union_all

from models.tables import case_rows, facts, outstanding_entries, units
from procedures.facts import TAKEN_OVER
from procedures.former_names import all_names
from rulebook.versions import Versions

KINDS = ("seal", "certificate", "tax_code", "insurance", "account", "land", "archives")
DUE_FROM_ALL = ("seal", "certificate")  # every dissolved unit hands them in; the others are listed once recorded
OF_ACTS: Mapping[str, str] = {  # what an act of a case says of the thing in its field `item`
    "return_item": "returned", "request_waiver": "asked", "approve_waiver": "waived",
    "record_seal_cancellation": "cancelled", "record_item_found": "found",
}  # fmt: skip
STILL_OUT = ("missing", "asked", "waived")  # not recovered, whether excused or not
STATUSES = ("missing", "asked", "waived", "cancelled", "returned", "found")
OF_ENTRIES: Mapping[str, str] = {"not_recoverable": "asked"}  # else the outcome itself
DISSOLVED = ("dissolved_voluntary", "dissolved_compulsory")
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Outstanding:
    """A thing of a case and what became of it. `entry`: the entry that says so; None: an act of the case does."""

    case_id: int
    ref: str
    unit_name: str
    district: str
    commune: str
    commune_code: str | None
    kind: str
    status: str
    on: date | None = None
    paper: str = ""
    holder: str = ""
    reason: str = ""
    by: str = ""
    entry: int | None = None
    closed_on: date | None = None

    @property
    def year(self) -> int | None:
        """Of the closing; of a case that is open, of what was recorded last."""
        day = self.closed_on or self.on
        return day.year if day else None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for; empty parts ask for all. `status`: one of STATUSES, `all`, or empty: not recovered."""

    kind: str = ""
    status: str = ""
    commune: str = ""  # its code
    year: int | None = None

    def takes(self, item: Outstanding) -> bool:
        statuses = STILL_OUT if not self.status else STATUSES if self.status == "all" else (self.status,)
        return (
            item.status in statuses
            and self.kind in ("", item.kind)
            and self.commune in ("", item.commune_code)
            and self.year in (None, item.year)
        )


@dataclass(frozen=True, slots=True)
class Said:
    """What an act or an entry says of a thing."""

    status: str
    at: datetime
    on: date
    paper: str = ""
    holder: str = ""
    reason: str = ""
    by: str = ""
    entry: int | None = None


def outstanding(connection: Connection, district: str | None = None, ref: str | None = None) -> list[Outstanding]:
    """Every thing of the dissolved units of a district or of all, or of one case, by unit and thing."""
    cases = _cases(connection, district, ref)
    said = _said(connection, [case.id for case in cases])
    return [
        _item(case, kind, said.get((case.id, kind)))
        for case in cases
        for kind in KINDS
        if kind in DUE_FROM_ALL or (case.id, kind) in said
    ]


def counts_of(items: Iterable[Outstanding]) -> dict[str, dict[str, int]]:
    """By thing: how many were handed in (`returned`), excused (`waived`), cancelled by the police, or lack."""
    found: dict[str, Counter[str]] = {}
    for item in items:
        status = {"found": "returned", "asked": "missing"}.get(item.status, item.status)
        found.setdefault(item.kind, Counter())[status] += 1
    columns = ("returned", "waived", "cancelled", "missing")
    return {kind: {name: found[kind][name] for name in columns} for kind in KINDS if kind in found}


def _cases(connection: Connection, district: str | None, ref: str | None) -> Sequence[Any]:
    row, unit, versions = case_rows.c, units.c, Versions(connection)
    states = {
        state
        for version in versions.adopted
        for verb in ("record_seal_cancellation", "record_item_found")
        if verb in version.verbs
        for state in version.sources(version.verbs[verb])
    }
    under_way = row.closed_on.is_(None), row.stage == "dissolution", row.state.in_(sorted(states))
    own = [] if district is None else [row.district_code == district]
    some = (row.outcome.in_(DISSOLVED),), under_way  # each read from an index of its own
    ids = union_all(*(select(row.id).where(*one, *own) for one in some)).subquery()
    found = (
        select(row.id, row.ref, row.unit_name, row.district_code, unit.commune, unit.commune_code, row.closed_on)
        .join(units, unit.id == row.unit_id)
        .where(row.id.in_(select(ids.c.id)))
        .order_by(unit.sort_key, row.id)
    )
    if ref is not None:
        found = found.where(row.ref == ref)
    return connection.execute(found).all()


def _item(case: Any, kind: str, said: Said | None) -> Outstanding:
    about = (case.id, case.ref, case.unit_name, case.district_code, case.commune, case.commune_code, kind)
    if said is None:
        return Outstanding(*about, "missing", closed_on=case.closed_on)
    rest = (said.status, said.on, said.paper, said.holder, said.reason, said.by, said.entry)
    return Outstanding(*about, *rest, closed_on=case.closed_on)


def _said(connection: Connection, case_ids: Sequence[int]) -> dict[tuple[int, str], Said]:
    """What the newest act or entry that counts says of each thing of each case."""
    found: dict[tuple[int, str], Said] = {}
    for start in range(0, len(case_ids), _AT_ONCE):
        chunk = case_ids[start : start + _AT_ONCE]
        for key, said in [*_of_acts(connection, chunk), *_of_entries(connection, chunk)]:
            if key not in found or found[key].at <= said.at:
                found[key] = said
    return found


def _of_acts(connection: Connection, chunk: Sequence[int]) -> Iterator[tuple[tuple[int, str], Said]]:
    names = {name: status for verb, status in OF_ACTS.items() for name in all_names((), "verbs", [verb])}
    columns = facts.c
    annulled = select(columns.case_id, columns.annuls).where(columns.case_id.in_(chunk), columns.annuls.is_not(None))
    gone = set(connection.execute(annulled).tuples())
    listed = (
        select(columns.case_id, columns.seq, columns.kind, columns.occurred_on, columns.recorded_at, columns.by,
               columns.data)
        .where(columns.case_id.in_(chunk), columns.kind.in_([*names, TAKEN_OVER]))
        .order_by(columns.case_id, columns.seq)
    )  # fmt: skip
    for row in connection.execute(listed):
        if (row.case_id, row.seq) in gone:
            continue
        acts = row.data["acts"] if row.kind == TAKEN_OVER else [{"verb": row.kind, "data": row.data}]
        for act in acts:
            status, data = names.get(act["verb"], ""), act["data"]
            if status and data.get("item"):
                day = date.fromisoformat(act["on"]) if act.get("on") else row.occurred_on
                yield (row.case_id, str(data["item"])), _of_act(status, data, day, row)


def _of_act(status: str, data: Mapping[str, Any], day: date, row: Any) -> Said:
    paper = str(data.get("receipt") or data.get("decision") or "")
    holder = str(data.get("handed_to") or data.get("holder") or "")
    return Said(status, row.recorded_at, day, paper, holder, str(data.get("reason") or ""), row.by)


def _of_entries(connection: Connection, chunk: Sequence[int]) -> Iterator[tuple[tuple[int, str], Said]]:
    columns = outstanding_entries.c
    rows = connection.execute(select(outstanding_entries).where(columns.case_id.in_(chunk)).order_by(columns.id)).all()
    answers = {row.answers: row.outcome for row in rows if row.answers is not None}
    for row in rows:
        if row.answers is not None or answers.get(row.id) == "taken_back":
            continue
        status = OF_ENTRIES.get(row.outcome, row.outcome)
        if answers.get(row.id) == "confirmed":
            status = "waived"
        yield (row.case_id, row.kind), Said(status, row.at, row.on, row.paper, row.holder, row.reason, row.by, row.id)
