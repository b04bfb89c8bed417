"""Prefect away, killed and back: what is pending waits, is done once, and no run is left at work for ever."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

from models.database import writing
from models.office_clock import set_demo_day
from tests.conftest import free_port
from tests.faults.acting import REQUESTED, act, letters, pending, request_letters
from tests.faults.runs import runs, tables, unfinished
from tests.faults.stack import Stack, eventually, require, running
from tests.web.web_office import Office

pytestmark = [pytest.mark.processes, pytest.mark.prefect, pytest.mark.timeout(900)]


@pytest.fixture
def stack(data: Path, prefect: Stack) -> Stack:
    """A worker alone, on the Prefect server of the session."""
    return Stack(data, free_port(), prefect.prefect_port, ("worker",))


@pytest.fixture
def own(data: Path) -> Stack:
    """A worker with a Prefect server of its own, which may be killed."""
    return Stack(data, free_port(), free_port(), ("prefect", "worker"))


@contextmanager
def locked(data: Path) -> Iterator[None]:
    """Another writer holds the database: a flow that wants to write waits."""
    other = sqlite3.connect(data / "coopcase.db", isolation_level=None, timeout=30)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


def test_pending_effects_wait_while_prefect_is_away(office: Office, own: Stack) -> None:
    own.names = ("worker",)
    with running(own, patience=30):
        seq = request_letters(office, office.first)
        assert not eventually(lambda: letters(office, office.first, seq), 4), "the letter was drafted without Prefect"
        assert (own.data / "outgoing").exists() is False
        server = Stack(own.data, own.port, own.prefect_port, ("prefect",))
        with running(server):
            require(lambda: pending(office) == 0, 180, own)
            assert letters(office, office.first, seq) == REQUESTED
            require(lambda: not unfinished(server), 30, own, "no run at work")


def test_a_run_that_was_cut_off_is_not_left_at_work(office: Office, own: Stack) -> None:
    """The worker killed in the middle of a run, then Prefect, then both."""
    victims = {office.first: ("worker",), office.second: ("prefect",), office.city: ("prefect", "worker")}
    with running(own):
        for ref, names in victims.items():
            require(lambda: pending(office) == 0 and not unfinished(own), 180, own)
            with cut_off(office, own, ref) as (seq, cut):
                own.kill(*names)
                time.sleep(0.3)
            require(own.is_up, 180, own)
            require(lambda: pending(office) == 0, 180, own)
            require(lambda: not unfinished(own), 180, own, "no run at work")
            assert letters(office, ref, seq) == REQUESTED
            assert cut in {run["id"] for run in runs(own, "CRASHED", "COMPLETED")}


@contextmanager
def cut_off(office: Office, stack: Stack, ref: str) -> Iterator[tuple[int, str]]:
    """A letter is pending, and the run that shall draft it waits until the block ends."""
    seq = request_letters(office, ref)
    with locked(stack.data):
        found = require(lambda: [run for run in unfinished(stack) if run["state_type"] == "RUNNING"], 30, stack)
        yield seq, found[0]["id"]


def test_schedules_are_registered_in_prefect(office: Office, stack: Stack, prefect: Stack) -> None:
    with running(stack):
        waiting = require(lambda: runs(prefect, "SCHEDULED"), 180, prefect)
    assert all(run["deployment_id"] for run in waiting)


def test_a_run_leaves_a_table_for_people(office: Office, stack: Stack, prefect: Stack) -> None:
    with writing(office.bind) as connection:
        set_demo_day(connection, date(2016, 3, 17))
    with running(stack):
        found = require(
            lambda: {"weekly-reminders", "turned-late"} <= tables(prefect).keys() and tables(prefect), 60, stack
        )
    assert "17/03/2016" in found["turned-late"]


def test_old_runs_do_not_stay(office: Office, stack: Stack, prefect: Stack) -> None:
    """The setting deletes them with their logs and tables; what is younger stays."""
    with running(stack):
        act(office, office.first, "accept_case", file_held="true")
        require(lambda: pending(office) == 0 and not unfinished(stack), 60, stack)
        kept = require(lambda: runs(prefect, "COMPLETED"), 20, prefect)
    old = kept[0]["id"]
    with sqlite3.connect(prefect.data / "prefect" / "prefect.db", timeout=30) as database:
        age = "UPDATE flow_run SET end_time = datetime(end_time, '-100 days') WHERE id = ?"
        assert database.execute(age, (old,)).rowcount == 1
    require(lambda: old not in {run["id"] for run in runs(prefect, "COMPLETED")}, 180, prefect)
    with sqlite3.connect(prefect.data / "prefect" / "prefect.db", timeout=30) as database:
        assert database.execute("SELECT count(*) FROM log WHERE flow_run_id = ?", (old,)).fetchone() == (0,)
    assert len(runs(prefect, "COMPLETED")) == len(kept) - 1
