"""The sums of a case on one sheet, for an inspector: lines, articles, facts, calendar, and what the file's hash is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, select

from casework.as_of import AsOf
from casework.case_view import fact_label, officer_names
from casework.ledger import LoadedCase, load_case, pins_of
from casework.sums.deadline_sums import Explained, explain_case
from models.tables import facts as fact_rows
from procedures.facts import FactView
from rulebook.office_calendar import calendars_of, office_of
from rulebook.versions import Versions


@dataclass(frozen=True, slots=True)
class RestsOn:
    """A fact that some line of a sum rests on."""

    seq: int
    label: str
    occurred_on: date
    recorded_at: datetime | None
    by: str
    role: str


@dataclass(frozen=True, slots=True)
class SumSheet:
    """`head` is the hash of fact number `seq`, the last visible one; the chain makes it cover all facts before it.

    `calendar` is the hash of the days that were counted by, `edition` that of the country's days off among them.
    """

    ref: str
    unit: str
    procedure: str
    calendar: str
    edition: int
    seq: int
    head: str
    deadlines: tuple[Explained, ...]
    facts: tuple[RestsOn, ...]


def sum_sheet(connection: Connection, ref: str, key: str | None = None, *, lang: str = "vi", at: AsOf) -> SumSheet:
    """The deadlines of a case, or one of them, with every fact that their sums rest on. Raises NotFound."""
    loaded = load_case(connection, ref, at=at)
    explained = explain_case(connection, loaded, key, lang=lang, at=at)
    last = max((fact.seq for fact in loaded.facts), default=0)
    calendars = calendars_of(connection, office_of(loaded.row), at.known_before)
    head = select(fact_rows.c.hash).where(fact_rows.c.case_id == loaded.row["id"], fact_rows.c.seq == last)
    return SumSheet(
        ref,
        str(loaded.state.unit.get("name") or loaded.row["unit_name"]),
        loaded.procedure.pin,
        calendars.version,
        calendars.edition,
        last,
        connection.scalar(head) or "",
        tuple(sorted(explained, key=lambda item: item.status not in ("open", "waiting", "unknown"))),
        _rests_on(connection, loaded, explained, lang),
    )


def _rests_on(
    connection: Connection, loaded: LoadedCase, explained: Sequence[Explained], lang: str
) -> tuple[RestsOn, ...]:
    used = {seq for item in explained for line in item.sentences for seq in line.facts}
    found = [fact for fact in loaded.facts if fact.seq in used]
    names, versions = officer_names(connection, [fact.by for fact in found]), Versions(connection)
    pins = pins_of(loaded.facts, loaded.procedure.pin)

    def rests_on(fact: FactView) -> RestsOn:
        label = fact_label(versions.of(pins[fact.seq]), fact.kind, lang)
        by = names.get(fact.by, fact.by)
        return RestsOn(fact.seq, label, fact.occurred_on, fact.recorded_at, by, fact.role)

    return tuple(rests_on(fact) for fact in found)
