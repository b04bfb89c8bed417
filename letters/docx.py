"""Letters as DOCX: an editable copy of the record, in the same layout. The same letter gives the same bytes."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time
from functools import cache
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from letters.layouts import layout_of
from letters.numbering import BLANK, date_line, number_line
from letters.pdf import title_of
from letters.tree import Block, Letter, Run, Table

FONT = "Times New Roman"
CENTRE, RIGHT, JUSTIFY = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.JUSTIFY
_EPOCH = (1980, 1, 1, 0, 0, 0)


def docx(letter: Letter, number: int | None = None) -> bytes:
    """The letter as a Word document; without a number as a draft."""
    page = _Page(letter, layout_of(letter.standard))
    page.header(number)
    page.title()
    page.addressees()
    for block in letter.body:
        page.table(block) if isinstance(block, Table) else page.block(block)
    page.signature(number)
    out = io.BytesIO()
    page.document.save(out)
    return _normalised(out.getvalue())


@cache
def _empty() -> bytes:
    out = io.BytesIO()
    Document().save(out)
    return out.getvalue()


def _normalised(data: bytes) -> bytes:
    """The same package with fixed dates inside, so that equal letters are equal bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in sorted(source.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            target.writestr(zipfile.ZipInfo(name, _EPOCH), source.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()


class _Page:
    """A document being written; sizes in points from the layout."""

    def __init__(self, letter: Letter, look: Mapping[str, Any]) -> None:
        self.letter, self.look = letter, look
        self.document: Any = Document(io.BytesIO(_empty()))
        self._set_up()

    def _set_up(self) -> None:
        style = self.document.styles["Normal"]
        style.font.name, style.font.size = FONT, Pt(self.look["body"])
        style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
        style.element.rPr.append(_element("w:lang", val="vi-VN"))
        style.paragraph_format.space_after = Pt(0)
        section, margins = self.document.sections[0], self.look["margins"]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.bottom_margin = Mm(margins["top"]), Mm(margins["bottom"])
        section.left_margin, section.right_margin = Mm(margins["left"]), Mm(margins["right"])
        section.different_first_page_header_footer = True
        at_foot = self.look["page_number"] == "footer-right"
        paragraph = (section.footer if at_foot else section.header).paragraphs[0]
        paragraph.alignment = RIGHT if at_foot else CENTRE
        _page_number(paragraph)
        core = self.document.core_properties
        core.title, core.author, core.language = title_of(self.letter), self.letter.issuer.replace("\n", " "), "vi-VN"
        core.comments, core.created = "", datetime.combine(self.letter.on, time(), UTC)
        core.modified = core.created

    def header(self, number: int | None) -> None:
        letter, look = self.letter, self.look
        left, right = self._two_columns(44, 56)
        for line in letter.parent.splitlines():
            _line(left, line, look["parent"])
        for line in letter.issuer.splitlines():
            _line(left, line, look["issuer"], bold=True)
        _rule(left, 25, 25)
        _line(left, number_line(number, letter.symbol), look["number"])
        if not letter.type_name:
            _line(left, f"V/v {letter.summary}", look["summary_plain"])
        _line(right, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", look["national"], bold=True)
        _line(right, "Độc lập - Tự do - Hạnh phúc", look["motto"], bold=True)
        _rule(right, 16, 16)
        on = letter.on if number is not None else None
        _line(right, date_line(letter.place, on), look["date"], italic=True)
        if number is None:
            _line(right, "DỰ THẢO", look["number"], bold=True)

    def title(self) -> None:
        if self.letter.type_name:
            self._centred(self.letter.type_name, self.look["type"], before=12)
            self._centred(self.letter.summary, self.look["summary"])
            _rule(self.document, 60, 60)

    def addressees(self) -> None:
        names = self.letter.addressees
        if len(names) == 1:
            self._centred(f"Kính gửi: {names[0]}", self.look["body"], bold=False, before=12)
        elif names:
            self._centred("Kính gửi:", self.look["body"], bold=False, before=12)
            for place, name in enumerate(names):
                paragraph = self.document.add_paragraph(f"- {name}{'.' if place == len(names) - 1 else ';'}")
                paragraph.paragraph_format.left_indent = Mm(50)

    def block(self, block: Block) -> None:
        paragraph = self.document.add_paragraph()
        shape = paragraph.paragraph_format
        shape.space_before = Pt(6)
        if block.kind in ("decides", "heading"):
            paragraph.alignment, shape.keep_with_next = CENTRE, True
            _write(paragraph, [Run(block.text, bold=True)])
            return
        paragraph.alignment, shape.first_line_indent = JUSTIFY, Mm(10)
        if block.label:
            _write(paragraph, [Run(f"{block.label} ", bold=block.kind == "article")])
        _write(paragraph, block.runs, italic=block.kind == "basis" and self.look["basis_italic"])

    def table(self, table: Table) -> None:
        grid = self.document.add_table(rows=1, cols=len(table.header), style="Table Grid")
        grid.alignment = WD_TABLE_ALIGNMENT.CENTER
        widths = table.widths or tuple(1 for _ in table.header)
        for row_number, row in enumerate((table.header, *table.rows)):
            cells = grid.rows[0].cells if row_number == 0 else grid.add_row().cells
            for place, (cell, text) in enumerate(zip(cells, row, strict=True)):
                cell.width = Mm(160 * widths[place] / sum(widths))
                _fill(cell, text, head=row_number == 0, right=place in table.right)
        grid.rows[0]._tr.get_or_add_trPr().append(_element("w:tblHeader", val="true"))

    def signature(self, number: int | None) -> None:
        letter, look = self.letter, self.look
        _line(self.document, "", 6)
        left, right = self._two_columns(48, 52, whole=True)
        if letter.second_signer:
            _line(left, letter.second_signer[0].upper(), look["authority"], bold=True)
            _line(left, "\n\n\n", look["authority"])
            _line(left, letter.second_signer[1], look["body"], bold=True)
        _line(left, "Nơi nhận:", look["recipients_head"], bold=True, italic=True, centre=False)
        for place, name in enumerate(letter.recipients):
            end = "." if place == len(letter.recipients) - 1 else ";"
            _line(left, f"- {name}{end}", look["recipients"], centre=False)
        for line in letter.authority:
            _line(right, line, look["authority"], bold=True)
        _line(right, "\n\n\n", look["authority"])
        _line(right, letter.signer or (BLANK if number is None else ""), look["body"], bold=True)

    def _two_columns(self, left: int, right: int, *, whole: bool = False) -> tuple[Any, Any]:
        table = self.document.add_table(rows=1, cols=2)
        table.autofit = False
        margins = table._tbl.tblPr
        margins.append(_no_padding())
        for cell, share in zip(table.rows[0].cells, (left, right), strict=True):
            cell.width = Mm(160 * share / 100)
        if whole:
            table.rows[0]._tr.get_or_add_trPr().append(_element("w:cantSplit", val="true"))
        return table.rows[0].cells[0], table.rows[0].cells[1]

    def _centred(self, text: str, size: int, *, bold: bool = True, before: int = 0) -> None:
        paragraph = self.document.add_paragraph()
        paragraph.alignment, paragraph.paragraph_format.space_before = CENTRE, Pt(before)
        run = paragraph.add_run(text)
        run.bold, run.font.size = bold, Pt(size)


def _line(where: Any, text: str, size: int, *, bold: bool = False, italic: bool = False, centre: bool = True) -> None:
    """A line in a cell; a cell's first, empty paragraph is used before a new one is added."""
    paragraphs = where.paragraphs
    fresh = len(paragraphs) == 1 and not paragraphs[0].text and not paragraphs[0].runs
    paragraph = paragraphs[0] if fresh else where.add_paragraph()
    if centre:
        paragraph.alignment = CENTRE
    run = paragraph.add_run(text)
    run.bold, run.italic, run.font.size = bold, italic, Pt(size)


def _rule(where: Any, left: int, right: int) -> None:
    """A drawn line, as the top border of a small paragraph held in from both sides (millimetres)."""
    paragraph = where.add_paragraph()
    shape = paragraph.paragraph_format
    shape.left_indent, shape.right_indent = Mm(left), Mm(right)
    shape.line_spacing = Pt(6)
    border = OxmlElement("w:pBdr")
    border.append(_element("w:top", val="single", sz="6", space="1", color="auto"))
    paragraph._p.get_or_add_pPr().insert(0, border)  # the schema wants it before spacing and indents


def _fill(cell: Any, text: str, *, head: bool, right: bool) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.alignment = CENTRE if head else RIGHT if right else None
    run = paragraph.add_run(text)
    run.bold, run.font.size = head, Pt(12)


def _write(paragraph: Any, runs: Sequence[Run], *, italic: bool = False) -> None:
    for part in runs:
        run = paragraph.add_run(part.text)
        run.bold, run.italic = part.bold, part.italic or italic


def _page_number(paragraph: Any) -> None:
    run = paragraph.add_run()
    run.font.size = Pt(13)
    for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
        if kind is not None:
            run._r.append(_element("w:fldChar", fldCharType=kind))
        else:
            instruction = OxmlElement("w:instrText")
            instruction.text = text
            run._r.append(instruction)


def _no_padding() -> Any:
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margins.append(_element(f"w:{side}", w="0", type="dxa"))
    return margins


def _element(tag: str, **attributes: str) -> Any:
    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
    return element
