"""How letters fall on pages: no empty page, no lone signature, headings again on each page of a table."""

import re
import unicodedata
from collections import Counter
from datetime import date
from itertools import product

import pytest

from letters.catalogue import letter_types
from letters.output.pdf import Printed, pdf, pdf_of_many
from letters.tree import Letter, Table
from tests.letters import hard
from tests.letters.poppler import ink_of, needs_poppler, pages_of, pictures_of
from tests.letters.variants import NEW, NUMBER, OLD, variants

pytestmark = needs_poppler
NAMES = sorted(letter_types())
LONG_END = f"{hard.SENTENCE} {hard.SENTENCE} {hard.SENTENCE}"
ENDS = {"one line": "Một dòng cuối.", "a paragraph": LONG_END, "a table": hard.TABLE_AT_END,
        "a line under a table": f"{hard.TABLE_AT_END}\nTổng số: 8 dòng."}  # fmt: skip


def words_of(letter: Letter) -> Counter[str]:
    """The words of the tree, those of the cells that every letter has left out."""
    texts = [letter.parent, letter.issuer, letter.summary, *letter.addressees, *letter.authority, *letter.recipients]
    for part in (*letter.body, *(part for appendix in letter.appendices for part in appendix.body)):
        if isinstance(part, Table):
            texts += [*part.header, *(cell for row in part.rows for cell in row)]
        else:
            texts += [part.label, part.text]
    texts += [appendix.title.upper() for appendix in letter.appendices]
    return Counter(re.findall(r"\w+", " ".join(texts).replace("-", "")))


@pytest.mark.parametrize("name", NAMES)
def test_every_page_shows_something_and_every_word_can_be_taken_out_again(name: str) -> None:
    for label, (letter, number) in variants(name).items():
        data = pdf(letter, number)
        text = "".join(pages_of(data))
        assert unicodedata.is_normalized("NFC", text), label
        found = Counter(re.findall(r"\w+", text.replace("-", "")))  # poppler drops it at the end of a line
        assert words_of(letter) - found == Counter(), label
        if label == "tt01-2011":
            assert all(ink_of(picture) > 150 for picture in pictures_of(data)), label


@pytest.mark.parametrize(("end", "day"), product(ENDS, (OLD, NEW)), ids=str)
def test_two_lines_of_the_text_at_least_go_with_the_signature(end: str, day: date) -> None:
    letters = [hard.closing_after(lines, ENDS[end], day) for lines in range(14, 46)]
    text = pages_of(pdf_of_many([Printed(letter, NUMBER) for letter in letters]), "-layout")
    signed = [page for page in text if "Nơi nhận:" in page]
    assert len(signed) == len(letters)
    alone = []
    for page in signed:
        above = [line for line in page.split("Nơi nhận:")[0].splitlines() if line.strip()]
        own = [line for line in above if not re.fullmatch(r"\s*(\d+|TT\s+Tên\s+Số tiền)\s*", line)]
        alone += [page] if len(own) < 2 else []
    assert alone == []
    assert len(text) > len(letters), "some of them run over a page"


def test_rows_that_go_with_the_signature_keep_their_heading() -> None:
    text = pages_of(
        pdf_of_many([Printed(hard.closing_after(lines, hard.TABLE_AT_END), 1) for lines in range(14, 46)]), "-layout"
    )
    broken = [page for page in text if "Dòng 8" in page and "Dòng 1 " not in page]
    assert broken, "some tables run over a page"
    assert all(re.search(r"TT\s+Tên\s+Số tiền", page) for page in broken)
    assert all(page.count("Số tiền") == 1 for page in broken)


@pytest.mark.parametrize("day", [OLD, NEW])
def test_a_table_over_pages_repeats_its_heading_and_an_appendix_counts_its_own_pages(day: date) -> None:
    letter = hard.with_rows("payout_plan", "claims", hard.claims(90), day)
    first, *appendix = pages_of(pdf(letter, NUMBER), "-layout")
    assert "(Chi tiết tại Phụ lục kèm theo.)" in first
    assert len(appendix) >= 4
    assert appendix[0].lstrip().startswith("Phụ lục\n")
    assert "(Kèm theo Phương án số 05/PA-HĐGT ngày" in appendix[0]
    assert all("Người nhận" in page for page in appendix)
    place = 0 if day >= NEW else -1
    numbers = [[line.strip() for line in page.splitlines() if line.strip()][place] for page in appendix]
    assert numbers[1:] == [str(page) for page in range(2, len(appendix) + 1)]
    assert not numbers[0].isdecimal()


@pytest.mark.parametrize("day", [OLD, NEW])
def test_a_decision_of_nine_articles_counts_them_and_its_pages(day: date) -> None:
    text = pages_of(pdf(hard.nine_articles(day), NUMBER))
    assert re.findall(r"Điều (\d)\.", "".join(text)) == list("123456789")
    assert len(text) == 3


@pytest.mark.parametrize(
    ("template", "length", "way"),
    product(("creditor_notice", "reminder_letter", "dissolution_decision"), (40, 200), ("compulsory", "voluntary")),
)
def test_a_long_name_is_printed_whole(template: str, length: int, way: str) -> None:
    name = hard.name_of(length)
    assert len(name) == length
    text = " ".join(" ".join(pages_of(pdf(hard.named(template, length, way=way), NUMBER))).split())
    assert name in text


def test_a_word_longer_than_its_place_breaks_and_stays_whole_in_the_text() -> None:
    word = "Kỹ" * 60
    letter = hard.written(f"@article {word}\n@table TT:10 | Tên:20 | Ghi chú:70\n| 1 | {word} | {word} |")
    letters_only = re.sub(r"\s", "", "".join(pages_of(pdf(letter, NUMBER))))
    assert word in letters_only
    assert Counter(letters_only)["ỹ"] == 3 * 60


def test_stamps_stand_in_their_cells() -> None:
    letter = hard.stamped(secrecy="toi_mat", urgency="hoa_toc_hen_gio", circulation="xem_xong_tra_lai")
    page = pages_of(pdf(letter, NUMBER), "-layout")[0]
    places = [
        page.index(words)
        for words in ("XEM XONG TRẢ LẠI", "CỘNG HÒA", "Số: 05", "TỐI MẬT", "HỎA TỐC HẸN GIỜ", "THÔNG BÁO")
    ]
    assert places == sorted(places)
