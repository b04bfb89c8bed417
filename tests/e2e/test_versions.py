"""A version of the procedure from file to force, through the command line."""

from pathlib import Path

import pytest

from cli.app import app
from models.errors import Conflict, Refused, WrongInput
from procedures.definition.loader import load
from tests.command_line import CliRunner
from tests.e2e.walking import coopcase
from tests.rule_changes import version_texts as made
from tests.rule_changes.version_texts import NAME, text_of
from tests.web.web_office import Office, login_of

NEXT = f"{NAME}@9"
MANAGER, LEGAL = login_of("manager", None), login_of("legal", None)


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "new.yaml"
    path.write_text(text_of("9", made.LEGAL), encoding="utf-8")
    return str(path)


def statuses() -> dict[str, str]:
    return {row["pin"]: row["status"] for row in coopcase("procedure", "list")["versions"]}


def test_a_version_goes_from_file_to_force(office: Office, file: str) -> None:
    looked = coopcase("procedure", "preview", file)
    assert statuses() == {load().pin: "in_force"}, "looking changes nothing"
    proposed = coopcase("procedure", "propose", file, "--by", MANAGER, "--note", "Công văn 12")
    assert (proposed["pin"], proposed["seen"]) == (NEXT, looked["seen"])
    assert len([item for item in proposed["change"]["moved"] if item["becomes"] == "legal"]) == 4
    with pytest.raises(Conflict):
        coopcase("procedure", "approve", NEXT, "--by", LEGAL, "--seen", "0" * 12)
    with pytest.raises(Refused):
        coopcase("procedure", "approve", NEXT, "--by", MANAGER, "--seen", looked["seen"])
    approved = coopcase("procedure", "approve", NEXT, "--by", LEGAL, "--seen", looked["seen"])
    assert office.first in approved["change"]["cases"]
    assert statuses() == {NEXT: "in_force", load().pin: "retired"}
    assert coopcase("case", office.first)["procedure"] == NEXT
    checked = coopcase("verify")
    assert (checked["sound"], checked["faults"], checked["contradictions"]) == (True, [], [])
    shown = coopcase("procedure", "show", NEXT)
    assert [item["act"] for item in shown["history"]] == ["added", "proposed", "approved"]
    assert shown["text"] == Path(file).read_text(encoding="utf-8")
    left = coopcase("procedure", "preview", NEXT)
    assert left["change"]["cases"] == []
    assert coopcase("procedure", "move", "--by", LEGAL, "--seen", left["seen"])["change"]["cases"] == []


def test_a_proposal_is_sent_back_or_withdrawn(office: Office, file: str) -> None:
    coopcase("procedure", "propose", file, "--by", MANAGER)
    assert coopcase("procedure", "return", NEXT, "--by", LEGAL, "--reason", "Thiếu")["status"] == "returned"
    coopcase("procedure", "propose", NEXT, "--by", MANAGER)
    assert coopcase("procedure", "withdraw", NEXT, "--by", MANAGER)["status"] == "withdrawn"


def test_what_is_neither_file_nor_version_is_wrong_input(office: Office) -> None:
    with pytest.raises(WrongInput) as wrong:
        coopcase("procedure", "preview", "nothing-here")
    assert wrong.value.code == "no_such_version"


def test_a_broken_file_is_reported_line_by_line(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(text_of("9") + "colour: red\n", encoding="utf-8")
    for command in (["preview"], ["propose", "--by", MANAGER], ["diff", load().pin]):
        result = CliRunner().invoke(app, ["procedure", *command, str(path)])
        assert result.exit_code == 2, command
    result = CliRunner().invoke(app, ["procedure", "preview", str(path)])
    assert "bad.yaml, dòng" in result.stderr
    assert "colour" in result.stderr


def test_the_versions_are_listed_in_lines(office: Office, file: str) -> None:
    coopcase("procedure", "propose", file, "--by", MANAGER)
    for command, said in (
        (("list",), "chờ người thứ hai duyệt"), (("show", NEXT), "Đề nghị áp dụng"),
        (("preview", NEXT), "4 thời hạn luật định thay đổi"),
        (("diff", load().pin, NEXT), "10 ngày làm việc → 5 ngày làm việc"),
    ):  # fmt: skip
        result = CliRunner().invoke(app, ["procedure", *command], catch_exceptions=False)
        assert said in result.stdout
