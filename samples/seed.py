"""Creates the sample office: people, units and cases with a history up to 14 March 2016, by the regular functions."""

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Engine, func, select, update

from casework.ledger import load_case
from casework.office.commune_loading import sync_communes
from casework.office.people import actor, hasher
from casework.office.unit_communes import find_communes
from casework.opening import open_case
from casework.unit_rows import district_names, name_keys, values_of
from casework.upkeep.checked_content import store_checks
from correspondence.delegations import Mandate, add
from correspondence.effective_papers import act_in
from models.clock import FrozenClock
from models.database import engine, is_empty, reading, writing
from models.office_clock import set_demo_day
from models.sample_cases import note_sample_cases
from models.tables import case_rows, districts, effects, officers, units
from models.typed_rows import all_rows
from models.typed_rows.case_shapes import RegisterRow
from procedures.facts import CLOCK
from procedures.state_machine.closing import lacking_papers
from register.flags import flags_of
from rulebook.version_sync import sync_versions
from samples import invented_people as invented
from samples.dissolved_together import Batches
from samples.half_done import take_over_half_done
from samples.histories import FIRST_OPENED, TODAY, Happening, Life, lives
from samples.ink import sign_in_ink
from samples.invented_surroundings import enter as enter_surroundings
from samples.invented_units import units as invented_units
from samples.irregular import record_irregular
from samples.paces import at_their_pace
from samples.paperwork import Desk
from samples.path_parts import PAPER_WAIVER
from samples.proofs import Proofs
from samples.receivers import open_at_receivers
from samples.shown_cases import SHOWN
from samples.written import write_notes

SEED = 2016
RECENT = 14  # days before the sample's day from which effects are still pending
Reporter = Callable[[str, int, date], None]  # a stage by name, how many it made, and the day that it has come to


def _quiet(_stage: str, _count: int, _day: date) -> None:
    """Nobody waits for it."""


def seed_if_empty(bind: Engine | None = None, report: Reporter = _quiet) -> bool:
    """Create the sample office in an empty database; returns False and changes nothing when an officer exists.

    `report` is called when a stage is done, for the histories each quarter: they take a minute or more.
    """
    used = bind or engine()
    with reading(used) as connection:
        if not is_empty(connection):
            return False
    seed(used, report)
    return True


def seed(bind: Engine, report: Reporter = _quiet) -> None:
    """Create the sample office in one transaction; deterministic. It is looked at for contradictions as by a night."""
    dice = random.Random(SEED)  # noqa: S311 - invented data, no secret
    with writing(bind) as connection:
        sync_versions(connection, FrozenClock.on(FIRST_OPENED).now())
        report("people", _people(connection, dice), FIRST_OPENED)
        enter_surroundings(connection)
        rows = _units(connection, dice)
        report("units", len(rows), FIRST_OPENED)
        done = _opened(connection, at_their_pace(lives(dice, rows)))
        shown = _shown(connection)
        report("cases", len(done) + len(shown), FIRST_OPENED)
        _live(connection, done | {ref: history for ref, history, _ in shown}, report)
        note_sample_cases(connection, _by_situation(connection, shown))
        sign_in_ink(connection)
        take_over_half_done(connection)
        record_irregular(connection)
        write_notes(connection)
        _settle_old_effects(connection)
        set_demo_day(connection, TODAY)
    store_checks(bind)


def sign_ins(bind: Engine | None = None) -> Sequence[tuple[str, str, str]]:
    """Return (login, password, description) of a few sample people; empty without a sample office."""
    shown = (*invented.SHOWN, "tuphap.vbo", "cv1.tp", "quantri")
    with reading(bind or engine()) as connection:
        found = connection.execute(
            select(officers.c.login, officers.c.name, officers.c.post, officers.c.district_code).where(
                officers.c.login.in_(shown), officers.c.is_sample
            )
        ).all()
        names = district_names(connection)
    listed = {row.login: f"{row.name}, {row.post}, {names.get(row.district_code, 'Thành phố')}" for row in found}
    return [(login, invented.PASSWORD, listed[login]) for login in shown if login in listed]


def _people(connection: Connection, dice: random.Random) -> int:
    for code, place in invented.places().items():
        seat = place.communes[0].proper if place.communes else place.name
        connection.execute(districts.insert().values(code=code, name=place.name, kind=place.kind, seat=seat))
    sync_communes(connection)
    password = hasher().hash(invented.PASSWORD)
    everybody = [*invented.people(dice), invented.deputy()]
    connection.execute(officers.insert(), [person | {"password_hash": password} for person in everybody])
    mandate = Mandate("ptp.vbo", "KT", "finance_office", date(2015, 1, 5), decision="Phân công công tác 2015 (mẫu)")
    leader = actor(connection, "ct.vbo")
    add(connection, mandate, by=leader, clock=FrozenClock.on(date(2015, 1, 5)))
    return len(everybody)


def _units(connection: Connection, dice: random.Random) -> list[RegisterRow]:
    return _entered(connection, invented_units(dice))


def _entered(connection: Connection, invented_rows: Iterable[dict[str, Any]]) -> list[RegisterRow]:
    """Enter units in the register, with their flags and communes."""
    names = district_names(connection)
    rows = []
    for unit in invented_rows:
        flags = flags_of(values_of(unit, names[unit["district_code"]]), TODAY)
        rows.append(unit | {**name_keys(unit["name"]), "flags": list(flags)})
    inserted = connection.execute(units.insert().returning(units, sort_by_parameter_order=True), rows)
    made = all_rows(RegisterRow, inserted)
    find_communes(connection)
    return made


