"""Copies by the commands alone: a key is made and carried away, a copy is encrypted, another folder restores it."""

from pathlib import Path

import pytest

from cli.app import app
from models.errors import Conflict, CoopcaseError, WrongInput
from models.settings import settings
from tests.command_line import CliRunner
from tests.e2e.walking import coopcase
from tests.web.web_office import Office


def run(*arguments: str) -> str:
    done = CliRunner().invoke(app, [*arguments])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.output


def test_a_copy_goes_to_a_key_that_lies_elsewhere_and_comes_back(office: Office, tmp_path: Path) -> None:
    key = tmp_path / "usb" / "key.txt"
    key.parent.mkdir()
    assert coopcase("backup-key", "show") == {"recipients": []}
    plain = coopcase("backup", str(tmp_path / "plain"))
    assert not plain["encrypted"]
    assert "age1" in run("backup-key", "make", str(key))
    assert key.stat().st_mode & 0o777 == 0o600
    assert len(coopcase("backup-key", "show")["recipients"]) == 1
    made = coopcase("backup", str(tmp_path / "copies"))
    assert (made["encrypted"], made["restored"], made["faults"]) == (True, True, 0)
    for source, given in ((made["path"], ("--identity", str(key))), (plain["path"], ())):
        into = tmp_path / f"restored{len(given)}"
        done = coopcase("restore", source, *given, "--into", str(into))
        assert (done["cases"], done["faults"]) == (made["cases"], 0)
        assert (into / "coopcase.db").is_file()


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (("backup",), "backup_folder_needed"),
        (("backup-key", "set", "age1wrong"), "not_a_recipient"),
        (("backup-key", "make", "{data}/key.txt"), "identity_in_data_folder"),
        (("backup-key", "make", "{tmp}/taken"), "identity_is_there"),
        (("restore", "{tmp}/nothing.tar.age"), "no_such_copy"),
        (("restore", "{tmp}/taken", "--identity", "{tmp}/taken", "--into", "{tmp}/new"), "not_an_identity"),
        (("restore", "{tmp}/taken", "--into", "{tmp}/new"), "identity_needed"),
    ],
)
def test_what_is_wrong_is_named_with_what_to_do(
    office: Office, tmp_path: Path, command: tuple[str, ...], code: str
) -> None:
    (tmp_path / "taken").write_text("not a key\n")
    settings().data.mkdir(exist_ok=True)
    with pytest.raises(CoopcaseError) as wrong:
        run(*(part.format(data=settings().data, tmp=tmp_path) for part in command))
    assert wrong.value.code == code
    assert isinstance(wrong.value, WrongInput | Conflict) or code == "no_such_copy"
