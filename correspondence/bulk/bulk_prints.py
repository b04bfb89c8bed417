"""A batch on paper and on disk: one PDF in the order of the book, and a ZIP with every file and an index."""

import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection

from casework.office.people import Actor
from correspondence.bulk.batch_rows import BatchLetter, letters_of, one_batch
from correspondence.composing import compose_rows
from correspondence.drafts import frozen_letter, one_letter
from correspondence.letter_copies import docx_of, pdf_of
from correspondence.letter_rights import ALIVE
from letters.output.pdf import Printed
from letters.output.print_run import print_run
from letters.tree import Letter
from models.errors import Refused
from models.typed_rows.letter_shapes import LetterOfCase
from templates.spreadsheet import PLAIN, Table, Value, columns_of, table_csv, tables_xlsx
from templates.trial_mark import mark_of

COLUMNS = columns_of(
    ("STT", "Số, ký hiệu", "Ngày", "Hồ sơ", "Đơn vị", "Trích yếu", "Kính gửi", "Người ký", "Tệp",
     "SHA-256 của bản PDF"),
    (6, 16, 11, 14, 40, 46, 40, 20, 44, 66), (PLAIN,),
)  # fmt: skip
Bound = tuple[BatchLetter, Letter]


def batch_letters(connection: Connection, batch_id: int, person: Actor, today: date) -> list[Bound]:
    """The letters of a batch with their rows, in the order of the book, drafts after them. Raises NotFound, Refused."""
    one_batch(connection, batch_id, person)
    rows = letters_of(connection, batch_id)
    if not rows:
        raise Refused("batch_empty")
    alive = compose_rows(connection, [row for row in rows if row["status"] in ALIVE], today)
    rows.sort(key=lambda row: (row["number"] is None, row["issuer"], row["number"] or 0, row["batch_place"]))
    return [(row, alive.get(row["id"]) or frozen_letter(row)) for row in rows]


def batch_pdf(letters: Sequence[Bound]) -> bytes:
    """One PDF to print. Raises PrintError, Refused when the letters have two forms."""
    return print_run([Printed(letter, row["number"]) for row, letter in letters])


def letters_to_print(connection: Connection, letter_ids: Sequence[int], person: Actor, today: date) -> list[Printed]:
    """Letters of any kind in the order given; drafts as they read today. Raises NotFound, Refused."""
    rows = [one_letter(connection, letter, person) for letter in letter_ids]
    drafts = compose_rows(connection, [row for row in rows if "frozen" not in row["data"]], today)
    return [Printed(drafts.get(row["id"]) or frozen_letter(row), row["number"]) for row in rows]


def batch_zip(letters: Sequence[Bound], title: str, today: date) -> Iterator[bytes]:
    """A ZIP piece by piece, as it is made: index, PDF and DOCX of every letter. Raises NotFound, PrintError."""
    out = _Pieces()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:  # type: ignore[call-overload]
        index = _index(letters, title)
        mark = mark_of(any(letter.trial for _, letter in letters), "vi")
        _add(made, "muc-luc.xlsx", tables_xlsx(index, mark=mark), today)
        _add(made, "muc-luc.csv", table_csv(index, mark), today)
        for row, letter in letters:
            name = file_name(row)
            _add(made, f"pdf/{name}.pdf", pdf_of(row, letter), today)
            _add(made, f"docx/{name}.docx", docx_of(row, letter), today)
            yield out.taken()
    yield out.taken()


def _index(letters: Sequence[Bound], title: str) -> Table:
    """What is in the ZIP, as a table."""
    rows = [_line(place, row, letter) for place, (row, letter) in enumerate(letters, start=1)]
    return Table("Mục lục", title, "", COLUMNS, rows)


def _line(place: int, row: BatchLetter, letter: Letter) -> list[Value]:
    number = f"{row['number']:02d}/{row['symbol']}" if row["number"] else "dự thảo"
    cancelled = " (đã hủy số)" if row["status"] == "cancelled" else ""
    return [
        place, number + cancelled, row["issued_on"], row["ref"], row["unit_name"],
        " ".join(letter.summary.split()), "; ".join(letter.addressees), letter.signer, f"pdf/{file_name(row)}.pdf",
        row["pdf_sha"],
    ]  # fmt: skip


def file_name(row: LetterOfCase) -> str:
    """`0005 TB-TCKH HP-2015-0012`: sorts as the book does, and holds nothing that people typed."""
    number = f"{row['number']:04d} {row['symbol']}" if row["number"] else f"du-thao {row['batch_place']:04d}"
    return f"{number} {row['ref']}".replace("/", "-")


def _add(made: zipfile.ZipFile, name: str, data: bytes, on: date) -> None:
    entry = zipfile.ZipInfo(name, (on.year, on.month, on.day, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED if name.endswith(".csv") else zipfile.ZIP_STORED
    made.writestr(entry, data)


class _Pieces(io.RawIOBase):
    """What is written, until it is taken."""

    def __init__(self) -> None:
        super().__init__()
        self._held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._held += data
        return len(data)

    def taken(self) -> bytes:
        piece, self._held = bytes(self._held), bytearray()
        return piece
