"""Facts of a case in words: what happened, when, and what was typed."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from procedures.engine import needs_of
from procedures.facts import CaseState, Need
from procedures.schema import Procedure
from procedures.values import parse_day
from rulebook.versions import Versions
from templates.formats import date_vi, money, number
from templates.words import pick, t

FOR_GOOD = ("opened", "migrated")  # nobody may annul these
HIDDEN = ("opened",)  # its data is the unit's sheet, shown above


def shown_facts(
    versions: Versions, listed: Sequence[Mapping[str, Any]], lang: str, login: str, heads: bool
) -> list[dict[str, Any]]:
    """Facts newest first, each with its fields in words and whether this person may try to annul it."""
    shown = []
    for fact in reversed(listed):
        may_try = heads or fact["by"] == login
        open_to = not fact["annulled"] and fact["annuls"] is None and fact["kind"] not in FOR_GOOD
        procedure = versions.of(fact["procedure"])
        fields = [] if fact["kind"] in HIDDEN else fields_of(procedure, fact["kind"], fact["data"], lang)
        shown.append({**fact, "fields": fields, "may_annul": may_try and open_to})
    return shown


def fields_of(procedure: Procedure, kind: str, data: Mapping[str, Any], lang: str) -> list[tuple[str, Any]]:
    """(label, value in words) of what was typed; a table is a list of rows of such pairs."""
    verb = procedure.verbs.get(kind)
    needs = {need.name: need for need in needs_of(procedure, verb, CaseState())} if verb else {}
    return [
        (
            pick(needs[name].label, lang) if name in needs else t(f"pages.data_{name}", lang),
            _value(needs.get(name), value, lang),
        )
        for name, value in data.items()
        if value not in (None, "")
    ]


def _value(need: Need | None, value: Any, lang: str) -> Any:
    if need is None:
        return value if isinstance(value, str | int) else json.dumps(value, ensure_ascii=False, default=str)
    if need.type == "table":
        columns = {column.name: column for column in need.columns}
        return [
            [
                (pick(columns[name].label, lang), _value(columns[name], cell, lang))
                for name, cell in row.items()
                if name in columns
            ]
            for row in value
        ]
    return _plain(need, value, lang)


def _plain(need: Need, value: Any, lang: str) -> str:
    if need.type == "choice":
        return pick(need.options.get(value, str(value)), lang)
    if need.type == "boolean":
        return t("pages.yes" if value else "pages.no", lang)
    if need.type == "date":
        return date_vi(value if isinstance(value, date) else parse_day(need.name, str(value)))
    if need.type == "money":
        return money(value)
    return number(value) if need.type == "integer" else str(value)
