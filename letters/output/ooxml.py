"""Parts of a Word document that python-docx does not support, in the order of the schema."""

import io
import zipfile
from collections.abc import Collection, Sequence
from functools import cache
from typing import Any

from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

FONT = "Times New Roman"
FONT_INSTEAD = "Tinos"  # has the same widths, and every Vietnamese letter, which Debian's Liberation Serif lacks
_EPOCH = (1980, 1, 1, 0, 0, 0)
_STYLES = {  # that a letter uses; the others of the library's empty document make up most of a small letter
    "Normal", "DefaultParagraphFont", "TableNormal", "NoList", "TableGrid", "Header", "HeaderChar", "Footer",
    "FooterChar",
}  # fmt: skip
_NEEDED = {RT.STYLES, RT.SETTINGS, RT.FONT_TABLE, RT.THEME, RT.HEADER, RT.FOOTER}  # parts of the document
_FONT_TABLE = f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:fonts xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:font w:name="{FONT}">\
<w:altName w:val="{FONT_INSTEAD}"/><w:panose1 w:val="02020603050405020304"/><w:charset w:val="00"/>\
<w:family w:val="roman"/><w:pitch w:val="variable"/></w:font></w:fonts>"""
_APPLICATION = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">\
<Application>Coopcase</Application></Properties>"""


def new_document() -> Any:
    """Return an empty document with the fonts, language and spacing of letters."""
    document: Any = Document(io.BytesIO(_empty()))
    normal = document.styles["Normal"]
    normal.font.name = FONT
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    normal.element.rPr.rFonts.set(qn("w:cs"), FONT)
    normal.element.rPr.append(element("w:lang", val="vi-VN"))
    normal.paragraph_format.space_after, normal.paragraph_format.line_spacing = Pt(0), 1.0
    return document


@cache
def _empty() -> bytes:
    """The library's empty document with our font and name, without its picture and the styles that no letter uses."""
    document: Any = Document()
    styles = document.styles.element
    for style in styles.findall(qn("w:style")):
        if style.get(qn("w:styleId")) not in _STYLES:
            styles.remove(style)
    styles.remove(styles.find(qn("w:latentStyles")))
    _keep(document.part.rels, _NEEDED)
    package = document.part.package
    _keep(package.rels, {RT.OFFICE_DOCUMENT, RT.CORE_PROPERTIES, RT.EXTENDED_PROPERTIES})
    package.part_related_by(RT.EXTENDED_PROPERTIES)._blob = _APPLICATION.encode()
    document.part.part_related_by(RT.FONT_TABLE)._blob = _FONT_TABLE.encode()
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _keep(relations: Any, kinds: Collection[str]) -> None:
    for name in [name for name, relation in relations.items() if relation.reltype not in kinds]:
        del relations[name]


def saved(document: Any) -> bytes:
    """Return the package with fixed dates, so that equal letters have equal bytes."""
    whole = io.BytesIO()
    document.save(whole)
    out = io.BytesIO()
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in sorted(source.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            target.writestr(zipfile.ZipInfo(name, _EPOCH), source.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def element(tag: str, **attributes: str) -> Any:
    """Return an element of the main namespace with its attributes."""
    made = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    return made


def border(paragraph: Any, sides: Sequence[str], *, size: int = 6, color: str = "auto", space: int = 1) -> None:
    """Set borders of a paragraph; `sides` in the order top, left, bottom, right, `size` in eighths of a point."""
    borders = OxmlElement("w:pBdr")
    for side in sides:
        borders.append(element(f"w:{side}", val="single", sz=str(size), space=str(space), color=color))
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")


def without_padding(table: Any) -> None:
    """Remove the padding of cells."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margins.append(element(f"w:{side}", w="0", type="dxa"))
    table._tbl.tblPr.insert_element_before(margins, "w:tblLook", "w:tblCaption", "w:tblDescription")


def set_widths(table: Any, millimetres: Sequence[float]) -> None:
    """Set fixed widths of the columns, in the grid and in every cell."""
    table.autofit = False
    for column, width in zip(table.columns, millimetres, strict=True):
        column.width = Mm(width)
        for cell in column.cells:
            cell.width = Mm(width)


def keep_row_whole(row: Any) -> None:
    row._tr.get_or_add_trPr().append(element("w:cantSplit", val="true"))


def repeat_as_head(row: Any) -> None:
    """Repeat the row at the top of each further page of the table."""
    row._tr.get_or_add_trPr().append(element("w:tblHeader", val="true"))


def page_number(paragraph: Any) -> None:
    """Add the page number, 13 points."""
    run = paragraph.add_run()
    run.font.size = Pt(13)
    for kind in ("begin", "", "end"):
        if kind:
            run._r.append(element("w:fldChar", fldCharType=kind))
        else:
            instruction = OxmlElement("w:instrText")
            instruction.text = "PAGE"
            run._r.append(instruction)


def count_pages_from_one(section: Any) -> None:
    section._sectPr.insert_element_before(
        element("w:pgNumType", start="1"), "w:cols", "w:formProt", "w:vAlign", "w:noEndnote", "w:titlePg", "w:docGrid"
    )
