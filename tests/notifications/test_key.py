"""The office's secret: made once, whole, also when several processes ask for it at once."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from models.settings import Settings
from notifications.delivery.sealing import seal, secret_of, unseal


@pytest.fixture
def chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.delenv("COOPCASE_SECRET", raising=False)
    return Settings(data=tmp_path / "var")


def test_all_who_ask_at_once_get_the_same_whole_key(chosen: Settings) -> None:
    with ThreadPoolExecutor(16) as pool:
        keys = set(pool.map(lambda _: secret_of(chosen), range(64)))
    (key,) = keys
    assert len(key) == 64
    assert [path.name for path in chosen.data.iterdir()] == ["session.key"]
    assert (chosen.data / "session.key").stat().st_mode & 0o777 == 0o600


def test_what_was_sealed_is_read_again(chosen: Settings) -> None:
    assert unseal(chosen, seal(chosen, "mailto://a@b.example")) == "mailto://a@b.example"
