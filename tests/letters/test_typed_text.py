"""What cannot be printed does not come in, and the character is shown; every face has every letter of Vietnamese."""

from typing import Any

import pytest

from letters.output import fonts
from letters.output.fonts import FACES, FontError, check_fonts, covered, vietnamese_letters
from letters.typed_text import check_text, check_values
from models.errors import WrongInput
from templates.words import say

REFUSED = [  # label, character, as shown, code
    ("another script", "協", "協 (U+5354)", "character_not_in_font"),
    ("an emoji", "😀", "😀 (U+1F600)", "character_not_in_font"),
    ("a check box", "\u2610", "\u2610 (U+2610)", "character_not_in_font"),
    ("turns the text round", "\u202e", "U+202E", "hidden_character"),
    ("an isolate", "\u2066", "U+2066", "hidden_character"),
    ("a mark of direction", "\u200f", "U+200F", "hidden_character"),
    ("nothing wide", "\u200b", "U+200B", "hidden_character"),
    ("a soft hyphen", "\u00ad", "U+00AD", "hidden_character"),
    ("a bell", "\x07", "U+0007", "hidden_character"),
    ("a null", "\x00", "U+0000", "hidden_character"),
    ("half a character", "\ud800", "U+D800", "hidden_character"),
    ("a private one", "\ue000", "U+E000", "hidden_character"),
]


@pytest.mark.parametrize(("label", "character", "shown", "code"), REFUSED, ids=[row[0] for row in REFUSED])
def test_the_character_is_shown_where_it_was_typed(label: str, character: str, shown: str, code: str) -> None:
    with pytest.raises(WrongInput) as found:
        check_text(f"Hợp tác xã {character} Minh Tân", "name")
    assert (found.value.field, found.value.code, found.value.params["character"]) == ("name", code, shown)
    for lang in ("vi", "en"):
        assert shown in say(found.value, lang)


@pytest.mark.parametrize("text", ["Hợp tác xã Đồng Tiến – “Ưu việt” № 1, 25 m²", "a\u0323\u0302n", "dòng\nhai\tba"])
def test_what_can_be_printed_comes_in_composed(text: str) -> None:
    assert "\u0302" not in check_text(text)


def test_a_cell_of_a_table_is_named() -> None:
    with pytest.raises(WrongInput) as found:
        check_values({"council": [{"name": "Lê Văn Mẫu"}, {"name": "李"}]})
    assert found.value.field == "council[2].name"


def test_every_face_has_the_146_letters_of_vietnamese() -> None:
    assert len(vietnamese_letters()) == 146
    assert {"ẵ", "Ặ", "đ", "Đ", "ờ", "y", "Ý"} <= vietnamese_letters()
    check_fonts()
    assert {ord(letter) for letter in vietnamese_letters()} <= covered()
    assert {ord(character) for character in "…–“”«»½²°№§"} <= covered()


@pytest.mark.parametrize("broken", ["gone", "cut short", "another font"])
def test_a_broken_face_is_found_at_the_start(broken: str, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    original = fonts.font_folder()
    for face in FACES:
        (tmp_path / f"{face}.ttf").write_bytes((original / f"{face}.ttf").read_bytes())
    last = tmp_path / f"{FACES[-1]}.ttf"
    if broken == "gone":
        last.unlink()
    else:
        last.write_bytes(last.read_bytes()[:200] if broken == "cut short" else b"\x00\x01\x00\x00\x00\x00")
    monkeypatch.setattr(fonts, "font_folder", lambda: tmp_path)
    with pytest.raises(FontError) as found:
        check_fonts()
    assert found.value.params["face"] == FACES[-1]
