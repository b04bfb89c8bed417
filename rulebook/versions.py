"""The versions of the procedure in this office: which one is in force for new cases, and each by its pin."""

from typing import Any

from sqlalchemy import Connection, select

from models.errors import NotFound
from models.tables import procedure_versions
from procedures.definition.loader import load, read
from procedures.schema import Procedure
from rulebook.shipped import Shipped, shipped

_parsed: dict[str, Procedure] = {}  # by the hash of the text: one text means one procedure, whatever the database


class Versions:
    """The versions known in one query; those that cases can hang on are read at once, if this process has not yet.

    An office that has taken none up goes by what the product ships.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        columns = procedure_versions.c
        found = select(columns.pin, columns.sha256, columns.status, columns.adopted_at)
        rows = connection.execute(found.order_by(columns.added_at.desc(), columns.pin)).all()
        self._hashes = {row.pin: row.sha256 for row in rows}
        self._in_force = next((row.pin for row in rows if row.status == "in_force"), shipped().current.pin)
        self._adopted = [row.pin for row in rows if row.adopted_at is not None]
        for pin in self._adopted:
            self.of(pin)

    @property
    def in_force(self) -> Procedure:
        """What new cases are opened under, and what menus and filters show."""
        return self.of(self._in_force)

    @property
    def adopted(self) -> list[Procedure]:
        """Every version that cases can hang on."""
        return [self.of(pin) for pin in dict.fromkeys((self._in_force, *self._adopted))]

    def of(self, pin: str) -> Procedure:
        """The version of that name. Raises NotFound when it is neither stored nor shipped."""
        known = self._hashes.get(pin)
        if known is None:
            return _of_package(pin)
        if known not in _parsed:
            text = select(procedure_versions.c.text).where(procedure_versions.c.pin == pin)
            _parsed[known] = parsed(self._connection.execute(text).scalar_one(), known, pin)
        return _parsed[known]

    def part(self, section: str, code: str, pin: str = "") -> Any | None:
        """A state, verb, deadline, obstacle … by its code: of that version, else of any that knows it."""
        for name in dict.fromkeys((pin or self._in_force, self._in_force, *self._adopted)):
            try:
                found = getattr(self.of(name), section).get(code)
            except NotFound:  # a case may outlive the text of its version; its lists must still be shown
                continue
            if found is not None:
                return found
        return None

    def label(self, section: str, code: str, lang: str, pin: str = "") -> str:
        """The name of a part, or its code where no version knows it."""
        found = self.part(section, code, pin)
        return str(found.label[lang]) if found is not None else code


def procedure_of(connection: Connection, pin: str, sha256: str | None = None) -> Procedure:
    """The procedure that a case is pinned to; with the hash of its text, without a query. Raises NotFound."""
    return _parsed.get(sha256 or "") or Versions(connection).of(pin)


def in_force(connection: Connection) -> Procedure:
    """The procedure that new cases are opened under."""
    return Versions(connection).in_force


def parsed(text: str, sha256: str, name: str) -> Procedure:
    """A stored text as a procedure; letters it names may be gone meanwhile."""
    package: Shipped = shipped()
    return load() if sha256 == package.current.sha256 else read(text, name, None)


def _of_package(pin: str) -> Procedure:
    found = shipped().of(pin)
    if found is None:
        raise NotFound("no_such_procedure", pin=pin)
    known = found.sha256
    if known not in _parsed:
        _parsed[known] = parsed(found.text, known, pin)
    return _parsed[known]
