"""Changes of rules and other long work in an office at work: its cost, and the longest wait of another officer."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import process_time
from typing import Any

from sqlalchemy import Connection, Engine, delete, select

from casework.upkeep.rebuild import rebuild
from flows.jobs import day_watch, week_digests
from flows.jobs.effects import drain_office
from models.database import engine, migrate, reading, refresh_statistics, writing
from models.settings import settings
from models.tables import batches, case_rows, deadlines, officers
from rule_changes import version_proposals
from rule_changes.closing_days import NewClosing, adopt
from rule_changes.rulings import rule
from rule_changes.version_impact import preview
from rulebook.versions import Versions
from samples.paths import PATHS
from tests.bench.held import Held
from tests.bench.imports import acts_beside, said
from tests.bench.office import fill
from tests.conftest import postgres_tools, running_postgres
from tests.correspondence.batches import Batches
from tests.rule_changes import many_deadlines
from tests.rule_changes.version_texts import NAME, OWN, text_of
from tests.web.web_office import CLOCK, TODAY, build_office, login_of

CASES, LETTERS = 20_000, 500
CITY, LEGAL = login_of("manager", None), login_of("legal", None)
NEXT = f"{NAME}@9"
POINT = "complaint_and_compulsory_60"
COMPLAINED = PATHS["dissolved_compulsory_after_complaint"][:26]  # to when the complaint is settled


def _closing(bind: Engine) -> int:
    return len(adopt(bind, [NewClosing(many_deadlines.STORM, "city", None, "Bão", "1/QĐ")], by=CITY, clock=CLOCK))


def _corrections(bind: Engine) -> int:
    return drain_office(bind, CLOCK)["done"]


def _version(bind: Engine) -> int:
    with reading(bind) as connection:
        mark = preview(connection, Versions(connection).of(NEXT), TODAY).mark
    return len(version_proposals.approve(bind, NEXT, by=LEGAL, seen=mark, clock=CLOCK).cases)


def _ruling(bind: Engine) -> int:
    return len(rule(bind, POINT, "stops", reason="Công văn 5", by=LEGAL, clock=CLOCK))


def _letters(bind: Engine) -> int:
    with reading(bind) as connection:
        batch = connection.scalar(select(batches.c.id))
    return Batches(bind, []).issued(batch or 0).count


def _rebuild(bind: Engine) -> int:
    return sum(1 for _ in rebuild(bind, CLOCK))


def _watch(bind: Engine) -> int:
    return sum(day_watch.work(bind, TODAY, CLOCK)["ladder"].values())


def _week(bind: Engine) -> int:
    return int(week_digests.work(bind, TODAY, CLOCK)["written"])


WORKS: dict[str, tuple[str, Callable[[Engine], int]]] = {
    "closing": ("closing day, deadlines moved", _closing),
    "corrections": ("corrections of announced dates, effects", _corrections),
    "version": ("version approved, cases moved", _version),
    "ruling": ("ruling, deadlines moved", _ruling),
    "watch": ("daily watch, reminders written", _watch),
    "week": ("weekly messages, digests written", _week),
    "letters": ("letters numbered as a batch", _letters),
    "rebuild": ("rebuild, faults mended", _rebuild),
}


def run() -> None:
    """Print the processor time of each, what it did, and the longest wait of an officer who goes on acting."""
    with tempfile.TemporaryDirectory() as folder:
        for office in OFFICES:
            _office("SQLite", f"sqlite:///{Path(folder) / office}.db", folder, office)
        tools = postgres_tools()
        if tools is None:
            print("long work, PostgreSQL: not installed")
            return
        with running_postgres(tools, durable=True) as server:
            for office in OFFICES:
                with server.empty_database() as url:
                    _office("PostgreSQL", url, folder, office)


def _office(name: str, url: str, folder: str, office: str) -> None:
    os.environ |= {"COOPCASE_DATA": folder, "COOPCASE_DATABASE_URL": url}
    settings.cache_clear()
    migrate(url)
    bind = engine(url)
    prepare, works = OFFICES[office]
    ref = prepare(bind)
    refresh_statistics(bind)
    for work in works:
        if work == "rebuild":
            with writing(bind) as connection:
                connection.execute(delete(deadlines).where(deadlines.c.status == "open"))
        command = [sys.executable, "-m", "tests.bench.long_work", work, url]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
            waits = acts_beside(bind, ref, child)
            done: dict[str, Any] = json.loads(child.communicate()[0])
        print(f"{name}, {WORKS[work][0]}: {done['count']}, {said(done, waits)}", flush=True)
    bind.dispose()


def _dates(bind: Engine) -> str:
    """Many deadlines in working days; the reference of the case that the other officer acts on."""
    office = build_office(bind)
    many_deadlines.fill(bind, office, CASES)
    return office.first


def _complaints(bind: Engine) -> str:
    """Whole cases, each with a complaint that was settled: whether it stopped a term is an unclear point of the law."""
    fill(bind, CASES, COMPLAINED)
    with reading(bind) as connection:
        return _first_case(connection)


def _cases(bind: Engine) -> str:
    """Whole cases; a version is proposed, a batch of letters approved."""
    fill(bind, CASES)
    text = text_of("9", base=OWN.replace("term: 6 months", "term: 5 months"))
    with writing(bind) as connection:
        version_proposals.add(connection, text, "9.yaml", by=CITY, clock=CLOCK)
        version_proposals.propose(connection, NEXT, by=CITY, clock=CLOCK)
        ref = _first_case(connection)
    desk = Batches(bind, [])
    batch = desk.drafted(refs=desk.more(LETTERS)).batch
    desk.submitted(batch)
    desk.approved(batch)
    return ref


def _first_case(connection: Connection) -> str:
    """The reference of an open case of the officer who acts meanwhile."""
    own = select(officers.c.id).where(officers.c.login == login_of("case_officer")).scalar_subquery()
    open_of = select(case_rows.c.ref).where(case_rows.c.officer_id == own, case_rows.c.closed_on.is_(None))
    return str(connection.scalar(open_of.order_by(case_rows.c.id).limit(1)))


OFFICES: dict[str, tuple[Callable[[Engine], str], tuple[str, ...]]] = {
    "dates": (_dates, ("closing", "corrections")),
    "complaints": (_complaints, ("ruling",)),
    "cases": (_cases, ("watch", "week", "version", "letters", "rebuild")),
}


def main(work: str, url: str) -> None:
    start, held = process_time(), Held(engine(url))
    done: dict[str, Any] = {"count": WORKS[work][1](engine(url)), "core": process_time() - start}
    sys.stdout.write(json.dumps(done | {"held": held.core, "held_for": held.clock}))


if __name__ == "__main__":
    main(*sys.argv[1:]) if len(sys.argv) > 1 else run()
