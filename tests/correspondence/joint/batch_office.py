"""An office with a council and cases, taken over from paper, that wait for the compulsory dossier."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, select

from casework.councils import bodies, seats
from casework.councils.bodies import NewCouncil
from casework.councils.seats import NewMember
from casework.evidence_store import keep
from casework.ledger import load_case
from casework.office.people import Actor, actor
from casework.takeover.gaps import confirm_gaps_in
from casework.takeover.known import Known
from casework.takeover.taking_over import Request, take_over_in
from correspondence import drafts, issuing
from correspondence.joint import batch_acts, batches
from correspondence.joint.batch_acts import AskedAct, BatchDone
from correspondence.joint.shares import kind_of
from correspondence.service import serving
from correspondence.service.service_rules import Delivery
from correspondence.signing import entitled
from models.clock import FrozenClock
from models.database import reading, writing
from models.tables import case_rows, officers
from models.typed_rows.letter_shapes import LetterOfCase
from procedures.facts import CaseState
from samples.paperwork import typed_for
from tests.web.web_office import TODAY, login_of, new_unit

KNOWN = {
    "decide_measure": "09/02/2015", "decide_measure.paper": "118/QĐ-UBND", "prove_ground": "20/04/2015",
    "prove_ground.ground": "a",
}  # fmt: skip
SEATS = (
    ("chair", "Người leader.hbg", "Phó Chủ tịch UBND quận"), ("standing", "Trần Thị Bé", "Phó Trưởng phòng TC-KH"),
    ("line_agency", "Lê Văn Cung", "Phòng Kinh tế"), ("commune", "Đỗ Thị Dung", "Phó Chủ tịch UBND phường"),
    ("member", "Vũ Văn Em", "Thành viên hợp tác xã"),
)  # fmt: skip


@dataclass
class BatchOffice:
    """A batch of Hồng Bàng; `refs`: its cases."""

    bind: Engine
    refs: list[str]
    council: int
    batch: int
    today: date = TODAY
    acts: int = 0  # how many steps a person recorded

    @property
    def clock(self) -> FrozenClock:
        return FrozenClock.on(self.today, 10)

    def person(self, role: str) -> Actor:
        with reading(self.bind) as connection:
            return actor(connection, role if "." in role else login_of(role))

    def do(self, verb: str, role: str = "case_officer", *, proven: bool = False, refs: Sequence[str] = (),
           each: dict[str, dict[str, Any]] | None = None, **data: Any) -> BatchDone:  # fmt: skip
        files = [("chung-cu.txt", b"Chung cu (thu)")] if proven else []
        asked = AskedAct(verb, data, refs=refs, each=each, files=files)
        self.acts += 1
        with writing(self.bind) as connection:
            return batch_acts.act_on_batch(connection, self.batch, asked, by=self.person(role), clock=self.clock)

    def row(self, letter: int) -> LetterOfCase:
        with reading(self.bind) as connection:
            return drafts.one_letter(connection, letter)

    def text(self, letter: int) -> str:
        from letters.output.plain import plain

        with reading(self.bind) as connection:
            return plain(drafts.live(connection, drafts.one_letter(connection, letter), self.today).letter)

    def submitted(self, letter: int, **fields: Any) -> int:
        officer, now, row = self.person("case_officer"), self.clock.now(), self.row(letter)
        with writing(self.bind) as connection:
            live = drafts.live(connection, row, self.today).letter
            lacking = [item.name for item in live.missing]
            typed = {**dict(typed_for(kind_of(row), lacking, self.today)), **fields}
            if typed:
                drafts.fill(connection, letter, officer, typed, today=self.today)
            drafts.submit(connection, letter, officer, now=now, today=self.today)
        self.acts += 2
        return letter

    def signed(self, letter: int) -> int:
        with writing(self.bind) as connection:
            row = drafts.one_letter(connection, letter)
            listed = entitled(connection, kind_of(row), row, self.today)
            login = connection.scalar(select(officers.c.login).where(officers.c.name == listed[0].name))
            drafts.approve(connection, letter, actor(connection, str(login)), now=self.clock.now(), today=self.today)
        self.acts += 1
        return letter

    def issued(self, letter: int, **fields: Any) -> int:
        self.signed(self.submitted(letter, **fields))
        with writing(self.bind) as connection:
            issuing.issue(connection, letter, self.person("clerk"), now=self.clock.now(), today=self.today)
        self.acts += 1
        return letter

    def served(self, letter: int, delivery: Delivery, refs: Sequence[str] = (), by: str = "case_officer") -> str:
        self.acts += 1
        with writing(self.bind) as connection:
            person, case = self.person(by), drafts.one_letter(connection, letter)["case_id"]
            sha = keep(connection, case, b"Bien ban (thu)", "bien-ban.txt", by=person.login, now=self.clock.now())
            proof = replace(delivery, evidence=[sha])
            done = serving.serve(connection, letter, person, proof, now=self.clock.now(), today=self.today, refs=refs)
            assert done.left is None, done.left and done.left.params
            return done.status

    def state(self, ref: str) -> CaseState:
        with reading(self.bind) as connection:
            return load_case(connection, ref).state

    def states(self) -> list[str]:
        return [self.state(ref).state for ref in self.refs]

    def later(self, days: int) -> None:
        self.today += timedelta(days=days)


def taken_over(connection: Connection, count: int, step: str = "C2") -> list[str]:
    """Cases at a step of the compulsory way, whose gaps a second person confirmed."""
    clock, refs = FrozenClock.on(TODAY, 8), []
    for number in range(count):
        unit = new_unit(connection, f"HTX Vận tải số {number + 1:02d}", "HBG", kind="htx")["id"]
        request = Request(unit, Known(step, "Sổ văn bản năm 2015", KNOWN))
        refs.append(take_over_in(connection, request, by=login_of("case_officer"), clock=clock).ref)
    confirm_gaps_in(connection, refs, by=login_of("manager"), clock=clock)
    return refs


def formed_council(connection: Connection, name: str = "Hội đồng giải thể các hợp tác xã quận đợt 1") -> int:
    """A council with a seat empty, whose reason the manager approved."""
    clock, officer = FrozenClock.on(TODAY, 8), actor(connection, login_of("case_officer"))
    council = bodies.form_council(connection, NewCouncil(name), by=officer, clock=clock)
    for seat, who, post in SEATS:
        seats.seat_member(connection, council, NewMember(seat, who, post, TODAY), by=officer, clock=clock)
    for seat in ("board", "control_board"):
        empty = seats.leave_empty(
            connection, council, seat, "Không liên lạc được, có biên bản", TODAY, by=officer, clock=clock
        )
        seats.approve_empty(connection, council, empty, by=actor(connection, login_of("manager")), clock=clock)
    return council


def batch_office(bind: Engine, count: int = 3) -> BatchOffice:
    """The batch with its cases; `bind` holds the small office."""
    with writing(bind) as connection:
        refs, council = taken_over(connection, count), formed_council(connection)
        officer, clock = actor(connection, login_of("case_officer")), FrozenClock.on(TODAY, 8)
        batch = batches.create_batch(connection, "Đợt 1 năm 2016", council, by=officer, clock=clock)
        batches.join_cases(connection, batch, refs, by=officer, clock=clock)
        proven = {ref: {"proof": "Xác nhận của thuế và UBND phường"} for ref in refs}  # a taken-over case knows none
        batches.set_values(connection, batch, proven, by=officer, clock=clock)
    return BatchOffice(bind, refs, council, batch)


def case_id(connection: Connection, ref: str) -> int:
    return int(connection.execute(select(case_rows.c.id).where(case_rows.c.ref == ref)).scalar_one())
