"""Python's search for reference cycles, paused where it costs more than the work itself."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def paused_collector() -> Iterator[None]:
    """No search for cycles meanwhile: a file of 20,000 units is millions of values without one, and each search
    would walk over all of them. Also a decorator."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
