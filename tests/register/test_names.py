"""Which names are one name, and which are likely one unit."""

from difflib import SequenceMatcher

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.folding import fold
from models.short_forms import plain_name
from register.names import (
    SPELT_ALIKE,
    UnitIndex,
    UnitKey,
    certificate_key,
    core,
    likely_same,
    same_letters,
    spelt_alike,
)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("HỢP TÁC XÃ  Đông-Hải", "hop tac xa dong hai"),
        ("Thuỷ Nguyên", "thuy nguyen"),
        ("ưỡn ẹo ĐÀ", "uon eo da"),
        ("", ""),
    ],
)
def test_fold(text: str, key: str) -> None:
    assert fold(text) == key


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("HTX DVNN An Hồng", "Hợp tác xã dịch vụ nông nghiệp An Hồng"),
        ("HTXDVNN An Hồng", "hop tac xa dich vu nong nghiep an hong"),
        ("HTX DV-NN An Hồng", "Hợp tác xã Dịch vụ Nông nghiệp An Hồng"),
        ("QTDND Đồng Thái", "Quỹ tín dụng nhân dân Đồng Thái"),
        ("LHHTX Hải Phòng", "Liên hiệp hợp tác xã Hải Phòng"),
        ("THT NTTS Lập Lễ", "Tổ hợp tác nuôi trồng thủy sản Lập Lễ"),
        ("HTX TM&DV Cát Bà", "Hợp tác xã thương mại dịch vụ Cát Bà"),
        ("HTX TTCN 1/5", "Hợp tác xã tiểu thủ công nghiệp 1-5"),
        ("HTX XD, VT Thống Nhất", "Hợp tác xã xây dựng vận tải Thống Nhất"),
    ],
)
def test_abbreviations_are_written_out(short: str, long: str) -> None:
    assert plain_name(short) == plain_name(long)


def test_core_is_what_tells_units_apart() -> None:
    assert core("HTX sản xuất kinh doanh dịch vụ tổng hợp Hoà Bình") == ("hoa", "binh")
    assert core("HTX nông nghiệp") == ("hop", "tac", "xa", "nong", "nghiep")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("HTX Hoà Bình", "HTX Hòa Bình", True),
        ("HTX Tân Hưng", "HTX Tân Hùng", False),
        ("HTX Tân Hưng", "HTX Tan Hung", True),
    ],
)
def test_accents_tell_names_apart_when_both_have_them(one: str, other: str, same: bool) -> None:
    assert same_letters(one, other) is same


def test_certificate_numbers_without_noughts_and_signs() -> None:
    assert certificate_key("02G/000.123") == certificate_key("2g 123")
    assert certificate_key("12") != certificate_key("120")
    assert certificate_key("1/23") != certificate_key("12/3")


A = UnitKey(1, "HTX DVNN An Hồng", "Huyện An Dương", "Xã An Hồng", "02G/001", "0200123456")


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        pytest.param(
            UnitKey(2, "hop tac xa dich vu nong nghiep an hong", "An Dương"), None, id="district spelled otherwise"
        ),
        pytest.param(UnitKey(2, "hop tac xa dich vu nong nghiep an hong", A.district), "same_name", id="no accents"),
        pytest.param(UnitKey(2, "HTX nông nghiệp An Hồng", A.district), "trade", id="trade said otherwise"),
        pytest.param(UnitKey(2, "An Hồng", A.district), "trade", id="kind left out"),
        pytest.param(UnitKey(2, "HTX DVNN AnHồng", A.district), "spelling", id="space lost"),
        pytest.param(UnitKey(2, "HTX DVNN An Hổng", A.district), "accents", id="other accents"),
        pytest.param(UnitKey(2, "HTX Xuân Mai", A.district, "", "2G/1"), "certificate", id="certificate number"),
        pytest.param(UnitKey(2, "HTX Xuân Mai", "Quận Lê Chân", "", "", "0200123456"), "tax_code", id="tax code"),
        pytest.param(UnitKey(2, "HTX DVNN An Hưng", A.district), None, id="another place"),
        pytest.param(UnitKey(2, "HTX vận tải An Hồng", A.district), None, id="another trade"),
        pytest.param(UnitKey(2, "QTDND An Hồng", A.district), None, id="another kind"),
        pytest.param(UnitKey(2, "HTX DVNN An Hồng 2", A.district), None, id="numbered"),
        pytest.param(UnitKey(2, "HTX DVNN An Hồng", A.district, "Xã Lê Lợi"), None, id="another commune"),
        pytest.param(UnitKey(2, "HTX DVNN An Hồng", "Quận Lê Chân"), None, id="another district"),
    ],
)
def test_likely_same(other: UnitKey, reason: str | None) -> None:
    matches = likely_same(A, [other])

    assert [match.reason for match in matches] == ([reason] if reason else [])


def test_a_unit_is_not_its_own_duplicate_and_the_best_comes_first() -> None:
    others = [A, UnitKey(2, "HTX nông nghiệp An Hồng", A.district), UnitKey(3, "HTX Lê", A.district, "", "02G/001")]

    assert [match.unit.key for match in likely_same(A, UnitIndex.of(others))] == [3, 2]


names = st.lists(
    st.sampled_from("An Hồng Hưng Hùng Tân Sơn HTX DVNN VT 1 2 Lê Lợi".split()), min_size=1, max_size=5
).map(" ".join)


@given(names, names)
def test_likeness_goes_both_ways(one: str, other: str) -> None:
    a, b = UnitKey(1, one, "An Lão"), UnitKey(2, other, "An Lão")

    assert [match.score for match in likely_same(a, [b])] == [match.score for match in likely_same(b, [a])]


@given(names)
def test_a_plain_name_is_plain_already(name: str) -> None:
    assert plain_name(plain_name(name)) == plain_name(name)


@given(st.text("abc", min_size=9, max_size=24), st.text("abc", max_size=2), st.integers(0, 24))
def test_the_cheap_way_to_compare_finds_what_the_dear_one_does(one: str, more: str, at: int) -> None:
    other = one[:at] + more + one[at + 1 :]
    dear = SequenceMatcher(None, one, other).ratio() >= SPELT_ALIKE
    assert spelt_alike(one, other) is (dear if len(other) >= 9 else one == other)
