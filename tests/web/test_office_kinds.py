"""Every page of a trial office says that it is one; a real office steps no day and shows no sample people."""

import pytest
from sqlalchemy import select

from models.database import engine, reading, writing
from models.office_kind import REAL, SAMPLE, TRIAL
from models.setting_keys import DEMO_DAY, OFFICE_KIND
from models.tables import officers, settings_table
from templates.words import t
from tests.web.web_office import Office, Visitor

PAGES = ("/work", "/late", "/late/report", "/letters", "/office/communes", "/me", "/help", "/nowhere")


def _mark(kind: str) -> None:
    with writing(engine()) as connection:
        connection.execute(settings_table.insert().values(key=OFFICE_KIND, value=kind))
        if kind != SAMPLE:
            connection.execute(officers.update().values(is_sample=False))


@pytest.mark.parametrize("kind", [REAL, SAMPLE, TRIAL])
def test_each_page_says_whether_it_is_a_trial(office: Office, anybody: Visitor, kind: str) -> None:
    _mark(kind)
    said = t("pages.trial", "vi")
    assert (said in anybody.get("/sign-in").text) is (kind == TRIAL)
    anybody.sign_in("admin.tp")
    for page in PAGES:
        assert (said in anybody.get(page).text) is (kind == TRIAL), page


@pytest.mark.parametrize(("kind", "status"), [(REAL, 409), (SAMPLE, 303), (TRIAL, 303)])
def test_a_real_office_steps_no_day(office: Office, anybody: Visitor, kind: str, status: int) -> None:
    _mark(kind)
    anybody.sign_in("manager.hbg")
    assert ("/demo/step" in anybody.get("/work").text) is (kind != REAL)
    answer = anybody.send("/demo/step", {"step": "day", "back": "/work"})
    assert answer.status_code == status
    with reading(engine()) as connection:
        asked = select(settings_table.c.value).where(settings_table.c.key == DEMO_DAY)
        day = connection.scalar(asked)
    assert (day == "2016-03-14") is (kind == REAL)
