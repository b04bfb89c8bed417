"""What another office has, one thing of each kind, and a picture of the whole database to compare."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from casework.acts import apply
from casework.councils import bodies, seats, work
from casework.councils.bodies import NewCouncil
from casework.councils.work import NewMeeting, NewTask
from casework.dossier.instructions import NewInstruction, give_instruction
from casework.dossier.notes import NewNote, write_note
from casework.office import unfinished_forms
from casework.office.people import actor
from casework.takeover.gaps import confirm_gaps_in
from casework.takeover.known import Known
from casework.takeover.taking_over import Request, take_over_in
from correspondence.grid.acting import do
from correspondence.grid.columns import Asked, Line
from correspondence.incoming.incoming_register import Arrival, register_incoming
from correspondence.ink.earlier_papers import EarlierPaper, record_earlier
from correspondence.ink.signatories import Signatory, record_signatory
from correspondence.ink.signed_papers import InkPaper, enter_papers
from correspondence.joint import batches
from correspondence.obstacle_letters import Addressed, draft_on_obstacles
from correspondence.signed_versions import keep_signed
from models.clock import FrozenClock, SystemClock
from models.database import reading, writing
from models.settings import settings
from models.tables import (
    absences,
    agencies,
    case_rows,
    closings,
    communes,
    delegations,
    import_runs,
    messages,
    metadata,
    saved_views,
    units,
)
from notifications.delivery import channels
from notifications.feed import renew
from tests.correspondence.batches import Batches
from tests.correspondence.paperwork import Paperwork
from tests.web.web_office import CLOCK, TODAY, Office, login_of, new_unit

PDF = b"%PDF-1.4 bi mat An Duong"
UNIT = "HTX Nước sạch An Hồng"
SECRETS = (UNIT, "bi mat An Duong", "Đợt của An Dương", "Người case_officer.adg")


@dataclass(frozen=True)
class Theirs:
    """Numbers and names of what the office of An Dương (and, of some, the city's own office) has."""

    names: Mapping[str, Any]

    def path(self, form: str) -> str:
        return form.format_map(self.names)


def theirs(office: Office) -> Theirs:
    papers = Paperwork(office.bind, office.elsewhere, "ADG")
    sha = papers.proof("bi mat An Duong.txt", b"bi mat An Duong")
    letter = papers.issued(papers.handed_in_as_draft("name_deletion_notice"))
    draft = papers.drafted("tax_inquiry")
    papers.handed_in_as_draft("review_form")
    ink = InkPaper(
        papers.handed_in_as_draft("review_form"), "Người manager.adg", "", TODAY, "", ("bi mat An Duong.pdf", PDF)
    )
    with writing(office.bind) as connection:
        named = _rest(connection, office, letter)
        named["paper"] = enter_papers(connection, [ink], actor(connection, "case_officer.adg"), clock=CLOCK)[0]
        chair = Signatory("bi mat An Duong", "Chủ tịch", "district_committee", TODAY)
        named["signatory"] = record_signatory(connection, chair, by=actor(connection, "clerk.adg"), clock=CLOCK)
        named |= _written(connection, office)
        named |= _dissolving(connection)
    named["irregular"] = _irregular(office)
    named["operation"] = _operation(office)
    named["listed"] = _listed(office)
    bulk = Batches(office.bind, [office.elsewhere])
    batch = bulk.drafted("Đợt của An Dương", place="ADG", refs=[office.elsewhere]).batch
    return Theirs({**named, "case": office.elsewhere, "sha": sha, "letter": letter, "draft": draft, "batch": batch})


def _listed(office: Office) -> int:
    """A letter to the police on an obstacle of the case."""
    officer, data = login_of("case_officer", "ADG"), {"obstacle": "lost_seal", "note": "bi mat An Duong"}
    apply(office.bind, office.elsewhere, "name_obstacle", by=officer, clock=CLOCK, data=data)
    with writing(office.bind) as connection:
        marks, to = [f"{office.elsewhere}:lost_seal"], Addressed("bi mat An Duong")
        return draft_on_obstacles(connection, marks, to, by=actor(connection, officer), clock=CLOCK)


def _operation(office: Office) -> int:
    """An act done through the grid."""
    officer = login_of("case_officer", "ADG")
    asked = Asked("accept_case", (Line(office.elsewhere, {}),), {"file_held": "yes"})
    with writing(office.bind) as connection:
        return do(connection, asked, actor(connection, officer), clock=CLOCK)


def _written(connection: Connection, office: Office) -> dict[str, int]:
    """A note and an instruction."""
    by, text = actor(connection, "manager.adg"), "bi mat An Duong"
    new = NewInstruction("case_officer.adg", text, TODAY.isoformat())
    return {
        "note": write_note(connection, office.elsewhere, NewNote(text, TODAY.isoformat()), by=by, clock=CLOCK),
        "instruction": give_instruction(connection, office.elsewhere, new, by=by, clock=CLOCK),
    }


def _dissolving(connection: Connection) -> dict[str, Any]:
    """A council with a member and the minutes of a meeting, and a batch with a case."""
    officer = actor(connection, login_of("case_officer", "ADG"))
    council = bodies.form_council(connection, NewCouncil("Hội đồng bi mat An Duong"), by=officer, clock=CLOCK)
    member = seats.leave_empty(connection, council, "board", "bi mat An Duong", TODAY, by=officer, clock=CLOCK)
    held = NewMeeting(TODAY, "bi mat An Duong", file=("bi mat An Duong.pdf", PDF))
    meeting = work.record_meeting(connection, council, held, by=officer, clock=CLOCK)
    work.add_task(connection, council, NewTask("bi mat An Duong", TODAY), by=officer, clock=CLOCK)
    batch = batches.create_batch(connection, "bi mat An Duong", council, by=officer, clock=CLOCK)
    unit = new_unit(connection, "HTX bi mat An Duong 2", "ADG")["id"]
    known = {"decide_measure": "09/02/2015", "decide_measure.paper": "118/QĐ-UBND", "prove_ground": "20/04/2015"}
    known |= {"prove_ground.ground": "a"}
    ref = take_over_in(connection, Request(unit, Known("C2", "Sổ văn bản", known)), by=officer.login, clock=CLOCK).ref
    confirm_gaps_in(connection, [ref], by=login_of("manager", "ADG"), clock=CLOCK)
    batches.join_cases(connection, batch, [ref], by=officer, clock=CLOCK)
    return {"council": council, "member": member, "meeting": meeting, "dissolution_batch": batch}


def _irregular(office: Office) -> int:
    """A suspension of business with too short a notice."""
    days = {"notified_on": TODAY, "from_on": date(2016, 3, 20), "to_on": date(2016, 4, 20)}
    said = {name: day.isoformat() for name, day in days.items()} | {"irregularity_reason": "bi mat An Duong"}
    officer = login_of("case_officer", "ADG")
    return apply(office.bind, office.elsewhere, "receive_suspension", by=officer, clock=CLOCK, data=said).seq


def _rest(connection: Connection, office: Office, letter: int) -> dict[str, Any]:
    clerk, officer = (actor(connection, login_of(role, "ADG")) for role in ("clerk", "case_officer"))
    arrival = Arrival("Sở Nội vụ", "Công văn bi mat An Duong", TODAY, files=[("bi mat An Duong.pdf", PDF)])
    incoming = register_incoming(connection, clerk, arrival, clock=CLOCK).id
    city = register_incoming(connection, actor(connection, login_of("clerk", None)), arrival, clock=CLOCK).id
    signed = keep_signed(connection, letter, clerk, PDF, "ban ky.pdf", "", now=FrozenClock.on(TODAY, 11).now())
    paper = EarlierPaper(
        "UBND huyện", "15/QĐ-UBND", TODAY, "bi mat An Duong", refs=[office.elsewhere], file=("bi mat An Duong.pdf", PDF)
    )
    unit = connection.scalar(select(case_rows.c.unit_id).where(case_rows.c.ref == office.elsewhere))
    connection.execute(units.update().where(units.c.id == unit).values(phone="bi mat An Duong"))
    kept = unfinished_forms.keep(
        officer.id, "/calculator", "/calculator", [("reason", "bi mat An Duong")],
        [unfinished_forms.Upload("file", "bi mat An Duong.pdf", PDF)], SystemClock().now(),
    )  # fmt: skip
    assert kept is not None
    mine, day = {"officer_id": officer.id}, date(2016, 3, 20)
    return {
        "free_unit": new_unit(connection, "HTX bi mat An Duong", "ADG")["id"],
        "incoming": incoming, "incoming_city": city, "signed": signed.number, "unit": unit, "login": officer.login,
        "incoming_sha": hashlib.sha256(PDF).hexdigest(), "feed": renew(connection, officer.id),
        "earlier": record_earlier(connection, paper, by=clerk, clock=CLOCK),
        "channel": channels.add(connection, settings(), officer.id, "bi mat An Duong", "json://203.0.113.7/x"),
        "unfinished": kept.token,
        "delegation": _made(connection, delegations, mine | {
            "authority": "KT", "body": "district_committee", "from_on": TODAY, "added_by": "manager.adg",
            "added_at": CLOCK.now(), "decision": "", "post": "", "ended_by": "", "end_reason": "",
        }),
        "closing": _made(connection, closings, {
            "on": day, "layer": "office", "district_code": "ADG", "reason": "bi mat An Duong", "decision": "1",
            "adopted_by": "manager.adg", "adopted_at": CLOCK.now(),
        }),
        "absence": _made(connection, absences, mine | {
            "substitute_id": clerk.id, "from_on": TODAY, "to_on": day, "reason": "",
        }),
        "commune": connection.scalar(select(communes.c.code).where(communes.c.district_code == "ADG").limit(1)),
        "agency": _made(connection, agencies, {
            "kind": "bank", "district_code": "ADG", "name": "bi mat An Duong", "address": "", "invented": True,
            "changed_by": officer.login, "changed_at": CLOCK.now(),
        }),
        "view": _made(connection, saved_views, mine | {
            "page": "cases", "name": "bi mat An Duong", "query": "scope=office", "is_start": False,
        }),
        "run": _made(connection, import_runs, {
            "file_name": "bi mat An Duong.xlsx", "sha256": "0" * 64, "by": officer.login, "recorded_at": CLOCK.now(),
            "counts": {}, "cases": [],
        }),
        "message": _made(connection, messages, mine | {
            "key": "x", "kind": "x", "subject": "bi mat An Duong", "body": "", "status": "dead_letter",
            "created_on": TODAY,
            "created_at": CLOCK.now(), "next_at": CLOCK.now(), "message_id": "",
        }),
    }  # fmt: skip


def _made(connection: Connection, table: Any, values: Mapping[str, Any]) -> int:
    return int(connection.execute(table.insert().values(**values).returning(table.c.id)).scalar_one())


def picture(office: Office) -> dict[str, str]:
    """Each table's content in one word."""
    with reading(office.bind) as connection:
        return {
            table.name: hashlib.sha256(repr(connection.execute(select(table)).all()).encode()).hexdigest()
            for table in metadata.sorted_tables
        }


def no_such() -> Mapping[str, Any]:
    """Names of the same kinds that nothing bears."""
    numbered = (
        "incoming", "incoming_city", "signed", "unit", "channel", "delegation", "closing", "absence", "message",
        "letter", "draft", "batch", "agency", "earlier", "free_unit", "irregular",
        "paper", "signatory", "operation", "view", "note", "instruction", "council", "member", "meeting",
        "dissolution_batch", "listed",
    )  # fmt: skip
    texts = {"case": "HP-1999-0001", "sha": "0" * 64, "incoming_sha": "0" * 64, "login": "khong.co", "feed": "x"} | {
        "unfinished": "x" * 22,
        "commune": "khong-co",
    }
    return dict.fromkeys(numbered, 999_999) | texts
