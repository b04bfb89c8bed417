"""Every letter reads and is laid out as agreed; `python -m tests.letters.golden_files` writes what is new."""

import pytest

from letters.catalogue import letter_types
from tests.letters.golden_files import GOLDEN
from tests.letters.variants import texts, trees

NAMES = sorted(letter_types())
REMEDY = "if this is wanted: python -m tests.letters.golden_files, then look at git diff"


@pytest.mark.parametrize("name", NAMES)
def test_a_letter_reads_as_agreed(name: str) -> None:
    assert (GOLDEN / f"{name}.txt").read_text(encoding="utf-8") == texts(name), REMEDY


@pytest.mark.parametrize("name", NAMES)
def test_a_letter_is_laid_out_as_agreed(name: str) -> None:
    assert (GOLDEN / f"{name}.yaml").read_text(encoding="utf-8") == trees(name), REMEDY


def test_nothing_is_compared_that_is_no_letter() -> None:
    assert {path.stem for path in GOLDEN.iterdir()} == set(NAMES)
