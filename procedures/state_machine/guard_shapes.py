"""Schemas of the parameters of guards: wrong parameters are refused when the procedure file is loaded."""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

Value = str | int | bool


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Shape(BaseModel):
    """A guard in the file: its own key, and the values of the act's fields for which it applies."""

    model_config = ConfigDict(extra="forbid", strict=True)
    when: dict[str, Value | list[Value]] = {}
    unless: dict[str, Value | list[Value]] = {}


class Since(Shape):
    """A guard that may be limited to facts after the latest of some steps, or `from` it on, the step included."""

    since: str | list[str] = ""
    from_: str | list[str] = Field(default="", alias="from")


class Done(Since):
    done: list[str] = Field(min_length=1)
    only: dict[str, Value | list[Value]] = {}  # values required in the step's fields; a fact without the field counts


class NotDone(Since):
    not_done: list[str] = Field(min_length=1)
    same: list[str] = []  # fields: only a step that said the same as the act


class Times(Shape):
    verb: str
    times: int = Field(ge=1)


class Regular(Shape):
    regular: list[str] = Field(min_length=1)


class AtLeast(Since):
    at_least: Times


class GroundProven(Since):
    ground_proven: Literal[True]


class Issues(Strict):
    verb: str
    newspaper: str
    issue: str
    day: str = ""


class NewspaperIssues(Since):
    newspaper_issues: Issues


class Share(Strict):
    present: str
    in_favour: str
    share: int | None = Field(default=None, ge=0, le=100)
    over: int | None = Field(default=None, ge=0, le=100)


class Vote(Shape):
    vote: Share


class Sessions(Strict):
    sessions: dict[str, int]
    session: str
    members: str
    present: str


class Quorum(Shape):
    quorum: Sessions


class Returned(Strict):
    items: list[str] = Field(min_length=1)
    by: list[str] = Field(min_length=1)
    field: str


class ReturnedOrWaived(Shape):
    returned_or_waived: Returned


class OverlaysClear(Shape):
    overlays_clear: list[str] = Field(min_length=1)


class OverlayOn(Shape):
    overlay_on: str


class OfStep(BaseModel):
    """A field of an earlier step."""

    model_config = ConfigDict(extra="forbid", strict=True)
    verb: str
    field: str


class NamedIn(Since):
    named_in: OfStep  # the field has the same name in both steps


class RowsOfStep(OfStep):
    """A column of a table field of an earlier step; the field has the same name in both steps."""

    column: str


class NamedInRows(Shape):
    named_in_rows: RowsOfStep


class PastStep(OfStep):
    every: bool = False


class Past(Since):
    past: PastStep


class Settled(Strict):
    by: list[str] = Field(min_length=1)  # any one of these steps settles them
    stated: OfStep
    first: str = ""  # the step to be done first, where neither of them is possible yet


class UndividedSettled(Since):
    undivided_settled: Settled


class Fallen(Strict):
    by: list[str] = Field(min_length=1)  # the steps that may cancel the decision
    fell: dict[str, Value | list[Value]] = Field(min_length=1)  # what they say of it then
    restored: dict[str, Value | list[Value]] = {}  # what a later one says when the decision is valid again


class StillStands(Since):
    still_stands: Fallen


class DecisionInForce(Strict):
    made_at: list[str] = Field(min_length=1)
    ended_by: list[str] = Field(min_length=1)
    is_: bool = Field(alias="is")


class InForce(Since):
    decision_in_force: DecisionInForce


class Payout(Strict):
    rows: str
    rank: str
    claim: str
    paid: str
    claimant: str
    available: str
    remainder: int  # the rank that shares what is left


class PayoutBalances(Shape):
    payout_balances: Payout


class Council(Strict):
    rows: str
    seat: str
    name: str
    reason: str
    seats: list[str] = Field(min_length=1)
    never_vacant: list[str]


class CouncilComplete(Shape):
    council_complete: Council


class Ripe(Strict):
    ground: str
    since: str


class GroundRipe(Shape):
    ground_ripe: Ripe


class Suspension(Strict):
    notified: str
    from_: str = Field(alias="from")
    to: str
    notice: str
    longest: str
    overlay: str


class LawfulSuspension(Shape):
    lawful_suspension: Suspension


class ProofServed(Shape):
    proof_served: str


class Order(Shape):
    order: list[str] = Field(min_length=2, max_length=2)


class Saying(Strict):
    verb: str
    is_: dict[str, list[Value]] = Field(alias="is", min_length=1)


class LastSays(Since):
    last_says: Saying


class Previous(OfStep):
    order: list[str] = Field(min_length=2)
    where: dict[str, Value] = {}


class AfterPrevious(Since):
    after_previous: Previous


