"""Facts of a case in words: what happened, when, and what was typed."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from casework.case_documents import ShownFact
from procedures.facts import IRREGULARITIES, PAPER, CaseState, Need
from procedures.schema import Procedure
from procedures.service_ways import DETAILS
from procedures.state_machine.asked_fields import needs_of
from procedures.state_machine.field_values import parse_day
from rulebook.versions import Versions
from templates.formats import date_vi, money
from templates.words import pick, t
from web.cases.built_in_history import IN_OWN_WORDS
from web.labels import letter_name

SHORT = 160  # characters of a fact that are shown at once
OF_LETTERS = ("letter_issued", "service_begun", "letter_served", "letter_returned")
# nobody may annul these; a letter's number is cancelled and a preparation withdrawn instead
FOR_GOOD = ("opened", "migrated", "letter_issued", "act_prepared", "act_withdrawn", "paper_confirmed")
HIDDEN = ("opened",)  # its data is the unit's sheet, shown above


class HistoryFact(ShownFact):
    """A fact in the history of a case."""

    fields: list[tuple[str, Any]]  # label and value in words; a table is a list of rows of such pairs
    short: bool
    may_annul: bool


def shown_facts(
    versions: Versions,
    listed: Sequence[ShownFact],
    names: Mapping[str, str],
    lang: str,
    login: str,
    heads: bool,
) -> list[HistoryFact]:
    """Facts newest first, each with its fields in words and whether this person may try to annul it."""
    shown: list[HistoryFact] = []
    for fact in listed[::-1]:
        may_try = heads or fact["by"] == login
        open_to = not fact["annulled"] and fact["annuls"] is None and fact["kind"] not in FOR_GOOD
        open_to = open_to and PAPER not in fact["data"]
        procedure = versions.of(fact["procedure"])
        data = {**fact["data"], "officer": names.get(given, given)} if (given := _given_to(fact)) else fact["data"]
        fields = [] if fact["kind"] in HIDDEN else fields_of(procedure, fact["kind"], data, lang)
        entry: HistoryFact = {**fact, "fields": fields, "short": _is_short(fields), "may_annul": may_try and open_to}
        shown.append(entry)
    return shown


def _given_to(fact: ShownFact) -> str:
    """The sign-in name of the officer that the case was given to."""
    return str(fact["data"].get("officer", "")) if fact["kind"] == "reassigned" else ""


def logins_of(listed: Sequence[ShownFact]) -> list[str]:
    """The sign-in names in a history: who recorded each fact, and whom the case was given to."""
    return [login for fact in listed for login in (fact["by"], _given_to(fact)) if login]


def _is_short(fields: Sequence[tuple[str, Any]]) -> bool:
    """Fits on a line or two, and needs no opening."""
    return len(fields) <= 3 and all(isinstance(value, str | int) for _, value in fields) and (
        sum(len(label) + len(str(value)) for label, value in fields) <= SHORT
    )  # fmt: skip


def fields_of(procedure: Procedure, kind: str, data: Mapping[str, Any], lang: str) -> list[tuple[str, Any]]:
    """(label, value in words) of what was typed; a table is a list of rows of such pairs."""
    if kind in OF_LETTERS:
        return _letter_fields(procedure, data, lang)
    if kind == "act_prepared":
        return _prepared_fields(procedure, data, lang)
    if PAPER in data:
        own = {name: value for name, value in data.items() if name != PAPER}
        return [*fields_of(procedure, kind, own, lang), (t("pages.paper", lang), _paper_line(data[PAPER], lang))]
    if kind in IN_OWN_WORDS:
        return IN_OWN_WORDS[kind](procedure, data, lang)
    verb = procedure.verbs.get(kind)
    needs = {need.name: need for need in needs_of(procedure, verb, CaseState())} if verb else {}
    return [
        (
            pick(needs[name].label, lang) if name in needs else t(f"pages.data_{name}", lang),
            value[0]["reason"] if name == IRREGULARITIES else _value(needs.get(name), value, lang),
        )
        for name, value in data.items()
        if value not in (None, "")
    ]


def _prepared_fields(procedure: Procedure, data: Mapping[str, Any], lang: str) -> list[tuple[str, Any]]:
    """What is prepared, by which letter it will take effect, and what was typed."""
    verb = procedure.verbs.get(str(data["verb"]))
    label = verb.label[lang] if verb else data["verb"]
    named = [(t("pages.data_verb", lang), label), (t("pages.paper", lang), letter_name(str(data["letter"]), lang))]
    return named + fields_of(procedure, str(data["verb"]), data["data"], lang)


def _paper_line(paper: Mapping[str, Any], lang: str) -> str:
    """Number, day and signatory of the paper by which an act took effect."""
    signer = f"{paper['capacity']} {paper['signer']}".strip()
    return t("pages.paper_line", lang, symbol=paper["symbol"], day=date_vi(parse_day("on", paper["on"])), signer=signer)


def _letter_fields(procedure: Procedure, data: Mapping[str, Any], lang: str) -> list[tuple[str, Any]]:
    """Which letter, its number, and how it was served."""
    found = [(t("pages.letter", lang), letter_name(str(data.get("template", "")), lang))]
    found += [(t("pages.serve_number", lang), data["number"])] if data.get("number") else []
    way = procedure.papers.way(data["way"]) if data.get("way") else None
    found += [(t("pages.serve_way", lang), way.label[lang])] if way else []
    return found + [(t(f"service.{name}", lang), value) for name, value in data.items() if name in DETAILS and value]


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
    return str(value)  # a number of an issue or of members is read as it was written
