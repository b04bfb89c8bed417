"""Progress reports of long work, independent of any terminal: the caller passes a Track."""

from collections.abc import Iterable
from typing import Protocol, TypeVar

T = TypeVar("T")


class Track(Protocol):
    """Yields the items of a piece of work one after another; `total`: how many there are."""

    def __call__(self, items: Iterable[T], total: int) -> Iterable[T]: ...


def silent(items: Iterable[T], total: int) -> Iterable[T]:
    """A Track without any progress report."""
    return items
