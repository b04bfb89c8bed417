"""A PDF read back, as another program reads it."""

import shutil
import subprocess

import pytest


def text_of(pdf: bytes) -> str:
    """The text that poppler finds in a PDF."""
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not installed: apt-get install poppler-utils")
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True, timeout=60)
    return done.stdout.decode()
