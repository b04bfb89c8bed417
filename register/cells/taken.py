"""The result of parsing a cell, and the detection of empty, faulty and unreadable cells."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Generic, TypeVar

from models.folding import fold
from register.names import data_file
from register.workbook import Cell, text_of

T = TypeVar("T")

ERRORS = re.compile(r"#(N/A|REF!|NAME\?|VALUE!|DIV/0!|NUM!|NULL!|SPILL!|CALC!|FIELD!|BLOCKED!|GETTING_DATA|#+)|Err:\d+")
FORMULA = re.compile(r"=\s*[\w.+\-(@\"'{]")
LOST_LETTER = re.compile(r"[^\W\d_]\?+[^\W\d_]")
SHORTENED = re.compile(r"\d([.,]\d+)?E\+\d+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Taken(Generic[T]):
    """A parsed value. `doubt`: code of a finding; a doubt without a value: the cell could not be read."""

    value: T | None = None
    doubt: str = ""


@cache
def says(topic: str) -> frozenset[str]:
    """Return the folded phrases of a plain list of the vocabulary."""
    return frozenset(fold(phrase) for phrase in data_file("vocabulary.yaml")[topic])


@lru_cache(maxsize=50_000)
def says_nothing(text: str) -> bool:
    """Whether the text is blank, dashes and dots, or words for "not known"."""
    key = fold(text)
    return key in says("nothing") if key else True


@lru_cache(maxsize=50_000)
def fault_of(text: str) -> str:
    """Return the fault of a cell's text: an error value, a formula, lost letters; "" for none."""
    if ERRORS.fullmatch(text):
        return "cell_error"
    if text.startswith("=") and FORMULA.match(text):
        return "cell_not_calculated"
    if "\ufffd" in text:
        return "character_broken"
    return "letters_lost" if "?" in text and LOST_LETTER.search(text) else ""


def shortened(cell: Cell) -> bool:
    """Whether a spreadsheet has shortened a long number to "9.12E+08"."""
    return isinstance(cell, str) and bool(SHORTENED.fullmatch(text_of(cell)))


@lru_cache(maxsize=50_000)
def toneless(text: str) -> str:
    """Return the text in lower case without diacritics, punctuation kept."""
    marked = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(sign for sign in marked if not unicodedata.combining(sign))
