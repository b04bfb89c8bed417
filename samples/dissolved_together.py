"""Two batches of dissolutions of the sample office under one council: one closed, one at work with a whole pay-out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, select, update

from casework.councils import bodies, seats
from casework.councils.bodies import NewCouncil
from casework.councils.seats import NewMember
from casework.office.people import Actor, actor
from casework.takeover.gaps import confirm_gaps_in
from casework.takeover.known import Known
from casework.takeover.taking_over import Request, take_over_in
from casework.unit_rows import name_keys
from correspondence import drafts
from correspondence.effective_papers import act_in
from correspondence.joint import batch_acts, batches
from correspondence.joint.batch_acts import AskedAct
from correspondence.service import serving
from correspondence.service.service_rules import Delivery
from models.clock import FrozenClock
from models.tables import case_rows, effects, officers, units
from models.typed_rows import one_row
from models.typed_rows.case_shapes import RegisterRow
from samples.full_pay_out import FULL_INVENTORY, FULL_LISTS
from samples.paperwork import carry
from samples.proofs import NAME, PROOF, Proofs

OFFICE = "VBO"
OFFICER, MANAGER, LEGAL, CLERK, CHAIR = "cv1.vbo", "tp.vbo", "tuphap.vbo", "vt.vbo", "ct.vbo"
COUNCIL = "Hội đồng giải thể các hợp tác xã huyện Vĩnh Bảo (mẫu)"
MEMBERS = (
    ("standing", "Bùi Thị Mẫu", "Phó Trưởng phòng Tài chính - Kế hoạch"),
    ("line_agency", "Lê Văn Mẫu", "Phòng Kinh tế"),
    ("commune", "Đỗ Thị Mẫu", "Phó Chủ tịch UBND xã"), ("member", "Vũ Văn Mẫu", "Thành viên hợp tác xã"),
)  # fmt: skip
CLOSED = ("Hợp tác xã Gạch ngói Trung Lập (mẫu)", "Hợp tác xã Vận tải sông Luộc (mẫu)")
AT_WORK = (
    "Hợp tác xã Chế biến nông sản Tam Cường (mẫu)",
    "Hợp tác xã Mua bán Cổ Am (mẫu)",
    "Hợp tác xã Thêu ren Lý Học (mẫu)",
)
KNOWN = {"decide_measure": "09/02/2015", "prove_ground": "20/04/2015", "prove_ground.ground": "a"}
SHELL: dict[str, Any] = {"assets": 0, "undivided": 0, "debts": 0, "land_form": "none"}
NONE_THERE = "Không liên lạc được, có biên bản xác minh (mẫu)"
Script = Iterator[date]  # runs until the day that it yields


@dataclass
class _Batch:
    """A batch with its cases, and the acts on it; `today` is moved on by its script."""

    connection: Connection
    proofs: Proofs
    today: date
    refs: Sequence[str] = ()
    number: int = 0

    @property
    def clock(self) -> FrozenClock:
        return FrozenClock.on(self.today, 15)

    def who(self, login: str) -> Actor:
        return actor(self.connection, login)

    def begin(self, name: str, names: Sequence[str], council: int) -> None:
        """The cases are taken over from paper and joined."""
        self.refs = [self._taken_over(unit) for unit in names]
        confirm_gaps_in(self.connection, self.refs, by=MANAGER, clock=self.clock)
        officer = self.who(OFFICER)
        self.number = batches.create_batch(self.connection, name, council, by=officer, clock=self.clock)
        batches.join_cases(self.connection, self.number, self.refs, by=officer, clock=self.clock)
        proven = {ref: {"proof": "Xác nhận của cơ quan thuế và UBND xã (mẫu)"} for ref in self.refs}
        batches.set_values(self.connection, self.number, proven, by=officer, clock=self.clock)

    def _taken_over(self, name: str) -> str:
        like = (
            select(units).where(units.c.district_code == OFFICE, units.c.status == "B4").order_by(units.c.id).limit(1)
        )
        model = one_row(RegisterRow, self.connection.execute(like))
        row = {**model, "name": name, **name_keys(name), "certificate_number": f"02070008{len(name):02d}"}
        row.pop("id")
        unit: int = self.connection.execute(units.insert().values(row).returning(units.c.id)).scalar_one()
        known = Known("C2", "Sổ văn bản năm 2015 (mẫu)", KNOWN)
        return take_over_in(self.connection, Request(unit, known), by=OFFICER, clock=self.clock).ref

    def do(self, verb: str, by: str = OFFICER, *, proven: bool = False, refs: Sequence[str] = (),
           each: Mapping[str, Mapping[str, Any]] | None = None, **data: Any) -> int:  # fmt: skip
        """An act on the cases that allow it; returns its joint letter, 0 without one."""
        asked = AskedAct(verb, data, refs=refs, each=each, files=[(NAME, PROOF)] if proven else [])
        done = batch_acts.act_on_batch(self.connection, self.number, asked, by=self.who(by), clock=self.clock)
        return done.letter or 0

    def on_one(self, ref: str, verb: str, **data: Any) -> None:
        now = self.clock.now()
        case = self.connection.scalars(select(case_rows.c.id).where(case_rows.c.ref == ref)).one()
        proof = [self.proofs.of(case, by=OFFICER, now=now)] if verb == "propose_compulsory_payout" else []
        act_in(self.connection, ref, verb, by=OFFICER, clock=self.clock, data=data, evidence=proof)

    def issue(self, letter: int) -> int:
        carry(self.connection, letter, self.clock, self.proofs, "issued")
        return letter

    def required(self) -> dict[str, int]:
        """What the latest acts ask for is drafted, each letter once for all cases; by template."""
        case = effects.join(case_rows, case_rows.c.id == effects.c.case_id)
        mine = (case_rows.c.ref.in_(self.refs), effects.c.kind == "letter", effects.c.status == "pending")
        found: dict[str, int] = {}
        for row in list(self.connection.execute(select(effects).select_from(case).where(*mine)).mappings()):
            now, asked = self.clock.now(), row["payload"]
            found[asked["template"]] = drafts.draft_required(
                self.connection, row["case_id"], asked["template"], asked["seq"], now=now, today=self.today
            )
            self.connection.execute(update(effects).where(effects.c.id == row["id"]).values(status="done", done_at=now))
        return found

    def served(self, letter: int, delivery: Delivery) -> None:
        case, now = drafts.one_letter(self.connection, letter)["case_id"], self.clock.now()
        proven = replace(delivery, evidence=[self.proofs.of(case, by=OFFICER, now=now)])
        serving.serve(self.connection, letter, self.who(OFFICER), proven, now=now, today=self.today)


class Batches:
    """The two batches; each goes on when its day has come."""

    def __init__(self, connection: Connection, proofs: Proofs) -> None:
        self._council = 0
        made = [_Batch(connection, proofs, date(2015, 8, 10)), _Batch(connection, proofs, date(2016, 1, 11))]
        scripts = [self._closed(made[0]), self._at_work(made[1])]
        self._running = [(batch.today, batch, script) for batch, script in zip(made, scripts, strict=True)]

    def work_until(self, day: date) -> None:
        for place, (due, batch, script) in enumerate(self._running):
            while due <= day:
                batch.today = due
                due = next(script, date.max)
            self._running[place] = due, batch, script

    def _closed(self, batch: _Batch) -> Script:
        self._council = _council(batch)
        batch.begin("Đợt 1 năm 2015 (mẫu)", CLOSED, self._council)
        yield from _decided(batch, batch.today, "2015-09-28")
        yield date(2015, 9, 9)
        batch.do("record_inventory", proven=True, taken_on="2015-09-09", **SHELL)
        batch.do("close_branches", branches=0)
        batch.do("start_compulsory_payout")
        yield date(2015, 9, 30)
        batch.do("propose_compulsory_payout", proven=True)
        batch.do("approve_compulsory_payout", MANAGER)
        batch.do("record_completion", completed_on="2015-09-30")
        batch.do("record_agency_reply", proven=True, agency="tax", symbol="310/CCT-KK (mẫu)", debt=0)
        yield from _filed(batch, *batch.refs)
        batch.do("write_closing_report", checklist="Đủ hồ sơ theo danh mục", archive_box="H12")
        batch.do("request_paper_waiver", reason="Bản gốc trong hồ sơ lưu (mẫu)")
        batch.do("approve_paper_waiver", MANAGER, reason="Đã xem hồ sơ giấy (mẫu)")
        batch.do("close_case", MANAGER)

    def _at_work(self, batch: _Batch) -> Script:
        """Two empty shells wait for their pay-out; what is left of the third goes to creditors and members."""
        batch.begin("Đợt 1 năm 2016 (mẫu)", AT_WORK, self._council)
        yield from _decided(batch, batch.today, "2016-02-25")
        yield date(2016, 2, 15)
        whole, *shells = batch.refs
        batch.do("record_inventory", proven=True, refs=shells, taken_on="2016-02-15", **SHELL)
        batch.do("record_inventory", proven=True, refs=[whole], taken_on="2016-02-15", **FULL_INVENTORY)
        batch.do("close_branches", branches=0)
        yield date(2016, 2, 22)
        _replaced(batch, self._council)
        yield date(2016, 3, 2)
        for verb, field, rows in FULL_LISTS:
            batch.on_one(whole, verb, **{field: rows})
        batch.do("record_agency_reply", proven=True, agency="tax", symbol="88/CCT-KK (mẫu)", debt=0, refs=shells)
        batch.do("start_compulsory_payout")
        batch.on_one(whole, "propose_compulsory_payout")


def _council(batch: _Batch) -> int:
    """The council, with the seats of the board empty: a reason, and the head who approves it."""
    connection, clock, officer = batch.connection, batch.clock, batch.who(OFFICER)
    formed = bodies.form_council(connection, NewCouncil(COUNCIL), by=officer, clock=clock)
    chair = connection.scalars(select(officers.c.name).where(officers.c.login == CHAIR)).one()
    for seat, name, post in (("chair", chair, "Chủ tịch UBND huyện"), *MEMBERS):
        seats.seat_member(connection, formed, NewMember(seat, name, post, batch.today), by=officer, clock=clock)
    for seat in ("board", "control_board"):
        empty = seats.leave_empty(connection, formed, seat, NONE_THERE, batch.today, by=officer, clock=clock)
        seats.approve_empty(connection, formed, empty, by=batch.who(MANAGER), clock=clock)
    return formed


def _replaced(batch: _Batch, council: int) -> None:
    old = next(row for row in seats.members_of(batch.connection, council) if row["seat"] == "line_agency")
    new = NewMember("", "Phạm Thị Mẫu", "Phòng Nông nghiệp", batch.today, "Quyết định 61/QĐ-UBND ngày 22/02/2016 (mẫu)")
    seats.replace_member(
        batch.connection, council, old["id"], new, "Ông Lê Văn Mẫu chuyển công tác", by=batch.who(OFFICER),
        clock=batch.clock,
    )  # fmt: skip


def _decided(batch: _Batch, begun: date, until: str) -> Script:
    """Submission, decision, the council's notices, three issues of a newspaper and the posting, within a month."""
    batch.do("check_legality", LEGAL, note="Đủ căn cứ, đúng thẩm quyền")
    yield _later(begun, 2)
    batch.issue(batch.do("submit_dossier"))
    yield _later(begun, 7)
    decision = batch.issue(batch.do("decide_dissolution"))
    yield _later(begun, 8)
    asked = batch.required()
    notice = batch.issue(asked["newspaper_request"])
    batch.issue(asked["creditor_notice"])
    batch.do("notify_creditors", proven=True, notified_on=batch.today.isoformat(), claims_until_on=until, count=4)
    for place in range(3):
        yield _later(begun, 9 + place)
        details = {"newspaper": "Báo Hải Phòng", "issue": str(9100 + place)}
        batch.served(notice, Delivery("newspaper", "published", batch.today, details=details))
    yield _later(begun, 26)
    place_ = {"place": "UBND xã", "witness": "Đào Văn Phong (mẫu)"}
    batch.served(decision, Delivery("posting", "published", _later(begun, 10), batch.today, place_))


