"""Pauses Python's cyclic garbage collector where it costs more than the work itself."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def paused_collector() -> Iterator[None]:
    """Pause garbage collection (context manager or decorator): a file of 20,000 units is millions of values without
    reference cycles, and each collection would traverse all of them."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
