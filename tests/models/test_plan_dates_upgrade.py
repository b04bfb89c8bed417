"""An upgrade writes the dates of the plan of later cases as the facts give them, on both databases."""

from datetime import date
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, RowMapping, select, text

from audit_log.log_faults import log_faults
from casework.upkeep.rebuild import rebuild
from models import database
from models.database import migrate, reading, writing
from models.settings import settings
from models.tables import case_rows, deadlines
from tests.oversight.histories import live
from tests.web.web_office import CLOCK, build_office

BEFORE, OF_THIS = "0028", "0029"


@pytest.fixture
def bind(either_bind: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """Cases that were opened after dates of the plan: just opened, at work, and closed."""
    monkeypatch.setenv("COOPCASE_DATA", str(tmp_path / "var"))
    settings.cache_clear()
    office = build_office(either_bind)
    reached = live(either_bind, office.second, "consolidated", date(2016, 3, 2), until="record_consultation")
    live(either_bind, office.first, "consolidated", reached)  # later: one book numbers the letters of both
    return either_bind


def rows(bind: Engine) -> list[RowMapping]:
    row, case = deadlines.c, case_rows.c
    joined = select(deadlines, case.target_on, case.legal_on, case.due_on).join(case_rows, case.id == row.case_id)
    with reading(bind) as connection:
        return list(connection.execute(joined.order_by(row.case_id, row.key)).mappings())


def _as_it_was(connection: Connection) -> int:
    """The rows as the release before derived them: a date of the plan is its own day, however late the case."""
    row, changed = deadlines.c, set()
    for item in connection.execute(select(row.id, row.case_id, row.sum).where(row.kind == "programme")).all():
        if "fixed" in item.sum:
            day = item.sum["fixed"]
            total = {name: value for name, value in item.sum.items() if name != "fixed"} | {"until": day}
            values = {"sum": total, "ends_on": date.fromisoformat(day)}
            connection.execute(deadlines.update().where(row.id == item.id).values(values))
            changed.add(item.case_id)
    for case in changed:
        ours = (row.case_id == case, row.status == "open", row.kind.in_(("programme", "target")))
        target = connection.scalar(select(row.ends_on).where(*ours).order_by(row.ends_on).limit(1))
        of_case = case_rows.c.id == case
        legal = connection.scalar(select(case_rows.c.legal_on).where(of_case))
        due = min((day for day in (target, legal) if day), default=None)
        connection.execute(case_rows.update().where(of_case).values(target_on=target, due_on=due))
    return len(changed)


def _upgrade(bind: Engine) -> None:
    """This one upgrade: the tables have the form of the newest already, as the upgrades after it would make them."""
    config = Config()
    config.set_main_option("script_location", str(Path(database.__file__).parent / "migrations"))
    config.attributes |= {"url": bind.url.render_as_string(hide_password=False), "engine": bind}
    newest = str(ScriptDirectory.from_config(config).get_current_head())
    command.upgrade(config, OF_THIS)
    with writing(bind) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :of"), {"of": newest})


def test_the_rows_after_an_upgrade_are_those_of_the_facts(bind: Engine) -> None:
    expected = rows(bind)
    with writing(bind) as connection:
        assert _as_it_was(connection) == 4
        connection.execute(text("UPDATE alembic_version SET version_num = :of"), {"of": BEFORE})
    assert rows(bind) != expected
    assert {fault.code for fault in rebuild(bind, CLOCK, check=True)} > set(), "the former rows are another release's"
    _upgrade(bind)
    assert rows(bind) == expected
    assert list(rebuild(bind, CLOCK, check=True)) == []
    with reading(bind) as connection:
        assert list(log_faults(connection, settings().data.resolve())) == []
    migrate(bind.url.render_as_string(hide_password=False))
    assert rows(bind) == expected
