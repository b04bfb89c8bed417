"""The DOCX: what Word needs in the order it needs it, the same text, the same bytes, what must stay together."""

import hashlib
import io
import re
import subprocess
import sys
import zipfile
from collections import Counter
from datetime import date
from typing import Any

import pytest
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm
from lxml import etree

from letters.catalogue import letter_types
from letters.numbering import FORM_BLANK
from letters.output.docx import docx
from letters.specimen import preview
from letters.tree import Block, Table
from tests.letters import hard
from tests.letters.variants import NEW, NUMBER, OLD, variants

NAMES = sorted(letter_types())
# The order of children in ISO/IEC 29500 (wml.xsd); what is not named here our letters do not use.
ORDER = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs "
           "suppressAutoHyphens spacing ind contextualSpacing jc outlineLvl rPr sectPr",
    "rPr": "rStyle rFonts b bCs i iCs caps smallCaps strike color spacing w kern position sz szCs u lang",
    "pBdr": "top left bottom right",
    "tblPr": "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc tblCellSpacing "
             "tblInd tblBorders shd tblLayout tblCellMar tblLook",
    "tcPr": "tcW gridSpan vMerge tcBorders shd noWrap tcMar vAlign",
    "tbl": "tblPr tblGrid tr",
    "tr": "trPr tc",
    "tc": "tcPr p tbl",
    "sectPr": "headerReference footerReference type pgSz pgMar paperSrc pgBorders lnNumType pgNumType cols formProt "
              "vAlign noEndnote titlePg textDirection bidi rtlGutter docGrid",
    "font": "altName panose1 charset family notTrueType pitch sig",
}  # fmt: skip
PARTS = ("word/document.xml", "word/styles.xml", "word/fontTable.xml", "word/header1.xml", "word/footer1.xml")


def parts_of(data: bytes) -> dict[str, Any]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: etree.fromstring(package.read(name)) for name in package.namelist() if name in PARTS}


def out_of_order(root: Any) -> list[str]:
    """Elements whose children are not in the order of the schema."""
    wrong = []
    for tag, order in ORDER.items():
        names = order.split()
        for element in root.iter(qn(f"w:{tag}")):
            found = [etree.QName(child).localname for child in element if isinstance(child.tag, str)]
            if [name for name in found if name not in names] or found != sorted(found, key=names.index):
                wrong.append(f"{tag}: {found}")
    return wrong


def text_of(data: bytes) -> str:
    root = parts_of(data)["word/document.xml"]
    return "\n".join(
        "".join(node.text or "" for node in paragraph.iter(qn("w:t"))) for paragraph in root.iter(qn("w:p"))
    )


@pytest.mark.parametrize("name", NAMES)
def test_every_part_is_in_the_order_of_the_schema(name: str) -> None:
    *_, (letter, number) = variants(name).values()  # the most unusual one
    for part, root in parts_of(docx(letter, number)).items():
        assert out_of_order(root) == [], part


@pytest.mark.parametrize("name", NAMES)
def test_the_word_file_says_what_the_letter_says(name: str) -> None:
    letter = preview(name)
    text = text_of(docx(letter, NUMBER))
    for part in (*letter.body, *(part for appendix in letter.appendices for part in appendix.body)):
        if isinstance(part, Block):
            assert f"{part.label} {part.text}".strip() in text
        else:
            cells = Counter(cell for row in (part.header, *part.rows) for cell in row if cell)
            assert cells - Counter(text.split("\n")) == Counter()
    for said in (letter.summary, *letter.addressees, *letter.authority, *letter.recipients):
        assert said in text


def test_it_opens_again_as_a_document() -> None:
    letter = hard.with_rows("payout_plan", "claims", hard.claims(30))
    document = Document(io.BytesIO(docx(letter, NUMBER)))
    assert document.core_properties.language == "vi-VN"
    assert document.core_properties.title.startswith("PHƯƠNG ÁN Thanh toán nợ")
    body, appendix = document.sections
    for section in (body, appendix):
        assert [round((side or Mm(0)).mm) for side in (section.page_width, section.page_height)] == [210, 297]
        assert section.different_first_page_header_footer
    assert appendix._sectPr.find(qn("w:pgNumType")).get(qn("w:start")) == "1"
    assert appendix.footer.is_linked_to_previous


@pytest.mark.parametrize(("day", "where"), [(OLD, "footer"), (NEW, "header")])
def test_the_page_number_is_where_the_standard_requires_it(day: date, where: str) -> None:
    parts = parts_of(docx(preview("visit_notice", day), NUMBER))
    numbered = [name for name, root in parts.items() if "PAGE" in "".join(root.itertext())]
    assert numbered == [f"word/{where}1.xml"]


def test_the_heading_of_a_table_repeats_and_rows_stay_whole() -> None:
    letter = hard.with_rows("payout_plan", "claims", hard.claims(30))
    table = Document(io.BytesIO(docx(letter, NUMBER))).tables[-1]
    heads = [row._tr.find(f".//{qn('w:tblHeader')}") is not None for row in table.rows]
    assert heads == [True] + [False] * 30
    assert all(row._tr.find(f".//{qn('w:cantSplit')}") is not None for row in table.rows)


