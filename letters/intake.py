"""What may be typed into a letter: refused early, with the character shown."""

import unicodedata
from functools import cache

from letters.fonts import covered
from models.errors import WrongInput
from procedures.values import clean_text


def check_text(value: str, field: str = "text") -> str:
    """The text in NFC. Raises WrongInput for hidden characters and for those the letters' font lacks."""
    text = clean_text(field, value)
    for character in dict.fromkeys(text):
        if not _prints(character):
            name = f"{character} (U+{ord(character):04X})"
            raise WrongInput(field, "character_not_in_font", character=name)
    return text


@cache
def _prints(character: str) -> bool:
    return character in "\n\t" or unicodedata.category(character) == "Zs" or ord(character) in covered()
