"""A new version of the procedure: previewed in words, moved by two people, and never over a legal date unseen."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from casework.door import apply
from casework.integrity import verify
from casework.ledger import load_case
from casework.procedure_change import Change, MovedDate, migrate, preview
from models.database import reading
from models.errors import Refused
from models.tables import case_rows, effects
from procedures.loader import load, read
from procedures.schema import Procedure, Verb
from tests.web.office import CLOCK, TODAY, Office, build_office, login_of

OWN = Path("procedures/htx-hai-phong.yaml").read_text(encoding="utf-8")


def version(number: str, *changes: tuple[str, str]) -> tuple[Procedure, str]:
    """Our procedure under another version, with parts of its text exchanged."""
    text = OWN.replace(f"version: {_own_version()}", f'version: "{number}"', 1)
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return read(text, "new.yaml", None), text


def _own_version() -> str:
    (line,) = [line for line in OWN.splitlines() if line.startswith("version:")]
    return line.removeprefix("version: ")


HEAD = 'en: "Check the registry file"}, '
SHORTER = (f"{HEAD}kind: target, term: 10 working days", f"{HEAD}kind: target, term: 5 working days")
LEGAL = (SHORTER[0], f"{HEAD}kind: legal, article: l2012.23, term: 5 working days")


@pytest.fixture
def office(bind: Engine) -> Office:
    return build_office(bind)


def seen(office: Office, new: Procedure) -> Change:
    with reading(office.bind) as connection:
        return preview(connection, new, TODAY)


def move(office: Office, new: tuple[Procedure, str], mark: str = "", by: str = "", approve_by: str = "") -> Change:
    by, approve_by = by or login_of("manager", None), approve_by or login_of("legal", None)
    return migrate(office.bind, *new, by=by, approve_by=approve_by, seen=mark, clock=CLOCK)


def pins(office: Office) -> set[str]:
    with reading(office.bind) as connection:
        return set(connection.scalars(select(case_rows.c.procedure)))


def test_our_own_version_changes_nothing(office: Office) -> None:
    change = seen(office, load())
    assert (change.cases, change.lost, change.moved, change.stuck) == ((), (), (), ())


def test_a_version_of_the_same_content_moves_no_date(office: Office) -> None:
    change = seen(office, version("9.0")[0])
    assert len(change.cases) == 4
    assert (change.lost, change.moved, change.stuck) == ((), (), ())


def test_moved_and_late_targets_are_listed(office: Office) -> None:
    change = seen(office, version("9.0", SHORTER)[0])
    moved = [item for item in change.moved if item.ref == office.first]
    before, after = date(2016, 3, 15), date(2016, 3, 8)
    assert moved == [MovedDate(office.first, "accept_target", False, before, after, becomes_late=True)]
    assert change.legal_moves == ()
    assert pins(office) == {load().pin}


def test_a_migration_keeps_the_facts_and_the_lists_sound(office: Office) -> None:
    new = version("9.0", SHORTER)
    with reading(office.bind) as connection:
        facts = load_case(connection, office.first).facts
    change = move(office, new)
    assert pins(office) == {new[0].pin}
    with reading(office.bind) as connection:
        loaded = load_case(connection, office.first)
        owed = set(
            connection.scalars(select(effects.c.kind).where(effects.c.payload["verb"].as_string() == "migrated"))
        )
        assert list(verify(connection)) == []
    assert loaded.facts[:-1] == facts
    assert (loaded.facts[-1].kind, loaded.procedure, len(change.cases)) == ("migrated", new[0], 4)
    assert loaded.facts[-1].data == {"from": load().pin, "to": new[0].pin, "approved_by": login_of("legal", None)}
    assert owed == {"withdraw"}
    assert move(office, new).cases == ()


def test_legal_dates_never_move_unseen(office: Office) -> None:
    new = version("9.0", LEGAL)
    change = seen(office, new[0])
    assert {item.key for item in change.legal_moves} == {"accept_target"}
    for mark in ("", "00000000"):
        with pytest.raises(Refused) as refused:
            move(office, new, mark)
        assert refused.value.code == "legal_dates_move"
        assert pins(office) == {load().pin}
    move(office, new, change.digest)
    assert pins(office) == {new[0].pin}


def without(verb: str) -> Procedure:
    """Another version in which nobody can do this any more."""
    new = version("9.0")[0]
    return new.model_copy(update={"verbs": {name: item for name, item in new.verbs.items() if name != verb}})


def test_steps_that_cases_lose_are_counted_in_their_words(office: Office) -> None:
    label = load().verbs["name_obstacle"].label
    (lost,) = seen(office, without("name_obstacle")).lost
    assert (lost.verb, lost.label, lost.cases) == ("name_obstacle", {"vi": label.vi, "en": label.en}, 4)


def test_a_case_that_cannot_migrate_is_listed_and_stays(office: Office) -> None:
    data = {"notified_on": "2016-02-10", "from_on": "2016-03-04", "to_on": "2016-06-01"}
    apply(office.bind, office.first, "receive_suspension", by=login_of("case_officer"), clock=CLOCK, data=data)
    new = version("9.0")[0]
    changed = {
        "verb": without("receive_suspension"),
        "code": new.model_copy(update={"overlays": {}}),
        "path": new.model_copy(update={"verbs": {**new.verbs, "receive_suspension": _elsewhere(new)}}),
    }
    for code, procedure in changed.items():
        change = seen(office, procedure)
        assert [(item.ref, item.code) for item in change.stuck] == [(office.first, code)]
        assert office.first not in change.cases
        assert len(change.cases) == 3


def _elsewhere(new: Procedure) -> Verb:
    """The suspension, allowed in no state that a fresh case is in."""
    final = next(key for key, state in new.states.items() if state.final)
    return new.verbs["receive_suspension"].model_copy(update={"from_": (final,)})


@pytest.mark.parametrize(
    ("by", "approve_by", "code"),
    [
        (login_of("case_officer", None), login_of("legal", None), "migration_not_yours"),
        (login_of("manager"), login_of("legal", None), "migration_not_yours"),
        (login_of("leader", None), login_of("leader", None), "migration_needs_approval"),
        (login_of("manager", None), login_of("legal"), "migration_needs_approval"),
        (login_of("manager", None), login_of("clerk", None), "migration_needs_approval"),
    ],
)
def test_two_people_of_the_city_move_cases(office: Office, by: str, approve_by: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        move(office, version("9.0"), by=by, approve_by=approve_by)
    assert refused.value.code == code
    assert pins(office) == {load().pin}


def test_a_name_of_a_version_stands_for_one_text(office: Office) -> None:
    move(office, version("9.0"))
    with pytest.raises(Refused) as refused:
        move(office, version("9.0", SHORTER))
    assert refused.value.code == "version_means_another"
