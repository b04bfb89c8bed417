"""Whether what is stored is what happened: hash chains, and lists equal to the fold; every case, batch by batch."""

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import Connection

from audit_log.faults import Fault
from casework.projection import Rows
from casework.upkeep.stored_cases import Rules, Whole, case_ids, chunks, wholes
from models.tracking import Track, silent
from procedures.facts import FactView
from procedures.state_machine.chain import fact_hash

CASE = (
    "officer_id", "stage", "state", "outcome", "opened_on", "closed_on", "target_on", "legal_on", "due_on", "overlays",
    "obstacles", "irregular",
)  # fmt: skip
DATE = ("kind", "starts_on", "status", "ended_on", "sum")
OPEN_DATE = (
    *DATE,
    "unserved",
    "ends_on",
    "who",
    "article",
    "confidence",
)  # one that has ended keeps what it ended with
OBSTACLE = ("code", "since_on", "lifted_on", "note")


def verify(connection: Connection, ref: str | None = None, *, track: Track = silent) -> Iterator[Fault]:
    """Every fault found, of one case or of all; one broken case does not stop the others."""
    yield from verify_cases(connection, case_ids(connection, ref), track=track)


def verify_cases(connection: Connection, ids: Sequence[int], *, track: Track = silent) -> Iterator[Fault]:
    """Every fault found in some cases."""
    rules = Rules(connection)
    for chunk in chunks(ids, track):
        for whole in wholes(connection, chunk):
            yield from chain_faults(whole)
            yield from compared(rules, whole)[0]


def compared(rules: Rules, whole: Whole) -> tuple[list[Fault], Rows | None]:
    """What differs from the facts, and the rows as they should be; none where the facts cannot be folded."""
    try:
        expected = rules.rows(whole)
    except Exception as error:
        return [Fault(whole.row["ref"], "fault_unreadable", {"why": type(error).__name__})], None
    return [
        *_case(whole, expected),
        *_deadlines(whole, expected),
        *_obstacles(whole, expected),
        *_history(rules, whole),
    ], expected


def chain_faults(whole: Whole) -> Iterator[Fault]:
    row, previous, expected = whole.row, "", 1
    for fact, (before, own) in zip(whole.facts, whole.hashes, strict=True):
        if fact.seq != expected:
            yield Fault(row["ref"], "fault_gap", {"seq": fact.seq, "expected": expected})
        if before != previous or own != _hash(row["ref"], previous, fact):
            yield Fault(row["ref"], "fault_chain", {"seq": fact.seq})
        previous, expected = own, fact.seq + 1
    if row["head"] != previous or row["seq"] != expected - 1:
        yield Fault(row["ref"], "fault_head", {"seq": row["seq"]})


def _hash(ref: str, previous: str, fact: FactView) -> str:
    assert fact.recorded_at is not None, "a stored fact has its instant"
    return fact_hash(
        previous, case=ref, seq=fact.seq, kind=fact.kind, occurred_on=fact.occurred_on, recorded_at=fact.recorded_at,
        by=fact.by, role=fact.role, data=fact.data, evidence=fact.evidence, annuls=fact.annuls,
    )  # fmt: skip


def _case(whole: Whole, expected: Rows) -> Iterator[Fault]:
    stored: Mapping[str, object] = whole.row
    for name in CASE:
        row, value = stored[name], expected.case[name]
        if row != value:
            yield Fault(whole.row["ref"], "fault_projection", {"name": name, "row": str(row), "fold": str(value)})


def _deadlines(whole: Whole, expected: Rows) -> Iterator[Fault]:
    for key in sorted(whole.deadlines.keys() | expected.deadlines.keys()):
        row, value = whole.deadlines.get(key), expected.deadlines.get(key)
        if not same_date(row, value):
            yield Fault(whole.row["ref"], "fault_deadline", {"key": key, "row": _brief(row), "fold": _brief(value)})


def same_date(row: Mapping[str, object] | None, expected: Mapping[str, object] | None) -> bool:
    """Whether a stored deadline is what the facts say."""
    if row is None or expected is None:
        return row is expected
    return all(row[name] == expected[name] for name in (OPEN_DATE if expected["status"] == "open" else DATE))


def _brief(row: Mapping[str, object] | None) -> str:
    return "–" if row is None else " ".join(str(row[name] or "–") for name in ("ends_on", "status", "article"))


def _obstacles(whole: Whole, expected: Rows) -> Iterator[Fault]:
    row, value = (sorted(_plain(item) for item in found) for found in (whole.obstacles, expected.obstacles))
    if row != value:
        yield Fault(whole.row["ref"], "fault_obstacle", {"row": str(len(row)), "fold": str(len(value))})


def _history(rules: Rules, whole: Whole) -> Iterator[Fault]:
    if whole.history is not None and whole.history != rules.history(whole):
        yield Fault(whole.row["ref"], "fault_history", {})


def _plain(item: Mapping[str, object]) -> tuple[str, ...]:
    return tuple(str(item[name]) for name in OBSTACLE)
