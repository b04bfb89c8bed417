"""A procedure's author at the command line: begin a file, check it, read every error at once."""

from pathlib import Path

import pytest

from cli.app import app
from models.errors import WrongInput
from tests.command_line import CliRunner


def called(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, arguments)
    if isinstance(result.exception, WrongInput):
        raise result.exception
    return result.exit_code, result.stdout, result.stderr


def test_a_new_file_passes_the_check_and_is_never_written_over(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    assert called("procedure", "new", str(file))[0] == 0
    code, said, _ = called("procedure", "check", str(file))
    assert (code, "3 trạng thái" in said or "3 states" in said) == (0, True)
    before = file.read_text(encoding="utf-8")
    with pytest.raises(WrongInput) as refused:
        called("procedure", "new", str(file))
    assert (refused.value.code, file.read_text(encoding="utf-8")) == ("file_is_there", before)
    with pytest.raises(WrongInput) as refused:
        called("procedure", "new", str(tmp_path / "no" / "such" / "folder.yaml"))
    assert refused.value.code == "file_not_written"


def test_the_procedure_of_another_office_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    called("procedure", "new", str(file))
    file.write_text(file.read_text(encoding="utf-8").replace("procedure: htx-hai-phong", "procedure: other"), "utf-8")
    with pytest.raises(WrongInput) as refused:
        called("procedure", "check", str(file))
    assert refused.value.code == "another_procedure"


def test_every_error_is_printed_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    called("procedure", "new", str(file))
    text = file.read_text(encoding="utf-8")
    for old, new in (("kind: target", "kind: dream"), ("to: LOOKED_INTO", "to: LOOKED"), ("four_eyes:", "two_eyes:")):
        text = text.replace(old, new, 1)
    file.write_text(text, encoding="utf-8")
    code, _, said = called("procedure", "check", str(file))
    assert code == 2
    assert len([line for line in said.splitlines() if line.startswith("mine.yaml, ")]) == 3
    assert "LOOKED" in said and "two_eyes" in said and "look_target" in said
