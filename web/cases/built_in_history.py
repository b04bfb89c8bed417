"""Facts in words that are no act of the procedure: a take-over, its gaps, a correction of the register,
a try to have an obstacle lifted, an answer about it."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from casework.register_corrections import value_text
from casework.takeover.gaps import gap_label
from procedures.schema import Procedure
from register.findings import field_label
from templates.formats import date_vi
from templates.words import t
from web.labels import letter_name

Fields = list[tuple[str, Any]]  # label and value in words; a table is a list of rows of such pairs


def _taken_over(procedure: Procedure, data: Mapping[str, Any], lang: str) -> Fields:
    state = procedure.states.get(str(data["state"]))
    known = [_act(procedure, act, lang) for act in data["acts"] if act["on"] is not None]
    return [
        (t("takeover.history_step", lang), state.label[lang] if state else data["state"]),
        (t("takeover.part_source", lang), data["source"]),
        *([(t("takeover.history_acts", lang), known)] if known else []),
        *_gaps(procedure, data, lang),
    ]


def _act(procedure: Procedure, act: Mapping[str, Any], lang: str) -> Fields:
    verb, paper = procedure.verbs.get(act["verb"]), act.get("paper") or {}
    said = [
        ("takeover.history_act", verb.label[lang] if verb else act["verb"]),
        ("takeover.column_day", date_vi(date.fromisoformat(act["on"]))),
        ("takeover.part_paper", paper.get("symbol", "")),
        ("takeover.part_issuer", paper.get("issuer", "")),
        ("takeover.part_source", act["source"]),
    ]
    return [(t(key, lang), value) for key, value in said]


def _gaps(procedure: Procedure, data: Mapping[str, Any], lang: str) -> Fields:
    listed = "; ".join(gap_label(procedure, gap, lang) for gap in data["gaps"])
    return [(t("takeover.gaps", lang), listed)] if listed else []


def _corrected(_procedure: Procedure, data: Mapping[str, Any], lang: str) -> Fields:
    changed = [
        (
            field_label(name, lang),
            f"{value_text(name, item['old'], lang) or '–'} → {value_text(name, item['new'], lang) or '–'}",
        )
        for name, item in data["fields"].items()
    ]
    return [*changed, (t("takeover.part_source", lang), data["source"])]


def _completed(procedure: Procedure, data: Mapping[str, Any], lang: str) -> Fields:
    added = "; ".join(gap_label(procedure, _bare(key), lang) for key in data["added"] if not key.endswith(".source"))
    return [
        (t("takeover.history_added", lang), added),
        (t("takeover.part_source", lang), data["source"]),
        *_gaps(procedure, data, lang),
    ]


def _bare(key: str) -> str:
    """The key of an item without the number of the time."""
    verb, dot, part = key.partition(".")
    return verb.partition("#")[0] + dot + part


def _paper(_procedure: Procedure, data: Mapping[str, Any], lang: str) -> Fields:
    signer = f"{data['authority']}. {data['signer']}" if data["authority"] else data["signer"]
    return [
        (t("pages.letter", lang), letter_name(data["letter"], lang)),
        (t("earlier.symbol", lang), data["symbol"]),
        (t("ink.signed_on", lang), date_vi(date.fromisoformat(data["signed_on"]))),
        (t("ink.signer", lang), signer),
        (t("pages.data_act", lang), data["act"]),
    ]


def _confirmed(_procedure: Procedure, data: Mapping[str, Any], lang: str) -> Fields:
    return [(t("act_papers.entry", lang), data["entered"])]


def _tried(procedure: Procedure, data: Mapping[str, Any], lang: str) -> Fields:
    kind, again = procedure.obstacles.get(data["obstacle"]), data.get("next_on")
    said = [
        ("obstacles.obstacle", kind.label[lang] if kind else data["obstacle"]),
        ("obstacles.way", t(f"obstacles.way_{data['way']}", lang)),
        ("obstacles.with_whom", data.get("body", "")),
        ("obstacles.note", data.get("note", "")),
        ("obstacles.next_on", date_vi(date.fromisoformat(again)) if again else ""),
    ]
    return [(t(key, lang), value) for key, value in said if value]


def _answered(procedure: Procedure, data: Mapping[str, Any], lang: str) -> Fields:
    kind = procedure.obstacles.get(data["obstacle"])
    said = [
        ("obstacles.obstacle", kind.label[lang] if kind else data["obstacle"]),
        ("obstacles.symbol", data.get("symbol", "")),
        ("obstacles.note", data.get("note", "")),
    ]
    return [(t(key, lang), value) for key, value in said if value]


IN_OWN_WORDS: Mapping[str, Callable[[Procedure, Mapping[str, Any], str], Fields]] = {
    "taken_over": _taken_over,
    "take_over_completed": _completed,
    "gaps_confirmed": _gaps,
    "register_corrected": _corrected,
    "paper_entered": _paper,
    "paper_confirmed": _confirmed,
    "obstacle_tried": _tried,
    "obstacle_answered": _answered,
}
