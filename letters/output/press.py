"""Many letters printed on all cores: one compiler a thread, never more than a few letters in memory."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from letters.output.pdf import Printed, PrintError, pdf

Kept = TypeVar("Kept")
Told = Callable[[int, int], None]  # how many are done, of how many


def untold(_done: int, _of: int) -> None:
    """Reports no progress."""


def press(printed: Sequence[Printed], keep: Callable[[bytes], Kept], told: Told = untold) -> list[Kept]:
    """Print each letter and hand its bytes to `keep`. Returns what `keep` returned, in the order of the letters.

    `told` is called after each letter with how many are done, of how many. Raises PrintError naming the letter; letters
    that were not begun by then are not printed.
    """

    def one(item: Printed) -> Kept:
        try:
            return keep(pdf(item.letter, item.number))
        except PrintError as error:
            raise PrintError(f"{' '.join(item.letter.summary.split())}: {error.params['why']}") from error

    found: list[Kept] = []
    workers = ThreadPoolExecutor(cores())
    try:
        for answer in workers.map(one, printed):
            found.append(answer)
            told(len(found), len(printed))
    finally:
        workers.shutdown(cancel_futures=True)
    return found


def cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0))
