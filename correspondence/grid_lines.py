"""What is wrong with a letter or a case in a grid of many, at the cell of its line."""

from collections.abc import Iterator
from contextlib import contextmanager

from models.errors import CoopcaseError, WrongInput


@contextmanager
def in_line(key: int | str, line: str = "letter") -> Iterator[None]:
    """A wrong field bears the key of its line (`number.12`); any other error is the line's own (`letter.12`)."""
    try:
        yield
    except WrongInput as wrong:
        for error in wrong.every:
            error.field = error.params["field"] = f"{error.field}.{key}"
        raise
    except CoopcaseError as refused:
        said = {name: value for name, value in refused.params.items() if name != "field"}
        raise WrongInput(f"{line}.{key}", refused.code, **said) from refused
