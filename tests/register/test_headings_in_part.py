"""A heading that is known only by a part is not guessed at: it waits for a person, with the field nearest to it."""

import pytest

from tests.register.files import read, xlsx


@pytest.mark.parametrize(
    ("heading", "cell", "field"),
    [
        ("Ngày sinh chủ nhiệm", "05/3/1960", "representative"),
        ("Số CMND người đại diện", "031234567", "representative"),
        ("Lý do chưa đăng ký lại", "x", "reregistered"),
        ("Kế hoạch chuyển đổi", "có", "reregistered"),
        ("Thành viên ban kiểm soát", 3, "members"),
        ("Lao động nữ", 4, "labour"),
        ("Số thành viên nữ", 4, "members"),
        ("Ngày cấp CMND", "05/3/2009", "certificate_on"),
        ("Ngày thành lập chi bộ", "05/3/2009", "founded_on"),
        ("Ngày đại hội dự kiến", "05/3/2015", "last_meeting_on"),
        ("Tình trạng trụ sở", "không có", "status"),
        ("Diện tích trụ sở", "35 m2", "address"),
        ("Địa chỉ cũ", "Thôn 3", "address"),
        ("Số giấy phép XD", "12/XD", "certificate_number"),
        ("Vốn góp NN", 500_000_000, "charter_capital"),
    ],
)
def test_a_heading_with_a_part_not_understood_gives_no_value(heading: str, cell: object, field: str) -> None:
    rows: list[list[object]] = [["STT", "Tên HTX", "Ghi chú", heading], [1, "HTX Một", "", cell]]
    reading = read(xlsx(("An Lão", rows)))

    assert field not in reading.rows[0].stated
    assert {finding.code for finding in reading.findings} <= {"unknown_column", "unknown_column_like"}
    assert reading.findings


@pytest.mark.parametrize(
    ("heading", "cell", "field"),
    [
        ("Số thành viên đến 31/12/2015", 4, "members"),
        ("Xếp loại HTX năm 2015", "Yếu", "grade"),
        ("Vốn điều lệ, triệu đồng", 500, "charter_capital"),
        ("Nợ thuế tính đến tháng 12 năm 2015 (đồng)", 5_000_000, "tax_debt"),
        ("Tình hình hoạt động hiện nay", "ngừng", "status"),
        ("Họ và tên người đại diện theo pháp luật", "Nguyễn A", "representative"),
        ("Điện thoại chủ nhiệm", "0912345678", "phone"),
    ],
)
def test_words_that_change_nothing_may_stand_beside_a_heading(heading: str, cell: object, field: str) -> None:
    rows: list[list[object]] = [["STT", "Tên HTX", heading], [1, "HTX Một", cell]]
    reading = read(xlsx(("An Lão", rows)))

    assert field in reading.rows[0].stated
    assert not reading.findings


def test_a_heading_known_word_for_word_comes_before_one_known_by_a_part() -> None:
    rows: list[list[object]] = [["STT", "Tên đơn vị năm 2003", "Tên HTX", "Số thành viên"], [1, "Tên cũ", "HTX Một", 5]]

    assert [unit.name for unit in read(xlsx(("An Lão", rows))).rows] == ["HTX Một"]


def test_a_part_of_a_heading_does_not_make_a_district_of_its_column() -> None:
    rows: list[list[object]] = [["STT", "Tên HTX", "Ghi chú", "Quận ủy quản lý"], [1, "HTX Một", "", "Kiến An"]]

    assert [unit.district for unit in read(xlsx(("An Lão", rows))).rows] == ["Huyện An Lão"]
