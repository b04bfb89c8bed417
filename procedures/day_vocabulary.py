"""Words of a procedure file for the order of days: what a day may not precede or follow, and how long from what.

A day names what it is compared with as text or as a mapping:

    opened, entered, today     the case was opened; it came to its present state; the day on which the act is recorded
    conditions                 the latest of the acts that the conditions of the act ask for
    on                         the day of the act itself
    FIELD                      a date field of the same act
    VERB.FIELD, VERB.on        a date field, or the day, of the latest valid fact of a verb
    {verb: V, field: F}        the same
    {start: D}, {end: D}       first and last day of a deadline of the case that runs, or that was met
    {asked: FIELD}             the day from which the deadline chosen in this field runs or waits
    {issued: LETTER}           the day of the latest letter of this template that was issued

A rule whose other day is not known says nothing.
"""

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from procedures.parts import Keys, Part, Words

OWN = "on"  # the day of the act, as the name of a field
CONDITIONS = "conditions"
NAMED_DAYS = ("opened", "entered", "today", CONDITIONS)
REASON = "irregularity_reason"  # the reserved field of an act: why an unlawful day is what really happened
BoundKind = Literal["not_before", "after", "not_after", "before", "least", "most", "starts", "ends"]


def _reference(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    verb, _, field = value.rpartition(".")
    return {"verb": verb, "field": field}


class DayRef(Part):
    """A day that a rule compares with."""

    verb: str = ""
    field: str = ""
    start: str = ""
    end: str = ""
    asked: str = ""
    issued: str = ""

    @model_validator(mode="after")
    def _one(self) -> Self:
        others = (self.start, self.end, self.asked, self.issued)
        if sum(map(bool, (self.field, *others))) != 1 or (self.verb and not self.field):
            raise ValueError("name one day: a field, {verb, field}, {start}, {end}, {asked} or {issued}")
        return self

    @property
    def named(self) -> bool:
        return not self.verb and self.field in NAMED_DAYS

    def __str__(self) -> str:
        if self.field:
            return f"{self.verb}.{self.field}" if self.verb else self.field
        return next(f"{name} {key}" for name, key in self.model_dump(exclude_defaults=True).items())


Reference = Annotated[DayRef, BeforeValidator(_reference)]


class Length(Part):
    """How long after another day: `least` and `most` are keys of terms of the procedure, counted in calendar days.

    `unbroken` names an overlay: an interval of it that reaches `from` counts with it, back to its first day.
    """

    from_: Reference = Field(alias="from")
    least: str = ""
    most: str = ""
    unbroken: str = ""

    @model_validator(mode="after")
    def _some(self) -> Self:
        if not self.least and not self.most:
            raise ValueError("say least or most")
        return self


class DayRule(Part):
    """One rule for a day. `kind` unlawful: the act is recorded with an irregularity; else it is refused.

    `accept`: the roles whose body may accept the irregularity in writing; `cured_by`: the verbs that cure it (none: the
    same verb, done again regularly).
    """

    not_before: Reference | None = None
    after: Reference | None = None
    not_after: Reference | None = None
    before: Reference | None = None
    length: Length | None = None
    within: str = ""
    kind: Literal["impossible", "unlawful"] = "impossible"
    article: str = ""
    accept: Keys = ()
    cured_by: Keys = ()
    when: dict[str, Any] = {}
    unless: dict[str, Any] = {}

    @model_validator(mode="after")
    def _one_rule(self) -> Self:
        words = (self.not_before, self.after, self.not_after, self.before, self.length, self.within)
        if sum(map(bool, words)) != 1:
            raise ValueError("say one of not_before, after, not_after, before, length, within")
        if self.kind == "impossible" and (self.accept or self.cured_by):
            raise ValueError("what is impossible is neither accepted nor cured")
        return self

    def bounds(self) -> tuple[tuple[BoundKind, DayRef, str], ...]:
        """The bounds of the day, each with the other day and, for a length, the key of its term."""
        simple: tuple[tuple[BoundKind, DayRef | None], ...] = (
            ("not_before", self.not_before),
            ("after", self.after),
            ("not_after", self.not_after),
            ("before", self.before),
        )
        found: list[tuple[BoundKind, DayRef, str]] = [(kind, ref, "") for kind, ref in simple if ref is not None]
        if self.length is not None:
            lengths: tuple[tuple[BoundKind, str], ...] = (("least", self.length.least), ("most", self.length.most))
            found += [(kind, self.length.from_, term) for kind, term in lengths if term]
        if self.within:
            found += [("starts", DayRef(start=self.within), ""), ("ends", DayRef(end=self.within), "")]
        return tuple(found)


class DayRules(Part):
    """The rules of one day, or the reason why nothing bounds it."""

    days: tuple[DayRule, ...] = ()
    free: Words | None = None


class OwnDays(Part):
    """The rules of the day of an act, for verbs without rules of their own: those that move the case, and the rest."""

    moving: tuple[DayRule, ...] = Field(min_length=1)
    staying: tuple[DayRule, ...] = Field(min_length=1)
