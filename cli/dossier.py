"""Notes, instructions and documents of cases from the command line, by the same functions as the pages."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy import Connection

from casework.case_view import find
from casework.dossier import instructions, notes
from casework.dossier.documents import (
    KINDS,
    SHORT_ID,
    Description,
    add_documents,
    documents_of,
    named_documents,
    strike_document,
)
from casework.dossier.instructions import ListedInstruction, NewAnswer, NewInstruction
from casework.dossier.notes import NewNote
from casework.dossier.rights import READERS
from casework.office.people import Actor, actor
from cli.output import clock, file_bytes, lang, lines, show_json
from models.database import engine, reading, writing
from models.errors import Refused
from models.typed_rows.dossier_shapes import DocumentRow, NoteRow
from oversight.notes_and_instructions import report_is_late
from templates.formats import date_vi, moment_vi
from templates.words import t

Json = Annotated[bool, typer.Option("--json", help="One JSON document with stable keys.")]
By = Annotated[str, typer.Option("--by", help="Who asks or does it: the sign-in name.")]
FilesOption = Annotated[list[Path] | None, typer.Option("--file", help="A file to keep with it; may be repeated.")]
Documents = Annotated[
    list[str] | None, typer.Option("--document", help="A document of the case: the first digits of its hash.")
]
Reason = Annotated[str, typer.Option(help="Why.")]
AT_MOST = 1_000  # instructions of a list


def register(app: typer.Typer) -> None:
    """Register the three groups of commands."""
    groups: tuple[tuple[str, str, tuple[tuple[str, Callable[..., None]], ...]], ...] = (
        ("note", "Notes on a case.", (("add", note_add), ("list", note_list), ("close", note_close),
                                      ("strike", note_strike))),
        ("instruction", "Instructions of the heads on a case, and the answers.",
         (("give", instruction_give), ("answer", instruction_answer), ("list", instruction_list),
          ("withdraw", instruction_withdraw))),
        ("document", "Documents of a case, added without an act.",
         (("add", document_add), ("list", document_list), ("strike", document_strike))),
    )  # fmt: skip
    for name, said, commands in groups:
        group = typer.Typer(no_args_is_help=True, help=said)
        for command, function in commands:
            group.command(command)(function)
        app.add_typer(group, name=name)


def note_add(
    ref: str,
    text: str,
    by: By,
    come_back: Annotated[str, typer.Option(help="The day on which it comes back.")] = "",
    file: FilesOption = None,
    document: Documents = None,
    json: Json = False,
) -> None:
    """Write a note on a case."""
    files = _files(file)
    with writing(engine()) as connection:
        who = actor(connection, by)
        new = NewNote(text, come_back, files, _named(connection, ref, who, document))
        number = notes.write_note(connection, ref, new, by=who, clock=clock())
    _done(json, {"ref": ref, "note": number}, "cli.note_added", ref=ref, number=number)


def note_list(ref: str, by: By, json: Json = False) -> None:
    """The notes of a case, the newest first."""
    with reading(engine()) as connection:
        who = actor(connection, by)
        case = find(connection, ref, who)
        if who.role not in READERS:
            raise Refused("note_not_yours")
        found = notes.notes_of(connection, case["id"])
    if json:
        show_json(found)
        return
    lines([(str(row["id"]), moment_vi(row["written_at"]), row["by"], _note_state(row), row["text"]) for row in found])


def note_close(ref: str, number: int, by: By, json: Json = False) -> None:
    """Close a note: it comes back no more."""
    with writing(engine()) as connection:
        notes.close_note(connection, ref, number, by=actor(connection, by), clock=clock())
    _done(json, {"ref": ref, "note": number}, "cli.note_closed", ref=ref, number=number)


def note_strike(ref: str, number: int, by: By, reason: Reason, json: Json = False) -> None:
    """Strike a note out with a reason; it stays on record."""
    with writing(engine()) as connection:
        notes.strike_note(connection, ref, number, reason, by=actor(connection, by), clock=clock())
    _done(json, {"ref": ref, "note": number}, "cli.note_struck", ref=ref, number=number)


def instruction_give(
    ref: str,
    to: Annotated[str, typer.Argument(help="Who is to do it: the sign-in name.")],
    text: str,
    by: By,
    due: Annotated[str, typer.Option(help="The day to report by.")],
    json: Json = False,
) -> None:
    """Give a person an instruction on a case."""
    with writing(engine()) as connection:
        who = actor(connection, by)
        number = instructions.give_instruction(connection, ref, NewInstruction(to, text, due), by=who, clock=clock())
    _done(json, {"ref": ref, "instruction": number}, "cli.instruction_given", ref=ref, number=number, to=to)


def instruction_answer(
    ref: str, number: int, text: str, by: By, file: FilesOption = None, document: Documents = None, json: Json = False
) -> None:
    """Report what was done about an instruction."""
    files = _files(file)
    with writing(engine()) as connection:
        who = actor(connection, by)
        answer = NewAnswer(text, files, _named(connection, ref, who, document))
        instructions.answer_instruction(connection, ref, number, answer, by=who, clock=clock())
    _done(json, {"ref": ref, "instruction": number}, "cli.instruction_answered", ref=ref, number=number)


def instruction_list(
    by: By,
    ref: Annotated[str, typer.Argument(help="Of one case; else all that are this person's to see.")] = "",
    every: Annotated[bool, typer.Option("--all", help="Answered and withdrawn ones too.")] = False,
    json: Json = False,
) -> None:
    """Instructions that wait for their answer, or all."""
    with reading(engine()) as connection:
        who = actor(connection, by)
        if who.role not in READERS:
            raise Refused("instruction_not_yours")
        if ref:
            found = instructions.instructions_of(connection, find(connection, ref, who)["id"])
            found = [row for row in found if every or not (row["answered_at"] or row["withdrawn_at"])]
        else:
            found = instructions.instructions_for(connection, who, unanswered=not every, limit=AT_MOST)
    if json:
        show_json(found)
        return
    lines([_instruction_line(row) for row in found])


def instruction_withdraw(ref: str, number: int, by: By, reason: Reason, json: Json = False) -> None:
    """Withdraw an instruction that is not answered yet."""
    with writing(engine()) as connection:
        who = actor(connection, by)
        instructions.withdraw_instruction(connection, ref, number, reason, by=who, clock=clock())
    _done(json, {"ref": ref, "instruction": number}, "cli.instruction_withdrawn", ref=ref, number=number)


def document_add(
    ref: str,
    file: Annotated[list[Path], typer.Argument(help="Files to keep with the case.")],
    by: By,
    kind: Annotated[str, typer.Option(help=f"One of {', '.join(KINDS)}.")] = "",
    on: Annotated[str, typer.Option(help="The day of the documents.")] = "",
    remark: Annotated[str, typer.Option(help="What they are.")] = "",
    json: Json = False,
) -> None:
    """Add documents to a case without an act."""
    files = _files(file, "FILE")
    with writing(engine()) as connection:
        done = add_documents(
            connection, ref, files, Description(kind, on, remark), by=actor(connection, by), clock=clock()
        )
    shown = {"ref": ref, "new": list(done.new), "known": list(done.known)}
    _done(json, shown, "cli.documents_added", ref=ref, count=len(done.new), known=len(done.known))


def document_list(ref: str, by: By, json: Json = False) -> None:
    """The documents of a case, the newest first, each with the hash that `--document` takes."""
    with reading(engine()) as connection:
        found = documents_of(connection, find(connection, ref, actor(connection, by))["id"])
    if json:
        show_json(found)
        return
    lines([_document_line(row) for row in found])


def document_strike(ref: str, document: str, by: By, reason: Reason, json: Json = False) -> None:
    """Strike a document out with a reason; it stays on record and no act can take it."""
    with writing(engine()) as connection:
        who = actor(connection, by)
        sha = _named(connection, ref, who, [document])[0]
        strike_document(connection, ref, sha, reason, by=who, clock=clock())
    _done(json, {"ref": ref, "document": sha}, "cli.document_struck", ref=ref, document=sha[:SHORT_ID])


def _named(connection: Connection, ref: str, who: Actor, names: Sequence[str] | None) -> list[str]:
    return named_documents(connection, find(connection, ref, who)["id"], names) if names else []


def _files(paths: Sequence[Path] | None, option: str = "--file") -> list[tuple[str, bytes]]:
    return [(path.name, file_bytes(path, option)) for path in paths or ()]


def _done(json: bool, content: dict[str, Any], said: str, **named: object) -> None:
    if json:
        show_json(content)
    else:
        sys.stdout.write(t(said, lang(), **named) + "\n")


def _note_state(row: NoteRow) -> str:
    if row["struck_at"]:
        return t("dossier.struck", lang())
    if row["closed_at"]:
        return t("dossier.note_closed", lang())
    return t("dossier.note_comes_back", lang(), day=date_vi(row["come_back_on"])) if row["come_back_on"] else ""


def _instruction_line(row: ListedInstruction) -> tuple[str, ...]:
    late = (clock().today() - row["due_on"]).days if report_is_late(row["due_on"], clock().today()) else 0
    state = "withdrawn" if row["withdrawn_at"] else "answered" if row["answered_at"] else "late" if late else "waiting"
    said = t(f"dossier.status_{state}", lang(), count=late)
    return (
        row["ref"],
        str(row["id"]),
        f"{row['by_login']} → {row['to_login']}",
        date_vi(row["due_on"]),
        said,
        row["text"],
    )


def _document_line(row: DocumentRow) -> tuple[str, ...]:
    kind = t(f"dossier.kind_{row['kind']}", lang()) if row["kind"] else ""
    struck = t("dossier.struck", lang()) if row["struck_at"] else ""
    return (
        row["sha256"][:12],
        moment_vi(row["added_at"]),
        row["name"],
        kind,
        date_vi(row["dated_on"]),
        row["remark"],
        struck,
    )
