"""An import of the register beside other people's work: it holds nobody up, and what they change is compared anew."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import pytest
from sqlalchemy import Connection, Engine, Table, event, func, select, text

from audit_log.log_faults import log_faults
from casework.ledger import load_case
from casework.many_openings import Openings
from casework.opening import open_case
from casework.register_import import Result, commit
from casework.upkeep.contradictions import contradictions
from casework.upkeep.integrity import verify
from models.database import engine, reading, refresh_statistics, writing
from models.errors import NotFound
from models.search_query import found_by
from models.settings import settings
from models.tables import books, case_rows, change_notes, deadlines, effects, facts, officers, search_stale, units
from models.typed_rows import one_row
from models.typed_rows.case_shapes import RegisterRow
from tests.web.web_office import CLOCK, TODAY, Office, build_office, did, login_of, new_case, new_unit

T = TypeVar("T")
HEADER = "Tên hợp tác xã;Quận/huyện;Lĩnh vực;Xếp loại;Tình trạng;Điện thoại"
NAMES = ("Bình Minh", "Hải Âu", "Cát Hải", "Phù Long", "Gia Luận", "Việt Hải")


@pytest.fixture
def office(either_bind: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.setenv("COOPCASE_DATA", str(tmp_path / "var"))
    settings.cache_clear()
    return build_office(either_bind)


def register_of(*names: str, grade: str = "Yếu", phone: str = "") -> bytes:
    lines = (f"HTX Đánh cá {name};Hồng Bàng;Nông nghiệp;{grade};Ngừng hoạt động;{phone}" for name in names)
    return "\n".join([HEADER, *lines]).encode()


def imported(office: Office, data: bytes, meanwhile: Callable[[], object] = lambda: None) -> Result:
    """The result of an import, and what is done while it is made ready, each time that it is."""

    def track(items: Iterable[T], total: int) -> Iterable[T]:
        meanwhile()
        return items

    return commit(office.bind, data, "so.csv", by="clock", clock=CLOCK, track=track)


def once(act: Callable[[], object]) -> Callable[[], object]:
    """Does it the first time alone."""
    left = [act]
    return lambda: left.pop()() if left else None


def named(office: Office, name: str) -> int:
    with reading(office.bind) as connection:
        found = select(func.count()).select_from(units).where(units.c.name == f"HTX Đánh cá {name}")
        return connection.scalar(found) or 0


def numbers(office: Office) -> list[int]:
    """Of all cases in the order of their numbers; the book's last number is the last of them."""
    with reading(office.bind) as connection:
        found = sorted(int(ref.rpartition("-")[2]) for ref in connection.scalars(select(case_rows.c.ref)))
        last = connection.scalar(select(books.c.last).where(books.c.issuer == "coopcase"))
    assert found[-1] == last
    return found


def require_sound(office: Office) -> None:
    with reading(office.bind) as connection:
        faults = [*verify(connection), *contradictions(connection), *log_faults(connection, settings().data)]
        assert faults == []
        assert connection.execute(select(change_notes)).all() == connection.execute(select(search_stale)).all() == []
    assert numbers(office) == list(range(1, len(numbers(office)) + 1)), "no number is left out"


def test_another_officers_act_is_committed_while_an_import_is_under_way(office: Office) -> None:
    order: list[str] = []

    def act() -> None:
        did(office, office.first, "accept_case", file_held="yes")
        with reading(office.bind) as connection:
            recorded = [fact.kind for fact in load_case(connection, office.first).facts]
        order.extend((recorded[-1], f"units: {named(office, NAMES[0])}"))

    result = imported(office, register_of(*NAMES), act)
    assert order == ["accept_case", "units: 0"], "the act is there, and of the import nothing yet"
    assert (len(result.cases), named(office, NAMES[0])) == (len(NAMES), 1)
    require_sound(office)


def test_the_same_file_taken_in_meanwhile_brings_nothing_more(office: Office) -> None:
    data = register_of(*NAMES)
    result = imported(office, data, once(lambda: imported(office, data)))
    assert (result.counts()["new"], result.counts()["unchanged"], result.cases) == (0, len(NAMES), ())
    assert [named(office, name) for name in NAMES] == [1] * len(NAMES)
    require_sound(office)


def test_a_case_opened_meanwhile_keeps_its_number(office: Office) -> None:
    def open_another() -> None:
        with writing(office.bind) as connection:
            assert new_case(connection, "HTX Muối Bàng La", "HBG") == "HP-2016-0005"

    result = imported(office, register_of(*NAMES), once(open_another))
    assert list(result.cases) == [f"HP-2016-{number:04d}" for number in range(6, 6 + len(NAMES))]
    require_sound(office)


