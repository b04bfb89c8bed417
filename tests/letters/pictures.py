"""Draws the pictures of docs/letters.md again: `python -m tests.letters.pictures` (needs poppler-utils)."""

import io
import subprocess
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

from letters.output.pdf import pdf
from letters.specimen import SIGNING_DAY, preview
from tests.letters.hard import claims, named, stamped, with_rows
from tests.letters.variants import NEW, NUMBER

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
DOTS = "66"  # to the inch
GAP, TABLE_COLOUR = 8, (120, 130, 140)


def pictures() -> Mapping[str, list[Image.Image]]:
    """The pages of each picture, from left to right."""
    table = with_rows("payout_plan", "claims", claims(70))
    drawn = {
        "letter_standards": [
            *pages(pdf(preview("dissolution_decision", SIGNING_DAY), NUMBER), 1),
            *pages(pdf(preview("dissolution_decision", NEW), NUMBER), 1),
        ],
        "letter_long_name": pages(pdf(named("creditor_notice", 200, NEW), NUMBER), 2),
        "letter_appendix": pages(pdf(table, NUMBER), 3),
        "letter_city": pages(pdf(preview("submission_compulsory", SIGNING_DAY, "city"), NUMBER), 2),
        "letter_stamps": pages(pdf(stamped(urgency="hoa_toc", secrecy="mat", circulation="xem_xong_tra_lai"), None), 1),
        "letter_form": pages(pdf(preview("asset_inventory", SIGNING_DAY, way="voluntary", empty=True)), 2),
    }
    drawn["letter_stamps_and_form"] = drawn.pop("letter_stamps") + drawn.pop("letter_form")[:1]
    return drawn


def pages(data: bytes, most: int) -> list[Image.Image]:
    """The first pages of a PDF as pictures."""
    with TemporaryDirectory() as folder:
        command = ["pdftoppm", "-r", DOTS, "-l", str(most), "-png", "-", f"{folder}/p"]
        subprocess.run(command, input=data, capture_output=True, check=True)
        return [Image.open(io.BytesIO(path.read_bytes())).convert("RGB") for path in sorted(Path(folder).iterdir())]


def beside(drawn: list[Image.Image]) -> Image.Image:
    """Pages on a table, side by side; few colours, so that the file stays small."""
    width = sum(page.width + GAP for page in drawn) + GAP
    found = Image.new("RGB", (width, drawn[0].height + 2 * GAP), TABLE_COLOUR)
    left = GAP
    for page in drawn:
        found.paste(page, (left, GAP))
        left += page.width + GAP
    return found.quantize(40, Image.Quantize.FASTOCTREE)


if __name__ == "__main__":
    for name, drawn in pictures().items():
        beside(drawn).save(FOLDER / f"{name}.png", optimize=True)
