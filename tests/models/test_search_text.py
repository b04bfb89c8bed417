"""What is kept of a text is found by any part of it: accents, order, case, short forms and signs do not count."""

import unicodedata
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.folding import fold
from models.search_text import SHORTEST_PART, AskedWord, asked_words, kept_words
from models.short_forms import plain_name, short_forms
from templates.short_names import full_name

NAMES = ("Hợp tác xã", "HTX", "Dịch vụ nông nghiệp", "DVNN", "TTCN", "Thanh Lương", "Đồng Tâm", "Sông Cấm", "Ước Lễ")
NUMBERS = ("0207A00123", "02G-000.123", "0200.123.456", "0313 123 456", "HP-2016-0012", "15/QĐ-UBND")


def is_in(word: AskedWord, words: Sequence[str]) -> bool:
    return word.text in words if word.whole else any(kept.startswith(word.text) for kept in words)


def finds(asked: str, texts: Sequence[str], numbers: Sequence[str] = ()) -> bool:
    """The reference that the databases are held against."""
    kept, chunks = kept_words(texts, numbers).split(), asked_words(asked)
    return bool(chunks) and all(any(all(is_in(word, kept) for word in way) for way in ways) for ways in chunks)


@given(st.lists(st.sampled_from(NAMES), min_size=1, max_size=4), st.data())
def test_any_order_and_any_beginning_of_words_finds_a_name(parts: list[str], data: st.DataObject) -> None:
    name = " ".join(parts)
    words = data.draw(st.permutations(name.split()))
    cut = [word[: data.draw(st.integers(1, len(word)))] for word in words]
    typed = data.draw(st.sampled_from([" ".join(cut), fold(" ".join(cut)), " ".join(cut).upper(),
                                       unicodedata.normalize("NFD", " ".join(cut))]))  # fmt: skip
    assert finds(typed, [name]), typed
    assert finds(plain_name(name), [name]) and finds(name, [plain_name(name)])


@given(st.sampled_from(NUMBERS), st.data())
def test_any_part_of_a_number_of_three_figures_or_more_finds_it(number: str, data: st.DataObject) -> None:
    joined = "".join(fold(number).split())
    starts = [at for at in range(len(joined) - SHORTEST_PART + 1) if joined[at].isdigit()]
    at = data.draw(st.sampled_from(starts)) if starts else 0
    end = data.draw(st.integers(at + SHORTEST_PART, len(joined)))
    assert finds(joined[at:end], [], [number])
    assert finds(number, [], [number]) and finds(number.lower(), [], [joined])


@pytest.mark.parametrize("short", sorted(short_forms()))
def test_a_short_form_and_its_words_find_each_other(short: str) -> None:
    long = " ".join(short_forms()[short])
    assert finds(short, [f"{long} Thanh Lương"]) and finds(long, [f"{short.upper()} Thanh Lương"])
    assert finds(f"htx{short}", [f"Hợp tác xã {long}"])


def test_the_short_names_of_messages_are_found_as_they_are_written() -> None:
    for short in ("DVSXNN", "DVNN", "SXNN", "TTCN", "TMDV", "NTTS", "VLXD", "QTDND"):
        assert full_name(short) != short and finds(short, [full_name(short)])


@pytest.mark.parametrize(
    ("typed", "texts", "numbers", "found"),
    [
        ("2G123", [], ["02G000123"], True),
        ("5/QĐ-UBND", [], ["05/QĐ-UBND"], True),
        ("15", [], ["150/QĐ-UBND", "0313150999"], False),
        ("12", [], ["HP-2016-0012"], True),
        ("thanh luong muoi", ["HTX Thanh Lương"], [], False),
        ("am", ["Đồng Tâm"], [], False),
        ("", ["Đồng Tâm"], [], False),
        ("* \" ' ( ) : & | ! -", ["Đồng Tâm"], [], False),
        ("_unit", ["Đồng Tâm"], [], False),
    ],
)
def test_what_is_found_and_what_is_not(typed: str, texts: list[str], numbers: list[str], found: bool) -> None:
    assert finds(typed, texts, numbers) is found