def test_a_row_longer_than_a_page_may_break() -> None:
    letter = hard.written(f"@table TT:10 | Nội dung:90\n| 1 | ngắn |\n| 2 | {hard.SENTENCE * 40} |")
    table = Document(io.BytesIO(docx(letter, NUMBER))).tables[1]
    whole = [row._tr.find(f".//{qn('w:cantSplit')}") is not None for row in table.rows]
    assert whole == [True, True, False]


@pytest.mark.parametrize("end", ["Một dòng.", hard.SENTENCE * 3, hard.TABLE_AT_END])
def test_the_last_of_the_text_stays_with_the_signature(end: str) -> None:
    document = Document(io.BytesIO(docx(hard.closing_after(3, end), NUMBER)))
    *_, before, signature, last = list(document.element.body.iterchildren(qn("w:p"), qn("w:tbl")))
    height = last.find(f".//{qn('w:spacing')}")
    assert (height.get(qn("w:line")), height.get(qn("w:lineRule"))) == ("20", "exact"), "one point, of no weight"
    while not "".join(before.itertext()).strip():
        assert before.find(f".//{qn('w:keepNext')}") is not None
        before = before.getprevious()
    rows = before.findall(qn("w:tr"))[-2:] or [before, before.getprevious()]
    assert all(row.find(f".//{qn('w:keepNext')}") is not None for row in rows)
    assert signature.find(f".//{qn('w:cantSplit')}") is not None


def test_stamps_are_red_boxes() -> None:
    letter = hard.stamped(secrecy="mat", urgency="khan", circulation="luu_hanh_noi_bo")
    root = parts_of(docx(letter, NUMBER))["word/document.xml"]
    red = [
        "".join(paragraph.itertext())
        for paragraph in root.iter(qn("w:p"))
        if {side.get(qn("w:color")) for side in paragraph.iterfind(f".//{qn('w:pBdr')}/*")} == {"FF0000"}
    ]
    assert red == ["LƯU HÀNH NỘI BỘ", "MẬT", "KHẨN"]


def test_fonts_are_named_in_their_order() -> None:
    parts = parts_of(docx(preview("visit_notice"), NUMBER))
    normal = parts["word/styles.xml"].find(f".//{qn('w:style')}[@{qn('w:styleId')}='Normal']")
    fonts = normal.find(f".//{qn('w:rFonts')}")
    assert {fonts.get(qn(f"w:{use}")) for use in ("ascii", "hAnsi", "eastAsia", "cs")} == {"Times New Roman"}
    (named,) = (font for font in parts["word/fontTable.xml"] if font.get(qn("w:name")) == "Times New Roman")
    assert named.find(qn("w:altName")).get(qn("w:val")) == "Tinos"


def test_a_word_file_holds_nothing_of_the_empty_document_it_began_as() -> None:
    data = docx(preview("visit_notice"), NUMBER)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        names, inside = package.namelist(), b"".join(map(package.read, package.namelist()))
    assert not [name for name in names if "thumbnail" in name or "custom" in name or "WithEffects" in name]
    assert b"<Application>Coopcase</Application>" in inside and b"Macintosh" not in inside
    assert len(inside) < 60_000
    styles = parts_of(data)["word/styles.xml"]
    known = {style.get(qn("w:styleId")) for style in styles.iter(qn("w:style"))}
    named = set(re.findall(rb'<w:(?:pStyle|rStyle|tblStyle|basedOn|link|next) w:val="([^"]+)"', inside))
    assert {name.decode() for name in named} <= known


PRINT = """
import hashlib, sys
from letters.output.docx import docx
from letters.numbering import FORM_BLANK
from letters.output.pdf import pdf
from letters.specimen import preview
for name in sys.argv[1:]:
    letter = preview(name)
    print(hashlib.sha256(pdf(letter, 5)).hexdigest(), hashlib.sha256(docx(letter, 5)).hexdigest())
"""


def test_printed_again_in_another_process_is_the_same_bytes() -> None:
    names = ("dissolution_decision", "handling_list", "review_form")
    printed = {
        subprocess.run(
            [sys.executable, "-c", PRINT, *names], env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
            capture_output=True, text=True, check=True,
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(printed) == 1
    assert len(re.findall(r"[0-9a-f]{64}", printed.pop())) == 2 * len(names)


def test_no_date_of_the_making_is_in_the_package() -> None:
    data = docx(preview("visit_notice"), NUMBER)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert {info.date_time for info in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert hashlib.sha256(docx(preview("visit_notice"), NUMBER)).digest() == hashlib.sha256(data).digest()


def test_tables_of_a_letter_are_those_of_its_tree() -> None:
    letter = preview("final_report")
    tables = [part for part in letter.body if isinstance(part, Table)]
    drawn = Document(io.BytesIO(docx(letter, NUMBER))).tables[1:-1]
    assert [[cell.text for cell in table.rows[0].cells] for table in drawn] == [list(part.header) for part in tables]


def test_a_line_to_write_on_is_not_spread_over_its_width() -> None:
    form = Document(io.BytesIO(docx(preview("asset_inventory", empty=True))))
    blanks = [line for line in form.paragraphs if FORM_BLANK in line.text]
    assert {line.alignment for line in blanks} == {WD_ALIGN_PARAGRAPH.LEFT}
    assert WD_ALIGN_PARAGRAPH.JUSTIFY in {line.alignment for line in form.paragraphs if line not in blanks}
