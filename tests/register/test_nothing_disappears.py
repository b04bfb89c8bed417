"""Every filled line of a sheet ends as a unit or as a line left out with its reason."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import WrongInput
from register.findings import say_finding
from register.interpret import Reading, interpret
from register.tables.skips import Reason, Skipped, say_skipped
from register.workbook import read_workbook
from tests.register.files import read, xlsx

HEAD: list[object] = [
    "STT",
    "Tên HTX",
    "Quận/huyện",
    "Xã/phường",
    "Số thành viên",
    "Vốn điều lệ (triệu đồng)",
    "Ghi chú",
]
WORDS_OF_OTHER_LINES = [
    "Tổng hợp Minh Đức", "Tổng Dũng", "TM dịch vụ Hải Lộc", "KT Đại Đồng", "Nguồn Sáng", "Phường Tràng Cát",
    "Cộng Hiền", "Toàn Thắng", "Ngày Mới", "Ghi Chú", "Lưu Ý", "Chủ Tịch", "Kế Toán", "Xác Nhận", "Lũy Kế", "Nhóm Sáng",
    "Thị trấn Núi Đôi", "Quận Hồng Bàng", "Huyện Mới", "Ngành Nghề", "Tổng Cục", "Cộng", "I. Nông nghiệp", "A. Khối",
    "Tổng cộng", "Người Lập", "Thủ Trưởng", "Hải Phòng ngày mới", "TM Phòng Thủ", "Q Giám Đốc", "Sang Trang",
]  # fmt: skip


def reasons(reading: Reading) -> list[tuple[int, Reason]]:
    return [(each.row, each.reason) for each in reading.skipped]


@pytest.mark.parametrize("name", [name for name in WORDS_OF_OTHER_LINES if name not in ("Cộng", "Tổng cộng")])
@pytest.mark.parametrize("district", ["An Lão", ""])
def test_a_line_with_an_ordinal_and_members_is_a_unit(name: str, district: str) -> None:
    rows: list[list[object]] = [HEAD, [1, "Minh Tân", "An Lão", "", 20, 500, ""], [2, name, district, "", 21, 501, ""],
            [3, "Hải Hà", "An Lão", "", 22, 502, ""]]  # fmt: skip
    reading = read(xlsx(("Huyện An Lão", rows)))

    assert [unit.name for unit in reading.rows] == ["Minh Tân", name, "Hải Hà"]
    assert {unit.commune for unit in reading.rows} == {""}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (["", "Tổng cộng", "", "", 63, 1500, ""], Reason.TOTAL),
        (["", "Cộng toàn huyện:", "", "", 63, 1500, ""], Reason.TOTAL),
        ([2, "Tổng cộng", "", "", 63, 1500, ""], Reason.TOTAL),
        ([1, "Cộng xã Minh Đức", "", "", 20, 500, ""], Reason.TOTAL),
        (["Tổng số HTX: 2", "", "", "", 63, 1500, ""], Reason.TOTAL),
        (["", "Lũy kế", "", "", 63, 1500, ""], Reason.TOTAL),
        (["", "Mang sang trang", "", "", 63, 1500, ""], Reason.TOTAL),
        (["II", "Xã Quang Trung", "", "", 63, "", ""], Reason.HEADING),
        (["", "B. Lĩnh vực vận tải", "", "", 63, "", ""], Reason.HEADING),
        (["", "Người lập biểu", "", "", "", "An Lão, ngày 5 tháng 3 năm 2014", ""], Reason.SIGNATURE),
        (["", "TM. ỦY BAN NHÂN DÂN", "", "", "", "KT. CHỦ TỊCH", ""], Reason.SIGNATURE),
        (["Ghi chú: số liệu đến 31/12", "", "", "", "", "", ""], Reason.SIGNATURE),
        (["Nơi nhận:", "", "", "", "", "TRƯỞNG PHÒNG", ""], Reason.SIGNATURE),
        (["", "", "", "", 63, 1500, ""], Reason.NO_TEXT),
        ([3, "", "", "", "", "", ""], Reason.NO_TEXT),
    ],
)
def test_other_lines_are_named_with_their_reason(line: list[object], reason: Reason) -> None:
    rows: list[list[object]] = [HEAD, [1, "Minh Tân", "An Lão", "", 20, 500, ""], line]
    reading = read(xlsx(("S", rows)))

    assert reasons(reading) == [(1, Reason.HEADER), (3, reason)]
    assert say_skipped(reading.skipped[1], "en") != say_skipped(reading.skipped[1], "vi")


def test_names_below_the_signatures_are_no_units() -> None:
    rows: list[list[object]] = [HEAD, [1, "Minh Tân", "An Lão", "", 20, 500, ""],
            ["", "NGƯỜI LẬP BIỂU", "", "", "", "TRƯỞNG PHÒNG", ""],
            ["", "Vũ Thị Mẫu", "", "", "", "Đỗ Văn Mẫu", ""]]  # fmt: skip

    assert reasons(read(xlsx(("S", rows)))) == [(1, Reason.HEADER), (3, Reason.SIGNATURE), (4, Reason.SIGNATURE)]


def test_a_heading_with_numbers_and_no_unit_below_is_in_doubt() -> None:
    rows: list[list[object]] = [
            HEAD[1:], ["Phường Tràng Cát", "", "", 20, 500, ""], ["Xã An Thắng", "", "", 30, "", ""],
            ["HTX Một", "", "", 30, "", ""], ["Thị trấn An Lão", "", "", 9, 9, ""]]  # fmt: skip
    reading = read(xlsx(("An Lão", rows)))

    assert [unit.commune for unit in reading.rows] == ["Xã An Thắng"]
    assert [(each.row, each.doubtful) for each in reading.skipped] == [(1, False), (2, True), (3, False), (5, True)]
    assert "HTX" in say_skipped(reading.skipped[1])


def test_communes_numbered_like_units_are_headings_when_units_are_counted_anew_below() -> None:
    rows: list[list[object]] = [HEAD, [1, "Xã An Thắng", "", "", 50, "", ""], [1, "HTX Một", "", "", 20, "", ""],
            [2, "HTX Hai", "", "", 30, "", ""], [2, "Xã Quang Trung", "", "", 10, "", ""],
            [1, "HTX Ba", "", "", 10, "", ""]]  # fmt: skip

    units = read(xlsx(("An Lão", rows))).rows

    assert [(unit.name, unit.commune) for unit in units] == [
        ("HTX Một", "Xã An Thắng"), ("HTX Hai", "Xã An Thắng"), ("HTX Ba", "Xã Quang Trung"),
    ]  # fmt: skip


def test_tables_below_one_another_with_their_columns_in_another_order() -> None:
    rows: list[list[object]] = [
        ["HUYỆN AN LÃO", "", "", "", ""],
        ["", "", "", "ĐVT: triệu đồng", ""],
        ["STT", "Tên HTX", "Xã/phường", "Vốn điều lệ", "Điện thoại"],
        [1, "HTX Một", "Mỹ Đức", 500, "0225111222"],
        ["", "Cộng", "", 500, ""],
        [],
        ["HUYỆN KIẾN THỤY", "", "", "", ""],
        ["ĐVT: nghìn đồng", "", "", "", ""],
        ["STT", "Xã/phường", "Điện thoại", "Tên hợp tác xã", "Vốn điều lệ"],
        [1, "Đại Đồng", "0225333444", "HTX Hai", 700_000],
        [2, "Đại Hà", "0225333445", "HTX Ba", 800_000],
    ]
    reading = read(xlsx(("Sheet1", rows)))

    assert [(unit.name, unit.district, unit.commune, unit.phone, unit.charter_capital) for unit in reading.rows] == [
        ("HTX Một", "Huyện An Lão", "Mỹ Đức", "0225111222", 500_000_000),
        ("HTX Hai", "Huyện Kiến Thụy", "Đại Đồng", "0225333444", 700_000_000),
        ("HTX Ba", "Huyện Kiến Thụy", "Đại Hà", "0225333445", 800_000_000),
    ]
    assert [reason for _, reason in reasons(reading)] == [
        Reason.TITLE, Reason.TITLE, Reason.HEADER, Reason.TOTAL, Reason.TITLE, Reason.TITLE, Reason.HEADER,
    ]  # fmt: skip


@pytest.mark.parametrize("lines", [[["HUYỆN AN LÃO"]], [["PHÒNG TC-KH", "", "", "ĐVT: nghìn đồng"], ["HUYỆN AN LÃO"]]])
def test_titles_close_above_the_header_stay_titles(lines: list[list[object]]) -> None:
    rows: list[list[object]] = [
        *lines,
        ["STT", "Tên HTX", "Xã/phường", "Số thành viên", "Vốn điều lệ"],
        [1, "HTX Một", "Mỹ Đức", 20, 500_000],
    ]
    reading = read(xlsx(("Sheet1", rows)))
    (unit,) = reading.rows

    assert (unit.district, unit.commune, unit.members) == ("Huyện An Lão", "Mỹ Đức", 20)
    assert unit.charter_capital == 500_000 * (1_000 if len(lines) > 1 else 1)
    assert [reason for _, reason in reasons(reading)] == [Reason.TITLE] * len(lines) + [Reason.HEADER]


def test_a_header_of_which_the_first_line_is_one_group_of_columns() -> None:
    rows: list[list[object]] = [["", "", "Giấy chứng nhận", "", ""], ["STT", "Tên HTX", "Số", "Ngày cấp", "Quận/huyện"],
            [1, "HTX Một", "02G/1", "5/3/2009", "An Lão"]]  # fmt: skip
    (unit,) = read(xlsx(("S", rows))).rows

    assert (unit.certificate_number, unit.certificate_on is not None) == ("02G/1", True)


@pytest.mark.parametrize(
    ("rows", "codes"),
    [
        ([["Tên HTX", "Huyện", "Ghi chú", "Ghi chú"], ["HTX Một", "An Lão", "a", "b"]], ["repeated_column"]),
        ([["Tên HTX", "Huyện", ""], ["HTX Một", "An Lão", "b"]], ["column_without_heading"]),
        ([["Tên HTX", "Huyện", "Ngày tháng cấp sổ"], ["HTX Một", "An Lão", "b"]], ["unknown_column_like"]),
        ([["Tên HTX", "Huyện", "zzz"], ["HTX Một", "An Lão", "b"]], ["unknown_column"]),
    ],
)
def test_columns_that_are_not_read_are_named(rows: list[list[object]], codes: list[str]) -> None:
    assert [finding.code for finding in read(xlsx(("S", rows))).findings] == codes


@pytest.mark.parametrize(
    ("data", "code", "place"),
    [
        ("Mã;A;B\n1;2;3\n", "register_no_header", {}),
        ("STT;Quận/huyện;Tên gì đó;MST\n1;An Lão;Một;02\n", "register_no_name", {"row": 1}),
        ("STT;Tên h?p tác xã;Qu?n/huy?n;Đ?a ch?\n1;HTX Sao Bi?n;V?nh B?o;x\n", "register_letters_lost", {"row": 1}),
    ],
)
def test_a_table_without_header_is_refused_for_its_true_cause(data: str, code: str, place: dict[str, object]) -> None:
    with pytest.raises(WrongInput) as refused:
        read(data)

    assert refused.value.code == code
    assert place.items() <= refused.value.params.items()


def test_a_word_that_the_office_maps_is_read_and_no_longer_in_doubt() -> None:
    book = read_workbook("Tên HTX;Huyện;Số sổ đỏ;Màu\nHTX Một;An Lão;02G/1;xanh\n".encode(), "so.csv")
    reading = interpret(book, words={"so so do": "certificate_number", "mau": ""})

    assert (reading.rows[0].certificate_number, reading.findings) == ("02G/1", ())


names = st.sampled_from([*WORDS_OF_OTHER_LINES, "HTX Sao Biển", "Minh Tân", "Vũ Thị Mẫu", "", "-", "DANH SÁCH", "STT"])
lines = st.tuples(
    st.one_of(st.just(""), st.integers(0, 30), st.sampled_from(["I", "A", "1.", "1.1", "a)"])),
    names,
    st.sampled_from(["", "An Lão", "Huyện Lạ"]),
    st.sampled_from(["", "Mỹ Đức", "TRƯỞNG PHÒNG"]),
    st.one_of(st.just(""), st.integers(0, 99)),
    st.one_of(st.just(""), st.integers(0, 9_999), st.just("1 tỷ 2")),
    st.sampled_from(["", "ghi", "An Lão, ngày 5 tháng 3 năm 2014"]),
)


@given(
    st.lists(st.one_of(lines, st.just(tuple(HEAD)), st.just(tuple(reversed(HEAD))), st.just(("",) * 7)), max_size=14)
)
def test_every_filled_line_is_a_unit_or_named(table: Sequence[tuple[object, ...]]) -> None:
    reading = read(xlsx(("Huyện An Lão", [HEAD, *table])))
    placed = [*(unit.row for unit in reading.rows), *(each.row for each in reading.skipped)]
    filled = [at for at, row in enumerate([HEAD, *table], start=1) if any(cell != "" for cell in row)]

    assert sorted(placed) == filled
    assert all(isinstance(each, Skipped) and each.text for each in reading.skipped)


@given(st.lists(names.filter(lambda name: name not in ("", "-", "Cộng", "Tổng cộng", "STT")), min_size=1, max_size=12))
def test_numbered_lines_with_members_are_units_whatever_their_names(given_names: list[str]) -> None:
    rows = [[at, name, "", "", 20 + at, "", ""] for at, name in enumerate(given_names, start=1)]

    assert [unit.name for unit in read(xlsx(("Huyện An Lão", [HEAD, *rows]))).rows] == given_names


def test_a_table_beside_another_is_reported_with_its_lines() -> None:
    rows: list[list[object]] = [["STT", "Tên HTX", "Xã", "", "STT", "Tên HTX", "Xã"]]
    rows += [[1, "HTX Một", "Quang Trung", "", 6, "HTX Sáu", "An Thái"], [2, "HTX Hai", "", "", 7, "HTX Bảy", ""]]
    reading = read(xlsx(("An Lão", rows)))

    assert [(each.code, each.column, each.params["count"]) for each in reading.findings] == [("table_beside", "F", 2)]
    assert "2 dòng" in say_finding(reading.findings[0])


def test_an_ordinal_given_twice_is_reported_in_words() -> None:
    reading = read(xlsx(("An Lão", [["STT", "Tên HTX", "Xã", "TT"], [1, "HTX Một", "Quang Trung", 6]])))

    assert "register.field" not in say_finding(reading.findings[0]) + say_finding(reading.findings[0], "en")


def test_counts_by_trade_below_the_units_are_no_units() -> None:
    rows: list[list[object]] = [["STT", "Tên HTX", "Số TV"], [1, "HTX Một", 5], ["", "Trong đó:", 5]]
    rows += [["", "- HTX nông nghiệp", 3], ["", "- HTX vận tải", 2]]
    reading = read(xlsx(("An Lão", rows)))

    assert [unit.name for unit in reading.rows] == ["HTX Một"]
    assert [(each.row, each.reason, each.doubtful) for each in reading.skipped[1:]] == [
        (3, Reason.TOTAL, False), (4, Reason.TOTAL, True), (5, Reason.TOTAL, True)]  # fmt: skip


def test_the_end_of_a_name_on_a_line_of_its_own_is_no_unit() -> None:
    rows: list[list[object]] = [["STT", "Tên HTX", "Số TV"], [1, "HTX Nông nghiệp", 5], ["", "Quang Trung", ""]]
    reading = read(xlsx(("An Lão", [*rows, [2, "HTX Hai", 6]])))

    assert [unit.name for unit in reading.rows] == ["HTX Nông nghiệp", "HTX Hai"]
    assert [(each.row, each.reason, each.doubtful) for each in reading.skipped[1:]] == [(3, Reason.CONTINUED, True)]
    assert [finding.code for finding in reading.rows[0].findings] == ["name_generic"]


def test_a_unit_without_its_ordinal_is_a_unit() -> None:
    rows: list[list[object]] = [["STT", "Tên HTX", "Số TV"], [1, "HTX Một", 5], ["", "HTX Quang Trung", ""]]
    reading = read(xlsx(("An Lão", [*rows, ["", "Minh Đức", 4], [2, "HTX Hai", 6]])))

    assert [unit.name for unit in reading.rows] == ["HTX Một", "HTX Quang Trung", "Minh Đức", "HTX Hai"]


LINES = "STT,Tên HTX,Huyện\n1,HTX Một,An Lão\n2,HTX Hai,An Lão\n"


def test_lines_that_are_quoted_as_a_whole_are_read_by_their_cells() -> None:
    quoted = "".join(f'"{line}"\n' for line in LINES.splitlines())

    assert [unit.name for unit in read(quoted).rows] == ["HTX Một", "HTX Hai"]


def test_a_damaged_byte_breaks_its_own_cell_alone() -> None:
    more = "".join(f"{at},HTX Số {at},An Lão\n" for at in range(3, 30))
    reading = read(LINES.replace("HTX Hai", "HTX\x00 Hai") + more)

    assert [unit.row for unit in reading.rows if unit.is_rejected] == [3]
    assert [(each.code, each.row, each.column) for each in reading.findings] == [("character_broken", 3, "B")]


@pytest.mark.parametrize("encoding", ["utf-32", "utf-32-le", "utf-16", "utf-16-le", "utf-16-be"])
def test_wide_encodings(encoding: str) -> None:
    mark = "\ufeff" if encoding == "utf-32-le" else ""

    assert [unit.name for unit in read((mark + LINES).encode(encoding)).rows] == ["HTX Một", "HTX Hai"]


@pytest.mark.parametrize(
    "heading", ["Quận Hồng Bàng (3 HTX)", "Q. Hồng Bàng: 3 HTX", "Quận Hồng Bàng có 03 hợp tác xã",
                "Quận Hồng Bàng - 3", "Quận Hồng Bàng, Hải Phòng", "Quận Hồng Bàng gồm: 3 đơn vị"],
)  # fmt: skip
@pytest.mark.parametrize("mark", ["II", ""])
def test_a_district_heading_with_its_count_holds_for_its_rows(heading: str, mark: str) -> None:
    rows: list[list[object]] = [["STT", "Tên HTX", "Số TV"], ["I", "H. An Lão", ""], [1, "HTX Một", 3]]
    reading = read(xlsx(("TH", [*rows, [mark, heading, ""], [1, "HTX Hai", 4]])))

    assert [(unit.name, unit.district) for unit in reading.rows] == [
        ("HTX Một", "Huyện An Lão"), ("HTX Hai", "Quận Hồng Bàng")]  # fmt: skip


def test_rows_under_a_district_that_is_not_known_are_not_left_to_the_one_before() -> None:
    rows: list[list[object]] = [["STT", "Tên HTX", "Số TV"], ["I", "H. An Lão", ""], [1, "HTX Một", 3]]
    reading = read(xlsx(("TH", [*rows, ["II", "Quận Hồng Bàngg", ""], [1, "HTX Hai", 4]])))

    assert [unit.district for unit in reading.rows] == ["Huyện An Lão", "Quận Hồng Bàngg"]
    assert [finding.code for finding in reading.rows[1].findings] == ["district_not_listed"]


def test_a_commune_heading_with_its_count_is_the_commune() -> None:
    rows: list[list[object]] = [["STT", "Tên HTX", "Số TV"], ["I", "Xã Quang Trung (2 HTX)", ""], [1, "HTX Một", 3]]

    assert [unit.commune for unit in read(xlsx(("An Lão", rows))).rows] == ["Xã Quang Trung"]
