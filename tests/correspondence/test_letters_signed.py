"""What was really signed is kept beside the record, compared with it, and never in its place."""

import io
import re
import zipfile
from datetime import timedelta

import pytest

from correspondence import issuing
from correspondence.letter_files import read_bytes
from correspondence.signed_versions import Kept, changes_of, keep_signed, record_text, signed_file, versions
from letters.frozen import thaw
from letters.output.docx import docx
from letters.word_text import paragraphs_of
from models.database import reading, writing
from models.errors import CoopcaseError, NotFound, Refused, WrongInput
from tests.correspondence.paperwork import Paperwork
from tests.letters.output.word_files import edited, package, word
from tests.web.web_office import ROLES, login_of

PDF = b"%PDF-1.4 quet"
DAY = "ngày 25 tháng 3 năm 2016"


def keep(
    papers: Paperwork, letter: int, data: bytes, name: str = "da-ky.docx", reason: str = "", by: str = "clerk"
) -> Kept:
    with writing(papers.bind) as connection:
        return keep_signed(connection, letter, papers.person(by), data, name, reason, now=papers.clock.now())


def word_of(papers: Paperwork, letter: int) -> bytes:
    """The Word file that the officer took away."""
    row = papers.row(letter)
    return docx(thaw(row["data"]["frozen"]), row["number"])


@pytest.fixture
def approved(papers: Paperwork) -> int:
    return papers.approved(papers.drafted(deleted_on="25/03/2016"))


@pytest.fixture
def issued(papers: Paperwork) -> int:
    return papers.issued(papers.drafted(deleted_on="25/03/2016"))


def test_what_was_signed_unchanged_is_kept_without_a_word(papers: Paperwork, issued: int) -> None:
    before = papers.row(issued)
    assert keep(papers, issued, word_of(papers, issued)).changes == []
    row = papers.row(issued)
    assert row["signed_sha"] not in ("", row["pdf_sha"])
    assert {name: value for name, value in row.items() if name != "signed_sha"} == {
        name: value for name, value in before.items() if name != "signed_sha"
    }
    assert read_bytes(row["pdf_sha"]).startswith(b"%PDF-")


def test_a_changed_text_needs_a_reason_and_shows_where(papers: Paperwork, issued: int) -> None:
    changed = edited(word_of(papers, issued), DAY, "ngày 30 tháng 3 năm 2016")
    with pytest.raises(WrongInput) as wrong:
        keep(papers, issued, changed, reason="  ")
    assert (wrong.value.field, wrong.value.code, wrong.value.params["count"]) == ("reason", "signed_text_differs", 1)
    assert papers.row(issued)["signed_sha"] == ""
    kept = keep(papers, issued, changed, reason="Dời ngày theo ý kiến trưởng phòng")
    assert kept.changes is not None
    pieces = [(piece.mark, piece.text) for piece in kept.changes[0].pieces if piece.mark != "same"]
    assert pieces == [("gone", "25"), ("new", "30")]
    with reading(papers.bind) as connection:
        (version,) = versions(connection, issued)
        assert changes_of(version) == kept.changes
    assert (version["by"], version["differing"], version["reason"]) == (
        login_of("clerk"), 1, "Dời ngày theo ý kiến trưởng phòng",
    )  # fmt: skip


def test_what_is_struck_hidden_or_written_in_a_header_is_a_difference(papers: Paperwork, issued: int) -> None:
    taken = word_of(papers, issued)
    with zipfile.ZipFile(io.BytesIO(taken)) as source:
        inside: dict[str, str | bytes] = {name: source.read(name) for name in source.namelist()}
    header = next(name for name in inside if re.fullmatch(r"word/(header|footer)\d\.xml", name))
    promise = "<w:p><w:r><w:t>Gia hạn thêm 90 ngày</w:t></w:r></w:p>"
    content = bytes(inside[header]).decode()  # type: ignore[arg-type]
    inside[header] = re.sub(r"(</w:(hdr|ftr)>)", rf"{promise}\1", content)
    place, struck = re.escape(DAY), "<w:rPr><w:strike/></w:rPr>"
    text = bytes(inside["word/document.xml"]).decode()  # type: ignore[arg-type]
    inside["word/document.xml"] = re.sub(
        rf"(<w:r>)(<w:rPr>(?:(?!</w:rPr>).)*</w:rPr>)?(<w:t[^>]*>[^<]*{place})", rf"\1{struck}\3", text
    )
    with pytest.raises(WrongInput) as wrong:
        keep(papers, issued, package(inside))
    changes = wrong.value.params["changes"]
    assert {change.where for change in changes} == {"struck", re.sub(r"word/(\w+er)\d.xml", r"\1", header)}  # type: ignore[attr-defined]
    kept = keep(papers, issued, package(inside), reason="Theo ý kiến lãnh đạo")
    with reading(papers.bind) as connection:
        assert changes_of(versions(connection, issued)[0]) == kept.changes == changes


