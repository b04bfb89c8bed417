"""Stamps of letters from marks.yaml: urgency, secrecy and circulation."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from models.errors import WrongInput
from templates.trial_mark import mark_of

MARKS = "marks"  # reserved key of the typed values: codes of the letter's marks
TRIAL = mark_of(True, "vi")  # on every page of a trial office's letters
CELLS = ("secrecy", "urgency", "circulation")


@cache
def marks() -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
    """Return the marks of each cell by code."""
    text = files("letters").joinpath("marks.yaml").read_text(encoding="utf-8")
    found: Mapping[str, Mapping[str, Mapping[str, Any]]] = yaml.safe_load(text)
    return found


def mark_words(cell: str) -> dict[str, dict[str, str]]:
    """Return the labels of the marks of a cell, by code."""
    return {code: {"vi": mark["text"], "en": f"{mark['en']} ({mark['text']})"} for code, mark in marks()[cell].items()}


def chosen(data: Mapping[str, str]) -> dict[str, str]:
    """Return the chosen code of every cell. Raises WrongInput for an unknown cell or code."""
    unknown = next((cell for cell in data if cell not in CELLS), None)
    if unknown is not None:
        raise WrongInput(unknown, "no_such_mark", value=data[unknown], options=", ".join(CELLS))
    for cell, code in data.items():
        if code and code not in marks()[cell]:
            raise WrongInput(cell, "no_such_mark", value=code[:40], options=", ".join(marks()[cell]))
    return {cell: data[cell] for cell in CELLS if data.get(cell)}


def stamped(codes: Mapping[str, str]) -> dict[str, str]:
    """Return the text stamped in each cell."""
    return {cell: str(marks()[cell][code]["text"]) for cell, code in codes.items()}


@cache
def box_of(text: str) -> tuple[int, int]:
    """Return width and height of a stamp's box in millimetres."""
    boxes = {entry["text"]: entry["box"] for cell in marks().values() for entry in cell.values()}
    width, height = boxes[text]
    return int(width), int(height)
