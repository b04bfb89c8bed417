"""What leaves the house, opened and saved in programs that people have: LibreOffice, and khal for the calendar.

`make office-programs` installs both and runs this file; elsewhere its tests are skipped.
"""

import io
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy import select

from letters.catalogue import letter_types
from letters.output.docx import docx
from letters.output.fonts import font_folder
from letters.output.pdf import pdf
from letters.specimen import preview
from letters.word_text import read_word
from models.database import reading, writing
from models.tables import officers
from notifications.feed import feed, renew
from register.annotation import annotate
from register.gate import compare
from templates.trial_mark import mark_of
from tests.letters.poppler import needs_poppler, pages_of
from tests.register.files import read
from tests.web.web_office import CLOCK, TODAY, Office, Visitor, login_of, new_case

pytestmark = [
    pytest.mark.timeout(600),
    pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed: make office-programs"),
]
SAMPLE = Path(__file__).parents[2] / "samples" / "so-dang-ky-mau.xlsx"
NUMBER = 5
LIKE_A_FORMULA = "=1+1 HTX Vận tải"
XLSX, DOCX = "xlsx:Calc MS Excel 2007 XML", "docx:MS Word 2007 XML"


def saved_by_libreoffice(given: Mapping[str, bytes], form: str, folder: Path) -> dict[str, bytes]:
    """Files by name, each saved in another form; Tinos takes the place of Times New Roman, whose widths it has."""
    source, target, profile = folder / "given", folder / "saved", folder / "profile"
    source.mkdir(parents=True)
    for name, data in given.items():
        (source / name).write_bytes(data)
    known = folder / "fonts.conf"
    known.write_text(
        f"<fontconfig><dir>{font_folder()}</dir><dir>/usr/share/fonts</dir><cachedir>{folder / 'cache'}</cachedir>"
        "<alias binding='same'><family>Times New Roman</family><prefer><family>Tinos</family></prefer></alias>"
        "</fontconfig>"
    )
    command = ["soffice", "--headless", f"-env:UserInstallation=file://{profile}", "--convert-to", form]
    command += ["--outdir", str(target), *map(str, sorted(source.iterdir()))]
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "FONTCONFIG_FILE": str(known)}
    subprocess.run(command, check=True, capture_output=True, timeout=500, env=environment)
    ending = form.partition(":")[0]
    return {name: (target / f"{Path(name).stem}.{ending}").read_bytes() for name in given}


def sheet_of(data: bytes) -> Worksheet:
    return load_workbook(io.BytesIO(data)).worksheets[0]


def cells_of(page: Worksheet) -> list[list[object]]:
    """The cells with their kinds: a number that became a text would differ."""
    return [list(row) for row in page.iter_rows(values_only=True)]


@pytest.mark.parametrize("address", ["/work.xlsx?scope=office", "/register.xlsx", "/book/2016/outgoing.xlsx"])
def test_a_list_keeps_its_numbers_days_and_filter(
    office: Office, as_role: Callable[..., Visitor], tmp_path: Path, address: str
) -> None:
    with writing(office.bind) as connection:
        new_case(connection, LIKE_A_FORMULA, "HBG")
    ours = as_role("manager").get(address).content
    theirs = saved_by_libreoffice({"list.xlsx": ours}, XLSX, tmp_path)["list.xlsx"]
    before, after = sheet_of(ours), sheet_of(theirs)
    assert cells_of(after) == cells_of(before)
    assert after.auto_filter.ref == before.auto_filter.ref
    if "book" not in address:
        assert LIKE_A_FORMULA in {value for row in cells_of(after) for value in row}


@pytest.mark.parametrize("form", ["ods", "xls", XLSX])
def test_a_register_saved_there_reads_as_before(tmp_path: Path, form: str) -> None:
    data, ending = SAMPLE.read_bytes(), form.partition(":")[0]
    saved = saved_by_libreoffice({SAMPLE.name: data}, form, tmp_path)[SAMPLE.name]
    before, after = read(data, SAMPLE.name), read(saved, f"so.{ending}")
    assert len(before.rows) > 50
    assert [(row.name, row.district, row.row) for row in after.rows] == [
        (row.name, row.district, row.row) for row in before.rows
    ]
    assert [[finding.code for finding in row.findings] for row in after.rows] == [
        [finding.code for finding in row.findings] for row in before.rows
    ]


def test_the_annotated_register_saved_there_can_be_sent_back(tmp_path: Path) -> None:
    data = SAMPLE.read_bytes()
    before = read(data, SAMPLE.name)
    plan = compare(before.rows, [], before.of_sheets, skipped=before.skipped)
    annotated = annotate(data, SAMPLE.name, plan, "vi", mark_of(False, "vi"))
    saved = saved_by_libreoffice({"nhan-xet.xlsx": annotated}, XLSX, tmp_path)["nhan-xet.xlsx"]
    after = read(saved, "nhan-xet.xlsx")
    assert [(row.name, row.row) for row in after.rows] == [(row.name, row.row) for row in before.rows]


@needs_poppler
def test_every_letter_is_as_long_there_as_in_print_and_says_the_same(tmp_path: Path) -> None:
    letters = {name: preview(name) for name in sorted(letter_types())}
    given = {f"{name}.docx": docx(letter, NUMBER) for name, letter in letters.items()}
    printed = saved_by_libreoffice(given, "pdf", tmp_path / "printed")
    longer = {
        name: (pages, ours)
        for name, letter in letters.items()
        if (pages := len(pages_of(printed[f"{name}.docx"]))) != (ours := len(pages_of(pdf(letter, NUMBER))))
    }
    assert longer == {}
    again = saved_by_libreoffice(given, DOCX, tmp_path / "again")
    assert [name for name in given if read_word(again[name]).body != read_word(given[name]).body] == []


@pytest.mark.skipif(shutil.which("khal") is None, reason="khal is not installed: make office-programs")
def test_a_calendar_program_shows_the_dates_of_the_feed(office: Office, tmp_path: Path) -> None:
    with writing(office.bind) as connection:
        me = connection.scalars(select(officers.c.id).where(officers.c.login == login_of("case_officer"))).one()
        token = renew(connection, me)
    with reading(office.bind) as connection:
        (tmp_path / "feed.ics").write_text(feed(connection, token, TODAY, CLOCK.now()), newline="")
    settings = tmp_path / "khal.conf"
    settings.write_text(
        f"[calendars]\n[[office]]\npath = {tmp_path / 'calendar'}\n[sqlite]\npath = {tmp_path / 'khal.db'}\n"
        "[locale]\ndateformat = %d/%m/%Y\nlongdateformat = %d/%m/%Y\ndatetimeformat = %d/%m/%Y %H:%M\n"
        "longdatetimeformat = %d/%m/%Y %H:%M\ntimeformat = %H:%M\n"
    )
    khal = ["khal", "--config", str(settings)]
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "LC_ALL": "C.UTF-8"}
    subprocess.run([*khal, "import", "--batch", str(tmp_path / "feed.ics")], check=True, env=environment)
    show = [*khal, "list", "--format", "{start-date} {title}", "14/03/2016", "60d"]
    shown = subprocess.run(show, check=True, capture_output=True, text=True, env=environment).stdout
    assert "15/03/2016 Kiểm tra hồ sơ đăng ký: HTX Dịch vụ nông nghiệp Bạch Đằng" in shown
