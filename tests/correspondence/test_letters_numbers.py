"""Numbers: from 01 each year, in order of days, never by hand; the books print with the columns of their year."""

import io
import subprocess
from collections.abc import Sequence
from datetime import date, timedelta

import pikepdf
import pytest
from openpyxl import load_workbook
from sqlalchemy import update

from casework.office.people import actor
from correspondence.number_book import book, book_count, books_of, issuer_names
from correspondence.office_registers import handover, incoming_of, outgoing
from letters.output.register_print import outgoing_columns, register_pdf
from models.database import reading, writing
from models.errors import CoopcaseError, Refused, WrongInput
from models.tables import book_entries
from templates.spreadsheet import Table, shown, tables_xlsx
from templates.trial_mark import mark_of
from tests.correspondence.paperwork import Paperwork
from tests.web.web_office import ROLES, TODAY, login_of

NEW_YEAR = date(2016, 12, 31)


def numbers(papers: Paperwork, *letters: int) -> list[tuple[int | None, date | None]]:
    return [(row["number"], row["issued_on"]) for row in map(papers.row, letters)]


def signed(papers: Paperwork) -> int:
    return papers.approved(papers.drafted(deleted_on="25/03/2016"))


def test_numbers_run_on_and_begin_again_with_the_year(papers: Paperwork) -> None:
    papers.today = NEW_YEAR - timedelta(days=1)
    first, second, waiting = (signed(papers) for _ in "123")
    papers.issue(first)
    papers.today = NEW_YEAR
    papers.issue(second)
    papers.today = date(2017, 1, 3)
    third = papers.issue(signed(papers))
    papers.issue(waiting)
    assert numbers(papers, first, second, third, waiting) == [
        (1, date(2016, 12, 30)), (2, NEW_YEAR), (1, date(2017, 1, 3)), (2, date(2017, 1, 3)),
    ]  # fmt: skip


def test_the_old_year_is_closed_by_the_first_number_of_the_new(papers: Paperwork) -> None:
    papers.today = NEW_YEAR
    waiting = signed(papers)
    papers.today = date(2017, 1, 3)
    papers.issue(signed(papers))
    with pytest.raises(Refused) as refused:
        papers.issue(waiting, on=NEW_YEAR)
    assert (refused.value.code, refused.value.params["latest"]) == ("letter_back_dated", "03/01/2017")
    assert papers.status(waiting) == "approved"
    assert numbers(papers, papers.issue(waiting)) == [(2, date(2017, 1, 3))]


@pytest.mark.parametrize(
    ("label", "on", "number", "code"),
    [
        ("tomorrow", TODAY + timedelta(days=3), "", "issue_in_future"),
        ("before it was signed", TODAY - timedelta(days=1), "", "issue_before_signed"),
        ("before the last of the book", TODAY + timedelta(days=1), "", "letter_back_dated"),
        ("12a", None, "12a", "number_by_hand"),
        ("the very next number, typed", None, "2", "number_by_hand"),
        ("nothing but spaces", None, "  ", ""),
    ],
)
def test_a_number_is_neither_squeezed_in_nor_typed(
    papers: Paperwork, label: str, on: date | None, number: str, code: str
) -> None:
    waiting, other = signed(papers), signed(papers)
    papers.today = TODAY + timedelta(days=2)
    papers.issue(other)
    if not code:
        papers.issue(waiting, on=on, number=number)
        assert papers.row(waiting)["number"] == 2
        return
    with pytest.raises(CoopcaseError) as refused:
        papers.issue(waiting, on=on, number=number)
    assert refused.value.code == code, label
    assert papers.status(waiting) == "approved"
    assert numbers(papers, papers.issue(waiting)) == [(2, papers.today)]


