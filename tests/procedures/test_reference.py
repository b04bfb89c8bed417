"""The reference of the procedure file names every word of the schema, and the starter is a procedure that works."""

import re
from collections.abc import Iterator
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from letters.template_terms import named_in_letters
from models.errors import Refused
from procedures.definition.loader import read
from procedures.schema import BUILT_IN, Procedure, Words
from procedures.state_machine.guard_shapes import SHAPES
from tests.builders import Story

REFERENCE = (Path(__file__).parents[2] / "docs" / "procedure-reference.md").read_text(encoding="utf-8")
WORDS = set(re.findall(r"[a-z_]+", " ".join(re.findall(r"`([^`]+)`", REFERENCE))))
STARTER = files("procedures").joinpath("starter.yaml").read_text(encoding="utf-8")


def models(shape: Any, seen: set[type[BaseModel]]) -> Iterator[type[BaseModel]]:
    """Every part of the schema that a type leads to."""
    if isinstance(shape, type) and issubclass(shape, BaseModel):
        if shape in seen or shape is Words:
            return
        seen.add(shape)
        yield shape
        for field in shape.model_fields.values():
            yield from models(field.annotation, seen)
    for inner in get_args(shape):
        yield from models(inner, seen)


def test_every_key_of_the_file_is_documented() -> None:
    keys = {
        (part.__name__, field.alias or name)
        for part in models(Procedure, set())
        for name, field in part.model_fields.items()
    }
    assert len(keys) > 100
    assert sorted(key for key in keys if key[1] not in WORDS) == []


def test_every_guard_and_its_parameters_are_documented() -> None:
    for name, shape in SHAPES.items():
        assert f"`{name}" in REFERENCE, name
        for part in models(shape, set()) if shape else ():
            undocumented = {field.alias or key for key, field in part.model_fields.items()} - WORDS
            assert undocumented == set(), name


def test_the_starter_passes_every_check_and_carries_a_case_to_its_end() -> None:
    starter = read(STARTER, "starter.yaml", named_in_letters())
    story = Story(starter).act("look_into", data={"found": "Đủ"})
    with pytest.raises(Refused, match="four_eyes"):
        story.act("decide", "manager", login="case_officer.hbg", data={"result": "granted"})
    story.act("decide", "manager", data={"result": "granted"})
    assert (story.state.outcome, story.state.closed_on) == ("granted", date(2016, 3, 14))
    assert not BUILT_IN & starter.verbs.keys()
