"""An office's communes, agencies and plans: entered with checks, journaled; an older office is led over."""

from datetime import date
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, func, select, text

from casework.office import agencies, communes, plans, unit_communes
from casework.office.agencies import AgencyBook, AgencyEntry
from casework.office.commune_loading import load_communes, sync_communes
from casework.office.communes import CommuneEntry
from casework.office.office_journal import acts_on_data
from casework.office.people import Actor, actor
from casework.office.plans import PlanBook, PlanEntry
from casework.register_import import commit, preview
from models import database
from models.database import engine, migrate, reading, writing
from models.errors import CoopcaseError, NotFound, Refused, WrongInput
from models.tables import communes as commune_rows
from models.tables import programme_plans, units
from register.places import districts_by_code, split_district
from tests.register.files import xlsx
from tests.web.web_office import CLOCK, TODAY, Office, build_office, login_of, new_unit

DISTRICT = "INSERT INTO district (code, name, kind, seat) VALUES (:code, :name, :kind, '')"


@pytest.fixture
def office(either_bind: Engine) -> Office:
    return build_office(either_bind)


def manager(connection: Connection, place: str | None = "HBG") -> Actor:
    return actor(connection, login_of("manager", place))


@pytest.mark.parametrize(
    ("entry", "field"),
    [
        (CommuneEntry("HBG", " ", "xa"), "name"),
        (CommuneEntry("HBG", "Phường Mới", "phuong"), "name"),
        (CommuneEntry("HBG", "Mới", ""), "kind"),
        (CommuneEntry("HBG", "Mới", "xa", ["Xã Cũ"]), "former"),
        (CommuneEntry("HBG", "Minh khai", "phuong"), "name"),
        (CommuneEntry("HBG", "M" * 300, "phuong"), "name"),
    ],
)
def test_a_wrong_commune_is_refused_at_its_field(office: Office, entry: CommuneEntry, field: str) -> None:
    with writing(office.bind) as connection, pytest.raises(WrongInput) as wrong:
        communes.add(connection, entry, by=manager(connection), clock=CLOCK)
    assert wrong.value.field == field


def test_the_book_of_one_district_says_what_the_whole_book_says(office: Office) -> None:
    """A code set for a unit may be that of another district."""
    with reading(office.bind) as connection:
        whole, own = communes.CommuneBook(connection), communes.CommuneBook(connection, "HBG")
        rows = connection.execute(select(commune_rows)).mappings().all()
        assert set(own.index.by_code) == {row["code"] for row in rows if row["district_code"] == "HBG"}
        for row in rows:
            assert whole.of("HBG", "", row["code"]) == own.of("HBG", "", row["code"]) is not None
            assert whole.of_case("HBG", row["name"], None) == own.of_case("HBG", row["name"], None)
        assert own.of("HBG", "", "XXX99") is None


def test_the_list_is_corrected_confirmed_and_journaled(office: Office) -> None:
    with writing(office.bind) as connection:
        by = manager(connection)
        code = communes.add(connection, CommuneEntry("HBG", "Mới", "phuong", ["Cũ"]), by=by, clock=CLOCK)
        assert code == "HBG12"
        communes.change(connection, code, CommuneEntry("HBG", "Mới Hơn", "phuong"), by=by, clock=CLOCK)
        assert communes.confirm(connection, "HBG", by=by, clock=CLOCK) == 11
        communes.remove(connection, code, by=by, clock=CLOCK)
        acts = [(row["act"], row["by"]) for row in acts_on_data(connection, communes.ACTS, "HBG")]
        assert [act for act, _ in reversed(acts)] == [
            "commune_added", "commune_changed", "communes_confirmed", "commune_removed",
        ]  # fmt: skip
        assert {who for _, who in acts} == {by.login}
        assert acts_on_data(connection, communes.ACTS, "ADG") == []
        left = communes.communes_of(connection, "HBG")
    assert {row["confidence"] for row in left} == {"confirmed"}
    assert all(row["full"].startswith("Phường ") for row in left)


def test_a_commune_with_units_is_not_removed(office: Office) -> None:
    with writing(office.bind) as connection:
        unit_communes.find_communes(connection)
        with pytest.raises(Refused) as refused:
            communes.remove(connection, "HBG01", by=manager(connection), clock=CLOCK)
    assert refused.value.code == "commune_in_use"


def test_a_unit_lies_in_a_commune_of_its_own_district(office: Office) -> None:
    with writing(office.bind) as connection:
        for code in ("ADG01", ""):
            with pytest.raises(WrongInput):
                unit_communes.set_commune(connection, 1, code, by=manager(connection), clock=CLOCK)
        with pytest.raises(NotFound):
            unit_communes.set_commune(connection, 1, "HBG01", by=manager(connection, "ADG"), clock=CLOCK)