def test_a_cancelled_number_keeps_its_line_and_is_never_given_again(papers: Paperwork) -> None:
    first = papers.issue(signed(papers))
    papers.cancelled(first, "Sai tên hợp tác xã")
    second = papers.issue(signed(papers))
    with reading(papers.bind) as connection:
        lines = book(connection, papers.person("clerk"), year=2016)
    assert [(line["number"], bool(line["cancelled_at"]), line["cancel_reason"]) for line in lines] == [
        (1, True, "Sai tên hợp tác xã"), (2, False, ""),
    ]  # fmt: skip
    assert papers.row(second)["number"] == 2
    for letter, code in ((first, "letter_not_in_status"), (papers.drafted(), "letter_not_in_status")):
        with pytest.raises(Refused) as refused:
            papers.cancelled(letter, "x")
        assert refused.value.code == code
    papers.serve(second, receiver="A")
    with pytest.raises(Refused) as refused:
        papers.cancelled(second, "x")
    assert refused.value.code == "letter_served_already"
    third = papers.issue(signed(papers))
    with pytest.raises(WrongInput):
        papers.cancelled(third, " ")


def test_each_body_and_each_series_has_its_own_book(papers: Paperwork) -> None:
    office = [papers.issue(signed(papers)) for _ in "12"]
    decision = papers.decided()
    assert [papers.row(letter)["number"] for letter in (*office, decision)] == [1, 2, 1]
    with reading(papers.bind) as connection:
        clerk = papers.person("clerk")
        assert books_of(connection, clerk) == [
            ("HBG/district_committee", "decisions", 2016), ("HBG/finance_office", "others", 2016),
        ]  # fmt: skip
        assert book_count(connection, clerk, year=2016) == 5, "three notices, a submission and the decision"
        assert [
            line["id"] for line in book(connection, clerk, year=2016, issuer="HBG/finance_office", limit=1, offset=1)
        ] == office[1:]
        assert book_count(connection, clerk, year=2016, series="decisions") == 1
        assert book(connection, actor(connection, login_of("clerk", "ADG")), year=2016) == []
        assert issuer_names(connection)("HBG/finance_office", "vi") == "Phòng Tài chính - Kế hoạch quận Hồng Bàng"


def test_each_council_and_each_commune_numbers_its_own(papers: Paperwork) -> None:
    council = papers.issued(papers.handed_in_as_draft("newspaper_request"))
    commune = papers.issued(papers.handed_in_as_draft("activity_statement"))
    other = Paperwork(papers.bind, "HP-2016-0002")
    second = other.issued(other.handed_in_as_draft("newspaper_request"))
    assert [papers.row(letter)["number"] for letter in (council, commune, second)] == [1, 1, 1]
    with reading(papers.bind) as connection:
        issuers = [issuer for issuer, _, _ in books_of(connection, papers.person("clerk"))]
        named = [
            issuer_names(connection)(issuer, "vi") for issuer in (*issuers, "HBG/commune_committee/THỊ TRẤN NÚI ĐÈO")
        ]
    assert [issuer.split("/")[:2] for issuer in issuers] == [
        ["HBG", "commune_committee"], ["HBG", "council"], ["HBG", "council"],
    ]  # fmt: skip
    assert "Hội đồng giải thể (hồ sơ HP-2016-0002), quận Hồng Bàng" in named
    assert named[-1].startswith("Ủy ban nhân dân thị trấn Núi Đèo,")


def test_a_book_of_the_city_is_not_shown_to_a_district_in_part(papers: Paperwork) -> None:
    papers.issue(signed(papers))
    with writing(papers.bind) as connection:  # as a letter of the city about a unit of this district is entered
        connection.execute(update(book_entries).values(issuer="HP/department"))
    with reading(papers.bind) as connection:
        assert book(connection, papers.person("clerk"), year=2016) == []
        assert books_of(connection, papers.person("clerk")) == []
        city = actor(connection, login_of("manager", None))
        assert [line["issuer"] for line in book(connection, city, year=2016)] == ["HP/department"]


def test_the_book_says_by_name_who_gets_it(papers: Paperwork) -> None:
    letter = papers.issue(signed(papers))
    with reading(papers.bind) as connection:
        (found,) = outgoing(connection, papers.person("clerk"), year=2016)
    (row,) = found.rows
    frozen = papers.row(letter)["data"]["frozen"]
    whom = str(row[4])
    assert whom.split("; ") == [*frozen["addressees"], *frozen["recipients"][1:-1]]
    assert "Như trên" not in whom
    assert row[1] == TODAY and row[6] == len(whom.split("; ")) + 2


