"""Letters that got stuck: longer than practice allows at the same place, found set-wise for the watch and the lists."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, and_, or_, select

from casework.office.people import Actor
from correspondence.letter_queue import JOINED, SHOWN, SINCE, scope
from correspondence.service.service_rules import consecutive_issues, standing, under_way
from models.tables import case_rows, letter_rows, services
from procedures.paper_steps import papers
from procedures.state_machine.guards import NEWSPAPER_ISSUES

PLACES = ("submitted", "approved", "issued", "undelivered", "printing", "posting")
OUT = ("issued", "undelivered", "served", "published")  # statuses in which attempts of service decide


def stuck(connection: Connection, day: date, districts: Sequence[str] | None = None) -> list[dict[str, Any]]:
    """Every stuck letter of an open case: `place` where, `since_on` from when, `days` since; the longest first.

    Not signed, not issued, not served, come back and not tried again, printed in fewer than three consecutive issues,
    posted without the minutes of its end.
    """
    found = select(*SHOWN).select_from(JOINED).where(_suspect(day), case_rows.c.closed_on.is_(None))
    if districts is not None:
        found = found.where(case_rows.c.district_code.in_(districts))
    return _judged(connection, found, day)


def stuck_for(connection: Connection, person: Actor, day: date) -> list[dict[str, Any]]:
    """`stuck` in a person's sight; a case officer's own cases."""
    found = select(*SHOWN).select_from(JOINED).where(_suspect(day), case_rows.c.closed_on.is_(None), *scope(person))
    if person.role == "case_officer":
        found = found.where(case_rows.c.officer_id == person.id)
    return _judged(connection, found, day)


def _suspect(day: date) -> Any:
    """What may be stuck, by its row alone."""
    status, limits = letter_rows.c.status, papers().stuck
    waiting = [and_(status == name, day - timedelta(days=limits[name]) >= SINCE) for name in ("submitted", "approved")]
    shortest = min(limits[name] for name in ("issued", "undelivered", "posting"))
    out = and_(status.in_(("issued", "undelivered")), letter_rows.c.issued_on <= day - timedelta(days=shortest))
    printed = and_(
        letter_rows.c.template.in_(papers().printed), status.in_(OUT),
        letter_rows.c.issued_on <= day - timedelta(days=limits["printing"]),
    )  # fmt: skip
    return or_(*waiting, out, printed)


def _judged(connection: Connection, found: Any, day: date) -> list[dict[str, Any]]:
    rows = [dict(row) for row in connection.execute(found).mappings()]
    tried = _attempts(connection, [row["id"] for row in rows if row["status"] in OUT])
    listed = []
    for row in rows:
        places = list(_places(row, tried.get(row["id"], []), day))
        if places:
            place, since = max(places, key=lambda item: (day - item[1]).days - papers().stuck[item[0]])
            listed.append(row | {"place": place, "since_on": since, "days": (day - since).days})
    return sorted(listed, key=lambda row: (row["since_on"], row["id"]))


def _places(row: Mapping[str, Any], tried: Sequence[Mapping[str, Any]], day: date) -> Iterator[tuple[str, date]]:
    """Where a letter is stuck, and since when."""
    for place, since in _stands(row, standing(tried)):
        if since <= day - timedelta(days=papers().stuck[place]):
            yield place, since


def _stands(row: Mapping[str, Any], tried: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, date]]:
    """Each place where a letter stands now, with the day from which it has stood there."""
    status, begun = row["status"], under_way(tried)
    if status in ("submitted", "approved"):
        yield status, row["since_on"]
    elif status != "published" and row["template"] in papers().printed and consecutive_issues(tried) < NEWSPAPER_ISSUES:
        yield "printing", row["issued_on"]
    if begun is not None and begun["way"] == "posting":
        yield "posting", begun["to_on"]
    elif status == "issued" and (row["template"] not in papers().printed or not tried):
        yield "issued", begun["on"] if begun is not None else row["issued_on"]
    elif status == "undelivered" and begun is None:
        yield (
            "undelivered",
            max((item["on"] for item in tried if item["result"] == "returned"), default=row["issued_on"]),
        )


def _attempts(connection: Connection, letter_ids: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = {}
    for row in connection.execute(
        select(services).where(services.c.letter_id.in_(letter_ids)).order_by(services.c.id)
    ).mappings():
        found.setdefault(row["letter_id"], []).append(dict(row))
    return found
