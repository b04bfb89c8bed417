"""Which cases a page is asked for, as it stands in its address: the worklist, and what starts from it."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from casework.lights import LIGHTS
from casework.people import Actor, stands_in_for
from casework.worklist import Filter

LONGEST_SEARCH = 120


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
    closed: bool = False
    unserved: bool = False

    def only_own(self, person: Actor) -> bool:
        """A case officer sees her own cases unless she asks for those of the office."""
        return person.role == "case_officer" and self.scope != "office"

    def wanted(self, connection: Connection, person: Actor, day: date) -> Filter:
        """Of the asker's own office; with the cases of those whom she stands in for on that day."""
        own = (person.id, *stands_in_for(connection, person.id, day)) if self.only_own(person) else ()
        return Filter(
            district=person.district or self.district or None,
            officer_ids=own,
            officer=self.officer or None,
            stage=self.stage or None,
            state=self.state or None,
            light=self.light if self.light in LIGHTS else None,
            obstacle=self.obstacle or None,
            search=self.q.strip()[:LONGEST_SEARCH] or None,
            closed=self.closed,
            unserved=self.unserved,
        )