def printed(registers: Sequence[Table]) -> tuple[list[tuple[int, int]], str]:
    """The sizes of the pages in millimetres, and the text."""
    data = register_pdf(*registers, printed_on=TODAY, mark=mark_of(False, "vi"))
    with pikepdf.open(io.BytesIO(data)) as document:
        boxes = [[float(side) for side in page.mediabox] for page in document.pages]
    text = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=data, capture_output=True, check=True
    ).stdout.decode()
    return [(round(box[2] * 25.4 / 72), round(box[3] * 25.4 / 72)) for box in boxes], text


def test_the_number_book_prints_eight_columns_across_a3(papers: Paperwork) -> None:
    letter = papers.issue(signed(papers))
    papers.cancelled(letter, "=SUM(A1)")
    papers.decided()
    with reading(papers.bind) as connection:
        found = outgoing(connection, papers.person("clerk"), year=2016)
    assert [len(item.columns) for item in found] == [8, 8]
    assert found[1].rows[0][-1] == f"Hủy: =SUM(A1) ({papers.person('clerk').name})"
    sizes, text = printed(found)
    assert sizes == [(420, 297), (420, 297)]
    for words in (
        "SỔ ĐĂNG KÝ VĂN BẢN ĐI NĂM 2016",
        "Phòng Tài chính - Kế hoạch quận Hồng Bàng",
        "01/TB-TCKH",
        "Hủy: =SUM(A1)",
    ):
        assert words in text
    workbook = load_workbook(io.BytesIO(tables_xlsx(*found, mark=mark_of(False, "vi"))))
    first, second = workbook.worksheets
    assert workbook.sheetnames == ["UBND Hồng Bàng, QĐ", "TCKH Hồng Bàng, VB khác"]
    assert [cell.value for cell in first[1]] == [column.heading for column in outgoing_columns(2016)]
    assert (first.page_setup.paperSize, first.page_setup.orientation) == (8, "landscape")
    assert second["A2"].value == "01/TB-TCKH"
    assert second["H2"].data_type == "s" and second["B2"].is_date


def test_after_2020_it_has_ten_columns() -> None:
    assert [len(outgoing_columns(year)) for year in (2012, 2019, 2020, 2024)] == [8, 8, 10, 10]


def test_the_hand_over_book_names_who_took_what_and_leaves_room_to_sign(papers: Paperwork) -> None:
    handed, sent, waiting, void = (papers.issue(signed(papers)) for _ in "1234")
    papers.serve(handed, receiver="Bà Lan")
    papers.serve(sent, "post", "sent", tracking="RR 7", evidence=[])
    papers.cancelled(void, "Sai")
    with reading(papers.bind) as connection:
        clerk = papers.person("clerk")
        (found,) = handover(connection, clerk, year=2016)
        (other_day,) = handover(connection, clerk, year=2016, on=date(2016, 3, 1))
    assert [column.heading for column in found.columns] == [
        "Ngày chuyển", "Số, ký hiệu văn bản", "Nơi nhận văn bản", "Ký nhận", "Ghi chú",
    ]  # fmt: skip
    printed_rows = [list(map(shown, found.columns, row)) for row in found.rows]
    assert [(row[0], row[1][:2], row[3]) for row in printed_rows] == [
        ("14/03/2016", "01", ""), ("14/03/2016", "02", ""), ("", "03", ""),
    ]  # fmt: skip
    assert [row[2] for row in printed_rows][:2] == ["Bà Lan", "Bưu điện"]
    assert "RR 7" in printed_rows[1][4]
    assert papers.row(waiting)["number"] == 3
    assert other_day.rows == []
    sizes, text = printed([found])
    assert sizes == [(297, 210)]
    assert "SỔ CHUYỂN GIAO VĂN BẢN ĐI NĂM 2016" in text


def test_an_empty_book_prints(papers: Paperwork) -> None:
    with reading(papers.bind) as connection:
        for role in ROLES:
            person = papers.person(role)
            for found in (outgoing, handover, incoming_of):
                assert "Quận Hồng Bàng" in printed(found(connection, person, year=2015))[1]
