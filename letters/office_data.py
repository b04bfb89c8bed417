"""Data of the office that letters need: communes, agencies, plans; missing ones are recorded while drafting."""

from collections.abc import Mapping
from typing import Any

from letters.letter_input import LetterInput
from letters.tree import Missing
from templates.words import both

COMMUNE, PLAN = "office.commune", "office.plan"
_WITH_COMMUNE = ("commune", "COMMUNE", "commune_committee", "commune_office")
AGENCIES: Mapping[str, bool] = {  # keys of addressees.yaml that an office may enter: whether several per key
    "tax": False, "insurance": False, "bank": True, "police": False, "land": False, "land_department": False,
    "alliance": False, "justice": False, "inspectorate": False, "court": False, "newspaper": False, "line_agency": True,
}  # fmt: skip
NAMED_ONLY = ("bank", "court")  # no default addressee: only entered names can be served


def agencies_of(data: LetterInput, key: str) -> tuple[str, ...]:
    """Return the names that the office entered for an addressee."""
    return data["agencies"].get(key, ())


class MissingData:
    """Collects the office data that a letter lacks, each once, in order of first use."""

    def __init__(self) -> None:
        self._names: dict[str, None] = {}

    def __call__(self, name: str) -> None:
        """Record a missing item: COMMUNE, PLAN or an agency of NAMED_ONLY as `office.bank`."""
        self._names[name] = None

    @property
    def missing(self) -> tuple[Missing, ...]:
        return tuple(Missing(name, both(f"office_data.lacks_{name.removeprefix('office.')}")) for name in self._names)


class Names(dict[str, Any]):
    """The names of a letter; use of a name that the office has not entered is recorded as missing."""

    def __init__(self, found: Mapping[str, Any], data: LetterInput, missing_data: MissingData) -> None:
        super().__init__(found)
        self._missing_data = missing_data
        self._lacking = {key: f"office.{key}" for key in NAMED_ONLY if not agencies_of(data, key)}
        if data["commune"] is None:
            self._lacking |= dict.fromkeys(_WITH_COMMUNE, COMMUNE)

    def __getitem__(self, key: str) -> Any:
        if key in self._lacking:
            self._missing_data(self._lacking[key])
        return super().__getitem__(key)
