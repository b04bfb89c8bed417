"""Schema of a procedure file. Unknown keys are refused; docs/how-to-add-a-step.md explains the keys."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from procedures.closing_parts import Closing as Closing
from procedures.day_vocabulary import DayRule, DayRules, OwnDays
from procedures.deadline_parts import Extend, Resume, Serve, Start, Suspend
from procedures.kinds import UnitKindRule, kinds_before_version_5
from procedures.levels import WithLevels
from procedures.money.rules import Money
from procedures.paper_steps import Papers
from procedures.parts import Keys as Keys
from procedures.parts import Labelled as Labelled
from procedures.parts import Part as Part
from procedures.parts import Words as Words
from procedures.parts import has_values, listed

BUILT_IN = frozenset("opened annulled reassigned letter_issued letter_served letter_returned migrated".split()) | {
    "service_begun",  # a letter under way: sent, posted, printed in one issue
    "taken_over",  # a case that began before Coopcase: its step, the days and papers known of it
    "take_over_completed",  # days, values and papers of before the take-over that were found later
    "gaps_confirmed",  # by a second person: of these earlier acts there is no paper
    "register_corrected",  # data of the unit that were corrected since the case was opened
    "act_prepared",  # an act that takes effect by its paper, which is not issued yet
    "act_withdrawn",
    "paper_entered",  # the paper of an act recorded without one, from its scan
    "paper_confirmed",  # by a second person
    "irregularity_confirmed",
    "irregularity_accepted",
    "obstacle_tried",  # a body was asked to lift an obstacle, with the day to ask again
    "obstacle_answered",  # the body answered a letter that was written to it for many cases
}
CLOSING_PAPERS = "closing.papers"  # as `options_from`: all of them; as `proposed_by`: those that hold the closing
FieldType = Literal["text", "longtext", "date", "integer", "money", "boolean", "choice", "table"]
RegisterField = Literal["status", "grade", "reregistered", "certificate_number", "certificate_on", "stopped_on"]
ActRegisterField = Literal["representative", "phone"]
DissolutionWay = Literal["", "voluntary", "compulsory"]
Party = Literal["own", "agency", "cooperative", "court", "higher"]


class ProgrammeDate(Labelled):
    on: date
    article: str = ""


class ObstacleKind(Labelled):
    lifted_by: Words
    party: Party
    letter: str = ""


class FromFact(Part):
    """A value of the last fact of a verb."""

    verb: str
    field: str


class Outcome(Labelled):
    """An outcome. `unit`: what a case that is closed with it changes of its unit in the register."""

    unit: dict[RegisterField, bool | str | FromFact] = {}


class Says(Part):
    """An act of one of some verbs whose fields have these values."""

    verb: Keys
    where: dict[str, Any] = {}

    def fits(self, kind: str, data: Mapping[str, Any]) -> bool:
        return kind in self.verb and has_values(data, self.where)


class Overlay(Labelled):
    """An overlay. `raised_by`, `lifted_by`: acts with these values raise and lift it, beside the verbs that name it."""

    blocks: Keys = ()
    stops: Keys = ()
    raised_by: tuple[Says, ...] = ()
    lifted_by: tuple[Says, ...] = ()


class Ground(Labelled):
    """A ground; acts that defeat it, such as the cancelling of the decision it rests on, and acts that restore it."""

    article: str
    term: str = ""  # months that it has to last without a break
    stopped_by: Keys = ()  # overlays whose time does not count towards them
    asks: Words
    defeated_by: tuple[Says, ...] = ()
    restored_by: tuple[Says, ...] = ()


class Named(Labelled):
    """A part that facts, rows or texts name by its key; `formerly`: keys that it had in earlier versions."""

    formerly: Keys = ()


class DeadlineKind(Named):
    """A deadline. `period`: a term of another party; it rolls like a legal one and never makes the office late.

    `stays`: leaving the step does not drop it; it is open until it is met or the case has an outcome.
    `each_run`: started again, it also runs on for what started it before, as each notice has its own last day.
    """

    kind: Literal["legal", "programme", "target", "period"]
    term: str = ""
    until: str = ""
    calendar: Literal["general", "agency"] | None = None
    article: str = ""
    who: str
    cap: str = ""
    stays: bool = False
    each_run: bool = False
    above: str = ""  # the role in the office above that has to act, and is reminded


class NamedTerm(Named):
    """A term of law named by letters, help texts or guards and counted by no clock."""

    term: str
    article: str


class State(Named):
    stage: str
    now: Words
    clocks: Keys = ()
    keeps_running: Keys = ()  # of them: not dropped when the case leaves, not started anew when it returns
    start: bool = False
    final: bool = False


class ColumnNeed(Labelled):
    type: FieldType
    required: bool = False
    options: dict[str, Words] = {}
    options_from: str = ""
    min: int | None = None
    max: int | None = None
    future: bool = False
    hint: Words | None = None


class FieldNeed(ColumnNeed):
    formerly: Keys = ()
    required_if: dict[str, Any] = {}
    proposed_by: str = ""  # `verb.field` of an earlier act: shown in the form, to be confirmed or changed
    columns: dict[str, ColumnNeed] = {}
    proposed_if_empty: bool = False  # left empty, the proposed value is recorded
    days: tuple[DayRule, ...] = ()  # of a date: what it may not precede or follow
    free: Words | None = None  # of a date: why nothing bounds it


class FromField(Part):
    """A code taken from a field of the act: `{field: …}`, or `{field: …, map: {…}}`."""

    field: str
    map: dict[str, str] = {}

    def pick(self, data: Mapping[str, Any]) -> str | None:
        value = data.get(self.field)
        if value is None or value == "":
            return None
        return self.map.get(str(value)) if self.map else str(value)


class Rows(Part):
    """The codes in one column of a table field."""

    field: str
    column: str


class Auto(Part):
    after: str


class EffectPaper(Part):
    """The paper by which an act takes effect. `when`: fields of the act for which it is this paper.

    `body`: the issuing body that the law makes competent; it is the issuer of the letter. `fills`: fields of the act
    that nobody types, each with what the paper gives: its `day`, or its `symbol` (number and symbol).
    """

    letter: str
    body: str
    when: dict[str, Any] = {}
    fills: dict[str, Literal["day", "symbol"]] = {}


class Tell(Part):
    """Roles that are notified of an act, for these values of its fields."""

    roles: Keys
    when: dict[str, Any] = {}


ANY, ANY_OPEN = ("any",), ("any_open",)  # as `from` of a verb


def _starts(value: Any) -> Any:
    items = listed(value) or []
    return [{"deadline": item} if isinstance(item, str) else item for item in items]


class Verb(Named):
    done: Words
    by: Keys
    from_: Keys = Field(alias="from")
    to: str | FromField | None = None
    level: Literal["same", "above"] | None = None  # the office: of the case's own level, or the one above it
    help: Words | None = None
    needs: dict[str, FieldNeed] = {}
    evidence: Literal["none", "optional", "required"] = "optional"
    guards: tuple[str | dict[str, Any], ...] = ()
    starts: Annotated[tuple[Start, ...], BeforeValidator(_starts)] = ()
    meets: Keys = ()
    met_on: str = ""  # the date field that gives the day; empty: the day of the act
    meets_started: Keys = ()  # clocks that this act starts and meets, counted back from their end
    drops: Keys = ()
    extends: Extend | None = None
    suspends: Suspend | None = None
    resumes: Resume | None = None
    serves: Serve | None = None
    letters: Keys = ()  # drafted when the act has taken effect
    takes_effect_by: Annotated[tuple[EffectPaper, ...], BeforeValidator(listed)] = ()
    tells: Keys = ()
    opens: FromField | None = None  # the office (city, or a district's code) that opens a case of its own for the unit
    tells_above: Tell | None = None  # in the office above that of the case
    raises: str | FromField | None = None
    since: str = ""  # date fields: first and last day of the overlay that it raises
    until: str = ""
    lifts: str | FromField | None = None
    lifts_each: str = ""  # the field that names what the overlay was raised for: it ends once each of them is named
    names: str | FromField | None = None
    clears: str | FromField | None = None
    proves: FromField | None = None
    disproves: FromField | None = None
    waives: Rows | None = None  # the papers that no longer hold the closing
    outcome: str | FromField | None = None
    unit: dict[ActRegisterField, str] = {}  # fields of the unit in the register, each with the field of the act
    begins: DissolutionWay = ""  # the way of dissolution by which letters are written from this act on
    rare: bool = False  # listed apart, unless it is what a move still lacks
    four_eyes: Keys = ()
    news: Literal["", "complaint", "returned"] = ""  # what the act is to those who are notified of it
    auto: Auto | None = None
    article: str = ""
    on: DayRules | None = None  # rules of the day of the act, beside those of `own_days`

    @property
    def at_any_step(self) -> bool:
        """Whether it belongs to no step of the procedure: it may be done in all states, or in all open ones."""
        return self.from_ in (ANY, ANY_OPEN)


class LetterNames(Part):
    """A letter that had other names in earlier versions."""

    formerly: Keys


class Procedure(WithLevels):
    """A procedure: the states of a case, the verbs of each state, their roles, fields and deadlines."""

    procedure: str
    version: str
    title: Words
    law: str = ""  # that units have to conform to: a case knows whether its unit is older
    case_prefix: str = Field(default="", pattern="^[A-Z0-9]{0,8}$")  # of the references of cases
    roles: dict[str, Words]
    programme: dict[str, ProgrammeDate]
    stages: dict[str, Labelled]
    outcomes: dict[str, Outcome]
    obstacles: dict[str, ObstacleKind]
    overlays: dict[str, Overlay]
    grounds: dict[str, Ground]
    deadlines: dict[str, DeadlineKind]
    terms: dict[str, NamedTerm] = {}
    states: dict[str, State]
    verbs: dict[str, Verb]
    letters: dict[str, LetterNames] = {}
    closing: Closing = Closing()
    papers: Papers = Papers()
    money: Money | None = None  # None: the version has no lists of assets and claims
    own_days: OwnDays | None = None  # with it every date field of the file declares its days
    kinds: dict[str, UnitKindRule] = {}  # of units; without it those of versions 1 to 4

    @property
    def pin(self) -> str:
        """The pin of a case: name@version."""
        return f"{self.procedure}@{self.version}"

    @cached_property
    def start(self) -> str:
        return next(key for key, state in self.states.items() if state.start)

    @cached_property
    def ways_of_dissolution(self) -> Mapping[str, str]:
        """By verb: the way of dissolution that begins with it."""
        return {name: verb.begins for name, verb in self.verbs.items() if verb.begins}

    def level_of_kind(self, kind: str, on: date) -> str:
        """The level at which units of a kind are registered on a day."""
        rule = self.kind_rules().get(kind)
        return rule.level_on(on) if rule else self.lower_level

    def kind_rules(self) -> Mapping[str, UnitKindRule]:
        return self.kinds or kinds_before_version_5()

    @cached_property
    def open_states(self) -> frozenset[str]:
        return frozenset(key for key, state in self.states.items() if not state.final)

    @cached_property
    def weighed(self) -> Mapping[str, tuple[str, ...]]:
        """By verb: the overlays that its acts may raise or lift by what they say."""
        found: dict[str, dict[str, None]] = {}
        for key, overlay in self.overlays.items():
            for rule in (*overlay.raised_by, *overlay.lifted_by):
                for verb in rule.verb:
                    found.setdefault(verb, {})[key] = None
        return {verb: tuple(keys) for verb, keys in found.items()}

    def sources(self, verb: Verb) -> frozenset[str]:
        """Return the states in which a verb may be done."""
        if verb.from_ == ANY:
            return frozenset(self.states)
        if verb.from_ == ANY_OPEN:
            return self.open_states
        return frozenset(verb.from_)


@dataclass(frozen=True, slots=True, eq=False)
class ByIdentity:
    """A procedure as a cache key, compared by identity."""

    procedure: Procedure

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ByIdentity) and self.procedure is other.procedure

    def __hash__(self) -> int:
        return id(self.procedure)
