"""The office's keys: each made once, whole, also when several processes ask for it at once."""

import base64
import hashlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import Engine, select

from models.database import writing
from models.errors import Refused
from models.settings import Settings
from models.tables import channels, officers
from notifications.delivery.sealing import FORMER_PURPOSE, reseal, seal, secret_of, unseal

ADDRESS = "mailto://a@b.example"


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
    assert unseal(chosen, seal(chosen, ADDRESS)) == ADDRESS


def test_the_key_of_sessions_opens_no_channel(chosen: Settings) -> None:
    sealed = seal(chosen, ADDRESS)
    secret = secret_of(chosen)
    (chosen.data / "channels.key").unlink()
    with pytest.raises(Refused):
        unseal(chosen, sealed)
    assert secret_of(chosen) == secret


def test_addresses_of_an_earlier_release_are_encrypted_with_the_key_of_channels(chosen: Settings, bind: Engine) -> None:
    """They were encrypted with a key derived from that of the sessions; one that nothing opens stays as it is."""
    digest = hashlib.sha256(FORMER_PURPOSE + secret_of(chosen).encode()).digest()
    former = Fernet(base64.urlsafe_b64encode(digest)).encrypt(ADDRESS.encode()).decode()
    lost = Fernet(Fernet.generate_key()).encrypt(ADDRESS.encode()).decode()
    assert unseal(chosen, former) == ADDRESS
    with writing(bind) as connection:
        person = {"login": "a", "name": "A", "role": "officer", "title": "", "post": "", "email": "", "lang": "vi",
                  "password_hash": "", "temporary": False, "active": True, "is_sample": False}  # fmt: skip
        connection.execute(officers.insert().values(id=1, **person))
        for number, sealed in enumerate((former, lost, seal(chosen, ADDRESS)), 1):
            row = {"id": number, "officer_id": 1, "label": "x", "active": True, "last_error": ""}
            connection.execute(channels.insert().values(row | {"address_sealed": sealed}))
        assert [reseal(connection, chosen), reseal(connection, chosen)] == [1, 0]
        now = dict(connection.execute(select(channels.c.id, channels.c.address_sealed)).tuples().all())
    (chosen.data / "session.key").unlink()
    assert (unseal(chosen, now[1]), now[2]) == (ADDRESS, lost)
