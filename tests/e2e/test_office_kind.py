"""A lost database is refused; the sample office is loaded on nothing, or where one was before."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from casework.office.people import hasher, sign_in
from cli.run import prepare, seed
from models.clock import SystemClock
from models.database import engine, migrate, reading, writing
from models.errors import Conflict, Refused, WrongInput
from models.office_clock import clock_of, set_demo_day
from models.office_kind import MARK, REAL, SAMPLE, TRIAL, kind_of
from models.setting_keys import DEMO_DAY
from models.settings import settings
from models.tables import officers, settings_table
from samples import seed as sample_office
from samples.invented_people import PASSWORD
from tests.e2e.walking import coopcase
from tests.web.web_office import build_office

START = ("start", "quantri", "--name", "Nguyễn Văn Thử")


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder of an office that has not begun; the sample is a small one."""
    monkeypatch.setenv("COOPCASE_DATA", str(tmp_path / "var"))
    monkeypatch.delenv("COOPCASE_DATABASE_URL", raising=False)
    monkeypatch.setattr(sample_office, "seed_if_empty", lambda **_: build_office(engine()))
    settings.cache_clear()
    engine.cache_clear()
    (tmp_path / "var").mkdir()
    return tmp_path / "var"


def _start() -> None:
    coopcase(*START)


def _lose(data: Path) -> None:
    engine().dispose()
    engine(None).dispose()  # of the migrations
    for path in data.glob("coopcase.db*"):
        path.unlink()


def _empty(data: Path) -> None:
    _lose(data)
    migrate()


def _kinds(data: Path) -> tuple[str, str]:
    with reading(engine()) as connection:
        return kind_of(connection), (data / MARK).read_text().strip()


BEGINNINGS = [(_start, REAL), (seed, SAMPLE), (lambda: coopcase(*START, "--trial"), TRIAL)]


@pytest.mark.parametrize(("begin", "kind"), BEGINNINGS)
def test_database_and_folder_are_marked(data: Path, begin: Callable[[], None], kind: str) -> None:
    begin()
    assert _kinds(data) == (kind, kind)
    prepare()  # as at every later start
    assert _kinds(data) == (kind, kind)


@pytest.mark.parametrize("begin", [_start, seed])
@pytest.mark.parametrize("lost", [_lose, _empty])
@pytest.mark.parametrize("beside", ["mark", "evidence", "letters"])
def test_nothing_begins_beside_what_a_real_office_left(
    data: Path, begin: Callable[[], None], lost: Callable[[Path], None], beside: str
) -> None:
    _start()
    if beside != "mark":
        (data / MARK).unlink()
        (data / beside / "ab").mkdir(parents=True)
        (data / beside / "ab" / "abcd").write_bytes(b"kept")
    lost(data)
    before = sorted(path.name for path in data.iterdir())
    with pytest.raises(Conflict) as refused:
        begin()
    assert refused.value.code == "database_lost"
    assert lost is _empty or sorted(path.name for path in data.iterdir()) == before


def test_the_sample_begins_again_where_it_was_and_no_real_office_does(data: Path) -> None:
    seed()
    _lose(data)
    with pytest.raises(Conflict) as refused:
        _start()
    assert refused.value.code == "folder_is_sample"
    seed()
    assert _kinds(data) == (SAMPLE, SAMPLE)


@pytest.mark.parametrize(("begin", "other"), [(_start, SAMPLE), (seed, REAL)])
def test_a_folder_of_another_kind_is_refused(data: Path, begin: Callable[[], None], other: str) -> None:
    begin()
    (data / MARK).write_text(other)
    with pytest.raises(Conflict) as refused:
        prepare()
    assert refused.value.code == "office_kinds_differ"


@pytest.mark.parametrize(("invented", "kind"), [(False, REAL), (True, SAMPLE)])
def test_an_office_without_a_mark_gets_one(data: Path, invented: bool, kind: str) -> None:
    _start()
    (data / MARK).unlink()
    with writing(engine()) as connection:
        connection.execute(settings_table.delete())
        connection.execute(update(officers).values(is_sample=invented))
    prepare()
    assert _kinds(data) == (kind, kind)


def _trial(day: str = "14/03/2016") -> None:
    coopcase(*START, "--trial", "--day", day)


def test_a_trial_starts_empty_on_its_own_day(data: Path) -> None:
    _trial()
    assert _kinds(data) == (TRIAL, TRIAL)
    with reading(engine()) as connection:
        assert clock_of(connection).today() == date(2016, 3, 14)
    seed_refused(data, "no_sample_here")


@pytest.mark.parametrize("begin", [_start, _trial])
def test_no_other_office_takes_the_sample(data: Path, begin: Callable[[], None]) -> None:
    begin()
    seed_refused(data, "no_sample_here")


def seed_refused(data: Path, code: str) -> None:
    with pytest.raises(Conflict) as refused:
        seed()
    assert refused.value.code == code
    with reading(engine()) as connection:
        assert connection.scalar(select(func.count()).select_from(officers)) == 1


def test_a_real_office_has_no_chosen_day(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(WrongInput):
        coopcase(*START, "--day", "14/03/2016")
    _start()
    with writing(engine()) as connection, pytest.raises(Conflict) as stepped:
        set_demo_day(connection, date(2016, 3, 14))
    assert stepped.value.code == "real_day_stepped"
    with writing(engine()) as connection:  # a day written past the program is not followed
        connection.execute(settings_table.insert().values(key=DEMO_DAY, value="2016-03-14"))
        assert isinstance(clock_of(connection), SystemClock)
    monkeypatch.setenv("COOPCASE_TODAY", "2016-03-14")
    settings.cache_clear()
    add = ("people", "add", "an", "--by", "quantri", "--name", "An", "--role", "legal")
    for command in (prepare, lambda: coopcase(*add)):
        with pytest.raises(Conflict) as refused:
            command()
        assert refused.value.code == "real_day_chosen"


@pytest.mark.parametrize(("begin", "invented"), [(_start, False), (_trial, False), (seed, True)])
def test_invented_people_sign_in_to_the_sample_only(data: Path, begin: Callable[[], None], invented: bool) -> None:
    begin()
    with writing(engine()) as connection:
        row = connection.execute(select(officers).limit(1)).mappings().one()
        known = {"password_hash": hasher().hash(PASSWORD), "is_sample": True}
        connection.execute(update(officers).where(officers.c.id == row["id"]).values(known))
    with reading(engine()) as connection:
        if invented:
            assert sign_in(connection, row["login"], PASSWORD).login == row["login"]
            return
        with pytest.raises(Refused) as refused:
            sign_in(connection, row["login"], PASSWORD)
    assert refused.value.code == "sample_person"
