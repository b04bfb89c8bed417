"""The search among 50,000 cases and as many units: the first hits and the hits of one kind, beside a bare full scan."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, text

from correspondence.searching import search, suggestions
from models.database import reading

ASKED = (
    ("a whole name", "htx dvnn so 43210"),
    ("words that nearly all have", "htx dich vu"),
    ("part of a reference", "2015-43210"),
    ("the first letters", "nong ng"),
)
_SCAN = "SELECT ref FROM coop_case WHERE unit_name LIKE :like LIMIT 20"


def run(bind: Engine, best: Callable[[Callable[[], Any]], float], say: Callable[[str], None]) -> None:
    """Print, for each kind of question, the hits while typing, the page of all kinds counted, and the bare scan."""
    with reading(bind) as connection:
        for label, asked in ASKED:
            typing = best(lambda: suggestions(connection, None, asked, limit=20))  # noqa: B023
            whole = best(lambda: search(connection, None, asked, limit=20))  # noqa: B023
            like = {"like": "%" + asked.split()[-1] + "%"}
            bare = best(lambda: connection.execute(text(_SCAN), like).all())  # noqa: B023
            say(
                f"search, {label}: {typing * 1000:.1f} ms while typing, {whole * 1000:.1f} ms counted; "
                f"LIKE over one column {bare * 1000:.1f} ms, ratio {typing / bare:.1f}"
            )
