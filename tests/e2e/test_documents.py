"""Documents that are made from the product are as the product has it; the model of keystrokes counts right."""

from pathlib import Path

import pytest

from tests.e2e import guide_document
from tests.e2e.keystroke_level import SECONDS, seconds_of
from tests.e2e.tasks import DOCUMENT, TASKS

DOCS = Path(__file__).parents[2] / "docs"
UNDER_TEN = (  # seconds, as the document says: the steps of a letter, and what is rarer or leaves no record
    "Record the proof of service of a letter",
    "Approve a letter",
    "Submit a letter that was drafted by itself",
    "Number and issue a letter",
    "See what is mine today",
    "Record a visit, its minutes photographed at the seat",
    "Record an obstacle",
    "Record one answer for many cases",
    "Share out the cases of an officer who is ill",
    "See why a case does not move",
)


def test_the_guide_in_docs_is_that_of_the_product() -> None:
    """`python -m tests.e2e.pictures` writes it."""
    assert guide_document.DOCUMENT.read_text(encoding="utf-8") == guide_document.document()


@pytest.mark.parametrize("name", [name for name, _ in guide_document.PICTURES.values()])
def test_every_picture_of_the_guide_is_there_under_its_heading(name: str) -> None:
    assert f"(pictures/{name}.png)" in guide_document.document()
    assert (DOCS / "pictures" / f"{name}.png").is_file()


def test_a_click_and_a_word_take_what_the_model_says() -> None:
    assert seconds_of("MPBB") == pytest.approx(SECONDS["M"] + SECONDS["P"] + 2 * SECONDS["B"])
    assert seconds_of("HKKK") == pytest.approx(SECONDS["H"] + 3 * SECONDS["K"])


def test_every_task_of_the_table_is_ahead_of_its_rival() -> None:
    """As README and the document say; `python -m tests.e2e.tasks` writes the table."""
    lines = [line.strip("| ").split(" | ") for line in DOCUMENT.read_text(encoding="utf-8").splitlines()]
    names = {task.name for task in TASKS}
    took = {name: float(own) for name, *_, own, _ in (line for line in lines if len(line) > 5 and line[0] in names)}
    assert took.keys() == names and len(TASKS) == 25
    assert [task.name for task in TASKS if task.rival is not None and took[task.name] >= task.rival] == []
    assert [name for name in UNDER_TEN if took[name] >= 10] == []
    assert "Ahead in all twenty-five" in (DOCS.parent / "README.md").read_text(encoding="utf-8")
