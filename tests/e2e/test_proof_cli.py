"""A case is proven and the log anchored on the command line; a file that cannot be read or written is named."""

from pathlib import Path

import pytest

from models.errors import WrongInput
from tests.e2e.walking import coopcase
from tests.web.web_office import Office, login_of


def test_a_proof_is_written_and_checked(office: Office, tmp_path: Path) -> None:
    made = coopcase("prove", office.first, "--by", login_of("manager"), "--into", str(tmp_path))
    assert coopcase("verify", made["file"]) == {"sound": True, "faults": []}


def test_a_checkpoint_is_kept_elsewhere_and_held_against_the_log(office: Office, tmp_path: Path) -> None:
    kept = tmp_path / "checkpoint"
    assert coopcase("verify")["log"]["waiting"] > 0, "what has no place in the log yet is named"
    shown = coopcase("checkpoint", "--into", str(kept))
    assert coopcase("verify")["log"]["waiting"] == 0
    assert kept.read_text(encoding="utf-8") == shown["note"]
    for anchor in (str(kept), shown["short"]):
        assert coopcase("verify", "--against", anchor)["sound"]


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (("verify", "nothing.zip"), "no_such_file"),
        (("verify", "--against", "abc"), "not_a_checkpoint"),
        (("checkpoint", "--into", "/nonexistent/x"), "cannot_write_file"),
    ],
)
def test_what_cannot_be_read_or_written_is_named(office: Office, command: tuple[str, ...], code: str) -> None:
    with pytest.raises(WrongInput) as wrong:
        coopcase(*command)
    assert wrong.value.code == code
