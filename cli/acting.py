"""Commands that act: one act on one case, one act on the many cases of a file, and undoing what was done to many."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy import Connection

from casework.day_of_act import day_and_fields
from casework.dossier.documents import named_documents
from casework.evidence_store import keep
from casework.ledger import case_row
from casework.office.people import actor, require_visible
from casework.to_act import questions, to_act
from cli.output import assigned, clock, day, file_bytes, lang, lines, mark_in, scanned_bytes, show_json, write_file
from correspondence.effective_papers import act_on
from correspondence.grid.acting import Looked, cases_of, do, look
from correspondence.grid.columns import ON, Asked
from correspondence.grid.operations import Operation, act_label, cases_in, listed, undo
from correspondence.grid.reading import Read, read_file
from correspondence.grid.workbook import template
from models.clock import Clock
from models.database import engine, reading, writing
from models.errors import CoopcaseError, WrongInput
from rulebook.versions import Versions
from templates.words import say, t

Json = Annotated[bool, typer.Option("--json", help="One JSON document with stable keys.")]
By = Annotated[str, typer.Option("--by", help="Who does it: the sign-in name.")]


def register(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("act")(act_command)
    app.command("operations")(operations_command)


def act_command(
    by: By,
    ref: Annotated[str, typer.Argument(help="The case; with --file or --template the act itself.")] = "",
    verb: Annotated[str, typer.Argument(help="The act.")] = "",
    on: Annotated[str, typer.Option(help="When it happened; else the day in the field that says it, else today.")] = "",
    set_: Annotated[list[str] | None, typer.Option("--set", help="name=value, or name=@FILE.")] = None,
    evidence: Annotated[list[Path] | None, typer.Option(help="A file that proves it; one serves all cases.")] = None,
    document: Annotated[
        list[str] | None, typer.Option("--document", help="A document of the case: the first digits of its hash.")
    ] = None,
    seen: Annotated[int | None, typer.Option(help="The last fact you saw; refuses if there are newer ones.")] = None,
    file: Annotated[Path | None, typer.Option(help="A workbook or CSV with a line for each case: all or none.")] = None,
    preview: Annotated[bool, typer.Option("--preview", help="Of --file: show what would happen.")] = False,
    form: Annotated[Path | None, typer.Option("--template", help="Write the workbook of the act for --case.")] = None,
    case: Annotated[list[str] | None, typer.Option("--case", help="A case for --template.")] = None,
    undo_: Annotated[int | None, typer.Option("--undo", help="Undo this bulk act of today; see `operations`.")] = None,
    reason: Annotated[str, typer.Option(help="Of --undo: why.")] = "",
    json: Json = False,
) -> None:
    """Do one act on a case, or on the many cases of a file."""
    files = [(path.name, file_bytes(path, "--evidence")) for path in evidence or []]
    if undo_ is not None:
        _undo(undo_, case or None, reason, by, json)
    elif form is not None and ref:
        _write_template(form, ref, case or [], by)
    elif file is not None and ref and not verb:
        common = {**assigned(set_ or []), **({ON: on} if on else {})}
        _act_on_many(file, Asked(ref, (), common, tuple(files)), by, preview, json)
    elif ref and verb:
        _act_on_one(ref, verb, by, assigned(set_ or []), on, files, document or [], seen, json)
    else:
        raise WrongInput("REF", "act_needs_case_and_verb")


def _act_on_one(
    ref: str, verb: str, by: str, data: dict[str, Any], on: str, files: list[tuple[str, bytes]], documents: list[str],
    seen: int | None, json: bool,
) -> None:  # fmt: skip
    office_clock, happened = clock(), day("--on", on)
    first = questions(ref, by, ())
    with writing(engine(), first=first) as connection:
        read = to_act(connection, ref, by, first)
        hashes = _keep(connection, ref, files, documents, by, office_clock) if files or documents else []
        happened, fields = day_and_fields(connection, read.loaded, verb, data, happened, office_clock.today())
        done = act_on(
            connection,
            read.loaded,
            verb,
            doer=read.doer,
            clock=office_clock,
            data=fields,
            on=happened,
            evidence=hashes,
            seen=seen,
            last=True,
        )
    if json:
        show_json(done)
        return
    said = "cli.act_done" if done.letter is None else "cli.act_prepared"
    sys.stdout.write(t(said, lang(), ref=ref, seq=done.seq, state=done.state, letter=done.letter) + "\n")


def _keep(
    connection: Connection, ref: str, files: list[tuple[str, bytes]], documents: list[str], by: str, office_clock: Clock
) -> list[str]:  # fmt: skip
    row = case_row(connection, ref)
    require_visible(actor(connection, by), row["district_code"], ref)
    kept = [keep(connection, row["id"], content, name, by=by, now=office_clock.now()) for name, content in files]
    return list(dict.fromkeys([*named_documents(connection, row["id"], documents), *kept]))


def _write_template(path: Path, verb: str, refs: list[str], by: str) -> None:
    with reading(engine()) as connection:
        cases = list(cases_of(connection, refs, actor(connection, by)).values())
    write_file(path, template(cases, verb, lang(), mark_in(lang())))


def _act_on_many(path: Path, asked: Asked, by: str, preview: bool, json: bool) -> None:
    data, office_clock = scanned_bytes(path), clock()
    with reading(engine()) as connection:
        person = actor(connection, by)
        read = read_file(connection, data, path.name, asked.verb, person)
        found = look(connection, replace(asked, lines=read.lines), person, clock=office_clock)
    wrong = [(read.place(error), error) for one in found for error in one.errors]
    number = None
    if not wrong and not preview:
        seen = tuple(replace(one.line, seen=one.seq) for one in found)
        with writing(engine()) as connection:
            number = do(connection, replace(asked, lines=seen), person, clock=office_clock)
    _show(found, wrong, read, number, json)
    if wrong:
        raise typer.Exit(2)


def _show(
    found: list[Looked], wrong: list[tuple[str, WrongInput]], read: Read, number: int | None, json: bool
) -> None:  # fmt: skip
    if json:
        show_json({"operation": number, "wrong": len(wrong), "lines": [_line(one, read) for one in found]})
        return
    lines([(place, _said(error)) for place, error in wrong])
    said = t("cli.grid_previewed", lang(), count=len(found), wrong=len(wrong))
    sys.stdout.write((said if number is None else t("cli.grid_done", lang(), count=len(found), number=number)) + "\n")


def _line(one: Looked, read: Read) -> dict[str, Any]:
    decision = one.decision
    return {
        "ref": one.line.ref, "unit_name": one.unit_name, "kind": decision.kind if decision else None,
        "on": decision.occurred_on if decision else None, "letter": (decision.letter or None) if decision else None,
        "wrong": [{"cell": read.place(error), "error": _said(error)} for error in one.errors],
    }  # fmt: skip


def _said(error: CoopcaseError) -> str:
    return say(error, lang())


def _undo(number: int, refs: list[str] | None, reason: str, by: str, json: bool) -> None:
    with writing(engine()) as connection:
        made = undo(connection, number, refs, reason, actor(connection, by), clock=clock())
        count = len(cases_in(connection, made))
    if json:
        show_json({"operation": made, "undoes": number, "cases": count})
        return
    sys.stdout.write(t("cli.operation_undone", lang(), number=number, count=count) + "\n")


def operations_command(by: By, json: Json = False) -> None:
    """List the latest acts that were done for several cases at once."""
    with reading(engine()) as connection:
        found, versions = listed(connection, actor(connection, by)), Versions(connection)
    if json:
        show_json(found)
        return
    lines([_row(one, versions) for one in found])


def _row(one: Operation, versions: Versions) -> tuple[str, ...]:
    undone = t("operations.undone", lang(), number=one.undone_by) if one.undone_by else ""
    label = act_label(versions, one, lang())
    said = t("operations.kind_undo", lang(), number=one.undoes, verb=label) if one.undoes else label
    return str(one.id), f"{one.at:%d/%m/%Y}", one.by, str(one.count), said, undone
