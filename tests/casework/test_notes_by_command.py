"""Notes, instructions and documents from the command line."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cli.app import app
from models.database import engine
from models.settings import settings
from tests.command_line import CliRunner
from tests.web.web_office import Office, build_office, login_of

Run = Callable[..., Any]
OFFICER, MANAGER = login_of("case_officer"), login_of("manager")


@pytest.fixture
def office(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.setenv("COOPCASE_DATA", str(tmp_path / "var"))
    monkeypatch.setenv("COOPCASE_DATABASE_URL", sqlite_url)
    settings.cache_clear()
    engine.cache_clear()
    return build_office(engine())


def run(*words: str) -> Any:
    answer = CliRunner().invoke(app, [*words, "--json"], catch_exceptions=False)
    assert answer.exit_code == 0, answer.output
    return json.loads(answer.output)


def test_everything_is_done_from_the_command_line(office: Office, tmp_path: Path) -> None:
    ref, file = office.first, tmp_path / "bien-ban.txt"
    file.write_text("Biên bản", encoding="utf-8")
    added = run("document", "add", ref, str(file), "--by", OFFICER, "--kind", "minutes", "--on", "12/03/2016")
    (document,) = run("document", "list", ref, "--by", OFFICER)
    assert added["new"] == [document["sha256"]] and document["kind"] == "minutes"
    chosen = ("--document", document["sha256"][:8])
    note = run("note", "add", ref, "Gọi lại", "--by", OFFICER, "--come-back", "16/03/2016", *chosen)["note"]
    assert run("note", "list", ref, "--by", MANAGER)[0]["files"] == [document["sha256"]]
    run("note", "close", ref, str(note), "--by", OFFICER)
    run("note", "strike", ref, str(note), "--by", MANAGER, "--reason", "Nhầm")
    assert run("note", "list", ref, "--by", MANAGER)[0]["struck_reason"] == "Nhầm"
    given = run("instruction", "give", ref, OFFICER, "Xác minh", "--by", MANAGER, "--due", "18/03/2016")["instruction"]
    assert [row["id"] for row in run("instruction", "list", "--by", OFFICER)] == [given]
    run("instruction", "answer", ref, str(given), "Đã xác minh", "--by", OFFICER, *chosen)
    assert run("instruction", "list", ref, "--by", MANAGER) == []
    assert run("instruction", "list", ref, "--by", MANAGER, "--all")[0]["answer"] == "Đã xác minh"
    lines = CliRunner().invoke(app, ["document", "list", ref, "--by", OFFICER]).output
    assert document["sha256"][:12] in lines and "Biên bản" in lines
