"""Who settles a complaint and which court hears the suit, by the body that decided: law2012_open.md section 2."""

from datetime import date

import pytest

from letters.catalogue import letter_type
from letters.issuing_bodies import bodies
from letters.letter_names import names_of
from letters.remedy_names import SETTLERS, settlers_of
from letters.specimen import specimen
from procedures.definition.loader import load
from procedures.law.remedies import lawful_terms, remedies
from procedures.law.rules import rules, version_of
from procedures.named_terms import terms_of

BEFORE, AFTER = date(2016, 6, 30), date(2016, 7, 1)


def settlers_in(letter: str, level: str, on: date) -> dict[str, str]:
    kind = letter_type(letter)
    return settlers_of(kind, level, names_of(kind, specimen(kind, level)), on)


@pytest.mark.parametrize(
    ("letter", "level", "first", "second", "court"),
    [
        (
            "certificate_withdrawal", "district", "Trưởng Phòng Tài chính - Kế hoạch huyện Kiến Thụy",
            "Chủ tịch Ủy ban nhân dân huyện Kiến Thụy", "Tòa án nhân dân huyện Kiến Thụy",
        ),
        (
            "dissolution_decision", "district", "Chủ tịch Ủy ban nhân dân huyện Kiến Thụy",
            "Chủ tịch Ủy ban nhân dân thành phố Hải Phòng", "Tòa án nhân dân thành phố Hải Phòng",
        ),
        (
            "certificate_withdrawal", "city", "Giám đốc Sở Kế hoạch và Đầu tư",
            "Chủ tịch Ủy ban nhân dân thành phố Hải Phòng", "Tòa án có thẩm quyền",
        ),
        (
            "dissolution_decision", "city", "Chủ tịch Ủy ban nhân dân thành phố Hải Phòng",
            "Bộ trưởng Bộ quản lý ngành, lĩnh vực", "Tòa án nhân dân thành phố Hải Phòng",
        ),
    ],
)  # fmt: skip
def test_the_settlers_and_the_court(letter: str, level: str, first: str, second: str, court: str) -> None:
    found = settlers_in(letter, level, AFTER)
    assert (found["first"], found["second"], found["court"]) == (first, second, court)
    assert (found["second_complaint"], found["legal_force"], found["suit"]) == ("30 ngày", "30 ngày", "01 năm")
    assert settlers_in(letter, level, BEFORE)["court"] == "Tòa án có thẩm quyền", (
        "the courts of the law of 2010 were not found"
    )


def test_a_term_that_letters_say_is_the_one_that_a_clock_counts() -> None:
    clocks = {
        "second_complaint": "second_complaint_period", "legal_force": "settlement_force_term", "suit": "suit_period",
        "second_settlement": "settle_second_complaint_term",
        "second_settlement_longest": "settle_second_complaint_term.longest",
    }  # fmt: skip
    spans = terms_of(load()).spans
    assert {key: item.term for key, item in lawful_terms().items()} == {
        key: spans[name] for key, name in clocks.items()
    }


def test_a_council_takes_no_decision_that_is_complained_of() -> None:
    assert settlers_in("asset_inventory", "district", AFTER) == dict.fromkeys(SETTLERS, "")


def test_every_remedy_rests_on_a_verified_article_and_names_a_body_with_a_head() -> None:
    listed = [settler for item in remedies().values() for settler in (item.first, item.second, item.court) if settler]
    for settler in listed:
        assert settler.article in rules()
        found = version_of(settler.article, AFTER)
        assert found is not None and found.confidence == "verified"
        assert bodies()[settler.head_of].head if settler.head_of else settler.words.keys() == {"vi", "en"}
    assert {item.article for item in lawful_terms().values()} <= set(rules())
