"""What an import would do."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.units import Grade, Sector
from register.findings import Finding, Severity
from register.gate import compare
from tests.register.files import a_row, again, imported, read

FILE = """STT;Tên HTX;Quận/huyện;Xã;Số GCN;Ngày thành lập;Vốn điều lệ;Xếp loại
1;HTX DVNN An Hồng;An Dương;An Hồng;02G/001;2009;1.250.000.000;yếu
2;HTX vận tải Sông Cấm;An Lão;;02G/002;1/2/2010;;Tốt
3;Hợp tác xã dịch vụ nông nghiệp An Hồng;An Dương;An Hồng;;;;yếu
4;HTX nông nghiệp An Hồng;An Dương;An Hồng;;;;yếu
5;;An Dương;An Hồng;;;;yếu
6;HTX Tân Hưng;An Dương;;;;;khá
7;HTX Thống Nhất;An Dương;Xã Lê Lợi;;;;khá
8;HTX Thống Nhất;An Dương;Xã An Hồng;;;;khá
"""


def test_a_first_import() -> None:
    plan = compare(read(FILE).rows, [])

    assert [row.row for row in plan.new] == [2, 3, 7, 8, 9]
    assert [row.row for row in plan.rejected] == [4, 6]
    assert [row.row for row in plan.doubtful] == [5]
    assert plan.rejected[0].findings[-1].params["other_row"] == 2
    assert plan.doubtful[0].findings[-1].params["other"] == "HTX DVNN An Hồng"


def test_the_same_file_twice_changes_nothing() -> None:
    plan = again(read(FILE))

    assert plan.changes_nothing
    assert [same.row.row for same in plan.unchanged] == [2, 3, 7, 8, 9]


def test_another_spelling_changes_nothing() -> None:
    there = imported(compare(read(FILE).rows, []))
    respelled = (
        FILE.replace("HTX DVNN", "HỢP TÁC XÃ Dịch vụ NN").replace("02G/001", "2g-1").replace("An Dương", "H. An Dương")
    )

    assert compare(read(respelled).rows, there).changes_nothing


def test_changes_are_reported_by_field() -> None:
    there = imported(compare(read(FILE).rows, []))
    plan = compare(read(FILE.replace("1.250.000.000", "2 tỷ").replace(";Tốt", ";")).rows, there)

    assert [[(each.field, each.before, each.after) for each in change.fields] for change in plan.changed] == [
        [("charter_capital", 1_250_000_000, 2_000_000_000)]
    ]


def test_a_blank_cell_takes_nothing_away_and_a_guess_overrules_nothing() -> None:
    there = imported(compare([a_row(name="HTX vận tải An Hồng", sector=Sector.RETAIL, grade=Grade.WEAK)], []))

    assert compare([a_row(name="HTX vận tải An Hồng")], there).changes_nothing


def test_a_new_certificate_after_re_registration_is_a_change() -> None:
    there = imported(compare([a_row(certificate_number="02G/1")], []))
    plan = compare([a_row(certificate_number="0207/99", certificate_on=date(2015, 5, 5))], there)

    assert [each.field for each in plan.changed[0].fields] == ["certificate_number", "certificate_on"]


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"name": "HTX Xuân Mai", "certificate_number": "02G/1"}, "same_certificate_other_name"),
        ({"name": "HTX DVNN An Hồng", "certificate_number": "", "commune": ""}, "likely_existing"),
        ({"name": "HTX Lê Lợi", "certificate_number": "02G/1"}, "two_units_fit"),
    ],
)
def test_rows_that_wait_for_a_person(values: dict[str, object], code: str) -> None:
    first = a_row(name="HTX An Hồng Lê Lợi" if code == "two_units_fit" else "HTX An Hồng", certificate_number="02G/1")
    there = imported(compare([first, a_row(name="HTX Lê Lợi", row=3)], []))
    plan = compare([a_row(**values)], there)

    assert [row.findings[-1].code for row in plan.doubtful] == [code]
    assert plan.changes_nothing


def test_a_new_name_that_keeps_a_word_of_the_old_is_a_change() -> None:
    there = imported(compare([a_row(name="HTX An Hồng", certificate_number="7")], []))
    plan = compare([a_row(name="HTX An Hồng Phát", certificate_number="7")], there)

    assert [each.field for each in plan.changed[0].fields] == ["name"]


def test_two_rows_for_one_unit_that_is_there() -> None:
    there = imported(compare([a_row()], []))
    plan = compare([a_row(), a_row(row=9, grade=Grade.WEAK)], there)

    assert [row.row for row in plan.rejected] == [9]
    assert plan.rejected[0].findings[-1].params["other_row"] == 2


def test_names_that_differ_in_accents_wait_once_and_are_known_afterwards() -> None:
    rows = [a_row(name="HTX Tân Hưng"), a_row(name="HTX Tân Hùng", row=3)]
    assert [row.row for row in compare(rows, []).doubtful] == [3]

    there = [*imported(compare(rows[:1], [])), *imported(compare(rows[1:], []))]
    assert len(compare(rows, there).unchanged) in (1, 2)


def test_all_findings_are_in_the_plan() -> None:
    of_sheet = Finding("S", 0, "", "", Severity.DOUBTFUL, "encoding_mixed")
    reading = read(FILE)
    plan = compare(reading.rows, [], [of_sheet])

    assert plan.findings[0] == of_sheet
    assert {finding.row for finding in plan.findings[1:]} == {2, 4, 5, 6}


rows = st.builds(
    a_row,
    name=st.sampled_from(["HTX An Hồng", "HTX DVNN An Hồng", "HTX An Hưng", "An Hồng", "QTDND An Hồng", "HTX Lê Lợi"]),
    district=st.sampled_from(["Huyện An Dương", "Huyện An Lão"]),
    commune=st.sampled_from(["", "Xã A", "Xã B"]),
    certificate_number=st.sampled_from(["", "1", "2", "3"]),
    row=st.integers(2, 999),
)


@given(st.lists(rows, max_size=8))
def test_each_row_is_placed_once_and_new_rows_are_known_next_time(given_rows: list) -> None:  # type: ignore[type-arg]
    plan = compare(given_rows, [])
    parts = (plan.new, plan.changed, plan.unchanged, plan.rejected, plan.doubtful)

    assert sum(map(len, parts)) == len(given_rows)
    assert compare(plan.new, imported(plan)).changes_nothing
