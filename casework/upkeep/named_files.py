"""The files that a database names: what a copy has to hold, and what is no orphan."""

from collections.abc import Iterator

from sqlalchemy import Column, Connection, select

from models.tables import (
    council_meetings,
    earlier_papers,
    evidence,
    incoming,
    letter_rows,
    signed_papers,
    signed_versions,
)

FOLDERS = ("evidence", "letters")
HASHES: tuple[tuple[str, Column[str]], ...] = (  # each column of the hash of a file, with the folder of the file
    ("evidence", evidence.c.sha256), ("evidence", council_meetings.c.sha256),
    ("letters", letter_rows.c.pdf_sha), ("letters", letter_rows.c.docx_sha), ("letters", letter_rows.c.signed_sha),
    ("letters", signed_versions.c.sha256), ("letters", signed_papers.c.sha256), ("letters", earlier_papers.c.sha256),
)  # fmt: skip


def named_files(connection: Connection) -> Iterator[tuple[str, str]]:
    """Folder and hash of each; a file of many records is named more than once."""
    for folder, column in HASHES:
        for sha in connection.scalars(select(column).where(column != "").distinct()):
            yield folder, sha
    for files in connection.scalars(select(incoming.c.files)):  # of documents without a case
        for item in files:
            yield "letters", item["sha256"]
