"""The input of letter templates: data of the case, by the names used in templates."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, TypedDict

from letters.programme_plan import Plan
from models.places import CommuneName
from procedures.named_terms import NamedTerms


class CaseInput(TypedDict):
    """The case; `level`: district or city, the authority with which the unit is registered."""

    ref: str
    opened_on: date
    level: str
    state: str


class DistrictInput(TypedDict):
    """A district; `name`: Kiến Thụy, `full_name`: huyện Kiến Thụy."""

    name: str
    full_name: str


class OfficerInput(TypedDict):
    """The case officer, `title` ông or bà; None or empty when unknown."""

    name: str | None
    title: str | None


class LineInput(TypedDict):
    """One line of a computation: sentence, key of its article (empty: none) and the day that decides its version."""

    text: str
    article: str
    on: date | None


class SumInput(TypedDict):
    """The computation of one deadline.

    statutory: a legal limit. `stands`: still open, or waiting for proof of service. edition: number of the edition of
    the national days off.
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
    """All data of a letter except its template and its day.

    unit: values of the register by field; an unknown value is None or absent. The commune is separate, since a text of
    the register may lack its type.
    commune: the commune of the unit; None when not identified.
    agencies: names entered by the office for the keys of addressees.yaml.
    plans: plans entered by the office, by the keys of letters.programme_plan.PLANS.
    way: kind of dissolution: `voluntary`, `compulsory`, or empty.
    facts: data of the latest fact of each verb, with `on` and `by`; under `letter` the numbers of letters.
    sums: empty unless the template has `sums: true`.
    terms: of the procedure version of the case.
    extra: values typed for this letter, by field; `marks`: its stamps.
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
