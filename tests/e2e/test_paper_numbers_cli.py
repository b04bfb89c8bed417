"""Numbers from a book on paper from the command line: pairs or a file, all or none."""

import json
from pathlib import Path

import pytest
from openpyxl import load_workbook

from cli.app import app
from models.errors import NotFound
from tests.command_line import CliRunner
from tests.correspondence.ink.desk import BOOK, InkDesk, book_on_paper
from tests.e2e.walking import coopcase
from tests.web.web_office import Office, login_of

CLERK = ("--by", login_of("clerk"))


@pytest.fixture
def desk(office: Office) -> InkDesk:
    return book_on_paper(office)


def test_the_form_is_written_filled_in_and_read(desk: InkDesk, tmp_path: Path) -> None:
    letters, form = [desk.signed() for _ in "12"], tmp_path / "so.xlsx"
    listed = coopcase("bulk", "to-number", "--out", str(form), *CLERK)
    assert [(row["id"], row["book"], row["signed_on"]) for row in listed] == [
        (letter, BOOK, "2016-03-14") for letter in letters
    ]
    book = load_workbook(form)
    for row, number in ((2, 41), (3, 7)):
        book.worksheets[0].cell(row, 2, number)
    book.save(form)
    done = coopcase("bulk", "number", "--file", str(form), "--on", "14/03/2016", *CLERK)
    assert done == {"issued": letters, "count": 2, "wrong": []}
    assert [desk.row(letter)["number"] for letter in letters] == [41, 7]
    assert coopcase("bulk", "to-number", *CLERK) == []


def test_every_wrong_pair_is_named_with_its_letter(desk: InkDesk) -> None:
    first, second = desk.signed(), desk.signed()
    pairs = (f"{first}=7@31/02/2016", f"{second}=x")
    done = CliRunner().invoke(app, ["bulk", "number", *pairs, "--on", "14/03/2016", *CLERK, "--json"])
    assert done.exit_code == 2
    wrong = json.loads(done.stdout)["wrong"]
    assert [(one["letter"], one["cell"]) for one in wrong] == [(first, "on"), (second, "number")]
    listed = CliRunner().invoke(app, ["bulk", "number", *pairs, "--on", "14/03/2016", *CLERK]).stdout
    assert [line.split()[0] for line in listed.splitlines()] == [str(first), str(second)]
    assert coopcase("bulk", "number", f"{first}=7@14/03/2016", *CLERK)["issued"] == [first]
    assert desk.status(second) == "approved"


def test_what_names_no_letter_is_said(desk: InkDesk) -> None:
    done = CliRunner().invoke(app, ["bulk", "number", "mười hai", *CLERK])
    assert (done.exit_code, "VĂN_BẢN=SỐ" in done.stdout) == (2, True)
    with pytest.raises(NotFound):
        coopcase("bulk", "number", "999999=7@14/03/2016", *CLERK)