def test_the_number_and_day_written_by_hand_on_an_unnumbered_letter_are_no_difference(
    papers: Paperwork, approved: int
) -> None:
    taken = word_of(papers, approved)
    assert "DỰ THẢO" in paragraphs_of(taken)
    signed = edited(edited(taken, "Số: ……/", "Số: 15/"), "ngày …… tháng …… năm ……", "ngày 16 tháng 3 năm 2016")
    assert keep(papers, approved, edited(signed, "DỰ THẢO", "")).changes == []
    odd = edited(taken, "Số: ……/", "Số: 15a xin ý kiến lại/")
    with pytest.raises(WrongInput):
        keep(papers, approved, edited(odd, "DỰ THẢO", ""))


def test_a_later_number_does_not_change_what_was_compared(papers: Paperwork, approved: int) -> None:
    keep(papers, approved, edited(word_of(papers, approved), "DỰ THẢO", ""))
    with writing(papers.bind) as connection:
        issuing.issue(connection, approved, papers.person("clerk"), now=papers.clock.now(), today=papers.today)
    with reading(papers.bind) as connection:
        assert changes_of(versions(connection, approved)[0]) == []


@pytest.mark.parametrize(("name", "data"), [("quet.pdf", PDF), ("anh.JPG", b"\xff\xd8\xff\xe0 anh")])
def test_a_scan_is_kept_without_a_comparison(papers: Paperwork, issued: int, name: str, data: bytes) -> None:
    kept = keep(papers, issued, data, name)
    assert kept.changes is None
    with reading(papers.bind) as connection:
        assert signed_file(connection, issued, kept.number, papers.person("case_officer"))[:2] == (data, name)
        with pytest.raises(NotFound):
            signed_file(connection, issued, kept.number + 1, papers.person("clerk"))


def test_several_versions_keep_their_history_the_latest_first(papers: Paperwork, issued: int) -> None:
    first = keep(papers, issued, PDF, "lan1.pdf", by="case_officer")
    papers.today += timedelta(days=1)
    second = keep(papers, issued, word_of(papers, issued))
    with reading(papers.bind) as connection:
        listed = versions(connection, issued)
    assert [row["id"] for row in listed] == [second.number, first.number]
    assert [row["by"] for row in listed] == [login_of("clerk"), login_of("case_officer")]
    assert listed[0]["added_at"] > listed[1]["added_at"]
    assert papers.row(issued)["signed_sha"] == listed[0]["sha256"]
    with pytest.raises(WrongInput) as wrong:
        keep(papers, issued, PDF, "lan3.pdf")
    assert wrong.value.code == "signed_kept_already"


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.docx", b"", "evidence_empty"),
        ("a.docx", b"PK\x03\x04", "evidence_kind"),
        ("a.docx", PDF, "evidence_kind"),
        ("a.docm", word("a"), "signed_kind"),
        ("a.xlsx", word("a"), "signed_kind"),
        ("a.exe", b"MZ", "signed_kind"),
        ("khong-duoi", PDF, "signed_kind"),
        ("a.docx", word("a", parts={"word/vbaProject.bin": b"x"}), "office_file_has_macros"),
        ("a.pdf", b"%PDF-" + b"0" * 20_000_001, "evidence_too_large"),
    ],
)
def test_a_file_that_is_not_taken_is_named(papers: Paperwork, issued: int, name: str, data: bytes, code: str) -> None:
    with pytest.raises(WrongInput) as wrong:
        keep(papers, issued, data, name)
    assert (wrong.value.field, wrong.value.code) == ("file", code)


def test_by_role_and_by_status(papers: Paperwork, approved: int) -> None:
    outcome = {}
    for role in ROLES:
        try:
            keep(papers, approved, PDF + role.encode(), "a.pdf", by=role)
            outcome[role] = "kept"
        except CoopcaseError as error:
            outcome[role] = error.code
    assert outcome == dict.fromkeys(ROLES, "keeping_signed_not_yours") | dict.fromkeys(
        ("case_officer", "manager", "clerk", "commune"), "kept"
    )
    with pytest.raises(NotFound):
        keep(papers, approved, PDF, "a.pdf", by=login_of("clerk", "ADG"))
    for letter in (papers.drafted(), papers.submitted(papers.drafted(deleted_on="25/03/2016"))):
        with pytest.raises(Refused) as refused:
            keep(papers, letter, PDF, "a.pdf")
        assert refused.value.code == "letter_not_in_status"


def test_the_record_reads_the_same_from_its_own_word_file(papers: Paperwork, issued: int) -> None:
    assert record_text(papers.row(issued)) == paragraphs_of(word_of(papers, issued))
