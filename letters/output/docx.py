"""Letters as DOCX: an editable copy of the record in the same layout. Output is reproducible byte by byte."""

from collections.abc import Sequence
from datetime import UTC, datetime, time
from typing import Any

from docx.enum.section import WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt, RGBColor

from letters.marks import TRIAL, box_of
from letters.numbering import appendix_label, date_line, goes_with, has_blank, number_line
from letters.output import ooxml
from letters.output.keep_with_signature import is_long
from letters.output.layouts import Layout, layout_of
from letters.output.pdf import Printed, body_size, signed_by, title_of
from letters.tree import CENTRED, Block, Letter, Run, Table

LEFT, CENTRE, RIGHT = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
JUSTIFY = WD_ALIGN_PARAGRAPH.JUSTIFY
BOX = ("top", "left", "bottom", "right")
RED = RGBColor(0xFF, 0, 0)
MOST_OF_PROPERTY = 255  # longest title or author in a Word file, in characters
CAPITAL = 0.24  # approximate width of a bold capital, in mm per point of its size


def docx(letter: Letter, number: int | None = None) -> bytes:
    """Return the letter as a Word document; a draft without a number."""
    page = _Page(letter, layout_of(letter.standard), number)
    page.header()
    page.title()
    page.addressees()
    page.body(letter.body, closing=True)
    page.signature()
    for place in range(len(letter.appendices)):
        page.appendix(place)
    return ooxml.saved(page.document)


