"""Forms that were sent and did not end in an act: their text and files, kept a day for the person who typed them.

They lie in the data folder and not in the database, since a database that is locked or away is one of the reasons why
a form does not end. Each is a folder `unfinished/PERSON/TOKEN` with `form.json` and its files under the hash of their
content; it gets its name when it is whole. Every process of the office sees the same folders.
"""

import hashlib
import json
import re
import secrets
import shutil
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from casework.evidence_store import plain_name
from models.clock import HANOI
from models.settings import settings

LIFE = timedelta(days=1)
MOST_FORMS = 20  # of one person; the oldest give way
MOST_TEXT = 1_000_000  # characters of one form, names and values
MOST_UPLOADS = 5  # bytes of files of one person, as a multiple of the largest upload
FORM = "form.json"
_TOKEN, _SHA = re.compile(r"[A-Za-z0-9_-]{22}"), re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class KeptFile:
    """One file of a form: the field it was chosen in, its name, the hash of its content, its size in bytes."""

    field: str
    name: str
    sha: str
    size: int


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A kept form: `page` is the address it was filled in at, `action` the address it was sent to."""

    token: str
    page: str
    action: str
    fields: tuple[tuple[str, str], ...]
    files: tuple[KeptFile, ...]
    at: datetime

    @property
    def names(self) -> frozenset[str]:
        """The fields that something was typed into, chosen or attached."""
        return frozenset({name for name, value in self.fields if value} | {file.field for file in self.files})

    def values(self, name: str) -> list[str]:
        return [value for field, value in self.fields if field == name]


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was sent: field, name, content."""

    field: str
    name: str
    data: bytes


def keep(
    person: int, page: str, action: str, fields: Iterable[tuple[str, str]], uploads: Sequence[Upload], now: datetime
) -> Unfinished | None:
    """Keep a form for a person, by officer id; none when its text is beyond MOST_TEXT. Raises OSError."""
    typed = tuple(fields)
    if sum(len(name) + len(value) for name, value in typed) > MOST_TEXT:
        return None
    room, taken = _room(), list[tuple[KeptFile, bytes]]()
    for item in uploads:
        room -= len(item.data)
        if room >= 0:
            sha = hashlib.sha256(item.data).hexdigest()
            taken.append((KeptFile(item.field, plain_name(item.name), sha, len(item.data)), item.data))
    form = Unfinished(secrets.token_urlsafe(16), page, action, typed, tuple(file for file, _ in taken), now)
    _write(person, form, taken)
    _make_room(person, now)
    return form


def listed(person: int, now: datetime) -> list[Unfinished]:
    """The forms of a person that are not older than a day, the newest first."""
    folder = _folder(person)
    if not folder.is_dir():
        return []
    found = [form for path in folder.iterdir() if (form := _read(path)) is not None and now - form.at <= LIFE]
    return sorted(found, key=lambda form: (form.at, form.token), reverse=True)


def one(person: int, token: str, now: datetime) -> Unfinished | None:
    """A form of this very person; none for another's, an older one and a token that is none."""
    if not _TOKEN.fullmatch(token):
        return None
    form = _read(_folder(person) / token)
    return form if form is not None and now - form.at <= LIFE else None


def content_of(person: int, form: Unfinished, sha: str) -> bytes | None:
    """The content of a file of a form; none when the form has no such file, or it is gone or damaged."""
    if not _SHA.fullmatch(sha) or sha not in {file.sha for file in form.files}:
        return None
    with suppress(OSError):
        data = (_folder(person) / form.token / sha).read_bytes()
        return data if hashlib.sha256(data).hexdigest() == sha else None
    return None


def discard(person: int, token: str) -> None:
    """Forget a form of this person and its files; nothing happens where there is none."""
    if _TOKEN.fullmatch(token):
        shutil.rmtree(_folder(person) / token, ignore_errors=True)


def clean(now: datetime) -> int:
    """How many forms were older than a day and are gone now, of all people; what was cut off while written goes too."""
    gone = 0
    for path in list(_root().glob("*/*")):
        form = _read(path)
        if (now - form.at if form else now - _changed(path)) > LIFE:
            shutil.rmtree(path, ignore_errors=True)
            gone += 1
    for folder in list(_root().glob("*")):
        with suppress(OSError):
            folder.rmdir()  # only an empty one goes
    return gone


def _root() -> Path:
    return settings().data.resolve() / "unfinished"


def _folder(person: int) -> Path:
    return _root() / str(int(person))


def _room() -> int:
    return MOST_UPLOADS * settings().max_upload_mb * 1_000_000


def _write(person: int, form: Unfinished, files: Iterable[tuple[KeptFile, bytes]]) -> None:
    half = _folder(person) / f".{form.token}"
    for folder in (_root(), _folder(person), half):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        for file, data in files:
            _own(half / file.sha, data)
        _own(half / FORM, json.dumps(asdict(form) | {"at": form.at.isoformat()}, ensure_ascii=False).encode())
        half.rename(_folder(person) / form.token)
    finally:
        shutil.rmtree(half, ignore_errors=True)


def _own(path: Path, data: bytes) -> None:
    """Readable by the office's own account alone."""
    path.touch(mode=0o600)
    path.write_bytes(data)


def _read(path: Path) -> Unfinished | None:
    """None for what is no whole form."""
    if not _TOKEN.fullmatch(path.name):
        return None
    try:
        found = json.loads((path / FORM).read_text(encoding="utf-8"))
        files = tuple(KeptFile(**file) for file in found["files"])
        fields = tuple((str(name), str(value)) for name, value in found["fields"])
        at = datetime.fromisoformat(found["at"])
        return Unfinished(path.name, str(found["page"]), str(found["action"]), fields, files, at)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _make_room(person: int, now: datetime) -> None:
    """Within the limits of one person the newest stay."""
    room = _room()
    for place, form in enumerate(listed(person, now)):
        room -= sum(file.size for file in form.files)
        if place >= MOST_FORMS or room < 0:
            discard(person, form.token)


def _changed(path: Path) -> datetime:
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, HANOI)
    except OSError:
        return datetime.max.replace(tzinfo=HANOI)
