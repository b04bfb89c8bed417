"""The row of a letter that is drafted: its columns that are still empty, and what it lacks."""

from typing import Any

from letters.tree import Letter


def with_blanks(values: dict[str, object]) -> dict[str, object]:
    """A new letter's row with its columns that are still empty."""
    blanks: dict[str, object] = dict.fromkeys(
        ("template_hash", "remarks", "content_hash", "symbol", "pdf_sha", "docx_sha", "signed_sha"), ""
    )
    return blanks | values


def gaps(letter: Letter) -> dict[str, Any]:
    """What a letter lacks, as its row keeps it."""
    return {
        "missing": [item.name for item in letter.missing],
        "unverified": [item.key for item in letter.unverified],
    }
