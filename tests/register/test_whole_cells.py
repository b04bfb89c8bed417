"""No value is built from a text of which a part was not understood, and a doubt in a column spreads to its like."""

from datetime import date, datetime

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from register.cells.cell_dates import DateClues, read_date
from register.cells.cell_money import read_money
from register.cells.values import read_count, read_phone, read_yes_no
from register.cells.vocabulary import read_word
from tests.register.files import read, xlsx


@pytest.mark.parametrize(
    ("text", "value", "doubt"),
    [
        ("1 tỷ 2", 1_200_000_000, ""),
        ("1 tỷ 250", 1_250_000_000, ""),
        ("1tr250", 1_250_000, ""),
        ("3 tỷ 5", 3_500_000_000, ""),
        ("500 triệu 300", 500_300_000, ""),
        ("1 tỷ 25", None, "money_unreadable"),
        ("1 tỷ rưỡi", 1_500_000_000, ""),
        ("nửa tỷ", 500_000_000, ""),
        ("2 trăm triệu", 200_000_000, ""),
        ("1 tỷ 2 trăm triệu", 1_200_000_000, ""),
        ("1 tỷ 250.000.000 đồng", 1_250_000_000, ""),
        ("1'250'000'000", 1_250_000_000, ""),
        ("500k", 500_000, ""),
        ("1.250.000 đ./.", 1_250_000, ""),
        ("~500 triệu", 500_000_000, "money_rough"),
        ("khoảng 500 triệu", 500_000_000, "money_rough"),
        ("500-600 triệu", None, "money_unreadable"),
        (">1 tỷ", None, "money_unreadable"),
        ("250 triệu 1 tỷ", None, "money_unreadable"),
        ("1,5 tỷ 250 triệu", None, "money_unreadable"),
        ("1 tỷ 2 đồng", None, "money_unreadable"),
        ("500 triệu/năm", None, "money_unreadable"),
        ("2x500 triệu", None, "money_unreadable"),
        ("5.000 USD", None, "money_unreadable"),
        ("12 5", None, "money_unreadable"),
        ("1 tỷ (chưa góp đủ)", None, "money_unreadable"),
    ],
)
def test_money_as_people_say_it(text: str, value: int | None, doubt: str) -> None:
    assert (read_money(text).value, read_money(text).doubt) == (value, doubt)
    assert read_money(text, 10**6).value == value


SUMS = ["1 tỷ 250 triệu", "1 tỷ 2", "850 triệu", "1.250.000.000", "1,25 tỷ", "1tr250", "1 tỷ rưỡi", "2.000.000 đ"]
NOISE = [
    "x",
    "%",
    "/",
    "?",
    ">",
    "<",
    "=",
    "+",
    "-",
    "–",
    "*",
    "q",
    "usd",
    "hoặc",
    "lẻ",
    "ha",
    "&",
    ":",
    "!",
    "×",
    "mỗi",
]


@given(st.sampled_from(SUMS), st.sampled_from(NOISE), st.integers(0, 20))
def test_a_sum_with_anything_strange_in_it_is_no_sum(text: str, noise: str, at: int) -> None:
    at = min(at, len(text))
    taken = read_money(text[:at] + noise + text[at:])

    assert taken.doubt
    assert taken.value is None or taken.doubt == "money_negative"


@given(st.integers(1, 999), st.integers(1, 999), st.integers(0, 999))
def test_a_sum_in_words_is_its_parts(billions: int, millions: int, thousands: int) -> None:
    said = f"{billions} tỷ {millions} triệu" + (f" {thousands} nghìn" if thousands else "")

    assert read_money(said).value == billions * 10**9 + millions * 10**6 + thousands * 1_000
    assert read_money(f"{billions} tỷ {millions:03}").value == billions * 10**9 + millions * 10**6


