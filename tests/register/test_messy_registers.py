"""Registers as offices keep them, read whole."""

import re
from datetime import date, datetime
from pathlib import Path

import pytest

from models.units import Grade, OperatingStatus, Sector, UnitKind
from register.encodings import OLD, Encoding, encode
from register.findings import say_finding
from register.interpret import interpret
from register.tables.header import find_headers
from register.workbook import read_workbook
from templates.words import catalogue
from tests.register.files import cp1258, only, read, xlsx

TWO_LINES: list[list[object]] = [
    ["UBND THÀNH PHỐ HẢI PHÒNG", "", "", "", "", "", "", "", ""],
    ["DANH SÁCH HỢP TÁC XÃ TRÊN ĐỊA BÀN HUYỆN AN LÃO NĂM 2014", "", "", "", "", "", "", "", ""],
    ["", "", "", "", "", "", "", "Đơn vị tính: triệu đồng", ""],
    [],
    ["STT", "Tên hợp tác xã", "Giấy chứng nhận ĐKKD", "", "", "Số thành viên", "Vốn điều lệ", "Xếp loại", ""],
    ["", "", "Số", "Ngày cấp", "Cơ quan cấp", "", "", "Khá", "Yếu"],
    ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)", "(8)", "(9)"],
    ["I", "Xã An Thắng", "", "", "", 150, "", "", ""],
    [1, "HTX DVNN An Thắng", "02G/01", datetime(2004, 3, 5), "UBND huyện", 120, "1.250", "", "x"],
    [2, "HTX điện An Thắng", "02G/02", "5/6/09", "UBND huyện", "30 người", 850.5, "x", ""],
    ["", "", "", "", "", "", "", "", ""],
    ["II", "Xã Quang Trung", "", "", "", "", "", "", ""],
    [3, "HTX vận tải Quang Trung", "02G/03", "2010", "Phòng TC-KH", "nhiều", "2,5 tỷ", "", ""],
    ["", "Tổng cộng", "", "", "", 150, 2100.5, 1, 1],
    [],
    ["", "Người lập biểu", "", "", "", "An Lão, ngày 5 tháng 3 năm 2014", "", "", ""],
]
MERGED = ("A5:A6", "B5:B6", "C5:E5", "F5:F6", "G5:G6", "H5:I5", "A2:I2", "B14:E14")


@pytest.mark.parametrize("merged", [MERGED, ()], ids=["merged headings", "headings not merged"])
def test_titles_two_lines_of_header_headings_and_totals(merged: tuple[str, ...]) -> None:
    first, second, third = read(xlsx(("Sheet1", TWO_LINES), merged=merged)).rows

    assert (first.name, first.district, first.commune) == ("HTX DVNN An Thắng", "Huyện An Lão", "Xã An Thắng")
    assert (first.certificate_number, first.certificate_on) == ("02G/01", date(2004, 3, 5))
    assert (first.certificate_issuer, first.members, first.charter_capital) == ("UBND huyện", 120, 1_250_000_000)
    assert (first.grade, first.row, first.findings) == (Grade.WEAK, 9, ())
    assert (second.certificate_on, second.members, second.charter_capital) == (date(2009, 6, 5), 30, 850_500_000)
    assert (second.grade, second.sector) == (Grade.FAIR, Sector.OTHER) or second.sector is Sector.ELECTRICITY
    assert (third.commune, third.charter_capital, third.members) == ("Xã Quang Trung", 2_500_000_000, None)
    assert [(each.column, each.code) for each in third.findings] == [("D", "date_partial"), ("F", "count_unreadable")]


@pytest.mark.parametrize("encoding", OLD)
def test_the_same_register_in_an_old_encoding(encoding: Encoding) -> None:
    old = [[encode(cell, encoding) if isinstance(cell, str) else cell for cell in row] for row in TWO_LINES]

    now, then = read(xlsx(("Sheet1", TWO_LINES), merged=MERGED)), read(xlsx(("Sheet1", old), merged=MERGED))

    assert [unit.name.lower() for unit in then.rows] == [unit.name.lower() for unit in now.rows]
    assert [(unit.commune, unit.grade, unit.charter_capital) for unit in then.rows] == [
        (unit.commune, unit.grade, unit.charter_capital) for unit in now.rows
    ]


