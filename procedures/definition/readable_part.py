"""What is left of a misshapen procedure file, so that its names are checked together with its shape."""

from copy import deepcopy
from typing import Any

from pydantic import ValidationError

from procedures.schema import Procedure

ROUNDS = 8  # a key that is taken out can leave its part incomplete, which is taken out then
Place = tuple[str | int, ...]


def readable_part(content: Any) -> tuple[Procedure, set[str]] | None:
    """Return the procedure without its misshapen parts, and their keys; None where too little is left."""
    rest, taken_out = deepcopy(content), set[str]()
    for _ in range(ROUNDS):
        try:
            return Procedure.model_validate(rest), taken_out
        except ValidationError as error:
            faults = [_place(rest, item["loc"], item["type"] == "missing") for item in error.errors()]
        if any(len(place) < 2 for place in faults):
            return None
        for place in faults:
            taken_out |= {str(key) for key in place[1:]}
            _take_out(rest, place)
    return None


def _place(content: Any, place: Place, missing: bool) -> Place:
    """The place of a fault as far as it is in the file; of a key that is missing, the part that lacks it."""
    inside: list[str | int] = []
    for key in place[:-1] if missing else place:
        known = isinstance(content, dict) and key in content
        if not known and not (isinstance(content, list) and isinstance(key, int) and key < len(content)):
            break
        content = content[key]
        inside.append(key)
    return tuple(inside)


def _take_out(content: Any, place: Place) -> None:
    """Take a place out; of a part that was shared by an alias and is gone already, nothing."""
    *parts, last = place
    for key in parts:
        try:
            content = content[key]
        except (KeyError, IndexError, TypeError):
            return
    if isinstance(content, list):
        content[:] = [item for at, item in enumerate(content) if at != last]
    elif isinstance(content, dict):
        content.pop(last, None)
