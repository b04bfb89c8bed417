"""The columns of a list of cases: on a page those that a person chose, in a file the same and what is beside them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from models.typed_rows.case_shapes import RegisterRow
from templates.spreadsheet import Value
from templates.words import t
from web.cases.case_rows import InTheWay, ShownCase
from web.labels import roles_in_words
from web.list_options import ListColumn
from web.request_context import Visit


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case with all that a column may show of it."""

    row: ShownCase
    unit: RegisterRow | None
    places: Mapping[str, str]
    here: Visit

    def left(self, on: date | None) -> int | None:
        """Calendar days to go, negative once it is past; nothing for a closed case."""
        return (on - self.here.today).days if on is not None and self.row.closed_on is None else None


@dataclass(frozen=True, slots=True)
class FileColumn:
    """A column of a file: its width in characters, and what it shows of a case. `of_unit`: it needs the register."""

    width: int
    value: Callable[[CaseLine], Value]
    of_unit: bool = False


def _of_unit(name: str) -> Callable[[CaseLine], Value]:
    return lambda line: line.unit[name] if line.unit else ""  # type: ignore[literal-required]


def _next(line: CaseLine) -> Value:
    return line.row.next.label[line.here.lang] if line.row.next else ""


def _by(line: CaseLine) -> Value:
    return roles_in_words(line.row.next.by, line.here.lang) if line.row.next else ""


def _held(item: InTheWay) -> str:
    return f"{item.label} ({item.by})"


# In the order of `report.columns_cases`, which names them.
FILE: Mapping[str, FileColumn] = {
    "ref": FileColumn(14, lambda line: line.row.ref),
    "unit_name": FileColumn(38, lambda line: line.row.unit_name),
    "certificate": FileColumn(16, _of_unit("certificate_number"), True),
    "phone": FileColumn(16, _of_unit("phone"), True),
    "address": FileColumn(28, _of_unit("address"), True),
    "commune": FileColumn(20, _of_unit("commune"), True),
    "district": FileColumn(14, lambda line: line.places.get(line.row.district_code, line.row.district_code)),
    "representative": FileColumn(24, _of_unit("representative"), True),
    "officer": FileColumn(20, lambda line: line.row.officer_name or ""),
    "light": FileColumn(18, lambda line: t(f"casework.light_{line.row.light}", line.here.lang)),
    "state": FileColumn(28, lambda line: line.row.state_label),
    "next": FileColumn(34, _next),
    "by": FileColumn(18, _by),
    "legal": FileColumn(12, lambda line: line.row.legal_on),
    "legal_left": FileColumn(10, lambda line: line.left(line.row.legal_on)),
    "plan": FileColumn(12, lambda line: line.row.target_on),
    "plan_left": FileColumn(10, lambda line: line.left(line.row.target_on)),
    "held": FileColumn(40, lambda line: "; ".join(map(_held, line.row.in_the_way))),
    "opened": FileColumn(12, lambda line: line.row.opened_on),
}
EVERY_FILE_COLUMN = tuple(key for key in FILE if key != "opened")
ON_PAGE = (
    ListColumn("unit", "pages.unit", "unit"),
    ListColumn("dates", "pages.dates", "legal"),
    ListColumn("next", "pages.next_step", "stage"),
    ListColumn("ref", "lists.case_ref", "ref", usual=False),
    ListColumn("district", "pages.district", "district", usual=False),
    ListColumn("commune", "register.field.commune", usual=False),
    ListColumn("officer", "pages.officer", "officer", usual=False),
    ListColumn("state", "lists.step", "stage", usual=False),
    ListColumn("legal", "lists.legal", "legal", usual=False),
    ListColumn("plan", "lists.plan", "plan", usual=False),
    ListColumn("held", "pages.obstacle", "held", usual=False),
    ListColumn("opened", "lists.opened", "opened", usual=False),
    ListColumn("phone", "register.field.phone", usual=False),
    ListColumn("representative", "register.field.representative", usual=False),
    ListColumn("certificate", "register.field.certificate_number", usual=False),
    ListColumn("address", "register.field.address", usual=False),
)
_IN_FILE: Mapping[str, Sequence[str]] = {  # what is in one column of the page, and in several of a file
    "unit": ("ref", "unit_name"),
    "dates": ("light", "legal", "legal_left", "plan", "plan_left"),
    "next": ("state", "next", "by", "held"),
    "legal": ("legal", "legal_left"),
    "plan": ("plan", "plan_left"),
}


def file_columns(keys: Sequence[str]) -> tuple[str, ...]:
    """The columns of a file for those of the page; the reference of the case is always among them."""
    found = [name for key in keys for name in _IN_FILE.get(key, (key,))]
    return tuple(dict.fromkeys(found if "ref" in found else ["ref", *found]))


def headings(lang: str) -> dict[str, str]:
    """The headings of the columns of a file."""
    return dict(zip(FILE, [*t("report.columns_cases", lang).split("|"), t("lists.opened", lang)], strict=True))
