"""The grid of an act between what is typed and what is drawn: `f.KEY` for all cases, `f.KEY.CASE` for one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from starlette.datastructures import FormData

from casework.ledger import LoadedCase
from correspondence.grid.acting import Looked
from correspondence.grid.columns import CASE, ON, Asked, Line, proposals_of
from models.errors import WrongInput
from procedures.day_vocabulary import REASON
from procedures.facts import Doer, Need
from procedures.state_machine.engine import why_not
from templates.formats import date_vi
from templates.words import pick, t
from web.forms import typed_as
from web.labels import letter_name
from web.rendering import error_text, sentences
from web.request_context import Typed

LINE, SEEN, PROOF = "line", "seen", "evidence"  # names of the form
KINDS = {"date": "day", "integer": "num", "money": "num"}  # of cells, by the type of their field


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of the table: the name of its input, what was typed, and what is wrong with it."""

    name: str
    key: str
    kind: str
    listed: bool  # has options to choose from
    value: str
    wrong: str


@dataclass(frozen=True, slots=True)
class Row:
    """A case of the table. `what`: what would be recorded, once it was looked at."""

    ref: str
    unit_name: str
    taken: bool
    cells: Sequence[Cell]
    wrong: str
    what: str


def asked_of_form(sent: Typed, verb: str, needs: Sequence[Need]) -> Asked:
    """What was typed, for the ticked cases."""
    seen, keys = _seen(sent.text(SEEN)), [ON, *(need.name for need in needs)]
    lines = tuple(
        Line(ref, {key: sent.text(f"f.{key}.{ref}") for key in keys}, seen.get(ref))
        for ref in dict.fromkeys(sent.texts(LINE))
    )
    common = {need.name: sent.text(f"f.{need.name}") for need in needs}
    common |= {ON: sent.text(ON), REASON: sent.text(f"f.{REASON}")}
    return Asked(verb, lines, {key: text for key, text in common.items() if text}, tuple(sent.files(PROOF)))


def with_cells(sent: Typed, cells: Mapping[tuple[str, str], str]) -> Typed:
    """What was typed, with cells that came from a spreadsheet written over it."""
    named = {f"f.{key}.{ref}": text for (ref, key), text in cells.items()}
    kept = [(name, value) for name, value in sent.form.multi_items() if name not in named and name != "paste"]
    return Typed(FormData([*kept, *named.items()]))


def of_lines(lines: Iterable[Line], sent: Typed) -> Typed:
    """The lines of a file as if they had been typed, with what was typed for all."""
    common = [(name, value) for name, value in sent.items() if name != LINE and name.count(".") < 2]
    cells = [(f"f.{key}.{line.ref}", str(value)) for line in lines for key, value in line.values.items()]
    return Typed(FormData([*common, *((LINE, line.ref) for line in lines), *cells]))


def seen_of(cases: Iterable[LoadedCase]) -> str:
    """The last fact of each case, as the form carries it."""
    return " ".join(f"{case.row['ref']}:{case.row['seq']}" for case in cases)


def rows_of(
    refs: Sequence[str],
    cases: Mapping[str, LoadedCase],
    needs: Sequence[Need],
    verb: str,
    sent: Typed | None,
    looked: Mapping[str, Looked],
    wrong: Mapping[str, str],
    lang: str,
) -> list[Row]:
    """The table: what was typed; else what earlier acts propose, without the cases in which the act is not open."""
    ticked = set(sent.texts(LINE)) if sent else set(refs) - {name.partition(".")[2] for name in wrong}
    return [_row(ref, cases.get(ref), needs, verb, sent, looked.get(ref), wrong, ref in ticked, lang) for ref in refs]


def _row(
    ref: str,
    case: LoadedCase | None,
    needs: Sequence[Need],
    verb: str,
    sent: Typed | None,
    looked: Looked | None,
    wrong: Mapping[str, str],
    taken: bool,
    lang: str,
) -> Row:
    known = sent or _proposed(case, needs, verb, lang)
    cells = [Cell(f"f.{ON}.{ref}", ON, "day", False, known.text(f"f.{ON}.{ref}"), wrong.get(f"{ON}.{ref}", ""))]
    for need in needs:
        name = f"f.{need.name}.{ref}"
        listed = bool(need.options) or need.type == "boolean"
        kind = KINDS.get(need.type, "")
        cells.append(Cell(name, need.name, kind, listed, known.text(name), wrong.get(f"{need.name}.{ref}", "")))
    name = case.row["unit_name"] if case else ""
    return Row(ref, name, taken, cells, wrong.get(f"{CASE}.{ref}", ""), _what(looked, lang))


def _proposed(case: LoadedCase | None, needs: Sequence[Need], verb: str, lang: str) -> Typed:
    """The cells of a case as earlier acts propose them, choices by their words."""
    if case is None:
        return Typed(FormData())
    known = {need.name: need for need in needs}
    proposals = {name: value for name, value in proposals_of(case, verb).items() if name in known}
    typed = dict(typed_as(needs, proposals).items())
    for name in proposals:
        options = known[name].options
        if typed.get(f"f.{name}") in options:
            typed[f"f.{name}"] = pick(options[typed[f"f.{name}"]], lang)
    return Typed(FormData({f"{name}.{case.row['ref']}": value for name, value in typed.items()}))


def _what(looked: Looked | None, lang: str) -> str:
    if looked is None or looked.decision is None:
        return ""
    decision = looked.decision
    if decision.letter:
        return t("grid.would_prepare", lang, letter=letter_name(decision.letter, lang))
    return t("grid.would_record", lang, on=date_vi(decision.occurred_on))


def _seen(text: str) -> dict[str, int]:
    pairs = (part.rpartition(":") for part in text.split())
    return {ref: int(seq) for ref, _, seq in pairs if seq.isdecimal() and len(seq) < 10}


def closed_to(cases: Mapping[str, LoadedCase], verb: str, doer: Doer, lang: str) -> dict[str, str]:
    """Why the act is not open in each case in which it is not, at its line."""
    reasons = {
        ref: why_not(case.procedure, case.state, verb, doer) if verb in case.procedure.verbs else None
        for ref, case in cases.items()
    }
    return {f"{CASE}.{ref}": error_text(reason, lang) for ref, reason in reasons.items() if reason is not None}


def wrong_cells(errors: Sequence[WrongInput], needs: Sequence[Need], lang: str) -> dict[str, str]:
    """What is wrong, by the key of its cell, each named with its case."""
    labels = {need.name: pick(need.label, lang) for need in needs}
    labels |= {ON: t("pages.happened_on", lang), REASON: t("days.reason_label", lang)}
    labels |= {PROOF: t("pages.evidence", lang), "paste": t("grid.paste_box", lang), "sheet": t("grid.send_file", lang)}
    found: dict[str, str] = {}
    for error in errors:
        key, _, ref = error.field.partition(".")
        label = labels.get(key, "")
        if ref and label:
            label = f"{label} ({ref})"
        (said,) = sentences(_alone(error), lang, besides={error.field: label} if label else {}).values()
        found.setdefault(error.field, f"{ref}: {said}" if key == CASE and ref else said)
    return found


def _alone(error: WrongInput) -> WrongInput:
    """The error without those that were found with it."""
    params = {name: value for name, value in error.params.items() if name not in ("also", "field")}
    return WrongInput(error.field, error.code, **params)
