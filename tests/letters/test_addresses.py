"""Addresses of registers are often no more than a village; a letter says where it lies."""

import pytest

from letters.addresses import full_address
from letters.catalogue import letter_type
from letters.letter_names import addressee_of_obstacle, addressees, obstacle_addressees
from letters.specimen import BANKS, specimen
from procedures.definition.loader import load

PLACES = ("xã Tân Hưng", "huyện Vĩnh Bảo", "thành phố Hải Phòng")
WHOLE = "thôn Nam, xã Tân Hưng, huyện Vĩnh Bảo, thành phố Hải Phòng"


@pytest.mark.parametrize(
    ("typed", "whole"),
    [
        ("Thôn Nam", WHOLE),
        ("thôn Nam.", WHOLE),
        ("Thôn Nam, xã Tân Hưng", WHOLE),
        ("Thôn Nam, xã Tân Hưng, huyện Vĩnh Bảo", WHOLE),
        (WHOLE, WHOLE),
        ("Thôn Nam, Tân Hưng, Vĩnh Bảo, Hải Phòng", WHOLE),
        ("Tân Hưng, Vĩnh Bảo", "xã Tân Hưng, huyện Vĩnh Bảo, thành phố Hải Phòng"),
        (
            "Thôn Nam - Tân Hưng - Vĩnh Bảo - HP",
            "thôn Nam - xã Tân Hưng - huyện Vĩnh Bảo - HP, thành phố Hải Phòng",
        ),
        ("Thôn Nam, X. Tân Hưng, H.Vĩnh Bảo, TP Hải Phòng", "thôn Nam, X. Tân Hưng, H.Vĩnh Bảo, TP Hải Phòng"),
        ("thôn Nam xã Tân Hưng huyện Vĩnh Bảo", "thôn Nam xã Tân Hưng huyện Vĩnh Bảo, thành phố Hải Phòng"),
        ("Thôn Tân Hưng", "thôn Tân Hưng, xã Tân Hưng, huyện Vĩnh Bảo, thành phố Hải Phòng"),
        ("Số 12 đường Vĩnh Bảo", "số 12 đường Vĩnh Bảo, xã Tân Hưng, huyện Vĩnh Bảo, thành phố Hải Phòng"),
        ("Khuê Mỹ", "Khuê Mỹ, xã Tân Hưng, huyện Vĩnh Bảo, thành phố Hải Phòng"),
    ],
)
def test_an_address_names_each_place_it_lies_in_once(typed: str, whole: str) -> None:
    assert full_address(typed, PLACES) == whole


def test_of_two_places_of_one_name_the_larger_comes_last() -> None:
    places = ("thị trấn An Dương", "huyện An Dương", "thành phố Hải Phòng")
    assert full_address("Tổ 3, An Dương, An Dương", places) == f"tổ 3, {', '.join(places)}"


def test_a_place_that_is_not_known_is_left_out() -> None:
    assert full_address("Số 8 Lê Lợi", ("", "quận Ngô Quyền")) == "số 8 Lê Lợi, quận Ngô Quyền"


def test_names_are_data_and_never_a_pattern() -> None:
    assert full_address("Thôn (", ("xã A.*",)) == "thôn (, xã A.*"


def test_a_letter_on_an_obstacle_is_offered_to_bodies_that_there_are() -> None:
    assert set(obstacle_addressees()) <= set(load().obstacles)
    assert set(obstacle_addressees().values()) <= set(addressees())
    kind, data = letter_type("obstacle_letter"), specimen(letter_type("obstacle_letter"))
    assert addressee_of_obstacle("tax_debt", kind, data) == ("Chi cục Thuế huyện Kiến Thụy",)
    assert addressee_of_obstacle("bank_debt", kind, data) == BANKS
    assert addressee_of_obstacle("lost_file", kind, data) == ()  # nobody lifts it but the office itself
    assert addressee_of_obstacle("bank_debt", kind, {**data, "agencies": {}}) == ()
