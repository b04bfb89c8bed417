"""Which cases a page is asked for, as the query of its address says: the worklist, and what starts from it."""

from dataclasses import dataclass, fields
from datetime import date, datetime

from sqlalchemy import Connection

from casework.lists.worklist import Filter
from casework.office.people import Actor, substitutes_for
from oversight.lights import LIGHTS
from oversight.milestones import bound_cases
from oversight.thresholds import upcoming_until
from procedures.former_names import all_names
from rulebook.versions import Versions

LONGEST_SEARCH = 120
DAYS = ("p", "as_of", "known_on")


@dataclass(frozen=True, slots=True)
class AskedCases:
    scope: str = ""
    district: str = ""
    officer: str = ""
    stage: str = ""
    state: str = ""
    light: str = ""
    obstacle: str = ""
    q: str = ""
    deadline: str = ""  # keys, separated by commas
    bound: str = ""  # a fixed date of the programme: the cases bound to it, whatever their step
    who: str = ""
    held: str = ""  # true | false
    late: bool = False
    closed: bool = False
    unserved: bool = False
    coming: bool = False  # with a date in the next few days

    @property
    def questions(self) -> dict[str, str]:
        """What is asked, without the page and the day, as texts for an address or a form."""
        found = {field.name: str(getattr(self, field.name) or "") for field in fields(self) if field.name not in DAYS}
        return {name: value.lower() if value == "True" else value for name, value in found.items() if value}

    @property
    def narrowing(self) -> bool:
        """Whether it asks for less than all open cases, whatever their lights."""
        return not self.questions.keys() <= {"scope", "light", "coming"}

    def only_own(self, person: Actor) -> bool:
        """A case officer sees her own cases unless she asks for those of the office."""
        return person.role == "case_officer" and self.scope != "office"

    def _deadlines(self, connection: Connection) -> tuple[str, ...]:
        """The deadlines asked for, by every name that the versions of open cases have for them."""
        asked = list(filter(None, self.deadline.split(",")))
        versions = Versions(connection).adopted if asked else ()
        return tuple(sorted(all_names(versions, "deadlines", asked)))

    def wanted(self, connection: Connection, person: Actor, day: date, known_before: datetime | None = None) -> Filter:
        """Of the asker's own office; with the cases of those whom the person substitutes on that day."""
        scope = person.district or self.district or None
        own = (person.id, *substitutes_for(connection, person.id, day)) if self.only_own(person) else ()
        return Filter(
            district=scope,
            officer_ids=own,
            officer=self.officer or None,
            stage=self.stage or None,
            state=self.state or None,
            light=self.light if self.light in LIGHTS else None,
            obstacle=self.obstacle or None,
            search=self.q.strip()[:LONGEST_SEARCH] or None,
            deadlines=self._deadlines(connection),
            cases=bound_cases(connection, day, self.bound, district=scope, known_before=known_before)
            if self.bound
            else None,
            who=self.who or None,
            held={"true": True, "false": False}.get(self.held),
            late=self.late,
            closed=self.closed,
            unserved=self.unserved,
            falls=(day, upcoming_until(day)) if self.coming else None,
        )
