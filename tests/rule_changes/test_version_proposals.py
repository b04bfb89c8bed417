"""A version comes into force by two people; cases go over with their facts untouched, or stay and are listed."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import Engine, select

from casework.ledger import load_case
from casework.opening import open_case
from casework.upkeep.integrity import verify
from models.database import reading, writing
from models.errors import Conflict, CoopcaseError, NotFound, Refused, WrongInput
from models.tables import deadlines, effects, procedure_versions
from procedures.definition.loader import ProcedureBroken, load
from rule_changes import version_proposals
from rulebook.versions import in_force
from tests.acting import apply
from tests.casework.desk import CITY_LEGAL, CITY_MANAGER, LATER, NEXT, Desk
from tests.rule_changes import version_texts as made
from tests.rule_changes.version_texts import text_of
from tests.web.web_office import CLOCK, COMPLAINT, build_office, login_of, new_unit


@pytest.fixture
def desk(bind: Engine) -> Desk:
    return Desk(build_office(bind))


def test_a_version_comes_into_force_and_takes_the_cases_along(either_bind: Engine) -> None:
    desk = Desk(build_office(either_bind))
    refs = set(desk.pins())
    with reading(either_bind) as connection:
        before = load_case(connection, desk.office.first)
    desk.brought(made.SHORTER)
    change = desk.approve()
    assert set(change.cases) == refs
    assert set(desk.pins().values()) == {NEXT}
    assert (desk.status(), desk.status(load().pin)) == ("in_force", "retired")
    with reading(either_bind) as connection:
        assert in_force(connection).pin == NEXT
        after = load_case(connection, desk.office.first)
        assert list(verify(connection)) == []
        ends = select(deadlines.c.ends_on).where(
            deadlines.c.case_id == after.row["id"], deadlines.c.key == "accept_target"
        )
        assert connection.scalar(ends) == date(2016, 3, 8)
        kinds = select(effects.c.kind, effects.c.payload).where(effects.c.case_id == after.row["id"])
        pending = [payload for kind, payload in connection.execute(kinds).tuples() if kind == "withdraw"]
    assert pending == [{"keys": ["accept_target"], "seq": 2, "verb": "migrated"}]
    assert after.facts[:-1] == before.facts
    fact = after.facts[-1]
    assert (fact.kind, fact.by, fact.role) == ("migrated", CITY_LEGAL, "legal")
    assert fact.data == {
        "from": load().pin, "to": NEXT, "proposed_by": CITY_MANAGER, "approved_by": CITY_LEGAL,
    }  # fmt: skip
    assert desk.acts() == ["added", "proposed", "approved"]
    assert desk.acts(load().pin) == ["shipped", "retired"]


def test_new_cases_are_opened_under_the_version_in_force(desk: Desk) -> None:
    desk.brought(made.RELABELLED)
    desk.approve()
    with writing(desk.bind) as connection:
        unit = new_unit(connection, "HTX Mới", "HBG")
        ref = open_case(connection, unit, by="clock", role="clock", clock=LATER, on=LATER.today())
        assert load_case(connection, ref).procedure.pin == NEXT


def test_steps_that_came_with_the_version_can_be_done(desk: Desk) -> None:
    desk.brought(("from: [X1]\n    to: S1", "from: [S0, X1]\n    to: S1"))
    desk.approve()
    data = {"contact": "Bà Lan"}
    done = apply(desk.bind, desk.office.first, "record_found", by=login_of("case_officer"), clock=LATER, data=data)
    assert done.state == "S1"


def test_legal_dates_move_only_under_their_mark(desk: Desk) -> None:
    desk.brought(made.LEGAL)
    right = desk.seen().mark
    for mark in ("", "000000000000", right[:-1]):
        with pytest.raises(Conflict) as stale:
            desk.approve(mark=mark)
        assert stale.value.code == "version_change_differs"
        assert (stale.value.params["mark"], stale.value.params["legal"]) == (right, 4)
        assert desk.status() == "proposed"
        assert set(desk.pins().values()) == {load().pin}
    desk.approve(mark=f" {right.upper()} ")
    assert desk.status() == "in_force"


def test_an_approver_who_saw_another_list_is_refused(either_bind: Engine) -> None:
    desk = Desk(build_office(either_bind))
    desk.brought(made.HASTE)
    old = desk.seen().mark
    apply(desk.bind, desk.office.second, "receive_complaint", by=login_of("legal"), clock=CLOCK, data=COMPLAINT)
    with pytest.raises(Conflict):
        desk.approve(mark=old)
    with reading(desk.bind) as connection:
        assert [fact.kind for fact in load_case(connection, desk.office.second).facts] == [
            "opened",
            "receive_complaint",
        ]
        assert list(verify(connection)) == []
    desk.approve()
    assert set(desk.pins().values()) == {NEXT}


@pytest.mark.parametrize(
    ("role", "place", "allowed"),
    [
        ("admin", None, True), ("manager", None, True), ("leader", None, True), ("legal", None, False),
        ("case_officer", None, False), ("clerk", None, False), ("manager", "HBG", False), ("leader", "HBG", False),
        ("admin", "HBG", False),
    ],
)  # fmt: skip
def test_who_may_propose(desk: Desk, role: str, place: str | None, allowed: bool) -> None:
    acts: list[Callable[[], object]] = [
        lambda: desk.add(text_of("9"), by=login_of(role, place)), lambda: desk.propose(by=login_of(role, place)),
        lambda: desk.withdraw(by=login_of(role, place)),
    ]  # fmt: skip
    if not allowed:
        desk.brought()
    for act in acts:
        if allowed:
            act()
            continue
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.code == "proposing_not_yours"


@pytest.mark.parametrize(
    ("proposer", "decider", "code"),
    [
        ("manager", login_of("legal", None), ""),
        ("manager", login_of("leader", None), ""),
        ("leader", login_of("legal", None), ""),
        ("leader", login_of("leader", None), "deciding_own_proposal"),
        ("manager", login_of("manager", None), "deciding_not_yours"),
        ("manager", login_of("admin", None), "deciding_not_yours"),
        ("manager", login_of("clerk", None), "deciding_not_yours"),
        ("manager", login_of("legal"), "deciding_not_yours"),
        ("manager", login_of("leader"), "deciding_not_yours"),
    ],
)
def test_a_second_person_of_the_city_decides(desk: Desk, proposer: str, decider: str, code: str) -> None:
    desk.add(text_of("9"))
    desk.propose(by=login_of(proposer, None))
    if not code:
        desk.approve(by=decider)
        assert desk.status() == "in_force"
        return
    for act in (lambda: desk.approve(by=decider), lambda: desk.send_back(by=decider)):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.code == code
    assert desk.status() == "proposed"


def test_a_proposal_is_sent_back_corrected_and_proposed_again(desk: Desk) -> None:
    desk.brought()
    desk.send_back()
    assert desk.status() == "returned"
    desk.brought(made.SHORTER)
    desk.approve()
    assert desk.acts() == ["added", "proposed", "returned", "added", "proposed", "approved"]
    with reading(desk.bind) as connection:
        returned = version_proposals.version(connection, NEXT)["history"][2]
    assert (returned["by"], returned["text"]) == (CITY_LEGAL, "Thiếu căn cứ")


def test_a_reason_is_asked_for(desk: Desk) -> None:
    desk.brought()
    with pytest.raises(WrongInput) as missing:
        desk.send_back(reason="  ")
    assert missing.value.field == "reason"


@pytest.mark.parametrize(
    ("what", "code"),
    [
        (lambda desk: desk.propose(), "version_not_free"),
        (lambda desk: desk.propose(load().pin), "version_not_free"),
        (lambda desk: desk.add(text_of("9", made.SHORTER)), "version_means_another"),
        (lambda desk: desk.add(text_of(load().version, made.SHORTER)), "version_means_another"),
        (lambda desk: desk.approve(load().pin), "version_not_proposed"),
    ],
)
def test_a_version_in_use_is_not_overwritten(desk: Desk, what: Callable[[Desk], object], code: str) -> None:
    desk.brought()
    with pytest.raises(Refused) as refused:
        what(desk)
    assert refused.value.code == code


def test_the_same_file_twice_is_one_version(desk: Desk) -> None:
    desk.brought()
    assert desk.add(text_of("9")) == NEXT
    assert desk.status() == "proposed"


def test_a_withdrawn_proposal_is_not_decided(desk: Desk) -> None:
    desk.brought()
    desk.withdraw()
    assert desk.status() == "withdrawn"
    for act in (desk.approve, desk.send_back, desk.withdraw):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.code == "version_not_proposed"


def test_an_office_may_go_back_to_the_version_it_had(desk: Desk) -> None:
    own = load().pin
    desk.brought(made.SHORTER)
    desk.approve()
    desk.propose(own)
    with writing(desk.bind) as connection:
        version_proposals.withdraw(connection, own, by=CITY_MANAGER, clock=LATER)
    assert desk.status(own) == "retired", "it has been in force, whatever became of the proposal"
    desk.propose(own)
    desk.approve(own)
    assert set(desk.pins().values()) == {own}
    with reading(desk.bind) as connection:
        assert list(verify(connection)) == []


BAD: dict[str, tuple[str, type[CoopcaseError], str]] = {
    "no YAML": ("states: [", ProcedureBroken, "procedure_broken"),
    "an unknown key": (made.OWN + "\ncolour: red\n", ProcedureBroken, "procedure_broken"),
    "a letter without a template": (
        text_of("9", ("letters: [trace_minutes]", "letters: [no_such]")), ProcedureBroken, "procedure_broken",
    ),
    "another procedure": (
        text_of("9", ("procedure: htx-hai-phong", "procedure: lien-hiep")), WrongInput, "another_procedure",
    ),
    "a name that is a path": (text_of("../../x"), WrongInput, "version_name"),
    "an empty file": ("", ProcedureBroken, "procedure_broken"),
}  # fmt: skip


@pytest.mark.parametrize("what", BAD)
def test_a_file_that_cannot_be_used_is_not_kept(desk: Desk, what: str) -> None:
    text, kind, code = BAD[what]
    with pytest.raises(kind) as wrong:
        desk.add(text)
    assert wrong.value.code == code
    with reading(desk.bind) as connection:
        assert connection.scalars(select(procedure_versions.c.pin)).all() == [load().pin]


def test_an_unknown_version_is_not_found(desk: Desk) -> None:
    for act in (lambda: desk.propose("x@1"), lambda: desk.approve("x@1", mark=""), lambda: desk.status("x@1")):
        with pytest.raises(NotFound):
            act()
