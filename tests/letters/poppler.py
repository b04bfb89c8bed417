"""What poppler sees in a PDF: its pages as text and as pictures."""

import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

needs_poppler = pytest.mark.skipif(
    shutil.which("pdftotext") is None or shutil.which("pdftoppm") is None,
    reason="poppler is not installed: apt-get install poppler-utils",
)


def pages_of(data: bytes, *options: str) -> list[str]:
    """The text of each page."""
    done = subprocess.run(["pdftotext", *options, "-", "-"], input=data, capture_output=True, check=True)
    return done.stdout.decode().split("\f")[:-1]


def pictures_of(data: bytes) -> list[bytes]:
    """Each page as grey levels, small; 255 is white."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["pdftoppm", "-r", "20", "-gray", "-", f"{folder}/p"]
        subprocess.run(command, input=data, capture_output=True, check=True)
        found = sorted(Path(folder).glob("*.pgm"), key=lambda path: int(path.stem.rpartition("-")[2]))
        return [path.read_bytes().split(b"\n", 3)[3] for path in found]


def ink_of(picture: bytes) -> int:
    """How many of its points are not white."""
    return sum(level < 200 for level in picture)
