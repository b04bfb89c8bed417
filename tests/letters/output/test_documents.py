"""The catalogue of documents: ours have a template each, those of others a form or a place in the inbox."""

import pytest

from letters.catalogue import documents, letter_types
from letters.specimen import preview
from procedures.definition.loader import load

FORMS = {"20", "21", "22", "23", "27", "28", "36", "37", "38"}  # models for those who write them; 30 and 41 below


def by_document(number: str) -> list[str]:
    return sorted(name for name, kind in letter_types().items() if kind.document == number)


def test_the_catalogue_runs_from_01_to_50() -> None:
    assert list(documents()) == [f"{number:02d}" for number in range(1, 51)]


@pytest.mark.parametrize("number", sorted(documents()))
def test_each_document_is_written_or_comes_in(number: str) -> None:
    ours = [name for name in by_document(number) if not letter_types()[name].incoming]
    forms = [name for name in by_document(number) if letter_types()[name].incoming]
    by = documents()[number]["by"]
    assert bool(ours) if by == "ours" else bool(forms) if by == "both" else not (ours or forms)


def test_what_others_write_has_a_form_to_fill_in() -> None:
    assert {number for number in FORMS if any(letter_types()[name].incoming for name in by_document(number))} == FORMS


@pytest.mark.parametrize("name", ["creditor_notice", "completion_minutes", "newspaper_request"])
def test_the_councils_papers_are_forms_where_the_members_formed_it(name: str) -> None:
    assert preview(name, way="voluntary").form
    assert not preview(name).form


def test_what_only_comes_in_is_a_kind_of_incoming_document_or_an_act_with_evidence() -> None:
    assert {number for number, item in documents().items() if item["by"] == "others"} == {"10", "43"}
    assert load().papers.answer_to("tax_inquiry")
    assert load().verbs["return_item"].evidence == "required"
