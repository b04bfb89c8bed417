"""Caches the readings of files, so that a file is read once for preview, annotation and import."""

import hashlib
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from threading import Lock
from typing import Generic, TypeVar

from register.interpret import NO_WORDS, Reading, interpret
from register.workbook import Workbook, read_workbook

KEPT = 3  # a reading of 20,000 units takes about 100 MB
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class _Key:
    """Cache key: the content of the file and the other inputs of its reading."""

    digest: str
    name: str
    today: date | None = None
    words: tuple[tuple[str, str], ...] = ()


class _Kept(Generic[V]):
    """The latest few results; thread-safe."""

    def __init__(self) -> None:
        self._found: OrderedDict[_Key, V] = OrderedDict()
        self._lock = Lock()

    def get(self, key: _Key) -> V | None:
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
            return self._found.get(key)

    def put(self, key: _Key, value: V) -> V:
        with self._lock:
            self._found[key] = value
            while len(self._found) > KEPT:
                self._found.popitem(last=False)
        return value

    def drop(self, digest: str) -> None:
        with self._lock:
            for key in [key for key in self._found if key.digest == digest]:
                del self._found[key]


_BOOKS: _Kept[Workbook] = _Kept()
_READINGS: _Kept[Reading] = _Kept()


def digest_of(data: bytes) -> str:
    """Return the SHA-256 of a file, in hex."""
    return hashlib.sha256(data).hexdigest()


def workbook_of(data: bytes, name: str) -> Workbook:
    """Return the cells of the file. Raises WrongInput as `read_workbook`."""
    key = _Key(digest_of(data), name)
    return _BOOKS.get(key) or _BOOKS.put(key, read_workbook(data, name))


def reading_of(data: bytes, name: str, *, today: date | None = None, words: Mapping[str, str] = NO_WORDS) -> Reading:
    """Return the units of the file. Raises WrongInput as `read_workbook` and `interpret`."""
    key = _Key(digest_of(data), name, today, tuple(sorted(words.items())))
    found = _READINGS.get(key)
    return found or _READINGS.put(key, interpret(workbook_of(data, name), today=today, words=words))


def forget(data: bytes) -> None:
    """Drop the cached readings of a file."""
    for kept in (_BOOKS, _READINGS):
        kept.drop(digest_of(data))