def test_an_agency_of_which_there_is_one_replaces_the_one_before(office: Office) -> None:
    with writing(office.bind) as connection:
        by = manager(connection)
        first = agencies.add(connection, AgencyEntry("tax", "Chi cục Một", "", "HBG"), by=by, clock=CLOCK)
        assert agencies.add(connection, AgencyEntry("tax", "Chi cục Hai", "Số 2", "HBG"), by=by, clock=CLOCK) == first
        banks = [agencies.add(connection, AgencyEntry("bank", n, "", "HBG"), by=by, clock=CLOCK) for n in ("A", "B")]
        book = AgencyBook(connection)
        assert book.names("HBG")["tax"] == ("Chi cục Hai",)
        assert book.names("HBG")["bank"] == ("A", "B")
        assert book.names("ADG")["bank"] == ("Ngân hàng Thử",), "the city's, where it entered none"
        assert book.names("ADG")["tax"] == (), "another level's tax office is never its own"
        agencies.remove(connection, banks[0], by=by, clock=CLOCK)
        assert AgencyBook(connection).names("HBG")["bank"] == ("B",)
        with pytest.raises(NotFound):
            agencies.remove(connection, banks[1], by=manager(connection, "ADG"), clock=CLOCK)


@pytest.mark.parametrize(
    ("number", "day", "field"),
    [
        ("", date(2014, 5, 1), "number"),
        ("12", date(2014, 5, 1), "number"),
        ("……/KH-UBND", date(2014, 5, 1), "number"),
        ("12/KH-UBND", None, "signed_on"),
        ("12/KH-UBND", date(2016, 3, 15), "signed_on"),
        ("12/KH-UBND", date(1990, 1, 1), "signed_on"),
    ],
)
def test_a_plan_without_a_true_number_and_day_is_refused(
    office: Office, number: str, day: date | None, field: str
) -> None:
    with writing(office.bind) as connection, pytest.raises(WrongInput) as wrong:
        plans.record(connection, PlanEntry(number, day, "UBND", "", "HBG"), by=manager(connection), clock=CLOCK)
    assert wrong.value.field == field


def test_a_corrected_plan_leaves_the_one_before(office: Office) -> None:
    with writing(office.bind) as connection:
        by = actor(connection, login_of("admin", None))
        entry = PlanEntry("16/KH-UBND", date(2014, 5, 13), plans.CITY_COMMITTEE, plans.usual_title())
        plans.record(connection, entry, by=by, clock=CLOCK)
        row = PlanBook(connection).row(None)
        assert row and row["number"] == "16/KH-UBND"
        assert connection.scalar(select(func.count()).select_from(programme_plans)) == 2
        (act,) = acts_on_data(connection, plans.ACTS, None, 1)
    assert act["data"]["before"]["number"] == "15/KH-UBND"


def test_only_the_city_records_the_citys_plan(office: Office) -> None:
    entry = PlanEntry("16/KH-UBND", date(2014, 5, 13), plans.CITY_COMMITTEE, "")
    with writing(office.bind) as connection, pytest.raises(Refused):
        plans.record(connection, entry, by=manager(connection), clock=CLOCK)


def test_a_file_adds_and_confirms_and_takes_nothing_away(office: Office) -> None:
    rows = [
        ("Quận, huyện", "Xã, phường, thị trấn"),
        ("Quận Hồng Bàng", "Phường Minh Khai"),
        ("quận hồng bàng", "Phường Mới"),
    ]
    with writing(office.bind) as connection:
        assert load_communes(connection, xlsx(("a", rows)), "xa.xlsx", by=manager(connection), clock=CLOCK) == (1, 1)
        found = {row["name"]: row["confidence"] for row in communes.communes_of(connection, "HBG")}
        assert (found["Minh Khai"], found["Mới"], found["Hạ Lý"]) == ("confirmed", "confirmed", "recalled")
    for place, code in (("Huyện Vĩnh Bảo", "communes_unknown_district"), ("Huyện An Dương", "office_data_not_yours")):
        wrong = xlsx(("a", [*rows[:1], (place, "Xã Mới")]))
        with writing(office.bind) as connection, pytest.raises(CoopcaseError) as refused:
            load_communes(connection, wrong, "xa.xlsx", by=manager(connection), clock=CLOCK)
        assert refused.value.code == code


