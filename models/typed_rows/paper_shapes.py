"""Rows of papers from before the software."""

from datetime import date, datetime
from typing import TypedDict


class EarlierPaperRow(TypedDict):
    """A paper issued before the office used the software."""

    id: int
    office: str
    body: str
    symbol: str
    issued_on: date
    template: str
    summary: str
    signer: str
    sha256: str
    name: str
    media_type: str
    recorded_by: str
    recorded_at: datetime
