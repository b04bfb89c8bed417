"""Rows of a list of cases in words: dates by their names, what comes next and whose turn it is, what is in the way."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from casework.as_of import NOW, Sight
from casework.lists.upcoming import RunningDate, next_acts, running_dates
from casework.sums.awaited_service import unserved_of
from models.tables import obstacles
from procedures.legal_time.deadlines import OURS
from procedures.state_machine.next_act import NextAct
from rulebook.versions import Versions
from web.labels import letter_name, lifter_of
from web.rendering import days_left
from web.request_context import Visit

Row = dict[str, Any]


def decorate(connection: Connection, rows: Iterable[Row], here: Visit, sight: Sight = NOW) -> list[Row]:
    """Rows as the lists show them; what comes next is told of today alone."""
    listed = list(rows)
    cases = [row["id"] for row in listed]
    versions, day = Versions(connection), sight.day(here.today)
    acts = next_acts(connection, cases, here.person) if sight.is_now else {}
    running = running_dates(connection, cases) if sight.is_now else {row["id"]: row["running"] for row in listed}
    standing, unserved = _besides(connection, listed, sight)
    for row in listed:
        pin, lang, state = row["procedure"], here.lang, versions.part("states", row["state"], row["procedure"])
        row |= {
            "state_label": state.label[lang] if state else row["state"],
            "now": state.now[lang] if state else "",
            "next": _next(versions, acts.get(row["id"]), pin),
            "own_district": row["district_code"] == here.person.district,
            "dates": _dates(versions, row, running.get(row["id"], ()), day, lang),
            "in_the_way": [
                {
                    "label": versions.label("obstacles", code, lang, pin),
                    "by": lifter_of(versions, code, lang, pin),
                    "since": since,
                }
                for code, since in standing.get(row["id"], ())
            ],
            "unserved": [
                {
                    "deadline": versions.label("deadlines", key, lang, pin),
                    "letters": ", ".join(letter_name(letter, lang) for letter in letters),
                }
                for key, letters in unserved.get(row["id"], ())
            ],
        }
    return listed


def _next(versions: Versions, act: NextAct | None, pin: str) -> dict[str, Any] | None:
    verb = versions.part("verbs", act.verb, pin) if act else None
    return {"verb": act.verb, "label": verb.label, "by": verb.by, "reason": act.reason} if act and verb else None


def _dates(
    versions: Versions, row: Row, running: Sequence[RunningDate], day: date, lang: str
) -> list[dict[str, Any]]:  # fmt: skip
    """The nearest legal limit and the nearest date of the office's own; where both are past, also the next to come."""
    ends = [("legal", row["legal_on"], ("legal",)), ("target", row["target_on"], OURS)]
    shown = [_named(versions, row, kind, on, kinds, running, lang) for kind, on, kinds in ends if on is not None]
    if shown and all(item["on"] < day for item in shown):
        coming = next((item for item in running if item.ends_on >= day and item.kind != "period"), None)
        shown += [_named(versions, row, "coming", coming.ends_on, (coming.kind,), running, lang)] if coming else []
    return [{**item, "past": item["on"] < day, "left": days_left(day, item["on"], lang)} for item in shown]


def _named(
    versions: Versions, row: Row, kind: str, on: date, kinds: Sequence[str], running: Sequence[RunningDate], lang: str
) -> dict[str, Any]:  # fmt: skip
    key = next((item.key for item in running if item.ends_on == on and item.kind in kinds), "")
    return {"kind": kind, "on": on, "label": versions.label("deadlines", key, lang, row["procedure"]) if key else ""}


def _besides(
    connection: Connection, rows: Sequence[Mapping[str, Any]], sight: Sight
) -> tuple[Mapping[int, Sequence[tuple[str, Any]]], Mapping[int, Sequence[tuple[str, Sequence[str]]]]]:
    """By case: its obstacles with since when, and its clocks that wait for proof; as they stand, or stood."""
    if sight.is_now:
        held = _standing(connection, [row["id"] for row in rows if row["obstacles"]])
        return held, unserved_of(connection, [row["id"] for row in rows])
    then = {row["id"]: [(key, letters) for key, letters, _ in row["unserved"]] for row in rows}
    return {row["id"]: row["in_the_way"] for row in rows}, then


def _standing(connection: Connection, cases: list[int]) -> dict[int, list[tuple[str, Any]]]:
    if not cases:
        return {}
    found = select(obstacles.c.case_id, obstacles.c.code, obstacles.c.since_on).where(
        obstacles.c.case_id.in_(cases), obstacles.c.lifted_on.is_(None)
    )
    standing: dict[int, list[tuple[str, Any]]] = {}
    for case_id, code, day in connection.execute(found).tuples():
        standing.setdefault(case_id, []).append((code, day))
    return standing
