"""The checks of the night: all is looked at within seven nights, faults stay listed until mended, copies are made."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from casework.upkeep import age_archive
from casework.upkeep.backup_key import set_recipients
from flows.jobs.duties import due_duties
from flows.jobs.night import night
from flows.jobs.verify_in_parts import NIGHTS, verify_some
from models.clock import FrozenClock
from models.database import engine, reading, writing
from models.settings import settings
from models.tables import facts, nightly_checks
from oversight.office_health import health
from tests.correspondence.paperwork import Paperwork
from tests.tampering import behind_the_program
from tests.web.web_office import TODAY, Office, build_office


@pytest.fixture
def office(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.setenv("COOPCASE_DATA", str(tmp_path / "var"))
    monkeypatch.setenv("COOPCASE_DATABASE_URL", sqlite_url)
    settings.cache_clear()
    office = build_office(engine(sqlite_url))
    papers = Paperwork(office.bind, office.first)
    papers.do("accept_case", file_held="true")
    visit = papers.do("send_visit_notice", visit_on="2016-03-24", place="Trụ sở")
    papers.issued(papers.requested("visit_notice", visit))
    papers.proof()
    return office


def clock_of_night(number: int) -> FrozenClock:
    return FrozenClock.on(TODAY + timedelta(days=number), 3)


def one_night(office: Office, number: int) -> dict[str, object]:
    """A night that may only look at its share."""
    clock = clock_of_night(number)
    found = verify_some(office.bind, settings().data.resolve(), clock, at_least=0)
    with writing(office.bind) as connection:
        connection.execute(nightly_checks.insert().values(kind="verify", at=clock.now(), ok=True, found=found))
    return found


def test_every_part_is_looked_at_within_seven_nights_and_then_anew(office: Office) -> None:
    nights = [one_night(office, number) for number in range(2 * NIGHTS)]
    ends = [number for number, found in enumerate(nights) if found["ended_at"]]
    assert ends and ends[0] <= NIGHTS - 1
    assert len({str(found["ended_at"]) for found in nights}) >= 3, "none, the first round, the second"
    assert [found["count"] for found in nights] == [0] * len(nights)
    assert max(int(str(found["looked"])) for found in nights) < 10, "a night is a share, not all"


def test_a_small_office_is_verified_whole_in_one_night(office: Office) -> None:
    assert verify_some(office.bind, settings().data.resolve(), clock_of_night(0))["ended_at"]


def test_time_that_is_up_ends_a_night(office: Office) -> None:
    assert verify_some(office.bind, settings().data.resolve(), clock_of_night(0), at_most=0)["looked"] == 1


def test_a_fault_is_listed_until_its_part_was_looked_at_without_it(office: Office) -> None:
    with behind_the_program(office.bind) as connection:
        role = connection.scalar(select(facts.c.role).where(facts.c.id == 1))
        connection.execute(facts.update().where(facts.c.id == 1).values(role="leader"))
    counts = [one_night(office, number)["count"] for number in range(NIGHTS)]
    assert counts[0], "the cases are looked at first"
    assert all(counts), "and it is not forgotten while other parts are looked at"
    with reading(office.bind) as connection:
        found = health(connection, settings())
    assert found.fault_count and any(office.first in text or "HP" in text for text in found.fault_texts("vi"))
    with behind_the_program(office.bind) as connection:
        connection.execute(facts.update().where(facts.c.id == 1).values(role=role))
    later = [one_night(office, NIGHTS + number)["count"] for number in range(NIGHTS + 1)]
    assert later[-1] == 0


def test_evidence_with_changed_bytes_is_found(office: Office) -> None:
    next(path for path in (settings().data / "evidence").rglob("*") if path.is_file()).write_bytes(b"other")
    verified = night(office.bind, TODAY, clock_of_night(0))["verify"]
    assert [one[3] for one in verified["faults"]] == ["fault_evidence_file"]


def test_the_night_is_a_duty_of_every_day(office: Office) -> None:
    day = date(2016, 3, 15)
    early = [name for name, due in due_duties(office.bind, FrozenClock.on(day, 1)) if due == day]
    assert "nightly_checks" not in early
    assert ("nightly_checks", day) in due_duties(office.bind, FrozenClock.on(day, 2))
    done = night(office.bind, day, FrozenClock.on(day, 2))
    assert "backup" not in done, "no folder is set"
    assert ("nightly_checks", day) not in due_duties(office.bind, FrozenClock.on(day, 3))
    assert night(office.bind, day, FrozenClock.on(day, 4)) == {**done, "already": True}


class TestCopies:
    @pytest.fixture(autouse=True)
    def _folder(self, office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("COOPCASE_BACKUP_TO", str(tmp_path / "disk"))
        settings.cache_clear()

    def warnings(self, bind: Engine, number: int) -> list[str]:
        with reading(bind) as connection:
            return health(connection, settings()).warnings(clock_of_night(number).now(), "en")

    def test_a_failed_copy_is_a_warning_with_its_reason_until_one_is_made(self, office: Office, tmp_path: Path) -> None:
        assert night(office.bind, TODAY, clock_of_night(0))["backup"]["code"] == "backup_folder_missing"
        (warning,) = self.warnings(office.bind, 0)
        assert "is not there" in warning and "15/03/2016" not in warning
        (tmp_path / "disk").mkdir()
        set_recipients(settings().data, [age_archive.public_of(age_archive.new_identity())])
        assert night(office.bind, TODAY + timedelta(days=1), clock_of_night(1))["backup"]["restored"]
        assert self.warnings(office.bind, 1) == []
        assert "old" in self.warnings(office.bind, 4)[0]

    def test_a_failed_copy_keeps_no_check_from_being_done(self, office: Office) -> None:
        assert night(office.bind, TODAY, clock_of_night(0))["verify"]["ok"]
