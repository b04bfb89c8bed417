"""Choices as they are typed into cells: by their code or by their words in either language."""

from typing import Any

from procedures.facts import Need


def code_of(need: Need, value: Any) -> Any:
    """The code of a choice that was typed by its words; any other value as it is."""
    text = " ".join(str(value).split()).casefold()
    if need.type != "choice" or text in need.options:
        return value
    said = (code for code, words in need.options.items() if text in {word.casefold() for word in words.values()})
    return next(said, value)
