"""Word and Excel files among the evidence are known by their parts, not by being an archive."""

import io
import zipfile

import pytest
from docx import Document

from casework.evidence_store import media_type_of
from casework.ooxml_kinds import CONTENT_TYPES
from models.errors import WrongInput
from tests.register.files import xlsx, zipped


def docx() -> bytes:
    stream = io.BytesIO()
    Document().save(stream)
    return stream.getvalue()


def changed(data: bytes, parts: dict[str, bytes], old: bytes = b"", new: bytes = b"") -> bytes:
    """The file with further parts, and a replacement in its list of content types."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        read = {name: package.read(name) for name in package.namelist()} | parts
    return zipped(read | {CONTENT_TYPES: read[CONTENT_TYPES].replace(old, new)})


BOOK = xlsx(("a", [["x"]]))
MAIN = b"application/vnd.openxmlformats-officedocument.%s.main+xml"
MACRO = b"application/vnd.ms-%s.macroEnabled.main+xml"


@pytest.mark.parametrize(("data", "name"), [(docx(), "a.docx"), (BOOK, "a.XLSX")])
def test_a_real_one_is_taken(data: bytes, name: str) -> None:
    assert media_type_of(data, name).startswith("application/vnd.openxmlformats")


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (zipped({"virus.exe": b"MZ"}), "a.docx"), (zipped({CONTENT_TYPES: b"<Types>"}), "a.docx"),
        (b"PK\x03\x04", "a.xlsx"), (BOOK, "a.docx"), (docx(), "a.xlsx"), (docx()[:900], "a.docx"),
        (changed(docx(), {}, b"/word/document.xml", b"/word/nowhere.xml"), "a.docx"),
        (zipped({CONTENT_TYPES: b'<!DOCTYPE a [<!ENTITY b "c">]><Types>&b;</Types>'}), "a.docx"),
    ],
)  # fmt: skip
def test_another_archive_is_refused(data: bytes, name: str) -> None:
    with pytest.raises(WrongInput) as refused:
        media_type_of(data, name)
    assert refused.value.code == "evidence_kind"


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (changed(docx(), {"word/vbaProject.bin": b"x"}), "a.docx"),
        (changed(BOOK, {"xl/VBAPROJECT.BIN": b"x"}), "a.xlsx"),
        (changed(docx(), {}, MAIN % b"wordprocessingml.document", MACRO % b"word.document"), "a.docx"),
        (changed(BOOK, {}, MAIN % b"spreadsheetml.sheet", MACRO % b"excel.sheet"), "a.xlsx"),
    ],
)  # fmt: skip
def test_macros_are_refused(data: bytes, name: str) -> None:
    with pytest.raises(WrongInput) as refused:
        media_type_of(data, name)
    assert refused.value.code == "office_file_has_macros"
