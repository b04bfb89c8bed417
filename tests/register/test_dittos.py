"""Cells that say "as above" are never taken for a place, a number or a word."""

import pytest

from register.rows import UnitRow
from tests.register.files import read, xlsx

HEAD: list[object] = ["STT", "Tên HTX", "Quận/huyện", "Xã/phường", "Tình trạng", "Số GCN", "Người đại diện", "Số TV"]
FIRST: list[object] = [1, "HTX Một", "Kiến Thụy", "xã Đại Đồng", "Ngừng hoạt động", "02/HTX", "Nguyễn Văn A", 25]
SIGNS = ["nt", "-nt-", "NT", "Như trên", "-//-", "//", '"', "''", "″", "〃", '-"-', "N/T", " , , ".replace(" ", "")]


def second(sign: str, *between: list[object]) -> UnitRow:
    rows: list[list[object]] = [HEAD, FIRST, *between, [2, "HTX Hai", sign, sign, sign, sign, sign, sign]]
    return read(xlsx(("Huyện An Lão", rows))).rows[-1]


@pytest.mark.parametrize("sign", SIGNS)
def test_what_units_share_is_taken_from_the_row_above_with_a_doubt(sign: str) -> None:
    unit = second(sign)

    assert (unit.district, unit.commune, unit.status) == ("Huyện Kiến Thụy", "xã Đại Đồng", "B4")
    assert [each.column for each in unit.findings if each.code == "ditto"] == ["C", "D", "E"]


@pytest.mark.parametrize("sign", SIGNS)
def test_numbers_and_persons_are_left_empty_with_a_doubt(sign: str) -> None:
    unit = second(sign)

    assert (unit.certificate_number, unit.representative, unit.members) == ("", "", None)
    assert [each.column for each in unit.findings if each.code == "ditto_unclear"] == ["F", "G", "H"]


def test_the_row_above_is_blank_there() -> None:
    unit = second("nt", [2, "HTX Giữa", "", "", "", "", "", ""])

    assert (unit.district, unit.commune, unit.status) == ("Huyện An Lão", "", None)
    assert {each.code for each in unit.findings} == {"ditto_unclear"}


def test_a_heading_between_cuts_off_what_is_above() -> None:
    unit = second("nt", ["II", "Xã Tú Sơn", "", "", "", "", "", ""])

    assert unit.commune == "Xã Tú Sơn"
    assert {each.code for each in unit.findings} == {"ditto_unclear"}


def test_a_chain_of_marks_repeats_the_first() -> None:
    assert second("-nt-", [2, "HTX Giữa", "nt", "nt", "nt", "", "", ""]).commune == "xã Đại Đồng"


def test_a_name_is_not_repeated() -> None:
    rows: list[list[object]] = [HEAD, FIRST, [2, "nt", "Kiến Thụy", "", "", "", "", ""]]
    unit = read(xlsx(("S", rows))).rows[-1]

    assert (unit.name, unit.is_rejected) == ("", True)


@pytest.mark.parametrize(
    "district",
    [
        "Kiến An, Hải Phòng",
        "Kiến An - HP",
        "Kiến An (HP)",
        "Quận Kiến An, TP Hải Phòng",
        "kiến an, thành phố Hải Phòng",
    ],
)
def test_a_district_with_its_city(district: str) -> None:
    rows: list[list[object]] = [["STT", "Tên HTX", "Quận/huyện"], [1, "HTX Một", district]]
    unit = read(xlsx(("S", rows))).rows[0]

    assert (unit.district, unit.findings) == ("Quận Kiến An", ())


@pytest.mark.parametrize("line", ["Bằng chữ: Hai đơn vị", "(Bằng chữ: ba mươi lăm)", "Danh sách này có 02 hợp tác xã"])
def test_a_sum_in_words_is_no_unit(line: str) -> None:
    rows: list[list[object]] = [HEAD, FIRST, ["", line, "", "", "", "", "", ""]]

    assert [unit.name for unit in read(xlsx(("Huyện An Lão", rows))).rows] == ["HTX Một"]
