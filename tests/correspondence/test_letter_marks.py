"""Secrecy, urgency, circulation: chosen by the right hands, frozen with the signature, numbered apart when secret."""

from typing import Any

import pytest

from correspondence import drafts
from correspondence.letter_marks import mark
from letters.frozen import freeze, thaw
from letters.specimen import preview
from models.database import reading, writing
from models.errors import Refused, WrongInput
from tests.correspondence.paperwork import Paperwork

DELETED = {"deleted_on": "25/03/2016"}


def marked(papers: Paperwork, letter: int, by: str = "case_officer", **codes: str) -> int:
    with writing(papers.bind) as connection:
        mark(connection, letter, papers.person(by), codes, today=papers.today)
    return letter


def stamps(papers: Paperwork, letter: int) -> tuple[str, str, str]:
    with reading(papers.bind) as connection:
        found = drafts.live(connection, drafts.one_letter(connection, letter), papers.today).letter
    return found.secrecy, found.urgency, found.circulation


def test_marks_are_chosen_changed_and_taken_away(papers: Paperwork) -> None:
    letter = marked(papers, papers.drafted(**DELETED), urgency="khan", circulation="luu_hanh_noi_bo")
    assert stamps(papers, letter) == ("", "KHẨN", "LƯU HÀNH NỘI BỘ")
    marked(papers, letter, secrecy="mat", urgency="hoa_toc_hen_gio", circulation="")
    assert stamps(papers, letter) == ("MẬT", "HỎA TỐC HẸN GIỜ", "")
    assert stamps(papers, marked(papers, letter)) == ("", "", "")


def test_filling_in_keeps_the_marks(papers: Paperwork) -> None:
    letter = marked(papers, papers.drafted(**DELETED), urgency="khan")
    papers.filled(letter, deleted_on="28/03/2016")
    assert stamps(papers, letter) == ("", "KHẨN", "")
    assert papers.row(letter)["data"]["extra"]["deleted_on"] == "2016-03-28"


@pytest.mark.parametrize(
    ("codes", "field"),
    [
        ({"urgency": "gấp"}, "urgency"), ({"secrecy": "khan"}, "secrecy"), ({"circulation": "KHẨN"}, "circulation"),
        ({"colour": "red"}, "colour"),
    ],
)  # fmt: skip
def test_a_mark_that_there_is_not_is_refused_at_its_field(papers: Paperwork, codes: dict[str, Any], field: str) -> None:
    letter = papers.drafted(**DELETED)
    with pytest.raises(WrongInput) as found:
        marked(papers, letter, **codes)
    assert (found.value.field, found.value.code) == (field, "no_such_mark")


@pytest.mark.parametrize(
    ("by", "while_", "refused"),
    [
        ("case_officer", "draft", ""), ("clerk", "draft", ""), ("legal", "draft", "drafting_not_yours"),
        ("leader", "draft", "drafting_not_yours"), ("manager", "submitted", ""),
        ("case_officer", "submitted", "may_not_sign"), ("manager", "approved", "letter_not_in_status"),
    ],
)  # fmt: skip
def test_the_drafter_chooses_and_then_the_signer(papers: Paperwork, by: str, while_: str, refused: str) -> None:
    letter = papers.drafted(**DELETED)
    if while_ != "draft":
        papers.approved(letter) if while_ == "approved" else papers.submitted(letter)
    try:
        marked(papers, letter, by, urgency="khan")
    except Refused as error:
        assert error.code == refused
    else:
        assert refused == ""


def test_what_was_signed_keeps_its_marks_and_secret_letters_their_own_numbers(papers: Paperwork) -> None:
    usual = papers.issued(papers.drafted(**DELETED))
    secret = papers.issued(marked(papers, papers.drafted(**DELETED), secrecy="mat", urgency="khan"))
    again = papers.issued(papers.drafted(**DELETED))
    assert [papers.row(letter)["number"] for letter in (usual, secret, again)] == [1, 1, 2]
    frozen = thaw(papers.row(secret)["data"]["frozen"])
    assert (frozen.secrecy, frozen.urgency, frozen.series) == ("MẬT", "KHẨN", "secret")


def test_a_letter_frozen_before_there_were_marks_or_appendices_thaws() -> None:
    content = freeze(preview("name_deletion_notice"))
    for name in ("appendices", "author", "secrecy", "urgency", "circulation", "form"):
        del content[name]
    letter = thaw(content)
    assert (letter.appendices, letter.secrecy, letter.form) == ((), "", False)