class _Page:
    """Builds a document; sizes in points from the layout, widths in millimetres."""

    def __init__(self, letter: Letter, look: Layout, number: int | None) -> None:
        self.letter, self.look, self.number = letter, look, number
        self.on = letter.on if number is not None else None
        self.width = 210 - look.margins.left - look.margins.right
        self.document: Any = ooxml.new_document()
        self.size = body_size(Printed(letter, number))  # of the text, in points
        self.document.styles["Normal"].font.size = Pt(self.size)
        self._set_up()

    def _set_up(self) -> None:
        section, margins = self.document.sections[0], self.look.margins
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.bottom_margin = Mm(margins.top), Mm(margins.bottom)
        section.left_margin, section.right_margin = Mm(margins.left), Mm(margins.right)
        section.different_first_page_header_footer = True
        at_foot = self.look.page_number == "footer-right"
        paragraph = (section.footer if at_foot else section.header).paragraphs[0]
        paragraph.alignment = RIGHT if at_foot else CENTRE
        ooxml.page_number(paragraph)
        if self.letter.trial:
            self._mark_pages(section)
        core = self.document.core_properties
        core.title, core.language = title_of(self.letter)[:MOST_OF_PROPERTY], "vi-VN"
        core.author = self.letter.issuer.replace("\n", " ")[:MOST_OF_PROPERTY]
        core.comments, core.created = "", datetime.combine(self.letter.on, time(), UTC)
        core.modified = core.created

    def _mark_pages(self, section: Any) -> None:
        """The mark of a trial at the head and the foot of every page; sections after the first inherit both."""
        for part in (section.header, section.footer, section.first_page_header, section.first_page_footer):
            _line(part, TRIAL, 10, bold=True)
            part.paragraphs[-1].runs[0].font.color.rgb = RED

    def header(self) -> None:
        if self.letter.circulation:
            self._stamp(self.document, self.letter.circulation, self.width, before_only=True)
        shares = (0.44 * self.width, 0.56 * self.width)
        upper, lower = self._two_columns(*shares, rows=2)
        self._issuer(upper[0], shares[0])
        self._nation(upper[1], shares[1])
        self._number(lower[0], shares[0])
        _line(lower[1], date_line(self.letter.place, self.on), self.look.date, italic=True)

    def _issuer(self, left: Any, width: float) -> None:
        letter, look = self.letter, self.look
        for line in letter.parent.splitlines():
            _line(left, line, look.parent)
        for line in letter.issuer.splitlines():
            _line(left, line, look.issuer, bold=True)
        widest = min(max(map(len, letter.issuer.splitlines())) * CAPITAL * look.issuer, width)
        _rule(left, (width - 0.4 * widest) / 2)

    def _number(self, left: Any, width: float) -> None:
        """Number and symbol, the subject of a công văn, and the marks."""
        letter, look = self.letter, self.look
        _line(left, number_line(self.number, letter.symbol), look.number)
        if not letter.type_name:
            _line(left, f"V/v {letter.summary}", look.summary_plain)
        if self.number is None and not letter.form:
            _boxed(left, "DỰ THẢO", look.stamp, (width - 30) / 2, (width - 30) / 2)
        for text in filter(None, (letter.secrecy, letter.urgency)):
            self._stamp(left, text, width)

    def _nation(self, right: Any, width: float) -> None:
        look = self.look
        _line(right, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", look.national, bold=True)
        _line(right, "Độc lập - Tự do - Hạnh phúc", look.motto, bold=True)
        _rule(right, (width - 4.4 * look.motto) / 2)

    def _stamp(self, where: Any, text: str, width: float, *, before_only: bool = False) -> None:
        """A red box of the width of its text, centred or right-aligned."""
        room = width - box_of(text)[0]
        left, right = (room, 0) if before_only else (room / 2, room / 2)
        _boxed(where, text, self.look.stamp, left, right, color=RED)

    def title(self) -> None:
        if self.letter.type_name:
            self._centred(self.letter.type_name, self.look.type, before=12)
            self._centred(self.letter.summary, self.look.summary, held_in=12)
            _rule(self.document, 0.37 * self.width)

    def addressees(self) -> None:
        names = self.letter.addressees
        if len(names) == 1:
            self._centred(f"Kính gửi: {names[0]}", self.size, bold=False, before=12, held_in=9)
        elif names:
            self._centred("Kính gửi:", self.size, bold=False, before=12)
            for place, name in enumerate(names):
                paragraph = self.document.add_paragraph(f"- {name}{'.' if place == len(names) - 1 else ';'}")
                paragraph.paragraph_format.left_indent = Mm(50)

    def body(self, blocks: Sequence[Block | Table], *, closing: bool = False) -> None:
        """The blocks; the last two of a letter are kept with the signature."""
        for place, block in enumerate(blocks):
            follows = closing and place >= len(blocks) - 2
            if isinstance(block, Table):
                self._table(block, follows=follows)
                continue
            self._block(block, follows=follows)
            if any(isinstance(after, Table) for after in blocks[place + 1 : place + 2]):
                self.document.paragraphs[-1].paragraph_format.space_after = Pt(6)

    def _block(self, block: Block, *, follows: bool) -> None:
        paragraph = self.document.add_paragraph()
        shape = paragraph.paragraph_format
        shape.space_before, shape.widow_control = Pt(6), True
        shape.keep_with_next = True if follows or block.leads or block.kind in CENTRED else None
        if block.kind in CENTRED:
            paragraph.alignment = CENTRE
            _write(paragraph, [Run(block.text, bold=True)])
            return
        paragraph.alignment, shape.first_line_indent = LEFT if has_blank(block.text) else JUSTIFY, Mm(10)
        if block.label:
            _write(paragraph, [Run(f"{block.label} ", bold=block.titled)])
        _write(paragraph, block.runs, italic=block.kind == "basis" and self.look.basis_italic)

    def _table(self, table: Table, *, follows: bool) -> None:
        grid = self.document.add_table(rows=1 + len(table.rows), cols=len(table.header), style="Table Grid")
        grid.alignment = WD_TABLE_ALIGNMENT.CENTER
        widths = table.widths or tuple(1 for _ in table.header)
        ooxml.set_widths(grid, [self.width * width / sum(widths) for width in widths])
        for number, (row, texts) in enumerate(zip(grid.rows, (table.header, *table.rows), strict=True)):
            for place, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
                keep = number == 0 or (follows and number >= len(table.rows) - 1)
                middle = number == 0 or (place == 0 and table.counted)
                side = CENTRE if middle else RIGHT if place in table.right else None
                _fill(cell, text, self.look.table, head=number == 0, side=side, keep=keep)
            if not is_long(texts, widths):
                ooxml.keep_row_whole(row)
        ooxml.repeat_as_head(grid.rows[0])

    def signature(self) -> None:
        letter, look = self.letter, self.look
        _thin(self.document.add_paragraph(), 6)  # points; with a run alone it would have the height of the text
        self.document.paragraphs[-1].paragraph_format.keep_with_next = True
        ((left, right),) = self._two_columns(0.48 * self.width, 0.52 * self.width, whole=True)
        if letter.second_signer:
            _line(left, letter.second_signer[0].upper(), look.authority, bold=True)
            _line(left, "\n\n\n", look.authority)
            _line(left, letter.second_signer[1], self.size, bold=True)
        for item in filter(None, letter.beside_each_other[::2]):
            self._signed(left, *item)
        _line(left, "Nơi nhận:", look.recipients_head, bold=True, italic=True, centre=False)
        for place, name in enumerate(letter.recipients):
            end = "." if place == len(letter.recipients) - 1 else ";"
            _line(left, f"- {name}{end}", look.recipients, centre=False)
        for line in letter.authority:
            _line(right, line, look.authority, bold=True)
        _line(right, "\n\n\n", look.authority)
        _line(right, signed_by(letter, self.number), self.size, bold=True)
        for item in filter(None, letter.beside_each_other[1::2]):
            self._signed(right, *item)
        _thin(self.document.add_paragraph())  # Word adds one of full height after a last table

    def _signed(self, cell: Any, capacity: str, name: str) -> None:
        """One more person who signs, under those above in the column."""
        _line(cell, "", self.look.authority)
        _line(cell, capacity.upper(), self.look.authority, bold=True)
        _line(cell, "\n\n\n", self.look.authority)
        _line(cell, name, self.size, bold=True)

    def appendix(self, place: int) -> None:
        """An appendix on separate pages, numbered from 1."""
        letter, look, appendix = self.letter, self.look, self.letter.appendices[place]
        ooxml.count_pages_from_one(self.document.add_section(WD_SECTION.NEW_PAGE))
        _thin(self.document.paragraphs[-1])
        self._centred(appendix_label(place + 1, len(letter.appendices)), look.type)
        self._centred(appendix.title.upper(), look.summary, held_in=12)
        whence = goes_with(letter.type_name, self.number, letter.symbol, self.on, letter.author)
        self._centred(whence, look.date, bold=False, italic=True)
        _rule(self.document, 0.37 * self.width)
        self.body(appendix.body)

    def _two_columns(self, left: float, right: float, *, rows: int = 1, whole: bool = False) -> list[tuple[Any, Any]]:
        """Rows of two cells without borders; `whole`: rows do not break over pages."""
        table = self.document.add_table(rows=rows, cols=2)
        ooxml.without_padding(table)
        ooxml.set_widths(table, (left, right))
        for row in table.rows if whole else ():
            ooxml.keep_row_whole(row)
        return [(row.cells[0], row.cells[1]) for row in table.rows]

    def _centred(
        self, text: str, size: int, *, bold: bool = True, italic: bool = False, before: int = 0, held_in: int = 0
    ) -> None:
        paragraph = self.document.add_paragraph()
        shape = paragraph.paragraph_format
        paragraph.alignment, shape.space_before = CENTRE, Pt(before)
        shape.left_indent = shape.right_indent = Mm(held_in) if held_in else None
        run = paragraph.add_run(text)
        run.bold, run.italic, run.font.size = bold, italic, Pt(size)


def _line(where: Any, text: str, size: int, *, bold: bool = False, italic: bool = False, centre: bool = True) -> Any:
    """A line in a cell; a cell's first, empty paragraph is used before a new one is added."""
    paragraphs = where.paragraphs
    fresh = len(paragraphs) == 1 and not paragraphs[0].text and not paragraphs[0].runs
    paragraph = paragraphs[0] if fresh else where.add_paragraph()
    if centre:
        paragraph.alignment = CENTRE
    run = paragraph.add_run(text)
    run.bold, run.italic, run.font.size = bold, italic, Pt(size)
    return paragraph


def _thin(paragraph: Any, points: int = 1) -> None:
    """Make an empty paragraph so high and no higher, that it pushes nothing onto another page."""
    paragraph.paragraph_format.line_spacing = Pt(points)


def _rule(where: Any, indent: float) -> None:
    """A horizontal line: the top border of a small paragraph, indented on both sides by `indent` mm."""
    paragraph = where.add_paragraph()
    shape = paragraph.paragraph_format
    shape.left_indent = shape.right_indent = Mm(indent)
    shape.space_before, shape.line_spacing = Pt(3), Pt(6)
    ooxml.border(paragraph, ("top",))


def _boxed(where: Any, text: str, size: int, left: float, right: float, *, color: RGBColor | None = None) -> None:
    """Text in a box indented by `left` and `right` mm."""
    paragraph = _line(where, text, size, bold=True)
    shape = paragraph.paragraph_format
    shape.left_indent, shape.right_indent = Mm(left), Mm(right)
    shape.space_before = shape.space_after = Pt(6)
    ooxml.border(paragraph, BOX, size=8, color=str(color) if color else "auto", space=3)
    if color:
        paragraph.runs[0].font.color.rgb = color


def _fill(cell: Any, text: str, size: int, *, head: bool, side: Any, keep: bool) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.alignment = side
    paragraph.paragraph_format.keep_with_next = True if keep else None
    run = paragraph.add_run(text)
    run.bold, run.font.size = head, Pt(size)


def _write(paragraph: Any, runs: Sequence[Run], *, italic: bool = False) -> None:
    for part in runs:
        run = paragraph.add_run(part.text)
        run.bold, run.italic = part.bold, part.italic or italic
