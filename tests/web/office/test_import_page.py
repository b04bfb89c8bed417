"""The register's preview in the hands of a district: what others take in is kept apart from what is wrong."""

import re
from collections.abc import Callable
from importlib.resources import files

import pytest

from models.database import writing
from tests.web.web_office import Office, Visitor, new_unit

SAMPLE = files("samples").joinpath("so-dang-ky-mau.xlsx").read_bytes()


def counts(visitor: Visitor) -> dict[str, int]:
    answer = visitor.send("/import", files={"file": ("so.xlsx", SAMPLE)})
    assert answer.status_code == 200
    return {part: int(count) for part, count in re.findall(r'href="#(\w+)">[^<]*<b>(\d+)</b>', answer.text)}


def test_rows_of_other_districts_are_no_faults(office: Office, as_role: Callable[..., Visitor]) -> None:
    city, district = counts(as_role("manager", None)), counts(as_role("manager"))
    assert "elsewhere" not in city
    assert district["elsewhere"] > 0
    assert district["rejected"] <= city["rejected"]  # what is wrong is wrong for both
    assert sum(district.values()) == sum(city.values())


LIST = """STT;Tên HTX;Quận/huyện;Số GCN;Xếp loại;Tình trạng;Số sổ đỏ
1;HTX Sao Biển;Hồng Bàng;02/1;yếu;đang hoạt động;X1
2;HTX dịch vụ Sao Biển;Hồng Bàng;;yếu;đang hoạt động;X2
3;HTX Bình Minh;Hồng Bàng;02/3;khá;đang hoạt động;X3
4;HTX Thuận An;An Dương;02/4;khá;đang hoạt động;X4
5;;Hồng Bàng;;;;
6;HTX Đông Hải;Hồng Bàng;02/6;khá;đã giải thể;X6
;Tổng cộng;;;;;
"""
FIGURES = re.compile(r'<td class="num">(\d+)</td>')


def looked(visitor: Visitor, text: str = LIST) -> str:
    answer = visitor.send("/import", files={"file": ("so.csv", text.encode())})
    assert answer.status_code == 200
    return answer.text


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found
    return found.group(1)


def sheet_line(page: str) -> list[int]:
    """Read, new, changed, unchanged, doubtful, rejected, elsewhere and skipped of the only sheet."""
    return [int(count) for count in FIGURES.findall(page)][:8]


def test_the_lines_of_a_file_add_up_before_and_after(as_role: Callable[..., Visitor]) -> None:
    visitor = as_role("manager")
    page = looked(visitor)
    assert sheet_line(page) == [8, 3, 0, 0, 1, 1, 1, 2]
    assert "Sẽ mở 1 hồ sơ" in page
    assert "Không mở hồ sơ cho 2 đơn vị" in page

    done = visitor.send("/import/commit", {"key": hidden(page, "key"), "name": "so.csv"}).text
    assert sheet_line(done) == [8, 3, 0, 0, 1, 1, 1, 2]
    assert "1 đã giải thể" in done
    assert "Tổng cộng" in done


def test_a_likely_duplicate_is_confirmed_as_another_unit(as_role: Callable[..., Visitor]) -> None:
    visitor = as_role("manager")
    page = looked(visitor)
    choice = re.findall(r'<option value="(another:[^"]+)"', page)
    assert choice == ["another:3:so.csv"]
    sent = {"key": hidden(page, "key"), "name": "so.csv", "decide": choice}
    assert sheet_line(visitor.send("/import/commit", sent).text) == [8, 4, 0, 0, 0, 1, 1, 2]
    assert sheet_line(looked(visitor)) == [8, 0, 0, 4, 0, 1, 1, 2]


def test_a_decision_about_a_row_that_does_not_wait_is_refused_and_changes_nothing(
    as_role: Callable[..., Visitor],
) -> None:
    visitor = as_role("manager")
    key = hidden(looked(visitor), "key")
    refused = visitor.send("/import/commit", {"key": key, "name": "so.csv", "decide": ["another:4:so.csv"]})
    assert refused.status_code == 422
    assert "Dòng 4" in refused.text
    assert sheet_line(looked(visitor))[1] == 3


def test_a_heading_is_mapped_once_for_the_office(as_role: Callable[..., Visitor]) -> None:
    visitor = as_role("manager")
    page = looked(visitor)
    assert "Số sổ đỏ" in page
    sent = {"key": hidden(page, "key"), "name": "so.csv", "heading": ["Số sổ đỏ"], "field": ["notes"]}
    again = visitor.send("/import/headings", sent)
    assert again.status_code == 200
    assert "Tiêu đề cột chưa nhận ra" not in again.text
    assert "Tiêu đề cột chưa nhận ra" not in looked(as_role("case_officer"))
    assert "Tiêu đề cột chưa nhận ra" in looked(as_role("manager", "ADG"))
    assert "Số sổ đỏ" in visitor.get("/import").text
    assert visitor.send("/import/heading", {"forget": "Số sổ đỏ"}).status_code == 303
    assert "Tiêu đề cột chưa nhận ra" in looked(visitor)


def test_a_table_without_a_known_column_of_names_is_mapped_from_its_refusal(as_role: Callable[..., Visitor]) -> None:
    visitor = as_role("manager")
    text = "STT;Cơ sở KTTT;Quận/huyện\n1;HTX Sao Biển;Hồng Bàng\n"
    refused = visitor.send("/import", files={"file": ("so.csv", text.encode())})
    assert refused.status_code == 422
    assert "«Cơ sở KTTT»" in refused.text
    sent = {"key": hidden(refused.text, "key"), "name": "so.csv", "heading": ["Cơ sở KTTT"], "field": ["name"]}
    assert sheet_line(visitor.send("/import/headings", sent).text) == [2, 1, 0, 0, 0, 0, 0, 1]


@pytest.mark.parametrize("sent", [{"heading": " ", "field": "name"}, {"heading": "Số", "field": "x"}, {"forget": "Lạ"}])
def test_a_heading_that_cannot_be_mapped_is_refused_in_words(
    as_role: Callable[..., Visitor], sent: dict[str, str]
) -> None:
    answer = as_role("manager").send("/import/heading", sent)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


def test_units_stand_in_the_order_of_the_alphabet_and_a_page_beyond_the_end_leads_back(
    office: Office, as_role: Callable[..., Visitor]
) -> None:
    with writing(office.bind) as connection:
        for name in ("HTX Thắng Thủy", "HTX Thanh Lương", "HTX Đông", "HTX Dương", "HTX An 10"):
            new_unit(connection, name, "HBG")
    assert 'href="/register' in as_role("manager").get("/register?p=9999").text
    page = as_role("manager").get("/register").text
    names = re.findall(r'class="unit" href="/register/\d+">HTX ([^<]+)<', page)
    wanted = ["An 10", "Dương", "Đông", "Thanh Lương", "Thắng Thủy"]
    assert [name for name in names if name in wanted] == wanted