class FieldsOfStep(Strict):
    verb: str
    fields: list[str] = Field(min_length=1)


class FieldsSaid(FieldsOfStep):
    if_said: bool = False


class SameAs(Since):
    same_as: FieldsSaid


class Column(Strict):
    field: str
    column: str


class OnePersonEach(Shape):
    one_person_each: Column


class ServedStep(OfStep):
    deadline: str
    matter: str = ""


class ServedBefore(Shape):
    served_before: ServedStep


class Weighing(Strict):
    overlay: str
    since_field: str
    field: str


class Weighed(Shape):
    weighed: Weighing


class Shortage(Strict):
    verb: str
    more: str
    than: str
    by: list[str] = Field(min_length=1)
    instead: list[str] = []
    lists: bool = False
    again: bool = False  # also once it was weighed, where what is listed lacks more than then


class ShortageWeighed(Since):
    shortage_weighed: Shortage


class AnyOf(Shape):
    any_of: list[str | dict[str, Any]] = Field(min_length=2)


class WhileClock(Shape):
    while_clock: str


class AfterClock(Shape):
    after_clock: str


class LevelIs(Shape):
    level_is: str


class ClockClear(Shape):
    clock_clear: str


class FieldIs(Shape):
    field_is: dict[str, Value | list[Value]] = Field(min_length=1)


class OtherOffice(Shape):
    other_office: str


class KindAmong(Shape):
    kind_among: list[str] = Field(min_length=1)


class KindNotAmong(Shape):
    kind_not_among: list[str] = Field(min_length=1)


class ItemsSound(Shape):
    items_sound: Literal["assets", "claims", "members", "payments"]


class Computed(Strict):
    rows: str
    available: str
    reason: str


class PayoutComputed(Shape):
    payout_computed: Computed


class ReleaseComputed(Shape):
    release_computed: str


SHAPES: Mapping[str, type[Shape] | None] = {  # none: the bare word
    "done": Done, "not_done": NotDone, "at_least": AtLeast, "regular": Regular,
    "ground_proven": GroundProven, "ground_ripe": GroundRipe,
    "vote": Vote, "quorum": Quorum, "newspaper_issues": NewspaperIssues, "payout_balances": PayoutBalances,
    "returned_or_waived": ReturnedOrWaived, "overlays_clear": OverlaysClear, "overlay_on": OverlayOn,
    "named_in": NamedIn, "proof_served": ProofServed, "undivided_settled": UndividedSettled,
    "still_stands": StillStands, "council_complete": CouncilComplete, "lawful_suspension": LawfulSuspension,
    "closing_clear": None, "named_in_rows": NamedInRows, "any_of": AnyOf,
    "while_clock": WhileClock, "after_clock": AfterClock, "clock_clear": ClockClear, "level_is": LevelIs,
    "last_says": LastSays, "after_previous": AfterPrevious, "same_as": SameAs, "one_person_each": OnePersonEach,
    "served_before": ServedBefore, "weighed": Weighed, "ground_left": None,
    "items_sound": ItemsSound, "payout_computed": PayoutComputed, "release_computed": ReleaseComputed,
    "undivided_handed_over": None,
    "order": Order, "past": Past, "field_is": FieldIs, "kind_among": KindAmong, "kind_not_among": KindNotAmong,
    "other_office": OtherOffice,
    "shortage_weighed": ShortageWeighed, "decision_in_force": InForce,
}  # fmt: skip
BARE = frozenset({"ground_proven"})  # may be written without parameters too: since the case began


def misshapen(name: str, guard: str | Mapping[str, Any]) -> str:
    """Return what is wrong with a guard's parameters; empty when they fit or the guard is unknown."""
    if name not in SHAPES or (isinstance(guard, str) and name in BARE):
        return ""
    if isinstance(guard, Mapping) and (wrong := _misshapen_inside(guard)):
        return wrong
    shape = SHAPES[name]
    if shape is None:
        return "" if isinstance(guard, str) else "takes no parameters"
    try:
        shape.model_validate(guard)
    except ValidationError as error:
        first = error.errors()[0]
        return f"{'.'.join(map(str, first['loc']))}: {first['msg']}".lstrip(": ")
    return ""


def _misshapen_inside(guard: Mapping[str, Any]) -> str:
    inner = guard.get("any_of", ())
    unknown = [item for item in inner if _name_of(item) not in SHAPES]
    return (
        f"any_of: unknown guard {unknown[0]}"
        if unknown
        else next((wrong for item in inner if (wrong := misshapen(_name_of(item), item))), "")
    )


def _name_of(guard: str | Mapping[str, Any]) -> str:
    return guard if isinstance(guard, str) else next((key for key in guard if key in SHAPES), "")
