"""Cells of which only a part can be understood give no value, and words never replace a number."""

from datetime import date

import pytest

from register.cells.cell_dates import read_date
from register.cells.cell_money import read_money
from register.cells.values import read_certificate_number, read_phone, read_tax_code, read_yes_no
from register.cells.vocabulary import read_word
from register.findings import say_finding
from register.gate import compare
from tests.register.files import read, xlsx


@pytest.mark.parametrize(
    "text",
    ["đã giải thể", "Đã ngừng hoạt động", "có nhu cầu chuyển đổi", "có kế hoạch", "đã nộp hồ sơ", "đã đề nghị",
     "đã đăng ký lần đầu", "đã có QĐ giải thể", "Không thuộc diện"],
)  # fmt: skip
def test_another_act_is_no_yes_and_no_no_for_reregistering(text: str) -> None:
    assert (read_yes_no(text).value, read_yes_no(text).doubt) == (None, "yes_no_unreadable")


@pytest.mark.parametrize(
    ("text", "value"), [("chưa do thiếu vốn", False), ("Đã ĐKL", True), ("không chuyển đổi", False), ("đã xong", True)]
)
def test_re_registering_in_other_words(text: str, value: bool) -> None:
    assert read_yes_no(text).value is value


@pytest.mark.parametrize(
    ("topic", "text"),
    [
        ("grade", "2014: khá, 2015: yếu"),
        ("grade", "TB - khá"),
        ("grade", "Trung bình yếu"),
        ("status", "Hoạt động đến 2010 thì giải thể"),
        ("status", "đã ngừng, chưa giải thể"),
    ],
)
def test_two_values_in_one_cell_are_no_value(topic: str, text: str) -> None:
    assert (read_word(topic, text).value, read_word(topic, text).doubt) == (None, "words_differ")


def test_a_decision_on_dissolution_is_no_dissolution() -> None:
    assert read_word("status", "đã có QĐ giải thể").value == "B6"


@pytest.mark.parametrize("text", ["chưa cấp", "Thất lạc", "không", "mất", "chưa có", "K", "Chưa được cấp"])
def test_words_for_no_number_are_no_number(text: str) -> None:
    assert {read(text).value for read in (read_certificate_number, read_tax_code, read_phone)} == {""}


@pytest.mark.parametrize("text", ["đang làm", "bản sao", "0", "000", "kx"])
def test_other_words_are_no_number_and_in_doubt(text: str) -> None:
    assert (read_certificate_number(text).value, read_certificate_number(text).doubt) == (None, "no_number")
    assert (read_tax_code(text).value, read_tax_code(text).doubt) == (None, "no_number")


def test_units_without_certificate_are_not_one_unit() -> None:
    rows: list[list[object]] = [["STT", "Tên HTX", "Số GCN"]]
    rows += [[1, "HTX Vận tải Bình Minh", "đang xin lại"], [2, "HTX Vận tải Hòa Bình", "đang xin lại"]]
    reading = read(xlsx(("An Lão", rows)))

    assert len(compare(reading.rows, []).new) == 2
    assert "Hãy ghi số" in say_finding(reading.findings[0])


def test_tax_codes_with_points_and_thirteen_digits() -> None:
    assert read_tax_code("0200.123.456").value == "0200123456"
    assert read_tax_code(200123456001).value == "0200123456001"


@pytest.mark.parametrize("text", ["01/01/0001", "trước 2009", "sau năm 1997"])
def test_no_day_is_made_of_a_year_that_is_none(text: str) -> None:
    assert (read_date(text).value, read_date(text).doubt) == (None, "date_unreadable")


def test_two_digits_are_a_year_of_this_or_the_last_century() -> None:
    assert [read_date(text).value for text in ("5/3/09", "5/3/87")] == [date(2009, 3, 5), date(1987, 3, 5)]


@pytest.mark.parametrize("text", ["500 tr.đ", "500tr.đồng", "500 tr. đồng"])
def test_short_forms_of_money_with_a_point(text: str) -> None:
    assert read_money(text).value == 500_000_000
