"""Migration of cases: moved, stuck and moved later; history as recorded; acts at the same time."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlalchemy import Engine, update
from sqlalchemy.exc import IntegrityError

from casework.acts import annul
from casework.case_view import case_document
from casework.ledger import load_case
from casework.sums.deadline_sums import explain
from casework.upkeep.integrity import verify
from models.database import reading, writing
from models.errors import Refused
from models.tables import procedure_versions
from procedures.definition.loader import load
from rule_changes import version_proposals
from tests.acting import apply
from tests.casework.desk import CITY_LEADER, CITY_LEGAL, CITY_MANAGER, LATER, NEXT, Desk
from tests.rule_changes import version_texts as made
from tests.rule_changes.version_texts import text_of
from tests.web.web_office import CLOCK, build_office, login_of


@pytest.fixture
def desk(bind: Engine) -> Desk:
    return Desk(build_office(bind))


def test_a_case_that_cannot_go_along_stays_and_may_go_later(desk: Desk) -> None:
    data = {"notified_on": "2016-02-10", "from_on": "2016-03-04", "to_on": "2016-06-01"}
    seq = apply(
        desk.bind, desk.office.first, "receive_suspension", by=login_of("case_officer"), clock=CLOCK, data=data
    ).seq
    desk.brought(base=made.without_verb("receive_suspension"))
    change = desk.approve()
    assert [item.ref for item in change.stuck] == [desk.office.first]
    assert desk.pins()[desk.office.first] == load().pin
    annul(desk.bind, desk.office.first, seq, by=login_of("case_officer"), reason="Ghi nhầm", clock=LATER)
    mark = desk.seen(NEXT, desk.office.first).mark
    moved = version_proposals.move_remaining(desk.bind, by=CITY_LEGAL, seen=mark, clock=LATER, refs=[desk.office.first])
    assert moved.cases == (desk.office.first,)
    assert desk.pins()[desk.office.first] == NEXT
    with reading(desk.bind) as connection:
        assert list(verify(connection)) == []


@pytest.mark.parametrize("by", [CITY_MANAGER, login_of("legal"), login_of("clerk", None)])
def test_what_was_left_is_moved_by_an_approver_alone(desk: Desk, by: str) -> None:
    desk.brought()
    desk.approve()
    with pytest.raises(Refused) as refused:
        version_proposals.move_remaining(desk.bind, by=by, seen="", clock=LATER)
    assert refused.value.code == "deciding_not_yours"


def test_a_migration_is_not_annulled(desk: Desk) -> None:
    desk.brought()
    desk.approve()
    with pytest.raises(Refused) as refused:
        annul(desk.bind, desk.office.first, 2, by=login_of("manager"), reason="x", clock=LATER)
    assert refused.value.code == "cannot_annul_this"


def test_an_earlier_day_is_seen_by_the_version_of_that_day(desk: Desk) -> None:
    desk.brought(made.SHORTER, made.RELABELLED)
    desk.approve()

    def case(**days: date) -> dict[str, object]:
        with reading(desk.bind) as connection:
            found = case_document(
                connection, desk.office.first, today=LATER.today(), as_of=days.get("as_of"),
                known_on=days.get("known_on"),
            )  # fmt: skip
        ends = {item["key"]: item["ends_on"] for item in found["deadlines"]}
        return {"procedure": found["procedure"], "label": found["state_label"], "ends": ends["accept_target"]}

    then = {"procedure": load().pin, "label": "Mới vào danh sách", "ends": date(2016, 3, 15)}
    now = {"procedure": NEXT, "label": "Vừa ghi nhận", "ends": date(2016, 3, 8)}
    assert case() == now
    assert case(known_on=LATER.today()) == now
    assert case(known_on=CLOCK.today()) == then
    assert case(as_of=CLOCK.today()) == then


def test_facts_are_shown_in_the_words_they_were_recorded_in(desk: Desk) -> None:
    office = desk.office
    apply(desk.bind, office.first, "accept_case", by=login_of("case_officer"), clock=CLOCK, data={"file_held": "yes"})
    desk.brought(('done: {vi: "Đã nhận hồ sơ rà soát"', 'done: {vi: "Đã tiếp nhận"'))
    desk.approve()
    with reading(desk.bind) as connection:
        found = case_document(connection, office.first, today=LATER.today())
    labels = [(fact["label"], fact["procedure"]) for fact in found["facts"][1:]]
    assert labels[0] == ("Đã nhận hồ sơ rà soát", load().pin)
    assert labels[1][1] == load().pin, "the move itself was recorded under the version it left"


FLOOD = 'flood: {label: {vi: "Lũ lụt", en: "Flood"}, blocks: [], stops: []}'
FLOODS = (
    ("options: {land_pending:", 'options: {flood: {vi: "Lũ lụt", en: "Flood"}, land_pending:'),
    ("  land_pending: {label", f"  {FLOOD}\n  land_pending: {{label"),
)


def test_an_earlier_day_that_only_the_newer_version_can_fold_is_explained_by_it(desk: Desk) -> None:
    """Written down late, with a code that the version of that day did not have."""
    desk.brought(*FLOODS)
    desk.approve()
    data = {"overlay": "flood", "reason": "Ngập"}
    by, on = login_of("case_officer"), date(2016, 3, 10)
    apply(desk.bind, desk.office.first, "raise_overlay", by=by, clock=LATER, data=data, on=on)
    with reading(desk.bind) as connection:
        found = case_document(connection, desk.office.first, today=LATER.today(), as_of=date(2016, 3, 12))
        deadlines_then = explain(connection, desk.office.first, as_of=date(2016, 3, 12))
    assert [item["label"] for item in found["overlays"]] == ["Lũ lụt"]
    assert {item.key for item in deadlines_then} == {item["key"] for item in found["deadlines"]}


def test_only_one_version_is_in_force(either_bind: Engine) -> None:
    desk = Desk(build_office(either_bind))
    desk.add(text_of("9"))
    second = update(procedure_versions).where(procedure_versions.c.pin == NEXT).values(status="in_force")
    with pytest.raises(IntegrityError), writing(either_bind) as connection:
        connection.execute(second)


def test_two_who_approve_at_once_are_one_approval(either_bind: Engine) -> None:
    desk = Desk(build_office(either_bind))
    desk.brought(made.SHORTER)
    mark = desk.seen().mark

    def approve(by: str) -> str:
        try:
            desk.approve(by=by, mark=mark)
        except Refused as refused:
            return refused.code
        return ""

    with ThreadPoolExecutor(2) as pool:
        came = list(pool.map(approve, (CITY_LEGAL, CITY_LEADER)))
    assert sorted(came) == ["", "version_not_proposed"]
    with reading(desk.bind) as connection:
        assert list(verify(connection)) == []
        assert [fact.kind for fact in load_case(connection, desk.office.first).facts] == ["opened", "migrated"]


def test_acts_go_on_while_cases_move(either_bind: Engine) -> None:
    desk = Desk(build_office(either_bind))
    desk.brought(made.SHORTER)
    mark, by = desk.seen().mark, login_of("case_officer")

    def name(code: str) -> str:
        data = {"obstacle": code, "note": "x"}
        return apply(desk.bind, desk.office.first, "name_obstacle", by=by, clock=LATER, data=data).ref

    codes = ("lost_seal", "lost_file", "tax_debt", "bank_debt")
    with ThreadPoolExecutor(3) as pool:
        named = [pool.submit(name, code) for code in codes]
        approved = pool.submit(desk.approve, mark=mark)
        assert all(done.result() == desk.office.first for done in named)
        assert approved.result().cases
    with reading(desk.bind) as connection:
        loaded = load_case(connection, desk.office.first)
        assert (loaded.row["procedure"], set(loaded.state.obstacles)) == (NEXT, set(codes))
        assert list(verify(connection)) == []
