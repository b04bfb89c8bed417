"""Dates, money, counts, yes and no, numbers kept as text."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.folding import fold
from register.cells.cell_dates import read_date
from register.cells.cell_money import read_money
from register.cells.values import (
    read_certificate_number,
    read_count,
    read_phone,
    read_tax_code,
    read_text,
    read_yes_no,
)
from register.cells.vocabulary import kind_in_name, read_word, sector_in_name
from register.names import data_file
from templates.words import t

days = st.dates(date(1945, 1, 1), date(2039, 12, 31))


@pytest.mark.parametrize(
    ("cell", "day", "doubt"),
    [
        ("1/2/2010", date(2010, 2, 1), ""),
        ("31/12/09", date(2009, 12, 31), ""),
        ("5-6-1987", date(1987, 6, 5), ""),
        ("5/6/87", date(1987, 6, 5), ""),
        ("02.03.2004", date(2004, 3, 2), ""),
        ("2009-05-12", date(2009, 5, 12), ""),
        ("ngày 12 tháng 5 năm 2009", date(2009, 5, 12), ""),
        (datetime(2009, 5, 12, 7), date(2009, 5, 12), ""),
        (date(2009, 5, 12), date(2009, 5, 12), ""),
        ("2009", date(2009, 1, 1), "date_partial"),
        (2009.0, date(2009, 1, 1), "date_partial"),
        ("năm 2009", date(2009, 1, 1), "date_partial"),
        ("tháng 5/2009", date(2009, 5, 1), "date_partial"),
        ("5/2009", date(2009, 5, 1), "date_partial"),
        ("quý II/2009", date(2009, 4, 1), "date_partial"),
        (41640.0, date(2014, 1, 1), "date_from_number"),
        ("41640", date(2014, 1, 1), "date_from_number"),
        ("12/25/2010", date(2010, 12, 25), "date_swapped"),
        ("31/02/2010", None, "date_unreadable"),
        ("hôm qua", None, "date_unreadable"),
        ("1/1/0200", None, "date_unreadable"),
        (7.0, None, "date_unreadable"),
        ("", None, ""),
        ("-", None, ""),
        ("không rõ", None, ""),
        ("chưa", None, ""),
    ],
)
def test_dates(cell: object, day: date | None, doubt: str) -> None:
    assert (read_date(cell).value, read_date(cell).doubt) == (day, doubt)  # type: ignore[arg-type]


@given(days, st.sampled_from(["%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d", "%d/%m/%y"]))
def test_a_written_date_reads_back(day: date, form: str) -> None:
    assert read_date(day.strftime(form)).value == day


@given(days)
def test_a_date_without_noughts_reads_back(day: date) -> None:
    assert read_date(f"{day.day}/{day.month}/{day.year}").value == day


@pytest.mark.parametrize(
    ("cell", "dong", "value", "doubt"),
    [
        ("1.250.000.000", None, 1_250_000_000, ""),
        ("1,250,000,000", None, 1_250_000_000, ""),
        ("1 250 000 000", None, 1_250_000_000, ""),
        ("1\u00a0250\u00a0000\u00a0000", None, 1_250_000_000, ""),
        ("1,25 tỷ", None, 1_250_000_000, ""),
        ("1.25 tỉ", None, 1_250_000_000, ""),
        ("850 triệu", None, 850_000_000, ""),
        ("850tr", None, 850_000_000, ""),
        ("500 triệu đồng", None, 500_000_000, ""),
        ("1 tỷ 250 triệu", None, 1_250_000_000, ""),
        ("2.000.000đ", None, 2_000_000, ""),
        ("3.500.000 VNĐ", None, 3_500_000, ""),
        ("1.250.000,5", 1_000, 1_250_000_500, ""),
        ("1.250", 10**6, 1_250_000_000, ""),
        ("1.250,5", 10**6, 1_250_500_000, ""),
        ("12,5", 10**6, 12_500_000, ""),
        (1250.5, 10**6, 1_250_500_000, ""),
        (1_250_000_000, None, 1_250_000_000, ""),
        ("1,250", 10**6, 1_250_000_000, "money_separator_unsure"),
        ("1,250 tỷ", None, 1_250_000_000_000, "money_separator_unsure"),
        (1250, None, 1250, "money_unit_unsure"),
        ("1.250.000.000", 10**6, 1_250_000_000, "money_unit_unsure"),
        (-5_000_000, None, -5_000_000, "money_negative"),
        ("(5.000.000)", None, -5_000_000, "money_negative"),
        ("không", None, 0, ""),
        ("không nợ", None, 0, ""),
        (0, None, 0, ""),
        ("-", None, None, ""),
        ("nhiều", None, None, "money_unreadable"),
        ("1.25.000", None, None, "money_unreadable"),
        ("5 con bò", None, None, "money_unreadable"),
        (date(2014, 1, 1), None, None, "money_unreadable"),
    ],
)
def test_money(cell: object, dong: int | None, value: int | None, doubt: str) -> None:
    taken = read_money(cell, dong)  # type: ignore[arg-type]

    assert (taken.value, taken.doubt) == (value, doubt)


@given(st.integers(100_000, 4 * 10**12), st.sampled_from(".,  "))
def test_a_sum_with_separators_reads_back(value: int, sign: str) -> None:
    assert read_money(f"{value:,}".replace(",", sign)).value == value


@given(st.integers(0, 4_000_000))
def test_a_sum_in_millions_reads_back(millions: int) -> None:
    assert read_money(f"{millions:,}".replace(",", "."), 10**6).value == millions * 10**6
    assert read_money(f"{millions} triệu").value == millions * 10**6


@pytest.mark.parametrize(
    ("cell", "value", "doubt"),
    [
        ("25", 25, ""),
        (25.0, 25, ""),
        ("25 người", 25, ""),
        ("1.250", 1250, ""),
        ("khoảng 30", 30, "count_rough"),
        ("không", 0, ""),
        ("", None, ""),
        (25.5, None, "count_unreadable"),
        (-3, None, "count_unreadable"),
        ("-3", None, "count_unreadable"),
        ("10-12", None, "count_unreadable"),
        ("nhiều", None, "count_unreadable"),
    ],
)
def test_counts(cell: object, value: int | None, doubt: str) -> None:
    assert (read_count(cell).value, read_count(cell).doubt) == (value, doubt)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "cell", ["x", "X", "có", "Đã", "rồi", "đã đăng ký lại", 1.0, "✓", True, date(2015, 1, 1), "12/3/2015"]
)
def test_yes(cell: object) -> None:
    assert read_yes_no(cell).value is True  # type: ignore[arg-type]


@pytest.mark.parametrize("cell", ["không", "chưa", "Chưa đăng ký lại", 0.0, False, "chưa làm thủ tục", "ko"])
def test_no(cell: object) -> None:
    assert read_yes_no(cell).value is False  # type: ignore[arg-type]


@pytest.mark.parametrize(("cell", "doubt"), [("", ""), ("-", ""), ("không rõ", ""), ("tùy", "yes_no_unreadable")])
def test_neither(cell: str, doubt: str) -> None:
    assert (read_yes_no(cell).value, read_yes_no(cell).doubt) == (None, doubt)


@pytest.mark.parametrize(
    ("cell", "text", "doubt"),
    [
        (912345678.0, "0912345678", ""),
        (2253842111, "02253842111", ""),
        ("0912 345 678", "0912 345 678", ""),
        ("+84912345678", "+84912345678", ""),
        ("0313.842.111 - 0912345678", "0313.842.111 - 0912345678", ""),
        ("123", "123", "phone_unlikely"),
        ("", "", ""),
    ],
)
def test_phones(cell: object, text: str, doubt: str) -> None:
    assert (read_phone(cell).value, read_phone(cell).doubt) == (text, doubt)  # type: ignore[arg-type]


def test_tax_codes_get_their_nought_back() -> None:
    assert read_tax_code(200123456.0).value == "0200123456"
    assert read_tax_code("0200123456-001").doubt == ""
    assert read_tax_code("12345").doubt == "tax_code_unlikely"


def test_certificate_numbers_are_text() -> None:
    assert read_certificate_number(123.0).value == "123"
    assert read_certificate_number("Số: 02/HTX").value == "02/HTX"
    assert read_certificate_number(datetime(2009, 2, 1)).doubt == "certificate_became_date"


def test_text_keeps_its_capitals_and_loses_spare_spaces() -> None:
    assert read_text("  HTX \n AN  HỒNG\u00a0").value == "HTX AN HỒNG"
    assert read_text("---").value == ""
    assert read_text("#N/A").value == ""


@pytest.mark.parametrize(
    ("topic", "text", "value", "doubt"),
    [
        ("grade", "TB", "trung_binh", ""),
        ("grade", "Yếu kém", "yeu", ""),
        ("grade", "loai yeu", "yeu", ""),
        ("grade", "xuất sắc", None, "word_unknown"),
        ("status", "b4", "B4", ""),
        ("status", "Ngừng hoạt động từ 2010", "B4", "word_read_as"),
        ("status", "tạm ngừng", "B5", ""),
        ("status", "Đang hoạt động", "B1", ""),
        ("sector", "Dịch vụ nông nghiệp, điện", "agriculture_service", ""),
        ("sector", "Vận tải thủy nội địa", "transport", ""),
        ("kind", "QTDND", "quy_tin_dung", ""),
        ("kind", "", None, ""),
    ],
)
def test_words(topic: str, text: str, value: str | None, doubt: str) -> None:
    assert (read_word(topic, text).value, read_word(topic, text).doubt) == (value, doubt)


@pytest.mark.parametrize(
    ("name", "kind", "sector"),
    [
        ("HTX DVNN An Hồng", "htx", "agriculture_service"),
        ("QTDND Đồng Thái", "quy_tin_dung", "credit"),
        ("LHHTX Hải Phòng", "lien_hiep", None),
        ("THT nuôi trồng thủy sản Lập Lễ", "to_hop_tac", "agriculture_service"),
        ("HTX VT Sông Cấm", "htx", "transport"),
        ("HTX Hoa Động", "htx", None),
        ("An Hồng", None, None),
    ],
)
def test_names_say_kind_and_sector(name: str, kind: str | None, sector: str | None) -> None:
    assert (kind_in_name(name), sector_in_name(name)) == (kind, sector)


@given(st.text(max_size=40))
def test_nothing_typed_into_a_cell_breaks_a_reader(text: str) -> None:
    for reader in (read_date, read_money, read_count, read_yes_no, read_phone, read_tax_code, read_text):
        reader(text)
    assert fold(fold(text)) == fold(text)


@given(st.floats(allow_nan=False, allow_infinity=False) | st.integers() | st.booleans())
def test_no_number_in_a_cell_breaks_a_reader(number: float) -> None:
    for reader in (read_date, read_money, read_count, read_yes_no, read_phone, read_tax_code, read_certificate_number):
        reader(number)


BEYOND = ("9" * 40, "9" * 5_000, "9" * 18, "999.999.999.999.999.999 tỷ", 1e300, float("inf"), float("nan"), -1e300)


@pytest.mark.parametrize("cell", BEYOND, ids=lambda cell: str(cell)[:30])
def test_a_number_beyond_belief_is_read_as_none(cell: str | float) -> None:
    """No database keeps it, and an import of thousands of rows would break off at it."""
    assert (read_money(cell).value, read_money(cell).doubt) == (None, "money_unreadable")
    assert (read_count(cell).value, read_count(cell).doubt) == (None, "count_unreadable")


@pytest.mark.parametrize("topic", ["kind", "sector", "grade", "status"])
def test_what_a_page_calls_a_value_is_read_as_that_value(topic: str) -> None:
    """A list that was exported in words comes back as it was."""
    for value in data_file("vocabulary.yaml")[topic]:
        assert read_word(topic, t(f"register.{topic}.{value}", "vi")).value == value
