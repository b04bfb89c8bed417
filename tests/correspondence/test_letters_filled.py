"""What a letter takes from its case, what it asks for, and who signs it."""

from datetime import date

import pytest

from correspondence import drafts
from letters.numbering import long_date
from letters.tree import Letter, Table
from models.database import reading, writing
from models.errors import Refused
from models.tables import case_rows, officers
from samples.invented import COUNCIL
from samples.paths import PATHS
from tests.correspondence.paperwork import Paperwork
from tests.web.web_office import login_of, new_case

CHAIR = str(COUNCIL[0]["name"])


def letter_of(papers: Paperwork, letter: int) -> Letter:
    with reading(papers.bind) as connection:
        return drafts.live(connection, drafts.one_letter(connection, letter), papers.today).letter


def missing(papers: Paperwork, letter: int) -> list[str]:
    return [item.name for item in letter_of(papers, letter).missing]


def nameless(papers: Paperwork) -> None:
    """A case of a unit of which the register knows nothing but the name."""
    blank = {"certificate_number": "", "certificate_on": None, "certificate_issuer": "", "tax_code": "", "address": ""}
    with writing(papers.bind) as connection:
        papers.ref = new_case(connection, "HTX DVNN Trống", "HBG", **blank)


def compulsory(papers: Paperwork, until: str = "decide_dissolution") -> None:
    for step in PATHS["dissolved_compulsory"]:
        papers.take(step)
        if step.verb == until:
            return


def test_what_the_register_lacks_keeps_the_letter_back_and_is_named_with_its_place(papers: Paperwork) -> None:
    nameless(papers)
    letter = papers.drafted("tax_inquiry", reply_by_on="05/04/2016")
    assert missing(papers, letter) == ["unit_certificate_number", "unit_tax_code", "unit_address"]
    assert papers.row(letter)["missing"] == ["unit_certificate_number", "unit_tax_code", "unit_address"]
    with pytest.raises(Refused) as refused:
        papers.submitted(letter)
    fields = refused.value.params["fields"]
    assert isinstance(fields, dict)
    assert "Số giấy chứng nhận đăng ký (sổ đăng ký còn trống: điền ở trang văn bản" in fields["vi"]
    assert "Tax code (the register is empty" in fields["en"]


def test_a_value_of_the_unit_is_typed_for_the_letter_or_said_not_to_exist(papers: Paperwork) -> None:
    nameless(papers)
    letter = papers.drafted("tax_inquiry", reply_by_on="05/04/2016")
    papers.filled(
        letter, reply_by_on="05/04/2016", unit_address="số 5 đường Trung tâm", none_unit_certificate_number="có",
        unit_tax_code="0201234567",
    )  # fmt: skip
    assert missing(papers, letter) == []
    said = papers.reads(letter)
    assert "Hợp tác xã Dịch vụ nông nghiệp Trống (mã số thuế 0201234567, trụ sở tại số 5 đường Trung tâm" in said
    assert "giấy chứng nhận" not in said
    assert papers.row(papers.submitted(letter))["status"] == "submitted"


def test_a_value_typed_for_a_letter_leaves_the_register_alone(papers: Paperwork) -> None:
    nameless(papers)
    papers.drafted("tax_inquiry", reply_by_on="05/04/2016", unit_tax_code="0201234567")
    other = papers.drafted("tax_inquiry", reply_by_on="05/04/2016")
    assert "unit_tax_code" in missing(papers, other)


def test_a_letter_without_a_case_officer_asks_for_one_only_where_it_names_one(papers: Paperwork) -> None:
    with writing(papers.bind) as connection:
        connection.execute(case_rows.update().values(officer_id=None))
    assert missing(papers, papers.drafted("tax_inquiry", reply_by_on="05/04/2016")) == []
    assert "office_person" in missing(papers, papers.drafted("trace_minutes"))


def test_a_councils_letters_are_signed_by_the_chair_whom_the_decision_names(papers: Paperwork) -> None:
    compulsory(papers)
    letter = papers.submitted(papers.handed_in_as_draft("newspaper_request"))
    assert letter_of(papers, letter).signer == CHAIR
    with pytest.raises(Refused) as refused:
        papers.approve(letter, "leader")
    assert (refused.value.code, refused.value.params["who"]) == ("may_not_sign", CHAIR)
    with writing(papers.bind) as connection:
        chair = officers.update().where(officers.c.login == login_of("leader", papers.place))
        connection.execute(chair.values(name=CHAIR))
    assert letter_of(papers, papers.approve(letter, "leader")).signer == CHAIR


def test_the_completion_minutes_say_what_the_council_did(papers: Paperwork) -> None:
    compulsory(papers, "record_completion")
    letter = papers.drafted("completion_minutes")
    issues = papers.facts("record_newspaper_issue")
    assert len(issues) == 3
    said = papers.reads(letter)
    for issue in issues:
        assert f"{issue['data']['newspaper']} số {issue['data']['issue_number']} ngày" in said
    drawn = letter_of(papers, letter)
    named = [row["name"] for row in COUNCIL if "name" in row]
    assert drawn.second_signer is not None
    signed = {drawn.signer, drawn.second_signer[1], *(name for _, name in drawn.co_signers)}
    assert (signed, drawn.signer) == (set(named), CHAIR)
    assert "nếu có" not in said


def test_the_end_of_the_councils_time_is_counted(papers: Paperwork) -> None:
    compulsory(papers)
    (decided,) = papers.facts("decide_dissolution")
    letter = papers.requested("dissolution_decision", decided["seq"])
    day = date.fromisoformat(decided["data"]["decided_on"])
    with reading(papers.bind) as connection:
        deadlines = papers.case(connection)["deadlines"]
    (ends,) = [item["ends_on"] for item in deadlines if item["key"] == "compulsory_council_term"]
    assert day < ends
    assert missing(papers, letter) == []
    assert f"đến hết {long_date(ends)}:" in papers.reads(letter)


def test_a_report_has_the_figures_of_the_office(papers: Paperwork) -> None:
    letter = papers.drafted("progress_report", period="quý I năm 2016")
    assert missing(papers, letter) == []
    said = papers.reads(letter)
    assert "Không có hồ sơ chậm" not in said
    assert "Số hồ sơ đã kết thúc: 0." in said
    counts = next(part for part in letter_of(papers, letter).body if isinstance(part, Table))
    assert counts.rows[-1][0] == "Cộng"
    assert int(counts.rows[-1][1]) == sum(int(row[1]) for row in counts.rows[:-1]) > 0
