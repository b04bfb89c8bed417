"""What waits for a person beside the acts of cases: letters, confirmations, checks, cases without an officer."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from casework.dossier.instructions import given_by, to_answer
from casework.dossier.notes import notes_to_see
from casework.lists.worklist import NO_OFFICER, Filter, how_many
from casework.office.people import substitutes_for
from correspondence.bulk.bulk_view import waiting_batches
from correspondence.citation_clearance import recalled
from correspondence.letter_queue import INK_ENTERERS, waiting_by_status
from models.tables import case_rows, officers
from oversight.lights import is_open
from oversight.notes_and_instructions import report_is_late
from procedures.law.interpretations import unclear_points
from rule_changes.rulings import may_rule
from rule_changes.version_proposals import may_decide, proposed
from rulebook.readings import office_readings
from templates.formats import date_vi
from templates.words import t
from web.access import may_open
from web.request_context import Visit

LIFE = ("draft", "returned", "submitted", "entered", "approved", "issued", "undelivered")  # what a letter may wait in
SHOWN = 10  # notes, and instructions, each in a line of its own
QUOTED = 120  # characters of one


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
    waiting = waiting_by_status(connection, here.person, here.today)
    for status, (count, first) in sorted(waiting.items(), key=lambda item: LIFE.index(item[0])):
        on_paper = status == "submitted" and here.person.role in INK_ENTERERS
        text = t(f"home.letters_{'on_paper' if on_paper else status}", here.lang, count=count)
        yield Task(text, f"/letters/{first}" if count == 1 else "/letters")


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
    for item in proposed(connection):
        if may_decide(here.person, item):
            yield Task(t("home.version", here.lang, pin=item["pin"]), f"/office/versions/{item['pin']}")


def _absences(connection: Connection, here: Visit) -> Iterator[Task]:
    """The colleagues whose work is on this page too."""
    absent = substitutes_for(connection, here.person.id, here.today)
    for name in connection.scalars(select(officers.c.name).where(officers.c.id.in_(absent)).order_by(officers.c.name)):
        yield Task(t("home.stands_in", here.lang, name=name), "/me")


def _instructions(connection: Connection, here: Visit) -> Iterator[Task]:
    """Instructions that the person has to report on, also for those who are absent."""
    listed = to_answer(connection, [here.person.id, *substitutes_for(connection, here.person.id, here.today)])
    for row in listed[:SHOWN]:
        days, late = (here.today - row["due_on"]).days, report_is_late(row["due_on"], here.today)
        key = "dossier.home_instruction_late" if late else "dossier.home_instruction"
        said = {"by": row["by_name"], "text": _begun(row["text"]), "unit": row["unit_name"]}
        text = t(key, here.lang, **said, due=date_vi(row["due_on"]), count=days)
        yield Task(text, f"/cases/{row['ref']}/instructions/{row['id']}")
    if len(listed) > SHOWN:
        yield Task(t("dossier.home_more_instructions", here.lang, count=len(listed) - SHOWN), "/instructions")


def _given(connection: Connection, here: Visit) -> Iterator[Task]:
    """The person's own instructions without an answer."""
    listed = given_by(connection, here.person.id)
    if listed:
        late = sum(report_is_late(row["due_on"], here.today) for row in listed)
        yield Task(t("dossier.home_given", here.lang, count=len(listed), late=late), "/instructions")


def _notes(connection: Connection, here: Visit) -> Iterator[Task]:
    """Notes whose day to come back has come."""
    persons = [here.person.id, *substitutes_for(connection, here.person.id, here.today)]
    listed = notes_to_see(connection, persons, here.today)
    for row in listed[:SHOWN]:
        said = {"day": date_vi(row["on"]), "text": _begun(row["text"]), "unit": row["unit_name"]}
        yield Task(t("dossier.home_note", here.lang, **said), f"/cases/{row['ref']}/notes/{row['id']}")
    if len(listed) > SHOWN:
        more = t("dossier.home_more_notes", here.lang, count=len(listed) - SHOWN)
        yield Task(more, f"/cases/{listed[SHOWN]['ref']}#notes")


def _begun(text: str) -> str:
    """The beginning of what was written, in one line."""
    line = " ".join(text.split())
    return line if len(line) <= QUOTED else line[: QUOTED - 1].rstrip() + "…"


_KINDS: dict[str, Callable[[Connection, Visit], Iterator[Task]]] = {
    "instruction_now": _instructions, "instruct_now": _given, "note_now": _notes,
    "letter_list": _letters, "bulk_list": _batches, "irregularities_now": _irregularities, "reassign": _unassigned,
    "citations_now": _citations, "reading_now": _readings, "version_now": _versions, "me": _absences,
}  # by the page that has to be open to the person to do it  # fmt: skip
