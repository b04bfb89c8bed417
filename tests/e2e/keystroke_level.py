"""Counts what a hand does at a browser, and how long that takes by the keystroke-level model.

Card, Moran and Newell: K a key, P pointing, B a press of the mouse's button, H the hand between mouse and keyboard,
M a decision before each press or field, R waiting for a page. The seconds are those of an average typist.
"""

import base64
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Locator, Page

SECONDS = {"K": 0.28, "P": 1.1, "B": 0.1, "H": 0.4, "M": 1.35, "R": 0.5}

CARRY = """([content, name]) => {
  const bytes = Uint8Array.from(atob(content), (one) => one.charCodeAt(0)), carried = new DataTransfer();
  carried.items.add(new File([bytes], name));
  return carried;
}"""


def seconds_of(operators: str) -> float:
    """How long a run of operators takes; other signs are passed over."""
    return sum(SECONDS.get(operator, 0.0) for operator in operators)


@dataclass
class Hand:
    """One hand at one page: what it did since it began."""

    page: Page
    operators: list[str] = field(default_factory=list)
    clicks: int = 0
    fields: int = 0
    loads: int = 0
    at_keys: bool = False

    def click(self, target: str) -> None:
        self._press(self.page.locator(target).first)

    def open(self, target: str) -> None:
        """A press that leads to another page."""
        with self.page.expect_navigation():
            self.click(target)
        self.loaded()

    def choose(self, target: str, place: int = 1) -> None:
        """The list is opened by a press and an option taken by another."""
        self._press(self.page.locator(target).first, do=False)
        self.page.locator(target).first.select_option(index=place)
        self.operators += ["P", "B", "B"]
        self.clicks += 1
        self.fields += 1

    def type(self, target: str, text: str) -> None:
        """A field is pointed at, and typed into."""
        self._press(self.page.locator(target).first)
        self._keys(len(text))
        self.page.locator(target).first.fill(text)
        self.fields += 1

    def attach(self, target: str, file: Path) -> None:
        """The button of the field, the file in the window of the system, and its button."""
        self._press(self.page.locator(target).first, do=False)
        self.operators += ["M", "P", "B", "B", "P", "B", "B"]
        self.clicks += 2
        self.page.locator(target).first.set_input_files(file)
        self.fields += 1

    def download(self, target: str, file: Path) -> Path:
        """A press that brings a file; it is opened in its own program by a double press."""
        with self.page.expect_download() as brought:
            self._press(self.page.locator(target).first)
        brought.value.save_as(file)
        self.operators += ["R", "M", "P", "B", "B", "B", "B", "R"]
        self.clicks += 1
        return file

    def fill_cells(self, cells: Iterable[str]) -> None:
        """Cells of a sheet that is open: each is decided on, typed and left by a key; then the sheet is saved."""
        for text in cells:
            self.operators.append("M")
            self._keys(len(text) + 1)
            self.fields += 1
        self.operators.append("M")
        self._keys(2)

    def drop(self, target: str, file: Path) -> None:
        """A file is dragged from a folder beside the window onto the field."""
        self.operators += (["H"] if self.at_keys else []) + ["M", "P", "B", "P", "B"]
        self.at_keys = False
        self.clicks += 1
        self.page.locator(target).first.set_input_files(file)
        self.fields += 1

    def drop_on(self, line: str, file: Path) -> None:
        """A file is dragged from a folder beside the window onto a line, which leads to another page."""
        self.operators += (["H"] if self.at_keys else []) + ["M", "P", "B", "P", "B"]
        self.at_keys = False
        self.clicks += 1
        carried = self.page.evaluate_handle(CARRY, [base64.b64encode(file.read_bytes()).decode("ascii"), file.name])
        target = self.page.locator(line).first
        target.dispatch_event("dragover", {"dataTransfer": carried})
        with self.page.expect_navigation():
            target.dispatch_event("drop", {"dataTransfer": carried})
        self.loaded()

    def write(self, text: str) -> None:
        """The field that has the focus is typed into."""
        self.operators.append("M")
        self.page.locator("input:focus, textarea:focus").fill(text)
        self._keys(len(text))
        self.fields += 1

    def find(self, text: str) -> None:
        """The key of the search box and the words; the hits come while they are typed. Figures need no key before."""
        typed = text if text.isdecimal() else "/" + text
        self.operators.append("M")
        self.page.keyboard.type(typed)
        self.page.wait_for_selector("[role=option]")
        self._keys(len(typed))
        self.fields += 1
        self.loaded()

    def press(self, keys: str) -> None:
        """Keys apart by blanks, after one decision; `Control+Enter` is two."""
        self.operators.append("M")
        for key in keys.split():
            self.page.keyboard.press(key)
        self._keys(sum(key.count("+") + 1 for key in keys.split()))

    def go(self, keys: str) -> None:
        """Keys of which the last leads to another page, whose first field has the focus."""
        with self.page.expect_navigation():
            self.press(keys)
        self.page.wait_for_load_state("load")
        self.loaded()

    def read(self) -> None:
        """What is looked for is read off the page."""
        self.operators.append("M")

    @property
    def seconds(self) -> float:
        return seconds_of("".join(self.operators))

    def _press(self, target: Locator, *, do: bool = True) -> None:
        self.operators += (["H"] if self.at_keys else []) + ["M", "P", "B", "B"]
        self.at_keys = False
        self.clicks += 1
        if do:
            target.click()

    def _keys(self, count: int) -> None:
        self.operators += ([] if self.at_keys else ["H"]) + ["K"] * count
        self.at_keys = True

    def loaded(self) -> None:
        """Another page, or the hits of a search, were waited for."""
        self.operators.append("R")
        self.loads += 1
