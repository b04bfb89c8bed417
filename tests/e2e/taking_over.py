"""Forty half-done cases of 2014-2015 are taken over in a browser: the workbook goes out and comes back filled in."""

import tempfile
from pathlib import Path

from playwright.sync_api import Page
from sqlalchemy import select

from models.database import engine, writing
from models.tables import units
from tests.casework.test_taking_over import FORTY, TYPED, filled
from tests.e2e.keystroke_level import Hand
from tests.web.web_office import new_unit

DISTRICT = "VBO"
LINES = {f"HTX nhận lại số {number:02}": list(TYPED.items())[number % len(TYPED)] for number in range(FORTY)}
IMPORT, HERE = 'nav a[href="/import"]', 'main a[href="/take-over"]'


def known_units(_page: Page, _site: str) -> None:
    """The forty are in the register already."""
    with writing(engine()) as connection:
        known = set(connection.scalars(select(units.c.name).where(units.c.name.in_(LINES))))
        for name in LINES.keys() - known:
            new_unit(connection, name, DISTRICT)


def take_over_forty(hand: Hand) -> None:
    """The form is fetched, a line filled in for each case, looked at, and taken in."""
    hand.open(IMPORT)
    hand.open(HERE)
    with tempfile.TemporaryDirectory() as box:
        book = hand.download('main a.button[href="/take-over/template.xlsx"]', Path(box) / "ho-so-cu.xlsx")
        data, typed = filled(book.read_bytes(), LINES)
        book.write_bytes(data)
        hand.fill_cells(typed)
        hand.attach("#file", book)
        hand.open('form[action="/take-over/file"] button')
    hand.read()
    hand.open('form[action="/take-over/file/commit"] button')


def confirm_forty(hand: Hand) -> None:
    """What is not on file of the forty, confirmed by the second person in one list, where all are ticked."""
    hand.open(IMPORT)
    hand.open(HERE)
    hand.open('main a[href="/take-over/gaps"]')
    hand.read()
    hand.open('main form[action="/take-over/gaps"] button')
