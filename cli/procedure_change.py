"""A new version of the procedure from the command line: what it would do to the open cases, and moving them."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from casework.procedure_change import Change, migrate, preview
from cli.output import clock, lang, lines, show_json
from cli.procedures_file import procedure_app
from letters.catalogue import letter_types
from models.database import engine, reading
from models.errors import WrongInput
from procedures.loader import ProcedureBroken, read
from procedures.schema import Procedure
from templates.formats import date_vi
from templates.words import t

Json = Annotated[bool, typer.Option("--json")]


def register(_app: typer.Typer) -> None:
    """The commands hang on `coopcase procedure`, which cli.procedures_file registers."""
    procedure_app.command("preview")(preview_command)
    procedure_app.command("migrate")(migrate_command)


def preview_command(file: Path, json: Json = False) -> None:
    """What a version of the procedure would do to every open case; nothing is changed."""
    new = _read(file)
    with reading(engine()) as connection:
        change = preview(connection, new, clock().today())
    _show(change, json)


def migrate_command(
    file: Path,
    by: Annotated[str, typer.Option("--by")],
    approve_by: Annotated[str, typer.Option("--approve-by", help="A second person: legal or leader of the city.")],
    seen: Annotated[str, typer.Option(help="The mark of the preview, when legal dates move.")] = "",
    json: Json = False,
) -> None:
    """Move every open case that can move to this version; the facts stay as they are."""
    _show(
        migrate(
            engine(),
            _read(file),
            file.read_text(encoding="utf-8"),
            by=by,
            approve_by=approve_by,
            seen=seen,
            clock=clock(),
        ),
        json,
    )


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise WrongInput("FILE", "no_such_file", path=str(file)) from None


def _read(file: Path) -> Procedure:
    try:
        return read(_text(file), file.name, letter_types())
    except ProcedureBroken as broken:
        for problem in broken.problems:
            sys.stderr.write(t(f"errors.{problem.code}", lang(), **problem.params) + "\n")
        raise typer.Exit(2) from None


def _show(change: Change, json: bool) -> None:
    mark = change.digest if change.legal_moves else ""
    if json:
        show_json({"change": change, "seen": mark})
        return
    sentences = [t("procedure.change_cases", lang(), count=len(change.cases), pin=change.pin)]
    sentences += [t("procedure.change_lost", lang(), count=item.cases, verb=item.label) for item in change.lost]
    late = sum(item.becomes_late for item in change.moved)
    counts = {"count": len(change.moved), "late": late, "legal": len(change.legal_moves)}
    sentences.append(t("procedure.change_moved", lang(), **counts))
    sentences += [t(f"procedure.stuck_{item.code}", lang(), ref=item.ref, what=item.what) for item in change.stuck]
    if mark:
        sentences.append(t("procedure.change_seen", lang(), mark=mark))
    sys.stdout.write("\n".join(sentences) + "\n")
    lines([(item.ref, item.key, date_vi(item.before) or "—", "→", date_vi(item.after) or "—") for item in change.moved])
