"""Letters that would go a little over their page are set smaller; lines are not cut where nobody would cut them."""

import io
import re
from datetime import date

import pikepdf
import pytest
from docx import Document

from letters.bases import joined_citations
from letters.catalogue import letter_types
from letters.output.docx import docx
from letters.output.layouts import layout_of
from letters.output.no_break import kept, kept_in_cell, kept_in_heading
from letters.output.pdf import Printed, body_size, pdf, pdf_of_many
from letters.specimen import preview
from letters.tree import Block
from tests.letters import hard
from tests.letters.poppler import needs_poppler, pages_of
from tests.letters.variants import NEW, NUMBER, OLD

NAMES = sorted(letter_types())


def pages(data: bytes) -> int:
    with pikepdf.open(io.BytesIO(data)) as document:
        return len(document.pages)


@pytest.mark.parametrize("name", NAMES)
def test_the_smaller_size_is_for_letters_that_it_brings_onto_one_page(name: str) -> None:
    letter = preview(name, OLD, letter_types()[name].levels[0])
    look = layout_of(letter.standard)
    size = body_size(Printed(letter, NUMBER))
    assert size in (look.body, look.body_least)
    if size == look.body_least:
        assert pages(pdf(letter, NUMBER)) == 1 + len(letter.appendices)


@pytest.mark.parametrize("day", [OLD, NEW], ids=str)
def test_more_goes_onto_one_page_in_the_smaller_size(day: date) -> None:
    letters = [hard.closing_after(lines, "Một dòng cuối.", day) for lines in range(10, 24)]
    on_one = [letter for letter in letters if pages(pdf(letter, NUMBER)) == 1]
    assert on_one == letters[: len(on_one)]
    assert {body_size(Printed(letter, NUMBER)) for letter in on_one} == {13, 14}
    assert {body_size(Printed(letter, NUMBER)) for letter in letters[len(on_one) :]} == {14}
    for few in (letters[:5], letters[-5:]):  # as a print run sets them
        alone = sum(pages(pdf(letter, NUMBER)) for letter in few)
        assert pages(pdf_of_many([Printed(letter, NUMBER) for letter in few])) == alone


def test_the_word_copy_is_of_the_same_size_as_the_record() -> None:
    for name in ("visit_notice", "meeting_guidance"):
        letter = preview(name, OLD)
        size = Document(io.BytesIO(docx(letter, NUMBER))).styles["Normal"].font.size
        assert size is not None
        assert size.pt == body_size(Printed(letter, NUMBER))


@needs_poppler
def test_a_title_is_never_last_on_a_page() -> None:
    for name in ("final_report", "progress_report", "review_report", "meeting_guidance", "review_plan"):
        letter = preview(name, OLD, letter_types()[name].levels[0])
        titles = {f"{item.label} {item.text}" for item in letter.body if isinstance(item, Block) and item.leads}
        for page in pages_of(pdf(letter, NUMBER), "-layout"):
            lines = [line.strip() for line in page.splitlines() if not re.fullmatch(r"\s*\d*\s*", line)]
            assert lines[-1] not in titles, name


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("Quyết định số 48/QĐ-UBND ngày 11", ["48/QĐ-UBND"]),
        ("Luật số 23/2012/QH13 ngày", ["23/2012/QH13"]),
        ("điện thoại 031 3 000 000.", ["031 3 000 000"]),
        ("Phòng Tài chính - Kế hoạch huyện", ["chính -"]),
        ("ngày 01 tháng 7 năm 2016", []),
        ("một từ rất dài " + "x" * 60, []),
    ],
)
def test_numbers_and_dashes_stay_with_what_they_belong_to(text: str, whole: list[str]) -> None:
    assert kept(text)[1::2] == whole
    assert "".join(kept(text)) == text


def test_a_cell_of_a_table_keeps_its_dashes_only() -> None:
    assert kept_in_cell("Phòng Tài chính - Kế hoạch, 48/QĐ-UBND")[1::2] == ["chính -"]


def test_a_heading_is_not_cut_within_a_word_of_several_syllables() -> None:
    assert kept_in_heading("GIẢI THỂ Liên hiệp hợp tác xã Cát Hải")[1::2] == ["GIẢI THỂ", "Liên hiệp hợp tác xã"]


@pytest.mark.parametrize(
    ("texts", "lines"),
    [
        (["khoản 1 Điều 34 Luật A", "khoản 1 Điều 54 Luật A"], ["khoản 1 Điều 34 và khoản 1 Điều 54 Luật A"]),
        (["khoản 1 Điều 31 Luật A", "khoản 2 Điều 31 Luật A"], ["khoản 1 và khoản 2 Điều 31 Luật A"]),
        (["Điều 1 Luật A", "Điều 2 Luật A", "Điều 3 Luật A"], ["Điều 1, Điều 2 và Điều 3 Luật A"]),
        (["điểm a khoản 1 Điều 6 Luật A"], ["điểm a khoản 1 Điều 6 Luật A"]),
        (["Luật A số 1", "khoản 2 Điều 54 Luật A"], ["Luật A số 1", "khoản 2 Điều 54 Luật A"]),
    ],
)
def test_articles_of_one_law_are_named_in_one_line(texts: list[str], lines: list[str]) -> None:
    assert list(joined_citations([("a", text) for text in texts])) == lines


@pytest.mark.parametrize("name", NAMES)
def test_for_report_is_among_the_recipients_only(name: str) -> None:
    letter = preview(name, OLD, letter_types()[name].levels[0])
    assert not [text for text in letter.addressees if "b/c" in text]
    assert not [text for text in letter.recipients if text.startswith("Ủy ban nhân dân")]


@pytest.mark.parametrize("day", [OLD, NEW])
def test_a_print_run_is_the_same_before_and_after_its_records_were_made(day: date) -> None:
    """The second time the sizes are known, for the letter and its standard alone."""
    printed = [Printed(preview("creditor_notice", day), number) for number in (41, 42, 43)]
    before = pdf_of_many(printed)
    records = [pdf(item.letter, item.number) for item in printed]
    assert pdf_of_many(printed) == before
    assert [pdf(item.letter, item.number) for item in printed] == records
    assert pages(before) == sum(map(pages, records))
