"""The versions of the procedure in this office: the one in force for new cases, and each by its pin."""

from typing import Any

from sqlalchemy import Connection, select

from models.errors import NotFound
from models.tables import procedure_versions
from procedures.definition.loader import load, read
from procedures.former_names import SECTIONS, own_name
from procedures.schema import Procedure
from rulebook.shipped import Shipped, shipped

_parsed: dict[str, Procedure] = {}  # by hash of the text, shared by all databases of the process


class Versions:
    """All versions of the office, read in one query; texts that cases can be pinned to are parsed once per process.

    An office without stored versions uses the shipped one.
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
        """The version of new cases, also used by menus and filters."""
        return self.of(self._in_force)

    @property
    def adopted(self) -> list[Procedure]:
        """Return every version that cases can be pinned to."""
        return [self.of(pin) for pin in dict.fromkeys((self._in_force, *self._adopted))]

    def of(self, pin: str) -> Procedure:
        """Return the version of a pin. Raises NotFound when it is neither stored nor shipped."""
        known = self._hashes.get(pin)
        if known is None:
            return _of_package(pin)
        if known not in _parsed:
            text = select(procedure_versions.c.text).where(procedure_versions.c.pin == pin)
            _parsed[known] = parsed(self._connection.execute(text).scalar_one(), known, pin)
        return _parsed[known]

    def part(self, section: str, code: str, pin: str = "") -> Any | None:
        """Return a state, verb, deadline, obstacle … by code, from that version, else from any other; None: unknown.

        `section`: an attribute of Procedure, e.g. `part("verbs", "open_case")`.
        """
        for name in dict.fromkeys((pin or self._in_force, self._in_force, *self._adopted)):
            try:
                procedure = self.of(name)
            except NotFound:  # the text of a case's version may be missing; lists still have to show the case
                continue
            own = own_name(procedure, section, code) if section in SECTIONS else code
            if (found := getattr(procedure, section).get(own)) is not None:
                return found
        return None

    def label(self, section: str, code: str, lang: str, pin: str = "") -> str:
        """Return the label of a part, or its code where no version defines it."""
        found = self.part(section, code, pin)
        return str(found.label[lang]) if found is not None else code


def procedure_of(connection: Connection, pin: str, sha256: str | None = None) -> Procedure:
    """Return the procedure of a pin; with the hash of its text no query is made. Raises NotFound."""
    return _parsed.get(sha256 or "") or Versions(connection).of(pin)


def in_force(connection: Connection) -> Procedure:
    """Return the procedure of new cases."""
    return Versions(connection).in_force


def of_release(connection: Connection) -> Procedure:
    """Return the version that came with this release, whether or not the office has adopted it."""
    return Versions(connection).of(shipped().current.pin)


def parsed(text: str, sha256: str, name: str) -> Procedure:
    """Parse a stored text; letters that it names may no longer exist."""
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
