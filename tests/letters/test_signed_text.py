"""The text of Word files that are sent in, and how two texts differ."""

import zipfile
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from letters import word_parts, word_text
from letters.catalogue import letter_types
from letters.differences import MOST_PAIRS, Change, Piece, differences
from letters.output.docx import docx
from letters.specimen import preview
from letters.word_text import Beside, paragraphs_of, read_word
from models.errors import WrongInput
from tests.letters.output.word_files import NAMESPACES, document, package, word

LAUGHS = "<!DOCTYPE lolz [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;'>]>"
OUTSIDE = "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>"
PARAGRAPH = "<w:p><w:r><w:t>&e;</w:t></w:r></w:p>"


def read(body: str) -> list[str]:
    return paragraphs_of(package({"word/document.xml": document(body)}))


def test_paragraphs_come_in_the_order_of_the_document_tables_too() -> None:
    cell = "<w:tc><w:p><w:r><w:t>ô</w:t></w:r></w:p></w:tc>"
    body = f"<w:p><w:r><w:t>một</w:t></w:r></w:p><w:tbl><w:tr>{cell}</w:tr></w:tbl><w:p><w:r><w:t>hai</w:t></w:r></w:p>"
    assert read(body) == ["một", "ô", "hai"]


@pytest.mark.parametrize(
    ("label", "body", "text"),
    [
        ("runs of one paragraph", "<w:r><w:t>Điều </w:t></w:r><w:r><w:t>1.</w:t></w:r>", ["Điều 1."]),
        ("tabs and breaks are spaces", "<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t></w:r>", ["a b c"]),
        ("spaces of every kind are one", "<w:r><w:t>a \u00a0 b</w:t></w:r>", ["a b"]),
        ("decomposed letters are composed", "<w:r><w:t>Ha\u0309i</w:t></w:r>", ["Hải"]),
        (
            "what was struck out is gone",
            "<w:del><w:r><w:delText>x</w:delText></w:r></w:del><w:r><w:t>y</w:t></w:r>",
            ["y"],
        ),
        ("what came in counts", "<w:ins><w:r><w:t>mới</w:t></w:r></w:ins>", ["mới"]),
        (
            "what was moved away is gone",
            "<w:moveFrom><w:r><w:t>x</w:t></w:r></w:moveFrom><w:r><w:t>y</w:t></w:r>",
            ["y"],
        ),
        ("field codes are no text", "<w:r><w:instrText>PAGE</w:instrText><w:t>3</w:t></w:r>", ["3"]),
        (
            "a fallback says the same again",
            "<mc:AlternateContent><mc:Choice><w:r><w:t>a</w:t></w:r></mc:Choice>"
            "<mc:Fallback><w:r><w:t>a</w:t></w:r></mc:Fallback></mc:AlternateContent>",
            ["a"],
        ),
        ("nothing", "<w:r><w:t> </w:t></w:r>", []),
    ],
    ids=lambda value: value if isinstance(value, str) and " " in value and "<" not in value else "",
)
def test_what_counts_as_text(label: str, body: str, text: list[str]) -> None:
    assert read(f"<w:p>{body}</w:p>") == text, label


RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def with_parts(body: str, parts: dict[str, str], styles: str = "") -> bytes:
    """A Word file with parts beside its document, each of the kind that its name says."""
    listed = "".join(
        f'<Relationship Id="r{place}" Type="{RELATION}/{name.strip("123")}" Target="{name}.xml"/>'
        for place, name in enumerate(parts)
    )
    inside = {f"word/{name}.xml": document(text) for name, text in parts.items()}
    listed += f'<Relationship Id="s" Type="{RELATION}/styles" Target="/word/styles.xml"/>'
    relations = {"word/_rels/document.xml.rels": f"<Relationships>{listed}</Relationships>"}
    made = f"<w:styles {NAMESPACES}>{styles}</w:styles>"
    return package({"word/document.xml": document(body), "word/styles.xml": made, **relations, **inside})


def run(text: str, form: str = "") -> str:
    return f"<w:r><w:rPr>{form}</w:rPr><w:t>{text}</w:t></w:r>"


