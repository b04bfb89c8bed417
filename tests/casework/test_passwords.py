"""A password is the same word however a keyboard composes its accents."""

import unicodedata

import pytest

from casework.office.people import hash_of, hasher, matches

WORD = "Đồng Tâm mẫu 2016"
FORMS = (unicodedata.normalize("NFC", WORD), unicodedata.normalize("NFD", WORD))


@pytest.mark.parametrize("typed", FORMS, ids=["typed composed", "typed in parts"])
@pytest.mark.parametrize("kept", FORMS, ids=["kept composed", "kept in parts"])
def test_a_password_in_any_form_of_accents(kept: str, typed: str) -> None:
    assert matches(hash_of(kept), typed)


@pytest.mark.parametrize("typed", FORMS, ids=["typed composed", "typed in parts"])
@pytest.mark.parametrize("kept", FORMS, ids=["kept composed", "kept in parts"])
def test_a_hash_from_before_still_opens(kept: str, typed: str) -> None:
    assert matches(hasher().hash(kept), typed)


def test_another_accent_is_another_password() -> None:
    assert not matches(hash_of(WORD), WORD.replace("ồ", "ố"))
