"""Checkpoints are time-stamped by a server (a substitute here), and a time-stamp that is not theirs is found."""

import base64
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from audit_log.log_faults import log_faults
from audit_log.sequencer import sequence
from audit_log.time_stamps import newest_stamp, stamp_newest
from models.database import reading, writing
from models.errors import Refused
from models.settings import settings
from models.tables import districts, log_time_stamps
from tests.letters.authority import Authority, authority, fresh_authority
from tests.tampering import behind_the_program

NOW = datetime(2016, 3, 14, 2, 0, tzinfo=UTC)


@pytest.fixture
def tsa(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Authority, str]]:
    (tmp_path / "roots.pem").write_bytes(authority().roots())
    monkeypatch.setenv("COOPCASE_SIGN_TRUST", str(tmp_path / "roots.pem"))
    settings.cache_clear()
    made = fresh_authority()
    with made.serving() as address:
        yield made, address


def grow(bind: Engine, folder: Path, code: str) -> None:
    with writing(bind) as connection:
        connection.execute(districts.insert().values(code=code, name=code, kind="quan", seat=""))
    assert sequence(bind, folder, NOW)


def faults(bind: Engine, folder: Path) -> list[str]:
    with reading(bind) as connection:
        return [fault.code for fault in log_faults(connection, folder)]


def test_the_newest_checkpoint_is_stamped_once(either_bind: Engine, tmp_path: Path, tsa: tuple[Authority, str]) -> None:
    made, address = tsa
    assert stamp_newest(either_bind, address) is None, "there is no checkpoint yet"
    grow(either_bind, tmp_path, "A")
    first = stamp_newest(either_bind, address)
    assert first is not None and first.at == made.at
    assert stamp_newest(either_bind, address) == first
    assert len(made.asked) == 1
    grow(either_bind, tmp_path, "B")
    second = stamp_newest(either_bind, address)
    assert second is not None and second.short != first.short
    assert faults(either_bind, tmp_path) == []
    with reading(either_bind) as connection:
        assert newest_stamp(connection) == second


def test_a_server_that_does_not_answer_leaves_no_stamp(
    bind: Engine, tmp_path: Path, tsa: tuple[Authority, str]
) -> None:
    grow(bind, tmp_path, "A")
    tsa[0].down = True
    with pytest.raises(Refused) as refused:
        stamp_newest(bind, tsa[1])
    assert refused.value.code == "log_stamp_server"
    with reading(bind) as connection:
        assert newest_stamp(connection) is None


def test_a_server_that_the_office_does_not_trust_is_refused(
    bind: Engine, tmp_path: Path, tsa: tuple[Authority, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    grow(bind, tmp_path, "A")
    stamp_newest(bind, tsa[1])
    stranger = authority.__wrapped__()
    (tmp_path / "other.pem").write_bytes(stranger.roots())
    monkeypatch.setenv("COOPCASE_SIGN_TRUST", str(tmp_path / "other.pem"))
    settings.cache_clear()
    assert faults(bind, tmp_path) == ["fault_log_stamp"]
    grow(bind, tmp_path, "B")
    with pytest.raises(Refused) as refused:
        stamp_newest(bind, tsa[1])
    assert refused.value.code == "log_not_stamped"


@pytest.mark.parametrize("harm", ["of another checkpoint", "a byte", "the instant", "no token"])
def test_a_stamp_that_was_altered_is_found(bind: Engine, tmp_path: Path, tsa: tuple[Authority, str], harm: str) -> None:
    for code in ("A", "B"):
        grow(bind, tmp_path, code)
        stamp_newest(bind, tsa[1])
    columns = log_time_stamps.c
    with behind_the_program(bind) as connection:
        first, second = connection.execute(select(log_time_stamps).order_by(columns.size)).all()
        raw = bytearray(base64.b64decode(second.token))
        raw[-20] ^= 1
        changed = {
            "of another checkpoint": {"token": first.token},
            "a byte": {"token": base64.b64encode(bytes(raw)).decode()},
            "the instant": {"stamped_at": datetime(2015, 3, 14, tzinfo=UTC)},
            "no token": {"token": "%"},
        }[harm]
        connection.execute(log_time_stamps.update().where(columns.id == second.id).values(**changed))
    assert faults(bind, tmp_path) == ["fault_log_stamp"]


def test_a_stamp_is_never_changed_by_the_program(bind: Engine, tmp_path: Path, tsa: tuple[Authority, str]) -> None:
    grow(bind, tmp_path, "A")
    stamp_newest(bind, tsa[1])
    with pytest.raises(Exception, match="append_only"), writing(bind) as connection:
        connection.execute(log_time_stamps.delete())
