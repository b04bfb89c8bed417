"""What waits for a person beside the acts of cases: letters, confirmations, checks, cases without an officer."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from casework.lists.worklist import NO_OFFICER, Filter, how_many
from casework.office.people import substitutes_for
from correspondence.bulk.bulk_view import waiting_batches
from correspondence.citation_clearance import recalled
from correspondence.letter_queue import waiting_count
from models.tables import case_rows, officers
from oversight.lights import is_open
from procedures.law.interpretations import unclear_points
from rule_changes.rulings import may_rule
from rule_changes.version_proposals import may_decide, versions
from rulebook.readings import office_readings
from templates.words import t
from web.access import may_open
from web.request_context import Visit


@dataclass(frozen=True, slots=True)
class Task:
    """One line: what waits, and where it is done."""

    text: str
    link: str


def tasks(connection: Connection, here: Visit) -> list[Task]:
    """Everything but acts of cases that waits for this person, each kind in one line."""
    return [
        task
        for page, listed in _KINDS.items()
        if may_open(page, here.person.role, here.person.district)
        for task in listed(connection, here)
    ]


def _letters(connection: Connection, here: Visit) -> Iterator[Task]:
    if count := waiting_count(connection, here.person, here.today):
        yield Task(t(f"pages.letters_wait_{here.person.role}", here.lang, count=count), "/letters")


def _batches(connection: Connection, here: Visit) -> Iterator[Task]:
    for item in waiting_batches(connection, here.person, here.today):
        text = t("bulk.waiting", here.lang, name=item["name"], count=item["total"])
        yield Task(text, f"/letters/bulk/{item['id']}")


def _irregularities(connection: Connection, here: Visit) -> Iterator[Task]:
    """Cases with unlawful days that nobody has confirmed or accepted yet, of the office that the person decides in."""
    row, district = case_rows.c, here.person.district
    found = select(func.count()).where(is_open(), row.irregular > 0)
    found = found.where(row.district_code == district) if district else found.where(row.level == "city")
    if count := connection.scalar(found):
        yield Task(t("home.irregular", here.lang, count=count), "/irregularities")


def _unassigned(connection: Connection, here: Visit) -> Iterator[Task]:
    district = here.person.district
    wanted = Filter(district=district, officer=NO_OFFICER, level="district" if district else "city")
    if count := how_many(connection, wanted, here.today):
        yield Task(t("home.unassigned", here.lang, count=count), f"/work?scope=office&officer={NO_OFFICER}")


def _citations(connection: Connection, here: Visit) -> Iterator[Task]:
    """Citations to compare with the gazette; the city's justice office does it for all."""
    count = sum(item["cleared"] is None for item in recalled(connection))
    if count and here.person.district is None:
        yield Task(t("home.citations", here.lang, count=count), "/citations")


def _readings(connection: Connection, here: Visit) -> Iterator[Task]:
    ruled = office_readings(connection).of(here.person.district)
    count = sum(key not in ruled for key in unclear_points())
    if count and may_rule(here.person):
        yield Task(t("home.readings", here.lang, count=count), "/office/readings")


def _versions(connection: Connection, here: Visit) -> Iterator[Task]:
    for item in versions(connection):
        if item["status"] == "proposed" and may_decide(here.person, item):
            yield Task(t("home.version", here.lang, pin=item["pin"]), f"/office/versions/{item['pin']}")


def _absences(connection: Connection, here: Visit) -> Iterator[Task]:
    """The colleagues whose work is on this page too."""
    absent = substitutes_for(connection, here.person.id, here.today)
    for name in connection.scalars(select(officers.c.name).where(officers.c.id.in_(absent)).order_by(officers.c.name)):
        yield Task(t("home.stands_in", here.lang, name=name), "/me")


_KINDS: dict[str, Callable[[Connection, Visit], Iterator[Task]]] = {
    "letter_list": _letters, "bulk_list": _batches, "irregularities_now": _irregularities, "reassign": _unassigned,
    "citations_now": _citations, "reading_now": _readings, "version_now": _versions, "me": _absences,
}  # by the page that has to be open to the person to do it  # fmt: skip
