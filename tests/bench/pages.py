"""The pages of the lists at 50,000 cases, by each role, on SQLite and PostgreSQL: processor time, size, statements.

Measured in one process with the client, so a little of the time is the client's; that of PostgreSQL's own processes is
added. A few lists are measured beside the SQL by hand that fetches the same rows.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import process_time
from typing import Any

from fastapi.testclient import TestClient
from sqlalchemy import Engine, event, text

from models.database import engine, is_sqlite, migrate, reading
from models.settings import settings
from oversight.case_histories import store_histories
from tests.bench.list_pages import PEOPLE
from tests.bench.lively import enliven
from tests.bench.office import fill
from tests.conftest import postgres_tools, running_postgres
from tests.web.web_office import TODAY, Visitor
from web.app import create_app

MOST_BYTES, MOST_SECONDS = 100_000, 0.2
FILE_SECONDS = 5.0  # a file has five thousand rows, a page forty
TIMES = 3  # the best of so many
WORST = 15
TICKS = os.sysconf("SC_CLK_TCK")
_CASES = "SELECT ref, unit_name, state, legal_on, target_on FROM coop_case WHERE district_code = 'HBG' "
BY_HAND: Mapping[str, tuple[str, ...]] = {
    "/work?scope=office": (
        _CASES + "AND closed_on IS NULL ORDER BY due_on, ref LIMIT 40",
        "SELECT count(*) FROM coop_case WHERE district_code = 'HBG' AND closed_on IS NULL",
    ),
    "/work?scope=office&sort=unit": (
        _CASES + "AND closed_on IS NULL ORDER BY unit_name LIMIT 40",
        "SELECT count(*) FROM coop_case WHERE district_code = 'HBG' AND closed_on IS NULL",
    ),
    "/register": (
        "SELECT name, sector, grade, status FROM unit WHERE district_code = 'HBG' ORDER BY sort_key LIMIT 40",
        "SELECT count(*) FROM unit WHERE district_code = 'HBG'",
    ),
    "/late": (
        _CASES + "AND closed_on IS NULL AND due_on < '2016-03-14' ORDER BY due_on, ref LIMIT 20",
        "SELECT officer_id, count(*) FROM coop_case WHERE district_code = 'HBG' AND closed_on IS NULL "
        "AND due_on < '2016-03-14' GROUP BY officer_id",
    ),
    "/letters?status=all": (
        "SELECT l.id, l.status, c.ref FROM letter l JOIN coop_case c ON c.id = l.case_id "
        "WHERE c.district_code = 'HBG' ORDER BY l.id DESC LIMIT 40",
        "SELECT status, count(*) FROM letter GROUP BY status",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Taken:
    """What a page took. `by_hand`: seconds of the SQL alone; None where none is written."""

    database: str
    login: str
    path: str
    status: int
    size: int
    seconds: float
    statements: int
    by_hand: float | None

    @property
    def limit(self) -> float:
        return FILE_SECONDS if ".csv" in self.path else MOST_SECONDS

    @property
    def beyond(self) -> str:
        over = {"size": self.size > MOST_BYTES and self.limit == MOST_SECONDS, "time": self.seconds > self.limit}
        return ", ".join(name for name, is_so in over.items() if is_so)

    def __str__(self) -> str:
        beside = f", {self.seconds / self.by_hand:.1f} times by hand" if self.by_hand else ""
        mark = f"  BEYOND THE LIMIT: {self.beyond}" if self.beyond else ""
        taken = f"{self.size / 1000:.0f} kB, {self.seconds * 1000:.0f} ms, {self.statements} statements{beside}"
        return f"page {self.path} of {self.login}, {self.database}: {self.status}, {taken}{mark}"


def run(cases: int, say: Callable[[str], None]) -> None:
    """Print the pages of the office of the settings, then those of such an office on PostgreSQL, then the worst."""
    found = list(_measured("SQLite", say))
    tools = postgres_tools()
    if tools is None:
        say("pages, PostgreSQL: not installed")
    else:
        with running_postgres(tools) as server, server.empty_database() as url, _settings_of(url):
            migrate(url)
            fill(engine(url), cases)
            found += _measured("PostgreSQL", say)
            engine(url).dispose()
    say_worst(found, say)


def say_worst(found: list[Taken], say: Callable[[str], None]) -> None:
    for heading, rank in (("slowest", lambda one: -one.seconds), ("largest", lambda one: -one.size)):
        say(f"{heading} pages")
        for one in sorted((one for one in found if one.limit == MOST_SECONDS), key=rank)[:WORST]:
            say(f"  {one}")
    say(f"{len(found)} pages measured, {sum(bool(one.beyond) for one in found)} beyond a limit")


@contextmanager
def _settings_of(url: str) -> Iterator[None]:
    before = os.environ["COOPCASE_DATABASE_URL"]
    os.environ["COOPCASE_DATABASE_URL"] = url
    settings.cache_clear()
    yield
    os.environ["COOPCASE_DATABASE_URL"] = before
    settings.cache_clear()


def _measured(database: str, say: Callable[[str], None]) -> Iterator[Taken]:
    """An office as it is in the morning: the daily watch has stored the histories of its cases."""
    bind = engine()
    enliven(bind)
    store_histories(bind, TODAY)
    yield from measured(bind, database, say)


def measured(bind: Engine, database: str, say: Callable[[str], None]) -> Iterator[Taken]:
    client, count = TestClient(create_app()), _Statements(bind)
    spent = partial(_spent, _server(bind))
    for login, paths in PEOPLE:
        visitor = Visitor(client)
        client.cookies.clear()
        visitor.sign_in(login)
        for path in paths:
            by_hand = _by_hand(bind, path, spent) if path in BY_HAND else None
            taken = _page(visitor, count, spent, by_hand, (database, login, path))
            say(str(taken))
            yield taken


class _Statements:
    """Counts the statements of an engine."""

    def __init__(self, bind: Engine) -> None:
        self.count = 0
        event.listen(bind, "before_cursor_execute", self._one_more)

    def _one_more(self, *_: Any) -> None:
        self.count += 1


def _page(
    visitor: Visitor, count: _Statements, spent: Callable[[], float], by_hand: float | None, named: tuple[str, str, str]
) -> Taken:
    times, path = [], named[-1]
    for _ in range(TIMES):
        before, count.count = spent(), 0
        answer = visitor.get(path)
        times.append(spent() - before)
        statements = count.count
    return Taken(*named, answer.status_code, len(answer.content), min(times), statements, by_hand)


def _by_hand(bind: Engine, path: str, spent: Callable[[], float]) -> float:
    times = []
    with reading(bind) as connection:
        for _ in range(TIMES):
            before = spent()
            for statement in BY_HAND[path]:
                connection.execute(text(statement)).all()
            times.append(spent() - before)
    return max(min(times), 0.001)


def _server(bind: Engine) -> int | None:
    """The process whose children serve the connections of PostgreSQL; None on SQLite."""
    with reading(bind) as connection:
        if is_sqlite(connection):
            return None
        own = connection.scalar(text("SELECT pg_backend_pid()"))
    return int(_stat(Path(f"/proc/{own}/stat"))[1])


def _spent(server: int | None) -> float:
    """Processor seconds of this process, and of the processes of the server."""
    if server is None:
        return process_time()
    found = (_stat(path) for path in Path("/proc").glob("[0-9]*/stat"))
    return process_time() + sum(int(of[11]) + int(of[12]) for of in found if of and int(of[1]) == server) / TICKS


def _stat(path: Path) -> list[str]:
    """What the system says of a process, from its state on; nothing once it has ended."""
    try:
        return path.read_text().rpartition(") ")[2].split()
    except OSError:
        return []
