"""What was really signed, brought back: kept beside the record, compared with it, never in its place."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, select

from casework.evidence_store import media_type_of, plain_name
from casework.office.people import Actor
from correspondence.drafts import note, one_letter, require_status
from correspondence.letter_files import keep_bytes, read_bytes
from correspondence.letter_rights import roles_of, statuses_of
from letters.differences import Change, Mark, Piece, differences
from letters.frozen import thaw
from letters.marks import TRIAL
from letters.numbering import BLANK
from letters.output.docx import docx
from letters.word_text import paragraphs_of, read_word
from models.errors import NotFound, Refused, WrongInput
from models.tables import signed_versions
from models.typed_rows import all_rows
from models.typed_rows.letter_shapes import LetterOfCase, SignedVersionRow
from procedures.state_machine.field_values import clean_text

WORD = ".docx"
KINDS = {  # endings taken, and whether their text can be compared
    WORD: True, ".pdf": False, ".png": False, ".jpg": False, ".jpeg": False, ".tif": False, ".tiff": False,
}  # fmt: skip
LOOKS: dict[str, Mark] = {"struck": "gone", "hidden": "gone"}  # what no longer holds in print
_DRAFT = "DỰ THẢO"  # printed on the Word file of a letter without a number


@dataclass(frozen=True, slots=True)
class Kept:
    """A version that was kept: its number, and how its text differs from the record; none: it cannot be compared."""

    number: int
    changes: list[Change] | None


def keep_signed(
    connection: Connection, letter_id: int, person: Actor, data: bytes, name: str, reason: str, *, now: datetime
) -> Kept:
    """Keep a Word file, a scan or a picture of the letter as it was signed.

    Raises:
        NotFound, Refused: not signed yet, or not this person's to keep.
        WrongInput: the file is not one that is taken, or its text differs and no reason is given; `changes` has how.
    """
    if person.role not in roles_of("signed"):
        raise Refused("keeping_signed_not_yours")
    row = one_letter(connection, letter_id, person)
    require_status(row, statuses_of("signed"))
    shown = plain_name(name)
    ending = _ending(shown)
    media_type = media_type_of(data, shown, "file")
    record = changes = None
    if KINDS[ending]:
        record = record_text(row)
        changes = _changes(record, data)
    text = clean_text("reason", reason)
    if changes and not text:
        raise WrongInput("reason", "signed_text_differs", count=len(changes), changes=changes)
    _require_new(connection, letter_id, data)
    compared = {"reason": text, "record": record, "differing": len(changes or ())}
    return Kept(add_version(connection, letter_id, data, shown, media_type, person, now, **compared), changes)


def add_version(
    connection: Connection,
    letter_id: int,
    data: bytes,
    name: str,
    media_type: str,
    person: Actor,
    now: datetime,
    **compared: object,
) -> int:
    """Keep a file as a version of a letter, whatever is in it; returns its number."""
    values = {
        "letter_id": letter_id, "sha256": keep_bytes(data), "name": name, "media_type": media_type,
        "size": len(data), "by": person.login, "added_at": now, "reason": "", "record": None, "differing": 0,
    }  # fmt: skip
    made = connection.execute(signed_versions.insert().values(**(values | compared)).returning(signed_versions.c.id))
    note(connection, letter_id, signed_sha=values["sha256"])
    return int(made.scalar_one())


def versions(connection: Connection, letter_id: int) -> list[SignedVersionRow]:
    """Every version that was kept, the latest first."""
    found = select(signed_versions).where(signed_versions.c.letter_id == letter_id)
    return all_rows(SignedVersionRow, connection.execute(found.order_by(signed_versions.c.id.desc())))


def changes_of(version: SignedVersionRow) -> list[Change] | None:
    """How a version differs from the record as it was when it was kept; none when it cannot be compared.

    Raises NotFound when its file is gone.
    """
    if version["record"] is None:
        return None
    return _changes(version["record"], read_bytes(version["sha256"]))


def _changes(record: Sequence[str], data: bytes) -> list[Change]:
    """How the body differs, and everything beside it that no letter has: struck or hidden text, headers, notes …"""
    signed = read_word(data)
    found = differences(_filled_in(record, signed.body), signed.body)
    beside = (item for item in signed.beside if item.text != TRIAL)
    return found + [Change(0, (Piece(LOOKS.get(item.where, "new"), item.text),), item.where) for item in beside]


def signed_file(connection: Connection, letter_id: int, number: int, person: Actor) -> tuple[bytes, str, str]:
    """(content, name, media type) of a version. Raises NotFound, also when the person may not see the letter."""
    one_letter(connection, letter_id, person)
    found = next((row for row in versions(connection, letter_id) if row["id"] == number), None)
    if found is None:
        raise NotFound("no_such_signed_version", letter=letter_id, number=number)
    return read_bytes(found["sha256"]), found["name"], found["media_type"]


def record_text(row: LetterOfCase) -> list[str]:
    """The paragraphs of the record, as its own Word file has them."""
    letter = thaw(row["data"]["frozen"])
    if row["issued_on"] is not None:
        letter = replace(letter, on=row["issued_on"])
    return [text for text in paragraphs_of(docx(letter, row["number"])) if text != _DRAFT]


def _filled_in(record: Sequence[str], signed: Sequence[str]) -> list[str]:
    """The record with its number and date as they were written by hand on a letter that had none yet."""
    return [_written(text, signed) if _is_open(text) else text for text in record]


def _is_open(text: str) -> bool:
    return text.startswith(f"Số: {BLANK}/") or text.endswith(f"ngày {BLANK} tháng {BLANK} năm {BLANK}")


def _written(text: str, signed: Sequence[str]) -> str:
    form = re.compile(re.escape(text).replace(re.escape(BLANK), r"[\d\s.…]{0,12}"))
    return next((other for other in signed if form.fullmatch(other)), text)


def _ending(name: str) -> str:
    ending = "." + name.rsplit(".", 1)[-1].lower() if "." in name else ""
    if ending not in KINDS:
        raise WrongInput("file", "signed_kind", name=name, kinds=", ".join(kind.lstrip(".") for kind in KINDS))
    return ending


def _require_new(connection: Connection, letter_id: int, data: bytes) -> None:
    sha = hashlib.sha256(data).hexdigest()
    if any(row["sha256"] == sha for row in versions(connection, letter_id)):
        raise WrongInput("file", "signed_kept_already")
