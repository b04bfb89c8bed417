"""The PDF as a record: what it declares, how it is structured, and that nothing typed can act in it."""

import io
import json
import re
from typing import Any

import pikepdf
import pytest

from letters.catalogue import letter_type, letter_types
from letters.draft import draft_of
from letters.output.docx import docx
from letters.output.fonts import FAMILY
from letters.output.html import html
from letters.output.pdf import PrintError, pdf, typeset
from letters.output.plain import plain
from letters.specimen import preview, specimen
from tests.letters import hard
from tests.letters.output.test_word_copy import text_of
from tests.letters.poppler import needs_poppler, pages_of
from tests.letters.variants import NEW, NUMBER, OLD

HOSTILE = (  # the name of letters.md section 2, in parts that no intake refuses
    "HTX {{ 7*7 }} {% raw %} mẫu", 'HTX #read("/etc/passwd") mẫu', "HTX $x^2$ _gạch_ ~sóng~ mẫu",
    "HTX <b>đậm</b> &amp; mẫu", "HTX </w:t></w:r><w:r><w:t>CHÈN mẫu", "HTX \\end{x} **in đậm** *nghiêng* mẫu",
    "HTX @article @table | cột | hai | mẫu", "HTX {f[agency]} {unit} {0} %s mẫu", "HTX [link](x) `mã` // ghi chú mẫu",
    "HTX \"Minh's\" «Tân» – “mẫu” № 1 ½ °C m²", "HTX <script>alert(1)</script> mẫu", "HTX = - + @SUM(A1) mẫu",
)  # fmt: skip


def opened(data: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(data))


def tags_of(document: pikepdf.Pdf) -> list[str]:
    """The structure tree, walked."""
    found: list[str] = []

    def walk(node: Any) -> None:
        if isinstance(node, pikepdf.Array):
            for child in node:
                walk(child)
        elif isinstance(node, pikepdf.Dictionary):
            if "/S" in node:
                found.append(str(node.S)[1:])
            if "/K" in node:
                walk(node.K)

    walk(document.Root.StructTreeRoot.K)
    return found


def unmarked(page: pikepdf.Page) -> list[str]:
    """Operators that show text outside of marked content."""
    depth, wrong = 0, []
    for instruction in pikepdf.parse_content_stream(page):
        operator = str(instruction.operator)
        if operator in ("BDC", "BMC"):
            depth += 1
        elif operator == "EMC":
            depth -= 1
        elif operator in ("Tj", "TJ", "'", '"') and depth == 0:
            wrong.append(operator)
    assert depth == 0
    return wrong


@pytest.mark.parametrize("name", sorted(letter_types()))
def test_it_declares_what_it_is_and_is_tagged_throughout(name: str) -> None:
    letter = preview(name)
    document = opened(pdf(letter, NUMBER))
    with document.open_metadata() as known:
        assert (known["pdfaid:part"], known["pdfaid:conformance"], known["pdfuaid:part"]) == ("2", "A", "1")
        assert letter.summary in known["dc:title"]
        assert known["dc:language"] == {"vi"} or str(document.Root.Lang).lower().startswith("vi")
    assert str(document.Root.Lang).startswith("vi")
    assert document.Root.MarkInfo.Marked
    assert document.Root.ViewerPreferences.DisplayDocTitle
    assert [unmarked(page) for page in document.pages] == [[]] * len(document.pages)
    assert {str(page.obj.Tabs) for page in document.pages} == {"/S"}


def test_headings_and_tables_are_tagged_as_such() -> None:
    document = opened(pdf(hard.with_rows("payout_plan", "claims", hard.claims(40)), NUMBER))
    tags = tags_of(document)
    assert {"Document", "H1", "P", "Table", "TR", "TH", "TD"} <= set(tags)
    assert tags.count("H1") == 2, "the letter and its appendix"
    assert tags.count("TR") == 41
    assert tags.count("TH") == 4, "a heading that repeats is one heading"


def test_only_the_vendored_faces_are_embedded() -> None:
    document = opened(pdf(preview("dissolution_decision", NEW), NUMBER))
    fonts = {str(font.BaseFont) for page in document.pages for font in page.Resources.Font.values()}
    assert fonts
    assert all(FAMILY in font for font in fonts), fonts


@needs_poppler
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_only_a_name(name: str) -> None:
    kind = letter_type("debt_reconciliation")
    data = specimen(kind)
    row = {"matter": name, "claimed": name, "accepted": 1, "disputed": 0, "rank": 4}
    extra = {**data["extra"], "rows": [row], "other_side": name}
    letter = draft_of(kind, {**data, "unit": {**data["unit"], "name": name}, "extra": extra}, OLD)
    assert name in letter.summary
    assert plain(letter, NUMBER).count(name) >= 5
    printed = re.sub(r"\s+", "", "".join(pages_of(pdf(letter, NUMBER))))
    assert printed.count(re.sub(r"\s+", "", name)) >= 3
    assert " ".join(text_of(docx(letter, NUMBER)).split()).count(name) >= 5
    assert "<b>đậm" not in html(letter)
    assert "<script>" not in html(letter)


def test_a_typed_list_becomes_lines_of_its_own() -> None:
    kind = letter_type("supplement_request")
    data = specimen(kind)
    missing = "- Điều lệ;\r\n- Danh sách thành viên\n\n- @article giả"
    letter = draft_of(kind, {**data, "extra": {**data["extra"], "missing": missing}}, OLD)
    said = plain(letter, NUMBER)
    assert "\n- Điều lệ;\n- Danh sách thành viên\n- @article giả.\n" in said


def test_a_character_without_a_glyph_stops_the_print_and_says_so() -> None:
    with pytest.raises(PrintError) as found:
        pdf(hard.written("@article 協同組合"), NUMBER)
    assert found.value.code == "letter_cannot_print"


def test_a_warning_of_the_compiler_is_an_error() -> None:
    book = {"title": "x", "office": "x", "font": "No Such Font", "header": ["a"], "widths": [1], "rows": []}
    with pytest.raises(PrintError):
        typeset("book.typ", {"book": json.dumps(book)}, OLD)