LIST = "STT;Tên HTX;Quận/huyện;Ngày thành lập\n1;Hợp tác xã Tân Dương, số 2;Huyện Thủy Nguyên;1/2/2010\n"


@pytest.mark.parametrize(
    "data",
    [
        *(pytest.param(LIST.encode(code), id=code) for code in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le")),
        *(pytest.param(encode(LIST, old).encode("latin-1"), id=old.value) for old in OLD),
        pytest.param(cp1258(LIST), id="cp1258"),
        pytest.param(LIST.replace(";", "\t").encode(), id="tabs"),
        pytest.param(LIST.replace(", số 2", " số 2").replace(";", ",").encode(), id="commas"),
        pytest.param(("sep=;\n" + LIST).encode(), id="sep="),
        pytest.param(LIST.replace("\n", "\r\n").encode(), id="crlf"),
    ],
)
def test_csv_of_every_make(data: bytes) -> None:
    unit = only(read(data))

    assert unit.name.replace(",", "") == "Hợp tác xã Tân Dương số 2"
    assert (unit.district, unit.founded_on) == ("Huyện Thủy Nguyên", date(2010, 2, 1))


@pytest.mark.parametrize("sheet", ["Hồng Bàng", "Quận Hồng Bàng", "Q.Hồng Bàng", "hong bang"])
def test_a_sheet_for_each_district(sheet: str) -> None:
    rows = [["Tên HTX", "Địa chỉ"], ["HTX Sông Cấm", "số 1"]]

    reading = read(xlsx((sheet, rows), ("H. An Lão", rows), ("Ghi chép", [["tự ghi"]])))

    assert [unit.district for unit in reading.rows] == ["Quận Hồng Bàng", "Huyện An Lão"]
    assert [finding.code for finding in reading.of_sheets] == ["sheet_without_header"]


def test_districts_as_headings_inside_the_table() -> None:
    rows: list[list[object]] = [
        ["TT", "Tên đơn vị", "Địa chỉ"],
        ["I", "Quận Hồng Bàng", ""],
        [1, "HTX Sông Cấm", "số 1"],
        ["", "Cộng", ""],
        ["", "II. Huyện An Lão", ""],
        [1, "HTX Cộng Hòa", "số 2"],
        [2, "Cộng Hiền", "số 3"],
    ]

    found = [(unit.name, unit.district) for unit in read(xlsx(("Sheet1", rows))).rows]

    assert found == [
        ("HTX Sông Cấm", "Quận Hồng Bàng"),
        ("HTX Cộng Hòa", "Huyện An Lão"),
        ("Cộng Hiền", "Huyện An Lão"),
    ]


def test_a_district_merged_over_its_rows_and_a_name_over_two_lines() -> None:
    rows: list[list[object]] = [
        ["Quận/huyện", "Tên HTX", "Điện thoại"],
        ["Kiến An", "HTX Một", 912345678],
        ["", "HTX Hai", "0912345679"],
        ["", "", "0912345680"],
    ]

    units = read(xlsx(("Sheet1", rows), merged=("A2:A4", "B3:B4"))).rows

    assert [(unit.name, unit.district, unit.phone) for unit in units] == [
        ("HTX Một", "Quận Kiến An", "0912345678"),
        ("HTX Hai", "Quận Kiến An", "0912345679"),
    ]


@pytest.mark.parametrize(
    "headings",
    [
        "Tên hợp tác xã|Quận, huyện|Mã số thuế|Vốn điều lệ (triệu đồng)",
        "TEN HTX|QUAN/HUYEN|MST|VDL (trđ)",
        "Tên HTX, liên hiệp HTX|Huyện|M.S.T|Tổng vốn điều lệ đến 31/12/2014 (tr.đ)",
        "HTX|Q/H|Mã thuế|Vốn ĐL, triệu đồng",
    ],
)
def test_columns_by_any_name(headings: str) -> None:
    unit = only(read(xlsx(("S", [headings.split("|"), ["HTX Một", "an duong", "0200123456", "1.250"]]))))

    assert (unit.district, unit.tax_code, unit.charter_capital) == ("Huyện An Dương", "0200123456", 1_250_000_000)


def test_the_status_follows_from_what_is_said() -> None:
    reading = read(
        "Tên HTX;Huyện;Tình trạng;Đã chuyển đổi;Chưa chuyển đổi;Ngừng hoạt động từ\n"
        "HTX Một;An Lão;đang hoạt động;;x;\n"
        "HTX Hai;An Lão;đang hoạt động;x;;\n"
        "HTX Ba;An Lão;;;;2010\n"
        "QTDND Bốn;An Lão;;;;\n"
    )

    assert [unit.status for unit in reading.rows] == [
        OperatingStatus.OPERATING_NOT_CONFORMING,
        OperatingStatus.OPERATING,
        OperatingStatus.STOPPED,
        None,
    ]
    assert [unit.reregistered for unit in reading.rows] == [False, True, None, None]
    assert (reading.rows[3].kind, reading.rows[3].sector) == (UnitKind.CREDIT_FUND, Sector.CREDIT)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (";An Lão;số 1;;", "missing_name"),
        ("HTX Một;;số 1;;", "missing_district"),
        ("H" + "T" * 300 + ";An Lão;;;", "name_too_long"),
        ("HTX Một;Huyện Đông Anh;;;", "district_not_listed"),
        ("HTX Một;An Lão;;5/5/2010;1/1/2009", "date_before_founding"),
    ],
)
def test_what_a_row_lacks(line: str, code: str) -> None:
    reading = read("Tên HTX;Huyện;Địa chỉ;Ngày thành lập;Ngừng hoạt động từ\nHTX Không;An Dương;;;\n" + line + "\n")

    assert [finding.code for finding in reading.findings] == [code]
    assert reading.rows[1].is_rejected == (code in ("missing_name", "missing_district", "name_too_long"))


