"""Failure codes of the release before are renamed by the migration, so that pages still have words for them."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, insert, make_url, select

from models import database
from models.clock import FrozenClock
from models.database import engine, migrate, reading
from models.tables import channels, effects, messages, officers
from notifications.delivery.message_queue import counts
from notifications.message_texts import failure_text
from tests.notifications.desk import MONDAY

NOW = FrozenClock.on(MONDAY).now()
OFFICER = {"id": 1, "login": "a", "name": "A", "title": "", "role": "manager", "email": "", "password_hash": ""}
MESSAGE = {
    "officer_id": 1, "kind": "notice", "deadline_key": "", "subject": "", "body": "", "html": "", "calendar": "",
    "link": "", "attempts": 1, "created_on": MONDAY, "created_at": NOW, "next_at": NOW, "message_id": "",
}  # fmt: skip


def _office_of(revision: str, url: str) -> Engine:
    """An empty database as an earlier release left it."""
    Path(str(make_url(url).database)).touch()
    bind, config = engine(url), Config()
    config.set_main_option("script_location", str(Path(database.__file__).parent / "migrations"))
    config.attributes |= {"url": url, "engine": bind}
    command.upgrade(config, revision)
    return bind


def test_what_was_pending_or_given_up_stays_so(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'old.db'}"
    bind = _office_of("0013", url)
    with bind.begin() as connection:
        connection.execute(insert(officers).values(OFFICER))
        for number, status in enumerate(("owed", "dead", "held", "sent", "inbox")):
            values = MESSAGE | {"key": str(number), "note": "", "status": status}
            connection.execute(insert(messages).values(values))
        for number, status in enumerate(("owed", "dead", "done")):
            effect = {"kind": "notice", "payload": {}, "attempts": 0, "next_at": NOW, "created_at": NOW, "note": ""}
            connection.execute(insert(effects).values(effect | {"key": str(number), "status": status}))
    migrate(url)
    with reading(bind) as connection:
        sent = list(connection.scalars(select(messages.c.status).order_by(messages.c.id)))
        done = list(connection.scalars(select(effects.c.status).order_by(effects.c.id)))
        counted = counts(connection)
    bind.dispose()
    assert sent == ["pending", "dead_letter", "held", "sent", "inbox"]
    assert done == ["pending", "dead_letter", "done"]
    assert (counted["retry_scheduled"], counted["dead_letter"]) == (1, 1), "the page of messages finds them"


def test_a_refused_internal_address_keeps_its_reason(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'old.db'}"
    bind = _office_of("0019", url)
    _former_failures(bind)
    migrate(url)
    with reading(bind) as connection:
        errors = list(connection.scalars(select(channels.c.last_error).order_by(channels.c.id)))
        notes = list(connection.scalars(select(messages.c.note).order_by(messages.c.id)))
    bind.dispose()
    assert errors == ["internal_address", "no_answer", ""]
    assert notes == ["internal_address", "Người nhận đã nghỉ"]
    assert "mạng nội bộ" in failure_text(errors[0], "vi")


def _former_failures(bind: Engine) -> None:
    with bind.begin() as connection:
        connection.execute(insert(officers).values(OFFICER))
        for code in ("own_house", "no_answer", ""):
            values = {"officer_id": 1, "label": "k", "address_sealed": "x", "active": True, "last_error": code}
            connection.execute(insert(channels).values(values))
        for key, note in (("1", "own_house"), ("2", "Người nhận đã nghỉ")):
            connection.execute(insert(messages).values(MESSAGE | {"key": key, "note": note, "status": "dead_letter"}))
