"""What copies and nightly checks need a person for is shown to the heads on every page, and to nobody else."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import delete, update

from models.clock import SystemClock
from models.database import writing
from models.setting_keys import DEMO_DAY
from models.settings import settings
from models.tables import effects, nightly_checks, settings_table
from tests.web.web_office import Office, Visitor


@pytest.fixture
def real(office: Office, monkeypatch: pytest.MonkeyPatch) -> Office:
    """An office that lives by the machine's clock, with a folder for copies."""
    monkeypatch.setenv("COOPCASE_BACKUP_TO", "/mnt/backups")
    settings.cache_clear()
    with writing(office.bind) as connection:
        connection.execute(delete(settings_table).where(settings_table.c.key == DEMO_DAY))
        connection.execute(update(effects).values(status="done"))
    return office


def kept(office: Office, kind: str, hours: int, ok: bool = True, **found: object) -> None:
    row = {"kind": kind, "at": SystemClock().now() - timedelta(hours=hours), "ok": ok, "found": found}
    with writing(office.bind) as connection:
        connection.execute(nightly_checks.insert().values(row))


def failed(office: Office, hours: int) -> None:
    kept(office, "backup", hours, False, code="backup_disk_full", params={"path": "/mnt/backups"})


def fault(office: Office) -> None:
    kept(office, "backup", 1)
    one = ["cases", 0, "HP-1", "fault_chain", {"seq": "3"}]
    kept(office, "verify", 1, count=1, faults=[one], ended_at="")


def full_since(office: Office) -> None:
    kept(office, "backup", 20)
    failed(office, 1)


def full_until(office: Office) -> None:
    failed(office, 20)
    kept(office, "backup", 1)


def broken_off(office: Office) -> None:
    kept(office, "backup", 1)
    kept(office, "verify", 1, False, code="night_failed", params={"why": "x"})


CASES = [
    pytest.param(lambda o: None, "chưa có bản sao lưu", id="none yet"),
    pytest.param(lambda o: kept(o, "backup", 20), "", id="last night"),
    pytest.param(lambda o: kept(o, "backup", 60), "đã cũ", id="three nights ago"),
    pytest.param(full_since, "Hết chỗ khi sao lưu", id="the disk was full since"),
    pytest.param(full_until, "", id="it was full, and is not any more"),
    pytest.param(fault, "tìm thấy 1 lỗi", id="a fault"),
    pytest.param(broken_off, "bị dừng giữa chừng", id="a check that broke off"),
]


@pytest.mark.parametrize(("happens", "shown"), CASES)
def test_heads_see_it_and_an_officer_does_not(
    real: Office, as_role: Callable[..., Visitor], happens: Callable[[Office], None], shown: str
) -> None:
    happens(real)
    text = as_role("manager").get("/work").text
    assert (shown in text) if shown else ("note bad" not in text)
    assert "note bad" not in as_role("case_officer").get("/work").text


def test_the_report_says_how_old_the_last_copy_is(real: Office, as_role: Callable[..., Visitor]) -> None:
    assert "Chưa có bản sao lưu nào." in as_role("manager").get("/late/report").text
    kept(real, "backup", 20)
    kept(real, "verify", 1, count=0, faults=[], ended_at=SystemClock().now().isoformat())
    text = as_role("manager").get("/late/report").text
    assert "Bản sao lưu tốt gần nhất:" in text and "0 lỗi" in text and "kiểm tra hết một lượt" in text
