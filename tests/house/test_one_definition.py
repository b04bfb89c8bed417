"""What is late, and how far ahead is soon, is decided in oversight alone."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("cli", "web", "flows", "correspondence", "rule_changes", "casework", "notifications", "templates", "rulebook")
COMPARED = re.compile(r"\.(legal_on|target_on|due_on)\s*(?:[<>]|\.between\()")
AHEAD = re.compile(r"add_working_days\([^()]*,\s*(?:\d+|[A-Z_]{4,})\)")


def lines(pattern: re.Pattern[str], *rooms: str) -> list[str]:
    """Places of a pattern in the modules and templates of some rooms."""
    return [
        f"{path.relative_to(ROOT)}:{number}"
        for room in rooms
        for path in sorted((ROOT / room).rglob("*"))
        if path.suffix in (".py", ".html", ".txt")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if pattern.search(line)
    ]


def test_the_dates_of_a_case_are_compared_in_oversight_alone() -> None:
    assert lines(COMPARED, *ROOMS) == []


def test_a_number_of_working_days_ahead_is_a_parameter_of_oversight() -> None:
    assert lines(AHEAD, *ROOMS) == []


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (COMPARED, "past = row.legal_on < day"),
        (COMPARED, "case_rows.c.due_on.between(day, soon)"),
        (COMPARED, "{% if row.due_on < visit.today %}"),
        (AHEAD, "load_calendars().agency.add_working_days(today, 10)"),
        (AHEAD, "calendar.add_working_days(day, SOON_WORKING_DAYS)"),
    ],
)
def test_what_the_rule_refuses(pattern: re.Pattern[str], text: str) -> None:
    assert pattern.search(text)


def test_letters_of_a_case_are_found_by_their_links() -> None:
    """A letter is about none, one or many cases: `models.letter_links` says which."""
    compared = re.compile(r"letter_rows\.c\.case_id\s*(?:==\s*(?!case_rows\.c\.id)|\.in_\()|letter\.case_id\s*==")
    assert lines(compared, *ROOMS) == []
    assert compared.search('select(letter_rows).where(letter_rows.c.case_id == row["id"])')
