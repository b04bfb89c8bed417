"""Every page of a trial office's letters says that it is one, in each form in which a letter leaves it."""

import io
from dataclasses import replace

import pytest
from docx import Document

from correspondence.drafts import live
from letters.marks import TRIAL
from letters.output.docx import docx
from letters.output.html import html
from letters.output.pdf import Printed, pdf, pdf_of_many
from letters.output.plain import plain
from letters.specimen import preview
from letters.tree import Letter
from models.database import reading, writing
from models.office_kind import TRIAL as OF_TRIAL
from models.office_kind import mark_database
from tests.correspondence.paperwork import Paperwork
from tests.letters.poppler import needs_poppler, pages_of


@needs_poppler
@pytest.mark.parametrize("number", [None, 7])
@pytest.mark.parametrize("trial", [True, False])
def test_the_mark_is_on_every_page_or_on_none(number: int | None, trial: bool) -> None:
    letter: Letter = replace(preview("name_deletion_notice"), trial=trial)
    pages = pages_of(pdf(letter, number)) + pages_of(pdf_of_many([Printed(letter, number)] * 2))
    assert {page.count(TRIAL) for page in pages} == {2 if trial else 0}
    document = Document(io.BytesIO(docx(letter, number)))
    for section in document.sections:
        for part in (section.header, section.footer, section.first_page_header, section.first_page_footer):
            assert (TRIAL in "\n".join(item.text for item in part.paragraphs)) is trial
    assert (TRIAL in plain(letter, number)) is trial
    assert (TRIAL in html(letter, number)) is trial


@pytest.mark.parametrize("trial", [True, False])
def test_letters_of_a_trial_are_marked_from_draft_to_record(papers: Paperwork, trial: bool) -> None:
    if trial:
        with writing(papers.bind) as connection:
            mark_database(connection, OF_TRIAL)
    letter_id = papers.drafted(deleted_on="25/03/2016")
    with reading(papers.bind) as connection:
        assert live(connection, papers.row(letter_id), papers.today).letter.trial is trial
    papers.issued(letter_id)
    row = papers.row(letter_id)
    with reading(papers.bind) as connection:
        assert live(connection, row, papers.today).letter.trial is trial
