"""Files as programs store them: parts under other names, errors, formulas, hidden rows, stray quotation marks."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from models.errors import WrongInput
from register.interpret import Reading
from tests.register.files import read, saved, with_cells, with_parts, xlsx, zipped

TABLE: list[list[object]] = [
    ["Tên HTX", "Huyện", "Số thành viên", "Ghi chú"],
    ["HTX Một", "An Lão", 25, "a"],
    ["HTX Hai", "An Lão", 26, "b"],
]
GOOD = xlsx(("S", TABLE))


def names(reading: Reading) -> list[str]:
    return [unit.name for unit in reading.rows]


@pytest.mark.parametrize("error", ["#REF!", "#N/A", "#DIV/0!"])
def test_an_error_and_a_formula_without_a_result_are_reported(error: str) -> None:
    data = with_cells(GOOD, {"C2": f'<c r="C2" t="e"><v>{error}</v></c>', "C3": '<c r="C3"><f>SUM(1,24)</f></c>'})

    assert [(each.row, each.column, each.value) for each in read(data).findings] == [
        (2, "C", error), (3, "C", "=SUM(1,24)"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "cell", ['<c r="C3"><f>A1</f><v/></c>', '<c r="C3"><f t="shared" si="0"/></c>', "<c><f>A1</f><v></v></c>"]
)
def test_formulas_never_calculated_in_any_form(cell: str) -> None:
    (finding,) = read(with_cells(GOOD, {"C3": cell})).findings

    assert (finding.row, finding.column, finding.code) == (3, "C", "cell_not_calculated")


def test_a_formula_that_gave_no_text_is_no_fault() -> None:
    assert read(with_cells(GOOD, {"D3": '<c r="D3" t="str"><f>IF(1,"")</f><v></v></c>'})).findings == ()


def test_text_beside_the_place_for_it_is_read() -> None:
    data = with_cells(GOOD, {"A3": '<c r="A3" t="inlineStr"><v>HTX Ba &amp; Con</v></c>'})

    assert names(read(data)) == ["HTX Một", "HTX Ba & Con"]


PLACES = {
    "xl/workbook.xml": "so/quyen.xml",
    "xl/_rels/workbook.xml.rels": "so/_rels/quyen.xml.rels",
    "xl/styles.xml": "so/kieu.xml",
    "xl/worksheets/sheet1.xml": "so/trang/mot.xml",
}


def moved(name: str, xml: bytes) -> tuple[str, bytes]:
    """The workbook in a folder of another name, its parts named relative to it."""
    if name == "_rels/.rels":
        xml = xml.replace(b"xl/workbook.xml", b"so/quyen.xml")
    if name == "xl/_rels/workbook.xml.rels":
        xml = xml.replace(b"/xl/styles.xml", b"kieu.xml").replace(b"/xl/worksheets/sheet1.xml", b"trang/mot.xml")
    return PLACES.get(name, name), xml


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda name, xml: (name.upper().replace(".XML", ".xml"), xml), id="capitals"),
        pytest.param(lambda name, xml: (name.replace("xl/w", "xl/W"), xml), id="one capital"),
        pytest.param(moved, id="elsewhere"),
    ],
)
def test_parts_under_other_names(change: object) -> None:
    assert names(read(with_parts(GOOD, change))) == ["HTX Một", "HTX Hai"]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "cell", ['<c r="A60000" s="0"></c>', '<c r="A60000"/>', '<c r="XFD9"><v></v></c>', '<c r="A60000" t="s"> </c>']
)
def test_an_empty_cell_far_out_is_nothing(cell: str) -> None:
    row = f'<row r="60000">{cell}</row></sheetData>'.encode()
    data = with_parts(GOOD, lambda name, xml: (name, xml.replace(b"</sheetData>", row)))

    assert names(read(data)) == ["HTX Một", "HTX Hai"]


def test_a_value_far_out_is_refused_with_its_cell() -> None:
    row = b'<row r="60000"><c r="B60000"><v>1</v></c></row></sheetData>'
    with pytest.raises(WrongInput) as refused:
        read(with_parts(GOOD, lambda name, xml: (name, xml.replace(b"</sheetData>", row))))

    assert (refused.value.code, refused.value.params["place"]) == ("register_too_many_cells", "B60000")


def test_rows_hidden_by_a_filter_are_read_and_reported() -> None:
    book = Workbook()
    for row in [*TABLE, ["HTX Ba", "An Lão", 3, ""], ["HTX Bốn", "An Lão", 3, ""]]:
        book.worksheets[0].append(row)
    for at in (2, 4, 5):
        book.worksheets[0].row_dimensions[at].hidden = True
    reading = read(saved(book))

    assert len(reading.rows) == 4
    assert [(each.code, each.value, each.params["count"]) for each in reading.findings] == [
        ("rows_hidden", "2, 4-5", 3)
    ]


def test_a_hidden_sheet_with_units_is_named() -> None:
    book = Workbook()
    for page in (book.worksheets[0], book.create_sheet("Nháp")):
        for row in TABLE:
            page.append(row)
    book.worksheets[1].sheet_state = "hidden"
    reading = read(saved(book))

    assert (len(reading.rows), [(each.sheet, each.code) for each in reading.findings]) == (
        2,
        [("Nháp", "sheet_hidden")],
    )


def test_days_counted_from_1904() -> None:
    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    table: list[list[object]] = [["Tên HTX", "Huyện", "Ngày thành lập"], ["HTX Một", "An Lão", 38_842]]
    for row in table:
        book.worksheets[0].append(row)
    (unit,) = read(saved(book)).rows

    assert str(unit.founded_on) == "2010-05-06"
    assert [each.code for each in unit.findings] == ["date_from_number"]


@pytest.mark.parametrize("cell", ['="0912345678"', "'0912345678", '"=""0912345678"""'])
def test_numbers_kept_as_text_by_a_trick(cell: str) -> None:
    (unit,) = read(f"Tên HTX;Huyện;Điện thoại\nHTX Một;An Lão;{cell}\n").rows

    assert (unit.phone, unit.findings) == ("0912345678", ())