@pytest.mark.parametrize(
    ("label", "body", "beside"),
    [
        ("struck", run("Điều 5", "<w:strike/>"), [("struck", "Điều 5")]),
        ("struck in part, by two runs", f"{run('a ')}{run('b ', '<w:dstrike/>')}{run('c', '<w:strike/>')}",
         [("struck", "b c")]),
        ("hidden", run("Điều 5", '<w:vanish w:val="true"/>'), [("hidden", "Điều 5")]),
        ("not struck after all", run("a", '<w:strike w:val="0"/>'), []),
        ("the mark of the paragraph alone", f"<w:pPr><w:rPr><w:strike/></w:rPr></w:pPr>{run('a')}", []),
        ("struck before a tracked change", run("a", "<w:rPrChange><w:rPr><w:strike/></w:rPr></w:rPrChange>"), []),
        ("by the style of the paragraph", f'<w:pPr><w:pStyle w:val="Bo"/></w:pPr>{run("a")}', [("struck", "a")]),
        ("by an inherited style of the run", run("a", '<w:rStyle w:val="Con"/>'), [("hidden", "a")]),
        ("the run takes it back", '<w:pPr><w:pStyle w:val="Bo"/></w:pPr>' + run("a", '<w:strike w:val="off"/>'), []),
    ],
    ids=lambda value: value if isinstance(value, str) and "<" not in value else "",
)  # fmt: skip
def test_text_that_does_not_hold_or_show_in_print_is_named(
    label: str, body: str, beside: list[tuple[str, str]]
) -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="Bo"><w:rPr><w:strike/></w:rPr></w:style>'
        '<w:style w:type="character" w:styleId="Cha"><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:type="character" w:styleId="Con"><w:basedOn w:val="Cha"/></w:style>'
    )
    read_file = read_word(with_parts(f"<w:p>{body}</w:p>", {}, styles))
    assert [(item.where, item.text) for item in read_file.beside] == beside, label
    assert len(read_file.body) == 1


def test_headers_footers_notes_comments_and_pictures_are_named() -> None:
    said = {"header1": "Thêm 90 ngày", "header2": "2", "footer1": "Chân", "footnotes": "Ghi", "endnotes": "Cuối",
            "comments": "Sửa"}  # fmt: skip
    parts = {name: f"<w:p>{run(text)}</w:p>" for name, text in said.items()}
    drawn = '<w:p><w:r><a:blip xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"/></w:r></w:p>'
    assert read_word(with_parts(drawn, parts)).beside == [
        Beside("picture", ""), Beside("header", "Thêm 90 ngày"), Beside("footer", "Chân"), Beside("note", "Ghi"),
        Beside("note", "Cuối"), Beside("comment", "Sửa"),
    ]  # fmt: skip


def test_the_document_is_the_one_that_word_opens() -> None:
    main = (
        f'<Relationships><Relationship Type="{RELATION}/officeDocument" Target="word/document2.xml"/></Relationships>'
    )
    shown, other = (document(f"<w:p>{run(text)}</w:p>") for text in ("hai", "một"))
    parts = {"_rels/.rels": main, "word/document.xml": other, "word/document2.xml": shown}
    assert paragraphs_of(package(parts)) == ["hai"]


def test_no_letter_of_ours_has_anything_beside_its_body() -> None:
    for name in letter_types():
        assert read_word(docx(preview(name), 5)).beside == [], name


def bomb() -> bytes:
    """Forty kilobytes that unpack to fifty megabytes."""
    return package({"word/document.xml": document("<w:p/>") + " " * 50_000_000})


def lying() -> bytes:
    """A package whose directory says that the document is small."""
    data = bytearray(bomb())
    with zipfile.ZipFile(BytesIO(bytes(data))) as source:
        size = source.getinfo("word/document.xml").file_size
    for place in range(len(data) - 4):
        if data[place : place + 4] == size.to_bytes(4, "little"):
            data[place : place + 4] = (500).to_bytes(4, "little")
    return bytes(data)


