"""Commands for letters: drafts, signatures, numbers, service, citations."""

import sys
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy import Connection, select

from casework.evidence_store import keep
from casework.ledger import case_row
from casework.office.people import Actor, actor
from cli.output import assigned, clock, day, file_bytes, lang, lines, show_json, write_file
from correspondence import citation_clearance, drafts, issuing, letter_marks
from correspondence.letter_copies import docx_of, pdf_of
from correspondence.paper_forms import form_of
from correspondence.service import serving
from correspondence.service.service_rules import Delivery
from letters.catalogue import letter_type
from letters.output.docx import docx
from letters.output.pdf import pdf
from letters.output.plain import plain
from models.database import engine, reading, writing
from models.errors import WrongInput
from models.letter_links import of_case
from models.tables import letter_rows
from models.typed_rows import all_rows
from models.typed_rows.letter_shapes import LetterRow
from templates.formats import date_vi
from templates.words import pick, say, t

Json = Annotated[bool, typer.Option("--json", help="One JSON document with stable keys.")]
By = Annotated[str, typer.Option("--by", help="Who does it: the sign-in name.")]
_KEYS = (
    "id", "template", "status", "number", "symbol", "issued_on", "missing", "unverified", "remarks",
    "drafted_for_on", "submitted_by", "approved_by", "content_hash", "pdf_sha",
)  # fmt: skip
ACTIONS = ("submit", "recall", "approve", "return", "issue", "cancel", "discard", "fill", "mark")