LIST = "STT;Tên HTX;Quận/huyện;Số thành viên;Ghi chú\n" + "".join(
    f"{at};HTX Số {at} Đông;Huyện Vĩnh Bảo;2{at};Đủ giấy tờ\n" for at in range(1, 9)
)


def test_bytes_that_fit_nowhere_break_their_own_cell_only() -> None:
    at = LIST.encode().index("giấy".encode()) + 3
    data = LIST.encode()[:at] + b"\xff" + LIST.encode()[at:]
    reading = read(data)

    assert len(reading.rows) == 8
    assert [(each.row, each.column, each.code) for each in reading.findings] == [(2, "E", "character_broken")]


@pytest.mark.parametrize("code", ["cp1252", "latin-1"])
def test_utf8_encoded_twice_reads_as_it_was(code: str) -> None:
    twice = LIST.encode().decode(code, errors="replace").encode()
    reading = read(twice)

    assert [unit.district for unit in reading.rows] == ["Huyện Vĩnh Bảo"] * 8
    assert [unit.name for unit in reading.rows] == [f"HTX Số {at} Đông" for at in range(1, 9)]


def test_a_quotation_mark_that_does_not_close_is_refused_with_its_cell() -> None:
    with pytest.raises(WrongInput) as refused:
        read(LIST.replace(";Đủ", ';"Đủ', 1))

    assert (refused.value.code, refused.value.params["row"], refused.value.params["column"]) == (
        "register_quote",
        2,
        "E",
    )


