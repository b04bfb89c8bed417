"""The rows of a register file as its preview shows them: by what would happen, with findings, changes and choices."""

from collections.abc import Iterable, Sequence
from typing import Any

from register.annotation import show_value
from register.findings import Finding, field_label, say_finding
from register.gate import DECISIONS, Change, Decision, Plan, Same
from register.rows import UnitRow
from register.tables.skips import say_skipped

SHOWN = 500  # rows of a part of the table; all rows are in the annotated workbook
ROW_PARTS = ("rejected", "doubtful", "changed", "new", "unchanged", "elsewhere")
UNKNOWN_COLUMNS = ("unknown_column", "unknown_column_like")


def table_of(plan: Plan, lang: str, only: Sequence[str] = ROW_PARTS) -> dict[str, list[dict[str, Any]]]:
    """Rows of each part with what would change, what is wrong with them, and how a row that waits may be settled."""
    return {part: [_row(line, lang) for line in getattr(plan, part)[:SHOWN]] for part in only}


def _row(line: UnitRow | Change | Same, lang: str) -> dict[str, Any]:
    row = line if isinstance(line, UnitRow) else line.row
    changes = line.fields if isinstance(line, Change) else ()
    offered = [decision for finding in row.findings for decision in DECISIONS.get(finding.code, ())]
    return {
        "sheet": row.sheet, "row": row.row, "name": row.name, "district": row.district,
        "findings": [_finding(item, lang) for item in row.findings],
        "fields": [
            (field_label(item.field, lang), show_value(item.field, item.before, lang),
             show_value(item.field, item.after, lang))
            for item in changes
        ],
        "offered": [(f"{decision}:{row.row}:{row.sheet}", decision.value) for decision in offered],
    }  # fmt: skip


def _finding(finding: Finding, lang: str) -> dict[str, str]:
    return {
        "column": finding.column, "value": finding.value, "severity": finding.severity.value,
        "say": say_finding(finding, lang),
    }  # fmt: skip


def decisions_of(chosen: Iterable[str]) -> dict[tuple[str, int], Decision]:
    """What the selects of the rows that wait say, as `DECISION:ROW:SHEET`; rows left waiting are not in it."""
    found = {}
    for choice in filter(None, chosen):
        decision, _, place = choice.partition(":")
        row, _, sheet = place.partition(":")
        if decision in set(Decision) and row.isdecimal() and len(row) < 10:
            found[sheet, int(row)] = Decision(decision)
    return found


def of_sheets(plan: Plan, lang: str) -> list[str]:
    """What is to be said of whole sheets and of their columns."""
    rows = {row.place for part in ("new", "doubtful", "rejected", "elsewhere") for row in getattr(plan, part)}
    rows |= {change.row.place for change in plan.changed} | {same.row.place for same in plan.unchanged}
    return [say_finding(item, lang) for item in plan.findings if (item.sheet, item.row) not in rows]


def skipped_lines(plan: Plan, lang: str) -> list[dict[str, Any]]:
    """The lines that are no units, those first in which a unit may hide."""
    lines = sorted(plan.skipped, key=lambda line: not line.doubtful)[:SHOWN]
    return [
        {"sheet": line.sheet, "row": line.row, "text": line.text, "doubtful": line.doubtful,
         "say": say_skipped(line, lang)}
        for line in lines
    ]  # fmt: skip