def test_an_import_finds_communes_and_keeps_what_a_person_set(office: Office) -> None:
    def file(*names: str) -> bytes:
        rows = [("STT", "Tên hợp tác xã", "Quận, huyện", "Xã, phường", "Số giấy chứng nhận")]
        units_of = zip(("Rạng Đông", "Sao Mai", "Bình Minh"), names, strict=True)
        rows += [(str(i), f"HTX {n}", "Quận Hồng Bàng", c, f"02070{i}") for i, (n, c) in enumerate(units_of, 1)]
        return xlsx(("a", rows))

    def codes() -> dict[str, str | None]:
        with reading(office.bind) as connection:
            listed = select(units.c.certificate_number, units.c.commune_code).where(
                units.c.certificate_number.startswith("02070")
            )
            return dict(connection.execute(listed).tuples().all())

    by = login_of("manager")
    commit(office.bind, file("ha ly", "P. Sở Dầu", "Lạ"), "a.xlsx", by=by, clock=CLOCK)
    assert codes() == {"020701": "HBG01", "020702": "HBG09", "020703": None}
    with writing(office.bind) as connection:
        unit = connection.scalar(select(units.c.id).where(units.c.certificate_number == "020703"))
        unit_communes.set_commune(connection, int(unit or 0), "HBG02", by=manager(connection), clock=CLOCK)
    commit(office.bind, file("Hạ Lý", "Trại Chuối", "Lạ"), "b.xlsx", by=by, clock=CLOCK)
    assert codes() == {"020701": "HBG01", "020702": "HBG11", "020703": "HBG02"}


def test_an_office_of_the_former_release_is_led_over(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'old.db'}"
    (tmp_path / "old.db").touch()  # a database that is not there is refused
    config = Config()
    config.set_main_option("script_location", str(Path(database.__file__).parent / "migrations"))
    config.attributes |= {"url": url, "engine": engine(url)}
    command.upgrade(config, "0013")
    _former_office(url)
    migrate(url)
    with writing(engine(url)) as connection:
        assert sync_communes(connection) == 223
        assert sync_communes(connection) == 0
        found = dict(connection.execute(select(units.c.name, units.c.commune_code)).tuples().all())
        assert found == {"HTX Một": "KTY09", "HTX Hai": "HBG04", "HTX Ba": None, "HTX Bốn": None, "HTX Năm": "KTY15"}
        count, asked = unit_communes.without_commune(connection, None)
    assert (count, [row["name"] for row in asked]) == (2, ["HTX Ba", "HTX Bốn"])
    engine(url).dispose()


def _former_office(url: str) -> None:
    """Districts and units as the release before had them: no communes, names without type, one empty."""
    columns = "name, search, kind, sector, address, commune, district_code, certificate_number, certificate_issuer"
    more = "tax_code, representative, phone, grade, status, notes, flags, is_sample"
    rows = (
        ("HTX Một", "", "Kiến Quốc", "KTY"), ("HTX Hai", "", "P.Minh Khai", "HBG"), ("HTX Ba", "", "Đông Hải", "HAN"),
        ("HTX Bốn", "Thôn Nam", "", "KTY"), ("HTX Năm", "Thôn Nam, xã Thanh Sơn", "", "KTY"),
    )  # fmt: skip
    bind = create_engine(url)
    with bind.begin() as connection:
        for code, full in districts_by_code().items():
            kind, name = split_district(full)
            said = {"code": code, "name": name, "kind": kind}
            connection.execute(text(DISTRICT), said)
        for name, address, commune, district in rows:
            connection.execute(
                text(
                    f"INSERT INTO unit ({columns}, {more}) VALUES (:name, :name, 'htx', 'other', :address, :commune, "
                    ":district, '', '', '', '', '', 'yeu', 'B2', '', '[]', 0)"
                ),
                {"name": name, "address": address, "commune": commune, "district": district},
            )
    bind.dispose()


def test_an_office_elsewhere_is_not_given_the_list_of_hai_phong(bind: Engine) -> None:
    with writing(bind) as connection:
        connection.execute(text(DISTRICT), {"code": "H01", "name": "Kim Thành", "kind": "huyen"})
        assert sync_communes(connection) == 0
        assert connection.scalar(select(func.count()).select_from(commune_rows)) == 0
        unit = new_unit(connection, "HTX Kim Anh", "H01", commune="Kim Anh")
    assert TODAY and unit["commune_code"] is None


def test_a_commune_that_the_list_lacks_is_reported_before_and_after_the_import(office: Office) -> None:
    rows: list[list[object]] = [
        ["STT", "Tên HTX", "Quận/huyện", "Xã/phường"],
        [1, "HTX Một", "Hồng Bàng", "Minh Khaii"],
    ]
    rows += [[2, "HTX Hai", "Hồng Bàng", "phường Minh Khai, quận Hồng Bàng"]]
    by, data = login_of("manager", None), xlsx(("S", rows))
    findings = [(finding.row, finding.code) for finding in preview(office.bind, data, "so.xlsx", by=by).plan.findings]

    assert findings == [(2, "commune_not_listed")]
    result = commit(office.bind, data, "so.xlsx", by=by, clock=CLOCK)
    assert [(finding.row, finding.code) for finding in result.plan.findings] == findings
    assert len(result.plan.new) == 2
    again = preview(office.bind, data, "so.xlsx", by=by).plan
    assert (len(again.unchanged), again.findings) == (2, ())
