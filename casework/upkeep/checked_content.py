"""What was looked at for contradictions as it is now, so that a list of them need not look at every case anew.

The head of a case identifies its facts, the hash of a signed letter its text: what was found holds as long as these and
the rules are the same. The nightly checks look at what has changed; `contradictions` looks at everything.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Select, and_, func, or_, select, true
from sqlalchemy.dialects import postgresql, sqlite

from casework.upkeep.contradictions import Contradiction, in_facts, in_letters, is_done
from casework.upkeep.stored_cases import chunks
from models.database import give_way, is_sqlite, reading, writing
from models.tables import case_rows, content_checks, letter_cases, letter_rows, nightly_checks
from models.tracking import Track, silent
from rulebook.shipped import shipped
from rulebook.versions import of_release

CHECKS = 1  # to be raised when the same content gives another result
CASE, LETTER = "case", "letter"
KIND = "contradictions"  # of the row that a nightly check leaves
AT_ONCE = 200  # things looked at in one turn
LOOKED_AT_NOW = 50  # of those that changed since the nightly checks, how many of each kind a list looks at itself
A_DAY = timedelta(days=1)
_IDENTITY: Mapping[str, ColumnElement[str]] = {
    CASE: case_rows.c.head,
    LETTER: func.coalesce(letter_rows.c.content_hash, "") + ":" + letter_rows.c.status,
}
_SUBJECT: Mapping[str, ColumnElement[int]] = {CASE: case_rows.c.id, LETTER: letter_rows.c.id}


@dataclass(frozen=True, slots=True)
class KnownContradictions:
    """What contradicts, as far as it was looked at. `unseen`: cases and letters not looked at as they are now."""

    found: Sequence[Contradiction]
    unseen: Mapping[str, int]


def known_contradictions(connection: Connection, district: str | None, most: int) -> KnownContradictions:
    """At most so many contradictions of a district or of all, by case, each as it is now.

    A few that changed lately are looked at here and now; there are more of them after an upgrade alone.
    """
    own = case_rows.c.district_code == district if district else true()
    changed = {
        CASE: connection.scalars(_unseen(CASE).where(own)).all(),
        LETTER: connection.scalars(_lately(connection).where(_about(own))).all(),
    }
    looked = {kind: changed[kind][:LOOKED_AT_NOW] for kind in changed}
    for kind, condition in ((CASE, own), (LETTER, _about(own))):
        suspected = connection.scalars(_suspected(kind).where(condition).limit(most))  # each has one at least
        looked[kind] = sorted({*looked[kind], *suspected})
    refs: dict[str, list[Contradiction]] = {}
    for item in islice(_anew(connection, looked, own), most):
        refs.setdefault(item.ref, []).append(item)
    unseen = {kind: len(changed[kind][LOOKED_AT_NOW:]) for kind in changed}
    return KnownContradictions([item for ref in sorted(refs) for item in refs[ref]], unseen)


def _anew(
    connection: Connection, looked: Mapping[str, Sequence[int]], own: ColumnElement[bool]
) -> Iterator[Contradiction]:
    procedure, cases = of_release(connection), looked[CASE]
    for start in range(0, len(cases), LOOKED_AT_NOW):
        for _, found in in_facts(connection, procedure, cases[start : start + LOOKED_AT_NOW]):
            yield from found
    yield from in_letters(connection, and_(letter_rows.c.id.in_(looked[LETTER]), own))


def store_checks(bind: Engine, track: Track = silent) -> dict[str, Any]:
    """Look at what has changed since it was last looked at, beside other people's work.

    Returns how many of each kind that were, and by which rules.
    """
    counts = Counter[str]()
    for kind in (CASE, LETTER):
        with reading(bind) as connection:
            changed = connection.scalars(_unseen(kind)).all()
        for chunk in chunks(changed, track, AT_ONCE):
            with reading(bind) as connection:
                rows = list(_looked_at(connection, kind, chunk))
            with writing(bind) as connection:
                _write(connection, rows)
            counts[kind] += len(rows)
            if len(rows) == AT_ONCE:
                give_way(bind)
    return {**counts, "rules": _rules()}


def _looked_at(connection: Connection, kind: str, subjects: Sequence[int]) -> Iterator[dict[str, Any]]:
    """Rows of the table. Identities are read before the content: they never belong to a later one."""
    own = select(_SUBJECT[kind], _IDENTITY[kind]).where(_SUBJECT[kind].in_(subjects))
    identities = dict(connection.execute(own).tuples().all())
    found = Counter(_subjects_with(connection, kind, subjects))
    for subject, identity in identities.items():
        yield {
            "kind": kind, "subject": subject, "identity": identity, "rules": _rules(), "found": found[subject],
        }  # fmt: skip


def _subjects_with(connection: Connection, kind: str, subjects: Sequence[int]) -> Iterator[int]:
    """The subject of every contradiction."""
    if kind == CASE:
        for row, found in in_facts(connection, of_release(connection), subjects):
            yield from (row["id"] for _ in found)
    else:
        yield from (item.letter or 0 for item in in_letters(connection, letter_rows.c.id.in_(subjects)))


def _rules() -> str:
    return f"{CHECKS} {shipped().current.sha256}"


def _unseen(kind: str) -> Select[Any]:
    """What was not looked at as it is now, by id."""
    seen = select(content_checks.c.subject).where(*_holds(kind)).correlate(case_rows, letter_rows)
    found = select(_SUBJECT[kind]).where(~seen.exists()).order_by(_SUBJECT[kind])
    return found.where(is_done()) if kind == LETTER else found


def _suspected(kind: str) -> Select[Any]:
    """What was looked at as it is now and has contradictions."""
    found = select(_SUBJECT[kind]).join(content_checks, and_(*_holds(kind)))
    return found.where(content_checks.c.found > 0).order_by(_SUBJECT[kind])


def _lately(connection: Connection) -> Select[Any]:
    """Letters signed or numbered since the nightly check, not looked at as they are now; the latest first.

    All of them, where there was no check by these rules: a hundred thousand are not compared with the table for a page.
    """
    own, kept = letter_rows.c, nightly_checks.c
    found = _unseen(LETTER).order_by(None).order_by(own.id.desc())
    last = connection.execute(
        select(kept.at, kept.found).where(kept.kind == KIND, kept.ok).order_by(kept.id.desc()).limit(1)
    ).first()
    if last is None or last.found.get("rules") != _rules():
        return found
    since = last.at - A_DAY  # what was signed during the check, whatever the hour
    return found.where(or_(own.approved_at >= since, own.issued_on >= since.date()))


def _holds(kind: str) -> tuple[ColumnElement[bool], ...]:
    kept = content_checks.c
    return (
        kept.kind == kind, kept.subject == _SUBJECT[kind], kept.identity == _IDENTITY[kind], kept.rules == _rules(),
    )  # fmt: skip


def _about(own: ColumnElement[bool]) -> ColumnElement[bool]:
    """Letters about a case that meets a condition."""
    tied = letter_cases.join(case_rows, case_rows.c.id == letter_cases.c.case_id)
    about = select(letter_cases.c.case_id).select_from(tied).where(letter_cases.c.letter_id == letter_rows.c.id, own)
    return about.exists()


def _write(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    insert = (sqlite if is_sqlite(connection) else postgresql).insert(content_checks)
    changed = {name: insert.excluded[name] for name in ("identity", "rules", "found")}
    if rows:
        connection.execute(insert.on_conflict_do_update(index_elements=["kind", "subject"], set_=changed), list(rows))
