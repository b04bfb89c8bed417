"""What papers are in a case, by the version of the procedure that the case has."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from procedures.paper_steps import Papers
from rulebook.versions import Versions, procedure_of


def papers_of(connection: Connection, pin: str) -> Papers:
    """Return the papers of a version; without a pin, of the one in force."""
    return procedure_of(connection, pin).papers if pin else Versions(connection).in_force.papers


class OfficePapers:
    """The papers of every version that cases can be pinned to."""

    def __init__(self, connection: Connection) -> None:
        self._by_pin: Mapping[str, Papers] = {item.pin: item.papers for item in Versions(connection).adopted}

    def of(self, pin: str) -> Papers:
        return self._by_pin.get(pin) or next(iter(self._by_pin.values()))

    @property
    def all(self) -> Sequence[Papers]:
        return tuple(self._by_pin.values())
