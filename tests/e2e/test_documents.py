"""Documents that are made from the product are as the product has it; the model of keystrokes counts right."""

from pathlib import Path

import pytest

from tests.e2e import guide_document
from tests.e2e.keystroke_level import SECONDS, seconds_of

DOCS = Path(__file__).parents[2] / "docs"


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