def test_two_stray_marks_that_swallow_all_rows_are_refused_at_the_first() -> None:
    with pytest.raises(WrongInput) as refused:
        read(LIST.replace(";HTX Số 1", ';"HTX Số 1').replace("\n8;", '\n8";'))

    assert (refused.value.code, refused.value.params["row"], refused.value.params["column"]) == (
        "register_quote",
        2,
        "B",
    )


def test_a_whole_row_between_two_marks_is_refused() -> None:
    with pytest.raises(WrongInput) as refused:
        read(
            LIST.replace(
                "2;HTX Số 2 Đông;Huyện Vĩnh Bảo;22;Đủ giấy tờ", '"2;HTX Số 2 Đông;Huyện Vĩnh Bảo;22;Đủ giấy tờ"'
            )
        )

    assert (refused.value.code, refused.value.params["row"]) == ("register_quote", 3)


def test_quotation_marks_that_belong_there_stay() -> None:
    reading = read('Tên HTX;Huyện;Ghi chú\n"HTX ""Sao; Biển""";An Lão;"hai\ndòng; nhé"\nHTX Ống 21";An Lão;x\n')

    assert names(reading) == ['HTX "Sao; Biển"', 'HTX Ống 21"']


@given(
    st.lists(
        st.tuples(st.integers(1, 8), st.integers(0, 4), st.sampled_from(["start", "middle", "end", "both"])), max_size=3
    )
)
def test_stray_quotation_marks_are_refused_or_swallow_nothing(strays: list[tuple[int, int, str]]) -> None:
    rows = [line.split(";") for line in LIST.splitlines()]
    for row, column, where in strays:
        cell = rows[row][column]
        rows[row][column] = {
            "start": '"' + cell, "end": cell + '"', "both": f'"{cell}"', "middle": cell[:1] + '"' + cell[1:],
        }[where]  # fmt: skip
    try:
        reading = read("\n".join(map(";".join, rows)) + "\n")
    except WrongInput as refused:
        assert refused.code == "register_quote"
        assert refused.params["row"] in {row + 1 for row, _, _ in strays}
        return
    assert len(reading.rows) == 8


def test_the_reader_is_given_the_file_itself_when_nothing_is_amiss() -> None:
    from register.xlsx_parts import look_into

    assert look_into(GOOD, "so.xlsx").data is GOOD
    assert io.BytesIO(GOOD).read(2) == b"PK"


def ods(rows: list[str]) -> bytes:
    spaces = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
        for short, long in (("office", "office"), ("table", "table"), ("text", "text"))
    )
    content = (
        f'<office:document-content {spaces} xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:'
        'calcext:1.0" office:version="1.2"><office:body><office:spreadsheet><table:table table:name="S">'
        f"{''.join(rows)}</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>'
    )
    return zipped(
        {"mimetype": kind.encode(), "META-INF/manifest.xml": manifest.encode(), "content.xml": content.encode()}
    )


def ods_row(*texts: str, more: str = "") -> str:
    cells = "".join(
        f'<table:table-cell table:formula="of:=1/0" office:value-type="string" office:string-value="" '
        f'calcext:value-type="error"><text:p>{text}</text:p></table:table-cell>'
        if text.startswith("#")
        else f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'
        for text in texts
    )
    return f"<table:table-row{more}>{cells}</table:table-row>"


def test_errors_and_hidden_rows_of_an_ods_are_reported() -> None:
    hidden = ' table:visibility="filter"'
    reading = read(ods([ods_row("Tên HTX", "Huyện", "Số GCN"), ods_row("HTX Một", "An Lão", "#DIV/0!"),
                        ods_row("HTX Hai", "An Lão", "02/2", more=hidden)]), "so.ods")  # fmt: skip

    assert names(reading) == ["HTX Một", "HTX Hai"]
    assert [(each.code, each.row, each.column, each.value) for each in reading.findings] == [
        ("rows_hidden", 0, "", "3"), ("cell_error", 2, "C", "#DIV/0!"),
    ]  # fmt: skip
