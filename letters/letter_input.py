"""What a letter is filled with: the rows that a case gives to its templates, by the names that templates use."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, TypedDict

from letters.programme_plan import Plan
from models.places import CommuneName
from procedures.named_terms import NamedTerms


class CaseInput(TypedDict):
    """The case; `level` says with whom the unit is registered and so whose offices write."""

    ref: str
    opened_on: date
    level: str
    state: str


class DistrictInput(TypedDict):
    """`name` is Kiến Thụy, `full_name` huyện Kiến Thụy."""

    name: str
    full_name: str


class OfficerInput(TypedDict):
    """The case officer, with `ông` or `bà`; None or empty where it is not known."""

    name: str | None
    title: str | None


class LineInput(TypedDict):
    """One line of a sum: its sentence, the key of its article (empty: none) and the day that chooses its version."""

    text: str
    article: str
    on: date | None


class SumInput(TypedDict):
    """How one deadline was reached.

    statutory: it is of law. stands: it is still open, or waits for proof of service. edition: of the days off that it
    counts by.
    """

    key: str
    label: str
    starts_on: date | None
    ends_on: date | None
    statutory: bool
    stands: bool
    edition: int
    lines: Sequence[LineInput]


class LetterInput(TypedDict):
    """Everything that a letter is made of beside its template and its day.

    unit: the register's values by their fields, whatever the register has; a value that is not known is None or absent.
    Its commune is not among them: a text may lack the type.
    commune: where the unit lies; None where nobody has said which commune is meant.
    agencies: the names that the office entered for the keys of addressees.yaml.
    plans: the plans that the office entered, by the keys of letters.programme_plan.PLANS.
    way: how the unit is dissolved: `voluntary`, `compulsory`, or empty.
    facts: the data of the latest fact of each act, with its `on` and `by`; under `letter` the numbers of letters.
    sums: empty unless the template asks for them (`sums: true`).
    terms: of the procedure version that the case goes by.
    extra: what was typed for this letter, by field; `marks` its stamps.
    """

    unit: dict[str, Any]
    commune: CommuneName | None
    agencies: Mapping[str, tuple[str, ...]]
    plans: Mapping[str, Plan]
    case: CaseInput
    district: DistrictInput
    city: str
    officer: OfficerInput
    way: str
    facts: Mapping[str, Mapping[str, Any]]
    sums: Sequence[SumInput]
    terms: NamedTerms
    extra: dict[str, Any]
