"""What is wrong with the papers is found: a file gone or altered, a gap in a book, a number that no letter bears."""

from pathlib import Path

import pytest
from sqlalchemy import Connection, delete, update

from casework.evidence_store import fetch
from correspondence.paper_integrity import verify_papers
from correspondence.signed_versions import keep_signed
from models.database import reading, writing
from models.errors import NotFound
from models.settings import settings
from models.tables import book_entries, books, letter_rows
from tests.correspondence.paperwork import Paperwork


@pytest.fixture
def served(papers: Paperwork) -> int:
    papers.issued(papers.drafted(deleted_on="25/03/2016"))
    letter = papers.issued(papers.drafted(deleted_on="25/03/2016"))
    papers.serve(letter, receiver="Bà Lan")
    with writing(papers.bind) as connection:
        keep_signed(connection, letter, papers.person("clerk"), b"%PDF-1.4 ky", "ky.pdf", "", now=papers.clock.now())
    assert found(papers) == []
    return letter


def found(papers: Paperwork, ref: str | None = None) -> list[str]:
    with reading(papers.bind) as connection:
        return [fault.code for fault in verify_papers(connection, ref)]


def file_of(folder: str, sha: str) -> Path:
    return settings().data / folder / sha[:2] / sha


@pytest.mark.parametrize("column", ["pdf_sha", "signed_sha"])
@pytest.mark.parametrize("content", [None, b"%PDF-1.4 other"])
def test_a_letter_without_its_bytes(papers: Paperwork, served: int, column: str, content: bytes | None) -> None:
    path = file_of("letters", str(dict(papers.row(served))[column]))
    path.unlink() if content is None else path.write_bytes(content)
    assert found(papers) == found(papers, papers.ref) == ["fault_letter_file"]
    assert found(papers, "HP-2016-0002") == []


def test_a_proof_that_was_altered(papers: Paperwork, served: int) -> None:
    (attempt,) = papers.attempts(served)
    sha = attempt["evidence"][0]
    with reading(papers.bind) as connection:
        assert fetch(connection, papers.ref, sha, papers.person("clerk"))[0]
    file_of("evidence", sha).write_bytes(b"Da nhan roi")
    assert found(papers) == ["fault_evidence_file"]
    with reading(papers.bind) as connection, pytest.raises(NotFound) as refused:
        fetch(connection, papers.ref, sha, papers.person("clerk"))
    assert refused.value.code == "evidence_altered"


def _torn(connection: Connection, letter: int) -> None:
    connection.execute(delete(book_entries).where(book_entries.c.letter_id != letter))


def _counted(connection: Connection, letter: int) -> None:
    connection.execute(update(books).where(books.c.series == "others").values(last=9))


def _renumbered(connection: Connection, letter: int) -> None:
    connection.execute(update(letter_rows).where(letter_rows.c.id == letter).values(number=7))


@pytest.mark.parametrize(
    ("harm", "code"), [(_torn, "fault_book_gap"), (_counted, "fault_book_gap"), (_renumbered, "fault_book_letter")]
)
def test_a_book_that_does_not_hold(papers: Paperwork, served: int, harm: object, code: str) -> None:
    with writing(papers.bind) as connection:
        harm(connection, served)  # type: ignore[operator]
    assert found(papers) == [code]
    assert found(papers, papers.ref) == []


def test_a_cancelled_number_is_no_gap(papers: Paperwork, served: int) -> None:
    papers.cancelled(papers.issued(papers.drafted(deleted_on="25/03/2016")), "Sai")
    assert found(papers) == []
