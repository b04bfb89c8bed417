"""What is late, and how far ahead is soon, is decided in oversight alone; rows are asked for by every name."""

import re
from pathlib import Path

import pytest

from procedures.definition.loader import load

ROOT = Path(__file__).parents[2]
ROOMS = ("cli", "web", "flows", "correspondence", "rule_changes", "casework", "notifications", "templates", "rulebook")
COMPARED = re.compile(r"\.(legal_on|target_on|due_on)\s*(?:[<>]|\.between\()")
AHEAD = re.compile(r"add_working_days\([^()]*,\s*(?:\d+|[A-Z_]{4,})\)")

# A row keeps the name under which its verb or letter was written: a query asks for every name (former_names.all_names).
ONE_NAME = re.compile(
    r"(?:letter_rows\.c|columns|_L)\.template\s*[=!]="
    r"|(?:facts\.c|columns)\.kind\s*[=!]=\s*(?:verb|\w+\.verb|kind\.)\b"
    r"|(?:facts\.c|columns)\.kind\s*[=!]=\s*\"(?:" + "|".join(sorted(load().verbs)) + r")\""
)
MANY_NAMES = re.compile(r"(?:letter_rows\.c|columns|_L)\.template\.in_\(|facts\.c\.kind\.in_\(")
RESOLVED = re.compile(r"\ball_names\(|\bOfficePapers\(")
BUILT_IN = ("casework/register_corrections.py",)  # asks for kinds of facts that the engine itself writes


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


def test_no_query_asks_for_one_name_of_a_verb_or_letter() -> None:
    rooms = (*ROOMS, "oversight")
    assert lines(ONE_NAME, *rooms) == []
    asking = {place.partition(":")[0] for place in lines(MANY_NAMES, *rooms)} - {*BUILT_IN}
    assert len(asking) >= 5
    assert [path for path in sorted(asking) if not RESOLVED.search((ROOT / path).read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (COMPARED, "past = row.legal_on < day"),
        (COMPARED, "case_rows.c.due_on.between(day, soon)"),
        (COMPARED, "{% if row.due_on < visit.today %}"),
        (ONE_NAME, "found.where(letter_rows.c.template == template)"),
        (ONE_NAME, "select(facts.c.id).where(facts.c.kind == step.verb)"),
        (ONE_NAME, 'facts.c.kind == "accept_case"'),
        (AHEAD, "load_calendars().agency.add_working_days(today, 10)"),
        (AHEAD, "calendar.add_working_days(day, SOON_WORKING_DAYS)"),
    ],
)
def test_what_the_rule_refuses(pattern: re.Pattern[str], text: str) -> None:
    assert pattern.search(text)


def test_letters_of_a_case_are_found_by_their_links() -> None:
    """A letter is about none, one or many cases: `models.letter_links` says which.

    The own row of a joint letter names its first case, which `joint/shares.py` keeps true.
    """
    compared = re.compile(r"letter_rows\.c\.case_id\s*(?:==\s*(?!case_rows\.c\.id)|\.in_\()|letter\.case_id\s*==")
    asking = {place.partition(":")[0] for place in lines(compared, *ROOMS)}
    assert asking == {"correspondence/joint/shares.py"}
    assert compared.search('select(letter_rows).where(letter_rows.c.case_id == row["id"])')
