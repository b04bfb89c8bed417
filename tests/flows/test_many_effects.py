"""Many effects at once: carried out together as if each came alone, shared by several workers, found by their case."""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, func, select, update

from flows.jobs.effects import TOGETHER as IN_ONE_TRANSACTION
from flows.jobs.effects import drain, pending_cases
from flows.runtime.worker_round import TOGETHER, Call, pending_calls
from flows.stages import name_of_cases
from models.clock import FrozenClock
from models.database import reading, writing
from models.tables import case_rows, effects, messages, officers
from models.typed_rows import all_rows
from models.typed_rows.message_shapes import EffectRow
from notifications.notices import post_notice, post_notices
from tests.web.web_office import CLOCK, TODAY, Office, build_office, login_of, new_case

CASES = 2 * TOGETHER + 20
Posted = Callable[[Connection, Sequence[EffectRow], FrozenClock], object]


@pytest.fixture
def office(either_bind: Engine) -> Office:
    """An office with a crowd of cases just opened, of each of which an officer is to be notified."""
    made = build_office(either_bind)
    with writing(made.bind) as connection:
        connection.execute(update(officers).values(email=officers.c.login + "@van-phong.example"))
        for number in range(CASES):
            new_case(connection, f"HTX Đông việc {number}", "HBG" if number % 3 else "ADG")
    return made


def one_by_one(connection: Connection, listed: Sequence[EffectRow], clock: FrozenClock) -> None:
    for effect in listed:
        post_notice(connection, effect, now=clock.now(), today=clock.today())


def together(connection: Connection, listed: Sequence[EffectRow], clock: FrozenClock) -> None:
    post_notices(connection, listed, now=clock.now(), today=clock.today())


def statuses(office: Office) -> Counter[str]:
    with reading(office.bind) as connection:
        return Counter(connection.scalars(select(effects.c.status)))


def notices(office: Office) -> int:
    with reading(office.bind) as connection:
        return connection.scalar(select(func.count()).select_from(messages)) or 0


def cases_of(tags: Sequence[str]) -> set[str]:
    return {tag.removeprefix("case:") for tag in tags if tag.startswith("case:")}


@pytest.mark.parametrize("hour", [10, 23], ids=["in hours", "at night"])
def test_notices_written_together_are_those_written_one_by_one(office: Office, hour: int) -> None:
    clock = FrozenClock.on(TODAY, hour)

    def written(post: Posted) -> list[dict[str, Any]]:
        with writing(office.bind) as connection, connection.begin_nested() as tried:
            listed = all_rows(EffectRow, connection.execute(select(effects).order_by(effects.c.id)))
            for start in (0, 90):  # what one group wrote counts for the next
                post(connection, listed[start : start + 90], clock)
            found = connection.execute(select(messages).order_by(messages.c.key)).mappings()
            rows = [{name: value for name, value in row.items() if name != "id"} for row in found]
            tried.rollback()
        return rows

    alone = written(one_by_one)
    assert len({row["next_at"] for row in alone}) == (2 if hour == 10 else 1)
    assert written(together) == alone


def test_one_that_fails_keeps_none_of_the_others(office: Office) -> None:
    with writing(office.bind) as connection:
        middle = connection.scalar(select(effects.c.id).order_by(effects.c.id).offset(10).limit(1))
        connection.execute(update(effects).where(effects.c.id == middle).values(payload={"verb": "opened"}))
    counted = drain(office.bind, CLOCK)
    assert counted == {"done": CASES + 3, "retry_scheduled": 1}
    assert statuses(office) == {"done": CASES + 3, "pending": 1}
    assert notices(office) == CASES + 3


def test_two_workers_with_different_clocks_share_many_effects(office: Office) -> None:
    clocks = [FrozenClock(CLOCK.at + timedelta(seconds=seconds)) for seconds in (15, -15)]
    with ThreadPoolExecutor(2) as two:
        done = list(two.map(lambda clock: drain(office.bind, clock), clocks))
    assert sum(one.get("done", 0) for one in done) == CASES + 4 > IN_ONE_TRANSACTION["notice"]
    assert statuses(office) == {"done": CASES + 4}
    assert notices(office) == CASES + 4, "none is lost, none is written twice"


def test_each_case_is_a_tag_of_the_one_run_that_carries_it(office: Office) -> None:
    calls = list(pending_calls(office.bind, CLOCK))
    tagged = [cases_of(call.tags) for call in calls if cases_of(call.tags)]
    with reading(office.bind) as connection:
        refs = set(connection.scalars(select(case_rows.c.ref)))
    assert Counter(ref for one in tagged for ref in one) == Counter(refs)
    assert max(map(len, tagged)) == TOGETHER and len(tagged) == 3
    assert all("stage:review" in call.tags for call in calls if cases_of(call.tags))


def test_what_another_worker_did_meanwhile_is_not_called_again(office: Office) -> None:
    calls = pending_calls(office.bind, CLOCK)
    first: Call = next(calls)
    others = {ref for ref, _ in pending_cases(office.bind, CLOCK.now())} - cases_of(first.tags)
    drain(office.bind, CLOCK, others)
    assert [cases_of(call.tags) for call in calls if cases_of(call.tags)] == []
    assert {ref for ref, _ in pending_cases(office.bind, CLOCK.now())} == cases_of(first.tags)
    assert drain(office.bind, CLOCK, cases_of(first.tags)) == {"done": len(cases_of(first.tags))}


def test_a_run_is_named_by_its_first_case_and_how_many_more() -> None:
    assert name_of_cases(["HP-2016-0007"]) == "HP-2016-0007"
    assert name_of_cases(["HP-2016-0007", "HP-2016-0009", "HP-2016-0011"]) == "HP-2016-0007 +2"


def test_the_officer_of_a_case_hears_of_it_once(office: Office) -> None:
    drain(office.bind, CLOCK)
    drain(office.bind, CLOCK)
    who = select(officers.c.id).where(officers.c.login == login_of("case_officer", "ADG")).scalar_subquery()
    with reading(office.bind) as connection:
        heard = connection.scalars(select(messages.c.case_id).where(messages.c.officer_id == who)).all()
        own = select(case_rows.c.id).where(case_rows.c.district_code == "ADG")
        assert sorted(filter(None, heard)) == sorted(connection.scalars(own))
