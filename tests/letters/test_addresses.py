"""Addresses of registers are often no more than a village; a letter says where it lies."""

import pytest

from letters.addresses import full_address

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