HOSTILE = {
    "no archive": (b"PK\x03\x04 nothing", "not_a_word_file"),
    "an archive of something else": (package({"xl/workbook.xml": "<x/>"}), "not_a_word_file"),
    "no XML": (package({"word/document.xml": b"\xff\xfe\x00nope"}), "not_a_word_file"),
    "XML cut off": (package({"word/document.xml": document("<w:p>")[:-30]}), "not_a_word_file"),
    "entities that laugh": (package({"word/document.xml": document(PARAGRAPH, LAUGHS)}), "word_has_entities"),
    "an entity from outside": (package({"word/document.xml": document(PARAGRAPH, OUTSIDE)}), "word_has_entities"),
    "macros": (word("a", parts={"word/vbaProject.bin": b"x"}), "word_has_macros"),
    "macros under another name": (word("a", parts={"word/vbaData.xml": "x"}), "word_has_macros"),
    "an embedded program": (word("a", parts={"word/embeddings/oleObject1.bin": b"MZ"}), "word_has_objects"),
    "a control": (word("a", parts={"word/activeX/activeX1.bin": b"x"}), "word_has_objects"),
    "a bomb": (bomb(), "word_file_unpacks_too_large"),
    "a book": (word(*["chữ " * 1_000] * 300), "word_file_too_long"),
}  # fmt: skip


@pytest.mark.parametrize(("data", "code"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_is_refused_by_name(data: bytes, code: str) -> None:
    with pytest.raises(WrongInput) as wrong:
        paragraphs_of(data)
    assert (wrong.value.field, wrong.value.code) == ("file", code)


def test_a_package_that_lies_about_its_size_is_refused() -> None:
    with pytest.raises(WrongInput):
        paragraphs_of(lying())


def test_too_many_parts_or_paragraphs_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(word_parts, "MOST_PARTS", 5)
    monkeypatch.setattr(word_text, "MOST_PARAGRAPHS", 5)
    with pytest.raises(WrongInput) as wrong:
        paragraphs_of(package({f"x{place}": "" for place in range(9)}))
    assert wrong.value.code == "word_file_unpacks_too_large"
    with pytest.raises(WrongInput) as wrong:
        paragraphs_of(word(*"abcdefgh"))
    assert wrong.value.code == "word_file_too_long"


def test_changed_words_are_shown_in_their_paragraph() -> None:
    record = ["Mở đầu", "Trả lời trước ngày 25 tháng 3 năm 2016.", "Kết thúc"]
    signed = ["Mở đầu", "Trả lời trước ngày 30 tháng 3 năm 2016.", "Thêm một đoạn", "Kết thúc"]
    changed, added = differences(record, signed)
    assert (changed.place, added.place) == (2, 3)
    assert [(piece.mark, piece.text) for piece in changed.pieces] == [
        ("same", "Trả lời trước ngày"), ("gone", "25"), ("new", "30"), ("same", "tháng 3 năm 2016."),
    ]  # fmt: skip
    assert added.pieces == (Piece("new", "Thêm một đoạn"),)


def test_a_paragraph_with_nothing_in_common_is_exchanged_whole() -> None:
    assert differences(["a b c"], ["x y z"]) == [Change(1, (Piece("gone", "a b c"), Piece("new", "x y z")))]


TEXTS = st.lists(st.text("ab ", max_size=8).map(lambda text: " ".join(text.split())).filter(bool), max_size=8)


@settings(max_examples=200, deadline=None)
@given(TEXTS, TEXTS)
def test_the_marks_give_back_both_texts(first: list[str], second: list[str]) -> None:
    found = differences(first, second)
    assert bool(found) is (first != second)
    for leave, text in (("new", first), ("gone", second)):
        words = [piece.text for change in found for piece in change.pieces if piece.mark != leave]
        assert not set(" ".join(words).split()) - set(" ".join(text).split())


def test_long_texts_with_nothing_in_common_are_not_matched_word_by_word() -> None:
    side = int(MOST_PAIRS**0.5) + 500
    assert len(differences([f"a{at}" for at in range(side)], [f"b{at}" for at in range(side)])) == side
