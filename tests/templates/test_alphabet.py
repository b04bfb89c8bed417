"""The order of the Vietnamese alphabet."""

import unicodedata

import pytest

from templates.alphabet import alphabetical, sort_key

ORDERED = [
    ["An Dương", "An Lão", "Bạch Long Vĩ", "Dương Kinh", "Đồ Sơn", "Hải An", "Hồng Bàng", "Kiến An", "Kiến Thụy"],
    ["ma", "mà", "mả", "mã", "má", "mạ", "mai", "măng", "mận"],
    ["An", "An Hồng", "Anh"],
    ["ô", "ổ", "ơ", "ờ", "p"],
    ["Lê Chân", "Lê Lợi", "Lệ Xá"],
    ["Hợp tác xã 1", "Hợp tác xã 2"],
]


@pytest.mark.parametrize("names", ORDERED)
def test_names_stand_as_in_a_dictionary(names: list[str]) -> None:
    assert sorted(set(names), key=alphabetical) == names
    assert sorted(set(names), key=sort_key) == names, "databases sort by a text of digits"


def test_the_way_of_writing_accents_does_not_matter() -> None:
    assert alphabetical(unicodedata.normalize("NFD", "ĐỒ SƠN")) == alphabetical("Đồ Sơn")
    assert sort_key(unicodedata.normalize("NFD", "ĐỒ SƠN")) == sort_key("Đồ Sơn")