def _filed(batch: _Batch, first: str, *others: str) -> Script:
    """Seals and certificates, one seal lost; the dossier, and the names deleted."""
    yield date(2015, 10, 12)
    batch.do(
        "request_waiver", proven=True, refs=[first], item="seal", reason="Mất con dấu, có xác nhận của công an (mẫu)"
    )
    batch.do("approve_waiver", MANAGER, refs=[first], item="seal", reason="Xác nhận đầy đủ (mẫu)")
    batch.do("return_item", proven=True, refs=others, item="seal", receipt="CA-41 (mẫu)")
    receipts = {ref: {"receipt": f"TCKH-{60 + place} (mẫu)"} for place, ref in enumerate(batch.refs)}
    batch.do("return_item", proven=True, item="certificate", each=receipts)
    yield date(2015, 10, 19)
    batch.do("file_compulsory_dossier", CLERK, proven=True, received_on="2015-10-19")
    yield date(2015, 10, 22)
    entries = {ref: {"register_entry": f"Quyển 2, số {120 + place}"} for place, ref in enumerate(batch.refs)}
    batch.do("delete_name", MANAGER, deleted_on="2015-10-22", each=entries)
    yield date(2015, 11, 10)


def _later(day: date, days: int) -> date:
    return date.fromordinal(day.toordinal() + days)
