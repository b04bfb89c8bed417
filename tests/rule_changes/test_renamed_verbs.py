"""A point of the law bears on a case whose facts have the former name of their verb."""

from datetime import date

from sqlalchemy import Engine

from models.database import reading, writing
from rule_changes.rulings import Differing, questions
from tests.acting import apply
from tests.renamed_parts import led_over
from tests.web.web_office import CLOCK, build_office, login_of, new_case

SUSPENDED = {"notified_on": "2016-02-10", "from_on": "2016-03-04", "to_on": "2016-06-01"}


def differing(bind: Engine) -> tuple[Differing, ...]:
    with reading(bind) as connection:
        (found,) = [item for item in questions(connection) if item.point.key == "suspension_and_ground_a"]
    return found.cases


def test_the_readings_differ_in_a_case_with_a_notice_of_the_former_name_of_its_verb(bind: Engine) -> None:
    build_office(bind)
    with writing(bind) as connection:
        ref = new_case(connection, "HTX Ngừng", "HBG", stopped_on=date(2015, 10, 1))
    by = login_of("case_officer")
    apply(bind, ref, "receive_suspension", by=by, clock=CLOCK, on=date(2016, 3, 4), data=SUSPENDED)
    (before,) = differing(bind)
    led_over(bind, receive_suspension="enter_suspension")
    assert differing(bind) == (before,)
    assert before.ref == ref
