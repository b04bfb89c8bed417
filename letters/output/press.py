"""Prints many letters on all cores: one compiler per thread, only a few letters in memory."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from letters.output.pdf import Printed, PrintError, pdf

Kept = TypeVar("Kept")
OnProgress = Callable[[int, int], None]  # (letters done, letters in total)


def no_progress(_done: int, _of: int) -> None:
    """Reports no progress."""


def press(printed: Sequence[Printed], keep: Callable[[bytes], Kept], progress: OnProgress = no_progress) -> list[Kept]:
    """Print each letter and pass its bytes to `keep`. Returns the results of `keep` in the order of the letters.

    `progress` is called after each letter. Raises PrintError naming the letter; letters not started by then are not
    printed.
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
            progress(len(found), len(printed))
    finally:
        workers.shutdown(cancel_futures=True)
    return found


def cores() -> int:
    """Return the number of cores that this process may use."""
    return len(os.sched_getaffinity(0))
