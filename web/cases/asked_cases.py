"""Which cases a page is asked for, as the query of its address says: the worklist, and what starts from it."""

from dataclasses import dataclass, fields
from datetime import date, datetime

from sqlalchemy import Connection, select

from casework.lists.worklist import Filter
from casework.office.people import Actor, substitutes_for
from models.tables import case_rows
from oversight.lights import LIGHTS
from oversight.milestones import bound_cases
from oversight.thresholds import upcoming_until
from procedures.former_names import all_names
from rulebook.versions import Versions

LONGEST_SEARCH = 120
LOOKED_AT = ("p", "as_of", "known_on", "sort", "cols", "view")  # how the cases are looked at, not which
LEVELS = ("district", "city")
MOST_SELECTED = 100  # cases that are worked on at once


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
    level: str = ""  # district | city: of the office that carries them
    refs: str = ""  # references of cases that were selected, separated by commas

    @property
    def questions(self) -> dict[str, str]:
        """What is asked, without the page and the day, as texts for an address or a form."""
        names = [field.name for field in fields(self) if field.name not in LOOKED_AT]
        found = {name: str(getattr(self, name) or "") for name in names}
        return {name: value.lower() if value == "True" else value for name, value in found.items() if value}

    @property
    def narrowing(self) -> bool:
        """Whether it asks for less than all open cases, whatever their lights."""
        return not self.questions.keys() <= {"scope", "light", "coming"}

    @property
    def selected(self) -> tuple[str, ...]:
        """The references of the cases that were selected."""
        return tuple(dict.fromkeys(filter(None, self.refs.split(","))))[:MOST_SELECTED]

    def only_own(self, person: Actor) -> bool:
        """A case officer sees her own cases unless she asks for those of the office."""
        return person.role == "case_officer" and self.scope != "office"

    def _deadlines(self, connection: Connection) -> tuple[str, ...]:
        """The deadlines asked for, by every name that the versions of open cases have for them."""
        asked = list(filter(None, self.deadline.split(",")))
        versions = Versions(connection).adopted if asked else ()
        return tuple(sorted(all_names(versions, "deadlines", asked)))

    def _cases(
        self, connection: Connection, day: date, scope: str | None, known_before: datetime | None
    ) -> tuple[int, ...] | None:
        """The ids of the cases bound to the date, or selected; None: all."""
        found: tuple[int, ...] | None = None
        if self.bound:
            found = tuple(bound_cases(connection, day, self.bound, district=scope, known_before=known_before))
        if self.refs:
            named = select(case_rows.c.id).where(case_rows.c.ref.in_(self.selected))
            chosen = tuple(connection.scalars(named.order_by(case_rows.c.id)))
            found = chosen if found is None else tuple(sorted({*chosen} & {*found}))
        return found

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
            cases=self._cases(connection, day, scope, known_before),
            level=self.level if self.level in LEVELS else None,
            who=self.who or None,
            held={"true": True, "false": False}.get(self.held),
            late=self.late,
            closed=self.closed,
            unserved=self.unserved,
            falls=(day, upcoming_until(day)) if self.coming else None,
        )