@pytest.mark.parametrize(
    ("cell", "day", "doubt"),
    [
        ("Ngày 05/3/2009", date(2009, 3, 5), ""),
        ("03/05/2009 00:00:00", date(2009, 5, 3), ""),
        ("2009-03-05 00:00:00.000", date(2009, 3, 5), ""),
        ("2009-03-05T00:00:00Z", date(2009, 3, 5), ""),
        ("05 tháng 3, 2009", date(2009, 3, 5), ""),
        ("5-Mar-09", date(2009, 3, 5), ""),
        ("March 5, 2009", date(2009, 3, 5), ""),
        ("05-Thg3-09", date(2009, 3, 5), ""),
        ("12/V/2009", date(2009, 5, 12), ""),
        ("20090305", date(2009, 3, 5), ""),
        (20_090_305.0, date(2009, 3, 5), ""),
        ("T3/2009", date(2009, 3, 1), "date_partial"),
        ("5-6/2009", None, "date_unreadable"),
        ("2009-2010", None, "date_unreadable"),
        ("> 2009", None, "date_unreadable"),
        ("5/3/2009 (cấp lại)", None, "date_unreadable"),
        ("5/3/2009; 6/4/2010", None, "date_unreadable"),
    ],
)
def test_dates_that_are_plain_to_a_person(cell: str | float, day: date | None, doubt: str) -> None:
    assert (read_date(cell).value, read_date(cell).doubt) == (day, doubt)


@given(
    st.sampled_from(["05/3/2009", "ngày 12 tháng 5 năm 2009", "2009-03-05", "5-Mar-09", "20090305"]),
    st.sampled_from(["x", "%", "?", ">", "<", "=", "+", "và", "*", "hoặc", "&"]),
    st.integers(0, 24),
)
def test_a_date_with_anything_strange_in_it_is_no_date(text: str, noise: str, at: int) -> None:
    at = min(at, len(text))
    assert read_date(text[:at] + noise + text[at:]).value is None


@given(st.dates(date(1945, 1, 1), date(2099, 12, 31)), st.dates(date(1946, 1, 1), date(2090, 12, 31)))
def test_no_day_after_today_is_taken(day: date, today: date) -> None:
    for cell in (day, datetime(day.year, day.month, day.day), day.strftime("%d/%m/%Y"), day.strftime("%Y%m%d")):
        taken = read_date(cell, DateClues(today=today))
        assert (taken.value, taken.doubt) == ((None, "date_in_future") if day > today else (day, ""))


def column(cells: list[object], heading: str = "Ngày thành lập") -> list[tuple[str, ...]]:
    """The codes found in each row of a column."""
    rows: list[list[object]] = [
        ["Tên HTX", "Huyện", heading],
        *([f"HTX Số {at}", "An Lão", cell] for at, cell in enumerate(cells)),
    ]
    return [tuple(finding.code for finding in unit.findings) for unit in read(xlsx(("S", rows))).rows]


@given(
    st.lists(st.dates(date(1990, 1, 1), date(2014, 12, 31)), min_size=1, max_size=8),
    st.dates(date(1990, 1, 13), date(2014, 12, 31)).filter(lambda day: day.day > 12),
)
def test_one_date_with_the_month_first_puts_all_that_may_be_in_doubt(days: list[date], swapped: date) -> None:
    texts = [f"{day.day}/{day.month}/{day.year}" for day in days]
    found = column([*texts, f"{swapped.month}/{swapped.day}/{swapped.year}"])

    unsure = [("date_order_unsure",) if day.day <= 12 and day.day != day.month else () for day in days]
    assert found == [*unsure, ("date_swapped",)]


def test_dates_that_a_spreadsheet_may_have_turned_are_in_doubt() -> None:
    """Texts beyond the 12th beside true dates before the 13th: an American spreadsheet took what it could."""
    assert column([datetime(2009, 5, 3), "15/3/2009"]) == [("date_order_unsure",), ()]
    assert column([datetime(2009, 5, 3), "3/15/2009"]) == [("date_order_unsure",), ("date_swapped",)]
    assert column([datetime(2009, 5, 3), datetime(2009, 5, 23), "15/3/2009"]) == [(), (), ()]


def test_small_sums_put_those_beside_them_in_doubt() -> None:
    assert column([1_250, 900_000, 2_000_000_000, "1 tỷ"], "Vốn điều lệ") == [
        ("money_unit_unsure",), ("money_unit_unsure",), (), (),
    ]  # fmt: skip


