"""Many clerks at one book, some of them killed: no gap, no double, no letter without its bytes."""

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, select

from casework.upkeep.integrity import verify
from correspondence.paper_integrity import verify_papers
from models.database import engine, reading, writing
from models.letter_links import tie
from models.settings import settings
from models.tables import book_entries, books, case_rows, facts, letter_rows
from tests.correspondence.issuers import MOMENTS, issue_all, issue_and_die, issue_on_command
from tests.correspondence.paperwork import Paperwork
from tests.web.web_office import build_office

CLERKS, LETTERS = 4, 200
KILLINGS = 6

pytestmark = pytest.mark.processes


@pytest.fixture(scope="module")
def processes() -> ForkServerContext:
    """Processes that begin at once: the server has read our modules, and compiled nothing."""
    context = get_context("forkserver")
    context.set_forkserver_preload(["tests.correspondence.issuers"])
    return context


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("COOPCASE_DATA", str(tmp_path / "var"))
    settings.cache_clear()
    yield request.getfixturevalue(f"{request.param}_url")


@pytest.fixture
def bind(url: str) -> Engine:
    return engine(url)


def signed_letters(bind: Engine, count: int) -> list[int]:
    """So many signed letters of two cases, waiting for numbers of one book."""
    office = build_office(bind)
    first = Paperwork(bind, office.first)
    model = first.approved(first.drafted(deleted_on="25/03/2016"))
    with writing(bind) as connection:
        row = dict(connection.execute(select(letter_rows).where(letter_rows.c.id == model)).mappings().one())
        cases = list(
            connection.scalars(select(case_rows.c.id).where(case_rows.c.ref.in_((office.first, office.second))))
        )
        del row["id"]
        more = [row | {"key": f"copy:{place}", "case_id": cases[place % 2]} for place in range(count - 1)]
        connection.execute(letter_rows.insert(), more)
        made = connection.execute(select(letter_rows.c.id, letter_rows.c.case_id).where(letter_rows.c.id != model))
        tie(connection, made.tuples().all())
    with reading(bind) as connection:
        return list(connection.scalars(select(letter_rows.c.id).order_by(letter_rows.c.id)))


@contextmanager
def at_once(bind: Engine) -> Iterator[Connection]:
    """One state of the database: a server may still be at the commit of a killed process."""
    level = "REPEATABLE READ" if bind.dialect.name == "postgresql" else "SERIALIZABLE"
    with reading(bind.execution_options(isolation_level=level)) as connection:
        yield connection


def book_of(connection: Connection) -> list[tuple[int, int]]:
    """(number, letter) of every line of the book, and the counter agrees."""
    columns = book_entries.c
    found = select(columns.issuer, columns.series, columns.number, columns.letter_id).order_by(columns.number)
    rows = connection.execute(found).all()
    assert {(row.issuer, row.series) for row in rows} <= {("HBG/finance_office", "others")}
    last = connection.scalar(select(books.c.last).where(books.c.issuer == "HBG/finance_office"))
    assert (last or 0) == len(rows)
    return [(row.number, row.letter_id) for row in rows]


def check_sound(bind: Engine, letters: Sequence[int]) -> int:
    """Whatever happened: the book has no gap and no double, and says what letters, files and cases say."""
    with at_once(bind) as connection:
        lines = book_of(connection)
        rows = connection.execute(select(letter_rows).where(letter_rows.c.id.in_(letters))).mappings().all()
        recorded = connection.scalars(select(facts.c.data).where(facts.c.kind == "letter_issued")).all()
        assert [*verify(connection), *verify_papers(connection)] == []
    numbered = {row["id"]: row["number"] for row in rows if row["number"] is not None}
    assert [number for number, _ in lines] == list(range(1, len(lines) + 1))
    assert numbered == {letter: number for number, letter in lines}
    assert Counter(fact["letter"] for fact in recorded) == dict.fromkeys(numbered, 1)
    for row in rows:
        expected = ("issued", True) if row["id"] in numbered else ("approved", False)
        assert (row["status"], bool(row["pdf_sha"])) == expected
    return len(lines)


def hands(processes: ForkServerContext, target: Any, *calls: tuple[Any, ...]) -> list[Any]:
    started = [processes.Process(target=target, args=call) for call in calls]
    for process in started:
        process.start()
    return started


def test_two_hundred_issues_at_one_book_give_two_hundred_numbers(
    url: str, bind: Engine, processes: ForkServerContext, tmp_path: Path
) -> None:
    letters = signed_letters(bind, LETTERS)
    data = str(tmp_path / "var")
    clerks = hands(processes, issue_all, *((url, data, letters, seed) for seed in range(CLERKS)))
    for clerk in clerks:
        clerk.join(240)
    assert [clerk.exitcode for clerk in clerks] == [0] * CLERKS
    assert check_sound(bind, letters) == LETTERS


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_clerk_killed_between_number_and_commit_leaves_nothing_behind(
    url: str, bind: Engine, processes: ForkServerContext, tmp_path: Path, moment: str
) -> None:
    letters = signed_letters(bind, 2)
    data = str(tmp_path / "var")
    (killed,) = hands(processes, issue_and_die, (url, data, letters[0], moment))
    killed.join(60)
    assert killed.exitcode == -9, moment
    assert check_sound(bind, letters) == 0
    (clerk,) = hands(processes, issue_all, (url, data, letters, 1))
    clerk.join(60)
    assert check_sound(bind, letters) == 2


def test_clerks_killed_at_random_lose_no_number_and_give_none_twice(
    url: str, bind: Engine, processes: ForkServerContext, tmp_path: Path
) -> None:
    letters, dice, data = signed_letters(bind, 24), random.Random(2016), str(tmp_path / "var")
    for place in range(KILLINGS):
        struck_down(processes, dice, (url, data, letters, place))
        check_sound(bind, letters)
    (clerk,) = hands(processes, issue_all, (url, data, letters, 1))
    clerk.join(120)
    assert check_sound(bind, letters) == len(letters)


def struck_down(processes: ForkServerContext, dice: random.Random, call: tuple[Any, ...]) -> None:
    """Two clerks number a letter or two each, begin another, and are killed at some moment of it."""
    pipes = [processes.Pipe() for _ in "12"]
    clerks = hands(processes, issue_on_command, *((*call, theirs) for _, theirs in pipes))
    for ours, _ in pipes:
        for _ in range(dice.randint(1, 2)):
            ours.send("go on")
            ours.recv()
    for ours, _ in pipes:
        ours.send("go on")
    for clerk in clerks:
        clerk.join(dice.uniform(0, 0.15))
        clerk.kill()
        clerk.join(20)
    assert [clerk.exitcode for clerk in clerks] == [-9, -9]
