"""Checks of text typed for letters: unprintable characters are refused and shown."""

import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from letters.output.fonts import covered
from letters.tree import Block, Letter, Table
from models.errors import WrongInput
from procedures.state_machine.field_values import clean_text

_printing: set[str] = set()  # characters that print
_HIDDEN = frozenset(("Cc", "Cf", "Cs", "Co", "Cn"))  # control, format, surrogate, private-use and unassigned characters


def check_text(value: str, field: str = "text") -> str:
    """Return the text in NFC. Raises WrongInput for hidden characters and for those that the font lacks."""
    text = clean_text(field, value)
    found = unprintable(text)
    if found:
        code = "hidden_character" if unicodedata.category(found) in _HIDDEN else "character_not_in_font"
        raise WrongInput(field, code, character=shown(found))
    return text


def check_values(data: Mapping[str, Any]) -> None:
    """Check every text among the values of an act or a letter, tables included. Raises WrongInput naming the field."""
    for name, value in data.items():
        if isinstance(value, str):
            check_text(value, name)
        if isinstance(value, Mapping):  # what is typed for an act that waits for its paper
            check_values(value)
        for place, row in enumerate(value if isinstance(value, list) else (), start=1):
            if isinstance(row, Mapping):
                check_values({f"{name}[{place}].{column}": cell for column, cell in row.items()})


def unprintable(text: str) -> str:
    """Return the first unprintable character of a text; empty when it has none."""
    if _printing.issuperset(text):
        return ""
    for character in dict.fromkeys(text):
        if not _prints(character):
            return character
        _printing.add(character)
    return ""


def unprintable_in(letter: Letter) -> str:
    """Return the first unprintable character of a letter, e.g. in texts recorded before they were checked."""
    return next(filter(None, map(unprintable, _texts(letter))), "")


def shown(character: str) -> str:
    """Return the character for messages: itself where visible, with its code point."""
    code = f"U+{ord(character):04X}"
    return code if unicodedata.category(character) in _HIDDEN else f"{character} ({code})"


@cache
def _prints(character: str) -> bool:
    if character in "\n\t" or unicodedata.category(character) == "Zs":
        return True
    return unicodedata.category(character) not in _HIDDEN and ord(character) in covered()


def _texts(letter: Letter) -> Iterator[str]:
    yield from (letter.parent, letter.issuer, letter.place, letter.summary, letter.signer, letter.author)
    yield from (*letter.addressees, *letter.authority, *letter.recipients, *(letter.second_signer or ()))
    yield from (text for signer in letter.co_signers for text in signer)
    yield from (appendix.title for appendix in letter.appendices)
    for part in (*letter.body, *(part for appendix in letter.appendices for part in appendix.body)):
        if isinstance(part, Block):
            yield part.text
        elif isinstance(part, Table):
            yield from (cell for row in (part.header, *part.rows) for cell in row)
