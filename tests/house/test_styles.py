"""Colours have names: each is defined once for light and once for dark, and used by its name alone."""

import re
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[2] / "templates" / "static"
SHEETS = sorted(path.name for path in STATIC.glob("*.css") if path.name != "dark.css")
COLOUR = re.compile(
    r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl)a?\([^)]*\)|(?<![.\w-])(?:white|black|red|green|blue|gr[ae]y)\b(?!-)"
)
NAMED = re.compile(r"--([\w-]+):\s*([^;]+);")
LIGHT_ALONE = {"letter", "print", "stamp", "cut", "gap", "radius"}  # a letter is a white sheet; the last are no colours


def text(name: str) -> str:
    return re.sub(r"/\*.*?\*/", "", (STATIC / name).read_text(encoding="utf-8"), flags=re.DOTALL)


@pytest.mark.parametrize("sheet", SHEETS)
def test_a_colour_is_written_in_a_definition_alone(sheet: str) -> None:
    used = NAMED.sub("", text(sheet))
    assert COLOUR.findall(re.sub(r"var\([^)]*\)", "", used)) == []


def test_dark_names_every_colour_of_the_light() -> None:
    light, dark = ({name for name, _ in NAMED.findall(text(sheet))} for sheet in ("coopcase.css", "dark.css"))
    assert light - dark == LIGHT_ALONE
    assert dark <= light


@pytest.mark.parametrize("sheet", SHEETS)
def test_every_name_that_is_used_is_defined(sheet: str) -> None:
    defined = {name for name, _ in NAMED.findall(text("coopcase.css"))}
    assert set(re.findall(r"var\(--([\w-]+)", text(sheet))) <= defined