def test_columns_that_nobody_knows_are_named() -> None:
    reading = read("Tên HTX;Huyện;Màu cờ\nHTX Một;An Lão;đỏ\n")

    assert [(each.code, each.value, each.row) for each in reading.findings] == [("unknown_column", "Màu cờ", 1)]


def test_a_header_printed_again_on_the_next_page_is_no_unit() -> None:
    head = "STT;Tên HTX;Huyện;Địa chỉ\n"

    assert len(read(head + "1;HTX Một;An Lão;a\n" + head + "2;HTX Hai;An Lão;b\n").rows) == 2


def test_mixed_encodings_are_reported() -> None:
    rows = [["Tên HTX", "Địa chỉ"], ["Hîp t¸c x· An Th¾ng", "số 1"], ["HTX Vận tải Hà", "số 2"]]
    reading = read(xlsx(("An Lão", rows)))

    assert [unit.name for unit in reading.rows] == ["Hợp tác xã An Thắng", "HTX Vận tải Hà"]
    assert [finding.code for finding in reading.findings] == ["encoding_mixed"]


def test_each_finding_has_a_sentence_in_both_languages() -> None:
    reading = read(
        "Tên HTX;Huyện;Vốn điều lệ;Ngày thành lập;Xếp loại\nHTX Một;An Lão;xyz;31/2/2010;lạ\n;An Lão;12;2010;yếu\n"
    )
    said = [say_finding(finding, lang) for finding in reading.findings for lang in ("vi", "en")]

    assert len(reading.findings) == 6
    assert not [text for text in said if "{" in text or text.startswith("register.")]


def test_every_code_in_the_rooms_files_has_words() -> None:
    source = "\n".join(path.read_text() for path in Path("register").rglob("*.py"))
    doubts = set(
        re.findall(r'"((?:date|money|count|word|yes_no|phone|tax_code|certificate)_[a-z]+(?:_[a-z]+)?)"', source)
    )
    fields = {"certificate_number", "certificate_on", "certificate_issuer", "tax_code"}
    errors = {"errors." + code for code in re.findall(r'WrongInput\(\s*"file", "(\w+)"', source)}

    assert {"register." + code for code in doubts - fields - {"money_units"}} | errors <= set(catalogue())
    assert len(errors) == 13


def test_a_title_row_that_speaks_of_names_is_no_header() -> None:
    sheet = read_workbook(xlsx(("S", TWO_LINES), merged=MERGED), "a.xlsx").sheets[0]
    (header,) = find_headers(sheet)

    assert (header.first_row, header.last_row, header.district) == (4, 5, "Huyện An Lão")


def test_reading_is_a_function_of_the_file() -> None:
    book = read_workbook(xlsx(("S", TWO_LINES), merged=MERGED), "a.xlsx")

    assert interpret(book) == interpret(book)
