"""An upgrade fills what lists are read by: districts and answers of letters, and the days that facts name."""

from importlib import import_module

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import create_engine, text

UPGRADE = "models.migrations.versions.0052_letters_and_days_of_lists"
FORMER = (
    "CREATE TABLE coop_case (id INTEGER PRIMARY KEY, district_code VARCHAR, level VARCHAR, opened_on DATE, ref VARCHAR,"
    " closed_on DATE, officer_id INTEGER, due_on DATE, legal_on DATE, target_on DATE, state VARCHAR, irregular INTEGER,"
    " stage VARCHAR)",
    "CREATE INDEX coop_case_due ON coop_case (closed_on)",
    "CREATE TABLE unit (id INTEGER PRIMARY KEY, district_code VARCHAR, commune_code VARCHAR, sort_key VARCHAR)",
    "CREATE INDEX ix_unit_district_code ON unit (district_code)",
    "CREATE INDEX ix_unit_commune_code ON unit (commune_code)",
    "CREATE TABLE message (id INTEGER PRIMARY KEY, officer_id INTEGER, status VARCHAR, attempts INTEGER)",
    "CREATE TABLE letter (id INTEGER PRIMARY KEY, case_id INTEGER, template VARCHAR, status VARCHAR, issued_on DATE)",
    "CREATE TABLE incoming (id INTEGER PRIMARY KEY, answers_letter_id INTEGER)",
    "CREATE TABLE fact (id INTEGER PRIMARY KEY, case_id INTEGER, kind VARCHAR, occurred_on DATE, data JSON)",
    "INSERT INTO coop_case (id, district_code) VALUES (1, 'HBG'), (2, 'ADG')",
    "INSERT INTO letter (id, case_id, template, status) VALUES (1, 1, 'a', 'served'), (2, 2, 'a', 'served'), "
    "(3, NULL, 'a', 'draft')",
    "INSERT INTO incoming (id, answers_letter_id) VALUES (1, 2), (2, NULL)",
    """INSERT INTO fact (id, case_id, kind, occurred_on, data) VALUES
    (1, 1, 'send_visit_notice', '2016-03-14', '{"visit_on": "2016-04-01", "note": "x"}'),
    (2, 1, 'send_visit_notice', '2016-03-15', '{"visit_on": "2016-04-01"}'),
    (3, 2, 'record_visit', '2016-03-14', '{"visited_on": "2016-03-10"}')""",
)


@pytest.mark.parametrize("name", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_an_office_of_before_is_filled(name: str, request: pytest.FixtureRequest) -> None:
    if name == "sqlite":
        _filled("sqlite://")
        return
    with request.getfixturevalue("postgres_server").empty_database() as url:
        _filled(url)


def _filled(url: str) -> None:
    bind = create_engine(url)
    with bind.begin() as connection:
        for statement in FORMER:
            connection.exec_driver_sql(statement)
        with Operations.context(MigrationContext.configure(connection)):
            import_module(UPGRADE).upgrade()
        letters = connection.execute(text("SELECT district_code, answered FROM letter ORDER BY id")).tuples().all()
        days = connection.execute(text("SELECT day, case_id, kind, field FROM act_day")).tuples().all()
    assert [(district, bool(answered)) for district, answered in letters] == [
        ("HBG", False), ("ADG", True), ("", False),
    ]  # fmt: skip
    bind.dispose()
    assert days == [("2016-04-01", 1, "send_visit_notice", "visit_on")]
