"""Event logs from CSV and XES: what is understood, and refusals that name the place and the remedy."""

import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cli.app import app
from foresight.log import LogError
from foresight.reading import day_of
from foresight.reading_csv import read_csv
from foresight.reading_xes import read_xes
from models.errors import WrongInput
from templates.words import say
from tests.command_line import CliRunner

HEADER = "case,activity,timestamp,opened,closed,due,office\n"


def written(tmp_path: Path, text: str | bytes, name: str = "log.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_a_csv_with_plain_columns(tmp_path: Path) -> None:
    rows = "A,intake,2016-01-04T08:00,,2016-01-10,20/01/2016,X\nA,check,05/01/2016 08:00,,2016-01-10,20/01/2016,X\n"
    rows += "B,intake,2016-01-06,2016-01-05,,,Y\n"
    found = read_csv(written(tmp_path, HEADER + rows))
    log = found.log
    assert log.ids == ("A", "B")
    assert log.offices == ("X", "Y")
    assert log.closed[0] == 6
    assert np.isnan(log.closed[1])
    assert (log.due[0], log.opened[1]) == (16, 1)
    assert [log.steps[step] for step in log.step] == ["intake", "check", "", "intake"]
    assert day_of(log, 6.5).isoformat() == "2016-01-10"
    assert found.closed_by == ()


@pytest.mark.parametrize("delimiter", list(",;\t|"))
def test_delimiters_and_names_of_xes(tmp_path: Path, delimiter: str) -> None:
    lines = ["case:concept:name,concept:name,time:timestamp,lifecycle:transition"]
    for number in range(30):
        lines += [
            f"{number},ask,2016-01-04T00:00:00Z,start", f"{number},ask,2016-01-05T00:00:00Z,complete",
            f"{number},end,2016-01-0{number % 3 + 6}T00:00:00Z,COMPLETE",
        ]  # fmt: skip
    found = read_csv(written(tmp_path, "\n".join(lines).replace(",", delimiter)))
    assert found.closed_by == ("end",)
    assert found.log.steps == ("ask",)
    assert found.log.closed.tolist() == [n % 3 + 1.0 for n in range(30)]


def test_the_activity_that_closes_may_be_named(tmp_path: Path) -> None:
    rows = "A,ask,2016-01-04,\nA,give,2016-01-06,\nA,file,2016-01-09,\nB,ask,2016-01-05,\n"
    path = written(tmp_path, "case,activity,time\n" + rows.replace(",\n", "\n"))
    log = read_csv(path, ["give"]).log
    assert log.closed[0] == 2
    assert np.isnan(log.closed[1])


def test_a_case_closed_before_it_opened_is_left_out_and_counted(tmp_path: Path) -> None:
    rows = "A,ask,2016-01-04,,2016-01-03,,\nB,ask,2016-01-05,,2016-01-09,,\n"
    found = read_csv(written(tmp_path, HEADER + rows))
    assert (found.log.ids, found.never_open) == (("B",), ("A",))


@pytest.mark.parametrize(
    ("text", "code", "where"),
    [
        (b"", "no_column", "1"),
        (b"case,activity\nA,x\n", "no_column", "1"),
        (b"case,activity,time\n", "no_events", ""),
        (b"case,activity,time\nA,x,2016-01-04\n\nA,,2016-01-05\n", "no_value", "4"),
        (b"case,activity,time\nA,x,2016-01-04\nA,y\n", "no_value", "3"),
        (b"case,activity,time\nA,x,yesterday\n", "no_time", "2"),
        (b"case,activity,time,closed\nA,x,2016-01-04,31/02/2016\n", "no_time", "2"),
        (b"case,activity,time\nA,\xff,2016-01-04\n", "not_utf8", "1"),
        (b'case,activity,time\nA,"x,2016-01-04\n', "not_csv", "2"),
        (b"case,activity,time\nA,x,2016-01-04\nA,y,2016-01-05\nB,y,2016-01-04\nB,x,2016-01-06\n", "no_closing", ""),
    ],
)
def test_a_csv_that_cannot_be_read_is_refused_with_its_place(
    tmp_path: Path, text: bytes, code: str, where: str
) -> None:
    with pytest.raises(LogError) as refused:
        read_csv(written(tmp_path, text))
    assert (refused.value.code, refused.value.where) == (code, where)
    _has_words(refused.value)


def _has_words(error: LogError) -> None:
    wrong = WrongInput("log.csv", f"log_{error.code}", where=error.where, **error.detail)
    for lang in ("vi", "en"):
        assert "{" not in say(wrong, lang)
        assert error.code == "no_column" or not error.where[:1].isdigit() or error.where in say(wrong, lang)


def xes(events: str, head: str = "") -> str:
    return f'<?xml version="1.0"?>{head}<log xmlns="http://www.xes-standard.org/">{events}</log>'


def event(name: str, at: str, more: str = "") -> str:
    return f'<event><string key="concept:name" value="{name}"/><date key="time:timestamp" value="{at}"/>{more}</event>'


def trace(name: str, *events: str) -> str:
    return f'<trace><string key="concept:name" value="{name}"/>{"".join(events)}</trace>'


@pytest.mark.parametrize("name", ["log.xes", "log.xes.gz"])
def test_an_xes(tmp_path: Path, name: str) -> None:
    text = xes(
        trace("A", event("ask", "2016-01-04T01:00:00+07:00"), event("end", "2016-01-08T01:00:00.000+07:00"))
        + trace("B", event("ask", "2016-01-05T00:00:00Z"))
    )
    data = gzip.compress(text.encode()) if name.endswith("gz") else text.encode()
    found = read_xes(written(tmp_path, data, name))
    assert found.closed_by == ("end",)
    assert found.log.origin.isoformat() == "2016-01-04"
    assert found.log.closed[0] - found.log.opened[0] == pytest.approx(4)
    assert np.isnan(found.log.closed[1])


@pytest.mark.parametrize(
    ("data", "name", "code", "where"),
    [
        (b"<log><trace></log>", "a.xes", "not_xml", "1:15"),
        (b"not xml", "a.xes", "not_xml", "1:1"),
        (xes("").encode(), "a.xes", "no_events", ""),
        (b"no gzip at all", "a.xes.gz", "not_gzip", "a.xes.gz"),
        (gzip.compress(xes(trace("A")).encode())[:-20], "a.xes.gz", "not_gzip", "a.xes.gz"),
        (xes("", "<!DOCTYPE log [<!ENTITY a 'b'>]>").encode(), "a.xes", "unsafe_xml", "a.xes"),
        (xes(trace("A", event("", "2016-01-04"))).encode(), "a.xes", "no_value", "A/1"),
        (xes(trace("A", event("x", "2016-01-04"), event("y", "soon"))).encode(), "a.xes", "no_time", "A/2"),
    ],
)
def test_an_xes_that_cannot_be_read_is_refused_with_its_place(
    tmp_path: Path, data: bytes, name: str, code: str, where: str
) -> None:
    with pytest.raises(LogError) as refused:
        read_xes(written(tmp_path, data, name))
    assert (refused.value.code, refused.value.where) == (code, where)
    _has_words(refused.value)


@pytest.fixture
def office_log(tmp_path: Path) -> Path:
    """Four years of a small office: a case every second day, closed after 20 to 40 days."""
    lines = ["case,step,time,closed"]
    for number in range(700):
        opened = np.datetime64("2012-01-02") + 2 * number
        closed = opened + 20 + number * 7 % 21
        lines.append(f"{number},work,{opened},{closed if closed < np.datetime64('2015-10-01') else ''}")
    return written(tmp_path, "\n".join(lines) + "\n")


def run(*arguments: str) -> Any:
    return CliRunner().invoke(app, ["forecast", *arguments])


def test_the_command_forecasts_a_file(office_log: Path) -> None:
    said = json.loads(run("--log", str(office_log), "--horizon", "14", "--at", "01/09/2015", "--json").stdout)
    assert (said["at"], said["cases"], said["open"]) == ("2015-09-01", 700, 14)
    (found,) = said["forecasts"]
    assert (found["on"], found["verdict"]) == ("2015-09-15", "enough")
    assert 0 < found["low"] <= found["median"] <= found["high"] <= 14
    assert set(found["trials"][0]) == {"at", "open", "low", "median", "high", "came"}


def test_the_command_says_it_in_words(office_log: Path) -> None:
    reported = run("--log", str(office_log), "--horizon", "14", "--horizon", "900", "--at", "2015-09-01").stdout
    assert "Ngày 01/09/2015: 14 hồ sơ đang mở." in reported
    assert "Đến 15/09/2015:" in reported
    assert "chưa đủ số liệu" in reported
    assert reported.count("Thử ngày") == 3


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--horizon", "0"], "horizon_out_of_range"),
        ([], "horizon_out_of_range"),
        (["--horizon", "9", "--at", "01/01/2010"], "at_outside_log"),
        (["--horizon", "9", "--closed-by", "never"], "log_no_such_activity"),
        (["--horizon", "9", "--district", "HBG"], "district_with_log"),
    ],
)
def test_the_command_refuses_by_name(office_log: Path, arguments: list[str], code: str) -> None:
    refused = run("--log", str(office_log), *arguments).exception
    assert isinstance(refused, WrongInput)
    assert refused.code == code
    assert "{" not in say(refused, "vi") + say(refused, "en")


def test_a_file_that_is_not_there_or_of_another_kind(tmp_path: Path) -> None:
    assert run("--log", str(tmp_path / "none.csv"), "--horizon", "9").exception.code == "no_such_file"
    assert run("--log", str(tmp_path / "a.txt"), "--horizon", "9").exception.code == "log_of_unknown_kind"
