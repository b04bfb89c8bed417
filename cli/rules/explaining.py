"""The command `coopcase explain`: the computation of the dates of a case, as text, JSON or a sheet to print."""

import sys
from collections.abc import Iterable, Sequence
from typing import Annotated, Any

import typer

from casework.as_of import AsOf
from casework.case_view import find
from casework.sums.deadline_sums import Explained
from casework.sums.sum_sentences import Sentence
from casework.sums.sum_sheet import RestsOn, SumSheet, sum_sheet
from cli.output import clock, day, lang, show_json
from models.database import engine, reading
from procedures.facts import CLOCK
from templates.formats import date_vi, moment_vi
from templates.words import t


def register(app: typer.Typer) -> None:
    """Register the command."""
    app.command("explain")(explain_command)


def explain_command(
    ref: str,
    deadline: Annotated[str, typer.Argument()] = "",
    as_of: str = "",
    known_on: str = "",
    print_: Annotated[
        bool, typer.Option("--print", help="The whole sheet, with facts and the hash of the case.")
    ] = False,
    json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Explain each date of a case."""
    at = AsOf(day("--as-of", as_of), day("--known-on", known_on))
    with reading(engine()) as connection:
        find(connection, ref)
        sheet = sum_sheet(connection, ref, deadline or None, lang=lang(), at=at)
    if json:
        show_json(_sheet(sheet, at) if print_ else [_deadline(item) for item in sheet.deadlines])
    elif print_:
        _show_sheet(sheet, at)
    else:
        _show_deadlines(sheet.deadlines)


def line_document(item: Sentence) -> dict[str, Any]:
    """One line of a computation as JSON."""
    return {
        "code": item.code, "text": item.text, "from_on": item.from_on, "to_on": item.to_on,
        "article": item.article, "confidence": item.confidence, "seq": next(iter(item.facts), None),
        "facts": item.facts, "letter": item.letter,
    }  # fmt: skip


def show_sentences(sentences: Iterable[Sentence], indent: str = "") -> None:
    """A computation as text, each line with its article."""
    for item in sentences:
        mark = " " + t("time.recalled", lang()) if item.confidence == "recalled" else ""
        cited = f"  [{item.article}{mark}]" if item.article else ""
        sys.stdout.write(f"{indent}{item.text}{cited}\n")


def _deadline(item: Explained) -> dict[str, Any]:
    return {
        "key": item.key, "run": item.run, "runs": item.runs, "label": item.label, "kind": item.kind,
        "starts_on": item.starts_on, "ends_on": item.ends_on, "status": item.status, "edition": item.edition,
        "lines": [line_document(line) for line in item.sentences],
    }  # fmt: skip


def _show_deadlines(found: Sequence[Explained]) -> None:
    for item in found:
        status = t(f"pages.status_{item.status}", lang())
        sys.stdout.write(f"{item.label}: {date_vi(item.ends_on) or '—'} ({status})\n")
        show_sentences(item.sentences)
        sys.stdout.write("\n")


def _sheet(sheet: SumSheet, at: AsOf) -> dict[str, Any]:
    return {
        "ref": sheet.ref, "unit": sheet.unit, "made_at": clock().now(), "as_of": at.as_of,
        "known_on": at.known_on, "procedure": sheet.procedure,
        "calendar": sheet.calendar, "edition": sheet.edition, "seq": sheet.seq, "head": sheet.head,
        "deadlines": [_deadline(item) for item in sheet.deadlines], "facts": sheet.facts,
    }  # fmt: skip


def _show_sheet(sheet: SumSheet, at: AsOf) -> None:
    head = (
        ("unit", sheet.unit), ("case_ref", sheet.ref), ("printed_at", moment_vi(clock().now())),
        ("procedure_version", sheet.procedure),
        ("calendar_version", t("time.by_edition", lang(), edition=sheet.edition, version=sheet.calendar)),
        ("head_of_chain", f"{t('pages.head_of_fact', lang(), seq=sheet.seq)} {sheet.head}"),
    )  # fmt: skip
    sys.stdout.write(t("pages.sums_of_case", lang()).upper() + "\n\n")
    sys.stdout.writelines(f"{t(f'pages.{name}', lang())}: {value}\n" for name, value in head)
    for name in ("as_of", "known_on"):
        if seen_on := getattr(at, name):
            sys.stdout.write(t(f"pages.seen_{name}", lang(), day=date_vi(seen_on)) + "\n")
    sys.stdout.write("\n")
    _show_deadlines(sheet.deadlines)
    sys.stdout.write(t("pages.sums_rest_on", lang()) + ":\n")
    sys.stdout.writelines(f"{_fact(item)}\n" for item in sheet.facts)
    sys.stdout.write("\n" + t("pages.sums_note", lang()) + "\n")


def _fact(item: RestsOn) -> str:
    by = t("pages.the_system", lang()) if item.by == CLOCK else item.by
    return f"{item.seq:>4}. {date_vi(item.occurred_on)}  {item.label} ({by}, {moment_vi(item.recorded_at)})"
