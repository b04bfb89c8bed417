"""Versions in the database: synchronised at every start, read once, and never replaced under a case."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Connection, Engine, delete, select, update

from casework.known_folds import kept
from casework.ledger import load_case
from models.clock import FrozenClock
from models.database import reading, writing
from models.errors import NotFound
from models.tables import case_rows, procedure_versions
from procedures.definition.loader import load
from rule_changes.version_impact import preview
from rulebook.shipped import Shipped, ShippedText, shipped
from rulebook.version_sync import SyncResult, sync_versions
from rulebook.versions import Versions, in_force, procedure_of
from tests.web.web_office import build_office

NOW = FrozenClock.on(date(2016, 3, 14)).now()
OURS = shipped().current
NAME = OURS.pin.partition("@")[0]


def release(number: str, *, former: tuple[ShippedText, ...] = (OURS,), more: str = "") -> Shipped:
    """What a later release would ship."""
    line = next(line for line in OURS.text.splitlines() if line.startswith("version:"))
    text = OURS.text.replace(line, f'version: "{number}"', 1) + more
    return Shipped(ShippedText(f"{NAME}@{number}", text), {item.pin: item for item in former})


def statuses(connection: Connection) -> dict[str, str]:
    columns = procedure_versions.c
    return dict(connection.execute(select(columns.pin, columns.status)).tuples().all())


def taken(bind: Engine, brought: Shipped | None = None) -> SyncResult:
    with writing(bind) as connection:
        return sync_versions(connection, NOW, brought)


def forget(bind: Engine) -> None:
    """As if the office had been made before versions were kept."""
    with writing(bind) as connection:
        connection.execute(delete(procedure_versions))


def test_an_empty_office_takes_the_shipped_version(either_bind: Engine) -> None:
    assert taken(either_bind) == SyncResult()
    assert taken(either_bind) == SyncResult(), "starting again changes nothing"
    with reading(either_bind) as connection:
        assert statuses(connection) == {OURS.pin: "in_force"}
        assert in_force(connection) is load()


def test_an_empty_office_goes_along_with_a_release(bind: Engine) -> None:
    taken(bind)
    assert taken(bind, release("9")) == SyncResult()
    with reading(bind) as connection:
        assert statuses(connection) == {OURS.pin: "retired", f"{NAME}@9": "in_force"}
        assert in_force(connection).pin == f"{NAME}@9"


def test_an_office_with_cases_keeps_its_version(either_bind: Engine) -> None:
    office = build_office(either_bind)
    assert taken(either_bind, release("9")) == SyncResult(available=f"{NAME}@9")
    with reading(either_bind) as connection:
        assert statuses(connection) == {OURS.pin: "in_force", f"{NAME}@9": "available"}
        assert in_force(connection).pin == OURS.pin
        assert load_case(connection, office.first).procedure.pin == OURS.pin


def test_an_office_from_before_keeps_the_version_its_cases_hang_on(bind: Engine) -> None:
    build_office(bind)
    forget(bind)
    assert taken(bind, release("9")) == SyncResult(available=f"{NAME}@9")
    with reading(bind) as connection:
        assert statuses(connection) == {OURS.pin: "in_force", f"{NAME}@9": "available"}


def test_the_stored_text_counts_where_the_shipped_one_differs(bind: Engine) -> None:
    office = build_office(bind)
    edited = replace(release(load().version, former=()), current=ShippedText(OURS.pin, OURS.text + "\n# edited\n"))
    assert taken(bind, edited) == SyncResult(differing=(OURS.pin,))
    with reading(bind) as connection:
        stored = connection.scalar(select(procedure_versions.c.sha256).where(procedure_versions.c.pin == OURS.pin))
        assert stored == OURS.sha256
        assert load_case(connection, office.first).procedure is load()


def test_a_text_on_which_nothing_hangs_is_exchanged(bind: Engine) -> None:
    build_office(bind)
    taken(bind, release("9"))
    later = release("9", more="\n# edited\n")
    assert taken(bind, later) == SyncResult(available=f"{NAME}@9")
    with reading(bind) as connection:
        stored = connection.scalar(select(procedure_versions.c.text).where(procedure_versions.c.pin == f"{NAME}@9"))
    assert stored == later.current.text


def test_without_a_table_filled_the_shipped_texts_answer(bind: Engine) -> None:
    with reading(bind) as connection:
        assert in_force(connection) is load()
        assert procedure_of(connection, OURS.pin) is load()


@pytest.mark.parametrize("pin", ["htx@none", "../../etc/passwd", ""])
def test_a_version_that_is_not_here_is_not_found(bind: Engine, pin: str) -> None:
    with reading(bind) as connection, pytest.raises(NotFound) as missing:
        procedure_of(connection, pin)
    assert missing.value.code == "no_such_procedure"


def test_two_databases_may_mean_different_texts_by_one_name(bind: Engine, tmp_path_factory: object) -> None:
    with writing(bind) as connection:
        sync_versions(connection, NOW, release("9", former=()))
        first = in_force(connection)
        words = 'label: {vi: "Rà soát", en: "Review"}'
        other = release("9", former=()).current.text
        assert words in other
        changed = other.replace(words, 'label: {vi: "Soát", en: "Look"}')
        row = {"text": changed, "sha256": ShippedText("", changed).sha256}
        connection.execute(update(procedure_versions).values(row))
        second = in_force(connection)
    assert (first.stages["review"].label.en, second.stages["review"].label.en) == ("Review", "Look")


def test_codes_are_named_by_whatever_version_knows_them(bind: Engine) -> None:
    office = build_office(bind)
    text = release("9").current.text.replace('vi: "Mất con dấu"', 'vi: "Mất dấu"', 1)
    taken(bind, Shipped(ShippedText(f"{NAME}@9", text), {OURS.pin: OURS}))
    with writing(bind) as connection:
        connection.execute(update(case_rows).where(case_rows.c.ref == office.first).values(procedure="gone@1"))
        versions = Versions(connection)
        assert versions.label("obstacles", "lost_seal", "vi") == "Mất con dấu"
        assert versions.label("obstacles", "lost_seal", "vi", f"{NAME}@9") == "Mất dấu"
        assert versions.label("obstacles", "lost_seal", "vi", "gone@1") == "Mất con dấu"
        assert versions.label("obstacles", "no_such", "vi") == "no_such"
        assert versions.part("states", "S0", "gone@1") is not None


def queries(connection: Connection, act: Callable[[], object]) -> int:
    from sqlalchemy import event

    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(connection, "before_cursor_execute", note)
    act()
    event.remove(connection, "before_cursor_execute", note)
    return len(seen)


def test_a_case_is_loaded_in_two_queries_and_one_that_is_known_in_one(bind: Engine) -> None:
    office = build_office(bind)
    with reading(bind) as connection:
        load_case(connection, office.first)
        assert queries(connection, lambda: load_case(connection, office.first)) == 1
        kept.clear()
        assert queries(connection, lambda: load_case(connection, office.first)) == 2


@pytest.mark.parametrize("former", sorted(shipped().former))
def test_an_office_of_a_former_release_can_be_led_into_this_one(bind: Engine, former: str) -> None:
    """Its cases keep the text they were opened under; every one can move, and none has to."""
    office = build_office(bind)
    forget(bind)
    with writing(bind) as connection:
        connection.execute(update(case_rows).values(procedure=former))
    assert taken(bind) == SyncResult(available=OURS.pin)
    with reading(bind) as connection:
        case = load_case(connection, office.first)
        change = preview(connection, load(), date(2016, 3, 14))
    assert case.procedure.pin == former
    assert office.first in change.cases
    assert not change.stuck
