"""Schema of a scenario file. Unknown keys are refused; docs/scenarios.md explains every key."""

from datetime import date
from typing import Any

from pydantic import Field, field_validator, model_validator

from procedures.schema import Keys, Part, Words

Day = date | int | str  # a date, a number of days, or an expression of days.py such as `record_visit.on+3`


WHAT = (
    "do",
    "use",
    "clock",
    "issued",
    "served",
    "annul",
    "confirm",
    "accept",
    "withdrawn",
    "taken_over",
    "gaps_confirmed",
)


class ExpectedDeadline(Part):
    """What is expected of one deadline; keys left out are not compared."""

    start: Day | None = None
    end: Day | None = None
    status: str = ""
    ended: Day | None = None


class Expectation(Part):
    """What is expected of a case; keys left out are not compared. Lists are compared whole, in any order."""

    state: str = ""
    stage: str = ""
    outcome: str = ""  # `none`: the case has no outcome
    deadlines: dict[str, ExpectedDeadline | Day] = {}  # a day is the end; a word is the status; `none`: no such clock
    letters: Keys | None = None  # of a step: all that it drafts; of a scenario: these are among the drafts
    overlays: Keys | None = None
    obstacles: Keys | None = None
    grounds: Keys | None = None
    irregular: dict[str, str] = {}  # by act: the status of the irregularity of its latest fact that has one
    prepared: Keys | None = None  # acts that wait for their papers
    holds: Keys | None = None  # what holds the closing: keys of the section `closing`
    may: Keys = ()  # acts that are now allowed to the role of their standard act
    may_not: dict[str, str] = {}  # acts that are now refused, each with the code of the refusal


class Refusal(Part):
    """The expected refusal; `params` are compared with the parameters of its message."""

    code: str
    field: str = ""
    params: dict[str, Any] = {}


class ActDefaults(Part):
    """The standard form of an act: what steps need not repeat."""

    by: str = ""
    after: int | None = None
    data: dict[str, Any] = {}
    evidence: bool | None = None


class EarlierAct(Part):
    """An act of before the office kept the case here; without `on` its day is unknown."""

    do: str
    on: Day | None = None
    served: Day | None = None  # the day on which its letters were proven served
    data: dict[str, Any] = {}
    source: str = "Hồ sơ giấy"


class TakeOver(Part):
    """The step at which a case is taken over, what is known of it, and the acts of which nothing is on file."""

    state: str
    acts: tuple[EarlierAct, ...] = ()
    gaps: Keys = ()


class Step(ActDefaults):
    """One step of a case. Exactly one of the keys of WHAT says what happens."""

    do: str = ""  # an act
    prepared: bool = False  # it waits for its paper, which a later step issues; otherwise issued on the same day
    use: str = ""  # the steps of a list
    clock: Day | None = None  # the day comes; acts that the system does by itself are done
    issued: str = ""  # a letter is numbered and issued
    served: str = ""  # proof that a letter reached its addressee
    annul: str = ""  # the latest fact of an act is annulled
    confirm: str = ""  # a second person confirms the irregularity of the latest fact of an act
    accept: str = ""  # the deciding body accepts it in writing
    withdrawn: str = ""  # an act that waits for its paper is taken back
    taken_over: TakeOver | None = None  # the case began before the office kept it here
    gaps_confirmed: bool | None = None  # a second person confirms that of the gaps nothing is on file
    on: Day | None = None
    recorded: Day | None = None  # the day of recording; left out: the day of the act, or later
    as_: str = Field(default="", alias="as")  # the person, where another of the same role acts
    of: str = ""  # the person's office: `city` or the code of a district; left out: the office of the case
    without: Keys = ()  # fields of the standard act that are left empty
    irregular: Keys | None = None  # fields whose days the law does not allow; the act is done with a reason
    refused: Refusal | None = None
    expect: Expectation | None = None

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: Any) -> Any:
        return {"do": value} if isinstance(value, str) else value

    @field_validator("refused", mode="before")
    @classmethod
    def _code(cls, value: Any) -> Any:
        return {"code": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _one(self) -> "Step":
        if sum(getattr(self, key) not in ("", None) for key in WHAT) != 1:
            raise ValueError(f"exactly one of {', '.join(WHAT)}")
        return self


class Scenario(Part):
    """A case that is carried through some steps, and what is expected of it."""

    title: Words
    from_: Keys = Field(default=(), alias="from")  # earlier scenarios or lists; with several, once from each
    unit: str = ""
    day: date | None = None
    readings: dict[str, str] = {}  # of unclear points of the law, as the office ruled
    given: tuple[Step, ...] = ()
    steps: tuple[Step, ...] = ()
    expect: Expectation | None = None
    pending: str = ""  # why it cannot pass yet; it fails as soon as it passes


class ScenarioFile(Part):
    """A file of scenarios, or one of acts, lists and units that other files name under `common`."""

    procedure: str
    day: date | None = None  # the day the cases are opened
    situation: Words | None = None
    common: Keys = ()
    units: dict[str, dict[str, Any]] = {}
    acts: dict[str, ActDefaults] = {}
    lists: dict[str, tuple[Step, ...]] = {}
    scenarios: dict[str, Scenario] = {}
