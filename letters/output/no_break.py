"""Splits text into parts of which every second one must not break at the end of a line."""

import re
from functools import cache
from importlib.resources import files

import yaml

# a number with its symbol; a telephone number; a word and the dash after it
_DASH = re.compile(r"\S{1,6} -(?= )")
_HELD = re.compile(r"\d{1,6}/[\w/-]{1,24}|\d+(?: \d{1,3})+|\S{1,20} -(?= )")


def kept(text: str) -> list[str]:
    """Return the parts of running text."""
    return _HELD.sub(_apart, text).split("\0")


def kept_in_cell(text: str) -> list[str]:
    """Return the parts of a table cell, which may be too narrow for a whole symbol."""
    return _DASH.sub(_apart, text).split("\0")


def kept_in_heading(text: str) -> list[str]:
    """Return the parts of a centred line, where words of several syllables are kept together too."""
    return _in_heading().sub(_apart, text).split("\0")


def _apart(found: re.Match[str]) -> str:
    return f"\0{found[0]}\0"


@cache
def _in_heading() -> re.Pattern[str]:
    words: list[str] = yaml.safe_load(files("letters").joinpath("compounds.yaml").read_text(encoding="utf-8"))
    return re.compile(f"{_HELD.pattern}|{'|'.join(words)}", re.IGNORECASE)
