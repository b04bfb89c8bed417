"""Numbers, dates and sums as official letters write them (Circular 01/2011 arts 8, 9; Decree 30/2020 appendix I)."""

from datetime import date

import pytest

from letters.numbering import (
    BLANK,
    appendix_label,
    date_line,
    goes_with,
    long_date,
    money_words,
    number_line,
    series_of,
)


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "Không đồng"), (1, "Một đồng"), (5, "Năm đồng"), (10, "Mười đồng"), (11, "Mười một đồng"),
        (15, "Mười lăm đồng"), (20, "Hai mươi đồng"), (21, "Hai mươi mốt đồng"), (24, "Hai mươi bốn đồng"),
        (25, "Hai mươi lăm đồng"), (55, "Năm mươi lăm đồng"), (91, "Chín mươi mốt đồng"), (100, "Một trăm đồng"),
        (101, "Một trăm linh một đồng"), (105, "Một trăm linh năm đồng"), (110, "Một trăm mười đồng"),
        (115, "Một trăm mười lăm đồng"), (999, "Chín trăm chín mươi chín đồng"), (1_000, "Một nghìn đồng"),
        (1_005, "Một nghìn không trăm linh năm đồng"), (1_050, "Một nghìn không trăm năm mươi đồng"),
        (10_000, "Mười nghìn đồng"), (105_000, "Một trăm linh năm nghìn đồng"), (1_000_000, "Một triệu đồng"),
        (1_000_001, "Một triệu không trăm linh một đồng"), (1_020_000, "Một triệu không trăm hai mươi nghìn đồng"),
        (125_000_000, "Một trăm hai mươi lăm triệu đồng"), (1_000_000_000, "Một tỷ đồng"),
        (1_002_003_004, "Một tỷ không trăm linh hai triệu không trăm linh ba nghìn không trăm linh bốn đồng"),
        (15_400_000_000, "Mười lăm tỷ bốn trăm triệu đồng"), (1_000_000_000_000, "Một nghìn tỷ đồng"),
        (1_500_000_000_000, "Một nghìn năm trăm tỷ đồng"), (10**15, "Một triệu tỷ đồng"), (10**18, "Một tỷ tỷ đồng"),
        (-21, "Âm hai mươi mốt đồng"),
    ],
)  # fmt: skip
def test_sums_in_words(amount: int, words: str) -> None:
    assert money_words(amount) == words


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2016, 1, 1), "ngày 01 tháng 01 năm 2016"), (date(2016, 2, 29), "ngày 29 tháng 02 năm 2016"),
        (date(2016, 3, 9), "ngày 09 tháng 3 năm 2016"), (date(2016, 9, 10), "ngày 10 tháng 9 năm 2016"),
        (date(2015, 12, 31), "ngày 31 tháng 12 năm 2015"),
        (None, f"ngày {BLANK} tháng {BLANK} năm {BLANK}"),
    ],
)  # fmt: skip
def test_days_under_ten_and_the_first_two_months_have_a_leading_zero(day: date | None, text: str) -> None:
    assert long_date(day) == text
    assert date_line("Kiến Thụy", day) == f"Kiến Thụy, {text}"


@pytest.mark.parametrize(
    ("number", "line"),
    [(None, f"Số: {BLANK}/QĐ-UBND"), (5, "Số: 05/QĐ-UBND"), (10, "Số: 10/QĐ-UBND"), (1234, "Số: 1234/QĐ-UBND")],
)
def test_numbers_under_ten_have_a_leading_zero(number: int | None, line: str) -> None:
    assert number_line(number, "QĐ-UBND") == line


def test_appendices_are_counted_in_roman_numerals_where_there_are_several() -> None:
    assert appendix_label(1, 1) == "Phụ lục"
    labels = [appendix_label(place, 14).removeprefix("Phụ lục ") for place in (1, 2, 3, 4, 5, 6, 9, 10, 14)]
    assert labels == ["I", "II", "III", "IV", "V", "VI", "IX", "X", "XIV"]


def test_an_appendix_says_what_it_goes_with() -> None:
    on = date(2016, 3, 8)
    assert goes_with("QUYẾT ĐỊNH", 5, "QĐ-UBND", on, "Ủy ban nhân dân huyện Kiến Thụy") == (
        "(Kèm theo Quyết định số 05/QĐ-UBND ngày 08 tháng 3 năm 2016 của Ủy ban nhân dân huyện Kiến Thụy)"
    )
    assert goes_with("", None, "TCKH", None, "Phòng Tài chính - Kế hoạch").startswith(
        f"(Kèm theo Công văn số {BLANK}/TCKH ngày"
    )


def test_decisions_documents_and_secret_letters_run_in_series_of_their_own() -> None:
    assert len({series_of("QĐ"), series_of("TB"), series_of("QĐ", "MẬT")}) == 3
    assert series_of("QĐ", "MẬT") == series_of("", "TUYỆT MẬT")
