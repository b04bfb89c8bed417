"""Templates, marks and forms from the command line."""

from pathlib import Path

import pytest

from cli.app import app
from letters.catalogue import documents, letter_types
from models.errors import NotFound, Refused, WrongInput
from tests.command_line import CliRunner
from tests.correspondence.paperwork import Paperwork
from tests.e2e.walking import coopcase
from tests.letters.output.test_word_copy import text_of
from tests.web.web_office import Office, login_of


@pytest.fixture
def papers(office: Office) -> Paperwork:
    return Paperwork(office.bind, office.first)


def said(*arguments: str) -> str:
    """What a command tells a person."""
    result = CliRunner().invoke(app, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.stderr
    return result.stdout


def test_every_document_of_the_catalogue_is_listed() -> None:
    listed = coopcase("template", "list")
    assert {item["document"] for item in listed} - {""} == set(documents())
    assert {item["name"] for item in listed if item["name"]} == set(letter_types())
    assert "dissolution_decision" in said("template", "list")


def test_the_templates_hold() -> None:
    assert str(len(letter_types())) in said("template", "check")


@pytest.mark.parametrize(
    ("options", "shown", "not_shown"),
    [
        ((), "ỦY BAN NHÂN DÂN\nHUYỆN KIẾN THỤY", "THÀNH PHỐ HẢI PHÒNG"),
        (("--level", "city"), "Sở Kế hoạch và Đầu tư", "ỦY BAN NHÂN DÂN\nHUYỆN"),
        (("--on", "2020-03-05"), "ngày …… tháng …… năm ……", "12 tháng"),
        (("--blank",), "……", "450.000.000"),
    ],
)
def test_a_preview_is_of_a_level_of_a_day_or_blank(options: tuple[str, ...], shown: str, not_shown: str) -> None:
    text = said("template", "preview", "submission_measure", *options)
    flat = "\n".join(line.split("  ")[0] for line in text.splitlines())
    assert shown in flat or shown in text
    undated = "\n".join(line for line in text.splitlines() if not line.startswith("Căn cứ Kế hoạch"))
    assert not_shown not in undated, "the day of a plan that is cited is no day of the letter"


def test_a_preview_of_the_members_own_council(tmp_path: Path) -> None:
    assert "Nghị quyết đại hội thành viên" in said("template", "preview", "creditor_notice", "--voluntary")
    assert "Nghị quyết đại hội thành viên" not in said("template", "preview", "creditor_notice")
    out = tmp_path / "mau.docx"
    assert said("template", "preview", "creditor_notice", "--blank", "--docx", str(out)) == ""
    assert "……" in text_of(out.read_bytes())


def test_a_level_that_a_letter_does_not_have_is_refused() -> None:
    with pytest.raises(WrongInput) as wrong:
        said("template", "preview", "review_summary", "--level", "city")
    assert wrong.value.code == "not_an_option"


def test_marks_are_set_and_taken_off_before_signing(papers: Paperwork) -> None:
    letter = papers.drafted(deleted_on="25/03/2016")
    mark = ("letter-act", str(letter), "mark", "--by", login_of("case_officer"))
    coopcase(*mark, "--set", "urgency=thuong_khan", "--set", "secrecy=mat")
    assert ("[MẬT]" in said("letter", str(letter)), "[THƯỢNG KHẨN]" in said("letter", str(letter))) == (True, True)
    with pytest.raises(WrongInput) as wrong:
        coopcase(*mark, "--set", "urgency=gap")
    assert wrong.value.code == "no_such_mark"
    coopcase(*mark, "--set", "urgency=")
    assert "KHẨN]" not in said("letter", str(letter))
    papers.approved(letter)
    with pytest.raises(Refused):
        coopcase(*mark, "--set", "urgency=khan")


def test_a_form_is_taken_along(papers: Paperwork, tmp_path: Path) -> None:
    word, by = tmp_path / "giay-moi.docx", ("--by", login_of("case_officer"))
    assert said("letter-form", papers.ref, "meeting_call", *by, "--docx", str(word)) == ""
    assert "Bạch Đằng" in text_of(word.read_bytes())
    assert "……" in said("letter-form", papers.ref, "meeting_call", *by)
    with pytest.raises(NotFound):
        said("letter-form", papers.ref, "name_deletion_notice", *by)
