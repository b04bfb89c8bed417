"""A batch on paper and on disk: one PDF in the order of the book, a ZIP of every file, an index that no sheet runs."""

import csv
import hashlib
import io
import zipfile
from collections.abc import Iterator

import pikepdf
import pytest
from openpyxl import load_workbook

from correspondence.bulk.bulk_prints import Bound, batch_letters, batch_pdf, batch_zip
from correspondence.letter_copies import docx_of
from letters.output.docx import docx
from models.database import reading
from models.errors import Refused
from tests.correspondence.batches import Batches
from tests.letters.reading import text_of
from tests.web.web_office import new_case

NASTY = '=HYPERLINK("http://x")'


def bound(batches: Batches, batch: int) -> list[Bound]:
    with reading(batches.bind) as connection:
        return batch_letters(connection, batch, batches.person("clerk"), batches.today)


@pytest.fixture
def issued(batches: Batches) -> int:
    batches.more(21)
    batch = batches.signed()
    batches.issued(batch)
    return batch


def test_one_pdf_in_the_order_of_the_book(batches: Batches, issued: int) -> None:
    data = batch_pdf(bound(batches, issued))
    with pikepdf.open(io.BytesIO(data)) as found:
        pages = len(found.pages)
    letters = [page for page in text_of(data).split("\f") if "Số:" in page]
    assert (len(letters), pages >= 23) == (23, True)
    for number, page in enumerate(letters, start=1):
        assert f"Số: {number:02d}/TB-TCKH" in page


def test_drafts_print_as_drafts(batches: Batches) -> None:
    batch = batches.drafted().batch
    text = text_of(batch_pdf(bound(batches, batch)))
    assert text.count("DỰ THẢO") == 2


def test_the_zip_holds_the_records_and_their_index(batches: Batches, issued: int) -> None:
    letters = bound(batches, issued)
    pieces = batch_zip(letters, "Đợt thử", batches.today)
    assert isinstance(pieces, Iterator)
    made = zipfile.ZipFile(io.BytesIO(b"".join(pieces)))
    assert made.testzip() is None
    index = list(csv.reader(io.StringIO(made.read("muc-luc.csv").decode("utf-8-sig"))))
    assert len(index) == 24
    for (row, letter), line in zip(letters, index[1:], strict=True):
        record = made.read(line[8])
        assert hashlib.sha256(record).hexdigest() == line[9] == row["pdf_sha"]
        assert made.read(line[8].replace("pdf/", "docx/").replace(".pdf", ".docx")) == docx(letter, row["number"])
    sheet = load_workbook(io.BytesIO(made.read("muc-luc.xlsx"))).active
    assert sheet is not None
    assert [cell.value for cell in sheet[2]][3:] == index[1][3:]
    assert sheet["A2"].value == 1 and sheet["C2"].is_date


def test_names_in_the_index_are_no_formulas(batches: Batches) -> None:
    from models.database import writing

    with writing(batches.bind) as connection:
        new_case(connection, NASTY, "HBG", commune="Minh Khai")
    letters = bound(batches, batches.drafted().batch)
    made = zipfile.ZipFile(io.BytesIO(b"".join(batch_zip(letters, "Đợt", batches.today))))
    assert f"'{NASTY}" in {line[4] for line in csv.reader(io.StringIO(made.read("muc-luc.csv").decode("utf-8-sig")))}
    sheet = load_workbook(io.BytesIO(made.read("muc-luc.xlsx"))).active
    assert sheet is not None
    (cell,) = (cell for cell in sheet["E"] if cell.value == NASTY)
    assert (cell.data_type, cell.quotePrefix) == ("s", True)
    assert all(name.isascii() and ".." not in name for name in made.namelist())


def test_the_word_copy_is_the_same_bytes_each_time(batches: Batches, issued: int) -> None:
    row, letter = bound(batches, issued)[0]
    assert docx_of(row, letter) == docx_of(row, letter)


def test_an_empty_batch_has_nothing_to_print(batches: Batches) -> None:
    batch = batches.drafted().batch
    batches.dropped(batch, "Nhầm")
    with pytest.raises(Refused) as refused:
        bound(batches, batch)
    assert refused.value.code == "batch_empty"
