"""Hashes of the published texts of the procedure: a published version is never edited, a new version replaces it.

`python -m procedures.definition.published` (`make published`) writes the hashes of what is new. A version in
preparation is listed as `unpublished` and may change.
"""

import hashlib
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from procedures.definition.loader import DEFAULT, ProcedureBroken, read

ROOM = Path(__file__).parents[1]
LOCK = "published.txt"
UNPUBLISHED = "unpublished"


def faults(room: Path = ROOM) -> list[str]:
    """Return the violations, each with its remedy, in English for developers."""
    locked, found = _locked(room), dict(_texts(room))
    return [
        *(f"{name}: in {LOCK} but no such text is left: bring it back" for name in locked if name not in found),
        *(fault for pin, path in found.items() for fault in _faults_of(pin, path, locked.get(pin, ""), room)),
    ]


def publish(room: Path = ROOM) -> list[str]:
    """Write the hashes of texts that have none yet. Returns the violations; with any, nothing is written."""
    locked, found = _locked(room), dict(_texts(room))
    hashes = {pin: _hash(path) for pin, path in found.items()}
    edited = [pin for pin, known in locked.items() if known != UNPUBLISHED and hashes.get(pin) != known]
    if not edited:
        lines = [f"{pin} {hashes[pin]}\n" for pin in sorted(hashes)]
        (room / LOCK).write_text("".join(lines), encoding="utf-8")
    return [f"{pin} was published with another text: give the new text a new version" for pin in edited]


def _faults_of(pin: str, path: Path, known: str, room: Path) -> Iterator[str]:
    former = path.parent != room
    if former and path.stem != pin:
        yield f"{path.name}: its own name is {pin}"
    if not known or (former and known == UNPUBLISHED):
        yield f"{pin}: its hash is not in {LOCK}: run make published"
    elif known not in (UNPUBLISHED, _hash(path)):
        yield f"{pin}: a published text was edited: give the file a new version and keep the old text in former/"


def _locked(room: Path) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for line in (room / LOCK).read_text(encoding="utf-8").splitlines():
        pin, known = line.split()
        found[pin] = known
    return found


def _texts(room: Path) -> Iterator[tuple[str, Path]]:
    """Yield (pin, path) of each text. Raises ProcedureBroken for a text that this release cannot read."""
    for path in (room / DEFAULT, *sorted((room / "former").glob("*.yaml"))):
        yield read(path.read_text(encoding="utf-8"), path.name, None).pin, path


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_text(encoding="utf-8").encode()).hexdigest()


if __name__ == "__main__":
    try:
        against = publish()
    except ProcedureBroken as broken:
        against = [f"{item.file}:{item.line}: {item.code} ({item.place})" for item in broken.problems]
    sys.stderr.write("".join(f"{line}\n" for line in against))
    sys.exit(1 if against else 0)