def register(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("letters")(letters_command)
    app.command("letter")(letter_command)
    app.command("letter-draft")(draft_command)
    app.command("letter-form")(form_command)
    app.command("letter-act")(act_command)
    app.command("letter-serve")(serve_command)
    app.command("citations")(citations_command)


def letters_command(ref: str, json: Json = False) -> None:
    """List the letters of a case."""
    with reading(engine()) as connection:
        row = case_row(connection, ref)
        found = select(letter_rows).where(of_case(row["id"])).order_by(letter_rows.c.id)
        listed = all_rows(LetterRow, connection.execute(found))
    if json:
        show_json({"ref": ref, "letters": [_document(item) for item in listed]})
        return
    lines([_line(item) for item in listed])


def _document(row: Mapping[str, object]) -> dict[str, Any]:
    return {name: row[name] for name in _KEYS}


def _line(row: LetterRow) -> tuple[str, ...]:
    number = f"{row['number']:02d}/{row['symbol']}" if row["number"] else ""
    title = pick(letter_type(row["template"]).title, lang())
    return str(row["id"]), t(f"letters.status_{row['status']}", lang()), number, date_vi(row["issued_on"]), title


def letter_command(
    letter_id: int,
    pdf_to: Annotated[Path | None, typer.Option("--pdf")] = None,
    docx_to: Annotated[Path | None, typer.Option("--docx")] = None,
    json: Json = False,
) -> None:
    """Show one letter as text, or write it as PDF or DOCX."""
    with reading(engine()) as connection:
        row = drafts.one_letter(connection, letter_id)
        found = drafts.live(connection, row, clock().today())
    if pdf_to is not None:
        write_file(pdf_to, pdf_of(row, found.letter))
    if docx_to is not None:
        write_file(docx_to, docx_of(row, found.letter))
    if json:
        missing = [{"name": item.name, "label": pick(item.label, lang())} for item in found.letter.missing]
        text = plain(found.letter, row["number"])
        show_json(_document(row) | {"ref": row["ref"], "missing": missing, "text": text})
    elif pdf_to is None and docx_to is None:
        sys.stdout.write(plain(found.letter, row["number"]))


def form_command(
    ref: str,
    template: str,
    by: By,
    pdf_to: Annotated[Path | None, typer.Option("--pdf")] = None,
    docx_to: Annotated[Path | None, typer.Option("--docx")] = None,
) -> None:
    """Show a form for another party, filled with the data of the case, as text, or write it as PDF or DOCX."""
    with reading(engine()) as connection:
        letter = form_of(connection, ref, template, actor(connection, by), clock().today())
    if pdf_to is not None:
        write_file(pdf_to, pdf(letter))
    if docx_to is not None:
        write_file(docx_to, docx(letter))
    if pdf_to is None and docx_to is None:
        sys.stdout.write(plain(letter))


def draft_command(ref: str, template: str, by: By, json: Json = False) -> None:
    """Draft a letter that no act requires."""
    office_clock = clock()
    with writing(engine()) as connection:
        person = actor(connection, by)
        made = drafts.draft_by_hand(
            connection, ref, template, person, now=office_clock.now(), today=office_clock.today()
        )
    _say({"id": made, "status": "draft"}, json)


def act_command(
    letter_id: int,
    action: Annotated[str, typer.Argument(help=" | ".join(ACTIONS))],
    by: By,
    reason: Annotated[
        str, typer.Option(help="Remarks of a return; reason of a recall (to a draft) or a cancellation.")
    ] = "",
    set_: Annotated[
        list[str] | None, typer.Option("--set", help="name=value, for fill and mark; on=… for issue.")
    ] = None,
    json: Json = False,
) -> None:
    """Carry a letter on: submit, recall, approve (sign), return, issue, cancel, discard, fill, mark (KHẨN, MẬT)."""
    if action not in ACTIONS:
        raise WrongInput("action", "not_an_option", value=action, options=", ".join(ACTIONS))
    office_clock = clock()
    with writing(engine()) as connection:
        person = actor(connection, by)
        _ACTIONS[action](connection, letter_id, person, office_clock, reason, assigned(set_ or []))
        row = drafts.one_letter(connection, letter_id)
    _say(_document(row), json)


def _fill(connection: Connection, number: int, person: Actor, at: Any, reason: str, data: dict[str, Any]) -> None:
    drafts.fill(connection, number, person, data, today=at.today())


def _submit(connection: Connection, number: int, person: Actor, at: Any, *_: Any) -> None:
    drafts.submit(connection, number, person, now=at.now(), today=at.today())


def _approve(connection: Connection, number: int, person: Actor, at: Any, *_: Any) -> None:
    drafts.approve(connection, number, person, now=at.now(), today=at.today())


def _return(connection: Connection, number: int, person: Actor, at: Any, reason: str, _: Any) -> None:
    drafts.send_back(connection, number, person, reason, now=at.now(), today=at.today())


def _issue(connection: Connection, number: int, person: Actor, at: Any, reason: str, data: dict[str, Any]) -> None:
    if unknown := set(data) - {"on", "number"}:
        raise WrongInput(min(unknown), "unknown_field")
    issuing.issue(
        connection, number, person, now=at.now(), today=at.today(), on=day("on", data.get("on")),
        wanted=data.get("number", ""),
    )  # fmt: skip


def _recall(connection: Connection, number: int, person: Actor, at: Any, reason: str, _: Any) -> None:
    drafts.recall(connection, number, person, reason, now=at.now(), today=at.today())


def _cancel(connection: Connection, number: int, person: Actor, at: Any, reason: str, _: Any) -> None:
    issuing.cancel_number(connection, number, person, reason, now=at.now(), today=at.today())


def _discard(connection: Connection, number: int, person: Actor, at: Any, reason: str, _: Any) -> None:
    drafts.discard(connection, number, person, reason)


def _mark(connection: Connection, number: int, person: Actor, at: Any, reason: str, data: dict[str, Any]) -> None:
    letter_marks.mark(connection, number, person, data, today=at.today())


_ACTIONS: dict[str, Callable[..., None]] = {
    "fill": _fill, "submit": _submit, "approve": _approve, "return": _return, "issue": _issue, "cancel": _cancel,
    "discard": _discard, "mark": _mark, "recall": _recall,
}  # fmt: skip


def serve_command(
    letter_id: int,
    by: By,
    way: Annotated[str, typer.Option(help="A way of service of the procedure.")],
    result: Annotated[str, typer.Option(help="What came of it; a wrong one lists those of each way.")],
    on: Annotated[str, typer.Option(help="Day of service; first day of a posting.")],
    to: Annotated[str, typer.Option(help="Last day of a posting.")] = "",
    set_: Annotated[list[str] | None, typer.Option("--set", help="receiver=… tracking=… place=… issue=…")] = None,
    evidence: Annotated[list[Path] | None, typer.Option(help="The proof.")] = None,
    case: Annotated[list[str] | None, typer.Option(help="Of a joint letter: only to this case.")] = None,
    json: Json = False,
) -> None:
    """Record how an issued letter reached its addressee, with the proof."""
    office_clock = clock()
    on_day = day("--on", on) or office_clock.today()
    with writing(engine()) as connection:
        person = actor(connection, by)
        row = drafts.one_letter(connection, letter_id, person)
        kept = [
            keep(connection, row["case_id"], file_bytes(path, "--evidence"), path.name, by=by, now=office_clock.now())
            for path in evidence or []
        ]
        delivery = Delivery(way, result, on_day, day("--to", to), assigned(set_ or []), kept)
        done = serving.serve(
            connection, letter_id, person, delivery, now=office_clock.now(), today=office_clock.today(), refs=case or ()
        )
    if done.left is not None and not json:
        sys.stderr.write(say(done.left, lang()) + "\n")
    _say({"id": letter_id, "status": done.status, "left": done.left}, json)


def _say(document: dict[str, Any], json: bool) -> None:
    if json:
        show_json(document)
        return
    status = t(f"letters.status_{document['status']}", lang())
    sys.stdout.write(t("cli.letter_done", lang(), letter=document["id"], status=status) + "\n")


def citations_command(
    clear: Annotated[str, typer.Option(help="Key of the citation that was checked.")] = "",
    valid_from: Annotated[str, typer.Option(help="From which day its version holds, as listed.")] = "",
    by: Annotated[str, typer.Option()] = "",
    note: Annotated[str, typer.Option(help="Checked against what.")] = "",
    json: Json = False,
) -> None:
    """List recalled citations, or record that one was checked against the gazette."""
    if clear:
        with writing(engine()) as connection:
            from_on = day("--valid-from", valid_from)
            citation_clearance.clear(connection, clear, from_on, by=actor(connection, by), note=note, now=clock().now())
    with reading(engine()) as connection:
        listed = citation_clearance.recalled(connection)
    if json:
        show_json([_citation(item) for item in listed])
        return
    lines([(("✓" if item["cleared"] else "–"), *_cells(item["citation"])) for item in listed])


def _citation(item: dict[str, Any]) -> dict[str, Any]:
    citation, done = item["citation"], item["cleared"]
    return {
        "key": citation.key,
        "valid_from": citation.valid_from,
        "text": citation.text(lang()),
        "source": citation.source,
        "cleared_by": done["cleared_by"] if done else None,
        "note": done["note"] if done else None,
    }


def _cells(citation: Any) -> tuple[str, str, str]:
    from_on: date | None = citation.valid_from
    return citation.key, from_on.isoformat() if from_on else "", citation.text(lang())