def test_a_case_closed_meanwhile_leaves_its_unit_without_one(office: Office) -> None:
    imported(office, register_of(NAMES[0]))

    def close() -> None:
        with writing(office.bind) as connection:
            unit = select(units.c.id).where(units.c.name == f"HTX Đánh cá {NAMES[0]}").scalar_subquery()
            connection.execute(case_rows.update().where(case_rows.c.unit_id == unit).values(closed_on=TODAY))

    result = imported(office, register_of(*NAMES[:2], phone="0912345678"), once(close))
    assert (result.counts()["changed"], result.counts()["new"], len(result.cases)) == (1, 1, 2)
    assert result.no_case == {}


def test_an_office_that_changes_the_register_all_the_while_does_not_keep_an_import_out(office: Office) -> None:
    disturbed: list[int] = []

    def change() -> None:
        if len(disturbed) < 2:
            with writing(office.bind) as connection:
                disturbed.append(new_unit(connection, f"HTX Nón lá {len(disturbed)}", "HBG")["id"])

    result = imported(office, register_of(*NAMES), change)
    assert (len(disturbed), len(result.cases)) == (2, len(NAMES))
    require_sound(office)


def test_who_may_no_longer_import_brings_nothing_in(office: Office) -> None:
    who = login_of("manager")

    def leave(items: Iterable[T], total: int) -> Iterable[T]:
        with writing(office.bind) as connection:
            connection.execute(officers.update().where(officers.c.login == who).values(active=False))
        return items

    with pytest.raises(NotFound):
        commit(office.bind, register_of(*NAMES), "so.csv", by=who, clock=CLOCK, track=leave)
    assert named(office, NAMES[0]) == 0
    require_sound(office)


def test_what_was_taken_in_is_found_by_its_words(office: Office) -> None:
    refs = imported(office, register_of(*NAMES[:2])).cases
    imported(office, register_of(*NAMES[:2], phone="0912345678"))
    with reading(office.bind) as connection:
        for asked in ("binh minh", refs[0], "0912345678"):
            subjects = connection.scalars(found_by("unit", asked)).all()
            names = connection.scalars(select(units.c.name).where(units.c.id.in_(subjects))).all()
            assert f"HTX Đánh cá {NAMES[0]}" in names, asked
            assert connection.scalars(found_by("case", asked)).all(), asked
    require_sound(office)


def test_words_are_written_by_index_while_others_wait(sqlite_url: str, tmp_path: Path) -> None:
    """Twenty thousand entries in which each looked through all that are prepared kept every other writer out."""
    office, plans = build_office(engine(sqlite_url)), list[str]()

    @event.listens_for(office.bind, "before_cursor_execute")
    def explain(connection: Connection, _cursor: Any, statement: str, values: Any, _context: Any, many: bool) -> None:
        if statement.startswith("UPDATE search_entry"):
            asked = connection.connection.cursor()
            asked.execute(f"EXPLAIN QUERY PLAN {statement}", values[0] if many else values)
            plans.extend(row[3] for row in asked.fetchall())

    imported(office, register_of(*NAMES))
    assert plans
    assert all(step.startswith("SEARCH ") for step in plans), plans


def test_a_case_opened_among_many_is_as_one_opened_alone(office: Office) -> None:
    with writing(office.bind) as connection:
        unit = new_unit(connection, "HTX Vận tải Hồng Hà", "HBG")
        row = one_row(RegisterRow, connection.execute(select(units).where(units.c.id == unit["id"])))
        number = (connection.scalar(select(func.max(case_rows.c.id))) or 0) + 1
        made = Openings(connection, [number], by="clock", role="clock", clock=CLOCK, on=TODAY).open(row)
        ref = open_case(connection, row, by="clock", role="clock", clock=CLOCK, on=TODAY)
        case = dict(connection.execute(select(case_rows).where(case_rows.c.ref == ref)).mappings().one())
        own = case.pop("id")

        def written(table: Table) -> list[dict[str, Any]]:
            found = connection.execute(select(table).where(table.c.case_id == own).order_by(table.c.id)).mappings()
            return [_without(dict(row), "id", "case_id") for row in found]

        assert _without(made.case, "id") == case
        assert [_without(made.fact, "case_id")] == written(facts)
        derived = [_without(row, "case_id") for row in made.deadlines]
        assert sorted(derived, key=str) == sorted(written(deadlines), key=str)
        assert [_without(made.effect, "case_id")] == [_without(row, "done_at") for row in written(effects)]


def test_after_a_large_import_the_tables_are_counted_anew(sqlite_url: str, tmp_path: Path) -> None:
    office = build_office(engine(sqlite_url))
    refresh_statistics(office.bind)
    taken = len(imported(office, register_of(*(f"số {number}" for number in range(510)))).cases)
    with reading(office.bind) as connection:
        counted = connection.scalars(text("SELECT stat FROM sqlite_stat1 WHERE tbl = 'coop_case'"))
        assert taken > 500 and taken + 4 in {int(stat.split()[0]) for stat in counted}


def _without(row: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in names}
