"""Progress bars for long work, on standard error if it is a terminal."""

from collections.abc import Iterable
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from models.tracking import Track, silent

T = TypeVar("T")


def bar(label: str) -> Track:
    """Track long work under a label; silent where standard error is no terminal."""
    console = Console(stderr=True)
    if not console.is_terminal:
        return silent

    def track(items: Iterable[T], total: int) -> Iterable[T]:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=console, transient=True) as progress:
            yield from progress.track(items, total=total, description=label)

    return track
