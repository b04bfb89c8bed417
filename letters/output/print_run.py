"""Many letters as one PDF for the printer, each numbered from page 1; the record is the PDF of each letter."""

import io
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pikepdf

from letters.output.pdf import Printed, pdf_of_many
from letters.output.press import cores
from models.errors import Refused

_AT_ONCE = 5  # letters per run of the compiler: more need more memory and save little time


def print_run(printed: Sequence[Printed]) -> bytes:
    """Return the letters in the given order. Raises PrintError; Refused when they have different standards."""
    if len({item.letter.standard for item in printed}) > 1:
        raise Refused("batch_two_standards")
    parts = [printed[start : start + _AT_ONCE] for start in range(0, len(printed), _AT_ONCE)]
    with ThreadPoolExecutor(cores()) as workers, pikepdf.new() as whole:
        for part in workers.map(pdf_of_many, parts):
            whole.pages.extend(pikepdf.open(io.BytesIO(part)).pages)
        out = io.BytesIO()
        whole.save(out)
    return out.getvalue()
