"""Commands for batches of letters: the same steps as the pages, in the same order."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress

from casework.lists.worklist import Filter
from casework.office.people import actor
from cli.output import assigned, clock, lang, lines, show_json
from correspondence.bulk import bulk_letters
from correspondence.bulk.batch_rows import one_batch
from correspondence.bulk.bulk_choice import Candidate, Selection, Wanted, choose, require_ours, types_for
from correspondence.bulk.bulk_prints import batch_letters, batch_pdf, batch_zip
from correspondence.bulk.bulk_view import BatchView, batch_list, batch_view
from letters.catalogue import letter_type
from letters.output.press import OnProgress, no_progress
from models.database import engine, reading, writing
from models.errors import WrongInput
from templates.words import pick, t

Json = Annotated[bool, typer.Option("--json", help="One JSON document with stable keys.")]
By = Annotated[str, typer.Option("--by", help="Who does it: the sign-in name.")]
Seen = Annotated[str, typer.Option(help="`seen` of the batch as it was looked at; refused if it changed since.")]
Reason = Annotated[str, typer.Option(help="Why.")]
Fields = Annotated[list[str] | None, typer.Option("--set", help="name=value: a field typed once for all.")]
Refs = Annotated[list[str] | None, typer.Option("--ref", help="A case; may be given many times, instead of a filter.")]
_LETTER = ("id", "ref", "status", "number", "symbol", "issued_on", "remarks", "pdf_sha")
bulk_app = typer.Typer(help="Many letters as one batch.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Register the commands."""
    app.add_typer(bulk_app, name="bulk")


@bulk_app.command("types")
def types_command(by: By, json: Json = False) -> None:
    """List the letter types that this person's office writes."""
    with reading(engine()) as connection:
        kinds = types_for(actor(connection, by))
    if json:
        show_json([{"name": kind.name, "document": kind.document, "title": dict(kind.title)} for kind in kinds])
        return
    lines([(kind.document, kind.name, pick(kind.title, lang())) for kind in kinds])


@bulk_app.command("list")
def list_command(by: By, json: Json = False) -> None:
    """List the batches this person may see, those that wait for this person first."""
    today = clock().today()
    with reading(engine()) as connection:
        found = batch_list(connection, actor(connection, by), today)
    names = ("id", "name", "template", "office", "drafted_on", "drafted_by", "dropped_at", "counts", "total", "waits")
    if json:
        show_json([_columns(row, names) for row in found])
        return
    lines([(str(row["id"]), "→" if row["waits"] else "", row["name"], counted(row["counts"])) for row in found])


@bulk_app.command("check")
def check_command(
    template: str,
    by: By,
    district: str = "",
    officer: str = "",
    stage: str = "",
    state: str = "",
    light: str = "",
    obstacle: str = "",
    search: str = "",
    ref: Refs = None,
    set_: Fields = None,
    json: Json = False,
) -> None:
    """Show which cases a letter can be written to, and why the others cannot; nothing is changed."""
    selected = _selection(district, officer, stage, state, light, obstacle, search, ref)
    with reading(engine()) as connection:
        person, kind = actor(connection, by), letter_type(template)
        require_ours(kind, person)
        found = choose(connection, selected, kind, assigned(set_ or []), person, clock().today())
    _show_selection(found, json)


@bulk_app.command("draft")
def draft_command(
    template: str,
    name: Annotated[str, typer.Option("--name", help="Name of the batch; the same name again adds only what is new.")],
    by: By,
    district: str = "",
    officer: str = "",
    stage: str = "",
    state: str = "",
    light: str = "",
    obstacle: str = "",
    search: str = "",
    ref: Refs = None,
    set_: Fields = None,
    json: Json = False,
) -> None:
    """Draft a letter to every eligible case, in one act."""
    selected, at = _selection(district, officer, stage, state, light, obstacle, search, ref), clock()
    with writing(engine()) as connection:
        done = bulk_letters.draft_batch(
            connection, name, template, selected, assigned(set_ or []), actor(connection, by), now=at.now(),
            today=at.today(),
        )  # fmt: skip
    if json:
        show_json({"batch": done.batch, "made": done.made, **_selection_document(done.selection)})
        return
    say("bulk.drafted", batch=done.batch, count=done.made)


def _selection(
    district: str, officer: str, stage: str, state: str, light: str, obstacle: str, search: str, refs: list[str] | None
) -> Wanted:
    asked = Filter(
        district=district or None, officer=officer or None, stage=stage or None, state=state or None,
        light=light or None, obstacle=obstacle or None, search=search or None,
    )  # fmt: skip
    return Wanted(asked, tuple(ref.upper() for ref in refs or ()))


