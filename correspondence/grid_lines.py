"""What is wrong with a letter in a grid of many, at the cell of its line."""

from collections.abc import Iterator
from contextlib import contextmanager

from models.errors import Refused, WrongInput


@contextmanager
def in_line(letter: int) -> Iterator[None]:
    """A wrong field bears the number of its letter (`number.12`); a refusal is the line's own (`letter.12`)."""
    try:
        yield
    except WrongInput as wrong:
        for error in wrong.every:
            error.field = error.params["field"] = f"{error.field}.{letter}"
        raise
    except Refused as refused:
        raise WrongInput(f"letter.{letter}", refused.code, **refused.params) from refused
