"""Failure codes of the release before are renamed by the migration, so that pages still have words for them."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, insert, select

from models import database
from models.clock import FrozenClock
from models.database import engine, migrate, reading, writing
from models.tables import channels, messages, officers
from notifications.message_texts import failure_text
from tests.notifications.desk import MONDAY

NOW = FrozenClock.on(MONDAY).now()


def test_a_refused_internal_address_keeps_its_reason(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'old.db'}"
    bind, config = engine(url), Config()
    config.set_main_option("script_location", str(Path(database.__file__).parent / "migrations"))
    config.attributes |= {"url": url, "engine": bind}
    command.upgrade(config, "0019")
    _former_failures(bind)
    migrate(url)
    with reading(bind) as connection:
        errors = list(connection.scalars(select(channels.c.last_error).order_by(channels.c.id)))
        notes = list(connection.scalars(select(messages.c.note).order_by(messages.c.id)))
    bind.dispose()
    assert errors == ["internal_address", "no_answer", ""]
    assert notes == ["internal_address", "Người nhận đã nghỉ"]
    assert "COOPCASE_CHANNELS_INSIDE" in failure_text(errors[0], "vi")


def _former_failures(bind: Engine) -> None:
    officer = {"id": 1, "login": "a", "name": "A", "title": "", "role": "manager", "email": "", "password_hash": ""}
    message = {
        "officer_id": 1, "kind": "notice", "deadline_key": "", "subject": "", "body": "", "html": "", "calendar": "",
        "link": "", "attempts": 1, "created_on": MONDAY, "created_at": NOW, "next_at": NOW, "message_id": "",
    }  # fmt: skip
    with writing(bind) as connection:
        connection.execute(insert(officers).values(officer))
        for code in ("own_house", "no_answer", ""):
            values = {"officer_id": 1, "label": "k", "address_sealed": "x", "active": True, "last_error": code}
            connection.execute(insert(channels).values(values))
        for key, note in (("1", "own_house"), ("2", "Người nhận đã nghỉ")):
            connection.execute(insert(messages).values(message | {"key": key, "note": note, "status": "dead_letter"}))
