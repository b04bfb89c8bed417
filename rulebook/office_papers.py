"""What papers are in a case, by the version of the procedure that the case has."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from procedures.former_names import all_names
from procedures.paper_steps import IncomingKind, Papers
from procedures.schema import Procedure
from procedures.service_ways import ServiceWay
from rulebook.versions import Versions, procedure_of


def papers_of(connection: Connection, pin: str) -> Papers:
    """Return the papers of a version by every name of their letters; without a pin, of the one in force."""
    return by_every_name(procedure_of(connection, pin) if pin else Versions(connection).in_force)


def by_every_name(procedure: Procedure) -> Papers:
    """Return the papers of a version, each letter by all its names: a row keeps the one that it was drafted under."""
    papers, versions = procedure.papers, (procedure,)
    serving = {
        way: step.model_copy(update={"letters": tuple(sorted(all_names(versions, "letters", step.letters)))})
        for way, step in papers.serving.items()
    }
    incoming = {code: _incoming_by_every_name(kind, procedure) for code, kind in papers.incoming.items()}
    printed = all_names(versions, "letters", papers.printed)
    return papers.model_copy(update={"printed": printed, "serving": serving, "incoming": incoming})


def _incoming_by_every_name(kind: IncomingKind, procedure: Procedure) -> IncomingKind:
    known = {letter: all_names((procedure,), "letters", [letter]) for letter in {*kind.answers, *kind.each}}
    answers = {name: fixed for letter, fixed in kind.answers.items() for name in known[letter]}
    each = {name: parts for letter, parts in kind.each.items() for name in known[letter]}
    return kind.model_copy(update={"answers": answers, "each": each})


class OfficePapers:
    """The papers of every version that cases can be pinned to."""

    def __init__(self, connection: Connection) -> None:
        self._procedures = {item.pin: item for item in Versions(connection).adopted}
        self._by_pin: Mapping[str, Papers] = {pin: by_every_name(item) for pin, item in self._procedures.items()}

    def of(self, pin: str) -> Papers:
        return self._by_pin.get(pin) or next(iter(self._by_pin.values()))

    def procedure(self, pin: str) -> Procedure:
        return self._procedures.get(pin) or next(iter(self._procedures.values()))

    @property
    def procedures(self) -> Sequence[Procedure]:
        return tuple(self._procedures.values())

    def ways(self) -> Mapping[str, ServiceWay]:
        """The ways of service of every version; where versions differ, those of the first."""
        return {name: way for papers in reversed(self.all) for name, way in papers.all_ways().items()}

    @property
    def all(self) -> Sequence[Papers]:
        return tuple(self._by_pin.values())
