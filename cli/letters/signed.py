"""Commands for signed versions of letters: upload, compare with the record, write out, sign electronically."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from casework.office.people import actor
from cli.output import clock, file_bytes, lang, show_json, write_file
from correspondence import signed_versions
from correspondence.drafts import one_letter
from correspondence.letter_files import read_bytes
from letters.differences import Change
from models.database import engine, reading, writing
from models.errors import NotFound, WrongInput
from models.typed_rows.letter_shapes import SignedVersionRow
from templates.formats import moment_vi
from templates.words import t

_KEYS = ("id", "sha256", "name", "size", "by", "added_at", "reason", "differing")


def register(app: typer.Typer) -> None:
    """Register the command."""
    app.command("letter-signed")(signed_command)
    app.command("letter-esign")(esign_command)


def esign_command(
    letter_id: int,
    by: Annotated[str, typer.Option("--by", help="Who does it: the sign-in name.")],
    json: Annotated[bool, typer.Option("--json", help="One JSON document with stable keys.")] = False,
) -> None:
    """Sign the record of an issued letter with the office's certificate; the signed file is kept beside the record."""
    from correspondence.electronic_signing import checks_of, sign_electronically

    office_clock = clock()
    with reading(engine()) as connection:
        person = actor(connection, by)
    number = sign_electronically(engine(), letter_id, person, clock=office_clock)
    with reading(engine()) as connection:
        version = next(row for row in signed_versions.versions(connection, letter_id) if row["id"] == number)
    checks = checks_of(version, office_clock.now())
    if json:
        show_json({"letter": letter_id, "id": number, "sha256": version["sha256"], "signatures": checks})
        return
    for check in checks:
        sys.stdout.write(t("esign.by", lang(), subject=check.subject, at=moment_vi(check.signed_at)) + "\n")


def signed_command(
    letter_id: int,
    file: Annotated[Path | None, typer.Option(help="The Word file, scan or picture that was signed.")] = None,
    by: Annotated[str, typer.Option("--by", help="Who brings it back: the sign-in name.")] = "",
    reason: Annotated[str, typer.Option(help="Why the text differs from the record.")] = "",
    show: Annotated[bool, typer.Option("--show", help="Where the text differs.")] = False,
    out: Annotated[Path | None, typer.Option(help="Write the latest version, or that of --version, to a file.")] = None,
    version: Annotated[int, typer.Option(help="Number of a version.")] = 0,
    json: Annotated[bool, typer.Option("--json", help="One JSON document with stable keys.")] = False,
) -> None:
    """Keep the signed version of a letter beside the record, or show the kept versions and their differences."""
    if file is not None:
        _keep(letter_id, file, by, reason, show, json)
        return
    with reading(engine()) as connection:
        one_letter(connection, letter_id)
        kept = signed_versions.versions(connection, letter_id)
    chosen = [row for row in kept if version in (0, row["id"])]
    if (version or out is not None) and not chosen:
        raise NotFound("no_such_signed_version", letter=letter_id, number=version or "…")
    if out is not None:
        write_file(out, read_bytes(chosen[0]["sha256"]))
    if json:
        show_json({"letter": letter_id, "versions": [_document(row) for row in chosen]})
        return
    for row in chosen:
        columns = (str(row["id"]), moment_vi(row["added_at"]), row["by"], row["name"], row["reason"])
        sys.stdout.write("  ".join(filter(None, columns)) + "\n")
        changes = signed_versions.changes_of(row)
        sys.stdout.write(_how(changes) + "\n" + (_drawn(changes) if show and changes else ""))


def _keep(letter_id: int, file: Path, by: str, reason: str, show: bool, json: bool) -> None:
    data = file_bytes(file, "--file")
    with writing(engine()) as connection:
        person = actor(connection, by)
        try:
            kept = signed_versions.keep_signed(
                connection, letter_id, person, data, file.name, reason, now=clock().now()
            )
        except WrongInput as error:
            if error.code == "signed_text_differs" and not json:
                sys.stdout.write(_drawn(error.params["changes"]))  # type: ignore[arg-type]
            raise
    if json:
        show_json({"letter": letter_id, "id": kept.number, "changes": kept.changes})
        return
    sys.stdout.write(t("cli.signed_kept", lang(), number=kept.number, how=_how(kept.changes)) + "\n")
    sys.stdout.write(_drawn(kept.changes) if show and kept.changes else "")


def _document(row: SignedVersionRow) -> dict[str, object]:
    columns: Mapping[str, object] = row
    return {key: columns[key] for key in _KEYS} | {"changes": signed_versions.changes_of(row)}


def _how(changes: list[Change] | None) -> str:
    if changes is None:
        return t("signed.not_compared", lang())
    return t("signed.differs", lang(), count=len(changes)) if changes else t("signed.same", lang())


def _drawn(changes: list[Change]) -> str:
    """The differences, one line per paragraph: its number or where it is, [-removed-] and {+added+}."""
    marks = {"same": "{}", "gone": "[-{}-]", "new": "{{+{}+}}"}
    listed = [
        (
            f"{change.place:>4}" if change.place else f"{t(f'signed.where_{change.where}', lang())}:",
            " ".join(marks[piece.mark].format(piece.text) for piece in change.pieces),
        )
        for change in changes
    ]
    return "".join(f"{place}  {text}\n" for place, text in listed)
