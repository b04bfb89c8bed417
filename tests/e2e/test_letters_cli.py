"""Letters from the command line: delegations, service, what was signed; the same doors as the pages."""

from pathlib import Path

import pytest

from cli.app import app
from letters.frozen import thaw
from letters.output.docx import docx
from models.errors import Refused, WrongInput
from tests.command_line import CliRunner
from tests.correspondence.paperwork import Paperwork
from tests.e2e.walking import coopcase
from tests.letters.output.word_files import edited
from tests.web.web_office import Office, login_of


@pytest.fixture
def papers(office: Office) -> Paperwork:
    return Paperwork(office.bind, office.first)


@pytest.fixture
def issued(papers: Paperwork) -> int:
    return papers.issued(papers.drafted(deleted_on="25/03/2016"))


def said(*arguments: str) -> str:
    """What a command tells a person."""
    return CliRunner().invoke(app, arguments, catch_exceptions=True).stdout


def test_delegations_are_added_listed_and_ended(office: Office) -> None:
    by = ("--by", login_of("leader"))
    given = ("delegations", "add", "second.hbg", "TL", "finance_office", "--from", "01/01/2016", *by)
    with pytest.raises(WrongInput) as wrong:
        coopcase(*given)
    assert wrong.value.code == "delegation_needs_act"
    number = coopcase(*given, "--decision", "05/QĐ-TCKH", "--post", "Tổ trưởng")["id"]
    assert coopcase("delegations", "end", str(number), *by, "--reason", "Đi học") == {"id": number}
    (row,) = coopcase("delegations", "list", *by)
    assert (row["stands"], row["ended_on"], row["post"]) == ("in_force", "2016-03-14", "Tổ trưởng")
    assert "TL. Người thứ hai" in said("delegations", "list", *by)
    with pytest.raises(Refused):
        coopcase(*given, "--decision", "06/QĐ-TCKH", "--post", "Tổ trưởng")


def test_what_was_signed_is_brought_back_compared_and_written_out(
    papers: Paperwork, issued: int, tmp_path: Path
) -> None:
    row = papers.row(issued)
    file = tmp_path / "da-ky.docx"
    ours = docx(thaw(row["data"]["frozen"]), row["number"])
    file.write_bytes(edited(ours, "25 tháng 3 năm 2016", "30 tháng 3 năm 2016"))
    bring = ("letter-signed", str(issued), "--file", str(file), "--by", login_of("clerk"))
    with pytest.raises(WrongInput) as wrong:
        coopcase(*bring)
    assert wrong.value.code == "signed_text_differs"
    assert "[-25-] {+30+}" in said(*bring)
    kept = coopcase(*bring, "--reason", "Dời ngày")
    assert [piece["mark"] for piece in kept["changes"][0]["pieces"]] == ["same", "gone", "new", "same"]
    assert "[-25-] {+30+}" in said("letter-signed", str(issued), "--show")
    (version,) = coopcase("letter-signed", str(issued))["versions"]
    assert (version["id"], version["reason"], version["differing"]) == (kept["id"], "Dời ngày", 1)
    out = tmp_path / "ra.docx"
    coopcase("letter-signed", str(issued), "--out", str(out))
    assert out.read_bytes() == file.read_bytes()


def test_a_step_that_service_could_not_record_is_reported(papers: Paperwork, tmp_path: Path) -> None:
    letter = papers.issued(papers.drafted("newspaper_request", claims_until_on="30/04/2016", decided_on="11/01/2016"))
    proof = tmp_path / "trang-bao.txt"
    proof.write_text("Trang báo (thử)", encoding="utf-8")
    served = coopcase(
        "letter-serve", str(letter), "--by", login_of("clerk"), "--way", "newspaper", "--result", "published",
        "--on", "14/03/2016", "--set", "newspaper=Báo Hải Phòng", "--set", "issue=9201", "--evidence", str(proof),
    )  # fmt: skip
    assert served["status"] == "issued"
    assert "«Mới vào danh sách»" in served["left"]


def test_an_answer_is_registered_with_its_step_and_what_is_awaited_is_listed(papers: Paperwork, tmp_path: Path) -> None:
    papers.do("accept_case", file_held=True)
    seq = papers.do("ask_agencies")
    letter = papers.issued(papers.filled(papers.requested("tax_inquiry", seq), reply_by_on="25/03/2016"))
    clerk = ("--by", login_of("clerk"))
    (item,) = coopcase("awaited", *clerk)
    assert (item["id"], item["kind"], item["due_on"], item["late"]) == (letter, "agency_reply", "2016-03-25", False)
    assert papers.ref in said("awaited", *clerk)
    scan = tmp_path / "quet.pdf"
    scan.write_bytes(b"%PDF-1.4")
    given = ("incoming", *clerk, "--from", "Chi cục Thuế", "--summary", "Còn nợ", "--answers", str(letter))
    done = coopcase(*given, "--kind", "agency_reply", "--set", "debt=5", "--record", "--file", str(scan))
    assert (done["number"], done["left"]) == (1, None)
    assert coopcase("awaited", *clerk) == []
    (line,) = coopcase("incoming", *clerk, "--search", "thuế")["documents"]
    assert (line["fact_seq"], line["stands"], len(line["evidence"])) == (done["seq"], True, 1)
    other = coopcase(
        "incoming", *clerk, "--from", "HTX", "--summary", "Đơn", "--ref", papers.ref, "--kind", "complaint"
    )
    more = ("--set", "against=Quyết định 1", "--set", "settler=district_committee", "--set", "concerns=dissolution")
    assert coopcase("incoming-record", str(other["id"]), *clerk, *more)["seq"] == done["seq"] + 1


def test_the_books_are_shown_and_written_out(papers: Paperwork, issued: int, tmp_path: Path) -> None:
    by = ("--by", login_of("clerk"))
    assert "01/TB-TCKH" in said("book", "2016", *by)
    assert "01/TB-TCKH" in said("book", "2016", *by, "--handover", "--on", "14/03/2016")
    assert "01/TB-TCKH" not in said("book", "2016", *by, "--handover", "--on", "13/03/2016")
    for more in ((), ("--handover",), ("--incoming",)):
        pdf, xlsx = tmp_path / "so.pdf", tmp_path / "so.xlsx"
        said("book", "2016", *by, *more, "--pdf", str(pdf), "--xlsx", str(xlsx))
        assert (pdf.read_bytes()[:5], xlsx.read_bytes()[:2]) == (b"%PDF-", b"PK")


def test_a_number_typed_by_hand_is_refused(papers: Paperwork) -> None:
    letter = papers.approved(papers.drafted(deleted_on="25/03/2016"))
    issue = ("letter-act", str(letter), "issue", "--by", login_of("clerk"))
    for typed, code in (
        ("number=12a", "number_by_hand"),
        ("on=01/03/2016", "issue_before_signed"),
        ("x=1", "unknown_field"),
    ):
        with pytest.raises(WrongInput) as wrong:
            coopcase(*issue, "--set", typed)
        assert wrong.value.code == code
    assert coopcase(*issue, "--set", "on=14/03/2016")["number"] == 1
