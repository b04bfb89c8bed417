"""A password is the same word however a keyboard composes its accents."""

import unicodedata

import pytest

from casework.office.people import hash_of, hasher, matches

WORD = "Đồng Tâm mẫu 2016"
FORMS = ("NFC", "NFD")


@pytest.mark.parametrize("typed", FORMS)
@pytest.mark.parametrize("kept", FORMS)
def test_a_password_in_any_form_of_accents(kept: str, typed: str) -> None:
    assert matches(hash_of(unicodedata.normalize(kept, WORD)), unicodedata.normalize(typed, WORD))


@pytest.mark.parametrize("typed", FORMS)
@pytest.mark.parametrize("kept", FORMS)
def test_a_hash_from_before_still_opens(kept: str, typed: str) -> None:
    assert matches(hasher().hash(unicodedata.normalize(kept, WORD)), unicodedata.normalize(typed, WORD))


def test_another_accent_is_another_password() -> None:
    assert not matches(hash_of(WORD), WORD.replace("ồ", "ố"))