def _opened(connection: Connection, listed: Sequence[Life]) -> dict[str, list[Happening]]:
    """Open the cases; what is done in each, by reference."""
    return {_open(connection, life): _without_older_papers(life.happened) for life in listed}


def _open(connection: Connection, life: Life) -> str:
    clock = FrozenClock.on(life.opened_on)
    return open_case(connection, life.unit, by=CLOCK, role=CLOCK, clock=clock, on=life.opened_on)


def _shown(connection: Connection) -> list[tuple[str, list[Happening], tuple[str, ...]]]:
    """Open the cases that the guide leads to; each with its history and the situations that it shows."""
    made = []
    for shown, row in zip(SHOWN, _entered(connection, [shown.unit() for shown in SHOWN]), strict=True):
        clock = FrozenClock.on(shown.opened_on)
        ref = open_case(connection, row, by=CLOCK, role=CLOCK, clock=clock, on=shown.opened_on)
        made.append((ref, _without_older_papers(shown.history(row)), shown.situations))
    return made


def _by_situation(
    connection: Connection, shown: Sequence[tuple[str, Sequence[Happening], Sequence[str]]]
) -> dict[str, list[str]]:
    """The references by the situation that they show; a transferred case with the one at its receiver."""
    refs: dict[str, list[str]] = {}
    for ref, _, situations in shown:
        unit = select(case_rows.c.unit_id).where(case_rows.c.ref == ref).scalar_subquery()
        of_unit = list(connection.scalars(select(case_rows.c.ref).where(case_rows.c.unit_id == unit)))
        refs |= {key: [ref, *(other for other in of_unit if other != ref)] for key in situations}
    return refs


def _live(connection: Connection, done: Mapping[str, Sequence[Happening]], report: Reporter) -> None:
    """Run day by day: first the acts of every case, then the letters that they require."""
    happenings = [(item.on, ref, item) for ref, happened in done.items() for item in happened]
    proofs = Proofs(connection)
    desk, together = Desk(connection, proofs), Batches(connection, proofs)
    people = {ref: _people_of(connection, ref) for ref in done}
    count, before = 0, FIRST_OPENED
    for on, todays in groupby(sorted(happenings, key=itemgetter(0)), key=itemgetter(0)):
        if _quarter(on) != _quarter(before):
            report("acts", count, before)
        before = on
        desk.work_until(on)
        for _, ref, item in todays:
            count += 1
            letter = _act(connection, ref, item, proofs, *people[ref])
            if letter is not None:
                desk.issue(letter, on, last=item is done[ref][-1])
        open_at_receivers(connection, on)
        together.work_until(on)
    desk.work_until(TODAY + timedelta(days=1))
    report("acts", count, TODAY)


def _quarter(on: date) -> tuple[int, int]:
    return on.year, (on.month - 1) // 3


def _without_older_papers(happened: Sequence[Happening]) -> list[Happening]:
    """The history without proofs of service of letters from before the office used Coopcase: it has none."""
    return [item for item in happened if item.step.verb != "record_paper_service"]


def _people_of(connection: Connection, ref: str) -> tuple[int, dict[str, str]]:
    """The id of a case, and the logins of the people who act on it by role."""
    row = connection.execute(select(case_rows).where(case_rows.c.ref == ref)).mappings().one()
    return row["id"], _logins(
        connection, row["district_code"] if row["level"] == "district" else None, row["officer_id"]
    )


def _act(
    connection: Connection, ref: str, item: Happening, proofs: Proofs, case_id: int, logins: Mapping[str, str]
) -> int | None:
    """One act on its day; returns the draft by which it will take effect, where it is only prepared."""
    at_work = _logins(connection, None, None) if item.step.above else logins
    clock, by = FrozenClock.on(item.on, 10), at_work[item.step.role]
    if item.step.verb in PAPER_WAIVER:
        loaded = load_case(connection, ref)
        if not lacking_papers(loaded.procedure, loaded.state):
            return None
    hashes = [proofs.of(case_id, by=by, now=clock.now())] if item.step.proof else []
    data = item.step.fields(item.on)
    return act_in(connection, ref, item.step.verb, by=by, clock=clock, data=data, evidence=hashes).letter


def _logins(connection: Connection, district: str | None, officer_id: int | None) -> dict[str, str]:
    """Logins by role in an office; the case officer is that of the case."""
    at_home = officers.c.district_code.is_(None) if district is None else officers.c.district_code == district
    found = connection.execute(select(officers.c.role, officers.c.login).where(at_home).order_by(officers.c.id.desc()))
    logins = dict(found.tuples().all())
    own = connection.scalar(select(officers.c.login).where(officers.c.id == officer_id))
    return logins | {"case_officer": own or logins["case_officer"]}


def _settle_old_effects(connection: Connection) -> None:
    """Mark old notices as done; only recent ones stay pending."""
    limit = FrozenClock.on(TODAY - timedelta(days=RECENT)).now()
    news = ("notice", "withdraw", "annulled", "letter_news", "instruction")
    old = update(effects).where(effects.c.created_at < limit, effects.c.kind.in_(news))
    connection.execute(old.values(status="done", done_at=func.coalesce(effects.c.done_at, limit), note="sample"))