def _show_selection(found: Selection, json: bool) -> None:
    if json:
        show_json(_selection_document(found))
        return
    lines([(item.row["ref"], _why(item), item.row["unit_name"]) for item in found.candidates if item.reason])
    say("bulk.eligible_of", count=len(found.eligible), total=len(found.candidates))


def _selection_document(found: Selection) -> dict[str, Any]:
    return {
        "template": found.kind.name,
        "eligible": [item.row["ref"] for item in found.eligible],
        "counts": {name or "eligible": count for name, count in found.counts.items()},
        "left_out": [
            {"ref": item.row["ref"], "reason": item.reason, "text": _why(item), "missing": list(item.missing)}
            for item in found.candidates
            if item.reason
        ],
        "told": dict(found.given),
    }


def _why(item: Candidate) -> str:
    return t(f"bulk.not_{item.reason}", lang(), what=item.what)


@bulk_app.command("show")
def show_command(batch: int, by: By, json: Json = False) -> None:
    """Show one batch with its letters and what this person may do with it."""
    with reading(engine()) as connection:
        found = batch_view(connection, batch, actor(connection, by), clock().today())
    _show(found, json)


def _show(found: BatchView, json: bool) -> None:
    if json:
        show_json(batch_document(found))
        return
    rows = [(str(item["id"]), item["ref"], _status(item), _lacks(item), item["unit_name"]) for item in found.letters]
    lines(rows)
    say("bulk.summary", name=found.row["name"], counts=counted(found.counts), seen=found.seen)


def batch_document(found: BatchView) -> dict[str, Any]:
    """A batch as `docs/json.md` describes it."""
    names = ("id", "name", "template", "office", "common", "chosen", "drafted_on", "drafted_by", "dropped_at")
    return {
        **_columns(found.row, names),
        "counts": dict(found.counts),
        "problems": found.problems,
        "allowed": sorted(found.allowed),
        "next": found.next,
        "seen": found.seen,
        "letters": [
            {
                name: item[name]
                for name in ("id", "ref", "status", "number", "symbol", "issued_on", "remarks", "pdf_sha")
            }
            | {"missing": [pick(label, lang()) for label in item["missing"]], "unverified": item["unverified"]}
            for item in found.letters
        ],
        "acts": [_columns(act, ("act", "by", "at", "count", "letter_id", "reason")) for act in found.acts],
    }


def _columns(row: Mapping[str, object], names: Sequence[str]) -> dict[str, object]:
    return {name: row[name] for name in names}


def _status(item: Mapping[str, Any]) -> str:
    number = f" {item['number']:02d}/{item['symbol']}" if item["number"] else ""
    return t(f"letters.status_{item['status']}", lang()) + number


def _lacks(item: Mapping[str, Any]) -> str:
    return ", ".join(pick(label, lang()) for label in item["missing"]) or pick(item["unfit"], lang()) or item["remarks"]


def counted(counts: Mapping[str, int]) -> str:
    """The number of letters by status, in words."""
    return ", ".join(f"{t(f'letters.status_{status}', lang())} {count}" for status, count in counts.items())


@bulk_app.command("print")
def print_command(
    batch: int,
    by: By,
    pdf_to: Annotated[Path | None, typer.Option("--pdf", help="One PDF in the order of the book.")] = None,
    zip_to: Annotated[Path | None, typer.Option("--zip", help="Every PDF and DOCX with an index.")] = None,
) -> None:
    """Write a batch out: one PDF for the printer, a ZIP with every file."""
    today = clock().today()
    with reading(engine()) as connection:
        person = actor(connection, by)
        found = batch_letters(connection, batch, person, today)
        name = one_batch(connection, batch, person)["name"]
    if pdf_to is not None:
        _write(pdf_to, iter([batch_pdf(found)]))
    if zip_to is not None:
        _write(zip_to, batch_zip(found, name, today))


def _write(path: Path, pieces: Iterator[bytes]) -> None:
    try:
        with path.open("wb") as file:
            file.writelines(pieces)
    except OSError:
        raise WrongInput(str(path), "cannot_write_file") from None


def say(key: str, **params: object) -> None:
    """Print a line of the catalogue of words."""
    sys.stdout.write(t(key, lang(), **params) + "\n")


@contextmanager
def watched(json: bool, words: str) -> Iterator[OnProgress]:
    """A progress bar on standard error; none where it is no terminal."""
    console = Console(stderr=True)
    if json or not console.is_terminal:
        yield no_progress
        return
    with Progress(console=console, transient=True) as progress:
        task = progress.add_task(t(words, lang()), total=None)
        yield lambda done, of: progress.update(task, completed=done, total=of)
