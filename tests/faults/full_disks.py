"""Small file systems of our own, and a disk on which not a byte is left."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def small_file_system(place: Path, megabytes: int) -> Iterator[Path]:
    """A new folder with a file system of this size; the test is skipped where none may be mounted."""
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "none", str(place)]
    if subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("this machine does not allow to mount a file system")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=False)


@contextmanager
def filled(folder: Path) -> Iterator[None]:
    """Not a byte is left on the disk of a folder."""
    filler = folder / "filler"
    with filler.open("wb") as file:
        for size in (1 << 20, 4096, 1):
            try:
                while True:
                    os.write(file.fileno(), bytes(size))
            except OSError:
                continue
    yield
    filler.unlink()
