"""What a procedure file may give each guard: a guard that gets something else would fail when an officer asks it."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

Value = str | int | bool


class Shape(BaseModel):
    """A guard as it stands in the file: its own key, and `since` where it may look at what came after a step."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Done(Shape):
    done: list[str] = Field(min_length=1)
    since: str = ""


class NotDone(Shape):
    not_done: list[str] = Field(min_length=1)
    since: str = ""


class Times(Shape):
    verb: str
    times: int = Field(ge=1)


class AtLeast(Shape):
    at_least: Times
    since: str = ""


class Share(Shape):
    share: int | None = Field(default=None, ge=0, le=100)
    over: int | None = Field(default=None, ge=0, le=100)


class Vote(Shape):
    vote: Share


class Sessions(Shape):
    sessions: dict[str, int]


class Quorum(Shape):
    quorum: Sessions


class ReturnedOrWaived(Shape):
    returned_or_waived: list[str] = Field(min_length=1)


class OverlaysClear(Shape):
    overlays_clear: list[str] = Field(min_length=1)


class OverlayOn(Shape):
    overlay_on: str


class Order(Shape):
    order: list[str] = Field(min_length=2, max_length=2)


class FieldIs(Shape):
    field_is: dict[str, Value | list[Value]] = Field(min_length=1)


class UnitIs(Shape):
    unit_is: dict[str, Value | list[Value]] = Field(min_length=1)


SHAPES: Mapping[str, type[Shape] | None] = {  # none: the bare word
    "done": Done, "not_done": NotDone, "at_least": AtLeast, "ground_proven": None, "vote": Vote, "quorum": Quorum,
    "newspaper_issues": None, "payout_balances": None, "returned_or_waived": ReturnedOrWaived,
    "overlays_clear": OverlaysClear, "overlay_on": OverlayOn, "council_complete": None, "lawful_suspension": None,
    "order": Order, "field_is": FieldIs, "unit_is": UnitIs,
}  # fmt: skip


def misshapen(name: str, guard: str | Mapping[str, Any]) -> str:
    """What is wrong with a guard's parameters; nothing when they fit, or when nobody knows the guard."""
    if name not in SHAPES:
        return ""
    shape = SHAPES[name]
    if shape is None:
        return "" if isinstance(guard, str) else "takes no parameters"
    try:
        shape.model_validate(guard)
    except ValidationError as error:
        first = error.errors()[0]
        return f"{'.'.join(map(str, first['loc']))}: {first['msg']}".lstrip(": ")
    return ""
