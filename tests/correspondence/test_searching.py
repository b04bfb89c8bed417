"""One search over what an office has: on both databases, kept up by every change, and each office its own."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, insert, select, update

from casework.lists.worklist import Filter, worklist
from casework.office.people import actor
from casework.unit_rows import name_keys
from casework.upkeep.rebuild import rebuild
from correspondence.incoming.incoming_register import Arrival, register_incoming, tie_to_case
from correspondence.ink.earlier_papers import EarlierPaper, record_earlier
from correspondence.searching import search, search_kind, suggestions
from models import database
from models.database import engine, migrate, reading, writing
from models.search_query import counts, found_by
from models.tables import case_rows, communes, districts, search_entries, search_stale, units
from tests.correspondence.paperwork import Paperwork
from tests.models.test_search_text import finds
from tests.web.web_office import CLOCK, OFFICES, ROLES, TODAY, Office, build_office, login_of, new_case, new_unit

UNIT = "Hợp tác xã Dịch vụ nông nghiệp Thanh Lương"
ASKED = (
    "htx dvnn thanh luong", "HTX DVNN Thanh Lương", "luong thanh", "thanh luong nong nghiep", "thanh lương dịch vụ",
    "HTXDVNN thanh", "THANH LUONG", "tha lu", "0911.222.333", "0911222333", "222333", "tran van binh", "binh tran",
    "0200999888", "999888", "02G000777", "2g777", "ha ly thanh", "hạ lý luong",
)  # fmt: skip


@pytest.fixture
def office(either_bind: Engine) -> Office:
    built = build_office(either_bind)
    with writing(either_bind) as connection:
        new_case(connection, UNIT, "HBG", phone="0911 222 333", representative="bà Trần Văn Bình",
                 tax_code="0200999888", certificate_number="02G000777")  # fmt: skip
        new_case(connection, "HTX Đồng Tâm", "ADG")
    return built


def found(bind: Engine, asked: str, by: str | None = None) -> dict[str, list[str]]:
    """By kind: the references or names of what a person finds; None: of the command line."""
    with reading(bind) as connection:
        groups = search(connection, actor(connection, by) if by else None, asked)
    return {group.kind: [hit.ref if hit.kind == "case" else hit.name for hit in group.hits] for group in groups}


def test_a_unit_and_its_case_are_found_by_every_part(office: Office) -> None:
    for asked in (*ASKED, "HP-2016-0005", "2016-0005"):
        hits = found(office.bind, asked, login_of("clerk"))
        assert UNIT in hits["unit"] and "HP-2016-0005" in hits["case"], asked
    assert found(office.bind, "htx dong tam")["case"] == ["HP-2016-0006"]
    assert found(office.bind, "tam dong")["unit"] == ["HTX Đồng Tâm"]
    for nothing in ("", "  ", "thanh luong khong co", "'; DROP TABLE unit; --", '" OR *', "NEAR(", ":*", "\\"):
        assert found(office.bind, nothing) == {}, nothing
    with reading(office.bind) as connection:
        for asked in ASKED:
            page = worklist(connection, Filter(search=asked, district="HBG"), TODAY)
            assert [row.unit_name for row in page.rows] == [UNIT] and page.total == 1, asked
            assert connection.scalars(found_by("unit", asked)).all(), asked


@given(st.data())
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_database_finds_what_the_words_say(office: Office, data: st.DataObject) -> None:
    words = data.draw(st.lists(st.sampled_from([*UNIT.split(), "htx", "song", "cấm", "0911", "zzz", "nn"]), max_size=4))
    asked = " ".join(word[: data.draw(st.integers(1, len(word)))] for word in words)
    with reading(office.bind) as connection:
        rows = connection.execute(select(case_rows.c.ref, *units.c).join(units, units.c.id == case_rows.c.unit_id))
        said = {
            row["ref"]: ((row["name"], row["representative"], row["commune"]),
                         (row["ref"], row["phone"], row["tax_code"], row["certificate_number"]))
            for row in rows.mappings()
        }  # fmt: skip
        hits = {hit.ref for hit in search_kind(connection, None, asked, "case", limit=20).hits}
        quick = suggestions(connection, None, asked, limit=20)
        assert {hit.ref for group in quick if group.kind == "case" for hit in group.hits} <= hits
        assert bool(quick) == bool(search(connection, None, asked))
    assert hits == {ref for ref, (texts, numbers) in said.items() if finds(asked, texts, numbers)}


def test_every_count_is_of_what_is_found(office: Office) -> None:
    for asked in (*ASKED, "htx", "hp 2016", "dong", "khong co gi"):
        for place in (None, "HBG", "ADG"):
            offices = dict.fromkeys(("unit", "case", "letter", "note"), place)
            with reading(office.bind) as connection:
                said = counts(connection, asked, offices)
                there = {kind: len(connection.scalars(found_by(kind, asked, place)).all()) for kind in offices}
            assert said == {kind: count for kind, count in there.items() if count}, (asked, place)


def test_whole_words_come_first_and_pages_follow_each_other(office: Office) -> None:
    with writing(office.bind) as connection:
        for name in ("HTX Tâmanh", "HTX Tâm", "HTX Tâmbinh"):
            new_unit(connection, name, "HBG")
        person = actor(connection, login_of("clerk"))
    with reading(office.bind) as connection:
        pages = [search_kind(connection, person, "tam", "unit", limit=1, offset=at).hits for at in range(4)]
        typed = suggestions(connection, person, "tam", limit=2)
    names = [hit.name for hits in pages for hit in hits]
    assert [hit.name for group in typed for hit in group.hits] == names[:2]
    assert names[0] == "HTX Tâm" and sorted(names) == ["HTX Tâm", "HTX Tâmanh", "HTX Tâmbinh"]


def test_every_role_finds_what_its_office_may_see(office: Office) -> None:
    theirs = Paperwork(office.bind, "HP-2016-0006", "ADG")
    letter = theirs.issued(theirs.handed_in_as_draft("name_deletion_notice"))
    number = f"{theirs.row(letter)['number']:02d}/{theirs.row(letter)['symbol']}"
    with writing(office.bind) as connection:
        clerk = actor(connection, login_of("clerk", "ADG"))
        register_incoming(connection, clerk, Arrival("Chi cục Thuế", "Nợ thuế Đồng Tâm", TODAY), clock=CLOCK)
        paper = EarlierPaper("UBND huyện", "77/QĐ-UBND", TODAY, "Thu hồi giấy Đồng Tâm", refs=["HP-2016-0006"])
        record_earlier(connection, paper, by=clerk, clock=CLOCK)
    for role in ROLES:
        own, other, city = (found(office.bind, "dong tam", login_of(role, place)) for place in ("ADG", "HBG", None))
        assert set(own) == {"case", "unit", "letter", "incoming", "earlier"} and other == {}, role
        assert set(city) == set(own) - {"incoming"}, role
        assert found(office.bind, number, login_of(role, "ADG"))["letter"] == ["HTX Đồng Tâm"]
        assert found(office.bind, f"{number} dong", login_of(role, "HBG")) == {}
    assert OFFICES == ("HBG", "ADG", None)
    assert set(found(office.bind, "dong tam")) == {"case", "unit", "letter", "incoming", "earlier"}


def test_every_change_of_what_words_are_made_of_is_found_at_once(office: Office) -> None:
    bind = office.bind
    with writing(bind) as connection:
        unit = connection.scalars(select(units.c.id).where(units.c.name == UNIT)).one()
        arrival = register_incoming(
            connection, actor(connection, login_of("clerk")), Arrival("Tòa án", "Thụ lý", TODAY), clock=CLOCK
        ).id
    assert found(bind, "thu ly thanh luong") == {}
    with writing(bind) as connection:
        tie_to_case(connection, arrival, actor(connection, login_of("clerk")), "HP-2016-0005", clock=CLOCK)
    assert found(bind, "thu ly thanh luong") == {"incoming": ["Thụ lý"]}
    with writing(bind) as connection:
        renamed = {"name": "HTX Minh Tân", **name_keys("HTX Minh Tân"), "phone": "0988777666"}
        connection.execute(update(units).where(units.c.id == unit).values(renamed))
    assert {"case", "unit", "incoming"} == set(found(bind, "minh tan"))
    assert "HP-2016-0005" in found(bind, "thanh luong")["case"], "the case keeps the name it was opened with"
    assert found(bind, "0911222333") == {} and found(bind, "777666")["unit"] == ["HTX Minh Tân"]
    with writing(bind) as connection:
        code = connection.scalar(select(communes.c.code).where(communes.c.district_code == "HBG").limit(1))
        connection.execute(update(units).where(units.c.id == unit).values(commune_code=code))
        connection.execute(update(communes).where(communes.c.code == code).values(name="Vạn Mỹ"))
    assert found(bind, "minh tan van my")["unit"] == ["HTX Minh Tân"]
    with pytest.raises(ZeroDivisionError), writing(bind) as connection:
        new_unit(connection, "HTX Không Thành", "HBG")
        raise ZeroDivisionError
    assert found(bind, "khong thanh") == {}
    with reading(bind) as connection:
        assert connection.scalars(select(search_stale.c.id)).all() == []


def test_a_rebuild_makes_the_words_again(office: Office) -> None:
    bind = office.bind
    with writing(bind) as connection:
        before = _entries(bind)
        connection.execute(update(search_entries).where(search_entries.c.kind == "unit").values(words="_unit sai"))
        lost = search_entries.c.kind == "case"
        connection.execute(search_entries.delete().where(lost))
        connection.execute(
            search_entries.insert().values(kind="letter", subject=999, office="HBG", words="_letter _hbg thanh luong")
        )
    assert found(bind, "thanh luong") == {}
    list(rebuild(bind, CLOCK))
    assert _entries(bind) == before
    assert "HP-2016-0005" in found(bind, "thanh luong")["case"]


def _entries(bind: Engine) -> set[Sequence[object]]:
    columns = search_entries.c
    with reading(bind) as connection:
        return set(connection.execute(select(columns.kind, columns.subject, columns.office, columns.words)).tuples())


def test_an_office_of_before_has_its_words_after_the_upgrade(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'old.db'}"
    Path(tmp_path / "old.db").touch()
    bind, config = engine(url), Config()
    config.set_main_option("script_location", str(Path(database.__file__).parent / "migrations"))
    config.attributes |= {"url": url, "engine": bind}
    command.upgrade(config, "0027")
    with bind.begin() as connection:
        connection.execute(insert(districts).values(code="HBG", name="Hồng Bàng", kind="quan", seat=""))
        blank = {"kind": "htx", "sector": "other", "district_code": "HBG", "founded_on": date(2005, 1, 1), "flags": []}
        connection.execute(insert(units).values(blank | {"name": UNIT, **name_keys(UNIT)}))
    migrate(url)
    assert found(bind, "thanh luong dvnn") == {"unit": [UNIT]}
    bind.dispose()
