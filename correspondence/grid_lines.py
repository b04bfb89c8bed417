"""What is wrong with a letter or a case in a grid of many, at the cell of its line."""

from collections.abc import Callable, Collection, Iterator, Sequence
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


def said_once(
    wrong: Sequence[WrongInput], lines: Collection[str], takes: Callable[[str, str], bool], line: str = "letter"
) -> list[WrongInput]:
    """What is wrong alike in every line that takes a field from what is typed once for all is said once, at that field.

    `lines`: the keys of all; `takes`: whether a line (its key second) takes that field from what is typed once. Lines
    that were refused as such (`letter.12`) were not checked.
    """
    checked = {key for key in lines if f"{line}.{key}" not in {error.field for error in wrong}}
    alike: dict[tuple[str, str, str], dict[str, WrongInput]] = {}
    for error in wrong:
        params = {name: value for name, value in error.params.items() if name not in ("field", "also")}
        name, _, key = error.field.partition(".")
        alike.setdefault((name, error.code, repr(params)), {})[key] = error
    found: list[WrongInput] = []
    for (name, _, _), same in alike.items():
        takers = {key for key in checked if takes(name, key)}
        if takers and takers <= set(same):
            once = same[min(takers)]
            once.field = once.params["field"] = name
            found += [once, *(error for key, error in same.items() if key not in takers)]
        else:
            found += same.values()
    return found
