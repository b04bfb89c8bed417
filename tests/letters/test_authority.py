"""Cell 7a and the line over the bases: every form of signing for every body, under both standards."""

from dataclasses import replace
from itertools import product

import pytest

from letters.catalogue import letter_type
from letters.draft import AUTHORITIES, Signer, authority_lines, draft
from letters.frozen import freeze, thaw
from letters.issuing_bodies import bodies
from letters.output.pdf import pdf
from letters.specimen import preview, specimen
from models.errors import Refused
from tests.letters.poppler import needs_poppler, pages_of
from tests.letters.variants import NEW, OLD

COMMITTEES = ("district_committee", "city_committee", "commune_committee")
LINES = {  # the lines above the name, by body and form; the post is the delegate's
    ("finance_office", ""): "TRƯỞNG PHÒNG",
    ("finance_office", "KT"): "KT. TRƯỞNG PHÒNG / PHÓ TRƯỞNG PHÒNG",
    ("finance_office", "TL"): "TL. TRƯỞNG PHÒNG / CHUYÊN VIÊN",
    ("finance_office", "TUQ"): "TUQ. TRƯỞNG PHÒNG / CHUYÊN VIÊN",
    ("finance_office", "Q"): "Q. TRƯỞNG PHÒNG",
    ("department", ""): "GIÁM ĐỐC",
    ("department", "KT"): "KT. GIÁM ĐỐC / PHÓ GIÁM ĐỐC",
    ("department", "TL"): "TL. GIÁM ĐỐC / CHUYÊN VIÊN",
    ("department", "TUQ"): "TUQ. GIÁM ĐỐC / CHUYÊN VIÊN",
    ("department", "Q"): "Q. GIÁM ĐỐC",
    ("council", ""): "TM. HỘI ĐỒNG / CHỦ TỊCH",
    ("council", "KT"): "TM. HỘI ĐỒNG / KT. CHỦ TỊCH / ỦY VIÊN THƯỜNG TRỰC",
    ("council", "TL"): "TL. CHỦ TỊCH / CHUYÊN VIÊN",
    ("council", "TUQ"): "TUQ. CHỦ TỊCH / CHUYÊN VIÊN",
    ("council", "Q"): "TM. HỘI ĐỒNG / Q. CHỦ TỊCH",
} | {
    (body, form): lines
    for body in COMMITTEES
    for form, lines in {
        "": "TM. ỦY BAN NHÂN DÂN / CHỦ TỊCH",
        "KT": "TM. ỦY BAN NHÂN DÂN / KT. CHỦ TỊCH / PHÓ CHỦ TỊCH",
        "TL": "TL. CHỦ TỊCH / CHUYÊN VIÊN",
        "TUQ": "TUQ. CHỦ TỊCH / CHUYÊN VIÊN",
        "Q": "TM. ỦY BAN NHÂN DÂN / Q. CHỦ TỊCH",
    }.items()
}  # fmt: skip


@pytest.mark.parametrize(("body", "form"), LINES)
def test_every_form_of_signing_for_every_body(body: str, form: str) -> None:
    lines = authority_lines(bodies()[body], Signer("Lê Văn Mẫu", form, "Chuyên viên"))
    assert " / ".join(lines) == LINES[body, form]


def test_no_body_that_signs_was_forgotten() -> None:
    signing = {key for key, body in bodies().items() if body.is_ours}
    assert set(LINES) == set(product(signing, AUTHORITIES))


@pytest.mark.parametrize(
    ("form", "lines"),
    [
        ("", "CHỦ TỊCH"), ("KT", "KT. CHỦ TỊCH / PHÓ CHỦ TỊCH"), ("Q", "Q. CHỦ TỊCH"),
        ("TUQ", "TUQ. CHỦ TỊCH / CHÁNH VĂN PHÒNG"),
    ],
)  # fmt: skip
def test_a_head_who_decides_in_person_does_not_sign_for_the_collective(form: str, lines: str) -> None:
    signer = Signer("Lê Văn Mẫu", form, "Chánh Văn phòng")
    assert " / ".join(authority_lines(bodies()["district_committee"], signer, by_head=True)) == lines


@pytest.mark.parametrize(
    ("signer", "code"),
    [
        (Signer("A", "TM"), "no_such_authority"), (Signer("A", "kt"), "no_such_authority"),
        (Signer("A", "TL", ""), "no_such_post"), (Signer("A", "TUQ", ""), "no_such_post"),
        (Signer("A", "TL", "Phó phụ trách phòng"), "no_such_post"),
        (Signer("A", "TUQ", "PHÓ THƯỜNG TRỰC"), "no_such_post"),
    ],
)  # fmt: skip
def test_a_form_that_there_is_not_is_refused(signer: Signer, code: str) -> None:
    with pytest.raises(Refused) as refused:
        authority_lines(bodies()["district_committee"], signer)
    assert refused.value.code == code


@needs_poppler
@pytest.mark.parametrize("day", [OLD, NEW])
def test_a_deputy_of_the_committee_signs_in_three_lines_under_both_standards(day: object) -> None:
    kind = letter_type("dissolution_decision")
    letter = draft(kind.name, specimen(kind), day, signer=Signer("Phạm Văn Mẫu", "KT"))  # type: ignore[arg-type]
    *_, page = pages_of(pdf(letter, 5), "-layout")
    lines = ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH", "Phạm Văn Mẫu")
    places = [page.rindex(line) for line in lines]
    assert places == sorted(places)


def test_a_draft_shows_the_head_of_its_body() -> None:
    assert preview("visit_notice").authority == ("TRƯỞNG PHÒNG",)
    assert preview("visit_notice", level="city").authority == ("GIÁM ĐỐC",)


def test_minutes_are_signed_by_those_who_attended_by_their_names_alone() -> None:
    letter = preview("trace_minutes")
    assert letter.second_signer == ("Đại diện Phòng Tài chính - Kế hoạch huyện Kiến Thụy", "Trần Thị Mẫu")
    assert letter.co_signers == (("Trưởng thôn, tổ trưởng dân phố, người dân", "Bùi Văn Mẫu"),)
    assert (letter.authority, letter.signer) == (("ĐẠI DIỆN ỦY BAN NHÂN DÂN XÃ MINH TÂN",), "Đỗ Thị Mẫu")
    assert thaw(freeze(letter)) == letter


@pytest.mark.parametrize(("count", "places"), [(0, ""), (1, "-1"), (2, "12-"), (3, "12-3"), (4, "1234-")])
def test_an_odd_signer_is_beside_the_recipients(count: int, places: str) -> None:
    signers = tuple((str(number + 1), "") for number in range(count))
    letter = replace(preview("trace_minutes"), co_signers=signers)
    assert "".join(item[0] if item else "-" for item in letter.beside_each_other) == places


def test_a_council_without_an_act_that_names_its_chair_is_signed_by_its_head() -> None:
    named = {"decide_dissolution": {"council": [{"seat": "standing", "name": "A"}, {"seat": "chair", "name": "B"}]}}
    body = bodies()["council"]
    assert [body.named_signer(facts) for facts in ({}, named)] == ["", "B"]
    assert bodies()["district_committee"].named_signer(named) == ""