def test_a_point_that_is_a_decimal_sign_elsewhere_is_in_doubt() -> None:
    assert column(["1.250", "1.5"], "Vốn điều lệ (triệu đồng)") == [("money_separator_unsure",), ()]
    assert column(["1.250", "1.500"], "Vốn điều lệ (triệu đồng)") == [(), ()]


@pytest.mark.parametrize("text", ["30%", "> 30", "30?", "phòng 30", "30/2", "30 con bò"])
def test_counts_with_anything_strange(text: str) -> None:
    assert (read_count(text).value, read_count(text).doubt) == (None, "count_unreadable")


@pytest.mark.parametrize(
    ("text", "value", "doubt"),
    [
        ("có hồ sơ nhưng chưa đăng ký lại", None, "yes_no_unreadable"),
        ("chưa nhưng đã nộp hồ sơ", None, "yes_no_unreadable"),
        ("đã đăng ký lại năm 2015", True, ""),
        ("chưa làm thủ tục", False, ""),
        ("chưa vì thiếu vốn", False, "yes_no_read_as"),
    ],
)
def test_yes_and_no_in_a_sentence(text: str, value: bool | None, doubt: str) -> None:
    assert (read_yes_no(text).value, read_yes_no(text).doubt) == (value, doubt)


@pytest.mark.parametrize(
    ("topic", "text", "value", "doubt"),
    [
        ("status", "chưa ngừng hoạt động", None, "word_unknown"),
        ("status", "sắp giải thể", None, "word_unknown"),
        ("status", "đang hoạt động, chờ giải thể", None, "words_differ"),
        ("status", "Không phù hợp Luật HTX 2012", "B2", ""),
        ("status", "Ngừng hoạt động từ 2010", "B4", "word_read_as"),
        ("kind", "Quỹ TDND", "quy_tin_dung", ""),
        ("kind", "LH HTX", "lien_hiep", ""),
        ("kind", "HTX NN", "htx", ""),
        ("sector", "DV NN", "agriculture_service", ""),
        ("sector", "TM-DV", "retail", ""),
        ("sector", "Vận tải, nuôi ong", "transport", "word_read_as"),
    ],
)
def test_words_with_others_beside_them(topic: str, text: str, value: str | None, doubt: str) -> None:
    assert (read_word(topic, text).value, read_word(topic, text).doubt) == (value, doubt)


@given(
    st.sampled_from(["Đang hoạt động", "Ngừng hoạt động", "Đã giải thể"]), st.text("abcđêôxyz", min_size=3, max_size=9)
)
def test_a_status_with_an_unknown_word_is_in_doubt(text: str, word: str) -> None:
    assume(read_word("status", word).value is None)
    for said in (f"{text} {word}", f"{word} {text}"):
        assert read_word("status", said).doubt


def test_long_numbers_that_a_spreadsheet_cut_down_are_no_numbers() -> None:
    assert (read_phone("9.12346E+08").value, read_phone("9.12346E+08").doubt) == (None, "number_shortened")


@pytest.mark.parametrize("cell", ["#REF!", "#N/A", "#DIV/0!", "Err:508", "=SUM(1,24)", "Sao B\ufffdển", "Hai B?n"])
@pytest.mark.parametrize(
    "heading", ["Số GCN", "Ngày thành lập", "Vốn điều lệ", "Số thành viên", "Ghi chú", "Xếp loại", "Điện thoại"]
)
def test_a_cell_in_error_is_in_doubt_in_any_column(cell: str, heading: str) -> None:
    reading = read(f"Tên HTX;Huyện;{heading}\nHTX Một;An Lão;{cell}\n")

    assert [(each.row, each.column) for each in reading.findings] == [(2, "C")]
    assert reading.rows[0].stated == {"name", "district", "kind"} - ({"kind"} - reading.rows[0].stated)


@pytest.mark.parametrize(
    ("cell", "code"), [("#REF!", "cell_error"), ("=A1", "cell_not_calculated"), ("HTX B?n", "letters_lost")]
)
def test_a_name_in_error_is_refused_for_its_true_cause(cell: str, code: str) -> None:
    reading = read(f"Tên HTX;Huyện\n{cell};An Lão\n")

    assert [(each.code, each.column) for each in reading.findings] == [(code, "A")]
    assert reading.rows[0].is_rejected
