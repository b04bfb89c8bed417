"""The city's desk in tests: versions come in, are proposed and decided."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Engine, select

from models.clock import FrozenClock
from models.database import reading, writing
from models.tables import case_rows
from rule_changes import version_proposals
from rule_changes.version_impact import Change, preview
from rulebook.versions import Versions
from tests.rule_changes import version_texts as made
from tests.rule_changes.version_texts import NAME, text_of
from tests.web.web_office import CLOCK, Office, login_of

CITY_MANAGER, CITY_LEADER, CITY_LEGAL = (login_of(role, None) for role in ("manager", "leader", "legal"))
NEXT = f"{NAME}@9"
LATER = FrozenClock.on(date(2016, 3, 21))


@dataclass
class Desk:
    """The city's desk: versions come in, are proposed and decided."""

    office: Office

    @property
    def bind(self) -> Engine:
        return self.office.bind

    def add(self, text: str, by: str = CITY_MANAGER) -> str:
        with writing(self.bind) as connection:
            return version_proposals.add(connection, text, "new.yaml", by=by, clock=CLOCK)

    def propose(self, pin: str = NEXT, by: str = CITY_MANAGER, note: str = "") -> None:
        with writing(self.bind) as connection:
            version_proposals.propose(connection, pin, by=by, note=note, clock=CLOCK)

    def brought(self, *changes: tuple[str, str], number: str = "9", base: str = made.OWN) -> str:
        """A version brought in and proposed."""
        pin = self.add(text_of(number, *changes, base=base))
        self.propose(pin)
        return pin

    def seen(self, pin: str = NEXT, *refs: str) -> Change:
        with reading(self.bind) as connection:
            return preview(connection, Versions(connection).of(pin), CLOCK.today(), refs)

    def approve(self, pin: str = NEXT, by: str = CITY_LEGAL, mark: str | None = None) -> Change:
        seen = self.seen(pin).mark if mark is None else mark
        return version_proposals.approve(self.bind, pin, by=by, seen=seen, clock=LATER)

    def send_back(self, by: str = CITY_LEGAL, reason: str = "Thiếu căn cứ") -> None:
        with writing(self.bind) as connection:
            version_proposals.send_back(connection, NEXT, by=by, reason=reason, clock=CLOCK)

    def withdraw(self, by: str = CITY_MANAGER) -> None:
        with writing(self.bind) as connection:
            version_proposals.withdraw(connection, NEXT, by=by, clock=CLOCK)

    def status(self, pin: str = NEXT) -> str:
        with reading(self.bind) as connection:
            return str(version_proposals.version(connection, pin)["status"])

    def acts(self, pin: str = NEXT) -> list[str]:
        with reading(self.bind) as connection:
            return [item["act"] for item in version_proposals.version(connection, pin)["history"]]

    def pins(self) -> dict[str, str]:
        with reading(self.bind) as connection:
            return dict(connection.execute(select(case_rows.c.ref, case_rows.c.procedure)).tuples().all())
