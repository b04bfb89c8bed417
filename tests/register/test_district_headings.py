"""Which district a heading or a sheet's name means: its rows are never left to the district before."""

import pytest

from tests.register.files import read, xlsx

HEAD: list[object] = ["STT", "Tên HTX", "Số TV"]


@pytest.mark.parametrize(
    ("mark", "heading"),
    [
        ("II", "KIẾN THỤY"),
        ("B", "Kiến Thụy (3 HTX)"),
        ("", "Kiến Thụy"),
        ("", "UBND huyện Kiến Thụy"),
        ("", "* Địa bàn huyện Kiến Thụy"),
        ("", "Các HTX thuộc huyện Kiến Thụy"),
        ("II", "PGD huyện Kiến Thụy"),
    ],
)
def test_a_heading_rules_the_rows_below_it(mark: str, heading: str) -> None:
    rows: list[list[object]] = [
        HEAD,
        ["I", "Huyện An Lão", ""],
        [1, "HTX Một", 3],
        [mark, heading, ""],
        [1, "HTX Hai", 4],
    ]
    reading = read(xlsx(("TH", rows)))

    assert [(unit.name, unit.district) for unit in reading.rows] == [
        ("HTX Một", "Huyện An Lão"), ("HTX Hai", "Huyện Kiến Thụy")]  # fmt: skip


def test_a_unit_may_be_called_like_a_district() -> None:
    rows: list[list[object]] = [HEAD, [1, "HTX Một", 3], [2, "Kiến Thụy", 4], ["", "Tiên Lãng", 4], [3, "HTX Ba", 4]]

    units = read(xlsx(("An Lão", rows))).rows
    assert [(unit.name, unit.district) for unit in units] == [
        ("HTX Một", "Huyện An Lão"), ("Kiến Thụy", "Huyện An Lão"), ("Tiên Lãng", "Huyện An Lão"),
        ("HTX Ba", "Huyện An Lão")]  # fmt: skip


@pytest.mark.parametrize("name", ["1. Kiến Thụy", "03_Kiến Thụy", "KienThuy", "Kiến Thụy (12)", "H. Kiến Thụy 2015"])
def test_the_name_of_a_sheet(name: str) -> None:
    rows: list[list[object]] = [HEAD, [1, "HTX Một", 3]]

    assert [unit.district for unit in read(xlsx((name, rows))).rows] == ["Huyện Kiến Thụy"]
