"""A deadline that ran more than once: each run is shown, with its own last day, on every page and at every command."""

import html
import json
from collections.abc import Callable
from datetime import date, timedelta

import pytest

from cli.app import app
from correspondence.effective_papers import act
from models.clock import FrozenClock
from tests.command_line import CliRunner
from tests.web.web_office import TODAY, Office, Visitor, login_of

As = Callable[..., Visitor]
SECOND = TODAY + timedelta(days=3)


@pytest.fixture
def asked_twice(office: Office) -> str:
    """The agencies were asked on two days: the time to reply ran twice."""
    for on, verb, data in (
        (TODAY, "accept_case", {"file_held": True}),
        (TODAY, "ask_agencies", {"tax_period": "2010-2014"}),
        (SECOND, "ask_agencies", {"tax_period": "2015"}),
    ):
        act(office.bind, office.first, verb, by=login_of("case_officer"), clock=FrozenClock.on(on, 10), data=data)
    return office.first


def command(*arguments: str) -> str:
    result = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_the_document_of_the_case_lists_every_run(asked_twice: str) -> None:
    listed = [item for item in json.loads(command("case", asked_twice, "--json"))["deadlines"] if item["runs"] > 1]
    assert [(item["key"], item["run"], item["runs"]) for item in listed] == [
        ("reply_target", 1, 2),
        ("reply_target", 2, 2),
    ]
    assert [item["starts_on"] for item in listed] == [TODAY.isoformat(), SECOND.isoformat()]
    first, second = (date.fromisoformat(item["ends_on"]) for item in listed)
    assert first < second


def test_the_commands_name_the_run(asked_twice: str) -> None:
    for shown in (command("case", asked_twice), command("explain", asked_twice, "reply_target")):
        assert [shown.count(f"(lần {number})") for number in (1, 2, 3)] == [1, 1, 0], "a fixed date has no runs"
    runs = json.loads(command("explain", asked_twice, "reply_target", "--json"))
    assert [(item["run"], item["starts_on"]) for item in runs] == [(1, TODAY.isoformat()), (2, SECOND.isoformat())]
    assert runs[0]["lines"] != runs[1]["lines"]


def test_the_pages_name_the_run(asked_twice: str, as_role: As) -> None:
    for path in (f"/cases/{asked_twice}", f"/cases/{asked_twice}/sums?deadline=reply_target"):
        page = html.unescape(as_role("case_officer").get(path).text)
        for words in ("(lần 1)", "(lần 2)"):
            assert words in page, path


def test_a_deadline_that_ran_once_has_no_number(office: Office) -> None:
    assert "(lần" not in command("case", office.first)
