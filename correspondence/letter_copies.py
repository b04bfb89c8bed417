"""A letter as files: the PDF is the record and kept at issue; the DOCX is a copy to edit, made on request."""

from correspondence.issuing import printed
from correspondence.letter_files import read_bytes
from letters.output.docx import docx
from letters.output.pdf import pdf
from letters.tree import Letter
from models.typed_rows.letter_shapes import LetterOfCase


def pdf_of(row: LetterOfCase, letter: Letter) -> bytes:
    """The kept record of an issued letter; before that as it would print now. Raises NotFound, PrintError."""
    return read_bytes(row["pdf_sha"]) if printed(row) else pdf(letter, row["number"])


def docx_of(row: LetterOfCase, letter: Letter) -> bytes:
    """The same bytes each time: those kept, or made anew from the frozen letter and its number. Raises NotFound."""
    return read_bytes(row["docx_sha"]) if row["docx_sha"] else docx(letter, row["number"])
